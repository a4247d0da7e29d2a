"""Bringing the domain database to the present schema, by one process at a time."""

from pathlib import Path
from tempfile import TemporaryDirectory

from alembic import command
from alembic.config import Config
from sqlalchemy import text
from sqlalchemy.engine import Connection
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.store.engine import create_engine

MIGRATIONS = Path(__file__).with_name("migrations")
ADVISORY_LOCK = 7_204_001


async def upgrade(url: str) -> None:
    """Upgrade to the newest revision; concurrent callers wait for each other.

    PostgreSQL: an advisory lock of the transaction. SQLite: BEGIN IMMEDIATE, which every transaction of ours is.
    """
    engine = create_engine(url)
    try:
        await _upgrade(engine)
    finally:
        await engine.dispose()


async def _upgrade(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        if engine.url.get_backend_name() == "postgresql":
            await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ADVISORY_LOCK})
        await connection.run_sync(_run, "head")


async def new_revision(message: str) -> None:
    """Write the next revision: what the tables have and the revisions so far do not make."""
    with TemporaryDirectory() as folder:
        engine = create_engine(f"sqlite+aiosqlite:///{folder}/heyu.db")
        await _upgrade(engine)
        async with engine.connect() as connection:
            await connection.run_sync(
                lambda opened: command.revision(alembic_config(opened), message, autogenerate=True)
            )
        await engine.dispose()


def _run(connection: Connection, revision: str) -> None:
    command.upgrade(alembic_config(connection), revision)


def alembic_config(connection: Connection) -> Config:
    """Alembic's configuration, working on an open connection."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config
