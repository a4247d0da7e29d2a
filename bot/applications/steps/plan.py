"""What is bought: the pricing factors that the quote left open or that the customer wants to change."""

from typing import Any, Dict, List, Mapping, Optional

from bot.applications import pricing
from bot.applications.rules import is_question
from bot.applications.sale import Sale
from bot.applications.schemas import Outcome, Prompt, Said
from bot.applications.steps.base import CHOICE, Step, choice
from bot.errors import Invalid
from bot.quotes import service as quotes

ENTITIES_OF_FACTOR = {"sum_insured": ("amount",), "annual_premium": ("amount", "budget")}


class PlanStep(Step):
    """Asks the open pricing factors one by one; done when a price can be worked out."""

    code = "plan"

    def is_completed(self, sale: Sale) -> bool:
        """Whether no factor is open."""
        return not self._missing(sale)

    async def prompt(self, sale: Sale) -> Prompt:
        """The next open factor with its choices."""
        factor = pricing.factor_of_slot(sale.product, self._missing(sale)[0])
        choices = [choice(item.title, item.value) for item in factor.choices]
        return Prompt("plan", {"label": factor.label, "product": sale.product.short_name}, choices=choices)

    async def answer(self, sale: Sale, said: Said) -> Outcome:
        """Take the value of the open factor, and of any other one said with it."""
        if said.kind == "event" or is_question(said.text):
            return Outcome.not_an_answer()
        changes = self._said(sale, said)
        return await take_factors(sale, changes) if changes else Outcome.not_an_answer()

    def _said(self, sale: Sale, said: Said) -> Dict[str, Any]:
        factor = pricing.factor_of_slot(sale.product, self._missing(sale)[0])
        names = (factor.slot, *ENTITIES_OF_FACTOR.get(factor.name, ()))
        named = next((said.entity(name) for name in names if said.entity(name)), None)
        value = said.entity(CHOICE) or _typed(factor, said) or named
        others = pricing.factors_said({name: said.entity(name) for name in said.entities if name not in names})
        return {**others, **pricing.fields_of({factor.slot: value})}

    def _missing(self, sale: Sale) -> List[str]:
        return quotes.missing_factors(sale.product, pricing.known(sale))


def _typed(factor: Any, said: Said) -> Optional[str]:
    """The value whose title the customer typed."""
    words = said.text.strip()
    return next((item.value for item in factor.choices if words in (item.title, item.value)), None)


async def take_factors(sale: Sale, changes: Mapping[str, Any]) -> Outcome:
    """Set pricing factors if the product is offered that way; otherwise say why not and the nearest that is."""
    try:
        pricing.check(sale, changes)
    except Invalid as refused:
        return Outcome.invalid("plan_refused", reason=pricing.reason(refused))
    await sale.set_factors(changes)
    return Outcome.accepted()
