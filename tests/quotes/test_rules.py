"""The premium: known prices, limits, refusals with the nearest offer, and properties over all that is sold."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from bot import errors
from bot.catalogue import service as catalogue
from bot.errors import Invalid
from bot.quotes.models import QuoteRefused, QuoteRequest
from bot.quotes.rules import missing_factors, premium, rate_of

CI = {
    "product": "P2",
    "age": 30,
    "gender": "male",
    "sum_insured": 500_000,
    "term": "whole_life",
    "payment_period": "30",
}
ACCIDENT = {"product": "P4", "age": 30, "occupation_class": 1, "plan": "B"}

ANCHORS = {
    (0, "male"): ("10.08", "7.38", "6.09", "4.46"),
    (18, "male"): ("14.10", "10.38", "8.33", "6.14"),
    (30, "male"): ("17.70", "13.22", "10.22", "7.63"),
    (40, "male"): ("21.40", "16.39", "11.83", "9.06"),
    (50, "male"): ("25.84", None, "12.88", None),
    (0, "female"): ("9.04", "6.61", "5.14", "3.76"),
    (18, "female"): ("12.57", "9.25", "6.93", "5.10"),
    (30, "female"): ("15.57", "11.57", "8.26", "6.14"),
    (40, "female"): ("18.25", "13.75", "8.98", "6.77"),
    (50, "female"): ("20.90", None, "8.79", None),
}
COLUMNS = (("whole_life", "20"), ("whole_life", "30"), ("to70", "20"), ("to70", "30"))


def price(base: dict[str, Any], **changes: Any) -> int:
    request = QuoteRequest(**{**base, **changes})
    return premium(catalogue.product(request.product), request).premium_fen


def refusal(base: dict[str, Any], **changes: Any) -> QuoteRefused:
    with pytest.raises(QuoteRefused) as refused:
        price(base, **changes)
    assert errors.body(refused.value)["message"]
    return refused.value


def test_known_price_of_critical_illness() -> None:
    found = premium(catalogue.product("P2"), QuoteRequest(**CI))
    assert (found.premium_fen, found.payments, found.total_fen) == (661_000, 30, 19_830_000)
    assert dict(found.breakdown)["每年应交"] == "6,610.00元"
    assert dict(found.breakdown)["基本保险金额"] == "50万元"


@pytest.mark.parametrize(("age", "gender"), list(ANCHORS))
def test_rates_of_the_anchor_table(age: int, gender: str) -> None:
    product = catalogue.product("P2")
    for (term, period), rate in zip(COLUMNS, ANCHORS[age, gender], strict=True):
        request = QuoteRequest(
            product="P2", age=age, gender=gender, sum_insured=100_000, term=term, payment_period=period
        )
        if rate is None:
            with pytest.raises(QuoteRefused, match="quote_combination"):
                rate_of(product, request)
        else:
            assert rate_of(product, request) == Decimal(rate)


@pytest.mark.parametrize(
    ("plan", "occupation_class", "yuan"),
    [("A", 1, 99), ("A", 3, 99), ("A", 4, 188), ("B", 2, 169), ("B", 4, 328), ("C", 3, 318), ("C", 4, 629)],
)
def test_prices_of_accident_plans(plan: str, occupation_class: int, yuan: int) -> None:
    assert price(ACCIDENT, plan=plan, occupation_class=occupation_class) == yuan * 100


@pytest.mark.parametrize(
    ("base", "monthly_fen"),
    [(CI, 57838), (ACCIDENT, 1479), ({**ACCIDENT, "plan": "A"}, 866)],
)
def test_monthly_is_the_yearly_premium_by_0_0875_rounded_half_up_once(base: dict[str, Any], monthly_fen: int) -> None:
    request = QuoteRequest(**base, frequency="monthly")
    found = premium(catalogue.product(request.product), request)
    assert found.premium_fen == monthly_fen
    assert found.total_fen == monthly_fen * found.payments
    assert found.payments % 12 == 0


@pytest.mark.parametrize(
    ("birth_date", "effective_on", "age"),
    [
        (date(1996, 11, 23), date(2026, 11, 22), 29),
        (date(1996, 11, 22), date(2026, 11, 22), 30),
        (date(1996, 2, 29), date(2026, 2, 28), 29),
        (date(1996, 2, 29), date(2026, 3, 1), 30),
        (date(1996, 2, 29), date(2028, 2, 29), 32),
    ],
)
def test_age_is_in_full_years_on_the_effective_date(birth_date: date, effective_on: date, age: int) -> None:
    by_date = price({**CI, "age": None}, birth_date=birth_date, effective_on=effective_on)
    assert by_date == price(CI, age=age)


def test_an_infant_is_insured_from_the_28th_day() -> None:
    infant = {**CI, "age": None, "birth_date": date(2026, 10, 25)}
    assert price(infant, effective_on=date(2026, 11, 22)) == 738 * 500
    assert refusal(infant, effective_on=date(2026, 11, 21)).code == "quote_age"


@pytest.mark.parametrize(
    ("changes", "code", "nearest"),
    [
        ({"age": 56}, "quote_age", {"age": 55, "sum_insured": 200_000, "payment_period": "10"}),
        ({"age": 45}, "quote_sum_insured", {"sum_insured": 400_000, "payment_period": "20"}),
        ({"age": 45, "payment_period": "20"}, "quote_sum_insured", {"sum_insured": 400_000}),
        ({"age": 52}, "quote_sum_insured", {"sum_insured": 200_000, "payment_period": "10"}),
        ({"sum_insured": 610_000}, "quote_sum_insured", {"sum_insured": 600_000}),
        ({"sum_insured": 90_000}, "quote_sum_insured", {"sum_insured": 100_000}),
        ({"sum_insured": 305_000}, "quote_sum_insured", {"sum_insured": 300_000}),
        ({"age": 41, "sum_insured": 400_000}, "quote_combination", {"payment_period": "20"}),
        (
            {"age": 52, "sum_insured": 200_000, "term": "to70"},
            "quote_combination",
            {"term": "whole_life", "payment_period": "10"},
        ),
        ({"term": "to70", "payment_period": "10"}, "quote_combination", {"payment_period": "20"}),
        ({"term": "to60"}, "quote_choice", {"term": "whole_life"}),
        ({"payment_period": "15"}, "quote_choice", {"payment_period": "10"}),
        ({"occupation_class": 5}, "quote_occupation", {"occupation_class": 4}),
    ],
)
def test_critical_illness_refusals_name_the_nearest(
    changes: dict[str, Any], code: str, nearest: dict[str, Any]
) -> None:
    refused = refusal(CI, **changes)
    assert (refused.code, refused.nearest) == (code, nearest)
    assert price({**CI, **changes, **nearest}) > 0


@pytest.mark.parametrize(
    ("changes", "code", "nearest"),
    [
        ({"age": 17}, "quote_age", {"age": 18}),
        ({"age": 66}, "quote_age", {"age": 65}),
        ({"occupation_class": 6}, "quote_occupation", {"occupation_class": 4}),
        ({"plan": "D"}, "quote_choice", {"plan": "A"}),
        ({"term": "20y"}, "quote_choice", {"term": "1y"}),
    ],
)
def test_accident_refusals_name_the_nearest(changes: dict[str, Any], code: str, nearest: dict[str, Any]) -> None:
    refused = refusal(ACCIDENT, **changes)
    assert (refused.code, refused.nearest) == (code, nearest)


def test_a_refused_sum_is_told_in_ten_thousands() -> None:
    refused = refusal(CI, age=45, payment_period="20")
    assert errors.message(refused) == "按当前年龄，保额须在10万元至40万元之间，且为1万元的整数倍。"


def test_a_missing_factor_is_named() -> None:
    refused = refusal(CI, gender=None, sum_insured=None)
    assert refused.code == "quote_missing"
    assert set(refused.fields) == {"gender", "sum_insured"}


def test_missing_factors_are_slots_in_the_order_asked() -> None:
    ci, accident = catalogue.product("P2"), catalogue.product("P4")
    assert missing_factors(ci, {}) == ["age", "gender", "sum_insured", "term", "payment_period"]
    assert missing_factors(ci, {"birth_date": "1996-03-12", "term": "to70"}) == [
        "gender",
        "sum_insured",
        "payment_period",
    ]
    assert missing_factors(accident, {"age": 0}) == ["occupation", "plan"]
    assert missing_factors(accident, {"age": 30, "occupation": "教师", "plan": "A"}) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"gender": "x"},
        {"age": -1},
        {"age": 30.5},
        {"age": True},
        {"sum_insured": 0},
        {"frequency": "weekly"},
        {"surprise": 1},
        {"birth_date": "1996-02-30", "effective_on": "2026-11-22"},
        {"birth_date": "1996-02-28"},
    ],
)
def test_a_malformed_request_is_not_a_request(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        QuoteRequest(**{**CI, **wrong})


def test_a_payment_period_may_be_a_number() -> None:
    assert price(CI, payment_period=30) == price(CI)


def test_every_combination_on_the_shelf_has_a_price() -> None:
    """Nothing is offered that cannot be priced, and the price is never nothing."""
    for product in catalogue.products():
        for row in product.rates.combinations():
            values: dict[str, Any] = {"age": product.limits.age.max, "product": product.code, **row}
            limit = product.limits.sum_insured
            if limit is not None:
                values["sum_insured"] = limit.at_most(int(values["age"]))
            assert price(values) > 0


requests = st.fixed_dictionaries(
    {
        "product": st.sampled_from([product.code for product in catalogue.products()]),
        "age": st.none() | st.integers(0, 110),
        "gender": st.none() | st.sampled_from(["male", "female"]),
        "occupation_class": st.none() | st.integers(1, 6),
        "plan": st.none() | st.sampled_from(["A", "B", "C", "D"]),
        "sum_insured": st.none() | st.integers(1, 100).map(lambda tens: tens * 10_000) | st.integers(1, 10**7),
        "term": st.none() | st.sampled_from(["1y", "to60", "to70", "whole_life", "?"]),
        "payment_period": st.none() | st.sampled_from(["single", "3", "5", "10", "20", "30"]),
        "frequency": st.sampled_from(["yearly", "monthly"]),
    }
)


@given(requests)
def test_any_request_is_priced_or_refused_and_always_the_same(values: dict[str, Any]) -> None:
    request = QuoteRequest(**values)
    product = catalogue.product(request.product)
    try:
        found = premium(product, request)
    except QuoteRefused as refused:
        assert errors.message(refused)
        assert isinstance(refused, Invalid) and refused.fields
        return
    assert found == premium(product, request)
    assert found.premium_fen > 0
    assert request.age is not None and product.limits.age.min <= request.age <= product.limits.age.max


@given(requests)
def test_the_nearest_offer_has_a_price(values: dict[str, Any]) -> None:
    request = QuoteRequest(**values)
    product = catalogue.product(request.product)
    try:
        premium(product, request)
    except QuoteRefused as refused:
        if refused.nearest:
            assert premium(product, request.copy(update=refused.nearest)).premium_fen > 0


@given(
    age=st.integers(0, 40),
    gender=st.sampled_from(["male", "female"]),
    term_and_period=st.sampled_from(COLUMNS),
    sums=st.tuples(st.integers(10, 60), st.integers(10, 60)),
)
def test_the_premium_is_proportional_to_the_sum(
    age: int, gender: str, term_and_period: tuple[str, str], sums: tuple[int, int]
) -> None:
    term, period = term_and_period
    base = {"product": "P2", "age": age, "gender": gender, "term": term, "payment_period": period}
    first, second = (price(base, sum_insured=tens * 10_000) for tens in sums)
    assert first * sums[1] == second * sums[0]


@given(requests.filter(lambda values: values["frequency"] == "yearly"))
def test_twelve_months_cost_a_little_more_than_a_year(values: dict[str, Any]) -> None:
    try:
        yearly = price(values)
    except QuoteRefused:
        return
    monthly = price(values, frequency="monthly")
    assert abs(Decimal(monthly) - Decimal(yearly) * Decimal("0.0875")) <= Decimal("0.5")
