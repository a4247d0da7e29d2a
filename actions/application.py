"""The purchase: the form that takes answers to its steps, and how it is started."""

from typing import List

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict
from sqlalchemy.ext.asyncio import AsyncSession

from actions import turn
from actions.factors import changed_fields, known_factors
from bot.applications import service as applications
from bot.applications.schemas import ApplicationState, Outcome, OutcomeKind
from bot.catalogue import service as catalogue
from bot.errors import Invalid, message
from bot.policies import service as policies
from bot.quotes import service as quotes
from bot.store import transaction

FORM = "application_form"
ORDER_PAID = "EXTERNAL_order_paid"
STEP = "application_step"
# after these the step is shown again in full, with its card
FULL_AGAIN = ("resume", "start_application", "go_back", "correct", "adjust_quote")
# cards that stay in the chat: after a digression the customer is pointed to the one above
STANDING_CARDS = ("form", "document", "cashier")


class ValidateApplicationForm(Action):
    """Takes the answer to the present step and puts the next one, in one call."""

    def name(self) -> str:
        """Called by Rasa each time the form runs."""
        return "validate_application_form"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> List[EventType]:
        """Nothing at all for a digression: the form then rejects and a rule answers."""
        activated = tracker.get_slot(turn.REQUESTED_SLOT) is None
        async with transaction() as session:
            if turn.intent(tracker) == ORDER_PAID:
                await show_issued(session, dispatcher, tracker)
                return _over("issued")
            state = await applications.current(session, tracker.sender_id)
            if state is None:
                return _over("none")
            if not activated and not turn.answers_form(tracker, FORM):
                await _ask_again(session, dispatcher, tracker, state)
                return _open()
            outcome = await _take(session, dispatcher, tracker, state, activated)
            if outcome.kind is OutcomeKind.NOT_AN_ANSWER and not activated:
                return []
            if outcome.kind is OutcomeKind.INVALID:
                dispatcher.utter_message(response=outcome.response, **outcome.values)
            turn.ask(dispatcher, await applications.present(session, state.id))
            return _over(outcome.code or "over") if outcome.kind is OutcomeKind.FINISHED else _open()


class ActionStartApplication(Action):
    """Starts a purchase, or says what must come first: the product, its price, an application already open."""

    def name(self) -> str:
        """Run on `start_application`; the slot `next_form` says where to go on."""
        return "action_start_application"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> List[EventType]:
        """Opens the application when the product and its price are known and no other one is open."""
        code = tracker.get_slot("product")
        factors = known_factors(tracker)
        async with transaction() as session:
            open_one = await applications.current(session, tracker.sender_id)
            if open_one is not None and (code is None or code == open_one.product_code):
                return go_to("application")
            if code is None or quotes.missing_factors(catalogue.product(code), factors):
                return go_to("quote")
            if open_one is not None and turn.entity(tracker, "replace") is None:
                self._offer_choice(dispatcher, open_one, code)
                return go_to("nothing")
            await applications.start(session, tracker.sender_id, code, factors, turn.message_id(tracker))
        dispatcher.utter_message(response="utter_application_started", product=catalogue.product(code).name)
        return go_to("application")

    def _offer_choice(self, dispatcher: CollectingDispatcher, open_one: ApplicationState, code: str) -> None:
        first, other = catalogue.product(open_one.product_code), catalogue.product(code)
        dispatcher.utter_message(
            response="utter_start_other_open",
            first=first.short_name,
            other=other.short_name,
            switch=turn.payload("start_application", {"product": code, "replace": "yes"}),
        )


async def show_issued(session: AsyncSession, dispatcher: CollectingDispatcher, tracker: Tracker) -> None:
    """The policy that the paid order led to."""
    policy = await policies.by_number(session, str(turn.entity(tracker, "policy_no")))
    dispatcher.utter_message(
        response="utter_application_issued",
        product=policy.product_name,
        policy_no=policy.policy_no,
        json_message={"type": "policy", "ref": {"policy_no": policy.policy_no}},
    )


def go_to(where: str) -> List[EventType]:
    """Where the conversation goes on: `application`, `quote` or `nothing`; a form that starts asks afresh."""
    if where == "nothing":
        return [SlotSet("next_form", where)]
    return [SlotSet("next_form", where), SlotSet(turn.REQUESTED_SLOT, None), SlotSet(STEP, None)]


async def _take(
    session: AsyncSession,
    dispatcher: CollectingDispatcher,
    tracker: Tracker,
    state: ApplicationState,
    activated: bool,
) -> Outcome:
    """What the words, the button or the event do to the application."""
    intent = turn.intent(tracker)
    if activated and not intent.startswith(turn.EVENT_PREFIX):
        return Outcome.not_an_answer()
    if intent == "go_back":
        await applications.go_back(session, state.id)
        return Outcome.accepted()
    changes = changed_fields(tracker)
    if not changes:
        return await applications.answer(session, state.id, turn.said(tracker))
    for field, value in changes:
        try:
            await applications.change(session, state.id, field, value)
        except Invalid as refusal:
            dispatcher.utter_message(text=message(refusal))
    return Outcome.accepted()


async def _ask_again(
    session: AsyncSession, dispatcher: CollectingDispatcher, tracker: Tracker, state: ApplicationState
) -> None:
    """Puts the question again after a digression, short where its card is still in the chat."""
    prompt = await applications.present(session, state.id)
    card = (prompt.card or {}).get("type")
    if turn.intent(tracker) in FULL_AGAIN or card not in STANDING_CARDS:
        turn.ask(dispatcher, prompt)
        return
    dispatcher.utter_message(response="utter_application_again", buttons=turn.buttons(prompt.choices))


def _open() -> List[EventType]:
    """The form goes on: its one slot stays empty."""
    return [SlotSet(STEP, None), SlotSet(turn.REQUESTED_SLOT, STEP)]


def _over(code: str) -> List[EventType]:
    """The form ends: its slot holds how the application ended."""
    return [SlotSet(STEP, code), SlotSet(turn.REQUESTED_SLOT, None)]
