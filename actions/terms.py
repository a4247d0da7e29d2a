"""Questions about the wording: the clause is quoted with its number, or it is said that there is none."""

from typing import List, Optional

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions import turn
from actions.guidance import insurer_values
from actions.products import ask_which, in_hand, mentioned
from bot.knowledge import service as knowledge

QUOTED = 2
LONGEST_QUOTE = 400


class ActionSearchTerms(Action):
    """Quotes what the wording of the product in hand says."""

    def name(self) -> str:
        """Run on `ask_terms`."""
        return "action_search_terms"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> List[EventType]:
        """The best clauses of one product; without a product, the best of all of them."""
        question = question_asked(tracker)
        product = next(iter(mentioned(tracker)), None) or in_hand(tracker)
        if question is None:
            ask_which(dispatcher, "ask_product")
            return []
        answer = await knowledge.search(question, product.code if product else None)
        if not answer.answered:
            named = product.name if product else answer.clauses[0].product_name
            dispatcher.utter_message(response="utter_clause_none", product=named, **insurer_values())
            return []
        for hit in answer.clauses[:QUOTED]:
            dispatcher.utter_message(
                response="utter_clause",
                product=hit.product_name,
                number=hit.number,
                heading=hit.title,
                wording=shortened(hit.text),
            )
        return []


def question_asked(tracker: Tracker) -> Optional[str]:
    """The question in the customer's own words: typed now, not the title of a button."""
    words = turn.text(tracker).strip()
    return words if words and turn.kind(tracker) == "text" else None


def shortened(wording: str) -> str:
    """A clause cut after the sentence that ends before the limit; the cut is shown."""
    if len(wording) <= LONGEST_QUOTE:
        return wording
    kept = wording[:LONGEST_QUOTE]
    return kept[: max(kept.rfind("。"), kept.rfind("；")) + 1] + "……"
