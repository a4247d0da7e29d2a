"""The door: secret, shape and size of requests, and no other way into Rasa."""

from typing import Any

import pytest

from tests.channels.rasa.client import HEADERS, Rasa

GOOD = {"conversation_id": "c", "message_id": "m", "kind": "text", "text": "hello"}


@pytest.mark.parametrize(
    "headers", [{}, {"X-Heyu-Secret": ""}, {"X-Heyu-Secret": "wrong"}, {"X-Heyu-Secret": "é".encode()}]
)
@pytest.mark.parametrize("route", ["turns", "parse"])
def test_without_the_secret_nothing_happens(rasa: Rasa, headers: Any, route: str) -> None:
    answer = rasa.client.post(f"/webhooks/heyu/{route}", json=GOOD, headers=headers)
    assert (answer.status_code, answer.json()) == (401, {"error": "unauthorized"})
    assert rasa.stored() == []


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"conversation_id": None}, "conversation_id"),
        ({"conversation_id": 7}, "conversation_id"),
        ({"conversation_id": "a b"}, "conversation_id"),
        ({"message_id": ""}, "message_id"),
        ({"message_id": "x" * 65}, "message_id"),
        ({"kind": "trigger"}, "kind"),
        ({"text": None}, "__root__"),
        ({"text": ["a"]}, "text"),
        ({"text": "x" * 8001}, "text"),
        ({"intent": "buy"}, "__root__"),
        ({"entities": [{"entity": "a", "value": 1}]}, "__root__"),
        ({"kind": "event"}, "__root__"),
        ({"kind": "button", "intent": "/buy"}, "intent"),
        ({"kind": "button", "intent": 'buy{"a":1}'}, "intent"),
        ({"kind": "button", "intent": "buy", "text": None}, "__root__"),
        ({"kind": "button", "intent": "buy", "entities": {"amount": 1}}, "entities"),
        ({"kind": "button", "intent": "buy", "entities": [{"value": 1}]}, "entities.0.entity"),
        ({"events_before": [{"event": "action", "name": "action_first"}]}, "events_before.0.event"),
        ({"events_before": [{"event": "user", "text": "x"}]}, "events_before.0.event"),
        ({"surprise": 1}, "surprise"),
    ],
)
def test_what_is_malformed_is_named(rasa: Rasa, change: Any, field: str) -> None:
    answer = rasa.post({**GOOD, **change})
    assert answer.status_code == 400
    assert answer.json()["error"] == "malformed"
    assert field in answer.json()["fields"]
    assert rasa.stored() == []


@pytest.mark.parametrize("body", ["", "{", "[]", '"text"', "\xff"])
def test_a_body_that_is_no_object(rasa: Rasa, body: str) -> None:
    answer = rasa.raw(body)
    assert (answer.status_code, answer.json()["error"]) == (400, "malformed")


def test_a_body_that_is_too_large(rasa: Rasa) -> None:
    assert rasa.raw('{"text": "' + "x" * 300_000 + '"}').status_code == 413


@pytest.mark.parametrize(
    "path", ["/", "/version", "/status", "/model", "/docs", "/webhooks/rest/webhook", "/webhooks/heyu/"]
)
def test_nothing_else_of_rasa_answers(rasa: Rasa, path: str) -> None:
    for method in ("GET", "POST"):
        assert rasa.client.request(method, path, headers=HEADERS).status_code == 404


def test_a_text_can_be_understood_without_a_conversation(rasa: Rasa) -> None:
    answer = rasa.client.post("/webhooks/heyu/parse", json={"text": "buy 3"}, headers=HEADERS).json()
    assert answer["intent"]["name"] == "buy"
    assert [entity["value"] for entity in answer["entities"]] == ["3"]
    payload = rasa.client.post("/webhooks/heyu/parse", json={"text": "/buy"}, headers=HEADERS).json()
    assert "intent_ranking" not in payload
    assert rasa.loop.run(rasa.store.keys()) == []


def test_a_body_to_understand_must_be_a_text(rasa: Rasa) -> None:
    answer = rasa.client.post("/webhooks/heyu/parse", json={"text": 1, "sender": "x"}, headers=HEADERS)
    assert answer.status_code == 400
    assert set(answer.json()["fields"]) == {"sender"}


def test_health_needs_no_secret(rasa: Rasa) -> None:
    assert rasa.health() == (200, {"ready": True, "model_id": rasa.agent.model_id})
