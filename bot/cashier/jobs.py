"""Jobs of the cashier: close overdue orders, send the sandbox bank's notices, reconcile every few minutes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timezone
from typing import Any

import httpx
import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from bot import clock
from bot.cashier import process, service
from bot.cashier.providers import notify_path, sandbox
from bot.cashier.providers.behaviour import Variant
from bot.cashier.providers.sandbox import SandboxProvider
from bot.cashier.service import EXPIRY_JOB
from bot.jobs import service as jobs
from bot.settings import settings
from bot.store import transaction

log = structlog.get_logger(__name__)

RECONCILIATION_JOB = "payments_reconciliation"
TIMEOUT_SECONDS = 10.0


async def expire_order(session: AsyncSession, payload: dict[str, Any]) -> None:
    """`order_expiry`: close an unpaid order."""
    await service.expire_order(session, str(payload["order_id"]))


async def send_sandbox_notice(payload: dict[str, Any]) -> None:
    """`sandbox_payment_notice`: send one signed notice over HTTP to the gateway's own notify address.

    Repeated by the job worker until it is acknowledged, as a real provider does; a forged one is sent once. Raises
    httpx.HTTPError when the gateway does not take it.
    """
    payment_id, variant = str(payload["payment_id"]), Variant(payload["variant"])
    async with transaction() as session:
        found = await sandbox.access_payment(session, payment_id)
        found.notices_sent += 1
        notice_id = f"{payment_id}:{found.status}" if variant is Variant.TRUE else f"{payment_id}:{variant.value}"
        content = sandbox.statement(found, variant, notice_id)
    bank = SandboxProvider(settings().sandbox_payment_secret.get_secret_value().encode())
    headers, body = bank.signed(content, forged=variant is Variant.FORGED)
    address = settings().own_base + notify_path(SandboxProvider.name)
    async with httpx.AsyncClient(timeout=TIMEOUT_SECONDS, trust_env=False) as client:
        answer = await client.post(address, content=body, headers=headers)
    if variant is Variant.FORGED:
        log.info("sandbox sent a forged notice", payment=payment_id, status=answer.status_code)
        return
    answer.raise_for_status()


async def reconcile(payload: dict[str, Any]) -> None:
    """`payments_reconciliation`: one round, after the next one is in the book."""
    await schedule_reconciliation(int(payload["round"]) + 1)
    await process.reconcile()


async def schedule_reconciliation(round_: int | None = None) -> None:
    """Put a round of the reconciliation in the book; without a number the one that is due next. Call it at start."""
    seconds = settings().reconcile_minutes * 60
    present = int(clock.now().timestamp()) // seconds
    due = max(round_ or 0, present)
    run_at = datetime.fromtimestamp(due * seconds, tz=timezone.utc)
    async with transaction() as session:
        await jobs.schedule(session, kind=RECONCILIATION_JOB, key=str(due), payload={"round": due}, run_at=run_at)


INSIDE: dict[str, Callable[[AsyncSession, dict[str, Any]], Awaitable[None]]] = {EXPIRY_JOB: expire_order}
OUTSIDE: dict[str, Callable[[dict[str, Any]], Awaitable[None]]] = {
    sandbox.NOTICE_JOB: send_sandbox_notice,
    RECONCILIATION_JOB: reconcile,
}
