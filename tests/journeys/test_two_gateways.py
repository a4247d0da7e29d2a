"""Production's shape: two gateways on PostgreSQL, Redis and RabbitMQ; the customer does not notice which one lives."""

import asyncio
from typing import AsyncIterator, Iterator

import pytest

from tests.journeys.buyer import Buyer
from tests.journeys.conftest import QUICK
from tests.journeys.customer import Customer
from tests.journeys.ledger import Ledger
from tests.services import REDIS, postgres_database
from tests.stack import Stack

pytestmark = [
    pytest.mark.services,
    pytest.mark.stack,
    pytest.mark.model,
    pytest.mark.timeout(1200),
]

BROKER = {"HOST": "localhost", "PORT": "5672", "USER": "guest", "PASSWORD": "guest"}
LOCK_DB = "9"


def production(database: str, stack_port: int) -> dict:
    """The variables of endpoints.production.yml and of the gateways."""
    return {
        **QUICK,
        "HEYU_ENDPOINTS_FILE": "endpoints.production.yml",
        "HEYU_DATABASE_URL": database,
        "HEYU_TRACKER_DATABASE_URL": database.replace("+asyncpg", "+psycopg2"),
        "HEYU_REDIS_URL": REDIS,
        "HEYU_ACTIONS_URL": f"http://127.0.0.1:{stack_port}/webhook",
        "HEYU_LOCK_REDIS_HOST": "localhost",
        "HEYU_LOCK_REDIS_PORT": "6379",
        "HEYU_LOCK_REDIS_DB": LOCK_DB,
        **{f"HEYU_BROKER_{name}": value for name, value in BROKER.items()},
        "HEYU_LEASE_SECONDS": "3",
    }


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Two gateways, rasa and actions on a database of their own."""
    loop = asyncio.new_event_loop()
    fresh = postgres_database()
    settings = dict(QUICK)
    running = Stack(tmp_path_factory.mktemp("two") / "var", settings, gateways=2)
    settings.update(production(loop.run_until_complete(fresh.__aenter__()), running.ports["actions"]))
    try:
        running.start()
        yield running
    finally:
        running.stop()
        loop.run_until_complete(fresh.__aexit__(None, None, None))
        loop.close()


@pytest.fixture
async def customer(stack: Stack) -> AsyncIterator[Customer]:
    tab = await Customer(stack.base_url).open()
    yield tab
    await tab.close()


async def other_tab(customer: Customer, stack: Stack) -> Customer:
    """The same conversation in a tab that the second gateway serves."""
    tab = Customer(f"http://127.0.0.1:{stack.ports['gateway2']}")
    tab.conversation_id, tab.token = customer.conversation_id, customer.token
    tab.http.headers["Authorization"] = f"Bearer {customer.token}"
    return await tab.stay()


async def test_two_tabs_on_two_gateways_show_the_same(customer: Customer, stack: Stack) -> None:
    second, ledger = await other_tab(customer, stack), Ledger(stack)
    for number in range(4):
        speaker, listener = (customer, second) if number % 2 else (second, customer)
        ack = await speaker.send("text", {"text": "你好"})
        for tab in (speaker, listener):
            await tab.wait_for(lambda message, ack=ack: message.get("reply_to") == ack["message_id"])
    await ledger.settled(customer)
    await ledger.settled(second)
    assert customer.messages == second.messages
    customer.sent = [row["client_msg_id"] for row in ledger.messages(customer.conversation_id) if row["client_msg_id"]]
    ledger.check_conversation(customer)
    assert len(customer.sent) == 4
    await second.close()


async def test_a_purchase_goes_on_when_its_gateway_dies(customer: Customer, stack: Stack) -> None:
    """Bought on PostgreSQL; the gateway that serves the customer is killed half-way and stays away until the end."""
    ledger, buyer = Ledger(stack), Buyer(customer)
    second = await other_tab(customer, stack)
    await buyer.until("document")
    stack.kill("gateway")
    customer.move(second.base_url)
    try:
        bought = await buyer.buy()
    finally:
        await asyncio.to_thread(stack.start, "gateway")
    assert bought.pdf.startswith(b"%PDF")
    for tab in (customer, second):
        await ledger.settled(tab)
        assert list(tab.messages) and tab.whole_until() == len(ledger.messages(customer.conversation_id))
    ledger.check_conversation(customer)
    await ledger.check_sales(customer.conversation_id, policies=1)
    customer.move(stack.base_url)
    again = await customer.request("GET", f"/api/policies/{bought.policy_no}/document")
    assert again.content == bought.pdf, "the other gateway gives out another document"
    await second.close()
