"""endpoints.production.yml as it is, with PostgreSQL, Redis and RabbitMQ behind it (SERVICES=1)."""

import asyncio
import json
import os
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, AsyncIterator, Dict, Iterator, List

import aio_pika
import pytest
import sqlalchemy as sa
from aio_pika import ExchangeType
from aio_pika.abc import AbstractQueue
from rasa.core.agent import load_agent
from rasa.core.brokers.pika import RABBITMQ_EXCHANGE
from rasa.core.lock_store import RedisLockStore
from rasa.core.utils import AvailableEndpoints
from sqlalchemy.engine import make_url

from bot.channels.rasa.schemas import TurnRequest
from bot.channels.rasa.tracker_store import HeyuTrackerStore
from bot.channels.rasa.turns import take_turn
from bot.settings import ROOT, settings
from tests.channels.rasa.action_server import ActionServer
from tests.channels.rasa.client import stored_events
from tests.services import SERVER

SCHEMA = "trackers_production_test"
RABBITMQ = make_url(os.environ.get("HEYU_TEST_RABBITMQ", "amqp://guest:guest@localhost:5672"))

pytestmark = pytest.mark.services


@pytest.fixture
def production(actions: ActionServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[AvailableEndpoints]:
    """The file, read with the variables that it names."""
    variables = {
        "HEYU_ACTIONS_URL": actions.url,
        "HEYU_TRACKER_DATABASE_URL": SERVER,
        "HEYU_TRACKER_SCHEMA": SCHEMA,
        "HEYU_LOCK_REDIS_HOST": "localhost",
        "HEYU_LOCK_REDIS_PORT": "6379",
        "HEYU_LOCK_REDIS_DB": "5",
        "HEYU_BROKER_HOST": RABBITMQ.host,
        "HEYU_BROKER_PORT": str(RABBITMQ.port),
        "HEYU_BROKER_USER": RABBITMQ.username,
        "HEYU_BROKER_PASSWORD": RABBITMQ.password,
    }
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    settings.cache_clear()
    yield AvailableEndpoints.read_endpoints(str(ROOT / "endpoints.production.yml"))
    engine = sa.create_engine(SERVER)
    with engine.begin() as connection:
        connection.execute(sa.text(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE"))
    engine.dispose()


@asynccontextmanager
async def listening() -> AsyncIterator[AbstractQueue]:
    """A queue of its own at Rasa's exchange, beside the one of the file."""
    async with await aio_pika.connect(RABBITMQ.render_as_string(hide_password=False)) as connection:
        channel = await connection.channel()
        queue = await channel.declare_queue(exclusive=True)
        await queue.bind(await channel.declare_exchange(RABBITMQ_EXCHANGE, ExchangeType.FANOUT))
        yield queue


async def published(queue: AbstractQueue, number: int) -> List[Dict[str, Any]]:
    """The next events that come out of the queue."""
    found: List[Dict[str, Any]] = []
    async with queue.iterator(no_ack=True) as messages:
        async for message in messages:
            found.append(json.loads(message.body))
            if len(found) == number:
                break
    return found


async def test_a_turn_with_everything_behind_it(production: AvailableEndpoints, model: Path) -> None:
    agent = await load_agent(str(model), endpoints=production, loop=asyncio.get_running_loop())
    asked = TurnRequest(conversation_id="prod-1", message_id="m1", kind="text", text="both")
    async with listening() as queue:
        answer = await take_turn(agent, asked)
        stored = stored_events(agent.tracker_store, "prod-1")
        events = await asyncio.wait_for(published(queue, len(stored)), 20)
    assert [reply["text"] for reply in answer["replies"]] == ["办好了。", "办好了。"]
    assert isinstance(agent.lock_store, RedisLockStore)
    assert isinstance(agent.tracker_store, HeyuTrackerStore)
    assert [event["event"] for event in events] == [event["event"] for event in stored]
    await agent.tracker_store.event_broker.close()
    await agent.action_endpoint.close()
