"""The customer pays: check who and what, and open a payment that the provider can be asked to create."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from bot import clock
from bot.cashier import bankcards
from bot.cashier.bankcards import Card
from bot.cashier.banks import banks
from bot.cashier.providers.base import Method, PaymentProvider, PaymentRequest
from bot.cashier.repository import CashierRepository
from bot.cashier.rules import PaymentStatus
from bot.cashier.service import check_open
from bot.errors import Conflict, Invalid, TooMany
from bot.ids import new_id
from bot.policies.ports import sales
from bot.store import vault
from bot.store.tables.cashier import Order, Payment

# Payments that one order may begin, so that nobody tries out cards on it.
MOST_ATTEMPTS = 12


@dataclass(frozen=True)
class Asked:
    """What the customer asked for on the cashier page."""

    method: Method
    card: Card | None
    return_url: str


async def begin(session: AsyncSession, order_id: str, asked: Asked, provider: PaymentProvider) -> PaymentRequest:
    """A new payment, or the unfinished one of the same wallet, ready to be created at the provider.

    Raises Conflict when the order is not open or a card is being charged, Invalid with `fields` for a bad card.
    """
    repository = CashierRepository(session)
    found = await repository.order(order_id, lock=True)
    check_open(found)
    if asked.method not in provider.methods:
        raise Invalid("payment_method_unknown")
    payer = await _payer_name(session, found)
    summary = _checked_card(asked, payer)
    payment = await _unfinished(repository, found, asked.method) or _new_payment(found, asked.method, provider.name)
    if summary:
        payment.bank, payment.card_last4 = summary.bank, summary.last4
    repository.add(payment)
    await session.flush()
    return PaymentRequest(
        payment_id=payment.id,
        order_id=found.id,
        method=asked.method,
        amount_fen=found.amount_fen,
        currency=found.currency,
        subject=found.description,
        payer_name=payer,
        expires_at=found.expires_at,
        return_url=asked.return_url,
        card=summary,
    )


async def _payer_name(session: AsyncSession, found: Order) -> str:
    """The policyholder's name: premiums are paid from the policyholder's own account."""
    contract = await sales().contract(session, found.application_id)
    return await vault.reveal(session, contract.policyholder.name_token, purpose="payer_check", actor="cashier")


def _checked_card(asked: Asked, payer: str) -> bankcards.CardSummary | None:
    if not asked.method.is_card:
        return None
    if asked.card is None:
        raise Invalid("card_missing", fields={"number": "card_number_invalid"})
    credit = asked.method is Method.CREDIT_CARD
    faults = bankcards.check(asked.card, credit=credit, holder=payer, today=clock.today())
    if faults:
        raise Invalid("card_invalid", fields=faults)
    return bankcards.summary(asked.card, banks())


async def _unfinished(repository: CashierRepository, found: Order, method: Method) -> Payment | None:
    """The wallet payment that was begun and not paid yet. Raises Conflict while a card is being charged."""
    attempts = await repository.payments(found.id)
    if len(attempts) >= MOST_ATTEMPTS:
        raise TooMany("payment_attempts", retry_after=60)
    created = [p for p in attempts if p.status == PaymentStatus.CREATED.value]
    if any(Method(payment.method).is_card for payment in created):
        raise Conflict("payment_in_progress")
    same = [payment for payment in created if payment.method == method.value]
    return same[-1] if same else None


def _new_payment(found: Order, method: Method, provider: str) -> Payment:
    return Payment(
        id=new_id(),
        order_id=found.id,
        provider=provider,
        method=method.value,
        status=PaymentStatus.CREATED.value,
        amount_fen=found.amount_fen,
        currency=found.currency,
        created_at=clock.now(),
    )
