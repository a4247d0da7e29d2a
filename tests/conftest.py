"""Fixtures that every test may use: settings with throw-away secrets, a fresh database, a session."""

import base64
import os
from pathlib import Path
from typing import AsyncIterator, Iterator, List

import pytest

SECRETS = {
    "HEYU_CONNECTOR_SECRET": "test-connector-secret",
    "HEYU_VAULT_KEYS": "test:" + base64.b64encode(b"k" * 32).decode(),
    "HEYU_LOOKUP_KEY": "test-lookup-key",
    "HEYU_SIGNING_KEY": "test-signing-key",
    "HEYU_IDENTITY_JWT_SECRET": "test-identity-jwt-secret-of-32-bytes",
    "HEYU_SANDBOX_PAYMENT_SECRET": "test-payment-secret",
}
os.environ.update(SECRETS)
os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
# the fonts of policies take half a minute to make, so all tests share them
os.environ.setdefault("HEYU_FONT_DIR", str(Path(__file__).resolve().parent.parent / "var" / "fonts"))

from sqlalchemy.ext.asyncio import AsyncSession  # noqa: E402

import bot.store.tables  # noqa: E402,F401
from bot.settings import settings  # noqa: E402
from bot.store import Database, use  # noqa: E402
from bot.store.base import Base  # noqa: E402
from tests.stack import Stack  # noqa: E402

CHROMIUM = "/usr/bin/chromium"


def pytest_collection_modifyitems(config: pytest.Config, items: List[pytest.Item]) -> None:
    """Leave out what this machine cannot run: services without SERVICES=1, the browser without Chromium."""
    absent = {"services"} if os.environ.get("SERVICES") != "1" else set()
    if not os.path.exists(CHROMIUM):
        absent.add("browser")
    left_out = [item for item in items if absent & {mark.name for mark in item.iter_markers()}]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """On CI nothing may be skipped."""
    if os.environ.get("CI") == "true" and terminalreporter.stats.get("skipped"):
        terminalreporter.write_line("ERROR: tests were skipped on CI", red=True)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """On CI a skipped test, or a set of tests without services or browser, is a failure."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") == "true" and reporter is not None:
        left_out = reporter.stats.get("skipped") or reporter.stats.get("deselected")
        if left_out and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Gateway, rasa and action server on free ports, shared by the tests of a session."""
    running = Stack(tmp_path_factory.mktemp("stack") / "var")
    try:
        running.start()
        yield running
    finally:
        running.stop()


@pytest.fixture(autouse=True)
def own_var_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Each test works in a var folder of its own."""
    var = tmp_path / "var"
    var.mkdir()
    monkeypatch.setenv("HEYU_VAR_DIR", str(var))
    settings.cache_clear()
    yield var
    settings.cache_clear()


@pytest.fixture
async def database(own_var_dir: Path) -> AsyncIterator[Database]:
    """A fresh SQLite database with all tables, used by `transaction()` everywhere."""
    fresh = Database(f"sqlite+aiosqlite:///{own_var_dir / 'heyu.db'}")
    async with fresh.engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    use(fresh)
    yield fresh
    use(None)
    await fresh.dispose()


@pytest.fixture
async def session(database: Database) -> AsyncIterator[AsyncSession]:
    """A session in a transaction that is rolled back at the end."""
    async with database._sessions() as opened:
        yield opened
        await opened.rollback()
