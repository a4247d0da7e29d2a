"""The way of one message: session, hello, send, ack, inbox, turn, reply."""

from tests.gateway.client import Customer
from tests.gateway.fake_rasa import FakeRasa


async def test_a_message_is_acknowledged_and_answered(customer: Customer, rasa: FakeRasa) -> None:
    ack = await customer.say("你好", "c1")
    assert ack["seq"] == 1
    reply = await customer.reply("echo 你好")
    assert (reply["seq"], reply["sender"], reply["reply_to"]) == (2, "assistant", ack["message_id"])
    assert [turn["message_id"] for turn in rasa.turns] == [ack["message_id"]]


async def test_a_resend_gets_the_same_ack_and_is_not_answered_twice(customer: Customer, rasa: FakeRasa) -> None:
    first = await customer.say("你好", "c1")
    await customer.reply("echo")
    assert await customer.say("你好", "c1") == first
    await customer.say("再见")
    await customer.reply("echo 再见")
    assert customer.texts() == ["你好", "echo 你好", "再见", "echo 再见"]
    assert len(rasa.turns) == 2
