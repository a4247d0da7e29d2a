"""All SQL of jobs."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Dict, Optional, Sequence

from sqlalchemy import or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from bot import clock
from bot.ids import new_id
from bot.store.base import rows_changed
from bot.store.tables.jobs import JobRow

PENDING, DONE, FAILED, CANCELLED = "pending", "done", "failed", "cancelled"


@dataclass(frozen=True)
class Job:
    """One claimed job."""

    id: str
    lease: str
    kind: str
    key: str
    payload: Dict[str, Any]


class JobRepository:
    """The jobs of one session."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def find(self, kind: str, key: str) -> Optional[JobRow]:
        """The job of a kind with a key, locked."""
        query = select(JobRow).where(JobRow.kind == kind, JobRow.key == key).with_for_update()
        return (await self.session.execute(query)).scalars().first()

    async def add(self, kind: str, key: str, run_at: datetime, payload: Dict[str, Any]) -> Optional[JobRow]:
        """A new pending job; None when another transaction was quicker with the same kind and key."""
        row = JobRow(
            id=new_id(),
            kind=kind,
            key=key,
            payload=payload,
            state=PENDING,
            run_at=run_at,
            attempts=0,
            created_at=clock.now(),
        )
        try:
            async with self.session.begin_nested():
                self.session.add(row)
        except IntegrityError:
            return None
        return row

    async def claim(self, kinds: Sequence[str], seconds: float) -> Optional[Job]:
        """Lease the job that has been due longest, of the kinds this gateway knows; None when there is none."""
        now = clock.now()
        query = (
            select(JobRow)
            .where(JobRow.state == PENDING, JobRow.run_at <= now, JobRow.kind.in_(kinds))
            .where(or_(JobRow.lease_until.is_(None), JobRow.lease_until < now))
            .order_by(JobRow.run_at, JobRow.id)
            .limit(1)
            .with_for_update(skip_locked=True)
            .execution_options(populate_existing=True)
        )
        row = (await self.session.execute(query)).scalars().first()
        if row is None:
            return None
        row.lease, row.lease_until = new_id(), now + timedelta(seconds=seconds)
        await self.session.flush()
        return Job(row.id, row.lease, row.kind, row.key, dict(row.payload))

    async def renew(self, job: Job, seconds: float) -> bool:
        """Prolong a lease; returns False when another gateway has the job by now."""
        renewed = await self.session.execute(
            update(JobRow)
            .where(JobRow.id == job.id, JobRow.lease == job.lease)
            .values(lease_until=clock.now() + timedelta(seconds=seconds))
            .execution_options(synchronize_session=False)
        )
        return rows_changed(renewed) == 1

    async def held(self, job: Job) -> Optional[JobRow]:
        """The claimed job, locked; None when it was cancelled or another gateway has it by now."""
        query = (
            select(JobRow)
            .where(JobRow.id == job.id, JobRow.lease == job.lease, JobRow.state == PENDING)
            .with_for_update()
        )
        return (await self.session.execute(query)).scalars().first()
