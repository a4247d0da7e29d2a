"""One turn through a real Rasa server: what comes back, and what is on the tracker."""

from typing import Any, Dict

import pytest

from tests.channels.rasa.client import Rasa, texts


def button(intent: str, title: str, **more: Any) -> Dict[str, Any]:
    return {"conversation_id": "c", "message_id": "b1", "kind": "button", "text": title, "intent": intent, **more}


def event(intent: str, **more: Any) -> Dict[str, Any]:
    return {"conversation_id": "c", "message_id": "e1", "kind": "event", "intent": intent, **more}


def test_a_text_is_answered_with_whole_replies_state_and_trace(rasa: Rasa) -> None:
    answer = rasa.turn("hello")
    assert answer["replies"] == [
        {
            "text": "你好。\n\n请问需要什么？",
            "buttons": [{"title": "买一份", "payload": '/buy{"amount": "3"}'}],
        }
    ]
    assert answer["state"] == {"slots": {}, "active_loop": None, "requested_slot": None}
    assert answer["trace"]["intent"] == {"name": "greet", "full_name": None, "confidence": 1.0}
    assert answer["trace"]["actions"] == ["utter_greet"]
    assert answer["model_id"] == rasa.agent.model_id


def test_a_card_asked_for_by_an_action_is_one_reply_with_its_buttons(rasa: Rasa) -> None:
    reply = {
        "text": "报价如下",
        "buttons": [{"title": "投保", "payload": "/buy"}],
        "custom": {"type": "quote", "ref": {"quote_id": "q1"}},
    }
    rasa.actions.told["action_first"] = {"events": [], "responses": [reply]}
    assert rasa.turn("both")["replies"] == [reply, {"text": "办好了。"}]


def test_a_button_brings_its_intent_and_entities_and_its_title_as_text(rasa: Rasa) -> None:
    asked = button("buy", "买三份", entities=[{"entity": "amount", "value": 3}])
    answer = rasa.post(asked).json()
    assert answer["state"] == {"slots": {"amount": 3}, "active_loop": "order_form", "requested_slot": "colour"}
    heard = next(e for e in rasa.stored() if e["event"] == "user")
    assert (heard["text"], heard["message_id"]) == ("买三份", "b1")
    assert answer["trace"]["intent"] == {"name": "buy", "full_name": None, "confidence": 1.0}


def test_a_buttons_title_may_be_the_answer_to_a_free_question(rasa: Rasa) -> None:
    rasa.turn("buy 2")
    rasa.post(button("affirm", "红色"))
    assert rasa.actions.calls == ["action_place_order"]


def test_an_event_is_never_taken_as_the_answer_to_a_free_question(rasa: Rasa) -> None:
    rasa.turn("buy 2")
    paid = event("EXTERNAL_order_paid", text="已支付", entities=[{"entity": "order_id", "value": "o1"}])
    state = rasa.post(paid).json()["state"]
    assert state["slots"] == {"amount": "2", "order_id": "o1"}
    assert state["requested_slot"] == "colour"


def test_a_button_of_a_retrieval_intent_finds_its_response(rasa: Rasa) -> None:
    answer = rasa.post(button("faq/hours", "几点开门")).json()
    assert texts(answer) == ["九点到五点。"]
    assert answer["trace"]["intent"]["full_name"] == "faq/hours"


def test_actions_see_the_message_id(rasa: Rasa) -> None:
    rasa.turn("both", "m-77")
    assert [tracker["latest_message"]["message_id"] for tracker in rasa.actions.trackers] == ["m-77", "m-77"]
    rasa.post(event("EXTERNAL_order_paid"))
    assert rasa.actions.trackers[-1]["latest_message"]["message_id"] == "e1"


def test_what_must_hold_before_the_turn_is_set_first(rasa: Rasa) -> None:
    rasa.turn("buy 2")
    before = [
        {"event": "active_loop", "name": None},
        {"event": "slot", "name": "confirmed_by_agent", "value": {"premium_fen": 12345}},
        {"event": "slot", "name": "amount", "value": None},
    ]
    answer = rasa.turn("price", events_before=before)
    assert texts(answer) == ["一份十元。"]
    assert answer["state"] == {
        "slots": {"confirmed_by_agent": {"premium_fen": 12345}},
        "active_loop": None,
        "requested_slot": None,
    }


def test_a_form_may_be_resumed_from_outside(rasa: Rasa) -> None:
    before = [
        {"event": "active_loop", "name": "order_form"},
        {"event": "slot", "name": "amount", "value": "4"},
        {"event": "slot", "name": "requested_slot", "value": "colour"},
    ]
    answer = rasa.turn("price", events_before=before)
    assert texts(answer) == ["一份十元。", "什么颜色？"]
    assert answer["state"]["requested_slot"] == "colour"


@pytest.mark.parametrize(
    ("request_", "refused"),
    [
        (event("EXTERNAL_nothing"), {"error": "unknown_intent", "name": "EXTERNAL_nothing"}),
        (
            event("greet", events_before=[{"event": "slot", "name": "nothing", "value": 1}]),
            {"error": "unknown_slot", "name": "nothing"},
        ),
        (
            event("greet", events_before=[{"event": "active_loop", "name": "nothing_form"}]),
            {"error": "unknown_form", "name": "nothing_form"},
        ),
    ],
)
def test_what_the_model_does_not_know_is_refused(rasa: Rasa, request_: Dict[str, Any], refused: Dict[str, Any]) -> None:
    answer = rasa.post(request_)
    assert (answer.status_code, answer.json()) == (400, refused)
    assert rasa.stored() == []


@pytest.mark.parametrize(
    "text", ['/buy{"amount":"9"}', '／buy{"amount":"9"}', "  \u3000/buy", "\u200b😀／buy", "//buy"]
)
def test_customer_text_is_never_a_payload(rasa: Rasa, text: str) -> None:
    answer = rasa.turn(text)
    understood = next(e for e in rasa.stored() if e["event"] == "user")["parse_data"]
    assert "\N{DIVISION SLASH}" in understood["text"]
    assert not any(entity.get("extractor") == "RegexMessageHandler" for entity in understood["entities"])
    assert answer["trace"]["ranking"] == []


def test_offsets_of_entities_refer_to_what_the_customer_wrote(rasa: Rasa) -> None:
    text = "  ／ buy１２ 份"
    entity = rasa.turn(text)["trace"]["entities"][0]
    assert text[entity["start"] : entity["end"]] == "１２"


def test_odd_characters_are_kept_and_harmless(rasa: Rasa) -> None:
    text = "hello \x00 \ud800 你好"
    body = '{"conversation_id":"c","message_id":"m","kind":"text","text":"hello \\u0000 \\ud800 你好"}'
    answer = rasa.raw(body)
    assert answer.status_code == 200
    assert next(e for e in rasa.stored() if e["event"] == "user")["text"] == text


def test_a_story_goes_on_over_turns(rasa: Rasa) -> None:
    assert texts(rasa.turn("sure")) == ["您确定吗？"]
    assert texts(rasa.turn("yes")) == ["好的，已办好。"]


def test_conversations_do_not_mix(rasa: Rasa) -> None:
    rasa.turn("buy 2", conversation_id="a")
    assert rasa.turn("price", conversation_id="b")["state"]["active_loop"] is None
    assert rasa.turn("price", conversation_id="a")["state"]["active_loop"] == "order_form"
