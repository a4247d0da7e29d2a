"""Buttons, cards, forms, documents, redaction, replay: what is stored, what a client sees, what Rasa gets."""

import json
from typing import Any, Dict

import pytest
from sqlalchemy import select, text

from bot.conversations import ports
from bot.errors import Invalid, NotFound
from bot.settings import settings
from bot.store import Database, transaction, vault
from bot.store.tables.conversations import Message
from tests.gateway.client import Customer
from tests.gateway.fake_rasa import FakeRasa

FORM = "quote_form"


def answer(*replies: Dict[str, Any], slot: str | None = None, loop: str | None = FORM) -> str:
    """A text that the stand-in for Rasa answers with these replies."""
    state = {"slots": {}, "active_loop": loop if slot else None, "requested_slot": slot}
    return "reply:" + json.dumps({"replies": list(replies), "state": state}, ensure_ascii=False)


def ask(question: str, *titles: str) -> Dict[str, Any]:
    buttons = [{"title": title, "payload": f'/inform{{"gender": "{title}"}}'} for title in titles]
    return {"text": question, "buttons": buttons}


async def test_a_click_sends_intent_and_entities_that_the_client_never_saw(customer: Customer, rasa: FakeRasa) -> None:
    await customer.say(answer(ask("性别？", "男", "女"), slot="gender"))
    question = await customer.reply("性别？")
    assert question["type"] == "buttons"
    assert question["body"]["buttons"] == [{"id": "b1", "title": "男"}, {"id": "b2", "title": "女"}]
    ack = await customer.click(question, "b2")
    await customer.reply("echo 女")
    turn = rasa.turns[-1]
    assert (turn["kind"], turn["intent"], turn["text"]) == ("button", "inform", "女")
    assert turn["entities"] == [{"entity": "gender", "value": "女"}]
    assert turn["message_id"] == ack["message_id"]


async def test_a_button_of_a_step_that_is_over_answers_with_the_present_step(
    customer: Customer, rasa: FakeRasa
) -> None:
    await customer.say(answer(ask("性别？", "男"), slot="gender"))
    old = await customer.reply("性别？")
    await customer.say(answer(ask("有社保吗？", "有"), slot="social_security"))
    await customer.reply("有社保吗？")
    refused = await customer.click(old)
    assert (refused["error"], refused["message"]) == ("button_expired", "此选项已过期，请按当前步骤继续。")
    assert refused["present"]["body"]["text"] == "有社保吗？"
    assert len(rasa.turns) == 2


async def test_a_remark_that_leaves_the_form_where_it_was_does_not_end_its_buttons(
    customer: Customer, rasa: FakeRasa
) -> None:
    await customer.say(answer(ask("性别？", "男"), slot="gender"))
    question = await customer.reply("性别？")
    await customer.say(answer({"text": "等待期90天。"}, slot="gender"))
    await customer.reply("90天")
    assert "message_id" in await customer.click(question)
    await customer.reply("echo 男")


async def test_a_form_that_moved_on_without_buttons_ends_the_old_ones(customer: Customer) -> None:
    await customer.say(answer(ask("性别？", "男"), slot="gender"))
    question = await customer.reply("性别？")
    await customer.say(answer({"text": "多大年纪？"}, slot="age"))
    await customer.reply("多大")
    assert (await customer.click(question))["error"] == "button_expired"


async def test_a_double_click_is_one_click(customer: Customer, rasa: FakeRasa) -> None:
    await customer.say(answer(ask("性别？", "男", "女"), slot="gender"))
    question = await customer.reply("性别？")
    rasa.mode = {"delay": 0.3}
    first = await customer.click(question)
    assert await customer.click(question) == first
    await customer.reply("echo 男")
    assert len(rasa.turns) == 2


async def test_a_second_click_that_the_first_overtakes_expires_at_dispatch(customer: Customer, rasa: FakeRasa) -> None:
    await customer.say(answer(ask("性别？", "男", "女"), slot="gender"))
    question = await customer.reply("性别？")
    rasa.mode = {"delay": 0.3}
    await customer.say(answer(ask("有社保吗？", "有"), slot="social_security"))
    late = await customer.click(question, "b2")
    assert "message_id" in late
    expired = await customer.until(lambda c: next((e for e in c.events if e["event"] == "expired_button"), None))
    assert (expired["message_id"], expired["reply_to"]) == (question["message_id"], late["message_id"])
    assert expired["present"]["body"]["text"] == "有社保吗？"
    assert len(rasa.turns) == 2


async def test_a_button_that_was_never_offered_is_unknown(customer: Customer) -> None:
    await customer.say(answer(ask("性别？", "男"), slot="gender"))
    question = await customer.reply("性别？")
    assert (await customer.click(question, "b9"))["error"] == "button_unknown"
    assert (await customer.send("button", {"message_id": "x", "button_id": "b1"}))["error"] == "button_unknown"


async def test_a_card_is_loaded_when_it_is_stored_and_its_buttons_are_opaque(
    customer: Customer, registries: ports.Ports, rasa: FakeRasa
) -> None:
    async def load(_session: Any, conversation_id: str, ref: Dict[str, Any]) -> Dict[str, Any]:
        assert conversation_id == customer.conversation_id
        buttons = [
            {"title": "看报价", "intent": "request_quote", "entities": {"product": code}} for code in ref["codes"]
        ]
        return {"text": "", "products": [{"code": b["entities"]["product"], "buttons": [b]} for b in buttons]}

    registries.cards["product_cards"] = load
    card = {"text": "为您找到", "custom": {"type": "product_cards", "ref": {"codes": ["P2", "P4"]}}}
    await customer.say(answer(card))
    shown = await customer.reply("为您找到")
    assert shown["type"] == "product_cards"
    assert [p["buttons"] for p in shown["body"]["products"]] == [
        [{"id": "b1", "title": "看报价"}],
        [{"id": "b2", "title": "看报价"}],
    ]
    await customer.click(shown, "b2")
    await customer.reply("echo 看报价")
    assert rasa.turns[-1]["entities"] == [{"entity": "product", "value": "P4"}]


async def test_a_card_that_cannot_be_loaded_gives_the_message_up_and_the_next_goes_on(
    customer: Customer, registries: ports.Ports
) -> None:
    async def load(_session: Any, _conversation_id: str, _ref: Dict[str, Any]) -> Dict[str, Any]:
        raise NotFound("quote_unknown")

    registries.cards["quote"] = load
    await customer.say(answer({"custom": {"type": "quote", "ref": {"quote_id": "q1"}}}))
    await customer.reply("没能处理成功")
    await customer.say("你好")
    await customer.reply("echo 你好")


class NeedsForm:
    """A form whose card shows whether it was submitted."""

    def __init__(self) -> None:
        self.submitted = False

    async def load(self, _session: Any, _conversation_id: str, _ref: Dict[str, Any]) -> Dict[str, Any]:
        return {"text": "请填写", "form_id": "needs", "title": "需求问卷", "submitted": self.submitted}

    async def submit(self, _session: Any, _conversation_id: str, values: Dict[str, Any]) -> Dict[str, Any]:
        if "income" not in values:
            raise Invalid(fields={"income": "field_missing"})
        self.submitted = True
        return {"application_id": "app1"}


@pytest.fixture
def needs(registries: ports.Ports) -> NeedsForm:
    form = NeedsForm()
    registries.cards["form"] = form.load
    registries.forms["needs"] = form.submit
    return form


async def test_a_form_is_validated_first_then_reported_as_an_event(
    customer: Customer, needs: NeedsForm, rasa: FakeRasa
) -> None:
    await customer.say(answer({"custom": {"type": "form", "ref": {"form_id": "needs"}}}))
    card = await customer.reply("请填写")
    refused = await customer.send("form", {"form_id": "needs", "values": {}})
    assert refused["error"] == "invalid"
    assert refused["fields"] == {"income": "请填写这一项。"}
    ack = await customer.send("form", {"form_id": "needs", "values": {"income": "300000"}})
    await customer.reply("echo EXTERNAL_form_submitted")
    assert customer.messages[ack["seq"]]["body"] == {"form_id": "needs", "text": "已提交：需求问卷"}
    assert customer.messages[card["seq"]]["body"]["submitted"] is True
    entities = {item["entity"]: item["value"] for item in rasa.turns[-1]["entities"]}
    assert (rasa.turns[-1]["kind"], entities) == ("event", {"form_id": "needs", "application_id": "app1"})


async def test_an_unknown_form_is_refused(customer: Customer) -> None:
    assert (await customer.send("form", {"form_id": "other", "values": {}}))["error"] == "form_unknown"


async def test_a_confirmed_document_is_reported_as_an_event(
    customer: Customer, registries: ports.Ports, rasa: FakeRasa
) -> None:
    async def confirm(_session: Any, _conversation_id: str, document_id: str) -> Dict[str, Any]:
        return {"kind": "terms"}

    registries.document = confirm
    await customer.send("document_confirm", {"document_id": "d1"})
    await customer.reply("echo EXTERNAL_document_confirmed")
    assert {e["entity"] for e in rasa.turns[-1]["entities"]} == {"document_id", "kind"}


async def test_personal_values_are_sealed_and_secrets_dropped_before_anything_else_sees_them(
    customer: Customer, rasa: FakeRasa, database: Database
) -> None:
    await customer.say("身份证990000199603120010，手机13800138000，银行卡4111111111111111")
    await customer.reply("echo")
    passed_on = rasa.turns[0]["text"]
    assert "⟦id_card:" in passed_on
    assert "⟦已删除⟧" in passed_on
    own = customer.log("customer")[0]["body"]["text"]
    assert own == "身份证9900**********0010，手机138****8000，银行卡⟦已删除⟧"
    warning = customer.log("system")[0]
    assert (warning["type"], warning["seq"]) == ("warning", 2)
    everything = await dump(database)
    for raw in ("990000199603120010", "13800138000", "4111111111111111"):
        assert raw not in passed_on
        assert raw not in everything


async def dump(database: Database) -> str:
    """Every value of every table but the sandbox's own."""
    rows = []
    async with transaction(read_only=True) as session:
        for table in ("messages", "inbox", "conversations", "vault_values", "transitions"):
            rows += [str(row) for row in (await session.execute(text(f"SELECT * FROM {table}"))).all()]
    return "\n".join(rows)


async def test_a_message_that_is_nothing_but_a_secret_is_not_sent_to_rasa(customer: Customer, rasa: FakeRasa) -> None:
    await customer.say("4111111111111111")
    await customer.until(lambda c: c.texts("system"))
    await customer.say("好的")
    await customer.reply("echo 好的")
    assert [turn["text"] for turn in rasa.turns] == ["好的"]


async def test_a_name_that_was_asked_for_is_sealed_but_a_question_is_not(customer: Customer, rasa: FakeRasa) -> None:
    slot = next(name for name, kind in settings().vault_slots.items() if kind == "name")
    for said, passed_on in (("为什么要问名字", "为什么要问名字"), ("我叫欧阳娜娜", "我叫⟦name:")):
        await customer.say(answer({"text": "怎么称呼您？"}, slot=slot))
        await customer.until(lambda c: c.texts()[-1] == "怎么称呼您？")
        await customer.say(said)
        await customer.reply(f"echo {said[:2]}")
        assert rasa.turns[-1]["text"].startswith(passed_on)
    token = rasa.turns[-1]["text"].removeprefix("我叫")
    async with transaction() as session:
        assert await vault.reveal(session, token, "test", "test") == "欧阳娜娜"
    assert customer.texts("customer")[-1] == "我叫欧***"


async def test_limits_of_text(customer: Customer, rasa: FakeRasa) -> None:
    too_long = await customer.say("长" * 10_000)
    assert (too_long["error"], too_long["message"]) == (
        "text_too_long",
        "内容太长了，最多 2000 个字，请分几条发送。",
    )
    assert (await customer.say(" \x00 "))["error"] == "text_empty"
    assert (await customer.send("picture", {}))["error"] == "message_type_unknown"
    assert (await customer.say("你好", "x" * 65))["error"] == "client_msg_id_invalid"
    await customer.say("长" * 2000)
    await customer.reply("echo 长")


async def test_coming_back_replays_what_was_missed(customer: Customer) -> None:
    await customer.say("你好")
    await customer.reply("echo 你好")
    await customer.close()
    seen = dict(customer.messages)
    customer.messages.clear()
    welcome = await customer.connect()
    assert (welcome["head_seq"], welcome["verified"], welcome["state"]) == (2, False, "BOT")
    await customer.until(lambda c: len(c.messages) == 2)
    assert customer.messages == seen


async def test_trace_and_state_are_kept_with_the_customers_message(customer: Customer) -> None:
    ack = await customer.say("你好")
    await customer.reply("echo 你好")
    async with transaction(read_only=True) as session:
        query = select(Message).where(Message.id == ack["message_id"])
        message = (await session.execute(query)).scalars().one()
    assert (message.trace["intent"]["name"], message.model_id) == ("inform", "m1")


async def test_reading_and_typing_reach_the_other_devices(customer: Customer, gateway: Any) -> None:
    other = Customer(gateway.url)
    other.conversation_id, other.token = customer.conversation_id, customer.token
    await other.connect()
    await customer.say("你好")
    await customer.reply("echo")
    await customer.socket.emit("typing", {"on": True})
    await other.until(lambda c: any(e["event"] == "typing" and e["sender"] == "customer" for e in c.events))
    await customer.socket.emit("read", {"up_to_seq": 99})
    await other.until(lambda c: {"event": "read", "party": "customer", "up_to_seq": 2} in c.events)
    await other.reply("echo")
    assert (await other.hello())["read"] == {"customer": 2}
    await other.close()


async def test_a_handler_that_breaks_still_gets_an_answer(customer: Customer, registries: ports.Ports) -> None:
    async def submit(_session: Any, _conversation_id: str, _values: Dict[str, Any]) -> Dict[str, Any]:
        raise KeyError("a fault of the handler")

    registries.forms["needs"] = submit
    refused = await customer.send("form", {"form_id": "needs", "values": {}})
    assert refused == {"error": "internal", "message": "系统开小差了，请稍后再试。"}
    assert customer.messages == {}


async def test_a_button_without_an_intent_speaks_for_the_customer(customer: Customer, rasa: FakeRasa) -> None:
    await customer.say(answer({"text": "请选", "buttons": [{"title": "继续", "payload": "我要继续"}]}))
    await customer.click(await customer.reply("请选"))
    await customer.reply("echo 我要继续")
    assert rasa.turns[-1]["kind"] == "text"
