"""Who is insured and who pays: policyholder, insured, beneficiaries, in one card form."""

from bot.applications.rules import read_agreement
from bot.applications.sale import Sale
from bot.applications.schemas import Outcome, Prompt, Said
from bot.applications.steps.base import Step, form_prompt
from bot.store.tables.applications import ApplicationParty

REOPENED = "parties_reopened"


class PartiesStep(Step):
    """Done when the form is in; asked again, it may leave sealed values empty to keep them."""

    code = "parties"

    def is_completed(self, sale: Sale) -> bool:
        """Whether holder and insured are known and nobody wants to change them."""
        return sale.insured is not None and not sale.is_marked(REOPENED, marker(sale))

    async def prompt(self, sale: Sale) -> Prompt:
        """The form."""
        return form_prompt("parties" if sale.insured is None else "parties_again", sale, "parties")

    async def answer(self, sale: Sale, said: Said) -> Outcome:
        """Personal values are typed only into the form."""
        return Outcome.invalid("fill_form") if read_agreement(said) else Outcome.not_an_answer()

    async def undo(self, sale: Sale) -> bool:
        """Ask the form again with the present values as default."""
        if sale.insured is None or sale.is_marked(REOPENED, marker(sale)):
            return False
        await sale.mark(REOPENED, marker(sale))
        return True


def marker(sale: Sale) -> list:
    """Which submission of the form it is."""
    return [str(party.id) for party in sale.parties]


async def replace(sale: Sale, rows: list) -> None:
    """Make these the parties of the application, and put them on record as tokens."""
    await sale.repository.supersede(ApplicationParty, sale.id, sale.moment)
    for row in rows:
        await sale.repository.add(row)
    sale.parties = rows
    names = ("role", "relation", "name_token", "id_kind", "id_token", "phone_token", "occupation", "share_percent")
    await sale.record("parties", {"parties": [{name: getattr(row, name) for name in names} for row in rows]})
