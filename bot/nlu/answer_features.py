"""What the values in a text say about its intent: a bare answer is mostly value, a question is mostly not."""

import re
from collections.abc import Sequence

import numpy as np

from bot.nlu.values.found import Found

ENTITIES = (
    *("product", "insured_relation", "age", "gender", "amount", "budget", "term", "payment_period", "plan"),
    *("occupation", "condition", "social_security", "payment_frequency", "date", "time", "staff_id", "policy_no"),
    *("number", "ordinal", "preference", "vault_token"),
)
"""The entities that are told apart; the order is part of trained models."""

_ASKS = re.compile(r"[吗么呢?]\W*$|多少|什么|怎|哪|几|啥|是不是|能不能|可不可以")
_SHAPES = 6
SIZE = len(ENTITIES) + _SHAPES


def answer_features(text: str, found: Sequence[Found]) -> np.ndarray:
    """Return SIZE numbers from 0 to 1: entities that occur, their share of the text, its length, whether it asks."""
    row = np.zeros(SIZE, dtype=np.float32)
    covered: set[int] = set()
    for item in found:
        if item.entity in ENTITIES:
            row[ENTITIES.index(item.entity)] = 1.0
            covered.update(range(item.start, item.end))
    letters = [at for at, character in enumerate(text) if character.isalnum()]
    share = sum(at in covered for at in letters) / max(1, len(letters))
    shapes = (share, share > 0.95, share > 0.6, len(letters) <= 2, len(letters) <= 5, _ASKS.search(text) is not None)
    row[len(ENTITIES) :] = shapes
    return row
