"""Who is insured and who pays: policyholder, insured, beneficiaries, in one card form."""

from dataclasses import replace
from typing import List

from bot.applications.rules import Reply, read_agreement
from bot.applications.sale import Sale
from bot.applications.schemas import Outcome, Prompt, Said
from bot.applications.steps.base import CHOICE, Step, choice, form_prompt
from bot.applications.texts import title
from bot.store.tables.applications import ApplicationParty

REOPENED, KEEP = "parties_reopened", "keep"


class PartiesStep(Step):
    """Done when the form is in; asked again, it may leave sealed values empty to keep them."""

    code = "parties"

    def is_completed(self, sale: Sale) -> bool:
        """Whether holder and insured are known and nobody wants to change them."""
        return sale.insured is not None and not sale.is_marked(REOPENED, marker(sale))

    async def prompt(self, sale: Sale) -> Prompt:
        """The form; asked again, with a way to leave everything as it is."""
        if sale.insured is None:
            return form_prompt("parties", sale, "parties")
        again = form_prompt("parties_again", sale, "parties")
        return replace(again, choices=[choice(title("keep"), KEEP)])

    async def answer(self, sale: Sale, said: Said) -> Outcome:
        """Personal values are typed only into the form; a change may be dropped."""
        dropped = said.entity(CHOICE) == KEEP or read_agreement(said) is Reply.NO
        if sale.insured is not None and dropped:
            await sale.unmark(REOPENED)
            return Outcome.accepted()
        return Outcome.invalid("fill_form") if read_agreement(said) else Outcome.not_an_answer()

    async def undo(self, sale: Sale) -> bool:
        """Ask the form again with the present values as default."""
        if sale.insured is None or sale.is_marked(REOPENED, marker(sale)):
            return False
        await sale.mark(REOPENED, marker(sale))
        return True


def marker(sale: Sale) -> List[str]:
    """Which submission of the form it is."""
    return [party.id for party in sale.parties]


async def replace_parties(sale: Sale, rows: List[ApplicationParty]) -> None:
    """Make these the parties of the application, and put them on record as tokens."""
    await sale.repository.supersede(ApplicationParty, sale.id, sale.moment)
    for row in rows:
        await sale.repository.add(row)
    sale.parties = rows
    names = ("role", "relation", "name_token", "id_kind", "id_token", "phone_token", "occupation", "share_percent")
    await sale.record("parties", {"parties": [{name: getattr(row, name) for name in names} for row in rows]})
