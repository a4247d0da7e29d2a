"""GET /api/products and /api/regions over HTTP."""

from typing import AsyncIterator

import httpx
import pytest

from bot.catalogue import service
from tests.catalogue.server import public_api


@pytest.fixture
async def api() -> AsyncIterator[httpx.AsyncClient]:
    async with public_api() as client:
        yield client


async def test_the_shelf(api: httpx.AsyncClient) -> None:
    body = (await api.get("/api/products")).json()
    assert [product["code"] for product in body["products"]] == [product.code for product in service.products()]
    assert all(product["statement"] == "这是保险产品" for product in body["products"])


async def test_a_product_with_facts_and_clauses(api: httpx.AsyncClient) -> None:
    body = (await api.get("/api/products/P2")).json()
    assert body["facts"]["waiting_days"] == {"label": "等待期", "value": 90, "text": "90日", "clause": "2.2"}
    assert "90日" in next(clause["text"] for clause in body["clauses"] if clause["number"] == "2.2")
    assert [document["kind"] for document in body["documents"]] == [
        "notice",
        "terms",
        "exclusions",
        "manual",
        "privacy",
    ]
    assert body["sha256"] == service.product("P2").sha256


async def test_a_document(api: httpx.AsyncClient) -> None:
    body = (await api.get("/api/products/P4/documents/exclusions")).json()
    assert body["title"] == "禾屿随行综合意外伤害保险（互联网）责任免除及其他免除保险人责任的条款"
    assert "3.7" in [clause["number"] for clause in body["clauses"]]


@pytest.mark.parametrize(
    ("path", "error"),
    [
        ("/api/products/P99", "product_unknown"),
        ("/api/products/P4/documents/manual", "document_unknown"),
        ("/api/products/P99/documents/terms", "product_unknown"),
    ],
)
async def test_what_is_not_there(api: httpx.AsyncClient, path: str, error: str) -> None:
    answer = await api.get(path)
    assert (answer.status_code, answer.json()["error"]) == (404, error)


async def test_regions(api: httpx.AsyncClient) -> None:
    regions = (await api.get("/api/regions")).json()["regions"]
    assert len(regions) == 31
    guangdong = next(province for province in regions if province["name"] == "广东省")
    assert {"name": "东莞市", "children": [{"name": "东莞市"}]} in guangdong["children"]
