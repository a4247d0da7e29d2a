"""Use cases of orders: open, look at, cancel, expire, refund. The diagram is in rules.py; payments in payments.py."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot import clock
from bot.cashier import announce, rules
from bot.cashier.repository import CashierRepository
from bot.cashier.rules import OrderStatus, PaymentStatus
from bot.errors import Conflict, Invalid
from bot.ids import new_id
from bot.jobs import service as jobs
from bot.records import service as records
from bot.settings import settings
from bot.store.tables.cashier import Order, OrderTransition, Payment

EXPIRY_JOB = "order_expiry"
OVER = ("cancelled", "expired", "refund_pending", "refunded")


async def open_order(  # noqa: PLR0913, PLR0917
    session: AsyncSession,
    application_id: str,
    conversation_id: str,
    customer_id: str,
    quote_id: str,
    amount_fen: int,
    description: str,
    frequency: str = "yearly",
) -> Order:
    """The order that waits for this application's payment: the open one, or a new one.

    `description` is the product's full name. An open order on another quote is cancelled: its price is over. Raises
    Conflict when an order of the application is paid already, Invalid for an amount that is not above zero.
    """
    if amount_fen <= 0:
        raise Invalid("order_amount")
    repository = CashierRepository(session)
    for found in await repository.open_orders(application_id):
        if found.quote_id == quote_id and found.amount_fen == amount_fen and not _overdue(found):
            return found
        reason = OrderStatus.EXPIRED if _overdue(found) else OrderStatus.CANCELLED
        move(session, found, reason, "superseded")
    await session.flush()
    now = clock.now()
    order = Order(
        id=new_id(),
        application_id=application_id,
        conversation_id=conversation_id,
        customer_id=customer_id,
        quote_id=quote_id,
        description=description,
        amount_fen=amount_fen,
        currency=rules.CURRENCY,
        frequency=frequency,
        status=OrderStatus.PENDING.value,
        opened_at=now,
        expires_at=now + timedelta(minutes=settings().order_minutes),
    )
    if await repository.superseded(order):
        raise Conflict("order_already_paid")
    repository.add(order)
    await session.flush()
    await jobs.schedule(session, kind=EXPIRY_JOB, key=order.id, payload={"order_id": order.id}, run_at=order.expires_at)
    await _record(session, order, "order_opened", quote_id=quote_id)
    return order


async def order(session: AsyncSession, order_id: str) -> Order:
    """An order. Raises NotFound."""
    return await CashierRepository(session).order(order_id)


async def list_of_customer(session: AsyncSession, customer_id: str) -> list[Order]:
    """A customer's orders, newest first."""
    return await CashierRepository(session).of_customer(customer_id)


async def needing_attention(session: AsyncSession) -> list[Order]:
    """Orders that something is odd about, with its code in `attention`; for the desk and the operator."""
    return await CashierRepository(session).with_attention()


async def cancel_order(session: AsyncSession, order_id: str) -> Order:
    """The customer no longer wants to pay. Raises Conflict when the order is paid; when it is over, does nothing."""
    found = await CashierRepository(session).order(order_id, lock=True)
    if found.status in OVER:
        return found
    move(session, found, OrderStatus.CANCELLED, "customer")
    await _record(session, found, "order_cancelled")
    return found


async def expire_order(session: AsyncSession, order_id: str) -> bool:
    """Close an order whose time is over; returns whether it was this call that closed it."""
    found = await CashierRepository(session).order(order_id, lock=True)
    if found.status != OrderStatus.PENDING.value or not _overdue(found):
        return False
    move(session, found, OrderStatus.EXPIRED, "time_over")
    await _record(session, found, "order_expired")
    return True


async def refund_order(session: AsyncSession, order_id: str, reason: str) -> Order:
    """Give back the whole amount of a paid or issued order (surrender in the cooling-off period, or not insurable).

    The reconciliation pays it out; the money goes to the account that it came from (互联网保险业务监管办法, art. 40).
    `reason` is a code. Raises Conflict when there is nothing to give back.
    """
    repository = CashierRepository(session)
    found = await repository.order(order_id, lock=True)
    move(session, found, OrderStatus.REFUND_PENDING, reason)
    payment = await repository.locked_payment(str(found.paid_by))
    return_payment(payment, reason)
    await announce.returning(session, found, payment)
    await _record(session, found, "refund_requested", reason=reason)
    return found


def move(session: AsyncSession, found: Order, target: OrderStatus, reason: str) -> None:
    """Change an order's status along the diagram and keep the change. Raises Conflict where there is no arrow."""
    status = OrderStatus(found.status)
    if not rules.may_become(status, target):
        raise Conflict(f"order_is_{status.value}")
    found.status = target.value
    session.add(
        OrderTransition(
            id=new_id(),
            order_id=found.id,
            from_status=status.value,
            to_status=target.value,
            reason=reason,
            at=clock.now(),
        )
    )


def return_payment(payment: Payment, reason: str) -> None:
    """Mark a payment whose money must go back."""
    payment.status = PaymentStatus.REFUND_PENDING.value
    payment.refund_reason = reason


def check_open(found: Order) -> None:
    """Raises Conflict unless the order may still be paid."""
    if _overdue(found) and found.status == OrderStatus.PENDING.value:
        raise Conflict("order_is_expired")
    if found.status != OrderStatus.PENDING.value:
        raise Conflict(f"order_is_{found.status}")


def _overdue(found: Order) -> bool:
    return bool(found.expires_at <= clock.now())


async def _record(session: AsyncSession, found: Order, kind: str, **more: str) -> None:
    content = {"order_id": found.id, "amount_fen": found.amount_fen, "currency": found.currency, **more}
    await records.append(session, found.application_id, kind, content)
