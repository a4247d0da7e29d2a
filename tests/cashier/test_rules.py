"""The state machine and the judgement of notices, without database or provider."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cashier.rules import (
    Action,
    NoticeFacts,
    NoticeStatus,
    OrderFacts,
    OrderStatus,
    PaymentStatus,
    Verdict,
    judge,
    may_become,
)

DAY = date(2026, 11, 22)
PAID = NoticeFacts(NoticeStatus.PAID, 16900, "CNY", DAY, True)

orders = st.builds(
    OrderFacts,
    status=st.sampled_from(OrderStatus),
    amount_fen=st.just(16900),
    currency=st.just("CNY"),
    opened_on=st.just(DAY),
    superseded=st.booleans(),
)
notices = st.builds(
    NoticeFacts,
    status=st.sampled_from(NoticeStatus),
    amount_fen=st.sampled_from([16900, 16901, 1]),
    currency=st.sampled_from(["CNY", "USD"]),
    paid_on=st.sampled_from([None, DAY, date(2026, 11, 23)]),
    payer_matches=st.sampled_from([None, True, False]),
)


def order(status: OrderStatus, superseded: bool = False) -> OrderFacts:
    return OrderFacts(status, 16900, "CNY", DAY, superseded)


@given(orders, st.sampled_from(PaymentStatus), notices)
def test_an_order_is_accepted_only_for_the_right_money_of_the_right_person(order_, payment, notice):
    verdict = judge(order_, payment, notice)
    if verdict.action is Action.ACCEPT:
        assert (notice.amount_fen, notice.currency) == (order_.amount_fen, order_.currency)
        assert notice.payer_matches is not False
        assert may_become(order_.status, OrderStatus.PAID)
        assert payment not in (PaymentStatus.SUCCEEDED, PaymentStatus.REFUND_PENDING, PaymentStatus.REFUNDED)


@given(orders, st.sampled_from(PaymentStatus), notices)
def test_money_is_never_ignored_before_it_is_settled(order_, payment, notice):
    unsettled = payment in (PaymentStatus.CREATED, PaymentStatus.FAILED, PaymentStatus.FLAGGED)
    if notice.status is NoticeStatus.PAID and unsettled:
        assert judge(order_, payment, notice).action in (Action.ACCEPT, Action.RETURN, Action.FLAG)


@pytest.mark.parametrize(
    "status, superseded, notice, expected",
    [
        (OrderStatus.PENDING, False, PAID, Verdict(Action.ACCEPT, "paid")),
        (OrderStatus.EXPIRED, False, PAID, Verdict(Action.ACCEPT, "paid_late")),
        (OrderStatus.EXPIRED, True, PAID, Verdict(Action.RETURN, "order_expired")),
        (OrderStatus.CANCELLED, False, PAID, Verdict(Action.RETURN, "order_cancelled")),
        (OrderStatus.PAID, False, PAID, Verdict(Action.RETURN, "paid_twice")),
        (OrderStatus.ISSUED, False, PAID, Verdict(Action.RETURN, "paid_twice")),
        (OrderStatus.REFUNDED, False, PAID, Verdict(Action.RETURN, "paid_twice")),
    ],
)
def test_a_paid_notice_by_status_of_the_order(status, superseded, notice, expected):
    assert judge(order(status, superseded), PaymentStatus.CREATED, notice) == expected


def test_a_late_payment_of_another_day_goes_back():
    late = NoticeFacts(NoticeStatus.PAID, 16900, "CNY", date(2026, 11, 23), True)
    assert judge(order(OrderStatus.EXPIRED), PaymentStatus.CREATED, late) == Verdict(Action.RETURN, "order_expired")


def test_a_failure_after_the_payment_is_too_late():
    failed = NoticeFacts(NoticeStatus.FAILED, 16900, "CNY", None, None)
    assert judge(order(OrderStatus.ISSUED), PaymentStatus.SUCCEEDED, failed).action is Action.IGNORE
    assert judge(order(OrderStatus.PENDING), PaymentStatus.CREATED, failed).action is Action.FAIL


def test_a_payment_after_the_failure_counts():
    assert judge(order(OrderStatus.PENDING), PaymentStatus.FAILED, PAID).action is Action.ACCEPT


def test_a_refund_counts_only_when_asked_for():
    refunded = NoticeFacts(NoticeStatus.REFUNDED, 16900, "CNY", None, None)
    facts = order(OrderStatus.REFUND_PENDING)
    assert judge(facts, PaymentStatus.REFUND_PENDING, refunded).action is Action.FINISH_REFUND
    assert judge(facts, PaymentStatus.REFUNDED, refunded).action is Action.IGNORE
    assert judge(order(OrderStatus.ISSUED), PaymentStatus.SUCCEEDED, refunded).action is Action.FLAG


def test_nothing_leads_back_to_pending_and_refunded_is_the_end():
    assert not any(may_become(status, OrderStatus.PENDING) for status in OrderStatus)
    assert not any(may_become(OrderStatus.REFUNDED, status) for status in OrderStatus)
