"""Jobs: done once when due, retried when they fail, never by two workers at the same time."""

import asyncio
from datetime import timedelta
from typing import Any, Dict, List

import pytest
from sqlalchemy import select

from bot import clock
from bot.jobs import service
from bot.jobs.repository import JobRepository
from bot.jobs.worker import MOST_ATTEMPTS, Handlers, JobWorker
from bot.settings import settings
from bot.store import Database, transaction
from bot.store.tables.jobs import JobRow

pytestmark = pytest.mark.usefixtures("database")


class Recorder:
    """A handler that notes what it did and can be told to fail."""

    def __init__(self) -> None:
        self.done: List[Dict[str, Any]] = []
        self.fails = 0

    async def inside(self, _session: Any, payload: Dict[str, Any]) -> None:
        await self.outside(payload)

    async def outside(self, payload: Dict[str, Any]) -> None:
        await asyncio.sleep(0)
        if self.fails:
            self.fails -= 1
            raise RuntimeError("not this time")
        self.done.append(payload)


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


@pytest.fixture(params=["inside", "outside"])
def worker(request: pytest.FixtureRequest, recorder: Recorder) -> JobWorker:
    kind = {request.param: {"expire": getattr(recorder, request.param)}}
    return JobWorker(Handlers(**kind), settings())


async def plan(key: str, seconds: float = 0.0, kind: str = "expire", **payload: Any) -> str:
    async with transaction() as session:
        return await service.schedule(session, kind, key, clock.now() + timedelta(seconds=seconds), payload)


async def row(key: str) -> JobRow:
    async with transaction(read_only=True) as session:
        return (await session.execute(select(JobRow).where(JobRow.key == key))).scalars().one()


async def make_due(key: str) -> None:
    async with transaction() as session:
        assert await service.put_off(session, "expire", key, clock.now())


async def test_a_due_job_is_done_once(worker: JobWorker, recorder: Recorder) -> None:
    await plan("o1", order_id="o1")
    assert await worker.run_due() == 1
    assert await worker.run_due() == 0
    assert recorder.done == [{"order_id": "o1"}]
    assert (await row("o1")).state == "done"


async def test_a_repeat_changes_nothing(worker: JobWorker, recorder: Recorder) -> None:
    first = await plan("o1", n=1)
    assert await plan("o1", n=2) == first
    await worker.run_due()
    assert await plan("o1", n=3) == first
    await worker.run_due()
    assert recorder.done == [{"n": 1}]


async def test_a_job_waits_for_its_time_and_can_be_put_off_or_cancelled(worker: JobWorker, recorder: Recorder) -> None:
    await plan("later", seconds=3600)
    await plan("cancelled")
    async with transaction() as session:
        assert await service.cancel(session, "expire", "cancelled")
        assert not await service.cancel(session, "expire", "cancelled")
        assert not await service.put_off(session, "expire", "nothing", clock.now())
    assert await worker.run_due() == 0
    await make_due("later")
    assert await worker.run_due() == 1


async def test_a_failed_job_is_tried_again_later(worker: JobWorker, recorder: Recorder) -> None:
    recorder.fails = 1
    await plan("o1")
    assert await worker.run_due() == 1
    failed = await row("o1")
    assert (failed.state, failed.attempts, failed.error) == ("pending", 1, "RuntimeError")
    assert failed.run_at > clock.now()
    await make_due("o1")
    await worker.run_due()
    assert len(recorder.done) == 1


async def test_after_many_failures_a_job_is_given_up(worker: JobWorker, recorder: Recorder) -> None:
    recorder.fails = MOST_ATTEMPTS
    await plan("o1")
    for _ in range(MOST_ATTEMPTS):
        await make_due("o1")
        await worker.run_due()
    assert (await row("o1")).state == "failed"


async def test_what_a_failing_handler_wrote_is_rolled_back(recorder: Recorder) -> None:
    async def write_and_fail(session: Any, _payload: Dict[str, Any]) -> None:
        await service.schedule(session, "other", "child", clock.now(), {})
        raise RuntimeError("after writing")

    await plan("o1")
    await JobWorker(Handlers(inside={"expire": write_and_fail}), settings()).run_due()
    async with transaction() as session:
        assert await JobRepository(session).find("other", "child") is None


async def test_a_leased_job_is_left_alone_until_the_lease_runs_out(worker: JobWorker, recorder: Recorder) -> None:
    await plan("o1")
    async with transaction() as session:
        assert await JobRepository(session).claim(["expire"], seconds=0.2)
    assert await worker.run_due() == 0
    await asyncio.sleep(0.25)
    assert await worker.run_due() == 1


async def test_workers_leave_kinds_they_do_not_know(worker: JobWorker) -> None:
    await plan("x", kind="unknown")
    assert await worker.run_due() == 0


async def test_many_workers_share_the_work(recorder: Recorder, database: Database) -> None:
    for number in range(20):
        await plan(f"o{number}", n=number)
    workers = [JobWorker(Handlers(outside={"expire": recorder.outside}), settings()) for _ in range(4)]
    await asyncio.gather(*(worker.run_due() for worker in workers))
    assert sorted(done["n"] for done in recorder.done) == list(range(20))


async def test_a_running_worker_picks_up_what_falls_due(recorder: Recorder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEYU_INBOX_POLL_SECONDS", "0.02")
    settings.cache_clear()
    worker = JobWorker(Handlers(inside={"expire": recorder.inside}), settings())
    worker.start()
    await plan("o1", n=1)
    while not recorder.done:
        await asyncio.sleep(0.01)
    await worker.stop()
