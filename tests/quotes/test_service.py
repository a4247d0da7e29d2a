"""Quotes are kept as they were given, with the product version that priced them."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from bot.catalogue import service as catalogue
from bot.errors import Invalid, NotFound
from bot.quotes import cards, service
from bot.quotes.models import QuoteRefused

SLOTS = {
    "age": 30,
    "occupation": "外卖小哥",
    "plan": "B",
    "payment_frequency": "monthly",
    "quote_id": None,
    "gender": "male",
}


async def test_a_quote_is_kept_with_version_and_hash(session: AsyncSession) -> None:
    request = service.read_request({"product": "P4", "age": 30, "occupation_class": 4, "plan": "C"})
    given = await service.quote(session, request, "0" * 26)
    kept = await service.get(session, given.id)
    product = catalogue.product("P4")
    assert kept == given
    assert (kept.premium_fen, kept.product_version, kept.product_hash) == (62_900, product.version, product.sha256)
    assert kept.request == request


async def test_a_birth_date_survives_storing(session: AsyncSession) -> None:
    values = {"product": "P4", "birth_date": "1996-03-12", "occupation_class": 1, "plan": "A"}
    given = await service.quote(session, service.read_request(values))
    kept = await service.get(session, given.id)
    assert kept.request.birth_date == date(1996, 3, 12)
    assert kept.request.effective_on == service.next_day()


async def test_an_unknown_quote_is_not_found(session: AsyncSession) -> None:
    with pytest.raises(NotFound, match="quote_unknown"):
        await service.get(session, "0" * 26)


async def test_the_card_shows_what_the_quote_says(session: AsyncSession) -> None:
    given = await service.quote(session, service.request_of_slots("P4", SLOTS))
    body = await cards.load_quote(session, "0" * 26, {"quote_id": given.id})
    assert body["premium_fen"] == given.premium_fen == 2870
    assert body["product"] == {"code": "P4", "name": "禾屿随行综合意外伤害保险（互联网）"}
    assert {"label": "职业类别", "value": "4类职业"} in body["rows"]
    assert "每月应交：28.70元" in body["text"]


def test_slots_become_a_request() -> None:
    request = service.request_of_slots("P4", SLOTS)
    assert (request.occupation_class, request.plan, request.frequency, request.age) == (4, "B", "monthly", 30)


@pytest.mark.parametrize(
    ("occupation", "code"), [("矿工", "quote_occupation_refused"), ("星际矿主", "quote_occupation_unknown")]
)
def test_an_occupation_that_is_not_insured_is_refused(occupation: str, code: str) -> None:
    with pytest.raises(QuoteRefused, match=code):
        service.request_of_slots("P4", {**SLOTS, "occupation": occupation})


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"age": "old"}, "age"),
        ({"gender": "x"}, "gender"),
        ({"birth_date": "1996-13-01"}, "birth_date"),
        ({"x": 1}, "x"),
    ],
)
def test_a_malformed_request_names_its_fields(wrong: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as invalid:
        service.read_request({"product": "P4", **wrong})
    assert invalid.value.fields == {field: "quote_field"}


@pytest.mark.parametrize(
    ("code", "slots", "refused"),
    [
        ("P2", {}, None),
        ("P2", {"sum_insured": 600_000}, None),
        ("P2", {"age": 45, "sum_insured": 600_000}, ["sum_insured"]),
        ("P2", {"sum_insured": 50_000}, ["sum_insured"]),
        ("P4", {"occupation": "消防员"}, ["occupation"]),
        ("P4", {"occupation": "矿工"}, ["occupation"]),
        ("P4", {"age": 70}, ["age"]),
        ("P4", SLOTS, None),
    ],
)
def test_what_is_known_so_far_is_checked(code: str, slots: dict[str, Any], refused: list[str] | None) -> None:
    product = catalogue.product(code)
    if refused is None:
        service.check_factors(product, slots)
        return
    with pytest.raises(QuoteRefused) as invalid:
        service.check_factors(product, slots)
    assert service.refused_slots(product, invalid.value) == refused


def test_a_combination_that_is_not_sold_is_noticed_with_the_last_factor() -> None:
    product = catalogue.product("P2")
    slots = {"age": 45, "gender": "male", "sum_insured": 300_000, "term": "whole_life"}
    service.check_factors(product, slots)
    with pytest.raises(QuoteRefused) as invalid:
        service.check_factors(product, {**slots, "payment_period": "30"})
    assert service.refused_slots(product, invalid.value) == ["payment_period"]
