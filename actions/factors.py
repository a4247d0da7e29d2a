"""The pricing factors as slots: their names, the entities that fill them, and what the conversation knows of them."""

import re
from typing import Any, Dict, List, Optional, Tuple

from rasa_sdk import Tracker

from actions import turn
from bot.applications import service as applications
from bot.catalogue.models import Choice, Product
from bot.quotes.service import amount

FACTORS = (
    "age",
    "gender",
    "social_security",
    "occupation",
    "plan",
    "sum_insured",
    "annual_premium",
    "term",
    "payment_period",
    "payment_frequency",
)
CORRECTING = ("correct", "adjust_quote")
SLOT_OF_FIELD = {"frequency": "payment_frequency"}
# the customer's words for factors that in a purchase belong to the parties' card
WORDS = {
    "age": re.compile("年龄|岁数|几岁|多大"),
    "gender": re.compile("性别"),
    "social_security": re.compile("医保|社保"),
    "occupation": re.compile("职业|工作"),
    "product": re.compile("产品|险种"),
}
NUMBERS = ("age", "sum_insured", "annual_premium")
SUGGESTED = {
    "sum_insured": (100_000, 200_000, 300_000, 500_000, 1_000_000, 2_000_000),
    "annual_premium": (5_000, 10_000, 20_000, 50_000),
}
ENTITY_OF_FACTOR = {**{name: name for name in FACTORS}, "sum_insured": "amount", "annual_premium": "budget"}


def known_factors(tracker: Tracker) -> Dict[str, Any]:
    """The factors that are known so far, by slot name."""
    values = {name: tracker.get_slot(name) for name in FACTORS}
    known = {name: value for name, value in values.items() if value is not None}
    return {name: int(value) if name in NUMBERS else value for name, value in known.items()}


def suggested_sums(product: Product, slot: str) -> List[Choice]:
    """Usual amounts that this product offers, for buttons; [] for a slot that is no amount or is not limited."""
    limit = getattr(product.limits, slot) if slot in SUGGESTED else None
    if limit is None:
        return []
    offered = [sum_ for sum_ in SUGGESTED[slot] if limit.min <= sum_ <= limit.max and sum_ % limit.step == 0]
    return [Choice(value=str(sum_), title=amount(product, sum_)) for sum_ in offered]


def new_values(tracker: Tracker) -> Dict[str, str]:
    """The factors that the last message gives a value."""
    heard = {factor: turn.entity(tracker, entity) for factor, entity in ENTITY_OF_FACTOR.items()}
    return {factor: value for factor, value in heard.items() if value is not None}


def named_for_change(tracker: Tracker) -> Dict[str, None]:
    """The factor that a correction names without its new value: it is to be asked again."""
    if turn.intent(tracker) not in CORRECTING or new_values(tracker):
        return {}
    field = _field(tracker)
    slot = SLOT_OF_FIELD.get(field or "", field)
    if slot not in (*FACTORS, "product"):
        slot = next((factor for factor, words in WORDS.items() if words.search(turn.text(tracker))), None)
    return {slot: None} if slot else {}


def changed_fields(tracker: Tracker) -> List[Tuple[str, Optional[str]]]:
    """What a correction wants changed in a purchase, each with its new value if said; [] when it names nothing."""
    if turn.intent(tracker) not in CORRECTING:
        return []
    said = new_values(tracker)
    if said:
        return list(said.items())
    field = _field(tracker)
    return [(field, turn.entity(tracker, "value"))] if field else []


def _field(tracker: Tracker) -> Optional[str]:
    """The part that is named: by a button, or by the customer's own word for it."""
    return turn.entity(tracker, "field") or applications.field_named(turn.text(tracker))
