"""All SQL of orders, payments and notices."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.cashier.rules import OrderStatus, PaymentStatus
from bot.errors import NotFound
from bot.store.tables.cashier import Order, OrderTransition, Payment, PaymentNotice

_LIVING = (OrderStatus.PENDING, OrderStatus.PAID, OrderStatus.ISSUED)


class CashierRepository:
    """Orders and what was paid for them."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def order(self, order_id: str, *, lock: bool = False) -> Order:
        """An order; locked, it is also read afresh. Raises NotFound."""
        found = await self.session.get(Order, order_id, with_for_update=lock or None, populate_existing=lock)
        if found is None:
            raise NotFound("order_unknown")
        return found

    async def open_orders(self, application_id: str) -> list[Order]:
        """The orders of an application that wait for payment, locked."""
        query = select(Order).where(Order.application_id == application_id, Order.status == OrderStatus.PENDING.value)
        return list((await self.session.execute(query.with_for_update())).scalars())

    async def superseded(self, order: Order) -> bool:
        """Whether another order of the same application waits for payment, is paid or led to a policy."""
        query = select(func.count()).where(
            Order.application_id == order.application_id,
            Order.id != order.id,
            Order.status.in_([status.value for status in _LIVING]),
        )
        return bool((await self.session.execute(query)).scalar_one())

    async def of_customer(self, customer_id: str) -> list[Order]:
        """A customer's orders, newest first."""
        query = select(Order).where(Order.customer_id == customer_id).order_by(Order.id.desc())
        return list((await self.session.execute(query)).scalars())

    async def with_attention(self) -> list[Order]:
        """Orders that something is odd about, oldest first."""
        query = select(Order).where(Order.attention.is_not(None)).order_by(Order.id)
        return list((await self.session.execute(query)).scalars())

    async def payment(self, payment_id: str) -> Payment | None:
        """A payment, if we made it."""
        return await self.session.get(Payment, payment_id)

    async def locked_payment(self, payment_id: str) -> Payment:
        """A payment of ours, locked and read afresh; lock its order first. Raises NotFound."""
        found = await self.session.get(Payment, payment_id, with_for_update=True, populate_existing=True)
        if found is None:
            raise NotFound("payment_unknown")
        return found

    async def payments(self, order_id: str) -> list[Payment]:
        """All attempts to pay an order, oldest first."""
        query = select(Payment).where(Payment.order_id == order_id).order_by(Payment.id)
        return list((await self.session.execute(query)).scalars())

    async def trade_taken(self, provider: str, trade_no: str, payment_id: str) -> bool:
        """Whether a provider's trade already stands for another payment."""
        query = select(func.count()).where(
            Payment.provider == provider, Payment.trade_no == trade_no, Payment.id != payment_id
        )
        return bool((await self.session.execute(query)).scalar_one())

    async def seen(self, provider: str, notice_id: str) -> PaymentNotice | None:
        """The stored notice with this id, if it came before."""
        query = select(PaymentNotice).where(PaymentNotice.provider == provider, PaymentNotice.notice_id == notice_id)
        return (await self.session.execute(query)).scalars().first()

    async def overdue(self, now: datetime) -> list[str]:
        """Ids of orders that wait for payment although their time is over."""
        query = select(Order.id).where(Order.status == OrderStatus.PENDING.value, Order.expires_at <= now)
        return [str(order_id) for order_id in (await self.session.execute(query)).scalars()]

    async def paid_but_unissued(self) -> list[str]:
        """Ids of orders that are paid and have no policy."""
        query = select(Order.id).where(Order.status == OrderStatus.PAID.value).order_by(Order.id)
        return [str(order_id) for order_id in (await self.session.execute(query)).scalars()]

    async def unsettled(self, provider: str, since: datetime, before: datetime) -> list[str]:
        """Ids of a provider's payments that could not be matched, or were made in a span and never heard of."""
        query = (
            select(Payment.id)
            .where(
                Payment.provider == provider,
                or_(
                    Payment.status == PaymentStatus.FLAGGED.value,
                    (Payment.status == PaymentStatus.CREATED.value)
                    & (Payment.created_at > since)
                    & (Payment.created_at <= before),
                ),
            )
            .order_by(Payment.id)
        )
        return [str(payment_id) for payment_id in (await self.session.execute(query)).scalars()]

    async def to_refund(self, provider: str) -> list[str]:
        """Ids of a provider's payments whose money must go back."""
        waiting = Payment.status == PaymentStatus.REFUND_PENDING.value
        query = select(Payment.id).where(Payment.provider == provider, waiting).order_by(Payment.id)
        return [str(payment_id) for payment_id in (await self.session.execute(query)).scalars()]

    async def transitions(self, order_id: str) -> list[OrderTransition]:
        """The history of an order, oldest first."""
        query = select(OrderTransition).where(OrderTransition.order_id == order_id).order_by(OrderTransition.id)
        return list((await self.session.execute(query)).scalars())

    def add(self, row: Order | Payment | PaymentNotice | OrderTransition) -> None:
        """Store a new row with the transaction."""
        self.session.add(row)
