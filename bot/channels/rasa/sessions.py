"""Keeps long conversations fast: after 150 events a turn begins with a new tracker session that carries the state."""

from typing import List

from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME, REQUESTED_SLOT
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActionReverted,
    ActiveLoop,
    Event,
    Restarted,
    SessionStarted,
    SlotSet,
    UserUtteranceReverted,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

LONGEST_SESSION = 150
"""Events; loading, copying and featurising a tracker grow with it, 150 cost some milliseconds a turn."""

KEPT_TURNS = 2
"""Turns whose events are repeated in the new session, so that stories and `latest_message` still see them."""

CARRIED = {"carried": True}
"""Metadata of the repeated events."""


def renewed(tracker: DialogueStateTracker, domain: Domain) -> DialogueStateTracker:
    """The tracker itself while it is short, else one that holds a new session with the same state.

    Slots, the active form with its requested slot and rejection, and the last turns are carried. The new session's
    events are not stored yet: they are saved with the turn that follows, or not at all.
    """
    if len(tracker.events) <= LONGEST_SESSION:
        return tracker
    events = list(tracker.events)
    cut = _cut(events)
    past = DialogueStateTracker.from_events(tracker.sender_id, events[:cut], domain.slots)
    tail = [_repeated(event) for event in events[cut:]]
    fresh = DialogueStateTracker(tracker.sender_id, domain.slots)
    fresh.model_id, fresh.assistant_id = tracker.model_id, tracker.assistant_id
    for event in _opening(past) + tail:
        fresh.update(event, domain)
    return fresh


def _cut(events: List[Event]) -> int:
    """Index behind the `action_listen` that precedes the last turns; the end if something in them is taken back."""
    starts = [place for place, event in enumerate(events) if isinstance(event, UserUttered)]
    if len(starts) <= KEPT_TURNS:
        return len(events)
    place = starts[-KEPT_TURNS]
    while place > 0 and not _is_listening(events[place - 1]):
        place -= 1
    undoing = (ActionReverted, Restarted, UserUtteranceReverted)
    return len(events) if any(isinstance(event, undoing) for event in events[place:]) else place


def _is_listening(event: Event) -> bool:
    return isinstance(event, ActionExecuted) and event.action_name == ACTION_LISTEN_NAME


def _opening(past: DialogueStateTracker) -> List[Event]:
    """The events that begin a session in the state of `past`, as `action_session_start` would, plus the form."""
    events: List[Event] = [ActionExecuted(ACTION_SESSION_START_NAME), SessionStarted()]
    events += [
        SlotSet(name, slot.value)
        for name, slot in past.slots.items()
        if slot.value != slot.initial_value and name != REQUESTED_SLOT
    ]
    if past.active_loop_name:
        events += [ActiveLoop(past.active_loop_name), SlotSet(REQUESTED_SLOT, past.get_slot(REQUESTED_SLOT))]
    if past.is_active_loop_rejected:
        events.append(ActionExecutionRejected(past.active_loop_name))
    return [*events, ActionExecuted(ACTION_LISTEN_NAME)]


def _repeated(event: Event) -> Event:
    """A copy of the event, marked, and without the id of a message, which belongs to the first one."""
    data = {**event.as_dict(), "metadata": {**event.metadata, **CARRIED}}
    data.pop("timestamp", None)
    if isinstance(event, UserUttered):
        data["message_id"] = None
    copied = Event.from_parameters(data)
    assert copied is not None
    return copied
