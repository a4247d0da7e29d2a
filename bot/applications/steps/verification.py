"""Who is buying: the phone number is verified with a code that is typed only into the page's own box."""

from bot.applications.rules import read_agreement
from bot.applications.sale import Sale
from bot.applications.schemas import Outcome, Prompt, Said
from bot.applications.steps.base import Step, form_prompt
from bot.conversations import service as conversations


class VerificationStep(Step):
    """Done when the conversation belongs to a known customer."""

    code = "verification"

    async def prepare(self, sale: Sale) -> None:
        """Note the customer once the conversation has one."""
        if sale.application.customer_id is None:
            customer_id = await conversations.customer_of(sale.session, sale.application.conversation_id)
            if customer_id:
                sale.application.customer_id = customer_id
                await sale.session.flush()
                await sale.record("verified", {"customer_id": customer_id})

    def is_completed(self, sale: Sale) -> bool:
        """Whether the customer is known."""
        return sale.application.customer_id is not None

    async def prompt(self, sale: Sale) -> Prompt:
        """The verification card."""
        return form_prompt("verification", sale, "verification")

    async def answer(self, sale: Sale, said: Said) -> Outcome:
        """Words cannot verify anybody."""
        return Outcome.invalid("fill_form") if read_agreement(said) else Outcome.not_an_answer()
