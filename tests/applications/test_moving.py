"""Moving about in a purchase: plan, needs, documents, consents, back, change, pause, another device, repeats."""

import pytest

from bot import clock
from bot.applications import forms, service
from bot.applications.jobs import INSIDE
from bot.applications.schemas import OutcomeKind, Status
from bot.applications.starting import EXPIRY_JOB
from bot.conversations import service as conversations
from bot.errors import Conflict, Invalid, NotFound
from bot.ids import new_id
from bot.settings import settings
from tests.applications.buyer import CONSENTS, NEEDS, P2_FACTORS, P4_FACTORS, Buyer, later


async def test_open_factors_are_asked_one_by_one(buyer):
    prompt = await buyer.start("P4", {})
    assert (prompt.code, prompt.values["label"]) == ("plan", "投保年龄")
    assert (await buyer.say("我30", "inform", age="30")).kind is OutcomeKind.ACCEPTED
    assert (await buyer.say("程序员", "inform", occupation="程序员")).kind is OutcomeKind.ACCEPTED
    assert [choice.title for choice in (await buyer.present()).choices] == ["计划A", "计划B", "计划C"]
    assert (await buyer.say("等待期多久", "ask_terms")).kind is OutcomeKind.NOT_AN_ANSWER
    await buyer.click("计划B")
    assert (await buyer.present()).code == "verification"


async def test_a_factor_that_is_not_offered_is_refused_with_the_reason(buyer):
    await buyer.start("P4", {"occupation": "程序员", "plan": "A"})
    outcome = await buyer.say("我70岁", "inform", age="70")
    assert (outcome.kind, outcome.code) == (OutcomeKind.INVALID, "plan_refused")
    assert "18周岁至65周岁" in outcome.values["reason"]


async def test_amount_is_taken_as_the_sum_insured(buyer):
    await buyer.start("P2", {**P2_FACTORS, "sum_insured": None})
    await buyer.say("30万吧", "inform", amount="300000")
    assert (await buyer.present()).code == "needs"


async def test_unknown_and_offline_products_cannot_be_bought(buyer):
    with pytest.raises(NotFound):
        await service.start(buyer.session, buyer.conversation_id, "P99", {}, "m1")


async def test_needs_form_gives_an_opinion_that_is_taken_note_of(buyer):
    await buyer.start("P2", P2_FACTORS)
    assert (await buyer.say("好的", "affirm")).code == "fill_form"
    await buyer.submit("needs", NEEDS)
    assert (await buyer.present()).code == "needs_suitable"
    await buyer.click("修改需求信息")
    assert (await buyer.present()).code == "needs"
    await buyer.submit("needs", {**NEEDS, "annual_income": "30000"})
    prompt = await buyer.present()
    assert prompt.code == "needs_mismatch"
    assert "20%" in prompt.values["reasons"]
    await buyer.click("不投保了")
    assert (await buyer.present()).code == "abandoned"


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("annual_income", "", "field_required"),
        ("annual_income", "-5", "field_money"),
        ("annual_income", "很多", "field_money"),
        ("annual_income", "NaN", "field_money"),
        ("budget", "1.234", "field_money"),
        ("budget", "0", "field_money"),
        ("main_concern", "weather", "field_choice"),
        ("existing_cover", None, "field_required"),
        ("insured_relation", ["self"], "field_choice"),
    ],
)
async def test_each_field_of_the_needs_form_is_checked(buyer, field, value, code):
    await buyer.start("P2", P2_FACTORS)
    with pytest.raises(Invalid) as caught:
        await buyer.submit("needs", {**NEEDS, field: value})
    assert caught.value.fields == {field: code}


async def test_short_products_have_no_needs_form(buyer):
    await buyer.start("P4", P4_FACTORS)
    with pytest.raises(Conflict):
        await buyer.submit("needs", NEEDS)


async def to_documents(buyer, customer_id):
    await buyer.start("P4", P4_FACTORS)
    await buyer.verify(customer_id)
    return (await buyer.present()).card["ref"]["document_id"]


@pytest.mark.parametrize(("opened", "code"), [(False, "document_unopened"), (True, "document_unconfirmed")])
@pytest.mark.parametrize("words", ["好的", "我看完了", "已阅读", "确认"])
async def test_words_confirm_no_document(buyer, customer_id, opened, code, words):
    document_id = await to_documents(buyer, customer_id)
    if opened:
        await service.open_document(buyer.session, document_id, buyer.conversation_id)
    assert (await buyer.say(words, "affirm")).code == code
    assert (await buyer.present()).card["ref"]["document_id"] == document_id


async def test_a_document_is_opened_then_read_for_a_while_then_confirmed(buyer, customer_id, monkeypatch):
    document_id = await to_documents(buyer, customer_id)
    with pytest.raises(Invalid, match="document_unopened"):
        await forms.submit_document(buyer.session, buyer.conversation_id, document_id)
    text = await service.open_document(buyer.session, document_id, buyer.conversation_id)
    assert text["clauses"] and {"number", "title", "text"} == set(text["clauses"][0])
    with pytest.raises(Invalid, match="document_too_fast"):
        await forms.submit_document(buyer.session, buyer.conversation_id, document_id)
    later(monkeypatch, seconds=settings().reading_seconds)
    await forms.submit_document(buyer.session, buyer.conversation_id, document_id)
    again = await forms.submit_document(buyer.session, buyer.conversation_id, document_id)
    assert again["document_id"] == document_id
    assert (await buyer.present()).values["index"] == 2


async def test_documents_are_confirmed_in_order_and_the_exclusions_have_their_own(buyer, customer_id, session):
    await to_documents(buyer, customer_id)
    sale = await service.access(session, buyer.application_id, buyer.conversation_id)
    assert [document.kind for document in sale.documents] == ["notice", "terms", "exclusions", "privacy"]
    await service.open_document(session, sale.documents[1].id, buyer.conversation_id)
    with pytest.raises(Conflict, match="document_out_of_turn"):
        await forms.submit_document(session, buyer.conversation_id, sale.documents[1].id)


async def test_documents_of_others_and_wrong_ids_are_not_found(buyer, customer_id, session):
    document_id = await to_documents(buyer, customer_id)
    stranger = (await conversations.open_conversation(session, "web")).conversation_id
    for wanted, conversation in ((document_id, stranger), (new_id(), buyer.conversation_id), ("x", stranger)):
        with pytest.raises(NotFound):
            await service.open_document(session, wanted, conversation)
    with pytest.raises(NotFound):
        await forms.submit_document(session, stranger, document_id)
    with pytest.raises(NotFound):
        await forms.submit_document(session, buyer.conversation_id, new_id())
    assert (await buyer.event("document_confirmed", document_id=new_id())).kind is OutcomeKind.NOT_AN_ANSWER


async def test_consents_are_separate_and_a_refusal_lets_the_customer_leave(buyer, customer_id, monkeypatch):
    await buyer.start("P4", P4_FACTORS)
    await buyer.go_to("consent", customer_id, monkeypatch)
    assert (await buyer.say("全部同意", "affirm")).code == "consent_by_card"
    assert (await buyer.say("健康信息拿去做什么", "ask_terms")).kind is OutcomeKind.NOT_AN_ANSWER
    with pytest.raises(Invalid) as caught:
        await buyer.submit("consent", {"consent_health": "agree"})
    assert caught.value.fields == {"consent_bank": "field_required"}
    await buyer.submit("consent", {"consent_health": "agree", "consent_bank": "refuse"})
    assert (await buyer.present()).code == "consent_refused"
    await buyer.click("返回重新选择")
    assert (await buyer.present()).values["count"] == 1
    await buyer.submit("consent", {"consent_bank": "refuse"})
    await buyer.click("不投保了")
    assert (await buyer.present()).code == "abandoned"
    assert (await buyer.say("同意", "affirm")).kind is OutcomeKind.FINISHED


async def test_an_insured_child_needs_the_consent_on_children(buyer, customer_id, monkeypatch):
    await buyer.start("P2", {**P2_FACTORS, "age": 8, "payment_period": "20"})
    prompt = await buyer.go_to("consent", customer_id, monkeypatch)
    assert prompt.values["count"] == 3


async def test_going_back_takes_back_one_thing_at_a_time(buyer, customer_id, monkeypatch, session):
    await buyer.start("P4", P4_FACTORS)
    await buyer.go_to("health_first", customer_id, monkeypatch)
    await buyer.say("没有", "deny")
    assert (await buyer.present()).values["index"] == 2
    assert (await service.go_back(session, buyer.application_id)).values["index"] == 1
    assert (await service.go_back(session, buyer.application_id)).code == "consent"
    assert (await service.go_back(session, buyer.application_id)).values["title"]
    assert (await buyer.present()).values["index"] == 4
    for _ in range(6):
        first = await service.go_back(session, buyer.application_id)
    assert (first.code, first.values["index"]) == ("document", 1)


async def test_going_back_from_the_cashier_cancels_the_order(buyer, customer_id, monkeypatch, session):
    await buyer.start("P4", P4_FACTORS)
    await buyer.go_to("payment", customer_id, monkeypatch)
    assert (await service.go_back(session, buyer.application_id)).code == "summary"
    with pytest.raises(Conflict):
        await service.contract(session, buyer.application_id)


async def test_the_same_message_answers_once(buyer, customer_id, monkeypatch):
    await buyer.start("P4", P4_FACTORS)
    await buyer.go_to("health_first", customer_id, monkeypatch)
    first = await buyer.say("没有", "deny", message_id="same")
    assert await buyer.say("没有", "deny", message_id="same") == first
    assert (await buyer.present()).values["index"] == 2


async def test_the_same_start_starts_once(buyer, session):
    first = await service.start(session, buyer.conversation_id, "P4", P4_FACTORS, "m")
    assert await service.start(session, buyer.conversation_id, "P4", P4_FACTORS, "m") == first


async def test_starting_again_goes_on_with_new_factors(buyer, session):
    first = await service.start(session, buyer.conversation_id, "P4", P4_FACTORS, "m1")
    again = await service.start(session, buyer.conversation_id, "P4", {**P4_FACTORS, "plan": "C"}, "m2")
    assert again.id == first.id
    assert (await service.access(session, first.id, buyer.conversation_id)).application.factors["plan"] == "C"


async def test_another_product_pauses_the_first_and_each_can_go_on(buyer, session):
    first = await service.start(session, buyer.conversation_id, "P4", P4_FACTORS, "m1")
    second = await service.start(session, buyer.conversation_id, "P2", P2_FACTORS, "m2")
    assert (await service.current(session, buyer.conversation_id)).id == second.id
    assert (await service.present(session, first.id)).code == "verification"
    assert (await service.current(session, buyer.conversation_id)).id == first.id
    await service.abandon(session, first.id)
    state = await service.current(session, buyer.conversation_id)
    assert (state.id, state.status) == (second.id, Status.PAUSED)


async def test_a_paused_application_goes_on_on_another_device(buyer, customer_id, monkeypatch, session):
    await buyer.start("P4", P4_FACTORS)
    await buyer.go_to("health_first", customer_id, monkeypatch)
    await buyer.say("没有", "deny")
    await service.pause(session, buyer.application_id)
    elsewhere = (await conversations.open_conversation(session, "web")).conversation_id
    assert await service.current(session, elsewhere) is None
    goes_on = await conversations.attach_customer(session, elsewhere, customer_id, key="v2")
    state = await service.current(session, goes_on)
    assert (state.id, state.status, state.step) == (buyer.application_id, Status.PAUSED, "health")
    assert (await service.present(session, state.id)).values["index"] == 2
    assert (await service.current(session, goes_on)).status is Status.OPEN


async def test_an_old_application_expires(buyer, monkeypatch, session):
    await buyer.start("P4", P4_FACTORS)
    later(monkeypatch, days=settings().application_days + 1)
    await INSIDE[EXPIRY_JOB](session, {"application_id": buyer.application_id})
    assert await service.current(session, buyer.conversation_id) is None
    assert (await buyer.present()).code == "expired"
    assert (await buyer.say("继续", "affirm")).kind is OutcomeKind.FINISHED


async def test_an_application_is_not_ended_before_its_time(buyer, session):
    await buyer.start("P4", P4_FACTORS)
    assert not await service.expire(session, buyer.application_id)
    assert (await buyer.present()).code == "verification"


async def test_an_old_application_is_not_taken_up_again(buyer, monkeypatch, session):
    first = await service.start(session, buyer.conversation_id, "P4", P4_FACTORS, "m1")
    later(monkeypatch, days=settings().application_days + 1)
    assert (await service.start(session, buyer.conversation_id, "P4", P4_FACTORS, "m2")).id != first.id


async def test_unknown_applications_are_not_found(session):
    for call in (service.present, service.go_back, service.pause, service.abandon, service.contract):
        with pytest.raises(NotFound):
            await call(session, new_id())


async def test_another_conversation_has_no_access(buyer, session):
    await buyer.start("P4", P4_FACTORS)
    stranger = Buyer(session, (await conversations.open_conversation(session, "web")).conversation_id)
    with pytest.raises(NotFound):
        await service.access(session, buyer.application_id, stranger.conversation_id)
    with pytest.raises(NotFound):
        await stranger.submit("consent", CONSENTS)


async def test_nothing_is_presented_twice_as_new(buyer, customer_id, monkeypatch, session):
    """Presenting again, as after a digression, adds nothing to the record."""
    from bot.records import service as records

    await buyer.start("P2", P2_FACTORS)
    for code in ("needs_suitable", "document", "consent", "summary", "payment"):
        await buyer.go_to(code, customer_id, monkeypatch)
        before = await records.head(session, buyer.application_id)
        assert await buyer.present() == await buyer.present()
        assert await records.head(session, buyer.application_id) == before
    assert clock.now()
