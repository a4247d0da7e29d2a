"""POST /api/quotes over HTTP."""

from typing import Any, AsyncIterator

import httpx
import pytest

from tests.catalogue.server import public_api

CI = {"product": "P2", "age": 30, "gender": "male", "sum_insured": 500000, "term": "whole_life", "payment_period": "30"}


@pytest.fixture
async def api() -> AsyncIterator[httpx.AsyncClient]:
    async with public_api() as client:
        yield client


async def test_a_price(api: httpx.AsyncClient) -> None:
    answer = await api.post("/api/quotes", json=CI)
    assert answer.status_code == 200
    body = answer.json()
    assert (body["premium_fen"], body["frequency"], body["total_fen"]) == (661000, "yearly", 19830000)
    assert {"label": "每年应交", "value": "6,610.00元"} in body["breakdown"]


async def test_a_refusal_has_reason_and_nearest(api: httpx.AsyncClient) -> None:
    answer = await api.post("/api/quotes", json={**CI, "age": 41, "sum_insured": 400000})
    assert answer.status_code == 422
    body = answer.json()
    assert body["error"] == "quote_combination"
    assert body["nearest"] == {"payment_period": "20"}
    assert "20年交" in body["message"]
    assert list(body["fields"]) == ["payment_period"]


@pytest.mark.parametrize(
    ("values", "error", "fields"),
    [
        ({"product": "P2"}, "quote_missing", {"age", "gender", "sum_insured", "term", "payment_period"}),
        ({**CI, "gender": "m"}, "invalid", {"gender"}),
        ({**CI, "age": None}, "quote_missing", {"age"}),
        ({}, "invalid", {"product"}),
    ],
)
async def test_what_is_wrong_is_named(
    api: httpx.AsyncClient, values: dict[str, Any], error: str, fields: set[str]
) -> None:
    answer = await api.post("/api/quotes", json=values)
    assert (answer.status_code, answer.json()["error"]) == (422, error)
    assert set(answer.json()["fields"]) == fields


async def test_an_unknown_product_is_404(api: httpx.AsyncClient) -> None:
    answer = await api.post("/api/quotes", json={**CI, "product": "P99"})
    assert (answer.status_code, answer.json()["error"]) == (404, "product_unknown")


@pytest.mark.parametrize("content", [b"[1]", b"null", b"{", b""])
async def test_a_body_that_is_no_object_is_malformed(api: httpx.AsyncClient, content: bytes) -> None:
    answer = await api.post("/api/quotes", content=content, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["error"]) == (422, "malformed")
