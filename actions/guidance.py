"""Guidance: answers that only need the insurer's own facts, and what to do when nothing was understood."""

from typing import List

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions import turn
from actions.application import go_to
from actions.factors import new_values
from bot.catalogue import service as catalogue

NOT_UNDERSTOOD = "nlu_fallback"


def insurer_values() -> dict[str, str]:
    """What responses may say of the insurer: {insurer}, {hotline}, {hours}."""
    insurer = catalogue.insurer()
    return {
        "insurer": insurer.short_name,
        "hotline": insurer.hotline,
        "hours": f"{insurer.hours}，{insurer.agent_hours}",
    }


class ActionGuide(Action):
    """Says the response of the intent, `utter_<intent>`, with the insurer's name, hotline and hours."""

    def name(self) -> str:
        """Run on every intent whose answer names the insurer."""
        return "action_guide"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> List[EventType]:
        """One response, no change of state."""
        dispatcher.utter_message(response=f"utter_{turn.intent(tracker)}", **insurer_values())
        return []


class ActionFallback(Action):
    """Asks to say it differently; the second time in a row offers the hotline."""

    def name(self) -> str:
        """Run on `nlu_fallback`."""
        return "action_fallback"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> List[EventType]:
        """One response, no change of state."""
        again = misunderstood_before(tracker)
        dispatcher.utter_message(response="utter_fallback_again" if again else "utter_fallback", **insurer_values())
        return []


class ActionInform(Action):
    """Takes information that no form asked for: factors of a price lead to the quote."""

    def name(self) -> str:
        """Run on `inform`; the slot `next_form` says where to go on."""
        return "action_inform"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> List[EventType]:
        """Inside a form the words did not answer the question; the form asks again."""
        if (tracker.active_loop or {}).get("name"):
            dispatcher.utter_message(response="utter_not_an_answer")
            return go_to("nothing")
        if new_values(tracker) or turn.entity(tracker, "product"):
            return go_to("quote")
        dispatcher.utter_message(response="utter_inform")
        return go_to("nothing")


def misunderstood_before(tracker: Tracker) -> bool:
    """Whether the customer's message before this one was not understood either."""
    intents = [
        (event.get("parse_data") or {}).get("intent", {}).get("name")
        for event in tracker.events
        if event["event"] == "user"
    ]
    return len(intents) > 1 and intents[-2] == NOT_UNDERSTOOD
