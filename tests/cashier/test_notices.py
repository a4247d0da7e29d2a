"""Everything that can go wrong with the notices of a payment provider."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from bot import clock
from bot.cashier import payments, process, service
from bot.cashier.providers.base import ForgedNotice, Method
from bot.cashier.providers.sandbox import settle
from bot.cashier.rules import NoticeStatus
from bot.errors import Conflict, Unavailable
from bot.store import transaction
from bot.store.tables.cashier import OrderTransition, PaymentNotice
from bot.store.tables.conversations import InboxRow, Message
from bot.store.tables.policies import Policy


async def count(table, *where) -> int:
    async with transaction(read_only=True) as session:
        return (await session.execute(select(func.count()).select_from(table).where(*where))).scalar_one()


async def test_a_paid_order_is_issued_in_the_same_transaction(shop):
    payment_id = await shop.begin()
    verdict = await shop.receive(shop.notice(payment_id))
    order = await shop.order()
    assert (verdict.reason, order.status, order.paid_by) == ("paid", "issued", payment_id)
    assert shop.sales.issued == {shop.application_id: order.policy_no}
    assert await count(InboxRow, InboxRow.key == f"paid:{order.id}") == 1


async def test_the_same_notice_again_changes_nothing(shop):
    notice = shop.notice(await shop.begin())
    await shop.receive(notice)
    assert (await shop.receive(notice)).reason == "repeated"
    assert await count(Policy) == 1
    assert await count(PaymentNotice) == 1


async def test_another_notice_of_the_same_payment_changes_nothing(shop):
    payment_id = await shop.begin()
    await shop.receive(shop.notice(payment_id))
    assert (await shop.receive(shop.notice(payment_id))).reason == "repeated"
    assert await count(Policy) == 1
    assert (await shop.payment(payment_id)).status == "succeeded"


async def test_notices_at_the_same_time_make_one_policy(shop):
    payment_id = await shop.begin()
    notice = shop.notice(payment_id)
    others = [shop.notice(payment_id) for _ in range(3)]
    verdicts = await asyncio.gather(*(shop.receive(each) for each in [notice, notice, *others]))
    assert sorted(verdict.reason for verdict in verdicts) == ["paid", *["repeated"] * 4]
    assert await count(Policy) == 1
    assert await count(OrderTransition, OrderTransition.to_status == "paid") == 1


@pytest.mark.parametrize(
    "change, reason",
    [
        ({"amount_fen": 1}, "amount_mismatch"),
        ({"amount_fen": 16901}, "amount_mismatch"),
        ({"currency": "USD"}, "currency_mismatch"),
    ],
)
async def test_wrong_money_is_flagged_and_not_issued(shop, change, reason):
    payment_id = await shop.begin()
    assert (await shop.receive(shop.notice(payment_id, **change))).reason == reason
    order = await shop.order()
    assert (order.status, order.attention, order.policy_no) == ("pending", reason, None)
    async with transaction(read_only=True) as session:
        assert [odd.id for odd in await service.needing_attention(session)] == [order.id]
    assert (await shop.payment(payment_id)).status == "flagged"
    assert await count(Policy) == 0


async def test_money_from_another_account_goes_back(shop):
    payment_id = await shop.begin()
    await shop.receive(shop.notice(payment_id, payer_matches=False))
    assert (await shop.order()).status == "pending"
    assert (await shop.payment(payment_id)).refund_reason == "payer_not_policyholder"


async def test_a_failure_that_arrives_after_the_payment_is_ignored(shop):
    payment_id = await shop.begin()
    await shop.receive(shop.notice(payment_id))
    await shop.receive(shop.notice(payment_id, status=NoticeStatus.FAILED))
    assert (await shop.order()).status == "issued"
    assert (await shop.payment(payment_id)).status == "succeeded"


async def test_a_payment_that_arrives_after_the_failure_counts(shop):
    payment_id = await shop.begin()
    await shop.receive(shop.notice(payment_id, status=NoticeStatus.FAILED, paid_at=None))
    assert (await shop.payment(payment_id)).status == "failed"
    await shop.receive(shop.notice(payment_id))
    assert (await shop.order()).status == "issued"


async def test_a_second_payment_of_an_issued_order_goes_back(shop):
    first, second = await shop.begin(Method.ALIPAY), await shop.begin(Method.WECHAT_PAY)
    await shop.receive(shop.notice(first))
    await shop.receive(shop.notice(second))
    assert (await shop.order()).status == "issued"
    assert (await shop.payment(second)).refund_reason == "paid_twice"
    assert await count(Policy) == 1


async def test_a_trade_of_another_payment_is_flagged(shop):
    first, second = await shop.begin(Method.ALIPAY), await shop.begin(Method.WECHAT_PAY)
    await shop.receive(shop.notice(first))
    verdict = await shop.receive(shop.notice(second, trade_no=f"SBX{first}"))
    assert verdict.reason == "trade_of_another_payment"
    assert (await shop.order()).attention == "trade_of_another_payment"


async def test_a_notice_of_a_payment_that_is_not_ours_is_kept_and_nothing_else(shop):
    verdict = await shop.receive(shop.notice("01HZZZZZZZZZZZZZZZZZZZZZZZ"))
    assert verdict.reason == "payment_unknown"
    assert await count(PaymentNotice) == 1
    assert (await shop.order()).status == "pending"


async def test_a_notice_of_another_provider_does_not_pay(shop):
    payment_id = await shop.begin()
    assert (await shop.receive(shop.notice(payment_id, provider="alipay"))).reason == "payment_unknown"
    assert (await shop.order()).status == "pending"


async def test_a_notice_changed_for_another_order_is_forged(shop):
    first, second = await shop.begin(Method.ALIPAY), await shop.begin(Method.WECHAT_PAY)
    notice = shop.notice(first)
    headers, body = shop.provider.signed({**vars(notice), "status": "paid", "paid_at": None, "failure": None})
    with pytest.raises(ForgedNotice):
        shop.provider.verify_notification(headers, body.replace(first.encode(), second.encode()))


async def test_a_late_payment_of_today_is_honoured(shop):
    payment_id = await shop.begin()
    await shop.age_order(expires_at=clock.now() - timedelta(seconds=1))
    async with transaction() as session:
        assert await service.expire_order(session, shop.order_id)
    assert (await shop.receive(shop.notice(payment_id))).reason == "paid_late"
    assert (await shop.order()).status == "issued"


async def test_a_late_payment_of_another_day_is_refunded(shop):
    payment_id = await shop.begin()
    await shop.age_order(opened_at=clock.now() - timedelta(days=1), expires_at=clock.now() - timedelta(days=1))
    async with transaction() as session:
        await service.expire_order(session, shop.order_id)
    assert (await shop.receive(shop.notice(payment_id))).reason == "order_expired"
    assert (await shop.order()).status == "refund_pending"
    assert await count(Policy) == 0


async def test_a_late_payment_of_a_replaced_order_is_refunded(shop):
    payment_id = await shop.begin()
    await shop.age_order(expires_at=clock.now() - timedelta(seconds=1))
    newer = await shop.reopen()
    assert newer != shop.order_id
    assert (await shop.receive(shop.notice(payment_id))).reason == "order_expired"
    assert (await shop.order()).status == "refund_pending"


async def test_a_payment_of_a_cancelled_order_is_refunded(shop):
    payment_id = await shop.begin()
    async with transaction() as session:
        await service.cancel_order(session, shop.order_id)
    assert (await shop.receive(shop.notice(payment_id))).reason == "order_cancelled"
    assert (await shop.order()).status == "refund_pending"


async def test_an_order_stays_paid_when_issuing_fails_for_now(shop):
    shop.sales.failure = Unavailable()
    payment_id = await shop.begin()
    await shop.receive(shop.notice(payment_id))
    order = await shop.order()
    assert (order.status, order.attention, order.policy_no) == ("paid", "issue_failed", None)
    assert await count(Policy) == 0
    shop.sales.failure = None
    assert (await process.reconcile()).issued == 1
    assert (await shop.order()).status == "issued"


async def test_an_order_stays_paid_whatever_breaks_while_issuing(shop):
    shop.sales.failure = KeyError("a fault of ours")
    await shop.receive(shop.notice(await shop.begin()))
    assert (await shop.order()).status == "paid"


async def test_an_order_that_can_never_be_issued_is_refunded(shop):
    shop.sales.failure = Conflict("application_over")
    payment_id = await shop.begin()
    await shop.receive(shop.notice(payment_id))
    assert (await shop.order()).status == "refund_pending"
    assert (await shop.payment(payment_id)).refund_reason == "application_over"


async def test_a_contract_changed_after_payment_is_not_issued(shop):
    payment_id = await shop.begin()
    shop.sales.change(shop.application_id, premium_fen=99)
    await shop.receive(shop.notice(payment_id))
    assert (await shop.order()).status == "refund_pending"
    assert await count(Policy) == 0


async def test_the_customer_is_told_where_the_money_goes(shop):
    payment_id = await shop.begin()
    async with transaction() as session:
        await settle(session, payment_id, payer_matches=False)
    await shop.receive(shop.notice(payment_id, payer_matches=False))
    await process.reconcile()
    async with transaction(read_only=True) as session:
        said = (await session.execute(select(Message.body).where(Message.sender == "system"))).scalars().all()
    assert ["169.00 元会原路退回" in body["text"] for body in said] == [True, False]
    assert "169.00 元已原路退回" in said[1]["text"]


async def test_a_conversation_that_is_gone_does_not_stop_the_policy(shop):
    await shop.age_order(conversation_id="gone")
    await shop.receive(shop.notice(await shop.begin()))
    assert (await shop.order()).status == "issued"


async def test_a_refund_nobody_asked_for_is_flagged(shop):
    payment_id = await shop.begin()
    await shop.receive(shop.notice(payment_id))
    await shop.receive(shop.notice(payment_id, status=NoticeStatus.REFUNDED))
    order = await shop.order()
    assert (order.status, order.attention) == ("issued", "refund_not_asked_for")


async def test_a_notice_finishes_a_refund(shop):
    payment_id = await shop.begin()
    await shop.receive(shop.notice(payment_id))
    async with transaction() as session:
        await service.refund_order(session, shop.order_id, "cooling_off")
    await shop.receive(shop.notice(payment_id, status=NoticeStatus.REFUNDED))
    assert (await shop.order()).status == "refunded"
    assert (await shop.payment(payment_id)).status == "refunded"


async def test_the_first_commit_wins_even_when_the_second_payment_was_first(shop):
    """Two wallets paid at the same moment: exactly one pays the order, the other money goes back."""
    both = [await shop.begin(Method.ALIPAY), await shop.begin(Method.WECHAT_PAY)]
    await asyncio.gather(*(shop.receive(shop.notice(each)) for each in both))
    statuses = sorted([(await shop.payment(each)).status for each in both])
    assert statuses == ["refund_pending", "succeeded"]
    assert await count(Policy) == 1


async def test_the_history_of_an_order_is_kept(shop):
    await shop.receive(shop.notice(await shop.begin()))
    async with transaction(read_only=True) as session:
        history = await payments.CashierRepository(session).transitions(shop.order_id)
    assert [(step.from_status, step.to_status) for step in history] == [("pending", "paid"), ("paid", "issued")]
