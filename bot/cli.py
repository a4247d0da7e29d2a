"""The commands of `python -m bot`: start, parts, and the jobs of an operator."""

import asyncio
import sys
import time
from contextlib import contextmanager
from typing import Callable, Dict, Iterator

from sqlalchemy.exc import OperationalError, ProgrammingError

from bot import errors, store
from bot.errors import HeyuError
from bot.launch import checks
from bot.launch.model import ensure_model, model_path
from bot.launch.processes import Processes
from bot.launch.secrets import ensure_secrets
from bot.launch.settings_table import DOCUMENT, table
from bot.records import cli as records_cli
from bot.settings import ROOT, Settings, settings, var_dir
from bot.store import vault
from bot.store.migrate import upgrade


def main() -> None:
    """Run the command named on the command line."""
    words = " ".join(sys.argv[1:])
    if words not in COMMANDS:
        print("usage: python -m bot <command>\n", *_usage(), sep="\n")
        sys.exit(words not in ("", "help", "-h", "--help"))
    ensure_secrets(var_dir())
    try:
        sys.exit(COMMANDS[words]())
    except (OperationalError, ProgrammingError) as error:
        print(
            f"The database does not answer, or has no tables yet (`make run` makes them): {error.orig}", file=sys.stderr
        )
        sys.exit(1)


def run() -> int:
    """Bring everything up, say where it is, and stay until Ctrl-C."""
    config = settings()
    found = list(checks.problems(config))
    if found:
        print("\n".join(found), file=sys.stderr)
        return 1
    started = time.monotonic()
    with _step("Model: training it, the data has changed" if not _has_model(config) else "Model: present"):
        model = ensure_model(config.model_dir)
    processes = Processes(config, {"HEYU_MODEL": str(model)})
    print("Starting rasa, actions and gateway …", flush=True)
    processes.start()
    missing = processes.wait_until_ready(lambda part: print(f"  {part} is up after {time.monotonic() - started:.1f} s"))
    if missing:
        _tell_failure(processes, missing)
    else:
        print(_addresses(config, time.monotonic() - started), flush=True)
    return 1 if missing else processes.wait()


def init() -> int:
    """Make the secrets of this installation unless they are there."""
    print(var_dir() / "secrets.env")
    return 0


def train() -> int:
    """Train the model for the present data unless there is one."""
    with _step("Model"):
        print(ensure_model(settings().model_dir).relative_to(ROOT))
    return 0


def gateway() -> int:
    """The gateway alone."""
    from bot.app import serve

    serve(settings())
    return 0


def rasa() -> int:
    """Rasa alone, with the model for the present data."""
    from bot.channels.rasa.run import serve

    config = settings()
    serve(config, config.model or model_path(config.model_dir))
    return 0


def actions() -> int:
    """The action server alone."""
    from bot.launch.action_server import serve

    serve(settings())
    return 0


def migrate() -> int:
    """Bring the domain database to the present schema."""
    asyncio.run(upgrade(settings().database))
    return 0


def seed() -> int:
    """Sell a policy to a demonstration customer, for trying out lists and verification."""
    from bot.launch import seed as seeding

    asyncio.run(upgrade(settings().database))
    try:
        number = asyncio.run(seeding.seed())
    except HeyuError as error:
        print(errors.message(error), file=sys.stderr)
        return 1
    print(f"{number}, held by {seeding.HOLDER} (phone {seeding.PHONE}); try it on {settings().public_base}/verify")
    return 0


def write_settings_table() -> int:
    """Write docs/settings.md from the settings."""
    DOCUMENT.write_text(table(), encoding="utf-8")
    return 0


def verify_records() -> int:
    """Check the hash chain of every sale; 1 when one is broken."""
    return asyncio.run(records_cli.verify())


def rotate_vault() -> int:
    """Encrypt everything in the vault with the first of HEYU_VAULT_KEYS."""
    print(f"{asyncio.run(_rotate())} values are sealed with the new key")
    return 0


async def _rotate() -> int:
    async with store.transaction() as session:
        return await vault.rotate(session)


def _usage() -> Iterator[str]:
    for words, do in COMMANDS.items():
        yield f"  {words:<16}{do.__doc__}"


def _has_model(config: Settings) -> bool:
    return model_path(config.model_dir).exists()


@contextmanager
def _step(name: str) -> Iterator[None]:
    started = time.monotonic()
    print(f"{name} …", flush=True)
    yield
    print(f"  {time.monotonic() - started:.1f} s", flush=True)


def _tell_failure(processes: Processes, missing: list[str]) -> None:
    for part in missing:
        log = processes.logs / f"{part}.log"
        tail = log.read_text(errors="replace").splitlines()[-15:] if log.exists() else []
        print(f"\n{part} did not start. The end of {log}:", *tail, sep="\n  ", file=sys.stderr)
    processes.stop()
    processes.wait()


def _addresses(config: Settings, seconds: float) -> str:
    return f"""
禾屿 is ready after {seconds:.1f} s. Ctrl-C stops it.

  chat                {config.public_base}/
  check a policy      {config.public_base}/verify
  sandbox: SMS codes  {config.public_base}/sandbox/sms
  sandbox: payments   {config.public_base}/sandbox/payments
  interface           {config.public_base}/openapi.json
  logs                {config.var_dir / "log"}
"""


COMMANDS: Dict[str, Callable[[], int]] = {
    "run": run,
    "init": init,
    "train": train,
    "gateway": gateway,
    "rasa": rasa,
    "actions": actions,
    "migrate": migrate,
    "records verify": verify_records,
    "vault rotate": rotate_vault,
    "seed": seed,
    "settings": write_settings_table,
}
