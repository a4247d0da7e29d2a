"""The health declaration and what follows from it: follow-ups, decisions in writing, people who decide."""

import pytest

from bot.applications import reviews, service
from bot.applications.reviews import Verdict
from bot.applications.sale import Sale
from bot.applications.schemas import OutcomeKind, Status
from bot.errors import Conflict, Invalid, NotFound
from bot.ids import new_id
from bot.store.tables.conversations import InboxRow
from tests.applications.buyer import P2_FACTORS, P4_FACTORS


async def to_question(buyer, customer_id, monkeypatch, number, product="P2", factors=P2_FACTORS):
    """All questions before `number` answered with no."""
    await buyer.start(product, factors)
    prompt = await buyer.go_to("health_first", customer_id, monkeypatch)
    while prompt.card["ref"]["question_no"] < number:
        await buyer.say("没有", "deny")
        prompt = await buyer.present()
    return prompt


async def finish_health(buyer):
    """No to all that is left; returns the prompt after the declaration."""
    while (prompt := await buyer.present()).code in ("health_first", "health", "health_more"):
        await buyer.say("没有", "deny")
    return prompt


async def answers(buyer):
    sale = await Sale.load(buyer.session, buyer.application_id)
    return {row.question_no: (row.value, list(row.findings)) for row in sale.answers}


async def test_one_no_answers_one_question(buyer, customer_id, monkeypatch):
    await to_question(buyer, customer_id, monkeypatch, 1)
    await buyer.say("都没有", "deny")
    assert (await buyer.present()).values["index"] == 2
    assert await answers(buyer) == {1: ("no", [])}


@pytest.mark.parametrize(
    ("words", "intent", "code"),
    [
        ("嗯", "affirm", "health_vague"),
        ("应该没有吧", "deny", "health_vague"),
        ("好的", "affirm", "health_vague"),
    ],
)
async def test_vague_words_answer_nothing(buyer, customer_id, monkeypatch, words, intent, code):
    await to_question(buyer, customer_id, monkeypatch, 1)
    assert (await buyer.say(words, intent)).code == code
    assert await answers(buyer) == {}


async def test_a_question_of_the_customer_is_a_digression(buyer, customer_id, monkeypatch):
    await to_question(buyer, customer_id, monkeypatch, 3)
    outcome = await buyer.say("高血压能买吗", "ask_terms", condition="pressure")
    assert outcome.kind is OutcomeKind.NOT_AN_ANSWER


async def test_a_yes_opens_the_follow_up_and_the_choice_is_kept(buyer, customer_id, monkeypatch):
    await to_question(buyer, customer_id, monkeypatch, 3)
    await buyer.say("有", "affirm")
    prompt = await buyer.present()
    assert prompt.code == "health_which"
    assert "高血压" in [choice.title for choice in prompt.choices]
    await buyer.click("高血压")
    prompt = await buyer.present()
    assert prompt.code == "health_which_grade"
    await buyer.click("高血压1级（140–159/90–99），控制良好、无并发症")
    prompt = await buyer.present()
    assert prompt.code == "health_more"
    await buyer.click("没有别的了")
    assert await answers(buyer) == {1: ("no", []), 2: ("no", []), 3: ("yes", ["pressure_1_controlled"])}


async def test_a_named_condition_goes_straight_to_its_grades(buyer, customer_id, monkeypatch):
    await to_question(buyer, customer_id, monkeypatch, 3)
    await buyer.say("有过高血压", "inform", condition="pressure")
    prompt = await buyer.present()
    assert all("高血压" in choice.title for choice in prompt.choices[:-2])
    await buyer.say("1")
    assert (await buyer.present()).code == "health_more"


async def test_two_named_conditions_are_asked_one_after_the_other(buyer, customer_id, monkeypatch):
    await to_question(buyer, customer_id, monkeypatch, 3)
    await buyer.say("高血压和糖尿病都有", "inform", condition=["pressure", "diabetes"])
    await buyer.say("1")
    prompt = await buyer.present()
    assert prompt.choices[0].title.startswith("2型糖尿病")
    await buyer.say("2")
    assert (await answers(buyer))[3] == ("yes", ["pressure_1_controlled", "diabetes_2"])


async def test_a_condition_that_the_question_does_not_ask_changes_nothing(buyer, customer_id, monkeypatch):
    await to_question(buyer, customer_id, monkeypatch, 3)
    assert (await buyer.say("我有痛风", "inform", condition="gout")).code == "health_not_asked"
    assert 3 not in await answers(buyer)


async def test_denying_one_condition_of_a_question_is_asked_again(buyer, customer_id, monkeypatch):
    await to_question(buyer, customer_id, monkeypatch, 3)
    assert (await buyer.say("没有高血压", "deny", condition="pressure")).code == "health_partly"


async def test_a_slip_can_be_put_right_in_the_follow_up(buyer, customer_id, monkeypatch):
    await to_question(buyer, customer_id, monkeypatch, 3)
    await buyer.click("有")
    assert (await buyer.say("没有", "deny")).code == "health_pick_one"
    assert (await buyer.say("这些都要体检吗", "ask_terms")).kind is OutcomeKind.NOT_AN_ANSWER
    await buyer.click("选错了，没有")
    assert (await answers(buyer))[3] == ("no", [])
    assert (await buyer.present()).values["index"] == 4


async def test_plain_standard_passes_underwriting_unseen(buyer, customer_id, monkeypatch):
    await to_question(buyer, customer_id, monkeypatch, 1)
    assert (await finish_health(buyer)).code == "parties"


async def underwritten(buyer, customer_id, monkeypatch, question, *picks, product="P2", factors=P2_FACTORS):
    """A yes to one question with these choices; returns the decision's prompt."""
    await to_question(buyer, customer_id, monkeypatch, question, product, factors)
    await buyer.click("有")
    for pick in picks:
        await buyer.click(pick)
    return await finish_health(buyer)


LOADING = ("高血压", "高血压2级（160–179/100–109），用药控制、无并发症")


async def test_a_loading_needs_the_customers_yes_and_raises_the_price(buyer, customer_id, monkeypatch):
    prompt = await underwritten(buyer, customer_id, monkeypatch, 3, *LOADING)
    assert prompt.code == "underwriting_loading"
    assert "50%" in prompt.values["terms"]
    assert [choice.title for choice in prompt.choices] == ["接受并继续", "不接受", "申请人工复核"]
    await buyer.click("接受并继续")
    changed = await buyer.go_to("quote_changed", customer_id, monkeypatch)
    assert (changed.values["old"], changed.values["new"]) == ("6,610.00元", "9,915.00元")
    await buyer.click("按新保费继续")
    await buyer.go_to("payment", customer_id, monkeypatch)
    sold = await service.contract(buyer.session, buyer.application_id)
    assert sold.premium_fen == 991500
    assert sold.special_terms == ["加费承保：保费加收50%"]


async def test_a_refused_loading_ends_the_sale(buyer, customer_id, monkeypatch):
    await underwritten(buyer, customer_id, monkeypatch, 3, *LOADING)
    await buyer.click("不接受")
    assert (await buyer.present()).code == "abandoned"


async def test_an_exclusion_becomes_a_special_term(buyer, customer_id, monkeypatch):
    prompt = await underwritten(buyer, customer_id, monkeypatch, 7, "甲状腺结节", "甲状腺结节，TI-RADS 3级")
    assert prompt.code == "underwriting_exclusion"
    assert "甲状腺" in prompt.values["terms"]
    await buyer.click("接受并继续")
    assert (await buyer.present()).code == "parties"


async def test_a_decline_is_told_with_its_reason_and_ends_politely(buyer, customer_id, monkeypatch):
    prompt = await underwritten(buyer, customer_id, monkeypatch, 1, "肿瘤与肿块", "患有或曾患恶性肿瘤")
    assert prompt.code == "underwriting_declined"
    assert "恶性肿瘤" in prompt.values["reasons"]
    assert (await buyer.click("知道了")).kind is OutcomeKind.FINISHED
    assert (await buyer.present()).code == "declined"
    assert await service.current(buyer.session, buyer.conversation_id) is None


async def test_unsure_asks_for_documents_and_a_person(buyer, customer_id, monkeypatch):
    await to_question(buyer, customer_id, monkeypatch, 9)
    await buyer.say("不清楚", "unsure")
    prompt = await finish_health(buyer)
    assert prompt.code == "underwriting_more_documents"
    await buyer.click("提交人工核保")
    assert (await buyer.present()).code == "underwriting_waiting"
    assert (await service.current(buyer.session, buyer.conversation_id)).status is Status.HUMAN_REVIEW


async def test_an_unlisted_condition_goes_to_a_person_even_beside_a_harmless_one(buyer, customer_id, monkeypatch):
    prompt = await underwritten(buyer, customer_id, monkeypatch, 2, "偶发早搏，或者窦性心动过缓", "有，但不在上面")
    assert prompt.code == "underwriting_human_review"


async def in_review(buyer, customer_id, monkeypatch):
    await underwritten(buyer, customer_id, monkeypatch, 3, *LOADING)
    await buyer.click("申请人工复核")
    return (await reviews.open_cases(buyer.session))[0]


async def test_a_person_decides_and_the_customer_hears_of_it(buyer, customer_id, monkeypatch, session):
    case = await in_review(buyer, customer_id, monkeypatch)
    assert (case.application_id, case.conclusion, case.asked_by) == (
        buyer.application_id,
        "loading",
        "customer",
    )
    assert (await buyer.say("好了吗", "affirm")).kind is OutcomeKind.NOT_AN_ANSWER
    await reviews.decide(session, case.id, Verdict("loading", "血压控制良好", loading_percent=25), actor="agent-1")
    assert await reviews.open_cases(session) == []
    assert (await buyer.event("underwriting_decided")).kind is OutcomeKind.ACCEPTED
    prompt = await buyer.present()
    assert (prompt.code, "25%" in prompt.values["terms"]) == ("underwriting_loading", True)
    assert [choice.title for choice in prompt.choices] == ["接受并继续", "不接受"]
    assert (await buyer.say("申请人工复核")).code == "underwriting_final"
    await buyer.click("接受并继续")
    assert (await buyer.present()).code == "parties"
    waiting = (await session.execute(InboxRow.__table__.select())).all()
    assert [row.intent for row in waiting].count("EXTERNAL_underwriting_decided") == 1


async def test_a_person_may_accept_plainly_or_decline(buyer, customer_id, monkeypatch, session):
    case = await in_review(buyer, customer_id, monkeypatch)
    await reviews.decide(session, case.id, Verdict("standard", "资料齐全"), actor="agent-1")
    assert (await buyer.present()).code == "parties"
    with pytest.raises(Conflict):
        await reviews.decide(session, case.id, Verdict("declined", "再想想"), actor="agent-1")
    with pytest.raises(NotFound):
        await reviews.decide(session, new_id(), Verdict("standard", "x"), actor="agent-1")


@pytest.mark.parametrize(
    ("verdict", "field"),
    [
        (Verdict("human_review", "x"), "conclusion"),
        (Verdict("standard", " "), "reason"),
        (Verdict("loading", "x"), "loading_percent"),
        (Verdict("standard", "x", loading_percent=10), "loading_percent"),
        (Verdict("exclusion", "x"), "exclusions"),
        (Verdict("loading", "x", loading_percent=1000), "loading_percent"),
    ],
)
async def test_a_verdict_must_be_whole(buyer, customer_id, monkeypatch, session, verdict, field):
    case = await in_review(buyer, customer_id, monkeypatch)
    with pytest.raises(Invalid) as caught:
        await reviews.decide(session, case.id, verdict, actor="agent-1")
    assert field in caught.value.fields


async def test_changing_a_health_answer_withdraws_the_review_and_decides_anew(buyer, customer_id, monkeypatch):
    await in_review(buyer, customer_id, monkeypatch)
    await service.change(buyer.session, buyer.application_id, "健康告知")
    assert await reviews.open_cases(buyer.session) == []
    assert (await service.current(buyer.session, buyer.conversation_id)).status is Status.OPEN
    assert (await buyer.present()).code == "health_first"
    assert (await finish_after_first(buyer)).code == "parties"


async def finish_after_first(buyer):
    await buyer.say("没有", "deny")
    return await finish_health(buyer)


async def test_the_customer_may_leave_while_a_person_decides(buyer, customer_id, monkeypatch):
    await in_review(buyer, customer_id, monkeypatch)
    await buyer.click("不投保了")
    assert (await buyer.present()).code == "abandoned"
    assert await reviews.open_cases(buyer.session) == []


async def test_a_dangerous_sport_in_the_accident_product(buyer, customer_id, monkeypatch):
    prompt = await underwritten(
        buyer, customer_id, monkeypatch, 2, "经常参加、参加比赛或以此为业", product="P4", factors=P4_FACTORS
    )
    assert prompt.code.startswith("underwriting_")
    assert prompt.code != "underwriting_standard"
