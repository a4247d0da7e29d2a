"""Tells the conversation what became of its money; a conversation that was deleted meanwhile stops nothing."""

from __future__ import annotations

import contextlib

from sqlalchemy.ext.asyncio import AsyncSession

from bot.cashier.money import yuan
from bot.conversations import service as conversations
from bot.errors import NotFound
from bot.store.tables.cashier import Order, Payment


async def issued(session: AsyncSession, order: Order) -> None:
    """The order is paid and there is a policy: the assistant goes on."""
    entities = {"order_id": order.id, "policy_no": order.policy_no}
    with contextlib.suppress(NotFound):
        await conversations.post_event(
            session, order.conversation_id, "EXTERNAL_order_paid", entities, key=f"paid:{order.id}"
        )


async def returning(session: AsyncSession, order: Order, payment: Payment) -> None:
    """Money that came in goes back."""
    await _say(session, order, payment, "order_money_returning")


async def returned(session: AsyncSession, order: Order, payment: Payment) -> None:
    """The money is back where it came from."""
    await _say(session, order, payment, "order_money_returned")


async def _say(session: AsyncSession, order: Order, payment: Payment, code: str) -> None:
    amount = yuan(payment.received_fen or payment.amount_fen)
    with contextlib.suppress(NotFound):
        await conversations.say(session, order.conversation_id, code, product=order.description, amount=amount)
