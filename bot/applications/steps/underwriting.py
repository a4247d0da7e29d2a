"""The result of underwriting in writing: conclusion, reasons, accept or not, a person on request (PIPL, art. 24)."""

from typing import Any, Dict, List, Optional

from bot.applications import pricing, questionnaire
from bot.applications.rules import Reply, read_agreement, tidy
from bot.applications.sale import Sale, fingerprint
from bot.applications.schemas import Choice, Outcome, Prompt, Said, Status
from bot.applications.steps.base import CHOICE, Step, choice
from bot.applications.texts import label, title
from bot.ids import new_id
from bot.store.tables.applications import UnderwritingDecision, UnderwritingReview
from bot.underwriting import service as underwriting

STANDARD, DECLINED, HUMAN_REVIEW = "standard", "declined", "human_review"
SPECIAL_TERMS = ("loading", "exclusion")
NEEDS_A_PERSON = (HUMAN_REVIEW, "more_documents")
REFUSED = (DECLINED, "postponed")
BY_RULES = "rules"
ACCEPTED, REJECTED = "accepted", "rejected"
ASKS_FOR_A_PERSON = ("人工复核", "申请人工复核", "人工核保", "申请人工核保", "复核", "我要复核", "提交人工核保")


class UnderwritingStep(Step):
    """Plain standard passes unseen; anything else needs the customer's word, or a person's decision."""

    code = "underwriting"

    async def prepare(self, sale: Sale) -> None:
        """Decide anew when answers or outcome changed; a decision that stands is kept with the customer's word."""
        assessed = assess(sale)
        if sale.decision is None or sale.decision.fingerprint != assessed["fingerprint"]:
            await store_decision(sale, assessed, BY_RULES)

    def is_applicable(self, sale: Sale) -> bool:
        """Whether the decision is anything but plain standard."""
        return sale.decision is None or sale.decision.conclusion != STANDARD

    def is_completed(self, sale: Sale) -> bool:
        """Whether the customer accepted special terms."""
        decision = sale.decision
        return decision is not None and decision.conclusion in SPECIAL_TERMS and decision.response == ACCEPTED

    async def prompt(self, sale: Sale) -> Prompt:
        """The decision in writing with the ways to go."""
        decision = _decision(sale)
        values = {
            "product": sale.product.short_name,
            "reasons": "；".join(f"{reason['category']}：{reason['text']}" for reason in decision.reasons),
            "terms": "；".join(special_terms(sale)),
            "materials": "、".join(materials(sale)) or label("values", "none"),
            "until": decision.postpone_until or "",
        }
        if sale.review is not None:
            return Prompt("underwriting_waiting", values, choices=[choice(title("leave"), "leave")])
        await sale.mark("underwriting_shown", {"decision": decision.id, "conclusion": decision.conclusion})
        return Prompt(f"underwriting_{decision.conclusion}", values, choices=_choices(decision))

    async def answer(self, sale: Sale, said: Said) -> Outcome:
        """Accept, refuse, or ask for a person."""
        decision = _decision(sale)
        if said.entity(CHOICE) == "leave" or (sale.review is not None and read_agreement(said) is Reply.NO):
            return await _leave(sale, decision)
        if sale.review is not None or said.kind == "event":
            return Outcome.not_an_answer()
        if said.entity(CHOICE) == "human_review" or tidy(said.text) in ASKS_FOR_A_PERSON:
            return await _ask_a_person(sale, decision)
        reply = read_agreement(said)
        if reply is Reply.YES:
            return await _agree(sale, decision)
        return await _leave(sale, decision) if reply is Reply.NO else Outcome.not_an_answer()

    async def undo(self, sale: Sale) -> bool:
        """Take the word on special terms back."""
        if sale.decision is None or sale.decision.response is None:
            return False
        await _respond(sale, sale.decision, None)
        return True


def assess(sale: Sale) -> Dict[str, Any]:
    """What the rules decide on the answers as they stand, and the fingerprint of answers and outcome.

    A condition that is not on the list goes to a person, whatever the others lead to, unless one is a decline.
    """
    answers, findings = questionnaire.answers_of(sale), questionnaire.findings_of(sale)
    found = underwriting.assess(sale.product, answers, findings, pricing.age(sale))
    unlisted = questionnaire.has_unlisted(sale) and found.conclusion != DECLINED
    outcome = {
        "conclusion": HUMAN_REVIEW if unlisted else found.conclusion,
        "reasons": [reason.dict() for reason in found.reasons],
        "loading_percent": 0 if unlisted else found.loading_percent or 0,
        "exclusions": [] if unlisted else list(found.exclusions),
        "materials": list(found.materials),
        "postpone_until": found.postpone_until,
        "rules_version": found.rules_version,
    }
    return {**outcome, "fingerprint": fingerprint([sorted(answers.items()), findings, unlisted, outcome])}


async def store_decision(sale: Sale, decided: Dict[str, Any], by: str) -> UnderwritingDecision:
    """Make a decision the one that stands, close a review that it overtakes, and put it on record."""
    await sale.repository.supersede(UnderwritingDecision, sale.id, sale.moment)
    await close_review(sale, by)
    row = UnderwritingDecision(id=new_id(), application_id=sale.id, decided_by=by, decided_at=sale.moment, **decided)
    await sale.repository.add(row)
    sale.decision = row
    await sale.record("underwriting_decision", {"by": by, **decided})
    return row


async def close_review(sale: Sale, by: str) -> None:
    """Close the case that waits for a person, if there is one."""
    if sale.review is not None:
        sale.review.status, sale.review.closed_at, sale.review.closed_by = "closed", sale.moment, by
        await sale.session.flush()
        sale.review = None
    if sale.status is Status.HUMAN_REVIEW:
        await sale.move_to(Status.OPEN)


def special_terms(sale: Sale) -> List[str]:
    """The special terms of the decision that stands, as sentences for policy and summary."""
    decision = sale.decision
    if decision is None or decision.conclusion not in SPECIAL_TERMS:
        return []
    terms = [label("underwriting", "exclusion", text=text) for text in decision.exclusions]
    if decision.loading_percent:
        terms.insert(0, label("underwriting", "loading", percent=decision.loading_percent))
    return terms


def materials(sale: Sale) -> List[str]:
    """The materials that a person needs for a review."""
    return list(sale.decision.materials) if sale.decision else []


def _decision(sale: Sale) -> UnderwritingDecision:
    assert sale.decision is not None
    return sale.decision


def _choices(decision: UnderwritingDecision) -> List[Choice]:
    """Accept or not, and a person unless a person has decided already."""
    person = [] if decision.decided_by != BY_RULES else [choice(title("human_review"), "human_review")]
    if decision.conclusion in SPECIAL_TERMS:
        return [Choice(title("accept"), "affirm"), Choice(title("refuse"), "deny"), *person]
    if decision.conclusion in NEEDS_A_PERSON:
        return [choice(title("submit_review"), "human_review"), Choice(title("leave"), "deny")]
    return [Choice(title("acknowledge"), "affirm"), *person]


async def _agree(sale: Sale, decision: UnderwritingDecision) -> Outcome:
    if decision.conclusion in NEEDS_A_PERSON:
        return await _ask_a_person(sale, decision)
    if decision.conclusion in REFUSED:
        return await _leave(sale, decision)
    await _respond(sale, decision, ACCEPTED)
    return Outcome.accepted()


async def _leave(sale: Sale, decision: UnderwritingDecision) -> Outcome:
    """The sale ends: declined when the insurer refuses, abandoned when the customer does."""
    await close_review(sale, "customer")
    await _respond(sale, decision, REJECTED)
    status = Status.DECLINED if decision.conclusion in REFUSED else Status.ABANDONED
    await sale.move_to(status, f"underwriting_{decision.conclusion}")
    return Outcome.finished(status.value)


async def _respond(sale: Sale, decision: UnderwritingDecision, response: Optional[str]) -> None:
    decision.response, decision.responded_at = response, sale.moment
    await sale.session.flush()
    await sale.record("underwriting_response", {"decision": decision.id, "response": response})


async def _ask_a_person(sale: Sale, decision: UnderwritingDecision) -> Outcome:
    """Open a review case; while it waits, the application does."""
    if decision.decided_by != BY_RULES:
        return Outcome.invalid("underwriting_final")
    review = UnderwritingReview(
        id=new_id(),
        application_id=sale.id,
        decision_id=decision.id,
        asked_by="rules" if decision.conclusion in NEEDS_A_PERSON else "customer",
        materials=materials(sale),
        status="open",
        opened_at=sale.moment,
    )
    await sale.repository.add(review)
    sale.review = review
    await sale.record("review_opened", {"review": review.id, "materials": materials(sale)})
    await sale.move_to(Status.HUMAN_REVIEW)
    return Outcome.accepted()
