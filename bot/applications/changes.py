"""Changing an answer: which part the customer means, and asking it again or setting it at once."""

from functools import lru_cache
from typing import Dict, Optional

from bot.applications import pricing, texts
from bot.applications.sale import Sale
from bot.applications.steps import BY_CODE
from bot.applications.steps.health import forget
from bot.errors import Invalid

STEPS_TO_REDO = ("needs", "consent", "parties")


@lru_cache(maxsize=1)
def _parts_by_word() -> Dict[str, str]:
    return {word: part for part, words in texts.fields().items() for word in words}


def field_named(words: str) -> Optional[str]:
    """The part of an application that a customer's word means, or None; the longest word found in a sentence wins."""
    known = _parts_by_word()
    if words in known or words in known.values():
        return known.get(words, words)
    found = [word for word in known if word in words]
    return known[max(found, key=len)] if found else None


async def apply_change(sale: Sale, named: str, value: Optional[str]) -> bool:
    """Reopen a part, or set a pricing factor; whether anything changed. Raises Invalid for what is not offered."""
    if named == "health":
        return await _redo_health(sale)
    if named == "document":
        return await BY_CODE["document"].undo(sale)
    if named in STEPS_TO_REDO:
        step = BY_CODE[named]
        return step.is_applicable(sale) and await step.undo(sale)
    return await _change_factor(sale, named, value)


async def _redo_health(sale: Sale) -> bool:
    if not sale.answers:
        return False
    await forget(sale)
    return True


async def _change_factor(sale: Sale, named: str, value: Optional[str]) -> bool:
    """Set a factor, or take it away so that the step asks it; only what the customer chooses can change here."""
    names = [name for name, _, _ in pricing.changeable(sale)]
    name = pricing.FIELD_OF_SLOT.get(named, named)
    if name == "plan" and name not in names and names:
        name = names[0]
    if name not in names:
        return False
    if value is None and name == "frequency":
        value = next(given for field, _, given in pricing.changeable(sale) if field == "frequency")
    changes = pricing.fields_of({name: value}) if value is not None else {name: None}
    if value is not None and not changes:
        raise Invalid("plan_value")
    pricing.check(sale, changes)
    await sale.set_factors(changes)
    return True
