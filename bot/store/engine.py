"""The connection to the domain database and the one way to open a transaction on it."""

from contextlib import asynccontextmanager
from typing import Any, AsyncIterator, Optional

from sqlalchemy import event
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.orm import sessionmaker
from sqlalchemy.pool import AsyncAdaptedQueuePool

from bot.settings import settings

BUSY_SECONDS = 15


def create_engine(url: str) -> AsyncEngine:
    """An engine for SQLite (WAL, waits for locks, one writer at a time) or PostgreSQL."""
    if make_url(url).get_backend_name() != "sqlite":
        return create_async_engine(url, future=True, hide_parameters=True, pool_pre_ping=True, pool_size=10)
    engine = create_async_engine(
        url,
        future=True,
        hide_parameters=True,
        poolclass=AsyncAdaptedQueuePool,
        pool_size=8,
        connect_args={"timeout": BUSY_SECONDS},
    )
    event.listen(engine.sync_engine, "connect", _prepare_sqlite)
    event.listen(engine.sync_engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    """WAL, and no implicit BEGIN of the driver: `_begin_sqlite` issues it."""
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", f"busy_timeout={BUSY_SECONDS * 1000}", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Any) -> None:
    """BEGIN IMMEDIATE, so that a writer never fails half-way on a lock; read-only transactions are deferred."""
    deferred = connection.get_execution_options().get("read_only", False)
    connection.exec_driver_sql("BEGIN" if deferred else "BEGIN IMMEDIATE")


class Database:
    """One domain database: an engine and its session factory."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.engine = create_engine(url)
        self._sessions = sessionmaker(self.engine, class_=AsyncSession, expire_on_commit=False, future=True)

    @asynccontextmanager
    async def transaction(self, *, read_only: bool = False) -> AsyncIterator[AsyncSession]:
        """A session in one transaction: committed at the end, rolled back when the block raises."""
        async with self._sessions() as session:
            await session.connection(execution_options={"read_only": read_only})
            try:
                yield session
            except BaseException:
                await session.rollback()
                raise
            await session.commit()

    async def dispose(self) -> None:
        """Close all connections."""
        await self.engine.dispose()


class _Process:
    """Which database this process works on; None until it is first needed."""

    database: Optional[Database] = None


def use(database: Optional[Database]) -> None:
    """Say which database this process works on (tests, bench); None forgets it."""
    _Process.database = database


def database() -> Database:
    """The database of this process, connected on first use as the settings say."""
    if _Process.database is None:
        _Process.database = Database(settings().database)
    return _Process.database


@asynccontextmanager
async def transaction(*, read_only: bool = False) -> AsyncIterator[AsyncSession]:
    """A session in one transaction of this process's database."""
    async with database().transaction(read_only=read_only) as session:
        yield session
