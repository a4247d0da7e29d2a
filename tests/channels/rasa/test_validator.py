"""The compiled check of an action server's answer agrees with Rasa's own, and bad answers are refused."""

from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rasa.core.actions.action import RemoteAction
from rasa.shared.utils.schemas.events import EVENT_SCHEMA

from bot.channels.rasa import validator

NAMES = [branch["properties"]["event"]["const"] for branch in EVENT_SCHEMA["oneOf"]]
WORDS = (
    "event name value timestamp metadata policy confidence hide_rule_turn text message_id parse_data intent entities "
    "entity start intent_ranking response_selector action_text"
)
KEYS = st.sampled_from(WORDS.split())
SCALARS = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=3))
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(KEYS, inner, max_size=3))
EVENTS = st.one_of(
    VALUES,
    st.builds(
        lambda name, rest: {"event": name, **rest}, st.sampled_from([*NAMES, "x"]), st.dictionaries(KEYS, VALUES)
    ),
    st.builds(lambda name, rest: {**rest, "event": name}, st.sampled_from(NAMES), st.dictionaries(KEYS, VALUES)),
)
ANSWERS = st.one_of(
    VALUES,
    st.fixed_dictionaries({}, optional={"events": VALUES | st.lists(EVENTS, max_size=3), "responses": VALUES}),
    st.fixed_dictionaries({"events": st.lists(EVENTS, max_size=3)}),
)


def is_valid_for_rasa(answer: Any) -> bool:
    try:
        jsonschema.validate(answer, RemoteAction.action_response_format_spec())
    except jsonschema.ValidationError:
        return False
    return True


@settings(max_examples=60, deadline=None)
@given(ANSWERS)
def test_both_checks_agree(answer: Any) -> None:
    assert validator.is_valid_answer(answer) == is_valid_for_rasa(answer)


@pytest.mark.parametrize("name", NAMES)
def test_every_event_of_rasa_is_accepted(name: str) -> None:
    event = {"event": name, "name": "x", "value": None, "entities": [], "timestamp": 1.5}
    assert validator.is_valid_answer({"events": [event]})


@pytest.mark.parametrize(
    "answer", [None, [], {"events": [{}]}, {"events": [{"event": "slot", "name": "a"}]}, {"responses": "text"}]
)
def test_a_malformed_answer_is_refused_by_the_action(answer: Any) -> None:
    with pytest.raises(jsonschema.ValidationError):
        RemoteAction("action_first", None)._validate_action_result(answer)


def test_another_version_of_rasa_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rasa.__version__", "3.6.22")
    with pytest.raises(RuntimeError, match=r"3\.6\.21"):
        validator.install()
