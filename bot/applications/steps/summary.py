"""Everything on one page before paying; each part can be changed, and a change needs a new confirmation."""

from typing import Any, Dict

from bot.applications import pricing
from bot.applications.rules import Reply, read_agreement
from bot.applications.sale import Sale
from bot.applications.schemas import Choice, Outcome, Prompt, Said, Status
from bot.applications.steps.base import Step, card
from bot.applications.steps.underwriting import special_terms
from bot.applications.texts import title
from bot.store.tables.applications import ApplicationParty

CONFIRMED = "summary_confirmed"
PARTY_FIELDS = (
    "role",
    "relation",
    "name_token",
    "id_kind",
    "id_token",
    "phone_token",
    "email_token",
    "address_token",
    "region",
    "occupation",
    "occupation_class",
    "tax_residence",
    "share_rank",
    "share_percent",
)


class SummaryStep(Step):
    """Done when exactly the elements as they stand were confirmed."""

    code = "summary"

    def is_completed(self, sale: Sale) -> bool:
        """Whether these very elements are confirmed."""
        return pricing.premium_or_none(sale) is not None and sale.is_marked(CONFIRMED, elements(sale))

    async def prompt(self, sale: Sale) -> Prompt:
        """The summary card with a way to change each part."""
        await sale.mark("summary_shown", elements(sale))
        choices = [
            Choice(title("confirm"), "affirm"),
            *pricing.change_choices(sale),
            Choice(title("change_parties"), "correct", {"field": "parties"}),
        ]
        if sale.answers:
            choices.append(Choice(title("change_health"), "correct", {"field": "health"}))
        if sale.needs is not None:
            choices.append(Choice(title("change_needs"), "correct", {"field": "needs"}))
        choices.append(Choice(title("leave"), "deny"))
        values = {"product": sale.product.name, "premium": pricing.yuan(pricing.price(sale).premium_fen)}
        return Prompt("summary", values, card("question", sale, part="summary"), choices)

    async def answer(self, sale: Sale, said: Said) -> Outcome:
        """Confirm; a typed "不对" asks what to change, only the button leaves."""
        reply = read_agreement(said)
        if reply is Reply.NO:
            if said.kind != "button":
                return Outcome.invalid("summary_change_what")
            await sale.move_to(Status.ABANDONED, "summary")
            return Outcome.finished(Status.ABANDONED.value)
        if reply is not Reply.YES:
            return Outcome.not_an_answer()
        await sale.mark(CONFIRMED, elements(sale), said.message_id)
        sale.application.confirmed_at = sale.moment
        await sale.session.flush()
        return Outcome.accepted()

    async def undo(self, sale: Sale) -> bool:
        """Take the confirmation back."""
        if not self.is_completed(sale):
            return False
        await unconfirm(sale)
        return True


async def unconfirm(sale: Sale) -> None:
    """Forget the confirmation, so that the summary is asked again."""
    await sale.unmark(CONFIRMED)
    sale.application.confirmed_at = None
    await sale.session.flush()


def elements(sale: Sale) -> Dict[str, Any]:
    """Everything that the customer confirms, personal values as tokens."""
    price = pricing.price(sale)
    factors = {name: value for name, value in pricing.known(sale).items() if name != "birth_date"}
    return {
        "product": [sale.product.code, sale.product.version, sale.product.sha256],
        "documents": [str(document.sha256) for document in sale.documents],
        "factors": factors,
        "premium_fen": price.premium_fen,
        "total_fen": price.total_fen,
        "frequency": price.frequency,
        "special_terms": special_terms(sale),
        "parties": [_party(party) for party in sale.parties],
        "effective_on": sale.effective_on.isoformat(),
    }


def _party(party: ApplicationParty) -> Dict[str, Any]:
    return {name: getattr(party, name) for name in PARTY_FIELDS if getattr(party, name) is not None}
