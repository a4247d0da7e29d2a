"""kill -9 of real gateways at random moments: with resends by the client no message is lost, doubled or reordered."""

import asyncio
import random
from typing import AsyncIterator, Awaitable, Callable, Dict, List

import pytest
from socketio.exceptions import SocketIOError

from bot.ids import new_id
from bot.store import Database
from tests.gateway.client import Customer
from tests.gateway.fake_rasa import FakeRasa
from tests.gateway.processes import GatewayProcess

MESSAGES = 40
KILLS = 4

Spawn = Callable[..., Awaitable[List[GatewayProcess]]]


@pytest.fixture
async def spawn(rasa: FakeRasa) -> AsyncIterator[Spawn]:
    started: List[GatewayProcess] = []

    async def start(count: int, **environment: str) -> List[GatewayProcess]:
        settings: Dict[str, str] = {
            "HEYU_RASA_URL": rasa.url,
            "HEYU_ACTIONS_URL": f"{rasa.url}/webhook",
            "HEYU_LEASE_SECONDS": "1.5",
            "HEYU_INBOX_POLL_SECONDS": "0.1",
            "HEYU_RETRY_FIRST_SECONDS": "0.1",
            "HEYU_MESSAGES_PER_MINUTE": "100000",
            "HEYU_REQUESTS_PER_MINUTE": "100000",
            **environment,
        }
        started.extend(GatewayProcess(settings) for _ in range(count))
        for gateway in started:
            gateway.start()
            await ready(gateway)
        return started

    yield start
    for gateway in started:
        gateway.kill()


async def ready(gateway: GatewayProcess) -> None:
    while not await asyncio.to_thread(gateway.answers):
        await asyncio.sleep(0.05)


class PatientCustomer:
    """A client that, like the page, sends a message under the same id until it is acknowledged."""

    def __init__(self, gateways: List[GatewayProcess]) -> None:
        self.gateways = gateways
        self.customer = Customer(gateways[0].url)

    async def reconnect(self) -> None:
        while True:
            for gateway in self.gateways:
                try:
                    await self.customer.connect(gateway.url)
                    return
                except (SocketIOError, asyncio.TimeoutError):
                    await asyncio.sleep(0.05)

    async def deliver(self, text: str) -> None:
        client_msg_id = new_id()
        while True:
            try:
                ack = await asyncio.wait_for(self.customer.say(text, client_msg_id), 3)
                if "seq" in ack:
                    return
            except (SocketIOError, asyncio.TimeoutError):
                await self.customer.socket.disconnect()
                await self.reconnect()


async def keep_killing(gateways: List[GatewayProcess], dice: random.Random) -> None:
    for _ in range(KILLS):
        await asyncio.sleep(dice.uniform(0.1, 0.8))
        victim = dice.choice(gateways)
        victim.kill()
        victim.start()
        await ready(victim)


async def run(gateways: List[GatewayProcess], rasa: FakeRasa, seed: int) -> None:
    rasa.mode = {"delay": 0.03}
    patient = PatientCustomer(gateways)
    customer = await patient.customer.open()
    killing = asyncio.ensure_future(keep_killing(gateways, random.Random(seed)))
    said = [f"第{number}条" for number in range(MESSAGES)]
    for text in said:
        await patient.deliver(text)
        await asyncio.sleep(0.03)
    await killing
    await patient.reconnect()
    for _ in range(600):
        await customer.hello(0)
        if len(customer.texts("assistant")) >= MESSAGES:
            break
        await asyncio.sleep(0.1)
    assert customer.texts("customer") == said
    assert customer.texts("assistant") == [f"echo {text}" for text in said]
    assert sorted(customer.messages) == list(range(1, max(customer.messages) + 1))
    answered = [reply["reply_to"] for reply in customer.log("assistant")]
    assert answered == [message["message_id"] for message in customer.log("customer")]
    await customer.close()


@pytest.mark.parametrize(("gateways", "seed"), [(1, 1), (2, 2)])
async def test_no_message_is_lost_doubled_or_reordered(
    gateways: int, seed: int, database: Database, rasa: FakeRasa, spawn: Spawn
) -> None:
    await run(await spawn(gateways, HEYU_DATABASE_URL=database.url), rasa, seed)
    assert rasa.most_at_once <= 2, "a turn may overlap only with the one a dead gateway left behind"


async def test_a_message_acknowledged_just_before_the_end_is_answered_by_the_next_gateway(
    database: Database, rasa: FakeRasa, spawn: Spawn
) -> None:
    first, second = await spawn(2, HEYU_DATABASE_URL=database.url)
    customer = await Customer(first.url).open()
    rasa.mode = {"delay": 5.0}
    await customer.say("你好")
    while not rasa.turns:
        await asyncio.sleep(0.01)
    first.kill()
    rasa.mode = {}
    await customer.socket.disconnect()
    await customer.connect(second.url)
    reply = await customer.reply("echo 你好")
    assert reply["seq"] == 2
    assert {turn["message_id"] for turn in rasa.turns} == {reply["reply_to"]}
    await customer.close()
