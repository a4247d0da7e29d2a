"""One turn through a real Rasa server: what comes back, and what is on the tracker."""

from tests.channels.rasa.client import HEADERS, Rasa, texts


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
