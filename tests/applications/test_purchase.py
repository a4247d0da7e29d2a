"""The whole purchase at the level of the service: a one-year accident policy and a lifelong critical illness one."""

from datetime import timedelta

import pytest

from bot import clock
from bot.applications import service
from bot.applications.schemas import OutcomeKind
from bot.cashier import service as cashier
from bot.errors import Invalid
from bot.policies import ports
from bot.policies import service as policies
from bot.policies.rules import PolicyStatus
from bot.records import service as records
from tests.applications.buyer import MALE_30, P2_FACTORS, P4_FACTORS


async def issue(buyer, policy_no="HY2026040000011"):
    """What paying does, without the cashier."""
    await service.mark_issued(buyer.session, buyer.application_id, policy_no)


@pytest.mark.parametrize(("product", "factors", "premium_fen"), [("P4", P4_FACTORS, 16900), ("P2", P2_FACTORS, 661000)])
async def test_from_start_to_policy(buyer, customer_id, monkeypatch, product, factors, premium_fen):
    await buyer.start(product, factors)
    await buyer.go_to("summary", customer_id, monkeypatch)
    assert (await buyer.say("确认无误", "affirm")).kind is OutcomeKind.ACCEPTED

    paying = await buyer.present()
    assert (paying.code, paying.card["type"]) == ("payment", "cashier")
    order = await cashier.order(buyer.session, paying.card["ref"]["order_id"])
    assert order.amount_fen == premium_fen
    assert (await buyer.present()).card == paying.card

    sold = await service.contract(buyer.session, buyer.application_id)
    assert (sold.product_code, sold.premium_fen) == (product, premium_fen)
    assert sold.policyholder.id_token == sold.insured.id_token
    assert sold.beneficiaries == []

    await issue(buyer)
    assert (await buyer.event("order_paid", order_id=order.id)).kind is OutcomeKind.FINISHED
    assert (await buyer.present()).card == {"type": "policy", "ref": {"policy_no": "HY2026040000011"}}
    assert await service.current(buyer.session, buyer.conversation_id) is None
    assert (await service.contract(buyer.session, buyer.application_id)) == sold


@pytest.fixture
def sales():
    ports.use(ports.Sales(contract=service.contract, mark_issued=service.mark_issued))
    yield
    ports.use(None)


async def pay(buyer):
    """What the cashier does when money has come in."""
    order = await cashier.order(buyer.session, (await buyer.present()).card["ref"]["order_id"])
    paid = policies.Sale(
        order_id=order.id,
        application_id=order.application_id,
        conversation_id=order.conversation_id,
        customer_id=order.customer_id,
        quote_id=order.quote_id,
        amount_fen=order.amount_fen,
        paid_at=clock.now(),
    )
    return await policies.by_number(buyer.session, await policies.issue(buyer.session, paid))


async def test_a_paid_order_becomes_a_policy_of_what_was_confirmed(buyer, customer_id, monkeypatch, sales):
    await buyer.start("P2", P2_FACTORS)
    await buyer.go_to("payment", customer_id, monkeypatch)
    policy = await pay(buyer)
    assert (policy.product_code, policy.premium_fen, policy.ends_at) == ("P2", 661000, None)
    assert policy.effective_at.astimezone(clock.SHANGHAI).date() == clock.today() + timedelta(days=1)
    assert (await buyer.present()).values["policy_no"] == policy.policy_no
    assert (await records.verify(buyer.session, buyer.application_id)).valid


async def test_an_insured_has_one_running_accident_policy(buyer, customer_id, monkeypatch, sales):
    await buyer.start("P4", P4_FACTORS)
    await buyer.go_to("payment", customer_id, monkeypatch)
    policy = await pay(buyer)
    await buyer.start("P4", P4_FACTORS)
    with pytest.raises(Invalid) as caught:
        await buyer.go_to("summary", customer_id, monkeypatch)
    assert caught.value.fields == {"holder_id_number": "insured_has_policy"}
    await policies.end(buyer.session, policy.policy_no, PolicyStatus.SURRENDERED)
    await buyer.go_to("summary", customer_id, monkeypatch)


async def test_the_record_is_whole_and_holds_no_clear_value(buyer, customer_id, monkeypatch):
    await buyer.start("P4", P4_FACTORS)
    await buyer.go_to("summary", customer_id, monkeypatch)
    await buyer.say("确认", "affirm")
    await buyer.present()
    assert (await records.verify(buyer.session, buyer.application_id)).valid
    kept = str(await records.export(buyer.session, buyer.application_id))
    for clear in (MALE_30, "王小明", "13800138000", "ming@example.com", "文三路"):
        assert clear not in kept
    for kind in (
        "started",
        "document_opened",
        "document_confirmed",
        "consent",
        "health_answer",
        "summary_confirmed",
    ):
        assert kind in kept
