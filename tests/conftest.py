"""Fixtures that every test may use: settings with throw-away secrets, a fresh database, a session."""

import base64
import os
from pathlib import Path
from typing import AsyncIterator, Iterator

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

from sqlalchemy.ext.asyncio import AsyncSession  # noqa: E402

import bot.store.tables  # noqa: E402,F401
from bot.settings import settings  # noqa: E402
from bot.store import Database, use  # noqa: E402
from bot.store.base import Base  # noqa: E402


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
