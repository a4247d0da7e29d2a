"""What is checked before anything starts, so that a person reads a sentence and not a stack trace."""

import shutil
import socket
from pathlib import Path
from typing import Iterator

from bot.settings import Settings

NEEDED_MB = 300


def problems(config: Settings) -> Iterator[str]:
    """One sentence for each thing that would keep the assistant from starting."""
    for name, host, port in (
        ("HEYU_PORT", config.host, config.port),
        ("HEYU_RASA_PORT", "127.0.0.1", config.rasa_port),
        ("HEYU_ACTIONS_PORT", "127.0.0.1", config.actions_port),
    ):
        if not port_is_free(host, port):
            yield f"Port {port} is in use by another program. Stop it, or choose another one: {name}=<port> make run"
    free = shutil.disk_usage(_existing(config.var_dir)).free // 2**20
    if free < NEEDED_MB:
        yield f"The disk is full: {free} MB free at {config.var_dir}, {NEEDED_MB} MB are needed."


def port_is_free(host: str, port: int) -> bool:
    """Whether a server could listen there now."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def _existing(path: Path) -> Path:
    return path if path.exists() else _existing(path.parent)
