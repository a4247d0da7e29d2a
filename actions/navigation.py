"""Moving about: pause, go on, one step back, correct something, and events that come while no form runs."""

from typing import List, Optional

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions import turn
from actions.application import ORDER_PAID, go_to, show_issued
from actions.factors import known_factors, named_for_change, new_values
from bot.applications import service as applications
from bot.catalogue import service as catalogue
from bot.quotes import service as quotes
from bot.store import transaction


class ActionStop(Action):
    """Pauses what is going on; an application stays open."""

    def name(self) -> str:
        """Run on `stop`."""
        return "action_stop"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> List[EventType]:
        """Leaves the form; says how to come back when there is something to come back to."""
        async with transaction() as session:
            state = await applications.current(session, tracker.sender_id)
            if state is not None:
                await applications.pause(session, state.id)
        busy = state is not None or _form(tracker) is not None
        dispatcher.utter_message(response="utter_stopped" if busy else "utter_nothing_to_stop")
        return [ActiveLoop(None), SlotSet(turn.REQUESTED_SLOT, None)]


class ActionResume(Action):
    """Finds what was left half done: an application of this customer, or a quote in this conversation."""

    def name(self) -> str:
        """Run on `resume`; the slot `next_form` says where to go on."""
        return "action_resume"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> List[EventType]:
        """An application outranks a quote."""
        async with transaction() as session:
            state = await applications.current(session, tracker.sender_id)
        if state is not None:
            product = catalogue.product(state.product_code, state.product_version)
            dispatcher.utter_message(response="utter_resumed", product=product.name)
            return go_to("application")
        code = tracker.get_slot("product")
        if code is not None and quotes.missing_factors(catalogue.product(code), known_factors(tracker)):
            return go_to("quote")
        dispatcher.utter_message(response="utter_nothing_to_resume")
        return go_to("nothing")


class ActionGoBack(Action):
    """Answers a "back" when there is no step to go back to."""

    def name(self) -> str:
        """Run on `go_back` outside the purchase; inside, the form goes back itself."""
        return "action_go_back"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> List[EventType]:
        """In a quote the last answer is asked again."""
        last = last_factor(tracker)
        if _form(tracker) == "quote_form" and last is not None:
            return [SlotSet(last, None)]
        dispatcher.utter_message(response="utter_nothing_to_go_back")
        return []


class ActionCorrect(Action):
    """Takes a correction that no running form took: new values lead to a new price, otherwise asks what to change."""

    def name(self) -> str:
        """Run on `correct`; the slot `next_form` says where to go on."""
        return "action_correct"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> List[EventType]:
        """Offers the factors that are known, each as a button."""
        code, known = tracker.get_slot("product"), known_factors(tracker)
        if code is None or not known:
            dispatcher.utter_message(response="utter_nothing_to_correct")
            return go_to("nothing")
        if _form(tracker) is None and (new_values(tracker) or named_for_change(tracker)):
            return go_to("quote")
        factors = [factor for factor in catalogue.product(code).factors if factor.slot in known]
        dispatcher.utter_message(
            response="utter_correct_what",
            buttons=[
                {"title": factor.label, "payload": turn.payload("adjust_quote", {"field": factor.slot})}
                for factor in factors
            ],
        )
        return go_to("nothing")


class ActionServerEvent(Action):
    """Takes a server event that no running form took: a card submitted or an order paid after a pause."""

    def name(self) -> str:
        """Run on `EXTERNAL_*`; the slot `next_form` says where to go on."""
        return "action_server_event"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> List[EventType]:
        """An open application goes on with the event; a verification by itself opens the customer's policies."""
        async with transaction() as session:
            if turn.intent(tracker) == ORDER_PAID:
                await show_issued(session, dispatcher, tracker)
                return go_to("nothing")
            if await applications.current(session, tracker.sender_id) is not None:
                return go_to("application")
        dispatcher.utter_message(response="utter_event_noted")
        return go_to("nothing")


def _form(tracker: Tracker) -> Optional[str]:
    """The form that is active, or None."""
    return (tracker.active_loop or {}).get("name")


def last_factor(tracker: Tracker) -> Optional[str]:
    """The factor that was filled last in this conversation and still has a value."""
    known = known_factors(tracker)
    filled = (event["name"] for event in reversed(tracker.events) if event["event"] == "slot")
    return next((name for name in filled if name in known), None)
