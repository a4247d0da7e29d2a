"""The worker that claims due jobs and hands them to the handler of their kind."""

import asyncio
import contextlib
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Awaitable, Callable, Dict, Optional

import structlog
from sanic import Sanic
from sqlalchemy.ext.asyncio import AsyncSession

from bot import clock, metrics
from bot.jobs.repository import DONE, FAILED, Job, JobRepository
from bot.settings import Settings, settings
from bot.store import transaction

log = structlog.get_logger(__name__)

MOST_ATTEMPTS = 12
LONGEST_PAUSE = 600.0

# done in one transaction together with the job's completion: (session, payload)
Handler = Callable[[AsyncSession, Dict[str, Any]], Awaitable[None]]
# calls another process, so no transaction is open; must be idempotent, it may run again after a crash: (payload)
OutsideHandler = Callable[[Dict[str, Any]], Awaitable[None]]


@dataclass
class Handlers:
    """Who does which kind of job; filled in bot/app.py."""

    inside: Dict[str, Handler] = field(default_factory=dict)
    outside: Dict[str, OutsideHandler] = field(default_factory=dict)


class JobWorker:
    """Runs until stopped; several at once, in one or many gateways, never do the same job at the same time."""

    def __init__(self, handlers: Handlers, settings: Settings) -> None:
        self._handlers = handlers
        self._settings = settings
        self._task: Optional[asyncio.Task[None]] = None

    def start(self) -> None:
        """Start working in the running event loop."""
        self._task = asyncio.get_running_loop().create_task(self._run())

    async def stop(self) -> None:
        """Stop; a job at work is left to the next claim."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def run_due(self) -> int:
        """Do all jobs that are due now; returns how many were tried."""
        kinds = [*self._handlers.inside, *self._handlers.outside]
        tried = 0
        while True:
            async with transaction() as session:
                job = await JobRepository(session).claim(kinds, self._settings.lease_seconds)
            if job is None:
                return tried
            tried += 1
            await self._do(job)

    async def _run(self) -> None:
        while True:
            try:
                await self.run_due()
            except Exception:
                # the database may be away for a while: asked again at the next poll
                log.exception("jobs_poll_failed")
            await asyncio.sleep(self._settings.inbox_poll_seconds)

    async def _do(self, job: Job) -> None:
        try:
            if job.kind in self._handlers.inside:
                await self._do_inside(job)
            else:
                await self._do_outside(job)
        except Exception as error:
            # whatever a handler raises, the job is tried again later and the others go on
            log.exception("job_failed", kind=job.kind, job_id=job.id)
            await self._fail(job, type(error).__name__)
        else:
            metrics.JOBS.labels(job.kind, "done").inc()

    async def _do_inside(self, job: Job) -> None:
        async with transaction() as session:
            row = await JobRepository(session).held(job)
            if row is None:
                return
            await self._handlers.inside[job.kind](session, job.payload)
            row.state, row.done_at = DONE, clock.now()

    async def _do_outside(self, job: Job) -> None:
        keeper = asyncio.get_running_loop().create_task(self._keep(job))
        try:
            await self._handlers.outside[job.kind](job.payload)
        finally:
            keeper.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await keeper
        async with transaction() as session:
            row = await JobRepository(session).held(job)
            if row is not None:
                row.state, row.done_at = DONE, clock.now()

    async def _keep(self, job: Job) -> None:
        while True:
            await asyncio.sleep(self._settings.lease_seconds / 3)
            async with transaction() as session:
                if not await JobRepository(session).renew(job, self._settings.lease_seconds):
                    return

    async def _fail(self, job: Job, error: str) -> None:
        async with transaction() as session:
            row = await JobRepository(session).held(job)
            if row is None:
                return
            row.attempts += 1
            row.error = error
            row.lease = row.lease_until = None
            row.run_at = clock.now() + timedelta(seconds=min(2.0**row.attempts, LONGEST_PAUSE))
            if row.attempts >= MOST_ATTEMPTS:
                row.state, row.done_at = FAILED, clock.now()
                metrics.JOBS.labels(job.kind, "failed").inc()


def mount(app: Sanic, handlers: Handlers) -> None:
    """Work on due jobs while the app runs."""

    async def start(app: Sanic, _loop: Any) -> None:
        app.ctx.jobs = JobWorker(handlers, settings())
        app.ctx.jobs.start()

    async def stop(app: Sanic, _loop: Any) -> None:
        await app.ctx.jobs.stop()

    app.register_listener(start, "before_server_start")
    app.register_listener(stop, "before_server_stop")
