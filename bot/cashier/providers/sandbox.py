"""The built-in sandbox bank: takes no real money, signs its notices, and misbehaves when told to.

It plays the other side, so it keeps books of its own (tables sandbox_*) and speaks to the cashier only through the
provider interface and signed HTTP notices.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot import clock, links
from bot.cashier.providers.base import (
    ForgedNotice,
    Method,
    PaymentNotice,
    PaymentRequest,
    ProviderPage,
    RefundRequest,
)
from bot.cashier.providers.behaviour import Behaviour, Variant, plan, takes_money
from bot.cashier.rules import NoticeStatus
from bot.errors import Conflict, NotFound
from bot.jobs import service as jobs
from bot.store import transaction
from bot.store.tables.cashier import SandboxPanel, SandboxPayment

NOTICE_JOB = "sandbox_payment_notice"
WALLET_PURPOSE = "sandbox_wallet"
WALLET_AGE = timedelta(days=1)
TIMESTAMP_HEADER = "x-heyu-timestamp"
SIGNATURE_HEADER = "x-heyu-signature"
MAX_SKEW = timedelta(minutes=5)
_PANEL = 1


class SandboxProvider:
    """The sandbox bank behind the cashier's interface."""

    name = "sandbox"
    methods: tuple[Method, ...] = (Method.WECHAT_PAY, Method.ALIPAY, Method.BANK_CARD, Method.CREDIT_CARD)
    acknowledgement = "success"

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    async def create(self, request: PaymentRequest) -> ProviderPage:
        """Cards are charged at once; wallets get a page where the customer confirms."""
        async with transaction() as session:
            if await session.get(SandboxPayment, request.payment_id) is None:
                session.add(await _opened(session, request))
                await session.flush()
                if request.method.is_card:
                    await settle(session, request.payment_id, payer_matches=True)
        if request.method.is_card:
            return ProviderPage(url=None)
        query = urlencode({"t": links.sign(WALLET_PURPOSE, request.payment_id), "back": request.return_url})
        return ProviderPage(url=f"/sandbox/wallet/{request.payment_id}?{query}")

    def verify_notification(self, headers: Mapping[str, str], body: bytes) -> PaymentNotice:
        """The notice in a signed JSON call, at most five minutes old. Raises ForgedNotice."""
        timestamp, signature = headers.get(TIMESTAMP_HEADER, ""), headers.get(SIGNATURE_HEADER, "")
        if not hmac.compare_digest(self._signature(timestamp, body).encode(), signature.encode()):
            raise ForgedNotice()
        try:
            if abs(clock.now() - datetime.fromisoformat(timestamp)) > MAX_SKEW:
                raise ForgedNotice()
            return _notice(self.name, json.loads(body))
        except (ValueError, KeyError, TypeError) as error:
            raise ForgedNotice() from error

    async def query(self, payment_id: str) -> PaymentNotice | None:
        """How the payment stands in the bank's books."""
        async with transaction(read_only=True) as session:
            found = await session.get(SandboxPayment, payment_id)
            if found is None:
                return None
            return _notice(self.name, statement(found, Variant.TRUE, f"query:{payment_id}:{found.status}"))

    async def refund(self, request: RefundRequest) -> bool:
        """Give the money back, once. Raises Conflict when the payment holds less."""
        async with transaction() as session:
            found = await access_payment(session, request.payment_id)
            if found.refund_id == request.refund_id:
                return True
            if found.status != NoticeStatus.PAID.value or request.amount_fen > found.amount_fen:
                raise Conflict("payment_not_refundable")
            found.status, found.refund_id = NoticeStatus.REFUNDED.value, request.refund_id
            found.refunded_fen = request.amount_fen
        return True

    def signed(self, content: Mapping[str, Any], *, forged: bool = False) -> tuple[dict[str, str], bytes]:
        """Headers and body of a notice; a forged one is signed with a key that is not ours."""
        body = json.dumps(content, separators=(",", ":")).encode()
        timestamp = clock.now().isoformat()
        signer = SandboxProvider(b"not the key of the sandbox") if forged else self
        signature = signer._signature(timestamp, body)
        headers = {TIMESTAMP_HEADER: timestamp, SIGNATURE_HEADER: signature, "content-type": "application/json"}
        return headers, body

    def _signature(self, timestamp: str, body: bytes) -> str:
        return hmac.new(self._secret, timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


async def settle(session: AsyncSession, payment_id: str, *, payer_matches: bool, cancelled: bool = False) -> None:
    """The payer confirms or cancels: enter it in the books and schedule the notices; a second time does nothing."""
    found = await access_payment(session, payment_id)
    if found.status != NoticeStatus.PENDING.value:
        return
    behaviour = Behaviour.FAIL if cancelled else Behaviour(found.behaviour)
    found.status = (NoticeStatus.PAID if takes_money(behaviour) else NoticeStatus.FAILED).value
    found.payer_matches, found.settled_at = payer_matches, clock.now()
    delay = (await panel(session)).delay_seconds
    for number, planned in enumerate(plan(behaviour, int(delay))):
        await schedule_notice(session, payment_id, planned.variant, planned.after, key=f"{payment_id}:{number}")


async def schedule_notice(session: AsyncSession, payment_id: str, variant: Variant, after: int, key: str) -> None:
    """Have a job send one notice `after` seconds from now; `key` makes it unique."""
    payload = {"payment_id": payment_id, "variant": variant.value}
    run_at = clock.now() + timedelta(seconds=after)
    await jobs.schedule(session, kind=NOTICE_JOB, key=key, payload=payload, run_at=run_at)


async def panel(session: AsyncSession) -> SandboxPanel:
    """How the bank treats the next payment."""
    found = await session.get(SandboxPanel, _PANEL)
    return found or SandboxPanel(id=_PANEL, behaviour=Behaviour.SUCCEED.value, delay_seconds=10)


async def set_panel(session: AsyncSession, behaviour: Behaviour, delay_seconds: int) -> None:
    """Tell the bank how to treat the payments to come."""
    await session.merge(SandboxPanel(id=_PANEL, behaviour=behaviour.value, delay_seconds=delay_seconds))


async def recent(session: AsyncSession, limit: int = 30) -> list[SandboxPayment]:
    """The latest payments in the bank's books, newest first."""
    query = select(SandboxPayment).order_by(SandboxPayment.payment_id.desc()).limit(limit)
    return list((await session.execute(query)).scalars())


async def access_payment(session: AsyncSession, payment_id: str) -> SandboxPayment:
    """A payment in the bank's books, locked. Raises NotFound."""
    found = await session.get(SandboxPayment, payment_id, with_for_update=True)
    if found is None:
        raise NotFound("payment_unknown")
    return found


def statement(found: SandboxPayment, variant: Variant, notice_id: str) -> dict[str, Any]:
    """The content of a notice about a payment; a variant other than true says something the books do not."""
    settled = found.settled_at
    wrong_amount = variant is Variant.WRONG_AMOUNT
    failed = variant is Variant.FAILED
    return {
        "notice_id": notice_id,
        "payment_id": found.payment_id,
        "trade_no": f"SBX{found.payment_id}",
        "status": NoticeStatus.FAILED.value if failed else found.status,
        "amount_fen": 1 if wrong_amount else found.amount_fen,
        "currency": "USD" if variant is Variant.WRONG_CURRENCY else found.currency,
        "paid_at": settled.isoformat() if settled else None,
        "payer_matches": found.payer_matches,
        "failure": "payment_refused" if failed or found.status == NoticeStatus.FAILED.value else None,
    }


async def _opened(session: AsyncSession, request: PaymentRequest) -> SandboxPayment:
    return SandboxPayment(
        payment_id=request.payment_id,
        order_id=request.order_id,
        method=request.method.value,
        amount_fen=request.amount_fen,
        currency=request.currency,
        subject=request.subject,
        behaviour=(await panel(session)).behaviour,
        status=NoticeStatus.PENDING.value,
        notices_sent=0,
        refunded_fen=0,
        created_at=clock.now(),
    )


def _notice(provider: str, content: Mapping[str, Any]) -> PaymentNotice:
    paid_at = content["paid_at"]
    return PaymentNotice(
        provider=provider,
        notice_id=str(content["notice_id"]),
        payment_id=str(content["payment_id"]),
        trade_no=str(content["trade_no"]),
        status=NoticeStatus(content["status"]),
        amount_fen=int(content["amount_fen"]),
        currency=str(content["currency"]),
        paid_at=datetime.fromisoformat(paid_at) if paid_at else None,
        payer_matches=content["payer_matches"],
        failure=content["failure"],
    )
