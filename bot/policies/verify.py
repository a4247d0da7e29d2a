"""Whether a policy is genuine: by its number and the holder's name, or by the PDF itself. Anyone may ask."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot import errors
from bot.policies import numbers
from bot.policies.repository import PolicyRepository
from bot.policies.service import by_number as find
from bot.policies.service import holder_digest, standing
from bot.policies.signing import Integrity, check, signer
from bot.store import transaction, vault
from bot.store.tables.policies import Policy

_PDF_REASONS = {
    Integrity.NOT_A_PDF: "verify_not_a_pdf",
    Integrity.UNSIGNED: "verify_unsigned",
    Integrity.ALTERED: "verify_altered",
    Integrity.UNTRUSTED: "verify_untrusted",
    Integrity.INTACT: "verify_unknown_document",
}


@dataclass(frozen=True)
class Verdict:
    """The answer: `code` is the key of the reason in data/messages.yml; `policy` holds masks only."""

    valid: bool
    code: str
    policy: dict[str, Any] | None = None

    def body(self) -> dict[str, Any]:
        """As JSON: `{valid, code, reason, policy?}`."""
        answer: dict[str, Any] = {"valid": self.valid, "code": self.code, "reason": errors.text(self.code)}
        return {**answer, "policy": self.policy} if self.policy else answer


async def by_number(session: AsyncSession, policy_no: str, holder_name: str) -> Verdict:
    """Check a number against the holder's name.

    A wrong name gets the same answer as a number that does not exist, so that nobody can try out numbers.
    """
    if numbers.parse(policy_no) is None:
        return Verdict(False, "verify_number_malformed")
    found = await PolicyRepository(session).by_number(numbers.normalise(policy_no))
    digest = holder_digest(holder_name)
    if found is None or not hmac.compare_digest(found.holder_digest, digest):
        return Verdict(False, "verify_no_match")
    return await _genuine(session, found)


async def by_pdf(pdf: bytes) -> Verdict:
    """Check a PDF: known to us to the last byte, and signed by us."""
    integrity = await check(pdf, signer().trust_roots())
    async with transaction(read_only=True) as session:
        document = await PolicyRepository(session).by_hash(hashlib.sha256(pdf).hexdigest())
        if document is None or integrity is not Integrity.INTACT:
            return Verdict(False, _PDF_REASONS[integrity])
        return await _genuine(session, await find(session, document.policy_no))


async def _genuine(session: AsyncSession, policy: Policy) -> Verdict:
    """A policy of ours; valid as long as it is not over."""
    stands = standing(policy)
    contract = policy.contract
    shown = {
        "policy_no": policy.policy_no,
        "product_name": policy.product_name,
        "status": errors.text(f"policy_{stands}"),
        "holder_masked": await vault.masked(session, contract["policyholder"]["name_token"]),
        "insured_masked": await vault.masked(session, contract["insured"]["name_token"]),
        "issued_at": policy.issued_at.isoformat(),
        "effective_at": policy.effective_at.isoformat(),
        "ends_at": policy.ends_at.isoformat() if policy.ends_at else None,
    }
    over = stands in ("withdrawn", "surrendered", "ended")
    return Verdict(not over, "verify_over" if over else "verify_valid", shown)
