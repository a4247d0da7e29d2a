"""Use cases that may be asked for twice but are done once: a repeat after a crash returns the first result."""

from typing import Any, Awaitable, Callable, Dict

from sqlalchemy.ext.asyncio import AsyncSession

from bot import clock
from bot.store.tables.store import OnceResult


async def once(
    session: AsyncSession, message_id: str, use_case: str, do: Callable[[], Awaitable[Dict[str, Any]]]
) -> Dict[str, Any]:
    """The JSON result of `do`, run at most once for (message_id, use_case).

    Result and effects are committed together, in the caller's transaction. Two at the same time: the second waits on
    SQLite's write lock, or fails on the primary key on PostgreSQL and is retried by its caller.
    """
    done = await session.get(OnceResult, (message_id, use_case))
    if done is not None:
        return dict(done.result)
    result = await do()
    session.add(OnceResult(message_id=message_id, use_case=use_case, result=result, created_at=clock.now()))
    await session.flush()
    return result
