"""POST /api/knowledge/search over HTTP."""

import json
import socket
from typing import Any, AsyncIterator, Dict

import httpx
import pytest
from sanic import Sanic

from bot.channels.web import security
from bot.ids import new_id
from bot.knowledge import routes

PATH = "/api/knowledge/search"


@pytest.fixture
async def api() -> AsyncIterator[httpx.AsyncClient]:
    """A real server with this route alone."""
    app = Sanic(f"knowledge-{new_id()}", configure_logging=False)
    # several apps in one process: without it Sanic 21.12 compiles its own methods twice and fails
    Sanic.test_mode = True
    security.mount(app)
    app.blueprint(routes.blueprint)
    sock = socket.socket()
    sock.bind(("127.0.0.1", 0))
    server = await app.create_server(sock=sock, return_asyncio_server=True, access_log=False)
    assert server is not None
    await server.startup()
    await server.start_serving()
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{sock.getsockname()[1]}", trust_env=False) as client:
        yield client
    await server.close()


async def test_an_answer(api: httpx.AsyncClient) -> None:
    answer = await api.post(PATH, json={"text": "酒驾出了事赔不赔", "product": "P4"})
    assert answer.status_code == 200
    body = answer.json()
    assert body["answered"] and set(body["clauses"][0]) == {
        "product",
        "product_name",
        "number",
        "title",
        "text",
        "score",
    }
    assert body["clauses"][0]["number"] == "3.6"


@pytest.mark.parametrize("text", ["\x00", "😀" * 200, "\ud800", "a" * 500])
async def test_odd_questions_are_answered_with_no(api: httpx.AsyncClient, text: str) -> None:
    content = json.dumps({"text": text, "product": "P4"})
    answer = await api.post(PATH, content=content, headers={"Content-Type": "application/json"})
    assert answer.status_code == 200 and not answer.json()["answered"]


@pytest.mark.parametrize(
    ("asked", "status", "error"),
    [
        ({}, 422, "knowledge_text"),
        ({"text": "  "}, 422, "knowledge_text"),
        ({"text": 5}, 422, "knowledge_text"),
        ({"text": "长" * 501}, 422, "knowledge_text"),
        ({"text": "等待期", "product": 4}, 422, "knowledge_product"),
        ({"text": "等待期", "product": "P99"}, 404, "product_unknown"),
    ],
)
async def test_what_is_wrong_is_said(api: httpx.AsyncClient, asked: Dict[str, Any], status: int, error: str) -> None:
    answer = await api.post(PATH, json=asked)
    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert answer.json()["message"]
