"""The end of a purchase: the real price, suitability, the summary and its changes, paying."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import clock
from bot.applications import pricing, service, suitability
from bot.applications.contracts import ends_on
from bot.applications.sale import Sale
from bot.applications.schemas import OutcomeKind
from bot.applications.suitability import Means, check
from bot.cashier import service as cashier
from bot.cashier.rules import OrderStatus
from bot.errors import Conflict, Invalid
from bot.parties.service import age_on, anniversary
from tests.applications.buyer import FEMALE_30, NEEDS, P2_FACTORS, P4_FACTORS, PARTIES, later
from tests.applications.test_parties import number


async def test_a_price_that_differs_from_the_one_told_is_said_and_confirmed(buyer, customer_id, monkeypatch):
    await buyer.start("P2", P2_FACTORS)
    woman = {**PARTIES, "holder_id_number": FEMALE_30}
    prompt = await buyer.go_to("quote_changed", customer_id, monkeypatch, parties=woman)
    assert (prompt.values["old"], prompt.values["new"]) == ("6,610.00元", "5,785.00元")
    assert (await buyer.say("为什么变了", "ask_terms")).kind is OutcomeKind.NOT_AN_ANSWER
    await buyer.click("按新保费继续")
    assert (await buyer.present()).code == "summary"


async def test_a_changed_price_may_be_refused(buyer, customer_id, monkeypatch):
    await buyer.start("P2", P2_FACTORS)
    await buyer.go_to("quote_changed", customer_id, monkeypatch, parties={**PARTIES, "holder_id_number": FEMALE_30})
    await buyer.click("不投保了")
    assert (await buyer.present()).code == "abandoned"


async def test_the_occupation_of_the_form_outweighs_the_one_said(buyer, customer_id, monkeypatch):
    await buyer.start("P4", P4_FACTORS)
    rider = {**PARTIES, "insured_occupation": "外卖骑手"}
    prompt = await buyer.go_to("quote_changed", customer_id, monkeypatch, parties=rider)
    assert (prompt.values["old"], prompt.values["new"]) == ("169.00元", "328.00元")


async def test_an_age_for_which_the_sum_is_not_offered_asks_for_a_change(buyer, customer_id, monkeypatch):
    await buyer.start("P2", P2_FACTORS)
    born = clock.today().replace(year=clock.today().year - 45) - timedelta(days=30)
    older = {**PARTIES, "holder_id_number": number(born)}
    prompt = await buyer.go_to("quote_refused", customer_id, monkeypatch, parties=older)
    assert "40万元" in prompt.values["reason"]
    assert (await buyer.say("好的", "affirm")).code == "quote_needs_change"
    outcome = await buyer.say("改成45万", "correct", field="sum_insured", value="450000")
    assert (outcome.kind, outcome.code) == (OutcomeKind.INVALID, "plan_refused")
    with pytest.raises(Invalid):
        await service.change(buyer.session, buyer.application_id, "sum_insured", "450000")
    prompt = await service.change(buyer.session, buyer.application_id, "sum_insured", "300000")
    assert (prompt.code, "20年交" in prompt.values["reason"]) == ("quote_refused", True)
    await buyer.click("修改交费期间")
    await buyer.click("20年交")
    assert (await buyer.present()).code == "quote_changed"


@pytest.mark.parametrize(
    ("field", "value", "new"),
    [("plan", "C", "318.00元"), ("frequency", None, "14.79元"), ("frequency", "monthly", "14.79元")],
)
async def test_a_change_in_the_summary_requotes_and_asks_again(buyer, customer_id, monkeypatch, field, value, new):
    await buyer.start("P4", P4_FACTORS)
    await buyer.go_to("payment", customer_id, monkeypatch)
    sale = await Sale.load(buyer.session, buyer.application_id)
    order_id = sale.application.order_id
    prompt = await service.change(buyer.session, buyer.application_id, field, value)
    assert (prompt.code, prompt.values["new"]) == ("quote_changed", new)
    assert (await cashier.order(buyer.session, order_id)).status == OrderStatus.CANCELLED.value
    with pytest.raises(Conflict):
        await service.contract(buyer.session, buyer.application_id)
    await buyer.click("按新保费继续")
    assert (await buyer.present()).code == "summary"
    again = await buyer.go_to("payment", customer_id, monkeypatch)
    assert again.card["ref"]["order_id"] != order_id
    assert again.values["amount"] == new


async def test_buttons_of_the_summary_change_each_part(buyer, customer_id, monkeypatch):
    await buyer.start("P2", P2_FACTORS)
    summary = await buyer.go_to("summary", customer_id, monkeypatch)
    titles = [choice.title for choice in summary.choices]
    expected = ["确认无误，去支付", "修改基本保险金额", "修改保险期间", "修改交费期间", "改为月交"]
    assert titles[:5] == expected
    assert titles[5:] == ["修改投保信息", "修改健康告知", "修改需求信息", "不投保了"]
    await buyer.click("修改交费期间")
    assert (await buyer.present()).code == "plan"
    await buyer.click("20年交")
    assert (await buyer.present()).code == "quote_changed"


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("健康告知", "health_first"),
        ("受益人", "parties_again"),
        ("需求", "needs"),
        ("条款", "document"),
        ("保额", "plan"),
    ],
)
async def test_the_customers_words_name_the_part(buyer, customer_id, monkeypatch, word, code):
    await buyer.start("P2", P2_FACTORS)
    await buyer.go_to("summary", customer_id, monkeypatch)
    assert (await service.change(buyer.session, buyer.application_id, word)).code == code


async def test_what_is_not_there_cannot_be_changed(buyer, customer_id, monkeypatch):
    await buyer.start("P4", P4_FACTORS)
    assert (await service.change(buyer.session, buyer.application_id, "电话")).code == "verification"
    assert (await buyer.say("改下保额", "correct", field="sum_insured")).code == "change_nothing"
    assert (await buyer.say("天气", "correct", field="weather")).code == "change_nothing"


async def test_a_doubt_at_the_summary_asks_what_to_change(buyer, customer_id, monkeypatch):
    await buyer.start("P4", P4_FACTORS)
    await buyer.go_to("summary", customer_id, monkeypatch)
    assert (await buyer.say("不确认", "deny")).code == "summary_change_what"
    assert (await buyer.say("免责有哪些", "ask_terms")).kind is OutcomeKind.NOT_AN_ANSWER
    await buyer.click("不投保了")
    assert (await buyer.present()).code == "abandoned"


POOR = {**NEEDS, "annual_income": "20000", "budget": "3000"}


async def to_mismatch(buyer, customer_id, monkeypatch):
    await buyer.start("P2", P2_FACTORS)
    return await buyer.go_to("suitability_mismatch", customer_id, monkeypatch, needs=POOR)


async def test_a_purchase_beyond_the_means_is_advised_against(buyer, customer_id, monkeypatch):
    prompt = await to_mismatch(buyer, customer_id, monkeypatch)
    assert "20%" in prompt.values["reasons"] and "150%" in prompt.values["reasons"]
    assert (await buyer.say("好的", "affirm")).code == "suitability_vague"
    await buyer.click("听建议，先不投保")
    assert (await buyer.present()).code == "abandoned"


async def test_who_insists_says_so_in_writing(buyer, customer_id, monkeypatch):
    await to_mismatch(buyer, customer_id, monkeypatch)
    await buyer.click("我坚持投保")
    assert (await buyer.present()).code == "suitability_statement"
    assert (await buyer.say("确认", "affirm")).code == "suitability_in_writing"
    assert (await buyer.say("坚持投保会怎样", "ask_terms")).kind is OutcomeKind.NOT_AN_ANSWER
    assert (await buyer.say("我已了解上述风险，仍自愿坚持投保")).kind is OutcomeKind.ACCEPTED
    assert (await buyer.present()).code == "summary"
    sale = await Sale.load(buyer.session, buyer.application_id)
    assert sale.statement.words == "我已了解上述风险，仍自愿坚持投保"
    await service.go_back(buyer.session, buyer.application_id)
    assert (await buyer.present()).code == "suitability_mismatch"


async def test_a_higher_price_needs_a_new_statement(buyer, customer_id, monkeypatch):
    await to_mismatch(buyer, customer_id, monkeypatch)
    await buyer.say("我坚持投保")
    await buyer.say("我知道有风险，还是要买")
    await service.change(buyer.session, buyer.application_id, "payment_period", "20")
    await buyer.click("按新保费继续")
    assert (await buyer.present()).code == "suitability_mismatch"


async def test_paying_is_not_said_but_done(buyer, customer_id, monkeypatch):
    await buyer.start("P4", P4_FACTORS)
    await buyer.go_to("payment", customer_id, monkeypatch)
    for words in ("付好了", "已支付", "好的"):
        assert (await buyer.say(words, "affirm")).code == "payment_pending"
    assert (await buyer.say("卡被盗了怎么办", "ask_terms")).kind is OutcomeKind.NOT_AN_ANSWER
    assert (await buyer.event("order_paid", order_id="another")).kind is OutcomeKind.NOT_AN_ANSWER


async def test_once_paid_nothing_moves_until_the_policy_is_issued(buyer, customer_id, monkeypatch, session):
    await buyer.start("P4", P4_FACTORS)
    paying = await buyer.go_to("payment", customer_id, monkeypatch)
    order = await cashier.order(session, paying.card["ref"]["order_id"])
    order.status = OrderStatus.PAID.value
    await session.flush()
    assert (await buyer.present()).code == "payment_processing"
    assert (await service.go_back(session, buyer.application_id)).code == "payment_processing"
    assert (await service.change(session, buyer.application_id, "plan", "C")).code == "payment_processing"
    assert (await buyer.say("好的", "affirm")).code == "payment_processing"
    with pytest.raises(Conflict):
        await service.abandon(session, buyer.application_id)
    later(monkeypatch, days=60)
    assert not await service.expire(session, buyer.application_id)
    assert (await service.contract(session, buyer.application_id)).premium_fen == 16900


async def test_payment_over_midnight_keeps_the_confirmed_contract(buyer, customer_id, monkeypatch, session):
    at = datetime.combine(clock.today() + timedelta(days=1), datetime.min.time(), clock.SHANGHAI) - timedelta(
        minutes=20
    )
    monkeypatch.setattr(clock, "now", lambda: at)
    await buyer.start("P4", P4_FACTORS)
    paying = await buyer.go_to("payment", customer_id, monkeypatch)
    before = await service.contract(session, buyer.application_id)
    later(monkeypatch, minutes=40)
    assert await service.contract(session, buyer.application_id) == before
    assert (await buyer.present()).code == "summary"
    assert (await buyer.go_to("payment", customer_id, monkeypatch)).card != paying.card


async def test_an_expired_order_is_replaced(buyer, customer_id, monkeypatch):
    await buyer.start("P4", P4_FACTORS)
    first = await buyer.go_to("payment", customer_id, monkeypatch)
    later(monkeypatch, minutes=31)
    again = await buyer.go_to("payment", customer_id, monkeypatch)
    assert again.card["ref"] != first.card["ref"]


async def test_a_policy_is_issued_once(buyer, customer_id, monkeypatch, session):
    await buyer.start("P4", P4_FACTORS)
    await buyer.go_to("payment", customer_id, monkeypatch)
    await service.mark_issued(session, buyer.application_id, "HY1")
    await service.mark_issued(session, buyer.application_id, "HY1")
    with pytest.raises(Conflict):
        await service.mark_issued(session, buyer.application_id, "HY2")
    await service.abandon(session, buyer.application_id)
    assert (await buyer.present()).code == "issued"


def means(**changes):
    fitting = Means(
        yearly_premium_fen=100_000,
        is_single=False,
        income_fen=10_000_000,
        budget_fen=100_000,
        payment_years=20,
        policyholder_age=30,
        has_same_indemnity=False,
        concern_fits=True,
    )
    return Means(**{**vars(fitting), **changes})


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({}, []),
        ({"yearly_premium_fen": 2_000_000, "budget_fen": 9_000_000}, []),
        ({"yearly_premium_fen": 2_000_001, "budget_fen": 9_000_000}, ["yearly_over_income"]),
        ({"is_single": True, "yearly_premium_fen": 40_000_000, "budget_fen": 90_000_000}, []),
        (
            {"is_single": True, "yearly_premium_fen": 40_000_001, "budget_fen": 90_000_000},
            ["single_over_income"],
        ),
        ({"policyholder_age": 54}, []),
        ({"policyholder_age": 55}, ["years_plus_age"]),
        ({"policyholder_age": None, "payment_years": 80}, []),
        ({"yearly_premium_fen": 149_999}, []),
        ({"yearly_premium_fen": 150_000}, ["over_budget"]),
        ({"has_same_indemnity": True}, ["same_cover"]),
        ({"concern_fits": False}, ["other_concern"]),
    ],
)
def test_the_numbers_of_the_suitability_rules(changes, codes):
    found = check(means(**changes))
    assert [finding.code for finding in found] == codes
    assert suitability.sentences(found) or not found


@given(st.integers(1, 10**9), st.integers(0, 300))
def test_a_loading_is_never_less_than_the_standard_premium_and_rounds_half_up(premium_fen, percent):
    loaded = pricing.loaded(premium_fen, percent)
    assert premium_fen <= loaded
    assert abs(loaded * 100 - premium_fen * (100 + percent)) <= 50


@given(st.dates(datetime(1960, 1, 1).date(), datetime(2026, 1, 1).date()), st.integers(0, 400))
def test_cover_to_an_age_ends_before_the_first_anniversary_after_it(born, days):
    start = datetime(2026, 2, 1).date() + timedelta(days=days)
    last = ends_on("to70", start, born)
    assert age_on(born, last + timedelta(days=1)) >= 70
    years = last.year - start.year + (1 if last.month == 12 and last.day == 31 else 0)
    assert age_on(born, anniversary(start, years - 1)) < 70


def test_terms_end():
    start = datetime(2026, 11, 23).date()
    assert ends_on("whole_life", start, None) is None
    assert ends_on("1y", start, None).isoformat() == "2027-11-22"
    with pytest.raises(ValueError, match="unknown term"):
        ends_on("forever", start, None)
