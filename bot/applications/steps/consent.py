"""The separate consents: each on its own, nothing ticked beforehand, and a refusal is respected (PIPL, art. 29–31)."""

from typing import List, Mapping

from bot.applications import pricing
from bot.applications.rules import Reply, read_agreement
from bot.applications.sale import Sale
from bot.applications.schemas import Choice, Outcome, Prompt, Said, Status
from bot.applications.steps.base import Step, form_prompt
from bot.applications.texts import title
from bot.catalogue.models import Document
from bot.ids import new_id
from bot.store.tables.applications import ApplicationConsent

CHILD = "consent_child"
CHILD_BELOW = 14


class ConsentStep(Step):
    """Done when every consent that this purchase needs is given."""

    code = "consent"

    def is_completed(self, sale: Sale) -> bool:
        """Whether nothing is refused or open."""
        return not open_consents(sale)

    async def prompt(self, sale: Sale) -> Prompt:
        """The form with the open consents; after a refusal, the way back or out."""
        refused = [consent for consent in sale.consents if not consent.granted]
        if refused:
            choices = [Choice(title("rethink"), "affirm"), Choice(title("leave"), "deny")]
            return Prompt("consent_refused", {}, choices=choices)
        await sale.mark("consents_shown", [[item.kind, item.sha256] for item in open_consents(sale)])
        return form_prompt("consent", sale, "consent", count=len(open_consents(sale)))

    async def answer(self, sale: Sale, said: Said) -> Outcome:
        """After a refusal: think again or leave. The consents themselves come as a card."""
        reply = read_agreement(said)
        refused = any(not consent.granted for consent in sale.consents)
        if refused and reply is Reply.NO:
            await sale.move_to(Status.ABANDONED, "consent_refused")
            return Outcome.finished("abandoned")
        if refused and reply is Reply.YES:
            await sale.repository.supersede(ApplicationConsent, sale.id, sale.moment, granted=False)
            return Outcome.accepted()
        return Outcome.invalid("consent_by_card") if reply else Outcome.not_an_answer()

    async def undo(self, sale: Sale) -> bool:
        """Withdraw all consents, so that they are asked again."""
        if not sale.consents:
            return False
        await sale.repository.supersede(ApplicationConsent, sale.id, sale.moment)
        await sale.record("consents_withdrawn", {"kinds": [consent.kind for consent in sale.consents]})
        sale.consents = []
        return True


def needed(sale: Sale) -> List[Document]:
    """The consents that this purchase needs; the one on children only for an insured below 14 (PIPL, art. 31)."""
    age = pricing.age(sale)
    return [item for item in sale.product.consents if item.kind != CHILD or (age is not None and age < CHILD_BELOW)]


def open_consents(sale: Sale) -> List[Document]:
    """The consents that are needed and not given for these very words."""
    given = {(consent.kind, consent.text_sha256) for consent in sale.consents if consent.granted}
    return [item for item in needed(sale) if (item.kind, item.sha256) not in given]


async def decide(sale: Sale, decisions: Mapping[str, bool]) -> None:
    """Store what the customer decided on each consent, and put it on record."""
    for item in open_consents(sale):
        row = ApplicationConsent(
            id=new_id(),
            application_id=sale.id,
            kind=item.kind,
            text_sha256=item.sha256,
            granted=decisions[item.kind],
            decided_at=sale.moment,
        )
        await sale.repository.add(row)
        content = {"kind": item.kind, "version": item.version, "sha256": item.sha256, "granted": decisions[item.kind]}
        await sale.record("consent", content)
