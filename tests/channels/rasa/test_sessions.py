"""A long conversation begins new tracker sessions and does not notice."""

from typing import List

import pytest
from rasa.shared.core.events import SessionStarted

from bot.channels.rasa.sessions import KEPT_TURNS, LONGEST_SESSION
from tests.channels.rasa.client import Rasa, texts


def sessions(rasa: Rasa) -> int:
    return sum(event["event"] == SessionStarted.type_name for event in rasa.stored())


def test_a_form_survives_the_cut(rasa: Rasa) -> None:
    rasa.turn("buy 2", events_before=[{"event": "slot", "name": "confirmed_by_agent", "value": {"a": [1]}}])
    while sessions(rasa) < 3:
        answer = rasa.turn("price")
        assert texts(answer) == ["一份十元。", "什么颜色？"]
        assert answer["state"] == {
            "slots": {"amount": "2", "confirmed_by_agent": {"a": [1]}},
            "active_loop": "order_form",
            "requested_slot": "colour",
        }
    answer = rasa.turn("red")
    assert answer["trace"]["actions"] == ["order_form", "action_place_order"]
    assert answer["state"]["slots"] == {"amount": "2", "colour": "red", "confirmed_by_agent": {"a": [1]}}


def test_actions_still_see_the_turns_before_the_cut(rasa: Rasa) -> None:
    rasa.turn("hello")
    rasa.turn("hello")
    while sessions(rasa) < 3:
        rasa.turn("both")
        heard = [event["text"] for event in rasa.actions.trackers[-1]["events"] if event["event"] == "user"]
        assert len(heard) >= KEPT_TURNS + 1


def test_a_turn_taken_back_just_before_the_cut(rasa: Rasa) -> None:
    rasa.turn("buy 2")
    while sessions(rasa) < 3:
        assert texts(rasa.turn("gibberish?", events_before=[{"event": "active_loop", "name": None}])) == [
            "请再说一次。"
        ]
    assert rasa.turn("price")["state"]["slots"] == {"amount": "2"}


@pytest.mark.parametrize("script", [["hello", "both", "price"], ["buy 2", "price", "red"]])
def test_turn_200_behaves_as_turn_10(rasa: Rasa, script: List[str]) -> None:
    seen = []
    for turn in range(200):
        answer = rasa.turn(script[turn % 3])
        answer["state"]["slots"] = {}
        answer["trace"]["actions"] = sorted(set(answer["trace"]["actions"]))
        if turn % 3 == 0:
            rasa.turn("hello", events_before=[])
        seen.append(answer)
    assert seen[198:200] == seen[9:11]
    assert sessions(rasa) > 3


def test_no_session_grows_far_beyond_the_limit(rasa: Rasa) -> None:
    for _ in range(60):
        rasa.turn("both")
    lengths, length = [], 0
    for event in rasa.stored():
        length = 0 if event["event"] == SessionStarted.type_name else length + 1
        lengths.append(length)
    assert max(lengths) < LONGEST_SESSION + 20


def test_a_failing_turn_leaves_no_new_session(rasa: Rasa) -> None:
    while len(rasa.stored()) <= LONGEST_SESSION:
        rasa.turn("both")
    before = rasa.stored()
    rasa.actions.told["action_second"] = "fail"
    assert rasa.post(rasa.text("both")).status_code == 503
    assert rasa.stored() == before
    rasa.actions.told.clear()
    rasa.turn("both")
    assert sessions(rasa) == 2


def test_repeated_events_are_marked_and_carry_no_message_id(rasa: Rasa) -> None:
    while sessions(rasa) < 2:
        rasa.turn("both")
    heard = [event for event in rasa.stored() if event["event"] == "user"]
    repeated = [event for event in heard if event["metadata"].get("carried")]
    assert [event["message_id"] for event in repeated] == [None, None]
    ids = [event["message_id"] for event in heard if event["message_id"]]
    assert len(ids) == len(set(ids)) == len(heard) - 2
