"""Quotes: the form that gathers what a price depends on, and the price."""

from typing import Any, Dict, List, Mapping, Optional, Sequence, Set

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions import turn
from actions.factors import ENTITY_OF_FACTOR, FACTORS, known_factors, named_for_change, suggested_sums
from actions.quote_answers import read, reread
from bot.catalogue import service as catalogue
from bot.catalogue.models import Choice
from bot.errors import Invalid, message
from bot.quotes import service as quotes
from bot.store import transaction

FORM = "quote_form"
MOST_BUTTONS = 8
# what opens the form does not lead out of it
QUOTING = ("request_quote", "adjust_quote")


class ValidateQuoteForm(Action):
    """Takes factors from the customer's words, asks for the next one, in one call."""

    def name(self) -> str:
        """Called by Rasa each time the form runs."""
        return "validate_quote_form"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> List[EventType]:
        """Nothing at all for a digression: the form then rejects and a rule answers."""
        asked = tracker.get_slot(turn.REQUESTED_SLOT)
        answering = asked is not None and turn.answers_form(tracker, FORM)
        heard = _heard(tracker, asked) if answering else {}
        about_quote = turn.intent(tracker) in QUOTING or bool(named_for_change(tracker))
        if answering and not heard and not about_quote:
            return []
        known = {"product": tracker.get_slot("product"), **known_factors(tracker), **heard, **named_for_change(tracker)}
        known = _checked(dispatcher, known, set(heard))
        missing = _next_slot(known)
        if missing is not None:
            _ask(dispatcher, missing, known["product"], again=asked is not None and not heard)
        return [*_changes(tracker, known), SlotSet(turn.REQUESTED_SLOT, missing)]


class ActionQuote(Action):
    """The price for what is known, as a card."""

    def name(self) -> str:
        """Run when the quote form has everything, and when the price is asked during a purchase."""
        return "action_quote"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> List[EventType]:
        """Stores the quote and shows it; a refusal is said with its reason and the nearest that is offered."""
        code = tracker.get_slot("product")
        if code is None:
            return []
        try:
            request = quotes.request_of_slots(code, known_factors(tracker))
            async with transaction() as session:
                quote = await quotes.quote(session, request, tracker.sender_id)
        except Invalid as refusal:
            dispatcher.utter_message(text=message(refusal))
            return []
        dispatcher.utter_message(
            response="utter_quote",
            product=catalogue.product(code).name,
            json_message={"type": "quote", "ref": {"quote_id": quote.id}},
        )
        return [SlotSet("quote_id", quote.id)]


def _heard(tracker: Tracker, asked: str) -> Dict[str, Any]:
    """The factors in the customer's last words; {} when they are about something else."""
    entities = {name: value for name, value in tracker.slots_to_validate().items() if name in (*FACTORS, "product")}
    if asked in entities:
        return entities
    said, choices = turn.said(tracker), _choices(asked, tracker.get_slot("product"))
    meant = reread(asked, entities, choices)
    if meant is not None:
        return {name: turn.slot_before(tracker, name) if value is None else value for name, value in meant.items()}
    value = _occupation(said.text) if asked == "occupation" else read(asked, said, choices)
    return {**entities, asked: value} if value is not None else entities


def _occupation(words: str) -> Optional[str]:
    found = catalogue.occupation(words.strip("，。,. "))
    return found.name if found else None


def _choices(slot: str, code: Optional[str]) -> Sequence[Choice]:
    """The values offered for a slot, in the order in which they are shown."""
    if slot == "product" or code is None:
        return [Choice(value=product.code, title=product.short_name) for product in catalogue.products()]
    product = catalogue.product(code)
    found = next((factor.choices for factor in product.factors if factor.slot == slot), ())
    return found or suggested_sums(product, slot)


def _checked(dispatcher: CollectingDispatcher, known: Dict[str, Any], heard: Set[str]) -> Dict[str, Any]:
    """What is known without what the product does not offer; each refusal is said.

    Factors that this product does not use are looked at only when they were just said: "保到70岁" to a one-year cover.
    """
    code = known["product"]
    if code is not None and code not in {product.code for product in catalogue.products()}:
        dispatcher.utter_message(response="utter_product_not_online")
        return {**known, "product": None}
    for _ in FACTORS:
        if code is None:
            break
        product = catalogue.product(code)
        relevant = {factor.slot for factor in product.factors} | heard
        try:
            quotes.check_factors(product, {slot: value for slot, value in known.items() if slot in relevant})
        except Invalid as refusal:
            dispatcher.utter_message(text=message(refusal))
            known = {**known, **{slot: None for slot in quotes.refused_slots(product, refusal)}}
            code = known["product"]
            continue
        break
    return known


def _next_slot(known: Mapping[str, Any]) -> Optional[str]:
    if known["product"] is None:
        return "product"
    return next(iter(quotes.missing_factors(catalogue.product(known["product"]), known)), None)


def _ask(dispatcher: CollectingDispatcher, slot: str, code: Optional[str], again: bool) -> None:
    """Asks for a slot, with the values offered as buttons; after a digression with a word that leads back."""
    if again:
        dispatcher.utter_message(response="utter_continue")
    entity = ENTITY_OF_FACTOR.get(slot, slot)
    dispatcher.utter_message(
        response=f"utter_question_{slot}",
        buttons=[
            {"title": choice.title, "payload": turn.payload("inform", {entity: choice.value})}
            for choice in _choices(slot, code)[:MOST_BUTTONS]
        ],
    )


def _changes(tracker: Tracker, known: Mapping[str, Any]) -> List[EventType]:
    """Every factor as it now stands: Rasa takes a form without any of them for one that understood nothing."""
    stands = {name: known.get(name) for name in ("product", *FACTORS)}
    return [SlotSet(name, value) for name, value in stands.items() if value is not None or tracker.get_slot(name)]
