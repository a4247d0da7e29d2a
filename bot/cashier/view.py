"""What the cashier page and the chat's card show of an order."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from sqlalchemy.ext.asyncio import AsyncSession

from bot import clock, errors, links
from bot.cashier import rules
from bot.cashier.money import yuan
from bot.cashier.providers import provider
from bot.cashier.providers.base import Method
from bot.cashier.repository import CashierRepository
from bot.cashier.rules import OrderStatus, PaymentStatus
from bot.settings import settings
from bot.store.tables.cashier import Order, Payment

PAGE_PURPOSE = "cashier"
# Longer than an order lives, so that the page still tells how a payment ended.
PAGE_AGE = timedelta(days=1)


def page_path(order_id: str) -> str:
    """Path of an order's cashier page, with a token that opens it for a day."""
    return f"/cashier/{order_id}?{urlencode({'t': links.sign(PAGE_PURPOSE, order_id)})}"


def check_token(order_id: str, token: str | None) -> None:
    """Raises Unauthorized unless the token opens this order's page."""
    links.check(PAGE_PURPOSE, order_id, token, PAGE_AGE)


async def status(session: AsyncSession, found: Order) -> dict[str, Any]:
    """How an order stands, as the page asks for it every few seconds.

    `state` is what the page shows: open | processing | failed | paid | issued | expired | cancelled | refund_pending |
    refunded. An order whose time is over counts as expired before the job has closed it.
    """
    payments = await CashierRepository(session).payments(found.id)
    last = payments[-1] if payments else None
    state = _state(found, last)
    return {
        "order_id": found.id,
        "state": state,
        "message": errors.text(f"cashier_{state}"),
        "product_name": found.description,
        "amount_fen": found.amount_fen,
        "currency": found.currency,
        "frequency": found.frequency,
        "expires_at": found.expires_at.isoformat(),
        "now": clock.now().isoformat(),
        "methods": [method.value for method in provider().methods],
        "payment": _payment(last) if last else None,
        "policy_no": found.policy_no,
    }


async def load_card(session: AsyncSession, conversation_id: str, ref: dict[str, Any]) -> dict[str, Any]:
    """The body of a `cashier` card; ref {"order_id"}. Raises NotFound("order_unknown")."""
    found = await CashierRepository(session).order(str(ref["order_id"]))
    until = f"{found.expires_at.astimezone(clock.SHANGHAI):%H:%M}"
    text = errors.text("cashier_card", product=found.description, amount=yuan(found.amount_fen), until=until)
    return {
        "text": text,
        "order_id": found.id,
        "product_name": found.description,
        "amount_fen": found.amount_fen,
        "frequency": found.frequency,
        "expires_at": found.expires_at.isoformat(),
        "status": found.status,
        "url": page_path(found.id),
    }


def return_url(order_id: str) -> str:
    """Address to which a provider sends the customer back."""
    return settings().public_base + page_path(order_id)


def _state(found: Order, last: Payment | None) -> str:
    status_ = OrderStatus(found.status)
    if status_ is not OrderStatus.PENDING:
        return status_.value
    if last is not None and _under_way(last):
        return "processing"
    if not rules.is_open(status_, found.expires_at, clock.now()):
        return OrderStatus.EXPIRED.value
    if last is not None and last.status == PaymentStatus.FAILED.value:
        return "failed"
    return "payer_mismatch" if last is not None and last.refund_reason == "payer_not_policyholder" else "open"


def _under_way(last: Payment) -> bool:
    """Whether the money is being taken; a wallet's page may also have been closed, so it does not count."""
    charged = last.status == PaymentStatus.CREATED.value and Method(last.method).is_card
    return charged or last.status == PaymentStatus.FLAGGED.value


def _payment(payment: Payment) -> dict[str, Any]:
    return {
        "payment_id": payment.id,
        "method": payment.method,
        "status": payment.status,
        "bank": payment.bank,
        "card_last4": payment.card_last4,
        "failure": errors.text(payment.failure) if payment.failure else None,
    }
