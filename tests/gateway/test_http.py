"""HTTP around the chat: tokens, history, limits, origins, headers, health, figures, the API document, logs."""

import json
import logging
from typing import Any, AsyncIterator, Dict

import httpx
import jsonschema
import pytest
import schemathesis
import socketio
import structlog
from sqlalchemy import text

from bot import logs
from bot.conversations import service as conversations
from bot.errors import NotFound
from bot.store import transaction
from tests.gateway.client import Customer
from tests.gateway.fake_rasa import FakeRasa
from tests.gateway.gateway import Running


@pytest.fixture
async def http(gateway: Running) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=gateway.url) as client:
        yield client


def bearer(token: str) -> Dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


async def test_tokens_are_stored_hashed_and_can_be_ended(http: httpx.AsyncClient) -> None:
    opened = (await http.post("/api/session")).json()
    async with transaction() as session:
        stored = [str(row) for row in await session.execute(text("SELECT * FROM resume_tokens"))]
    assert not any(opened["resume_token"] in row for row in stored)
    history = "/api/conversation/messages"
    assert (await http.get(history, headers=bearer(opened["resume_token"]))).json() == {"messages": []}
    assert (await http.post("/api/session/end", headers=bearer(opened["resume_token"]))).status_code == 204
    refused = await http.get(history, headers=bearer(opened["resume_token"]))
    assert (refused.status_code, refused.json()["error"]) == (401, "session_unknown")


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer"}, {"Authorization": "Basic x"}, bearer("wrong")])
async def test_without_a_token_nothing_is_read(http: httpx.AsyncClient, headers: Dict[str, str]) -> None:
    assert (await http.get("/api/conversation/messages", headers=headers)).status_code == 401


async def test_an_expired_token_opens_nothing(http: httpx.AsyncClient) -> None:
    opened = (await http.post("/api/session")).json()
    async with transaction() as session:
        await session.execute(text("UPDATE resume_tokens SET expires_at = '2020-01-01 00:00:00'"))
    refused = await http.get("/api/conversation/messages", headers=bearer(opened["resume_token"]))
    assert refused.status_code == 401


async def test_a_socket_needs_a_token(gateway: Running) -> None:
    client = socketio.AsyncClient(reconnection=False)
    with pytest.raises(socketio.exceptions.ConnectionError):
        await client.connect(gateway.url, auth={"token": "wrong"}, transports=["websocket"])


async def test_history_comes_in_pages(http: httpx.AsyncClient, customer: Customer) -> None:
    for number in range(3):
        await customer.say(f"第{number}条")
        await customer.reply(f"echo 第{number}条")
    newest = await http.get("/api/conversation/messages?limit=2", headers=bearer(customer.token))
    assert [m["seq"] for m in newest.json()["messages"]] == [5, 6]
    older = await http.get("/api/conversation/messages?limit=2&before_seq=5", headers=bearer(customer.token))
    assert [m["seq"] for m in older.json()["messages"]] == [3, 4]
    for query in ("limit=0", "limit=x", "before_seq=-1"):
        refused = await http.get(f"/api/conversation/messages?{query}", headers=bearer(customer.token))
        assert refused.status_code == 422


async def test_pages_of_other_sites_are_refused(http: httpx.AsyncClient, gateway: Running) -> None:
    evil = {"Origin": "https://evil.example"}
    refused = await http.post("/api/session", headers=evil)
    assert (refused.status_code, refused.json()["error"]) == (403, "origin_refused")
    assert (await http.post("/api/session", headers={"Origin": gateway.url})).status_code == 201
    handshake = await http.get("/socket.io/?EIO=4&transport=polling", headers=evil)
    assert handshake.status_code == 400
    own = await http.get("/socket.io/?EIO=4&transport=polling", headers={"Origin": gateway.url})
    assert own.status_code == 200


async def test_an_allowed_site_may_embed_the_widget(tuned: Any, http: httpx.AsyncClient) -> None:
    tuned(allowed_origins='["https://partner.example"]')
    answer = await http.post("/api/session", headers={"Origin": "https://partner.example"})
    assert answer.status_code == 201
    assert answer.headers["access-control-allow-origin"] == "https://partner.example"
    assert "frame-ancestors 'self' https://partner.example" in answer.headers["content-security-policy"]


async def test_headers_of_every_answer(http: httpx.AsyncClient) -> None:
    for path in ("/healthz", "/api/nothing", "/openapi.json"):
        headers = (await http.get(path)).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert "script-src 'self'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]


async def test_errors_are_json(http: httpx.AsyncClient, customer: Customer) -> None:
    missing = await http.get("/api/nothing")
    assert (missing.status_code, missing.json()["error"]) == (404, "not_found")
    assert (await http.delete("/api/session")).json()["error"] == "not_allowed"
    path, token = "/api/session/verify", bearer(customer.token)
    broken = await http.post(path, content=b"{", headers=token)
    assert (broken.status_code, broken.json()["error"]) == (422, "malformed")
    large = await http.post(path, content=b"x" * 70_000, headers=token)
    assert (large.status_code, large.json()["error"]) == (413, "body_too_large")
    fields = (await http.post(path, json={"phone": 1, "extra": {}}, headers=token)).json()["fields"]
    assert fields == {"code": "请填写这一项。"}


async def test_an_address_that_asks_too_often_is_slowed_down(tuned: Any, http: httpx.AsyncClient) -> None:
    tuned(requests_per_minute=3)
    answers = [await http.get("/api/nothing") for _ in range(4)]
    assert [a.status_code for a in answers] == [404, 404, 404, 429]
    assert int(answers[-1].headers["Retry-After"]) >= 1


async def test_a_conversation_that_writes_too_fast_is_slowed_down(tuned: Any, customer: Customer) -> None:
    tuned(messages_per_minute=2)
    acks = [await customer.say(f"第{number}条") for number in range(3)]
    assert acks[2]["error"] == "too_many_messages"
    assert "seq" in acks[1]


async def test_health_names_the_part_that_fails(http: httpx.AsyncClient, rasa: FakeRasa, customer: Customer) -> None:
    healthy = (await http.get("/healthz")).json()
    assert healthy["status"] == "ok"
    assert set(healthy["parts"]) == {"database", "rasa", "actions", "inbox"}
    rasa.mode = {"ready": False, "fail": 503}
    await customer.say("你好")
    sick = await http.get("/healthz")
    assert (sick.status_code, sick.json()["status"]) == (200, "degraded")
    assert sick.json()["parts"]["rasa"] == {"ok": False}
    assert sick.json()["parts"]["inbox"]["depth"] == 1


async def test_figures_can_be_collected(http: httpx.AsyncClient, customer: Customer) -> None:
    await customer.say("你好")
    await customer.reply("echo")
    figures = (await http.get("/metrics")).text
    for name in ("heyu_messages_total", "heyu_turn_seconds_count", "heyu_inbox_depth", "heyu_sockets"):
        assert name in figures


async def test_the_api_document_is_valid_and_names_the_routes(http: httpx.AsyncClient) -> None:
    document = (await http.get("/openapi.json")).json()
    paths = document["paths"]
    assert {"/api/session", "/api/session/verify", "/api/conversation/messages"} <= set(paths)
    assert paths["/api/session/verify"]["post"]["security"] == [{"resumeToken": []}]
    names = {p["name"] for p in paths["/api/conversation/messages"]["get"]["parameters"]}
    assert names == {"before_seq", "limit"}
    for schema in document["components"]["schemas"].values():
        jsonschema.Draft4Validator.check_schema(schema)
    references = json.dumps(document).count('"$ref"')
    resolver = jsonschema.RefResolver.from_schema(document)
    found = [resolver.resolve(ref)[1] for ref in _references(document)]
    assert len(found) == references


def _references(value: Any) -> Any:
    if isinstance(value, dict):
        if "$ref" in value:
            yield value["$ref"]
        for inner in value.values():
            yield from _references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _references(inner)


async def test_described_routes_answer_as_described(gateway: Running, customer: Customer) -> None:
    async with httpx.AsyncClient(base_url=gateway.url) as http:
        document = (await http.get("/openapi.json")).json()
        loaded = schemathesis.openapi.from_dict(document)
        operations = [result.ok() for result in loaded.get_all_operations()]
        for operation in operations:
            answer = await http.request(operation.method, operation.path, headers=bearer(customer.token), json={})
            assert str(answer.status_code) in document["paths"][operation.path][operation.method]["responses"]


def test_logs_hide_what_customers_say(capsys: pytest.CaptureFixture[str]) -> None:
    before = logging.getLogger().handlers[:]
    logs.configure("INFO")
    try:
        log = structlog.get_logger("test")
        log.info(
            "sent", text="我得了重病", phone="13800138000", note="请打 138 0013 8000 或 a@example.com", row_id="r1"
        )
        logging.getLogger("library").warning("call 990000199603120010 back")
    finally:
        logging.getLogger().handlers[:] = before
        structlog.reset_defaults()
    first, second = (json.loads(line) for line in capsys.readouterr().err.splitlines())
    assert (first["text"], first["phone"], first["row_id"]) == ("[hidden]", "[hidden]", "r1")
    assert first["note"] == "请打 [hidden] 或 [hidden]"
    assert second["event"] == "call [hidden] back"
    assert first["level"] == "info"


async def test_an_unknown_conversation_cannot_get_events(customer: Customer) -> None:
    async with transaction() as session:
        with pytest.raises(NotFound):
            await conversations.post_event(session, "nobody", "EXTERNAL_x", {}, "k")


async def test_an_allowed_site_may_ask_first(tuned: Any, http: httpx.AsyncClient) -> None:
    tuned(allowed_origins='["https://partner.example"]')
    allowed = await http.options("/api/session", headers={"Origin": "https://partner.example"})
    assert (allowed.status_code, allowed.headers["access-control-allow-methods"]) == (204, "GET, POST, OPTIONS")
    refused = await http.options("/api/session", headers={"Origin": "https://evil.example"})
    assert "access-control-allow-origin" not in refused.headers
