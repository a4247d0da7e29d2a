"""A purchase beyond the customer's means: the insurer advises to stop; who insists says so in writing (art. 38)."""

from typing import Any, List

from bot.applications import pricing, suitability
from bot.applications.rules import Reply, is_insistence, read_agreement
from bot.applications.sale import Sale, fingerprint
from bot.applications.schemas import Choice, Outcome, Prompt, Said, Status
from bot.applications.steps.base import CHOICE, Step, choice
from bot.applications.texts import title
from bot.ids import new_id
from bot.store.tables.applications import SuitabilityStatement

INSISTS = "suitability_insists"
INSIST_WORDS = ("坚持", "我坚持", "坚持投保", "我坚持投保", "坚持购买", "我坚持购买")


class SuitabilityStep(Step):
    """Done when the customer, told of the risk, has stated in own words that the purchase is wanted."""

    code = "suitability"

    def is_applicable(self, sale: Sale) -> bool:
        """Whether the product needs the assessment and something serious does not fit."""
        return sale.product.needs_assessment and bool(_findings(sale))

    def is_completed(self, sale: Sale) -> bool:
        """Whether the statement that stands is about these very findings."""
        return sale.statement is not None and sale.statement.fingerprint == fingerprint(_content(sale))

    async def prompt(self, sale: Sale) -> Prompt:
        """The advice to stop, then the request for a statement."""
        reasons = suitability.sentences(_findings(sale))
        if sale.is_marked(INSISTS, _content(sale)):
            return Prompt("suitability_statement", {"reasons": reasons}, choices=[_stop()])
        await sale.mark("suitability_advised", _content(sale))
        choices = [_stop(), choice(title("insist"), "insist")]
        return Prompt("suitability_mismatch", {"reasons": reasons}, choices=choices)

    async def answer(self, sale: Sale, said: Said) -> Outcome:
        """Stop, insist, or take the statement."""
        if said.kind == "event":
            return Outcome.not_an_answer()
        reply = read_agreement(said)
        if reply is Reply.NO:
            await sale.move_to(Status.ABANDONED, "suitability")
            return Outcome.finished(Status.ABANDONED.value)
        if sale.is_marked(INSISTS, _content(sale)):
            return await self._take_statement(sale, said)
        if said.entity(CHOICE) == "insist" or said.text.strip() in INSIST_WORDS or is_insistence(said.text):
            await sale.mark(INSISTS, _content(sale), said.message_id)
            return Outcome.accepted()
        return Outcome.invalid("suitability_vague") if reply else Outcome.not_an_answer()

    async def _take_statement(self, sale: Sale, said: Said) -> Outcome:
        if said.kind != "text":
            return Outcome.invalid("suitability_in_writing")
        if not is_insistence(said.text):
            wants = read_agreement(said) or said.text.strip() in INSIST_WORDS
            return Outcome.invalid("suitability_in_writing") if wants else Outcome.not_an_answer()
        content = _content(sale)
        row = SuitabilityStatement(
            id=new_id(),
            application_id=sale.id,
            fingerprint=fingerprint(content),
            findings=content["findings"],
            words=said.text,
            message_id=said.message_id,
            stated_at=sale.moment,
        )
        await sale.repository.add(row)
        sale.statement = row
        await sale.record("suitability_statement", {"words": said.text, **content})
        return Outcome.accepted()

    async def undo(self, sale: Sale) -> bool:
        """Take statement and insistence back."""
        if sale.statement is None and not any(kind == INSISTS for kind, _ in sale.marks):
            return False
        await sale.repository.supersede(SuitabilityStatement, sale.id, sale.moment)
        await sale.unmark(INSISTS)
        sale.statement = None
        return True


def _findings(sale: Sale) -> List[suitability.Finding]:
    return suitability.serious(suitability.findings(sale))


def _content(sale: Sale) -> Any:
    """What the customer insists on: the findings and the price."""
    price = pricing.premium_or_none(sale)
    return {
        "findings": [finding.code for finding in _findings(sale)],
        "premium_fen": price.premium_fen if price else None,
        "needs": sale.needs.id if sale.needs else None,
    }


def _stop() -> Choice:
    return Choice(title("take_advice"), "deny")
