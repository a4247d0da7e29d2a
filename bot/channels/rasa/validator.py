"""Checks an action server's answer with schemas compiled once; Rasa builds and checks its schema at every call."""

from typing import Any, Dict, List

import rasa
from jsonschema import Draft202012Validator
from rasa.core.actions.action import RemoteAction
from rasa.shared.utils.schemas.events import EVENT_SCHEMA

RASA_VERSION = "3.6.21"
"""The version whose private parts this folder was written against."""

_original = RemoteAction._validate_action_result

_ENVELOPE = Draft202012Validator(
    {
        "type": "object",
        "properties": {
            "events": {"type": "array"},
            "responses": {"type": "array", "items": {"type": "object"}},
        },
    }
)


def _compiled_events() -> Dict[str, Draft202012Validator]:
    """One validator per event name: the constants of Rasa's `oneOf` branches differ, so at most one can match."""
    common = {key: value for key, value in EVENT_SCHEMA.items() if key != "oneOf"}
    branches: List[Dict[str, Any]] = EVENT_SCHEMA["oneOf"]  # type: ignore[assignment]
    return {
        branch["properties"]["event"]["const"]: Draft202012Validator({"allOf": [common, branch]}) for branch in branches
    }


_EVENTS = _compiled_events()


def is_valid_answer(answer: Any) -> bool:
    """Whether an action server's answer has the form that `RemoteAction.action_response_format_spec` demands."""
    if not _ENVELOPE.is_valid(answer):
        return False
    return all(_is_valid_event(event) for event in answer.get("events", []))


def _is_valid_event(event: Any) -> bool:
    if not isinstance(event, dict) or not isinstance(event.get("event"), str):
        return False
    compiled = _EVENTS.get(event["event"])
    return compiled is not None and compiled.is_valid(event)


def _validate_action_result(self: RemoteAction, result: Dict[str, Any]) -> bool:
    """Stands in for `RemoteAction._validate_action_result`; a bad answer goes to Rasa's own for its message.

    Raises jsonschema.ValidationError for a malformed answer.
    """
    return is_valid_answer(result) or _original(self, result)


def install() -> None:
    """Put the compiled check in place of Rasa's.

    Raises RuntimeError under another version of Rasa than the one this was written for.
    """
    if rasa.__version__ != RASA_VERSION:
        raise RuntimeError(f"bot/channels/rasa needs Rasa {RASA_VERSION}, found {rasa.__version__}")
    RemoteAction._validate_action_result = _validate_action_result
