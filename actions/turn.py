"""What one turn tells an action, and the shapes in which an action answers; no business here."""

import json
from typing import Any, Dict, Iterable, List, Mapping, Optional

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from bot.applications.schemas import Choice, Kind, Prompt, Said

REQUESTED_SLOT = "requested_slot"
EVENT_PREFIX = "EXTERNAL_"
Button = Dict[str, str]


def intent(tracker: Tracker) -> str:
    """The intent of the customer's last message, "" when there is none; `faq/x` counts as `faq`."""
    name = tracker.latest_message.get("intent", {}).get("name") or ""
    return str(name).split("/")[0]


def text(tracker: Tracker) -> str:
    """What the customer wrote last, or the title of the button."""
    return str(tracker.latest_message.get("text") or "")


def message_id(tracker: Tracker) -> str:
    """The id of the customer's last message: repeats of a turn carry the same."""
    return str(tracker.latest_message["message_id"])


def kind(tracker: Tracker) -> Kind:
    """Whether the customer typed, clicked, or a server event came."""
    if intent(tracker).startswith(EVENT_PREFIX):
        return "event"
    stated = (tracker.latest_message.get("metadata") or {}).get("kind")
    return "button" if stated == "button" else "text"


def entities(tracker: Tracker) -> Dict[str, Any]:
    """Entity values of the last message; several of one kind become a list.

    A value with a role is only mentioned (an income, a loss, a figure in a question), so it is left out.
    """
    found: Dict[str, Any] = {}
    given = [item for item in tracker.latest_message.get("entities") or [] if not item.get("role")]
    for entity in given:
        name, value = entity["entity"], entity["value"]
        if name not in found:
            found[name] = value
        elif isinstance(found[name], list):
            found[name].append(value)
        else:
            found[name] = [found[name], value]
    return found


def entity(tracker: Tracker, name: str) -> Optional[str]:
    """The last value of an entity as text, or None."""
    value = entities(tracker).get(name)
    if isinstance(value, list):
        value = value[-1]
    return None if value is None else str(value)


def said(tracker: Tracker) -> Said:
    """The last message in the words of the applications service."""
    return Said(
        intent=intent(tracker) or None,
        text=text(tracker),
        entities=entities(tracker),
        message_id=message_id(tracker),
        kind=kind(tracker),
    )


def answers_form(tracker: Tracker, form: str) -> bool:
    """Whether the form runs on the customer's words, not on its way back from a digression.

    Rasa puts the form's own execution at the end of the events it sends, so that one is passed over.
    """
    passed_own = False
    for event in reversed(tracker.events):
        if event["event"] == "user":
            return True
        if event["event"] == "action_execution_rejected":
            return False
        if event["event"] == "action":
            if passed_own or event["name"] != form:
                return False
            passed_own = True
    return False


def slot_before(tracker: Tracker, slot: str) -> Any:
    """The value a slot had before the customer's last message."""
    events = iter(reversed(tracker.events))
    for event in events:
        if event["event"] == "user":
            break
    return next((event["value"] for event in events if event["event"] == "slot" and event["name"] == slot), None)


def payload(name: str, values: Optional[Mapping[str, Any]] = None) -> str:
    """A button payload in Rasa's form: `/intent{"entity": "value"}`."""
    return f"/{name}" + (json.dumps(values, ensure_ascii=False) if values else "")


def buttons(choices: Iterable[Choice]) -> List[Button]:
    """Choices as Rasa buttons."""
    return [{"title": choice.title, "payload": payload(choice.intent, choice.entities)} for choice in choices]


def ask(dispatcher: CollectingDispatcher, prompt: Prompt) -> None:
    """Put a prompt of the purchase to the customer: words, buttons and card in one message."""
    dispatcher.utter_message(
        response=prompt.response, buttons=buttons(prompt.choices), json_message=prompt.card, **prompt.values
    )
