"""Reading one field of a submitted form at a time, with all faults collected. Pure."""

from datetime import date
from typing import Any, Callable, Dict, Mapping, Optional, Sequence, TypeVar

from bot.errors import Invalid

T = TypeVar("T")


class Faults:
    """Collects the code of each field at fault, so that all are told at once."""

    def __init__(self) -> None:
        self.fields: Dict[str, str] = {}
        self.values: Dict[str, Any] = {}

    def add(self, name: str, code: str, **values: Any) -> None:
        """Note a fault; the first one of a field counts."""
        self.fields.setdefault(name, code)
        self.values.update(values)

    def check(self, name: str, check: Callable[[], T]) -> Optional[T]:
        """The checked value, or None with the fault noted."""
        try:
            return check()
        except Invalid as wrong:
            self.add(name, wrong.code, **wrong.values)
            return None

    def settle(self) -> None:
        """Raises Invalid("form_invalid") when there is any fault."""
        if self.fields:
            raise Invalid("form_invalid", fields=self.fields, **self.values)


def text(values: Mapping[str, Any], name: str) -> str:
    """A field as text without blanks around it; "" when absent or no text."""
    value = values.get(name)
    return value.strip() if isinstance(value, str) else ""


def sealed(
    values: Mapping[str, Any], name: str, check: Callable[[str], str], earlier: object, faults: Faults
) -> Optional[str]:
    """A value that is sealed: checked, or None where the earlier one stays."""
    typed = text(values, name)
    if typed:
        return faults.check(name, lambda: check(typed))
    if earlier is None:
        faults.add(name, "field_required")
    return None


def optional(values: Mapping[str, Any], name: str, check: Callable[[str], str], faults: Faults) -> Optional[str]:
    """A value that may be left empty: checked, or None."""
    typed = text(values, name)
    return faults.check(name, lambda: check(typed)) if typed else None


def choice(values: Mapping[str, Any], name: str, offered: Sequence[str], faults: Faults) -> str:
    """One of the values that are offered, or "" with the fault noted."""
    said = text(values, name)
    if not said:
        faults.add(name, "field_required")
    elif said not in offered:
        faults.add(name, "relation_human" if name.endswith("relation") else "field_choice")
    return said if said in offered else ""


def iso_date(raw: str) -> date:
    """A date as YYYY-MM-DD. Raises Invalid("field_date")."""
    try:
        return date.fromisoformat(raw)
    except ValueError as wrong:
        raise Invalid("field_date") from wrong
