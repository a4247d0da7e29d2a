"""Dates of cover and cooling-off, cash values, and how a policy stands."""

from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.catalogue import service as catalogue
from bot.clock import SHANGHAI
from bot.policies.cash_values import Paying, table
from bot.policies.rules import PolicyStatus, cooling_off_until, cover, standing

AGREED = date(2026, 11, 23)
ENDS = date(2027, 11, 22)


def test_cover_runs_from_midnight_in_shanghai_to_the_last_second():
    found = cover(AGREED, ENDS, AGREED - timedelta(days=1))
    assert found.effective_at == datetime(2026, 11, 22, 16, tzinfo=timezone.utc)
    assert found.ends_at == datetime(2027, 11, 22, 23, 59, 59, tzinfo=SHANGHAI)


def test_a_payment_after_midnight_moves_the_whole_period():
    found = cover(AGREED, ENDS, AGREED)
    assert found.effective_at.date() == date(2026, 11, 24)
    assert found.ends_at.date() == date(2027, 11, 23)


def test_cover_for_life_has_no_end():
    assert cover(AGREED, None, AGREED).ends_at is None


@given(st.dates(date(2026, 1, 1), date(2050, 1, 1)), st.integers(1, 30))
def test_the_cooling_off_period_counts_from_the_day_after_delivery(delivered, days):
    last = cooling_off_until(delivered, days)
    assert (last - (delivered + timedelta(days=1))).days + 1 == days


def test_a_product_without_cooling_off_has_no_last_day():
    assert cooling_off_until(AGREED, 0) is None


@pytest.mark.parametrize(
    "status, now, expected",
    [
        (PolicyStatus.IN_FORCE, datetime(2026, 11, 22, 15, 59, 59, tzinfo=timezone.utc), "not_yet_effective"),
        (PolicyStatus.IN_FORCE, datetime(2026, 11, 22, 16, tzinfo=timezone.utc), "in_force"),
        (PolicyStatus.IN_FORCE, datetime(2027, 11, 22, 15, 59, 59, tzinfo=timezone.utc), "in_force"),
        (PolicyStatus.IN_FORCE, datetime(2027, 11, 22, 16, tzinfo=timezone.utc), "ended"),
        (PolicyStatus.WITHDRAWN, datetime(2026, 12, 1, tzinfo=timezone.utc), "withdrawn"),
        (PolicyStatus.SURRENDERED, datetime(2029, 12, 1, tzinfo=timezone.utc), "surrendered"),
    ],
)
def test_how_a_policy_stands(status, now, expected):
    period = cover(AGREED, ENDS, AGREED - timedelta(days=1))
    assert standing(status, period.effective_at, period.ends_at, now) == expected


def test_cash_values_of_twenty_years_of_paying():
    """Brief, section 5, P2: 5 % after year 1, 10 % after 2, 42 % after 10, 60 % after 20, 85 % after 30."""
    shares = catalogue.product("P2").cash_values
    paying = Paying("whole_life", "20", Decimal(100_000), None, None)
    values = dict(table(shares, paying))
    assert [values[year] for year in (1, 2, 10, 20, 30)] == [5_000, 20_000, 420_000, 1_200_000, 1_700_000]


def test_cash_values_never_exceed_the_sum_insured_and_end_at_nothing():
    shares = catalogue.product("P2").cash_values
    paying = Paying("to70", "30", Decimal(381_500), 40, 5_000_000)
    values = table(shares, paying)
    assert len(values) == 40 and values[-1] == (40, 0)
    assert max(value for _, value in values) <= 5_000_000
