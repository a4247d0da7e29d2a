"""Use cases of jobs for other features: schedule, put off, cancel."""

from datetime import datetime
from typing import Any, Dict

from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import Conflict
from bot.jobs.repository import CANCELLED, PENDING, JobRepository


async def schedule(session: AsyncSession, kind: str, key: str, run_at: datetime, payload: Dict[str, Any]) -> str:
    """Have a job done at a time (or soon after); returns its id.

    Unique on (kind, key): a repeat returns the id of the first and changes nothing. `payload` is JSON without personal
    values: pass vault tokens or ids. Raises Conflict when the job that was quicker has vanished again.
    """
    jobs = JobRepository(session)
    found = await jobs.find(kind, key) or await jobs.add(kind, key, run_at, payload) or await jobs.find(kind, key)
    if found is None:
        raise Conflict()
    return found.id


async def put_off(session: AsyncSession, kind: str, key: str, run_at: datetime) -> bool:
    """Move a pending job to another time; returns False when there is none."""
    row = await JobRepository(session).find(kind, key)
    if row is None or row.state != PENDING:
        return False
    row.run_at = run_at
    await session.flush()
    return True


async def cancel(session: AsyncSession, kind: str, key: str) -> bool:
    """Give a pending job up; returns False when there is none."""
    row = await JobRepository(session).find(kind, key)
    if row is None or row.state != PENDING:
        return False
    row.state = CANCELLED
    await session.flush()
    return True
