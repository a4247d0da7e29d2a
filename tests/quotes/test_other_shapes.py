"""Products priced in the other ways, as data only: by age and social security, and by a chosen premium."""

from decimal import Decimal
from typing import Any

import pytest

from bot.catalogue import service as catalogue
from bot.catalogue.models import AgeLimit, AmountLimit, Factor, Limits, Product, RateTable, Rating
from bot.quotes.models import QuoteRefused, QuoteRequest
from bot.quotes.rules import missing_factors, premium

FACTORS = {
    "age": Factor(name="age", slot="age", label="投保年龄", shown="{value}周岁", question="ask_age"),
    "social_security": Factor(
        name="social_security", slot="social_security", label="医保", shown="{value}", question="ask_social_security"
    ),
    "annual_premium": Factor(
        name="annual_premium", slot="annual_premium", label="年交保险费", shown="{value}", question="ask_annual_premium"
    ),
    "payment_period": Factor(
        name="payment_period", slot="payment_period", label="交费期间", shown="{value}", question="ask_payment_period"
    ),
}


def product(factors: tuple[str, ...], limits: Limits, rating: Rating, rows: dict[tuple[str, ...], Decimal]) -> Product:
    changes = {
        "factors": tuple(FACTORS[name] for name in factors),
        "limits": limits,
        "rating": rating,
        "rates": RateTable(rating.keys, rows),
        "plans": (),
    }
    return catalogue.product("P4").copy(update=changes)


MEDICAL = product(
    ("age", "social_security"),
    Limits(
        age=AgeLimit(min_days=28, max=60, text="出生满28日至60周岁", clause="1.2"),
        terms=("1y",),
        term_aliases={"20y": "1y"},
        frequencies=("yearly", "monthly"),
    ),
    Rating(unit="per_year", keys=("age", "social_security")),
    {("30", "yes"): Decimal("319"), ("30", "no"): Decimal("319") * Decimal("1.9")},
)
SAVING = product(
    ("age", "annual_premium", "payment_period"),
    Limits(
        age=AgeLimit(min_days=28, max=70, text="出生满28日至70周岁", clause="1.2"),
        annual_premium=AmountLimit(min=1000, max=10**7, step=1, text="1000元", clause="1.6"),
        terms=("whole_life",),
        payment_periods=("single", "3", "5", "10"),
        frequencies=("yearly", "monthly"),
    ),
    Rating(unit="per_yuan", keys=("payment_period",)),
    {(period,): Decimal(1) for period in ("single", "3", "5", "10")},
)


def ask(**values: Any) -> QuoteRequest:
    return QuoteRequest(product="X", age=30, **values)


@pytest.mark.parametrize(("social_security", "fen"), [(True, 31_900), (False, 60_610)])
def test_a_rate_by_age_and_social_security(social_security: bool, fen: int) -> None:
    found = premium(MEDICAL, ask(social_security=social_security))
    assert found.premium_fen == fen
    assert dict(found.breakdown)["医保"] == ("有医保" if social_security else "无医保")


def test_an_alias_of_the_term_is_accepted() -> None:
    assert premium(MEDICAL, ask(social_security=True, term="20y")) == premium(MEDICAL, ask(social_security=True))


def test_no_social_security_is_an_answer() -> None:
    assert missing_factors(MEDICAL, {"age": 30, "social_security": False}) == []
    assert missing_factors(MEDICAL, {"age": 30}) == ["social_security"]


@pytest.mark.parametrize(("period", "payments"), [("single", 1), ("5", 5), ("10", 10)])
def test_a_chosen_premium_is_the_premium(period: str, payments: int) -> None:
    found = premium(SAVING, ask(annual_premium=20_000, payment_period=period))
    assert (found.premium_fen, found.payments, found.total_fen) == (2_000_000, payments, 2_000_000 * payments)


def test_a_single_premium_is_not_paid_by_month() -> None:
    with pytest.raises(QuoteRefused) as refused:
        premium(SAVING, ask(annual_premium=20_000, payment_period="single", frequency="monthly"))
    assert refused.value.nearest == {"frequency": "yearly"}


def test_too_small_a_premium_names_the_least() -> None:
    with pytest.raises(QuoteRefused, match="quote_annual_premium") as refused:
        premium(SAVING, ask(annual_premium=500, payment_period="5"))
    assert refused.value.nearest == {"annual_premium": 1000}
