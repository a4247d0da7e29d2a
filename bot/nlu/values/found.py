"""A value found in a text, and how overlapping finds are settled."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Optional, Union

Value = Union[str, int]
Finder = Callable[[str, datetime], Iterable["Found"]]


@dataclass(frozen=True)
class Found:
    """One value: the entity's name, its span in the text, the value as the services want it, and its role if any."""

    entity: str
    start: int
    end: int
    value: Value
    role: Optional[str] = None


def settle(found: Iterable[Found], taken: Iterable[tuple[int, int]] = ()) -> list[Found]:
    """Keep each find whose span is still free, first come first served; `taken` are spans claimed before."""
    spans = list(taken)
    kept = []
    for item in found:
        if all(item.end <= start or end <= item.start for start, end in spans):
            spans.append((item.start, item.end))
            kept.append(item)
    return sorted(kept, key=lambda item: item.start)
