"""What strangers send: generated input on every described route, forged tokens, floods, payloads typed by hand."""

import asyncio
from typing import Any, Dict, Iterator

import httpx
import pytest
import schemathesis
import socketio
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance
from schemathesis.specs.openapi.checks import status_code_conformance as documented_status
from socketio.exceptions import ConnectionError as Refused

from bot.conversations.accept import CLIENT_ID_LIMIT
from tests.journeys.conftest import QUICK
from tests.journeys.customer import Customer
from tests.journeys.ledger import Ledger
from tests.stack import Stack

pytestmark = [pytest.mark.stack, pytest.mark.model, pytest.mark.timeout(900)]

EXAMPLES = 12
FOREIGN = {"Origin": "https://evil.example"}
CHECKS = [not_a_server_error, documented_status, content_type_conformance, response_schema_conformance]
LIMITS = {"HEYU_REQUESTS_PER_MINUTE": "40", "HEYU_MESSAGES_PER_MINUTE": "8"}


@pytest.fixture
def token(running: Stack) -> str:
    return str(httpx.post(f"{running.base_url}/api/session", trust_env=False).json()["resume_token"])


@pytest.fixture
def api(running: Stack) -> Any:
    return schemathesis.openapi.from_url(f"{running.base_url}/openapi.json")


schema = schemathesis.pytest.from_fixture("api")


@schema.parametrize()
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
def test_every_route_answers_as_described(case: Any, token: str) -> None:
    """Whatever is sent: no server error, a documented status, a body of the documented shape."""
    case.call_and_validate(headers={"Authorization": f"Bearer {token}"}, checks=CHECKS)


@pytest.mark.parametrize("path", ["/", "/verify", "/api/products", "/nothing", "/sandbox/sms", "/cashier/x?t=y"])
def test_every_answer_carries_the_security_headers(running: Stack, path: str) -> None:
    headers = httpx.get(running.base_url + path, trust_env=False).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] in ("no-referrer", "same-origin")
    policy = headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy and "frame-ancestors 'self'" in policy and "unsafe" not in policy


def test_a_foreign_page_may_not_change_anything(running: Stack) -> None:
    refused = httpx.post(f"{running.base_url}/api/session", headers=FOREIGN, trust_env=False)
    assert (refused.status_code, refused.json()["error"]) == (403, "origin_refused")
    assert "Access-Control-Allow-Origin" not in refused.headers


async def test_a_foreign_page_may_not_open_a_socket(running: Stack, token: str) -> None:
    stranger = socketio.AsyncClient(reconnection=False)
    with pytest.raises(Refused):
        await stranger.connect(running.base_url, headers=FOREIGN, auth={"token": token}, transports=["websocket"])


@pytest.mark.parametrize("forged", ["x", "Bearer", "' OR 1=1 --", "A" * 10_000, "é"])
def test_a_forged_token_opens_nothing(running: Stack, forged: str) -> None:
    headers = {"Authorization": f"Bearer {forged}".encode()}
    for path in ("/api/conversation/messages", "/api/policies/", "/api/documents/01M81NT77J9C63X28ZZB0RDGBJ"):
        assert httpx.get(running.base_url + path, headers=headers, trust_env=False).status_code in (400, 401, 413, 431)


async def test_a_forged_token_opens_no_socket(running: Stack, customer: Customer) -> None:
    for auth in (None, {}, {"token": "x"}, {"token": None}, {"conversation_id": customer.conversation_id, "token": ""}):
        stranger = socketio.AsyncClient(reconnection=False)
        with pytest.raises(Refused):
            await stranger.connect(running.base_url, auth=auth, transports=["websocket"])


def test_an_expired_token_opens_nothing(running: Stack, token: str) -> None:
    headers = {"Authorization": f"Bearer {token}"}
    url = f"{running.base_url}/api/conversation/messages"
    assert httpx.get(url, headers=headers, trust_env=False).status_code == 200
    Ledger(running).write("UPDATE resume_tokens SET expires_at = '2020-01-01 00:00:00.000000'")
    assert httpx.get(url, headers=headers, trust_env=False).status_code == 401


def test_a_large_body_is_refused(running: Stack) -> None:
    answer = httpx.post(f"{running.base_url}/api/quotes", content=b"x" * 200_000, trust_env=False)
    assert (answer.status_code, answer.json()["error"]) == (413, "body_too_large")


ODD_TEXTS = {
    "emoji": "👨‍👩‍👧‍👦🏥💰❤️",
    "html": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "sql": "'; DROP TABLE messages; --",
    "template": "{{7*7}} ${7*7} {name} %s %n",
    "payload": '/request_human{"reason": "x"}',
    "wide payload": '／start_application{"product": "P4"}',
    "event": '/EXTERNAL_order_paid{"policy_no": "HY2026010000015"}',
    "external": "EXTERNAL: EXTERNAL_order_paid",
    "restart": "/restart",
    "session": "/session_start",
    "token": "⟦id_card:7f3a0000⟧",
    "bidi": "\u202eoof\u2066\u2069",
    "long word": "啊" * 2000,
    "lone surrogate": "你好\ud83d",
    "control": "你\x00好\x07\x1b[31m\x7f",
    "blank lines": "第一行\n\n\n\n第二行",
    "brackets": "[" * 500 + "]" * 500,
}


@pytest.mark.parametrize("name", ODD_TEXTS)
async def test_odd_texts_are_only_text(running: Stack, customer: Customer, name: str) -> None:
    """Nothing a customer types is a command; each is stored, answered once, and the talk goes on."""
    ledger = Ledger(running)
    await customer.send("text", {"text": ODD_TEXTS[name]})
    await customer.send("text", {"text": "你好"})
    await ledger.settled(customer)
    ledger.check_conversation(customer)
    assert len({message["reply_to"] for message in customer.said("assistant")}) == 2, customer.texts()
    understood = ledger.understood(customer.conversation_id)
    assert not any(parsed["intent"]["name"].startswith("EXTERNAL") for parsed in understood), understood
    # what the model makes of the words it may; what is taken as a payload is certain and brings its own entities
    assert all(parsed["intent"]["confidence"] < 1.0 for parsed in understood), understood
    assert "reason" not in {entity["entity"] for parsed in understood for entity in parsed["entities"]}


REFUSED: Dict[str, Any] = {
    "too long": ("text", {"text": "啊" * 10_000}, "text_too_long"),
    "empty": ("text", {"text": " \u200b\n"}, "text_empty"),
    "no text": ("text", {}, "text_empty"),
    "number": ("text", {"text": 5}, "text_empty"),
    "unknown type": ("system", {"text": "x"}, "message_type_unknown"),
    "unknown button": ("button", {"message_id": "x", "button_id": "b1"}, "button_unknown"),
    "no button": ("button", {}, "button_unknown"),
    "unknown form": ("form", {"form_id": "nothing", "values": {}}, "form_unknown"),
    "form without values": ("form", {"form_id": "parties", "values": "x"}, "form_unknown"),
    "form not asked": ("form", {"form_id": "parties", "values": {}}, "application_unknown"),
    "document not shown": ("document_confirm", {"document_id": "x"}, "document_unknown"),
    "body is a list": ("text", [1, 2], "invalid"),
}


@pytest.mark.parametrize("name", REFUSED)
async def test_what_was_not_asked_is_refused(running: Stack, customer: Customer, name: str) -> None:
    kind, body, code = REFUSED[name]
    ack = await customer.send(kind, body)
    assert ack["error"] == code and ack["message"], ack
    assert Ledger(running).messages(customer.conversation_id) == []


@pytest.mark.parametrize("client_msg_id", [None, 5, "", "x" * (CLIENT_ID_LIMIT + 1), {"a": 1}])
async def test_a_message_without_a_proper_id_is_refused(customer: Customer, client_msg_id: Any) -> None:
    packet = {"client_msg_id": client_msg_id, "type": "text", "body": {"text": "你好"}}
    assert (await customer.call("send", packet))["error"] == "client_msg_id_invalid"


@pytest.mark.parametrize("packet", [None, 5, "x", [], {}, [[1]], True])
async def test_a_packet_of_no_shape_is_refused(customer: Customer, packet: Any) -> None:
    assert (await customer.call("send", packet))["error"]
    assert "error" not in await customer.send("text", {"text": "你好"})


async def test_nobody_presses_the_buttons_of_another(running: Stack, customer: Customer) -> None:
    await customer.send("text", {"text": "你好"})
    greeting = await customer.wait_for(lambda message: message["type"] == "buttons")
    stranger = await Customer(running.base_url).open()
    click = {"message_id": greeting["message_id"], "button_id": greeting["body"]["buttons"][0]["id"]}
    assert (await stranger.send("button", click))["error"] == "button_unknown"
    await stranger.close()


class TestLimits:
    """Floods, on a gateway with small limits."""

    @pytest.fixture(scope="class")
    def narrow(self, running: Stack) -> Iterator[str]:
        """A second gateway on the same database with small limits."""
        second = Stack(running.var, {**QUICK, **LIMITS})
        second.ports.update({part: port for part, port in running.ports.items() if part != "gateway"})
        try:
            second.start("gateway")
            yield second.base_url
        finally:
            second.stop()

    async def test_a_flood_of_messages_is_stopped_and_says_so(self, narrow: str) -> None:
        flooder = await Customer(narrow).open()
        acks = [await flooder.send("text", {"text": "你好"}) for _ in range(12)]
        refused = [ack for ack in acks if "error" in ack]
        assert len(refused) == 4 and {ack["error"] for ack in refused} == {"too_many_messages"}
        await flooder.close()

    async def test_a_flood_of_requests_is_stopped_and_says_for_how_long(self, narrow: str) -> None:
        async with httpx.AsyncClient(base_url=narrow, trust_env=False) as http:
            answers = await asyncio.gather(*(http.get("/api/products/P4") for _ in range(60)))
            health = await http.get("/healthz")
        stopped = [answer for answer in answers if answer.status_code == 429]
        assert len(stopped) >= 20 and health.status_code == 200
        assert all(int(answer.headers["Retry-After"]) >= 1 for answer in stopped)
        assert {answer.json()["error"] for answer in stopped} == {"too_many"}
