"""The migrations make exactly the tables that the code works with."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from bot.store.base import Base
from bot.store.engine import create_engine
from bot.store.migrate import upgrade
from tests.services import postgres_database


async def differences(url):
    engine = create_engine(url)
    async with engine.connect() as connection:
        found = await connection.run_sync(
            lambda opened: compare_metadata(MigrationContext.configure(opened), Base.metadata)
        )
    await engine.dispose()
    return found


async def test_migrated_sqlite_has_the_tables_of_the_code(tmp_path):
    url = f"sqlite+aiosqlite:///{tmp_path / 'heyu.db'}"
    await upgrade(url)
    await upgrade(url)
    assert await differences(url) == []


@pytest.mark.services
async def test_migrated_postgresql_has_the_tables_of_the_code():
    async with postgres_database() as url:
        await upgrade(url)
        assert await differences(url) == []
