"""Which health question is open, which conditions a yes may mean, and what was picked among them."""

from dataclasses import dataclass
from typing import Dict, List, Optional, Sequence, Tuple

from bot.applications import pricing
from bot.applications.rules import Reply, is_question, read_health, tidy
from bot.applications.sale import Sale
from bot.applications.schemas import Said
from bot.applications.steps.base import CHOICE
from bot.catalogue.models import Condition, HealthQuestion, Product
from bot.store.tables.applications import HealthAnswer
from bot.underwriting import service as underwriting

OTHER, NO_CONDITION, NO_MORE = "other_condition", "no_condition", "no_more"
OTHERS_IN_WORDS = ("其他", "其它", "别的", "有别的", "有其他", "不在上面", "都不是", "以上都不是")


@dataclass(frozen=True)
class Picked:
    """What was picked in a follow-up: conditions, groups to go into, a way out, or why it cannot be taken."""

    codes: Tuple[str, ...] = ()
    groups: Tuple[str, ...] = ()
    way_out: str = ""
    problem: str = ""


def questions(sale: Sale) -> List[HealthQuestion]:
    """The questions put to this insured, in order; while age or gender is unknown, a question is put."""
    known = pricing.known(sale)
    age, gender = pricing.age(sale), known.get("gender")
    return [question for question in sale.product.health_questions if _is_put(question, age, gender)]


def _is_put(question: HealthQuestion, age: Optional[int], gender: Optional[str]) -> bool:
    only = question.only_if
    if age is None and (only.min_age is not None or only.max_age is not None):
        return True
    if gender is None and only.gender is not None:
        return True
    return only.applies(age or 0, gender or "")


def answer_to(sale: Sale, question_no: int) -> Optional[HealthAnswer]:
    """The answer that stands."""
    return next((row for row in sale.answers if row.question_no == question_no), None)


def open_question(sale: Sale) -> Optional[HealthQuestion]:
    """The first question without a complete answer."""
    done = {row.question_no for row in sale.answers if row.is_complete}
    return next((question for question in questions(sale) if question.no not in done), None)


def answers_of(sale: Sale) -> Dict[int, str]:
    """Question number → yes, no or unsure, for the questions that are put."""
    put = {question.no for question in questions(sale)}
    return {row.question_no: row.value for row in sale.answers if row.question_no in put}


def findings_of(sale: Sale) -> List[str]:
    """The condition codes found by the questions that are put; without the unlisted ones."""
    put = {question.no for question in questions(sale)}
    rows = [row for row in sale.answers if row.question_no in put]
    return [code for row in rows for code in row.findings if code != OTHER]


def has_unlisted(sale: Sale) -> bool:
    """Whether a yes means a condition that is not on the list, so that a person must look."""
    put = {question.no for question in questions(sale)}
    return any(OTHER in row.findings for row in sale.answers if row.question_no in put)


def resolve(offered: Sequence[Condition], named: Sequence[str]) -> Tuple[List[str], List[str]]:
    """Conditions that the customer named → codes that are clear, and groups that need one more question."""
    codes: List[str] = []
    groups: List[str] = []
    for name in named:
        matching = [option for option in offered if name in (option.code, option.topic, option.group)]
        if len(matching) == 1:
            codes.append(matching[0].code)
        elif matching and name not in groups:
            groups.append(name)
    return codes, groups


def belongs(option: Condition, name: str) -> bool:
    """Whether a condition is of this topic or group."""
    return name in (option.topic, option.group)


def open_options(product: Product, question_no: int, answer: HealthAnswer) -> List[Condition]:
    """The conditions still to choose from: of the open group, or of all topics from which none was picked."""
    offered = underwriting.follow_ups(product, question_no)
    left = [option for option in offered if option.code not in answer.findings]
    if answer.groups:
        return [option for option in left if belongs(option, answer.groups[0])]
    taken = {option.topic for option in offered if option.code in answer.findings}
    return [option for option in left if option.topic not in taken]


def menu(options: Sequence[Condition]) -> List[Tuple[str, str]]:
    """What to offer as (value, title): conditions of one group in full, otherwise a group with several by its name."""
    by_group: Dict[str, List[Condition]] = {}
    for option in options:
        by_group.setdefault(option.group, []).append(option)
    if len(by_group) == 1:
        return [(option.code, option.text) for option in options]
    return [
        (found[0].code, found[0].text) if len(found) == 1 else (group, found[0].group_title)
        for group, found in by_group.items()
    ]


def read_follow_up(said: Said, options: Sequence[Condition], has_findings: bool) -> Optional[Picked]:
    """What was picked, or None for a digression. A bare "没有" before anything was picked contradicts the yes."""
    chosen = said.entity(CHOICE) or _typed(said.text, options)
    if chosen is not None:
        return _picked(chosen, options)
    if is_question(said.text):
        return None
    codes, groups = resolve(options, said.entity_values("condition"))
    if codes or groups:
        return Picked(codes=tuple(codes), groups=tuple(groups))
    return _read_bare(said, has_findings)


def _typed(text: str, options: Sequence[Condition]) -> Optional[str]:
    """The value of the menu line whose title or number the customer typed."""
    words, lines = text.strip(), menu(options)
    if tidy(words) in OTHERS_IN_WORDS:
        return OTHER
    if words.isdigit() and 1 <= int(words) <= len(lines):
        return lines[int(words) - 1][0]
    return next((value for value, title in lines if words == title), None)


def _picked(chosen: str, options: Sequence[Condition]) -> Picked:
    if chosen in (NO_CONDITION, NO_MORE):
        return Picked(way_out=chosen)
    if chosen == OTHER:
        return Picked(codes=(OTHER,))
    if chosen in {option.code for option in options}:
        return Picked(codes=(chosen,))
    if any(belongs(option, chosen) for option in options):
        return Picked(groups=(chosen,))
    return Picked(problem="health_pick_one")


def _read_bare(said: Said, has_findings: bool) -> Optional[Picked]:
    reply = read_health(Said(said.intent, said.text, {}, said.message_id, said.kind))
    if reply is None:
        return None
    if reply.reply is Reply.NO and has_findings:
        return Picked(way_out=NO_MORE)
    if reply.reply is Reply.UNSURE:
        return Picked(codes=(OTHER,))
    return Picked(problem="health_pick_one")
