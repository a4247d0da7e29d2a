"""The gateway on PostgreSQL and Redis: several gateways, one truth."""

import asyncio
import random
from datetime import timedelta
from typing import Any, AsyncIterator, Dict, List

import pytest

from bot import clock
from bot.channels.web.limits import Limiter, limiter
from bot.conversations import service as conversations
from bot.conversations.inbox import InboxRepository
from bot.conversations.rules import Cause
from bot.customers import service as customers
from bot.errors import Conflict, TooMany
from bot.ids import new_id
from bot.jobs import service as jobs
from bot.jobs.worker import Handlers, JobWorker
from bot.settings import settings
from bot.store import Database, transaction, use
from bot.store.base import Base
from tests.gateway.client import Customer
from tests.gateway.fake_rasa import FakeRasa
from tests.gateway.test_crash import Spawn, run, spawn
from tests.services import REDIS, postgres_database

__all__ = ["spawn"]
pytestmark = pytest.mark.services


@pytest.fixture
async def database(own_var_dir: Any) -> AsyncIterator[Database]:
    """In place of the SQLite one: an empty database on PostgreSQL."""
    async with postgres_database() as url:
        fresh = Database(url)
        async with fresh.engine.begin() as connection:
            await connection.run_sync(Base.metadata.create_all)
        use(fresh)
        yield fresh
        use(None)
        await fresh.dispose()


async def test_no_message_is_lost_doubled_or_reordered(database: Database, rasa: FakeRasa, spawn: Spawn) -> None:
    gateways = await spawn(2, HEYU_DATABASE_URL=database.url, HEYU_REDIS_URL=REDIS)
    await run(gateways, rasa, random.Random().randrange(1000))


async def test_a_customer_hears_what_another_gateway_stored(database: Database, rasa: FakeRasa, spawn: Spawn) -> None:
    first, second = await spawn(2, HEYU_DATABASE_URL=database.url, HEYU_REDIS_URL=REDIS)
    here = await Customer(first.url).open()
    there = Customer(second.url)
    there.conversation_id, there.token = here.conversation_id, here.token
    await there.connect()
    await here.say("在这边说")
    await there.reply("echo 在这边说")
    await there.say("在那边说")
    await here.reply("echo 在那边说")
    for customer in (here, there):
        await customer.close()


async def opened() -> str:
    async with transaction() as session:
        return (await conversations.open_conversation(session, "web")).conversation_id


async def test_of_two_agents_who_take_at_once_one_gets_it(database: Database) -> None:
    conversation_id = await opened()

    async def take(agent: str) -> str:
        async with transaction() as session:
            await conversations.change_owner(session, conversation_id, Cause.TAKE, actor=agent, agent=agent, epoch=1)
        return agent

    results = await asyncio.gather(*(take(f"a{n}") for n in range(5)), return_exceptions=True)
    assert len([r for r in results if isinstance(r, str)]) == 1
    assert len([r for r in results if isinstance(r, Conflict)]) == 4


async def test_many_at_once_get_numbers_without_gaps_and_resends_the_same_one(database: Database) -> None:
    conversation_id = await opened()

    async def say(client_msg_id: str) -> Dict[str, Any]:
        sent = conversations.Sent(client_msg_id, "text", {"text": client_msg_id})
        async with transaction() as session:
            return await conversations.accept(session, conversation_id, sent)

    acks = await asyncio.gather(*(say(f"c{n % 10}") for n in range(30)))
    assert sorted({ack["seq"] for ack in acks}) == list(range(1, 11))
    assert len({(ack["message_id"], ack["seq"]) for ack in acks}) == 10


async def test_rows_are_claimed_once_and_in_order(database: Database) -> None:
    conversation_ids = [await opened() for _ in range(3)]
    for number in range(2):
        for conversation_id in conversation_ids:
            async with transaction() as session:
                await conversations.post_event(session, conversation_id, f"EXTERNAL_{number}", {}, new_id())

    async def claim() -> Any:
        async with transaction() as session:
            return await InboxRepository(session).claim(seconds=30)

    claims = [claim for claim in await asyncio.gather(*(claim() for _ in range(8))) if claim]
    assert sorted(c.conversation_id for c in claims) == sorted(set(c.conversation_id for c in claims))
    assert {c.intent for c in claims} == {"EXTERNAL_0"}


async def test_a_phone_verified_twice_at_once_is_one_customer(database: Database) -> None:
    async def verify() -> Any:
        conversation_id = await opened()
        async with transaction() as session:
            return await customers.identify(session, conversation_id, "site", new_id(), "13800138000")

    verified = await asyncio.gather(*(verify() for _ in range(4)))
    assert len({done.customer_id for done in verified}) == 1
    assert len({done.conversation_id for done in verified}) == 1


async def test_jobs_are_shared_by_many_workers(database: Database) -> None:
    done: List[int] = []

    async def note(_session: Any, payload: Dict[str, Any]) -> None:
        done.append(payload["n"])

    for number in range(20):
        async with transaction() as session:
            await jobs.schedule(session, "note", f"n{number}", clock.now() - timedelta(seconds=1), {"n": number})
    workers = [JobWorker(Handlers(inside={"note": note}), settings()) for _ in range(4)]
    await asyncio.gather(*(worker.run_due() for worker in workers))
    assert sorted(done) == list(range(20))


async def test_limits_are_counted_over_all_gateways(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEYU_REDIS_URL", REDIS)
    monkeypatch.setenv("HEYU_REQUESTS_PER_MINUTE", "2")
    settings.cache_clear()
    gateways: List[Limiter] = []
    for _ in range(2):
        limiter.cache_clear()
        gateways.append(limiter())
    address = new_id()
    for gateway in gateways:
        await gateway.check_address(address)
    with pytest.raises(TooMany):
        await gateways[0].check_address(address)
    limiter.cache_clear()


async def test_a_job_that_two_gateways_schedule_at_once_is_there_once(database: Database) -> None:
    async def schedule() -> str:
        async with transaction() as session:
            return await jobs.schedule(session, "tidying", "today", clock.now(), {})

    ids = await asyncio.gather(*(schedule() for _ in range(8)))
    assert len(set(ids)) == 1
