"""Underwriting as pure rules: health answers and findings in, a conclusion with its reasons out.

    findings of questions answered yes ──┐
    a yes without a finding ─────────────┼─► worst counts; several not standard ─► human_review, unless one is declined
    unsure ──────────────────────────────┘

Source: the insurer's underwriting guide in data/conditions.yml; 保险法 第16条 (only what was asked counts).
"""

from typing import Dict, List, Mapping, Optional, Sequence, Tuple

from pydantic import BaseModel

from bot.catalogue.models import Condition, HealthQuestion, Product, Verdict
from bot.errors import Invalid

SEVERITY = ("standard", "loading", "exclusion", "more_documents", "human_review", "postponed", "declined")
STANDARD, MORE_DOCUMENTS, HUMAN_REVIEW, DECLINED = "standard", "more_documents", "human_review", "declined"
ON_OFFER = ("loading", "exclusion")
OTHER_CONDITION = "other_condition"
YES, NO, UNSURE = "yes", "no", "unsure"


class Reason(BaseModel):
    """Why: `code` is a condition or `question_<no>`, `category` its group, `conclusion` what it leads to alone."""

    code: str
    category: str
    text: str
    conclusion: str
    clause: Optional[str] = None

    class Config:
        """Frozen: a decision does not change."""

        frozen = True


class Decision(BaseModel):
    """The outcome in writing; `options` are what the customer may answer, `rules_version` names the rules applied."""

    conclusion: str
    reasons: Tuple[Reason, ...] = ()
    loading_percent: Optional[int] = None
    exclusions: Tuple[str, ...] = ()
    materials: Tuple[str, ...] = ()
    postpone_until: Optional[str] = None
    options: Tuple[str, ...] = ()
    rules_version: str

    class Config:
        """Frozen: a decision does not change."""

        frozen = True


def follow_ups(product: Product, question_no: int) -> Tuple[Condition, ...]:
    """The conditions a customer may pick after a yes: those whose topic this question asked, in the order of the data.

    Raises KeyError for a question that the product does not have.
    """
    return _asked(product, _question(product, question_no))


def assess(product: Product, answers: Mapping[int, str], findings: Sequence[str], age: Optional[int]) -> Decision:
    """The decision on health answers {question number: yes|no|unsure} and condition codes picked after a yes.

    A finding counts only when a question answered yes asked its topic; OTHER_CONDITION, something that is not on the
    list, goes to a person. `age` in full years; without it the worst verdict of a condition counts.
    Raises Invalid("health_unanswered") when a question that is put to everybody has no answer.
    """
    _check_answered(product, answers)
    verdicts: Dict[str, Tuple[Reason, Verdict]] = {}
    for question in product.health_questions:
        said = answers.get(question.no, NO)
        if said == YES:
            verdicts.update(_findings_of(product, question, findings, age))
        elif said == UNSURE:
            verdicts[f"question_{question.no}"] = _on_question(question, MORE_DOCUMENTS)
    return _decide(product, list(verdicts.values()))


def _question(product: Product, question_no: int) -> HealthQuestion:
    for question in product.health_questions:
        if question.no == question_no:
            return question
    raise KeyError(question_no)


def _asked(product: Product, question: HealthQuestion) -> Tuple[Condition, ...]:
    return tuple(condition for condition in product.conditions if condition.topic in question.asks)


def _check_answered(product: Product, answers: Mapping[int, str]) -> None:
    always = (question.no for question in product.health_questions if question.only_if.is_always())
    open_ = [number for number in always if answers.get(number) not in (YES, NO, UNSURE)]
    if open_:
        raise Invalid("health_unanswered", fields={str(number): "health_unanswered" for number in open_})


def _findings_of(
    product: Product, question: HealthQuestion, findings: Sequence[str], age: Optional[int]
) -> Dict[str, Tuple[Reason, Verdict]]:
    """The verdicts on what a yes meant; a yes that nothing explains goes to a person."""
    found = {}
    for condition in _asked(product, question):
        if condition.code in findings:
            verdict = _verdict(condition, age)
            found[condition.code] = (_reason(condition, verdict), verdict)
    if not found or OTHER_CONDITION in findings:
        found[f"question_{question.no}"] = _on_question(question, HUMAN_REVIEW)
    return found


def _verdict(condition: Condition, age: Optional[int]) -> Verdict:
    """What counts at this age. A condition without a verdict for it goes to a person."""
    if age is None:
        return max(condition.verdicts, key=lambda verdict: SEVERITY.index(verdict.conclusion))
    fitting = (verdict for verdict in condition.verdicts if verdict.fits(age))
    return next(fitting, Verdict(conclusion=HUMAN_REVIEW))


def _reason(condition: Condition, verdict: Verdict) -> Reason:
    return Reason(
        code=condition.code, category=condition.group_title, text=condition.text, conclusion=verdict.conclusion
    )


def _on_question(question: HealthQuestion, conclusion: str) -> Tuple[Reason, Verdict]:
    code = f"question_{question.no}"
    reason = Reason(code=code, category=question.category, text=question.text, conclusion=conclusion)
    return reason, Verdict(conclusion=conclusion, materials=question.materials)


def _decide(product: Product, verdicts: List[Tuple[Reason, Verdict]]) -> Decision:
    marked = [(reason, verdict) for reason, verdict in verdicts if verdict.conclusion != STANDARD]
    conclusion = max((verdict.conclusion for _, verdict in marked), key=SEVERITY.index, default=STANDARD)
    if len(marked) > 1 and conclusion != DECLINED:
        conclusion = HUMAN_REVIEW
    alone = marked[0][1] if len(marked) == 1 else None
    materials = [material for _, verdict in marked for material in verdict.materials]
    return Decision(
        conclusion=conclusion,
        reasons=tuple(reason for reason, _ in marked),
        loading_percent=alone.loading_percent if alone else None,
        exclusions=(alone.exclusion,) if alone and alone.exclusion else (),
        materials=tuple(dict.fromkeys(materials)),
        postpone_until=alone.postpone_until if alone else None,
        options=_options(conclusion),
        rules_version=product.conditions_version,
    )


def _options(conclusion: str) -> Tuple[str, ...]:
    """What the customer may answer; a person may always be asked for (个人信息保护法 第24条)."""
    if conclusion == STANDARD:
        return ()
    return ("accept", "refuse", "human_review") if conclusion in ON_OFFER else ("human_review", "refuse")
