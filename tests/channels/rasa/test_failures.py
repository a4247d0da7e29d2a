"""A turn in which anything fails is not saved, answers 503, and runs once when it is asked for again."""

from pathlib import Path
from typing import Any

import pytest
from rasa.core.tracker_store import InMemoryTrackerStore
from sqlalchemy.exc import OperationalError

from bot.channels.rasa.tracker_store import HeyuTrackerStore
from bot.settings import settings
from tests.channels.rasa.client import Rasa, texts

MALFORMED = [
    {"events": [{"event": "slot", "name": "amount"}]},
    {"events": [{"event": "no such event"}]},
    {"events": "none"},
    {"responses": ["text"]},
    [],
]


def assert_failed(rasa: Rasa, text: str, code: str) -> None:
    """The turn answers 503 with the code and leaves the tracker as it was."""
    before = rasa.stored()
    answer = rasa.post(rasa.text(text, "failing"))
    assert (answer.status_code, answer.json()) == (503, {"error": code})
    assert rasa.stored() == before


def assert_then_works(rasa: Rasa, text: str, *expected: str) -> None:
    """The same message, sent again, is taken once."""
    assert texts(rasa.turn(text, "failing")) == list(expected)
    assert rasa.heard().count("failing") == 1


@pytest.mark.parametrize("told", ["fail", "garbage", "html", "bad request", *MALFORMED])
def test_a_failing_action_after_a_good_one(rasa: Rasa, told: Any) -> None:
    rasa.turn("buy 2")
    rasa.turn("red")
    rasa.actions.reset()
    rasa.actions.told["action_second"] = told
    assert_failed(rasa, "both", "action_failed")
    assert rasa.actions.calls == ["action_first", "action_second"]
    rasa.actions.told.clear()
    assert_then_works(rasa, "both", "办好了。", "办好了。")


def test_the_very_first_turn_may_fail(rasa: Rasa) -> None:
    rasa.actions.told["action_first"] = "fail"
    assert_failed(rasa, "both", "action_failed")
    assert rasa.actions.calls == ["action_first"]
    rasa.actions.told.clear()
    assert_then_works(rasa, "both", "办好了。", "办好了。")


def test_an_action_that_hangs(rasa: Rasa, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEYU_ACTION_SECONDS", "0.3")
    settings.cache_clear()
    rasa.actions.told["action_second"] = "hang"
    assert_failed(rasa, "both", "action_failed")
    rasa.actions.told.clear()
    assert_then_works(rasa, "both", "办好了。", "办好了。")


def test_a_turn_that_takes_too_long(rasa: Rasa, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEYU_TURN_SECONDS", "0.3")
    settings.cache_clear()
    rasa.actions.told["action_second"] = "hang"
    assert_failed(rasa, "both", "turn_timeout")


def test_an_action_server_that_is_down(rasa: Rasa) -> None:
    rasa.turn("both")
    rasa.loop.run(rasa.actions.stop())
    assert_failed(rasa, "both", "action_failed")
    rasa.loop.run(rasa.actions.start())
    assert_then_works(rasa, "both", "办好了。", "办好了。")


@pytest.mark.parametrize("told", ["fail", "garbage", {"events": [{"event": "slot"}]}])
def test_slot_extraction_that_fails_is_not_swallowed(rasa: Rasa, told: Any) -> None:
    rasa.actions.told["action_extract"] = told
    answer = rasa.post(rasa.text("extract", "failing", events_before=[]))
    assert answer.status_code == 503
    assert rasa.stored() == []
    rasa.actions.told["action_extract"] = {"events": [{"event": "slot", "name": "extracted", "value": 1}]}
    assert rasa.turn("extract", "failing")["state"]["slots"] == {"extracted": 1}


def test_an_action_that_declines_is_part_of_the_dialogue(rasa: Rasa) -> None:
    rasa.actions.told["action_decline"] = "decline"
    assert texts(rasa.turn("decline")) == ["请再说一次。"]


def test_an_action_of_rasas_own_that_raises(rasa: Rasa) -> None:
    # no response selector is in the pipeline, so the retrieval action finds nothing to look in
    assert_failed(rasa, "hours", "action_failed")


def test_a_dialogue_that_never_comes_to_rest(rasa: Rasa) -> None:
    again = {"events": [{"event": "followup", "name": "action_endless"}], "responses": []}
    rasa.actions.told["action_endless"] = again
    assert_failed(rasa, "endless", "action_limit")
    assert len(rasa.actions.calls) == 10


def test_a_pipeline_that_raises(rasa: Rasa) -> None:
    runner = rasa.agent.processor.graph_runner
    rasa.agent.processor.graph_runner = None
    assert_failed(rasa, "hello", "turn_failed")
    assert rasa.health() == (503, {"ready": False, "model_id": rasa.agent.model_id, "error": "turn_failed"})
    rasa.agent.processor.graph_runner = runner
    assert rasa.health()[0] == 200
    assert texts(rasa.turn("hello", "failing")) == ["你好。\n\n请问需要什么？"]


class Faulty(HeyuTrackerStore):
    """A tracker store whose named method cannot reach its database."""

    faulty = ""

    async def _reading(self, query: Any) -> Any:
        return await self._unless("_reading", super()._reading(query))

    async def _save(self, tracker: Any, turn: Any) -> None:
        await self._unless("_save", super()._save(tracker, turn))

    async def _retrieve(self, *args: Any, **kwargs: Any) -> Any:
        return await self._unless("_retrieve", super()._retrieve(*args, **kwargs))

    async def _unless(self, name: str, work: Any) -> Any:
        if self.faulty == name:
            work.close()
            raise OperationalError("select", {}, ConnectionError("gone"))
        return await work


@pytest.mark.parametrize("method", ["_reading", "_retrieve", "_save"])
def test_a_tracker_store_that_fails_never_makes_a_fresh_conversation(rasa: Rasa, method: str, model: Path) -> None:
    rasa.turn("buy 2")
    store = Faulty(host=rasa.url)
    rasa.restart(model, store)
    store.faulty = method
    assert_failed(rasa, "red", "tracker_store")
    store.faulty = ""
    assert_then_works(rasa, "red", "办好了。")


def test_without_a_model_nothing_is_answered(rasa: Rasa, model: Path) -> None:
    rasa.restart(None)
    assert_failed(rasa, "hello", "no_model")
    assert rasa.health() == (503, {"ready": False, "model_id": None, "error": "no_model"})
    rasa.agent.load_model(model)
    assert rasa.health() == (200, {"ready": True, "model_id": rasa.agent.model_id})
    rasa.turn("hello", "failing")


def test_without_an_action_server_or_with_another_tracker_store_nothing_is_answered(rasa: Rasa, model: Path) -> None:
    rasa.restart(model, InMemoryTrackerStore(None))
    assert_failed(rasa, "hello", "wrong_tracker_store")
    rasa.restart(model)
    rasa.agent.action_endpoint = None
    assert_failed(rasa, "hello", "no_actions")


def test_failures_are_still_seen_after_another_model_was_loaded(rasa: Rasa, model: Path) -> None:
    rasa.turn("hello")
    rasa.agent.load_model(model)
    rasa.actions.told["action_second"] = "fail"
    assert_failed(rasa, "both", "action_failed")


def test_an_action_failing_in_one_conversation_leaves_the_others_alone(rasa: Rasa) -> None:
    rasa.actions.told["action_second"] = "fail"
    rasa.turn("hello", conversation_id="other")
    assert_failed(rasa, "both", "action_failed")
    rasa.turn("hello", conversation_id="other")
