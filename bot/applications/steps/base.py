"""What every step of a purchase is."""

from typing import Any, Dict, List

from bot.applications.sale import Sale
from bot.applications.schemas import Choice, Outcome, Prompt, Said

CHOICE = "value"


class Step:
    """One step: it says whether it applies, whether it is done, what to ask, and takes the answer."""

    code = ""

    async def prepare(self, sale: Sale) -> None:
        """Work out what the step depends on; called when all earlier steps are done."""

    def is_applicable(self, sale: Sale) -> bool:
        """Whether this purchase has the step at all."""
        return True

    def is_completed(self, sale: Sale) -> bool:
        """Whether nothing is left to ask."""
        raise NotImplementedError

    async def prompt(self, sale: Sale) -> Prompt:
        """What to ask now."""
        raise NotImplementedError

    async def answer(self, sale: Sale, said: Said) -> Outcome:
        """Take what the customer said, or say why not."""
        return Outcome.not_an_answer()

    async def undo(self, sale: Sale) -> bool:
        """Take back the last thing the customer did in this step; False when there is nothing to take back."""
        return False


def choice(title: str, value: str, **entities: Any) -> Choice:
    """A button that stands for `/inform{"value": value}`."""
    return Choice(title, "inform", {CHOICE: value, **entities})


def card(card_type: str, sale: Sale, **ref: Any) -> Dict[str, Any]:
    """The reference by which the gateway loads a card of this application."""
    return {"type": card_type, "ref": {"application_id": sale.id, **ref}}


def form_prompt(code: str, sale: Sale, form_id: str, **values: Any) -> Prompt:
    """A prompt whose answer is a card form."""
    return Prompt(code, values, card("form", sale, form_id=form_id))


def titles(choices: List[Choice]) -> str:
    """The titles of choices in one line, for channels without buttons."""
    return "、".join(choice.title for choice in choices)
