"""What an action learns from the tracker that Rasa sends."""

from typing import Any, Dict, List

from rasa_sdk import Tracker

from actions import turn
from actions.guidance import misunderstood_before


def tracker(events: List[Dict[str, Any]], **message: Any) -> Tracker:
    latest = {"intent": {"name": "inform"}, "entities": [], "message_id": "m1", **message}
    return Tracker("conversation", {}, latest, events, False, None, {}, None)


USER = {"event": "user"}
OWN = {"event": "action", "name": "quote_form"}
SLOT = {"event": "slot", "name": "age", "value": 30}


def test_form_on_the_customers_words() -> None:
    assert turn.answers_form(tracker([USER, SLOT, OWN, SLOT]), "quote_form")


def test_form_on_its_way_back_from_a_digression() -> None:
    digression = [USER, {"event": "action_execution_rejected"}, {"event": "action", "name": "utter_faq"}, OWN]
    assert not turn.answers_form(tracker(digression), "quote_form")


def test_form_after_another_action() -> None:
    started = [USER, {"event": "action", "name": "action_start_application"}, OWN]
    assert not turn.answers_form(tracker(started), "quote_form")


def test_several_values_become_a_list_and_mentioned_ones_are_left_out() -> None:
    entities = [
        {"entity": "product", "value": "P2"},
        {"entity": "product", "value": "P4"},
        {"entity": "amount", "value": 500000, "role": "loss"},
    ]
    assert turn.entities(tracker([], entities=entities)) == {"product": ["P2", "P4"]}


def test_kind_of_a_message() -> None:
    assert turn.kind(tracker([], metadata={"kind": "button"})) == "button"
    assert turn.kind(tracker([], intent={"name": "EXTERNAL_order_paid"})) == "event"
    assert turn.kind(tracker([])) == "text"


def test_value_of_a_slot_before_the_last_message() -> None:
    events = [SLOT, USER, {"event": "slot", "name": "age", "value": 70}]
    assert turn.slot_before(tracker(events), "age") == 30
    assert turn.slot_before(tracker(events), "gender") is None


def test_retrieval_intents_count_as_one() -> None:
    assert turn.intent(tracker([], intent={"name": "faq/waiting"})) == "faq"


def test_only_misunderstandings_in_a_row_count() -> None:
    def user(intent: str) -> Dict[str, Any]:
        return {"event": "user", "parse_data": {"intent": {"name": intent}}}

    assert misunderstood_before(tracker([user("nlu_fallback"), user("nlu_fallback")]))
    assert not misunderstood_before(tracker([user("nlu_fallback"), user("greet"), user("nlu_fallback")]))
    assert not misunderstood_before(tracker([user("nlu_fallback")]))
