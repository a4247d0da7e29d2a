"""What a short answer means to the question that was asked: "50" is an age, an amount or a number of years. Pure."""

import re
from typing import Any, Callable, Dict, Mapping, Optional, Sequence, Tuple

from actions.factors import NUMBERS
from bot.applications.schemas import Said
from bot.catalogue.models import Choice

TEN_THOUSAND = 10_000
LARGEST_SHORT_SUM = 1_000
"""A sum insured said as a bare number up to this means so many 万: "50" is 500,000 yuan."""

_NOISE = re.compile(r"[\s,，。.!！~、]|^(?:我|就|要|选|那|是)+|(?:吧|的|了|呢|呀|啊|好了|就行)+$")
_FIRST_NUMBER = re.compile(r"\d+")


def _years_of(term: str) -> Optional[str]:
    years = _FIRST_NUMBER.match(term)
    return years.group() if years else None


# asked factor → factor that the words were taken for, and how its value answers the question all the same
Conversion = Callable[[Any], Any]
TAKEN_FOR: Mapping[str, Tuple[Tuple[str, Conversion], ...]] = {
    "term": (("age", lambda age: f"to{age}"), ("payment_period", lambda years: f"{years}y")),
    "payment_period": (("term", _years_of),),
    "annual_premium": (("sum_insured", lambda amount: amount),),
    "sum_insured": (("annual_premium", lambda amount: amount),),
}


def read(asked: str, said: Said, choices: Sequence[Choice]) -> Optional[Any]:
    """The value of the factor asked for, or None when the words are no short answer to it.

    `choices` are the values offered, in the order in which they were shown.
    """
    values = [choice.value for choice in choices]
    if asked in NUMBERS:
        return _titled(said.text, choices) or _read_number(asked, said) or _pointed_at(said, values)
    return _titled(said.text, choices) or _pointed_at(said, values) or _numbered(asked, said, values)


def reread(asked: str, heard: Mapping[str, Any], choices: Sequence[Choice]) -> Optional[Dict[str, Any]]:
    """Factors heard in words that were meant for another: {asked: value, mistaken: None}, or None.

    "70岁" to "how long" is a term, not a new age; "20年" to "how many years to pay" is no term.
    """
    offered = {choice.value for choice in choices}
    for mistaken, convert in TAKEN_FOR.get(asked, ()):
        if set(heard) == {mistaken}:
            value = convert(heard[mistaken])
            if value is not None and (not offered or value in offered):
                return {asked: value, mistaken: None}
    return None


def _titled(text: str, choices: Sequence[Choice]) -> Optional[str]:
    words = _NOISE.sub("", text).casefold()
    return next((one.value for one in choices if words in (one.title.casefold(), one.value.casefold())), None)


def _pointed_at(said: Said, values: Sequence[str]) -> Optional[str]:
    if not values:
        return None
    ordinal, preference = said.entity("ordinal"), said.entity("preference")
    if ordinal is not None and int(ordinal) <= len(values):
        return values[int(ordinal) - 1 if int(ordinal) > 0 else -1]
    places = {"cheapest": 0, "middle": len(values) // 2, "highest": -1}
    return values[places[preference]] if preference in places else None


def _numbered(asked: str, said: Said, values: Sequence[str]) -> Optional[str]:
    number = said.entity("number")
    if number is None:
        return None
    shapes = (number, f"to{number}", f"{number}y") if asked == "term" else (number,)
    return next((value for value in shapes if value in values), None)


def _read_number(asked: str, said: Said) -> Optional[int]:
    number = said.entity("number")
    if number is None:
        return None
    value = int(float(number))
    return value * TEN_THOUSAND if asked == "sum_insured" and value <= LARGEST_SHORT_SUM else value
