"""Pure rules of orders and payments: the state machine, and what a notice of the payment provider leads to.

    pending ──paid──▶ paid ──policy issued──▶ issued
     │  │              │ ▲                      │
     │  │              │ └──paid late───┐       └─surrendered in the cooling-off period─┐
     │  │              │                │                                               │
     │  │              └─cannot be issued────────────────────────────────────────────┐  │
     │  └──time over──▶ expired ────────┴─paid too late──────────────────────────┐   │  │
     └─────cancelled──▶ cancelled ──paid all the same──────────────────────────┐ │   │  │
                                                                               ▼ ▼   ▼  ▼
                                                  refunded ◀──money returned── refund_pending

Late payments. An order that expired is honoured when its payment was made on the day it was opened (Asia/Shanghai:
the price hangs on the age on the effective date, the day after) and no newer order took its place; otherwise the
money goes back. An order that the customer cancelled is never honoured.

Money that cannot be matched to its order is never lost and never issued on: the payment is flagged, and the
reconciliation asks the provider and then accepts or returns it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum

CURRENCY = "CNY"


class OrderStatus(str, Enum):
    """Where an order stands; the diagram above."""

    PENDING = "pending"
    PAID = "paid"
    ISSUED = "issued"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    REFUND_PENDING = "refund_pending"
    REFUNDED = "refunded"


class PaymentStatus(str, Enum):
    """Where one attempt to pay stands."""

    CREATED = "created"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    FLAGGED = "flagged"
    REFUND_PENDING = "refund_pending"
    REFUNDED = "refunded"


class NoticeStatus(str, Enum):
    """What a provider says of a payment."""

    PENDING = "pending"
    PAID = "paid"
    FAILED = "failed"
    REFUNDED = "refunded"


class Action(str, Enum):
    """What a notice leads to."""

    ACCEPT = "accept"
    RETURN = "return"
    FAIL = "fail"
    FLAG = "flag"
    FINISH_REFUND = "finish_refund"
    IGNORE = "ignore"


_NEXT: dict[OrderStatus, frozenset[OrderStatus]] = {
    OrderStatus.PENDING: frozenset({OrderStatus.PAID, OrderStatus.EXPIRED, OrderStatus.CANCELLED}),
    OrderStatus.PAID: frozenset({OrderStatus.ISSUED, OrderStatus.REFUND_PENDING}),
    OrderStatus.ISSUED: frozenset({OrderStatus.REFUND_PENDING}),
    OrderStatus.EXPIRED: frozenset({OrderStatus.PAID, OrderStatus.REFUND_PENDING}),
    OrderStatus.CANCELLED: frozenset({OrderStatus.REFUND_PENDING}),
    OrderStatus.REFUND_PENDING: frozenset({OrderStatus.REFUNDED}),
    OrderStatus.REFUNDED: frozenset(),
}

_SETTLED = frozenset({PaymentStatus.SUCCEEDED, PaymentStatus.REFUND_PENDING, PaymentStatus.REFUNDED})


@dataclass(frozen=True)
class OrderFacts:
    """What the rules need to know of an order; dates are those of Asia/Shanghai."""

    status: OrderStatus
    amount_fen: int
    currency: str
    opened_on: date
    superseded: bool


@dataclass(frozen=True)
class NoticeFacts:
    """What a provider says of a payment; `payer_matches` is None when it does not tell."""

    status: NoticeStatus
    amount_fen: int
    currency: str
    paid_on: date | None
    payer_matches: bool | None


@dataclass(frozen=True)
class Verdict:
    """What to do, and the reason code that is kept with it."""

    action: Action
    reason: str


def may_become(status: OrderStatus, target: OrderStatus) -> bool:
    """Whether the diagram has an arrow from one status to the other."""
    return target in _NEXT[status]


def is_open(status: OrderStatus, expires_at: datetime, now: datetime) -> bool:
    """Whether the customer may still pay."""
    return status is OrderStatus.PENDING and now < expires_at


def judge(order: OrderFacts, payment: PaymentStatus, notice: NoticeFacts, *, asked: bool = False) -> Verdict:
    """What a genuine notice about a payment of this order leads to; the same notice again leads to nothing.

    `asked` means that we asked and this is the answer: then money that does not fit the order is known to be there,
    and goes back instead of being flagged.
    """
    if notice.status is NoticeStatus.PAID:
        verdict = _judge_paid(order, payment, notice)
        return Verdict(Action.RETURN, verdict.reason) if asked and verdict.action is Action.FLAG else verdict
    if notice.status is NoticeStatus.FAILED:
        open_ = payment in (PaymentStatus.CREATED, PaymentStatus.FLAGGED)
        return Verdict(Action.FAIL, "failed") if open_ else Verdict(Action.IGNORE, "late")
    if notice.status is NoticeStatus.REFUNDED:
        return _judge_refunded(payment)
    return Verdict(Action.IGNORE, "still_pending")


def _judge_paid(order: OrderFacts, payment: PaymentStatus, notice: NoticeFacts) -> Verdict:
    if payment in _SETTLED:
        return Verdict(Action.IGNORE, "repeated")
    if notice.currency != order.currency:
        return Verdict(Action.FLAG, "currency_mismatch")
    if notice.amount_fen != order.amount_fen:
        return Verdict(Action.FLAG, "amount_mismatch")
    if notice.payer_matches is False:
        return Verdict(Action.RETURN, "payer_not_policyholder")
    return _judge_right_money(order, notice)


def _judge_right_money(order: OrderFacts, notice: NoticeFacts) -> Verdict:
    """The right amount of the right person: whether the order can still use it."""
    if order.status is OrderStatus.PENDING:
        return Verdict(Action.ACCEPT, "paid")
    if order.status is OrderStatus.EXPIRED:
        honoured = notice.paid_on == order.opened_on and not order.superseded
        return Verdict(Action.ACCEPT, "paid_late") if honoured else Verdict(Action.RETURN, "order_expired")
    return Verdict(Action.RETURN, "order_cancelled" if order.status is OrderStatus.CANCELLED else "paid_twice")


def _judge_refunded(payment: PaymentStatus) -> Verdict:
    if payment is PaymentStatus.REFUND_PENDING:
        return Verdict(Action.FINISH_REFUND, "refunded")
    if payment is PaymentStatus.REFUNDED:
        return Verdict(Action.IGNORE, "repeated")
    return Verdict(Action.FLAG, "refund_not_asked_for")
