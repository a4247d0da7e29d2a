"""One turn: look up, understand, decide, act, save: as a whole under the conversation's lock, or not at all."""

import asyncio
import itertools
import logging
from typing import Any, Dict, Iterator, List

from rasa.core.actions.action import Action, ActionExecutionRejection
from rasa.core.agent import Agent
from rasa.core.lock_store import LockError
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.processor import MessageProcessor
from rasa.core.tracker_store import FailSafeTrackerStore
from rasa.exceptions import ActionLimitReached
from rasa.shared.core.constants import ACTION_LISTEN_NAME, REQUESTED_SLOT
from rasa.shared.core.events import ActionExecuted, ActiveLoop, BotUttered, Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy.exc import SQLAlchemyError

from bot.channels.rasa.endpoint import ActionEndpoint
from bot.channels.rasa.failures import TurnFailed, TurnRefused, record_failure, recorded_failures
from bot.channels.rasa.messages import SilentChannel, text_message, user_message
from bot.channels.rasa.schemas import LoopEvent, TurnRequest
from bot.channels.rasa.sessions import renewed
from bot.channels.rasa.tracker_store import HeyuTrackerStore, replaces
from bot.settings import settings

LOCK_POLL_SECONDS = 0.1
SAVING_SECONDS = 30.0
"""How much longer than a turn its lock lives."""

logger = logging.getLogger(__name__)


def prepare(agent: Agent) -> MessageProcessor:
    """Take Rasa's fail-safe wrapper off, put our action endpoint in, and return the processor of the present model.

    Called before every turn, because a newly loaded model brings a new processor.

    Raises TurnFailed when this process cannot take turns.
    """
    if isinstance(agent.tracker_store, FailSafeTrackerStore):
        agent.tracker_store = agent.tracker_store._tracker_store
    if agent.action_endpoint is not None and not isinstance(agent.action_endpoint, ActionEndpoint):
        agent.action_endpoint = ActionEndpoint.like(agent.action_endpoint, settings().action_seconds)
    if not isinstance(agent.tracker_store, HeyuTrackerStore):
        raise TurnFailed("wrong_tracker_store")
    if agent.action_endpoint is None:
        raise TurnFailed("no_actions")
    if agent.processor is None:
        raise TurnFailed("no_model")
    agent.processor.tracker_store = agent.tracker_store
    agent.processor.action_endpoint = agent.action_endpoint
    return agent.processor


async def take_turn(agent: Agent, request: TurnRequest) -> Dict[str, Any]:
    """Take a turn, or return what was answered when it was taken before.

    Raises TurnFailed (nothing is saved) or TurnRefused (the request names what the model does not know).
    """
    processor = prepare(agent)
    turn_seconds = settings().turn_seconds
    lock = agent.lock_store.lock(request.conversation_id, turn_seconds + SAVING_SECONDS, LOCK_POLL_SECONDS)
    try:
        async with lock:
            store: HeyuTrackerStore = agent.tracker_store  # type: ignore[assignment]
            known = await store.answer_to(request.conversation_id, request.message_id)
            if known is not None:
                return known
            tracker, answer = await asyncio.wait_for(Turn(processor, request).run(), turn_seconds)
            await store.save_turn(tracker, request.message_id, answer)
            return answer
    except LockError as error:
        raise TurnFailed("busy") from error
    except asyncio.TimeoutError as error:
        raise TurnFailed("turn_timeout") from error
    except SQLAlchemyError as error:
        logger.exception("The tracker store failed.")
        raise TurnFailed("tracker_store") from error


async def understand(agent: Agent, text: str) -> Dict[str, Any]:
    """What the model makes of a text; no conversation is touched. Raises TurnFailed."""
    try:
        return await prepare(agent).parse_message(text_message(text))
    except TurnFailed:
        raise
    except Exception as error:  # a component of the pipeline may raise anything
        logger.exception("Understanding failed.")
        raise TurnFailed("turn_failed") from error


class Turn:
    """The dialogue of one turn on a freshly loaded tracker; nothing is written."""

    def __init__(self, processor: MessageProcessor, request: TurnRequest) -> None:
        self.processor = processor
        self.request = request
        self.channel = SilentChannel()

    async def run(self) -> "tuple[DialogueStateTracker, Dict[str, Any]]":
        """Run the dialogue; returns the tracker to save and the answer.

        Raises TurnFailed at the first failed call, before another action can run.
        """
        try:
            with recorded_failures() as failures:
                tracker = await self._tracker()
                _check(failures)
                begin = len(tracker.events)
                await self._hear(tracker)
                _check(failures)
                await self._act(tracker, failures)
            return tracker, self._answer(tracker, begin)
        except (TurnFailed, TurnRefused, SQLAlchemyError):
            raise
        except Exception as error:  # pipeline components, policies and responses may raise anything
            logger.exception("The dialogue failed.")
            raise TurnFailed("turn_failed") from error

    async def _tracker(self) -> DialogueStateTracker:
        """The conversation's tracker, in a new session if the present one is long, with the events that go before."""
        stored = await self.processor.fetch_tracker_and_update_session(self.request.conversation_id, self.channel)
        tracker = renewed(stored, self.processor.domain)
        if tracker is not stored:
            replaces(tracker, stored)
        for event in self._events_before():
            tracker.update(event, self.processor.domain)
        return tracker

    def _events_before(self) -> Iterator[Event]:
        domain = self.processor.domain
        slots = {slot.name for slot in domain.slots}
        for event in self.request.events_before:
            if not isinstance(event, LoopEvent):
                if event.name not in slots:
                    raise TurnRefused("unknown_slot", name=event.name)
                yield SlotSet(event.name, event.value)
                continue
            if event.name is not None and event.name not in domain.form_names:
                raise TurnRefused("unknown_form", name=event.name)
            yield ActiveLoop(event.name)
            if event.name is None:
                yield SlotSet(REQUESTED_SLOT, None)

    async def _hear(self, tracker: DialogueStateTracker) -> None:
        """Understand the message, put it on the tracker and fill slots from it."""
        message = user_message(self.request, self.processor.domain)
        await self.processor._handle_message_with_tracker(message, tracker)
        await self.processor.run_action_extract_slots(self.channel, tracker)

    async def _act(self, tracker: DialogueStateTracker, failures: List[str]) -> None:
        """Predict and run actions until the assistant listens; Rasa's own loop would go on after a failure."""
        more = True
        while more and not tracker.is_paused():
            try:
                action, prediction = self.processor.predict_next_with_tracker_if_should(tracker)
            except ActionLimitReached as error:
                raise TurnFailed("action_limit") from error
            watched = _Watched(action)
            more = await self.processor._run_action(watched, tracker, self.channel, self.processor.nlg, prediction)
            _check(failures)

    def _answer(self, tracker: DialogueStateTracker, begin: int) -> Dict[str, Any]:
        events = list(itertools.islice(tracker.events, begin, None))
        return {
            "replies": [_reply(event) for event in events if isinstance(event, BotUttered)],
            "state": _state(tracker),
            "trace": _trace(events),
            "model_id": self.processor.model_metadata.model_id,
        }


class _Watched(Action):
    """An action whose exception is recorded; `MessageProcessor._run_action` swallows it and logs the action as run."""

    def __init__(self, action: Action) -> None:
        self.action = action

    def name(self) -> str:
        return self.action.name()

    async def run(self, *args: Any) -> List[Event]:
        try:
            return await self.action.run(*args)
        except ActionExecutionRejection:
            raise
        except Exception as error:
            record_failure(f"{self.name()}: {type(error).__name__}")
            raise

    def event_for_successful_execution(self, prediction: PolicyPrediction) -> ActionExecuted:
        return self.action.event_for_successful_execution(prediction)


def _check(failures: List[str]) -> None:
    if failures:
        logger.error("The turn failed: %s", "; ".join(failures))
        raise TurnFailed("action_failed")


def _reply(event: BotUttered) -> Dict[str, Any]:
    reply: Dict[str, Any] = {"text": event.text} if event.text else {}
    for part in ("buttons", "custom"):
        if event.data.get(part):
            reply[part] = event.data[part]
    return reply


def _state(tracker: DialogueStateTracker) -> Dict[str, Any]:
    slots = tracker.current_slot_values()
    requested = slots.pop(REQUESTED_SLOT, None)
    return {
        "slots": {name: value for name, value in slots.items() if value is not None},
        "active_loop": tracker.active_loop_name,
        "requested_slot": requested,
    }


def _trace(events: List[Event]) -> Dict[str, Any]:
    """What desk and trainer see: the understanding of the message and the actions that ran."""
    heard = next(event for event in events if isinstance(event, UserUttered))
    executed = (event.action_name for event in events if isinstance(event, ActionExecuted))
    return {
        "intent": {
            "name": heard.intent_name,
            "full_name": heard.full_retrieval_intent_name,
            "confidence": heard.intent.get("confidence"),
        },
        "ranking": heard.parse_data.get("intent_ranking", [])[:3],
        "entities": heard.entities,
        "actions": [name for name in executed if name and name != ACTION_LISTEN_NAME],
    }
