"""Every row of the table in docs/message.md made to happen: a process dies, or an answer is lost, at a known place."""

import asyncio
import os
import signal
from typing import AsyncIterator, Dict, Iterator, List

import pytest

from tests.journeys.buyer import Buyer
from tests.journeys.conftest import QUICK
from tests.journeys.customer import Customer, Message
from tests.journeys.ledger import Ledger
from tests.journeys.wire import Wire
from tests.stack import Stack

pytestmark = [pytest.mark.stack, pytest.mark.model, pytest.mark.timeout(900)]

# a dead gateway's row is taken up soon; a customer is told soon that it takes long
IMPATIENT = {"HEYU_LEASE_SECONDS": "3", "HEYU_SLOW_SECONDS": "2"}
ASKS_ACTIONS = "有哪些产品"
SLOW = "助手有点慢"


class Wires:
    """The three connections on the way of a message."""

    def __init__(self, stack: Stack) -> None:
        self.customer = Wire(stack.ports["gateway"])
        self.rasa = Wire(stack.ports["rasa"])
        self.actions = Wire(stack.ports["actions"])

    def close(self) -> None:
        for wire in (self.customer, self.rasa, self.actions):
            wire.close()


@pytest.fixture(scope="module")
def settings() -> Dict[str, str]:
    return {**QUICK, **IMPATIENT}


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory, settings: Dict[str, str]) -> Stack:
    return Stack(tmp_path_factory.mktemp("breaks") / "var", settings)


@pytest.fixture(scope="module")
def wires(stack: Stack, settings: Dict[str, str]) -> Iterator[Wires]:
    """A stack whose processes talk over wires that can be cut."""
    laid = Wires(stack)
    settings.update(HEYU_RASA_URL=laid.rasa.url, HEYU_ACTIONS_URL=f"{laid.actions.url}/webhook")
    try:
        stack.start()
        yield laid
    finally:
        stack.stop()
        laid.close()


@pytest.fixture
def ledger(stack: Stack, wires: Wires) -> Ledger:
    return Ledger(stack)


@pytest.fixture
async def customer(wires: Wires) -> AsyncIterator[Customer]:
    tab = await Customer(wires.customer.url).open()
    yield tab
    await tab.close()


async def restart(stack: Stack, *parts: str) -> None:
    """Start parts that were killed, without holding up the customer."""
    await asyncio.to_thread(stack.start, *parts)


def signalled(stack: Stack, part: str, what: signal.Signals) -> None:
    os.killpg(stack.pid(part), what)


async def say(customer: Customer, text: str, client_msg_id: str = "m1") -> str:
    return str((await customer.send("text", {"text": text}, client_msg_id))["message_id"])


def answers(customer: Customer, message_id: str) -> List[Message]:
    return [message for message in customer.said("assistant") if message.get("reply_to") == message_id]


async def check_answered_once(ledger: Ledger, customer: Customer) -> None:
    """Everything said is stored, heard and answered once, and the conversation goes on as if nothing had been."""
    await ledger.settled(customer)
    await say(customer, "谢谢", "last")
    await ledger.settled(customer)
    ledger.check_conversation(customer)


async def test_no_ack_because_the_connection_broke(wires: Wires, ledger: Ledger, customer: Customer) -> None:
    """Stored, but the ack is lost: the resend finds the message and gets the same ack."""
    wires.customer.hush()
    sending = asyncio.ensure_future(say(customer, "你好"))
    await ledger.until(lambda: bool(ledger.messages(customer.conversation_id)))
    wires.customer.cut()
    message_id = await sending
    assert customer.resent >= 1
    assert message_id == ledger.messages(customer.conversation_id)[0]["id"]
    await check_answered_once(ledger, customer)


async def test_no_ack_because_the_gateway_died(wires: Wires, ledger: Ledger, customer: Customer, stack: Stack) -> None:
    wires.customer.hush()
    sending = asyncio.ensure_future(say(customer, ASKS_ACTIONS))
    await ledger.until(lambda: bool(ledger.messages(customer.conversation_id)))
    stack.kill("gateway")
    wires.customer.cut()
    await restart(stack, "gateway")
    await sending
    await check_answered_once(ledger, customer)


async def test_the_gateway_dies_before_it_has_read_the_message(
    wires: Wires, ledger: Ledger, customer: Customer, stack: Stack
) -> None:
    """Nothing is stored: the client sends again."""
    signalled(stack, "gateway", signal.SIGSTOP)
    sending = asyncio.ensure_future(say(customer, "你好"))
    await asyncio.sleep(0)
    assert ledger.messages(customer.conversation_id) == []
    stack.kill("gateway")
    await restart(stack, "gateway")
    await sending
    await check_answered_once(ledger, customer)


async def test_the_gateway_dies_while_rasa_thinks(
    ledger: Ledger, customer: Customer, stack: Stack, wires: Wires
) -> None:
    """A leased row: the lease runs out and the restarted gateway takes the row up."""
    signalled(stack, "rasa", signal.SIGSTOP)
    wires.rasa.hush()
    await say(customer, "你好")
    await ledger.until(lambda: wires.rasa.asked > 0)
    stack.kill("gateway")
    wires.rasa.cut()
    signalled(stack, "rasa", signal.SIGCONT)
    await restart(stack, "gateway")
    await check_answered_once(ledger, customer)


@pytest.mark.parametrize("text", ["你好", ASKS_ACTIONS])
async def test_rasa_dies_before_it_saved(
    ledger: Ledger, customer: Customer, stack: Stack, wires: Wires, text: str
) -> None:
    """Nothing of the turn is there; it is tried again under the same id, and the customer told once that it is slow."""
    signalled(stack, "rasa", signal.SIGSTOP)
    wires.rasa.hush()
    message_id = await say(customer, text)
    await ledger.until(lambda: wires.rasa.asked > 0)
    stack.kill("rasa")
    wires.rasa.cut()
    assert ledger.events(customer.conversation_id) == 0
    await customer.wait_for(lambda message: SLOW in message["body"].get("text", ""))
    assert [row["state"] for row in ledger.inbox(customer.conversation_id)] == ["pending"]
    await restart(stack, "rasa")
    await customer.wait_for(lambda message: message.get("reply_to") == message_id)
    await check_answered_once(ledger, customer)
    assert [SLOW in message["body"]["text"] for message in customer.said("system")] == [True]


async def test_rasa_dies_after_it_saved(ledger: Ledger, customer: Customer, stack: Stack, wires: Wires) -> None:
    """The turn is in the tracker, the answer was lost: the repeat returns the replies of the first time."""
    wires.rasa.hush()
    message_id = await say(customer, ASKS_ACTIONS)
    await ledger.until(lambda: message_id in ledger.turns(customer.conversation_id))
    events = ledger.events(customer.conversation_id)
    stack.kill("rasa")
    wires.rasa.cut()
    await restart(stack, "rasa")
    await customer.wait_for(lambda message: message.get("reply_to") == message_id)
    assert ledger.events(customer.conversation_id) == events, "the dialogue ran again"
    await check_answered_once(ledger, customer)


async def test_the_gateway_dies_after_rasa_saved(
    ledger: Ledger, customer: Customer, stack: Stack, wires: Wires
) -> None:
    """The replies are lost with the gateway: the next one gets them from the tracker."""
    wires.rasa.hush()
    message_id = await say(customer, ASKS_ACTIONS)
    await ledger.until(lambda: message_id in ledger.turns(customer.conversation_id))
    stack.kill("gateway")
    wires.rasa.cut()
    await restart(stack, "gateway")
    await check_answered_once(ledger, customer)


async def test_the_replies_are_stored_while_the_customer_is_away(
    ledger: Ledger, customer: Customer, wires: Wires
) -> None:
    """Stored but never received: the client asks for everything after its last seq."""
    wires.customer.hush()
    sending = asyncio.ensure_future(say(customer, "你好"))
    await ledger.until(lambda: len(ledger.messages(customer.conversation_id)) >= 2)
    assert customer.messages == {}
    wires.customer.cut()
    await sending
    await check_answered_once(ledger, customer)


async def test_the_actions_die_in_the_middle_of_a_call(
    ledger: Ledger, customer: Customer, stack: Stack, wires: Wires
) -> None:
    """A failed action call is a failed turn: nothing is saved, the message waits."""
    signalled(stack, "actions", signal.SIGSTOP)
    wires.actions.hush()
    message_id = await say(customer, ASKS_ACTIONS)
    await ledger.until(lambda: wires.actions.asked > 0)
    stack.kill("actions")
    wires.actions.cut()
    await customer.wait_for(lambda message: SLOW in message["body"].get("text", ""))
    assert ledger.events(customer.conversation_id) == 0, "half a turn was saved"
    assert answers(customer, message_id) == []
    await restart(stack, "actions")
    await customer.wait_for(lambda message: message.get("reply_to") == message_id)
    await check_answered_once(ledger, customer)


@pytest.mark.parametrize("victim", ["actions", "rasa", "gateway"])
async def test_an_action_wrote_but_its_result_is_lost(
    ledger: Ledger, customer: Customer, stack: Stack, wires: Wires, victim: str
) -> None:
    """The application is in the database, the turn is not: the repeat finds the result, there is one application."""
    buyer = Buyer(customer)
    asked = await buyer.until("button")
    wires.actions.hush()
    clicking = asyncio.ensure_future(buyer._click(asked, "去投保"))
    await ledger.until(lambda: bool(started(ledger, customer)))
    stack.kill(victim)
    wires.actions.cut()
    await restart(stack, victim)
    await clicking
    buyer._handled = asked["seq"]
    await buyer.until("verification")
    assert len(started(ledger, customer)) == 1
    await check_answered_once(ledger, customer)


@pytest.mark.parametrize("victims", [["rasa"], ["actions"], ["rasa", "actions"]])
async def test_what_is_said_while_something_is_down_is_answered_in_order(
    ledger: Ledger, customer: Customer, stack: Stack, victims: List[str]
) -> None:
    for victim in victims:
        stack.kill(victim)
    texts = ["你好", ASKS_ACTIONS, "意外险", "谢谢"]
    ids = [await say(customer, text, f"m{number}") for number, text in enumerate(texts)]
    await customer.wait_for(lambda message: SLOW in message["body"].get("text", ""))
    await restart(stack, *victims)
    await customer.wait_for(lambda message: message.get("reply_to") == ids[-1])
    replied = list(dict.fromkeys(message["reply_to"] for message in customer.said("assistant")))
    assert replied == ids
    await check_answered_once(ledger, customer)


def started(ledger: Ledger, customer: Customer) -> List[Dict[str, object]]:
    query = "SELECT id FROM applications WHERE conversation_id = :c"
    return ledger.rows(query, c=customer.conversation_id)
