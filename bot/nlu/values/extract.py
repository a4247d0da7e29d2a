"""All values of a text, in the order in which they may claim a span, one value a kind where only one can be meant."""

import re
from collections.abc import Iterable
from datetime import datetime

from bot.nlu.values import choices, cover, identifiers, moments, money, people
from bot.nlu.values.found import Found, settle

READ_CHARACTERS = 1000
"""Characters of a message that are searched for values."""

_FINDERS = (
    identifiers.find_identifiers,
    cover.find_terms,
    cover.find_payment_periods,
    moments.find_moments,
    cover.find_frequencies,
    people.find_ages,
    cover.find_plans,
    choices.find_ordinals,
    money.find_money,
    people.find_social_security,
    choices.find_preferences,
    people.find_genders,
    choices.find_bare_number,
)
_SINGLE = {"age", "gender", "amount", "budget", "term", "payment_period", "payment_frequency", "social_security"}
_TAKEN_BACK = re.compile(r"(?:不是|不要|不选|不买|别|而不是|不想要|错了不是)\s*(?:的|那个)?$")


def find_values(text: str, now: datetime, taken: Iterable[tuple[int, int]] = ()) -> list[Found]:
    """Return the values of a normalised text, by their place; `taken` spans (product names and such) are left alone.

    What the customer takes back ("不是50万，是30万") is left out; of several ages, amounts and the like the one said
    last counts, but an age said right after a relation ("我32，给我妈买，她58岁") stays last by its place.
    """
    read = text[:READ_CHARACTERS]
    found = settle((item for finder in _FINDERS for item in finder(read, now)), taken)
    kept = [item for item in found if not _TAKEN_BACK.search(read[: item.start])] or found
    last = {(item.entity, item.role): item for item in kept}
    return [item for item in kept if item.entity not in _SINGLE or last[(item.entity, item.role)] is item]
