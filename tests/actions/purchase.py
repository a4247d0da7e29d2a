"""Takes a dialogue through a purchase: at each step it does what the customer would do with card or buttons."""

from typing import Any, Dict, List

from bot.applications import forms
from bot.applications import service as applications
from bot.applications.schemas import Prompt
from bot.conversations import service as conversations
from bot.ids import new_id
from bot.store import transaction
from tests.actions.dialogue import Dialogue
from tests.applications.buyer import CONSENTS, NEEDS, PARTIES

MOST_TURNS = 60


class Purchase:
    """One customer buying in one dialogue."""

    def __init__(self, dialogue: Dialogue) -> None:
        self.dialogue = dialogue
        self.customer_id = new_id()

    async def begin(self, product: str, **factors: Any) -> None:
        """Quote and start."""
        await self.dialogue.hears("request_quote", product=product, **factors)
        assert self.dialogue.cards[0]["type"] == "quote", self.dialogue.texts
        await self.dialogue.clicks("去投保")

    async def prompt(self) -> Prompt:
        """What the application waits for."""
        async with transaction() as session:
            state = await applications.current(session, self.dialogue.conversation_id)
            assert state is not None
            return await applications.present(session, state.id)

    async def step(self) -> None:
        """Do what the present step asks."""
        prompt = await self.prompt()
        card = prompt.card or {"type": "", "ref": {}}
        if card["type"] == "form":
            await self.submit(card["ref"]["form_id"])
        elif card["type"] == "document":
            await self._read(card["ref"]["document_id"])
        else:
            await self._choose(prompt)

    async def until(self, code: str) -> None:
        """Go on to the step whose prompt has this code."""
        for _ in range(MOST_TURNS):
            if (await self.prompt()).code == code:
                return
            await self.step()
        raise AssertionError(f"{code} was not reached")

    async def codes(self) -> List[str]:
        """Go on to the payment; returns the codes of all prompts on the way."""
        seen = [(await self.prompt()).code]
        while seen[-1] != "payment":
            await self.step()
            seen.append((await self.prompt()).code)
        return seen

    async def verified(self) -> None:
        """Make the customer of this conversation known, outside any purchase."""
        async with transaction() as session:
            await conversations.attach_customer(session, self.dialogue.conversation_id, self.customer_id, new_id())

    async def submit(self, form_id: str) -> None:
        async with transaction() as session:
            if form_id == "verification":
                entities: Dict[str, Any] = {}
                await conversations.attach_customer(session, self.dialogue.conversation_id, self.customer_id, new_id())
            else:
                handler, values = {
                    "needs": (forms.submit_needs, NEEDS),
                    "consent": (forms.submit_consent, CONSENTS),
                    "parties": (forms.submit_parties, PARTIES),
                }[form_id]
                entities = await handler(session, self.dialogue.conversation_id, dict(values))
        await self.dialogue.hears("EXTERNAL_form_submitted", "", "event", form_id=form_id, **entities)

    async def _read(self, document_id: str) -> None:
        async with transaction() as session:
            await applications.open_document(session, document_id, self.dialogue.conversation_id)
            entities = await forms.submit_document(session, self.dialogue.conversation_id, document_id)
        await self.dialogue.hears("EXTERNAL_document_confirmed", "", "event", **entities)

    async def _choose(self, prompt: Prompt) -> None:
        if prompt.code.startswith("health"):
            await self.dialogue.hears("deny", "没有")
        else:
            choice = prompt.choices[0]
            await self.dialogue.hears(choice.intent, choice.title, "button", **choice.entities)
