"""Which of the found words and values are meant when several compete."""

import re
from collections.abc import Sequence

from bot.nlu.values.found import Found

_ONE_ONLY = ("occupation", "gender")
_NOT_A_JOB = re.compile("(?:人工|你们?的?|贵司的?|转|找|联系|有个|一个|那个|叫|遇到|冒充|自称|是不是)$")


def entities_of(text: str, words: Sequence[Found], values: Sequence[Found]) -> list[Found]:
    """Return the entities of a text, by their place, from the dictionary's words and the values.

    A gender said outright ("女") stands before one that a relation implies ("老公"); of several relations the first
    counts, of several occupations the last. "转人工客服" names no occupation.
    """
    said = any(item.entity == "gender" for item in values)
    kept = [
        word
        for word in words
        if not (word.entity == "gender" and said)
        and not (word.entity == "occupation" and _NOT_A_JOB.search(text[: word.start]))
    ]
    relations = [word for word in kept if word.entity == "insured_relation"]
    kept = [word for word in kept if word.entity != "insured_relation" or word is relations[0]]
    if relations:
        spans = {(relations[0].start, relations[0].end)}
        kept = [word for word in kept if word.entity != "gender" or (word.start, word.end) in spans]
    last = {word.entity: word for word in kept}
    kept = [word for word in kept if word.entity not in _ONE_ONLY or last[word.entity] is word]
    return sorted([*kept, *values], key=lambda item: (item.start, item.end))
