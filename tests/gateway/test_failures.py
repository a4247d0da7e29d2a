"""Rasa slow, failing, down; owners changing under way; two gateways. Nothing is lost, doubled or reordered."""

import asyncio
from typing import Any, Callable

import pytest

from bot.conversations import service as conversations
from bot.conversations.inbox import InboxRepository
from bot.conversations.rules import Cause
from bot.store import transaction
from tests.gateway.client import Customer
from tests.gateway.fake_rasa import FakeRasa
from tests.gateway.gateway import HOTLINE, Running, build


async def until(check: Callable[[], Any], patience: float = 10.0) -> None:
    async def wait() -> None:
        while not check():
            await asyncio.sleep(0.01)

    await asyncio.wait_for(wait(), patience)


async def test_while_rasa_is_down_messages_wait_and_are_answered_in_order(customer: Customer, rasa: FakeRasa) -> None:
    port = rasa.port
    await rasa.stop()
    for number in range(3):
        await customer.say(f"问题{number}")
    slow = await customer.reply("助手有点慢")
    assert slow["sender"] == "system"
    await rasa.start(port)
    await customer.reply("echo 问题2")
    assert customer.texts("assistant") == ["echo 问题0", "echo 问题1", "echo 问题2"]
    assert len(customer.texts("system")) == 1


@pytest.mark.parametrize("unhealthy", [{"ready": False}, {"actions_status": 500}])
async def test_failures_of_an_unhealthy_rasa_never_give_a_message_up(
    customer: Customer, rasa: FakeRasa, unhealthy: dict
) -> None:
    rasa.mode = {"fail": 503, **unhealthy}
    await customer.say("你好")
    await until(lambda: len(rasa.turns) > 6)
    assert customer.texts("system") == ["助手有点慢，您的消息已收到，会按顺序回复。不想等的话可以找人工。"]
    rasa.mode = {}
    await customer.reply("echo 你好")


async def test_a_message_that_a_healthy_rasa_fails_five_times_is_given_up_honestly(
    customer: Customer, rasa: FakeRasa
) -> None:
    rasa.mode = {"fail": 503, "only": "坏消息"}
    ack = await customer.say("坏消息")
    await customer.say("好消息")
    given_up = await customer.reply(HOTLINE)
    assert (given_up["sender"], given_up["reply_to"]) == ("system", ack["message_id"])
    await customer.reply("echo 好消息")
    assert [turn["text"] for turn in rasa.turns] == ["坏消息"] * 5 + ["好消息"]


async def test_a_malformed_answer_is_a_failure(customer: Customer, rasa: FakeRasa) -> None:
    rasa.mode = {"garbage": True}
    await customer.say("你好")
    await until(lambda: len(rasa.turns) >= 2)
    rasa.mode = {}
    await customer.reply("echo 你好")
    assert customer.texts("assistant") == ["echo 你好"]


async def test_asking_for_a_human_while_rasa_is_down_names_the_hotline(customer: Customer, rasa: FakeRasa) -> None:
    rasa.mode = {"fail": 503, "ready": False}
    await customer.say("你好")
    slow = await customer.reply("助手有点慢")
    assert await customer.click(slow, slow["body"]["buttons"][0]["id"])
    assert HOTLINE in (await customer.reply("客服热线"))["body"]["text"]


async def test_a_conversation_never_has_two_turns_at_once(customer: Customer, rasa: FakeRasa) -> None:
    rasa.mode = {"delay": 0.05}
    await asyncio.gather(*(customer.say(f"第{number}条", f"c{number:02d}") for number in range(8)))
    await customer.until(lambda c: len(c.texts("assistant")) == 8)
    assert rasa.most_at_once == 1
    said = customer.texts("customer")
    assert customer.texts("assistant") == [f"echo {text}" for text in said]
    assert said == [f"第{number}条" for number in range(8)]


async def test_conversations_do_not_wait_for_each_other(make_customer: Any, rasa: FakeRasa) -> None:
    customers = [await make_customer() for _ in range(6)]
    rasa.mode = {"delay": 0.5}
    started = asyncio.get_running_loop().time()
    await asyncio.gather(*(customer.say("你好") for customer in customers))
    await asyncio.gather(*(customer.reply("echo") for customer in customers))
    assert asyncio.get_running_loop().time() - started < 1.5


async def test_two_gateways_share_an_inbox_without_doubling(
    gateway: Running, customer: Customer, rasa: FakeRasa
) -> None:
    second = await Running(build()).start()
    try:
        rasa.mode = {"delay": 0.01}
        for number in range(20):
            await customer.say(f"第{number}条")
        await until(lambda: len(rasa.turns) == 20)
        # without Redis the second gateway cannot reach this socket: the customer catches up with a hello
        while len(customer.texts("assistant")) < 20:
            await customer.hello(0)
        assert [turn["text"] for turn in rasa.turns] == [f"第{number}条" for number in range(20)]
        assert rasa.most_at_once == 1
    finally:
        await second.stop()


async def test_replies_to_a_turn_that_a_human_overtook_are_suppressed(customer: Customer, rasa: FakeRasa) -> None:
    rasa.mode = {"delay": 0.5}
    await customer.say("你好")
    await until(lambda: rasa.turns)
    async with transaction() as session:
        await conversations.change_owner(session, customer.conversation_id, Cause.TAKE, actor="a1", agent="a1")
    await customer.until(lambda c: any(e["event"] == "ownership" and e["owner"] == "a1" for e in c.events))
    await customer.until(lambda c: c.events and c.events[-1] == {"event": "typing", "on": False, "sender": "assistant"})
    await customer.say("有人吗")
    assert (await customer.hello(0))["state"] == "HUMAN"
    assert customer.texts("assistant") == []
    assert len(rasa.turns) == 1


async def test_events_wait_while_a_human_owns_the_conversation(customer: Customer, rasa: FakeRasa) -> None:
    async with transaction() as session:
        await conversations.change_owner(session, customer.conversation_id, Cause.TAKE, actor="a1", agent="a1")
    for _ in range(2):
        async with transaction() as session:
            await conversations.post_event(session, customer.conversation_id, "EXTERNAL_order_paid", {"n": "1"}, "k1")
    await customer.say("这句给坐席")
    async with transaction() as session:
        assert await InboxRepository(session).depth() == 1
        await conversations.change_owner(session, customer.conversation_id, Cause.HAND_BACK, actor="a1")
    await customer.reply("echo EXTERNAL_order_paid")
    assert [(turn["kind"], turn["entities"]) for turn in rasa.turns] == [("event", [{"entity": "n", "value": "1"}])]


async def test_a_row_whose_gateway_went_silent_is_taken_up_by_another(customer: Customer, rasa: FakeRasa) -> None:
    async with transaction() as session:
        await conversations.change_owner(session, customer.conversation_id, Cause.TAKE, actor="a1", agent="a1")
        await conversations.post_event(session, customer.conversation_id, "EXTERNAL_x", {}, "k1")
        await conversations.change_owner(session, customer.conversation_id, Cause.HAND_BACK, actor="a1")
        claim = await InboxRepository(session).claim(seconds=0.3)
        assert claim is not None
    await customer.reply("echo EXTERNAL_x")
    assert [turn["message_id"] for turn in rasa.turns] == [claim.message_id]


async def test_a_closed_conversation_is_opened_again_by_writing(customer: Customer, rasa: FakeRasa) -> None:
    async with transaction() as session:
        for cause, agent in ((Cause.TAKE, "a1"), (Cause.FINISH, None), (Cause.DISPOSE, None)):
            await conversations.change_owner(session, customer.conversation_id, cause, actor="a1", agent=agent)
    await customer.say("还在吗")
    await customer.reply("echo 还在吗")
    welcome = await customer.hello()
    assert (welcome["state"], welcome["owner"]) == ("BOT", None)


async def test_an_event_that_is_given_up_is_not_called_a_message(customer: Customer, rasa: FakeRasa) -> None:
    rasa.mode = {"fail": 503, "only": ""}
    async with transaction() as session:
        await conversations.post_event(session, customer.conversation_id, "EXTERNAL_order_paid", {}, "k1")
    assert "有一步没能自动继续" in (await customer.reply(HOTLINE))["body"]["text"]
    assert len(customer.texts("system")) == 1


async def test_a_message_that_is_given_up_goes_to_the_desk_when_there_is_one(
    customer: Customer, rasa: FakeRasa, registries: Any
) -> None:
    async def queue(session: Any, conversation_id: str, reason: str) -> bool:
        await conversations.change_owner(session, conversation_id, Cause(reason), actor="system")
        return True

    registries.request_human = queue
    rasa.mode = {"fail": 503}
    await customer.say("坏消息")
    await customer.until(lambda c: any(e["event"] == "ownership" and e["state"] == "QUEUED" for e in c.events))
    await customer.say("还有一句")
    assert (await customer.hello())["state"] == "QUEUED"
    assert {turn["text"] for turn in rasa.turns} == {"坏消息"}
