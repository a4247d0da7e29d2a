"""Pure rules of issued policies: dates of cover, cooling-off period, what a policy's state lets one say of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import Enum

from bot.clock import SHANGHAI


class PolicyStatus(str, Enum):
    """Where a policy stands.

    in_force ──surrendered in the cooling-off period──▶ withdrawn (all premiums back)
        └──────surrendered later──▶ surrendered (cash value)
    A policy is also over when its `ends_at` has passed.
    """

    IN_FORCE = "in_force"
    WITHDRAWN = "withdrawn"
    SURRENDERED = "surrendered"


@dataclass(frozen=True)
class Cover:
    """When cover begins and ends: midnight of the first day, last second of the last; `ends_at` None is for life."""

    effective_at: datetime
    ends_at: datetime | None


def cover(agreed_from: date, agreed_until: date | None, paid_on: date) -> Cover:
    """Cover from 00:00 (Asia/Shanghai) of the agreed day, but never before the day after payment (brief, 1, row 14).

    When payment crossed midnight the whole period moves with it.
    """
    starts = max(agreed_from, paid_on + timedelta(days=1))
    ends = agreed_until + (starts - agreed_from) if agreed_until else None
    return Cover(
        effective_at=datetime.combine(starts, time.min, SHANGHAI),
        ends_at=datetime.combine(ends, time(23, 59, 59), SHANGHAI) if ends else None,
    )


def cooling_off_until(delivered_on: date, days: int) -> date | None:
    """Last day of the cooling-off period, reckoned from the day after delivery; None for a product without one."""
    return delivered_on + timedelta(days=days) if days else None


def standing(status: PolicyStatus, effective_at: datetime, ends_at: datetime | None, now: datetime) -> str:
    """How a policy stands at a moment: withdrawn | surrendered | ended | not_yet_effective | in_force."""
    if status is not PolicyStatus.IN_FORCE:
        return status.value
    if ends_at is not None and now > ends_at:
        return "ended"
    return "not_yet_effective" if now < effective_at else "in_force"
