"""The chat's card of an issued policy, and how a list shows one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot import errors
from bot.clock import SHANGHAI
from bot.policies.service import by_number, standing
from bot.store import vault
from bot.store.tables.policies import Policy


async def load_policy(session: AsyncSession, conversation_id: str, ref: dict[str, Any]) -> dict[str, Any]:
    """The body of a `policy` card; ref {"policy_no"}. Raises NotFound("policy_unknown")."""
    policy = await by_number(session, str(ref["policy_no"]))
    starts = f"{policy.effective_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
    text = errors.text("policy_card", product=policy.product_name, policy_no=policy.policy_no, starts=starts)
    return {"text": text, **await show(session, policy)}


async def show(session: AsyncSession, policy: Policy) -> dict[str, Any]:
    """A policy as its owner sees it, with masks; the document itself is behind `download_url`."""
    return {
        "policy_no": policy.policy_no,
        "product_code": policy.product_code,
        "product_name": policy.product_name,
        "status": standing(policy),
        "holder_masked": await vault.masked(session, policy.contract["policyholder"]["name_token"]),
        "insured_masked": await vault.masked(session, policy.contract["insured"]["name_token"]),
        "premium_fen": policy.premium_fen,
        "frequency": policy.frequency,
        "issued_at": _local(policy.issued_at),
        "effective_at": _local(policy.effective_at),
        "ends_at": _local(policy.ends_at),
        "cooling_off_until": policy.cooling_off_until.isoformat() if policy.cooling_off_until else None,
        "download_url": f"/api/policies/{policy.policy_no}/document",
        "verify_url": f"/verify?no={policy.policy_no}",
    }


def _local(moment: datetime | None) -> str | None:
    return moment.astimezone(SHANGHAI).isoformat() if moment else None
