"""What human underwriters do with a case: see those that wait, decide one, and the customer hears of it."""

from dataclasses import dataclass
from typing import Any, Dict, List, Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from bot.applications.repository import ApplicationRepository
from bot.applications.sale import Sale
from bot.applications.steps.underwriting import BY_RULES, DECLINED, SPECIAL_TERMS, STANDARD, store_decision
from bot.conversations import service as conversations
from bot.errors import Conflict, Invalid, NotFound

CONCLUSIONS = (STANDARD, *SPECIAL_TERMS, "postponed", DECLINED)
GREATEST_LOADING = 300


@dataclass(frozen=True)
class ReviewCase:
    """A case that waits: which application, what the rules said, what the customer declared."""

    id: str
    application_id: str
    product_code: str
    asked_by: str
    conclusion: str
    reasons: List[Dict[str, Any]]
    answers: List[Dict[str, Any]]
    materials: List[str]


@dataclass(frozen=True)
class Verdict:
    """A person's decision: `reason` in words for the customer, loading in percent, exclusions in words."""

    conclusion: str
    reason: str
    loading_percent: int = 0
    exclusions: Sequence[str] = ()
    postpone_until: str = ""


async def open_cases(session: AsyncSession, limit: int = 100) -> List[ReviewCase]:
    """The cases that wait for a person, the oldest first."""
    return [
        await _case(session, row.id, row.application_id)
        for row in await ApplicationRepository(session).open_reviews(limit)
    ]


async def decide(session: AsyncSession, review_id: str, verdict: Verdict, actor: str) -> None:
    """Replace the decision of the rules by a person's and tell the conversation.

    Raises NotFound("review_unknown"), Conflict("review_closed"), Invalid("review_verdict") for one that cannot be.
    """
    review = await ApplicationRepository(session).review(review_id)
    if review is None:
        raise NotFound("review_unknown")
    if review.status != "open":
        raise Conflict("review_closed")
    _check(verdict, actor)
    sale = await Sale.load(session, review.application_id)
    if sale.decision is None:
        raise Conflict("review_closed")
    decided = {
        "conclusion": verdict.conclusion,
        "reasons": [{"code": "review", "category": "", "text": verdict.reason, "conclusion": verdict.conclusion}],
        "loading_percent": verdict.loading_percent,
        "exclusions": list(verdict.exclusions),
        "materials": [],
        "postpone_until": verdict.postpone_until or None,
        "rules_version": sale.decision.rules_version,
        "fingerprint": sale.decision.fingerprint,
    }
    await store_decision(sale, decided, actor)
    await conversations.post_event(
        session,
        sale.application.conversation_id,
        "EXTERNAL_underwriting_decided",
        {"application_id": sale.id},
        key=f"underwriting:{review_id}",
    )


def _check(verdict: Verdict, actor: str) -> None:
    wrong = {}
    if verdict.conclusion not in CONCLUSIONS or actor == BY_RULES:
        wrong["conclusion"] = "field_choice"
    if not verdict.reason.strip():
        wrong["reason"] = "field_required"
    if not 0 <= verdict.loading_percent <= GREATEST_LOADING or (verdict.conclusion == "loading") != bool(
        verdict.loading_percent
    ):
        wrong["loading_percent"] = "field_choice"
    if (verdict.conclusion == "exclusion") != bool(verdict.exclusions):
        wrong["exclusions"] = "field_choice"
    if wrong:
        raise Invalid("review_verdict", fields=wrong)


async def _case(session: AsyncSession, review_id: str, application_id: str) -> ReviewCase:
    sale = await Sale.load(session, application_id)
    decision, review = sale.decision, sale.review
    if decision is None or review is None:
        raise NotFound("review_unknown")
    answers = [
        {"question_no": row.question_no, "words": row.words, "value": row.value, "findings": list(row.findings)}
        for row in sale.answers
    ]
    return ReviewCase(
        id=review_id,
        application_id=application_id,
        product_code=sale.product.code,
        asked_by=review.asked_by,
        conclusion=decision.conclusion,
        reasons=list(decision.reasons),
        answers=answers,
        materials=list(review.materials),
    )
