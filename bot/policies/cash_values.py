"""Pure rules of cash values at the end of each policy year (terms, clause 7.3 of the products that have a table)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

Shares = Mapping[tuple[str, str, str, int], Decimal]
SINGLE = "single"


@dataclass(frozen=True)
class Paying:
    """How a contract is paid and how long it lasts.

    `yearly_fen` is the premium of a year of yearly payment; `years` counts policy years, None for a contract for life;
    `at_most_fen` is the sum insured where cash values may not exceed it.
    """

    term: str
    payment_period: str
    yearly_fen: Decimal
    years: int | None
    at_most_fen: int | None


def table(shares: Shares, paying: Paying) -> list[tuple[int, int]]:
    """(policy year, cash value in fen) for every year that the table of shares has, all premiums being paid.

    The share counts from the beginning (`policy_year`); near the end of a limited term the one that counts the
    `years_left` applies when it is lower. Rounded to the fen, half up.
    """
    rows = []
    for year in sorted(_column(shares, paying, "policy_year")):
        if paying.years is not None and year > paying.years:
            break
        rows.append((year, _value(shares, paying, year)))
    return rows


def _value(shares: Shares, paying: Paying, year: int) -> int:
    share = _column(shares, paying, "policy_year")[year]
    if paying.years is not None:
        left = paying.years - year
        share = min(share, _column(shares, paying, "years_left").get(left, Decimal(0) if left == 0 else share))
    years_paid = 1 if paying.payment_period == SINGLE else min(year, int(paying.payment_period))
    value = int((share * paying.yearly_fen * years_paid).quantize(Decimal(1), ROUND_HALF_UP))
    return value if paying.at_most_fen is None else min(value, paying.at_most_fen)


def _column(shares: Shares, paying: Paying, count: str) -> dict[int, Decimal]:
    """Shares by year of one kind of count."""
    wanted = (paying.term, paying.payment_period, count)
    return {key[3]: share for key, share in shares.items() if key[:3] == wanted}
