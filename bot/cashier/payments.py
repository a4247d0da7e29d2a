"""Use cases of payments, each within one transaction: take a notice, issue what is paid, finish a refund."""

from __future__ import annotations

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from bot import clock
from bot.cashier import announce, rules
from bot.cashier.providers.base import PaymentNotice, RefundRequest
from bot.cashier.repository import CashierRepository
from bot.cashier.rules import Action, NoticeFacts, OrderFacts, OrderStatus, PaymentStatus, Verdict
from bot.cashier.service import move, return_payment
from bot.errors import Conflict, Invalid, NotFound
from bot.ids import new_id
from bot.policies import service as policies
from bot.policies.service import Sale
from bot.records import service as records
from bot.store.tables.cashier import Order, Payment
from bot.store.tables.cashier import PaymentNotice as NoticeRow

log = structlog.get_logger(__name__)

# Errors by which issuing says: never. Anything else may work later, and the reconciliation tries again.
NEVER = (Conflict, Invalid, NotFound)


async def receive_notice(session: AsyncSession, notice: PaymentNotice, *, asked: bool = False) -> Verdict:
    """Take what a provider says of a payment and act on it, once; returns what was done and why.

    `asked` marks the answer to a question of ours, which may come again and again; a notice is known by its id. The
    order is locked first, so that two notices at the same time are taken one after the other.
    """
    repository = CashierRepository(session)
    known = await repository.payment(notice.payment_id)
    if known is None or known.provider != notice.provider:
        return await _unknown(repository, notice)
    found = await repository.order(known.order_id, lock=True)
    if not asked and await repository.seen(notice.provider, notice.notice_id):
        return Verdict(Action.IGNORE, "repeated")
    payment = await repository.locked_payment(notice.payment_id)
    verdict = await _judge(repository, found, payment, notice, asked)
    if not (asked and verdict.action is Action.IGNORE):
        repository.add(_notice_row(notice, verdict, asked))
        await session.flush()
    await _apply(session, found, payment, notice, verdict)
    log.info("payment notice", payment=notice.payment_id, action=verdict.action.value, reason=verdict.reason)
    return verdict


async def issue(session: AsyncSession, order_id: str) -> bool:
    """Issue the policy of a paid order; returns whether there is one now.

    What fails for good turns the order to refund_pending. What fails for now leaves it paid, with an attention mark.
    """
    found = await CashierRepository(session).order(order_id, lock=True)
    if found.status != OrderStatus.PAID.value:
        return found.status == OrderStatus.ISSUED.value
    try:
        async with session.begin_nested():
            policy_no = await policies.issue(session, _sale(found))
    except NEVER as refused:
        await _give_up(session, found, refused.code)
        return False
    except Exception:  # the money is here: whatever broke, the order must stay paid and be tried again
        log.exception("policy not issued", order=order_id)
        found.attention = "issue_failed"
        return False
    move(session, found, OrderStatus.ISSUED, "issued")
    found.policy_no, found.attention = policy_no, None
    await announce.issued(session, found)
    return True


async def refund_request(session: AsyncSession, payment_id: str) -> RefundRequest | None:
    """What to ask the provider to give back; None when the payment is not to be returned."""
    payment = await CashierRepository(session).payment(payment_id)
    if payment is None or payment.status != PaymentStatus.REFUND_PENDING.value:
        return None
    return RefundRequest(
        payment_id=payment_id,
        refund_id=f"R{payment_id}",
        amount_fen=int(payment.received_fen or payment.amount_fen),
        currency=str(payment.received_currency or payment.currency),
        reason=payment.refund_reason or "refund",
    )


async def finish_refund(session: AsyncSession, payment_id: str) -> None:
    """The money is back: close the payment, and the order when nothing else of it is to be returned."""
    repository = CashierRepository(session)
    known = await repository.locked_payment(payment_id)
    await _finish_refund(session, await repository.order(known.order_id, lock=True), known)


async def _unknown(repository: CashierRepository, notice: PaymentNotice) -> Verdict:
    """A genuine notice of a payment that is not ours: kept for the accountants, nothing else."""
    verdict = Verdict(Action.IGNORE, "payment_unknown")
    if not await repository.seen(notice.provider, notice.notice_id):
        repository.add(_notice_row(notice, verdict, asked=False))
    log.warning("notice of an unknown payment", provider=notice.provider, payment=notice.payment_id)
    return verdict


async def _judge(
    repository: CashierRepository, found: Order, payment: Payment, notice: PaymentNotice, asked: bool
) -> Verdict:
    if await repository.trade_taken(notice.provider, notice.trade_no, notice.payment_id):
        return Verdict(Action.FLAG, "trade_of_another_payment")
    facts = OrderFacts(
        status=OrderStatus(found.status),
        amount_fen=found.amount_fen,
        currency=found.currency,
        opened_on=clock.local_date(found.opened_at),
        superseded=await repository.superseded(found),
    )
    said = NoticeFacts(
        status=notice.status,
        amount_fen=notice.amount_fen,
        currency=notice.currency,
        paid_on=clock.local_date(notice.paid_at) if notice.paid_at else None,
        payer_matches=notice.payer_matches,
    )
    return rules.judge(facts, PaymentStatus(payment.status), said, asked=asked)


async def _apply(
    session: AsyncSession, found: Order, payment: Payment, notice: PaymentNotice, verdict: Verdict
) -> None:
    """Do what was judged."""
    if verdict.action in (Action.ACCEPT, Action.RETURN):
        payment.trade_no, payment.settled_at = notice.trade_no, clock.now()
        payment.received_fen, payment.received_currency = notice.amount_fen, notice.currency
        payment.failure = None
    if verdict.action is Action.ACCEPT:
        await _accept(session, found, payment, notice, verdict.reason)
    elif verdict.action is Action.RETURN:
        return_payment(payment, verdict.reason)
        found.attention = None
        await announce.returning(session, found, payment)
        if rules.may_become(OrderStatus(found.status), OrderStatus.REFUND_PENDING) and not found.paid_by:
            move(session, found, OrderStatus.REFUND_PENDING, verdict.reason)
    elif verdict.action is Action.FAIL:
        payment.status, payment.failure = PaymentStatus.FAILED.value, notice.failure or "payment_refused"
    elif verdict.action is Action.FLAG:
        _flag(found, payment, verdict.reason)
    elif verdict.action is Action.FINISH_REFUND:
        await _finish_refund(session, found, payment)


async def _accept(session: AsyncSession, found: Order, payment: Payment, notice: PaymentNotice, reason: str) -> None:
    payment.status = PaymentStatus.SUCCEEDED.value
    move(session, found, OrderStatus.PAID, reason)
    found.paid_at, found.paid_by, found.attention = notice.paid_at or clock.now(), payment.id, None
    content = {
        "order_id": found.id,
        "payment_id": payment.id,
        "method": payment.method,
        "bank": payment.bank,
        "card_last4": payment.card_last4,
        "amount_fen": notice.amount_fen,
        "currency": notice.currency,
        "trade_no": notice.trade_no,
    }
    await records.append(session, found.application_id, "order_paid", content)
    await issue(session, found.id)


def _flag(found: Order, payment: Payment, reason: str) -> None:
    """Leave the money where it is until the provider was asked; nothing is issued on it."""
    found.attention = reason
    if PaymentStatus(payment.status) in (PaymentStatus.CREATED, PaymentStatus.FAILED):
        payment.status = PaymentStatus.FLAGGED.value


async def _give_up(session: AsyncSession, found: Order, reason: str) -> None:
    """A paid order that can never be issued: its money goes back."""
    payment = await CashierRepository(session).locked_payment(str(found.paid_by))
    move(session, found, OrderStatus.REFUND_PENDING, reason)
    found.attention = None
    return_payment(payment, reason)
    await announce.returning(session, found, payment)


async def _finish_refund(session: AsyncSession, found: Order, payment: Payment) -> None:
    if payment.status != PaymentStatus.REFUND_PENDING.value:
        return
    payment.status, payment.refunded_at = PaymentStatus.REFUNDED.value, clock.now()
    await announce.returned(session, found, payment)
    await session.flush()
    others = await CashierRepository(session).payments(found.id)
    waiting = any(other.status == PaymentStatus.REFUND_PENDING.value for other in others)
    if found.status == OrderStatus.REFUND_PENDING.value and not waiting:
        move(session, found, OrderStatus.REFUNDED, payment.refund_reason or "refund")
        content = {"order_id": found.id, "payment_id": payment.id, "reason": payment.refund_reason}
        await records.append(session, found.application_id, "order_refunded", content)


def _notice_row(notice: PaymentNotice, verdict: Verdict, asked: bool) -> NoticeRow:
    return NoticeRow(
        id=new_id(),
        provider=notice.provider,
        notice_id=f"asked:{new_id()}" if asked else notice.notice_id,
        payment_id=notice.payment_id,
        status=notice.status.value,
        amount_fen=notice.amount_fen,
        currency=notice.currency,
        outcome=f"{verdict.action.value}:{verdict.reason}",
        received_at=clock.now(),
    )


def _sale(found: Order) -> Sale:
    return Sale(
        order_id=found.id,
        application_id=found.application_id,
        conversation_id=found.conversation_id,
        customer_id=found.customer_id,
        quote_id=found.quote_id,
        amount_fen=found.amount_fen,
        paid_at=found.paid_at or clock.now(),
    )
