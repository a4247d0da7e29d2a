"""The health declaration: one question at a time, only what is asked is answered (Insurance Law, interpretation II)."""

from typing import Optional

from bot.applications import questionnaire
from bot.applications.questionnaire import NO_CONDITION, NO_MORE, OTHER, Picked
from bot.applications.rules import HealthReply, Reply, read_health
from bot.applications.sale import Sale
from bot.applications.schemas import Choice, Outcome, Prompt, Said
from bot.applications.steps.base import Step, card, choice
from bot.applications.texts import title
from bot.catalogue.models import HealthQuestion
from bot.ids import new_id
from bot.store.tables.applications import HealthAnswer
from bot.underwriting import service as underwriting


class HealthStep(Step):
    """Done when every question that applies has a complete answer."""

    code = "health"

    def is_applicable(self, sale: Sale) -> bool:
        """Whether the product asks anything."""
        return bool(questionnaire.questions(sale))

    def is_completed(self, sale: Sale) -> bool:
        """Whether no question is open."""
        return questionnaire.open_question(sale) is None

    async def prompt(self, sale: Sale) -> Prompt:
        """The open question, or the follow-up to a yes."""
        question = questionnaire.open_question(sale)
        assert question is not None
        answer = questionnaire.answer_to(sale, question.no)
        if answer is not None:
            return _follow_up_prompt(sale, question, answer)
        asked = questionnaire.questions(sale)
        index = asked.index(question) + 1
        values = {"index": index, "total": len(asked), "question": question.text, "intro": sale.product.health.intro}
        choices = [
            Choice(title("yes"), "affirm"),
            Choice(title("no"), "deny"),
            Choice(title("unsure"), "unsure"),
        ]
        ref = card("question", sale, index=index, total=len(asked), question_no=question.no)
        return Prompt("health_first" if index == 1 else "health", values, ref, choices)

    async def answer(self, sale: Sale, said: Said) -> Outcome:
        """Take yes, no or unsure to the open question, or a choice of the follow-up."""
        question = questionnaire.open_question(sale)
        assert question is not None
        if said.kind == "event":
            return Outcome.not_an_answer()
        answer = questionnaire.answer_to(sale, question.no)
        if answer is not None:
            return await _take_follow_up(sale, question, answer, said)
        reply = read_health(said)
        if reply is None:
            return Outcome.not_an_answer()
        if reply.reply is Reply.VAGUE:
            return Outcome.invalid("health_vague")
        if reply.reply is Reply.PARTLY:
            return Outcome.invalid("health_partly")
        return await _take(sale, question, reply, said)

    async def undo(self, sale: Sale) -> bool:
        """Take the last answer back."""
        if not sale.answers:
            return False
        last = max(sale.answers, key=lambda answer: answer.id)
        await forget(sale, last.question_no)
        return True


async def forget(sale: Sale, question_no: Optional[int] = None) -> None:
    """Take one answer, or all answers, back so that they are asked again; the record keeps the old ones."""
    where = {} if question_no is None else {"question_no": question_no}
    await sale.repository.supersede(HealthAnswer, sale.id, sale.moment, **where)
    await sale.record("health_reopened", {"question_no": question_no})
    sale.answers = [row for row in sale.answers if question_no is not None and row.question_no != question_no]


async def _take(sale: Sale, question: HealthQuestion, reply: HealthReply, said: Said) -> Outcome:
    offered = underwriting.follow_ups(sale.product, question.no)
    found, groups = questionnaire.resolve(offered, reply.conditions)
    if reply.conditions and not found and not groups:
        return Outcome.invalid("health_not_asked")
    asks_more = reply.reply is Reply.YES and bool(offered)
    row = HealthAnswer(
        id=new_id(),
        application_id=sale.id,
        question_no=question.no,
        words=said.text,
        value=reply.reply.value,
        findings=found,
        groups=groups,
        is_complete=not asks_more,
        message_id=said.message_id,
        answered_at=sale.moment,
    )
    await sale.repository.add(row)
    sale.answers.append(row)
    await _record(sale, question, row)
    return Outcome.accepted()


async def _take_follow_up(sale: Sale, question: HealthQuestion, answer: HealthAnswer, said: Said) -> Outcome:
    options = questionnaire.open_options(sale.product, question.no, answer)
    picked = questionnaire.read_follow_up(said, options, has_findings=bool(answer.findings))
    if picked is None:
        return Outcome.not_an_answer()
    if picked.problem:
        return Outcome.invalid(picked.problem)
    if picked.way_out == NO_CONDITION:
        answer.value, answer.findings, answer.groups, answer.is_complete = Reply.NO.value, [], [], True
    elif picked.way_out == NO_MORE:
        answer.is_complete = True
    else:
        _add(sale, question, answer, picked)
    answer.words = f"{answer.words}；{said.text}"
    answer.message_id = said.message_id
    answer.answered_at = sale.moment
    await sale.session.flush()
    await _record(sale, question, answer)
    return Outcome.accepted()


def _add(sale: Sale, question: HealthQuestion, answer: HealthAnswer, picked: Picked) -> None:
    """Add what was picked; a group is settled with its first finding, and nothing open ends the question."""
    offered = underwriting.follow_ups(sale.product, question.no)
    chosen = [option for option in offered if option.code in picked.codes]
    answer.findings = [*answer.findings, *(code for code in picked.codes if code not in answer.findings)]
    waiting = [*picked.groups, *(group for group in answer.groups if group not in picked.groups)]
    settled = [group for group in waiting if any(questionnaire.belongs(option, group) for option in chosen)]
    answer.groups = [] if OTHER in picked.codes else [group for group in waiting if group not in settled]
    answer.is_complete = OTHER in picked.codes or not questionnaire.open_options(sale.product, question.no, answer)


def _follow_up_prompt(sale: Sale, question: HealthQuestion, answer: HealthAnswer) -> Prompt:
    options = questionnaire.open_options(sale.product, question.no, answer)
    picks_more = bool(answer.findings) and not answer.groups
    last = NO_MORE if picks_more else NO_CONDITION
    lines = [*questionnaire.menu(options), (OTHER, title("other_condition")), (last, title(last))]
    hint = next((option.follow_up for option in options if option.follow_up), "")
    one_group = len({option.group for option in options}) == 1
    code = "health_more" if picks_more else "health_which_grade" if hint and one_group else "health_which"
    values = {"question": question.text, "hint": hint}
    ref = card("question", sale, question_no=question.no)
    return Prompt(code, values, ref, [choice(text, value) for value, text in lines])


async def _record(sale: Sale, question: HealthQuestion, row: HealthAnswer) -> None:
    content = {
        "question_no": question.no,
        "question": question.text,
        "words": row.words,
        "value": row.value,
        "findings": list(row.findings),
        "complete": bool(row.is_complete),
    }
    await sale.record("health_answer", content)
