"""Flows that talk to the payment provider between transactions: pay, ask how it stands, refund, reconcile."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta

import structlog

from bot import clock
from bot.cashier import checkout, payments, service
from bot.cashier.checkout import Asked
from bot.cashier.providers import provider
from bot.cashier.providers.base import ProviderPage
from bot.cashier.repository import CashierRepository
from bot.cashier.rules import PaymentStatus
from bot.errors import HeyuError
from bot.store import transaction

log = structlog.get_logger(__name__)

ASK_AFTER = timedelta(minutes=1)
ASK_UNTIL = timedelta(days=3)
UNSETTLED = (PaymentStatus.CREATED.value, PaymentStatus.FLAGGED.value)


@dataclass
class Report:
    """What one round of the reconciliation did: how many of each, and the ids that failed for now."""

    expired: int = 0
    asked: int = 0
    issued: int = 0
    refunded: int = 0
    failed: list[str] = field(default_factory=list)


async def pay(order_id: str, asked: Asked) -> ProviderPage:
    """Begin a payment and create it at the provider; where the customer goes on. Raises what `checkout.begin` does.

    No transaction is open while the provider is called. A crash in between leaves a payment that the provider does
    not know, which the reconciliation passes over.
    """
    async with transaction() as session:
        request = await checkout.begin(session, order_id, asked, provider())
    return await provider().create(request)


async def ask(payment_id: str) -> None:
    """Ask the provider how a payment stands and act on the answer. Raises ProviderDown."""
    answer = await provider().query(payment_id)
    if answer is None:
        return
    async with transaction() as session:
        await payments.receive_notice(session, answer, asked=True)


async def ask_about_order(order_id: str) -> None:
    """Ask the provider about every payment of an order that it has not settled yet. Raises ProviderDown."""
    async with transaction(read_only=True) as session:
        found = await CashierRepository(session).payments(order_id)
    for payment in found:
        if payment.status in UNSETTLED and payment.provider == provider().name:
            await ask(payment.id)


async def refund(payment_id: str) -> bool:
    """Have the provider give a payment back; returns whether that is done. Raises ProviderDown."""
    async with transaction(read_only=True) as session:
        request = await payments.refund_request(session, payment_id)
    if request is None or not await provider().refund(request):
        return False
    async with transaction() as session:
        await payments.finish_refund(session, payment_id)
    return True


async def reconcile() -> Report:
    """One round: close overdue orders, ask for missing notices, issue what is paid, give back what must go back.

    Each item has a transaction of its own; one that fails is named in the report and tried again in the next round.
    """
    report = Report()
    now = clock.now()
    async with transaction(read_only=True) as session:
        repository = CashierRepository(session)
        overdue = await repository.overdue(now)
        unsettled = await repository.unsettled(provider().name, now - ASK_UNTIL, now - ASK_AFTER)
    report.expired = await _each(overdue, _expire, report)
    report.asked = await _each(unsettled, _ask, report)
    async with transaction(read_only=True) as session:
        unissued = await CashierRepository(session).paid_but_unissued()
    report.issued = await _each(unissued, _issue, report)
    async with transaction(read_only=True) as session:
        returned = await CashierRepository(session).to_refund(provider().name)
    report.refunded = await _each(returned, refund, report)
    log.info("payments reconciled", **vars(report))
    return report


async def _each(ids: list[str], do: Callable[[str], Awaitable[bool]], report: Report) -> int:
    """Do something to each id; how many times it was done."""
    done = 0
    for item in ids:
        try:
            done += await do(item)
        except HeyuError as error:
            log.warning("reconciliation goes on without", item=item, error=error.code)
            report.failed.append(item)
    return done


async def _expire(order_id: str) -> bool:
    async with transaction() as session:
        return await service.expire_order(session, order_id)


async def _ask(payment_id: str) -> bool:
    await ask(payment_id)
    return True


async def _issue(order_id: str) -> bool:
    async with transaction() as session:
        return await payments.issue(session, order_id)
