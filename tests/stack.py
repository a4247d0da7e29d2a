"""The real thing for tests: gateway, rasa and action server as processes on free ports, with their own files."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Dict, List, Optional

import httpx

from bot.launch.model import ensure_model
from bot.launch.processes import ENVIRONMENT
from bot.settings import ROOT, settings

READY_SECONDS = 300
PARTS = ("actions", "rasa", "gateway")


class Stack:
    """Three processes that can be killed and started one by one.

    `environment` adds settings, such as HEYU_DATABASE_URL for PostgreSQL.
    """

    def __init__(self, var: Path, environment: Optional[Dict[str, str]] = None, gateways: int = 1) -> None:
        self.var = var
        var.mkdir(parents=True, exist_ok=True)
        ports = free_ports(2 + gateways)
        self.ports = {"rasa": ports[0], "actions": ports[1]}
        for number, port in enumerate(ports[2:]):
            self.ports["gateway" if number == 0 else f"gateway{number + 1}"] = port
        self.base_url = f"http://127.0.0.1:{self.ports['gateway']}"
        self._extra = environment or {}
        self._model: Optional[Path] = None
        self._processes: Dict[str, subprocess.Popen[bytes]] = {}

    @property
    def parts(self) -> List[str]:
        """The names of the processes, in the order in which they start."""
        return sorted(self.ports)

    def pid(self, part: str) -> int:
        """The process id of a part that runs."""
        return self._processes[part].pid

    def environment(self, part: str) -> Dict[str, str]:
        """What a process of this stack gets to know."""
        return {
            **os.environ,
            **ENVIRONMENT,
            "HEYU_FONT_DIR": str(ROOT / "var" / "fonts"),
            "HEYU_VAR_DIR": str(self.var),
            "HEYU_MODEL": str(self._model),
            "HEYU_PORT": str(self.ports.get(part, self.ports["gateway"])),
            "HEYU_PUBLIC_URL": self.base_url,
            "HEYU_RASA_PORT": str(self.ports["rasa"]),
            "HEYU_ACTIONS_PORT": str(self.ports["actions"]),
            "HEYU_REQUESTS_PER_MINUTE": "100000",
            "HEYU_MESSAGES_PER_MINUTE": "100000",
            "HEYU_SESSIONS_PER_HOUR": "100000",
            "HEYU_READING_SECONDS": "1",
            **self._extra,
        }

    def start(self, *parts: str) -> None:
        """Start these parts, or all, and wait until they answer."""
        self._model = self._model or settings().model or ensure_model(ROOT / "models")
        wanted = parts or tuple(self.ports)
        for part in wanted:
            self._spawn(part)
        for part in wanted:
            self.wait_for(part)

    def wait_for(self, part: str) -> None:
        """Wait until a part answers. Raises TimeoutError with the end of its log."""
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline:
            if self._processes[part].poll() is not None:
                break
            if self._answers(part):
                return
            time.sleep(0.1)
        raise TimeoutError(f"{part} did not come up:\n{self.log(part)[-4000:]}")

    def kill(self, part: str) -> None:
        """kill -9, as a crash would."""
        process = self._processes.pop(part)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def restart(self, part: str) -> None:
        """Kill a part and start it again."""
        self.kill(part)
        self.start(part)

    def stop(self) -> None:
        """Stop every part in good order."""
        for process in self._processes.values():
            process.terminate()
        for process in self._processes.values():
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        self._processes.clear()

    def log(self, part: str) -> str:
        """What a part has written so far."""
        path = self.var / f"{part}.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def _spawn(self, part: str) -> None:
        command = [sys.executable, "-m", "bot", part.rstrip("0123456789")]
        with open(self.var / f"{part}.log", "ab") as log:
            self._processes[part] = subprocess.Popen(
                command, cwd=ROOT, env=self.environment(part), stdout=log, stderr=log, start_new_session=True
            )

    def _answers(self, part: str) -> bool:
        path = {"rasa": "/webhooks/heyu/health", "actions": "/health"}.get(part, "/healthz")
        headers = {"X-Heyu-Secret": os.environ["HEYU_CONNECTOR_SECRET"]}
        try:
            answer = httpx.get(
                f"http://127.0.0.1:{self.ports[part]}{path}", headers=headers, timeout=5, trust_env=False
            )
        except httpx.HTTPError:
            return False
        return answer.status_code == 200 or (part.startswith("gateway") and answer.status_code == 503)


def free_ports(count: int) -> List[int]:
    """Ports on 127.0.0.1 that nobody listens on now."""
    sockets = [socket.socket() for _ in range(count)]
    for opened in sockets:
        opened.bind(("127.0.0.1", 0))
    ports = [opened.getsockname()[1] for opened in sockets]
    for opened in sockets:
        opened.close()
    return ports
