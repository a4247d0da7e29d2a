"""Needs and means: the form, and the written opinion on whether the product suits (suitability rules, art. 34–35)."""

from bot.applications import suitability
from bot.applications.rules import Reply, read_agreement
from bot.applications.sale import Sale
from bot.applications.schemas import Choice, Outcome, Prompt, Said, Status
from bot.applications.steps.base import CHOICE, Step, choice, form_prompt
from bot.applications.texts import title
from bot.store.tables.applications import ApplicationNeeds

OPINION = "needs_opinion"


class NeedsStep(Step):
    """Products of more than a year need an assessment before they may be offered (suitability rules, art. 40)."""

    code = "needs"

    def is_applicable(self, sale: Sale) -> bool:
        """Whether the product asks for the assessment."""
        return sale.product.needs_assessment

    def is_completed(self, sale: Sale) -> bool:
        """Whether the form is in and the opinion was taken note of."""
        return sale.needs is not None and sale.is_marked(OPINION, sale.needs.id)

    async def prompt(self, sale: Sale) -> Prompt:
        """The form, then the opinion."""
        if sale.needs is None:
            return form_prompt("needs", sale, "needs", product=sale.product.short_name)
        findings = suitability.findings(sale)
        await sale.mark("needs_opinion_shown", {"needs": sale.needs.id, "findings": [f.code for f in findings]})
        choices = [
            Choice(title("go_on"), "affirm"),
            choice(title("change_needs"), "change_needs"),
            Choice(title("leave"), "deny"),
        ]
        if not findings:
            return Prompt("needs_suitable", {"product": sale.product.short_name}, choices=choices)
        return Prompt("needs_mismatch", {"reasons": suitability.sentences(findings)}, choices=choices)

    async def answer(self, sale: Sale, said: Said) -> Outcome:
        """Take note of the opinion; the form itself comes as a card."""
        if sale.needs is None:
            return Outcome.invalid("fill_form") if read_agreement(said) else Outcome.not_an_answer()
        if said.entity(CHOICE) == "change_needs":
            await self.undo(sale)
            return Outcome.accepted()
        reply = read_agreement(said)
        if reply is Reply.NO:
            await sale.move_to(Status.ABANDONED, "needs_opinion")
            return Outcome.finished("abandoned")
        if reply is Reply.YES:
            await sale.mark(OPINION, sale.needs.id, said.message_id)
            return Outcome.accepted()
        return Outcome.not_an_answer()

    async def undo(self, sale: Sale) -> bool:
        """Ask the form again; what was entered is its default."""
        if sale.needs is None:
            return False
        await sale.repository.supersede(ApplicationNeeds, sale.id, sale.moment)
        await sale.unmark(OPINION)
        sale.needs = None
        return True
