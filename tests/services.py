"""Fresh databases on the PostgreSQL server of this machine, for tests marked `services`."""

import os
from contextlib import asynccontextmanager
from typing import AsyncIterator

import asyncpg

from bot.ids import new_id

SERVER = os.environ.get("TEST_POSTGRES", "postgresql://localhost/postgres")
REDIS = os.environ.get("TEST_REDIS", "redis://localhost:6379/9")


@asynccontextmanager
async def postgres_database() -> AsyncIterator[str]:
    """The SQLAlchemy URL (asyncpg) of an empty database that is dropped afterwards."""
    name = f"heyu_test_{new_id().lower()}"
    await _run(f'CREATE DATABASE "{name}"')
    try:
        yield SERVER.replace("postgresql://", "postgresql+asyncpg://").rsplit("/", 1)[0] + f"/{name}"
    finally:
        await _run(f'DROP DATABASE "{name}" WITH (FORCE)')


async def _run(statement: str) -> None:
    connection = await asyncpg.connect(SERVER)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
