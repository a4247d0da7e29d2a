"""The tracker store on SQLite and, with SERVICES=1, on PostgreSQL."""

import asyncio
import re
from pathlib import Path
from typing import Any, Dict, Iterator, List

import pytest
import sqlalchemy as sa
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import SQLTrackerStore, TrackerStore, check_if_tracker_store_async
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, SessionStarted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig, read_endpoint_config
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from bot.channels.rasa.tracker_store import HeyuTrackerStore, StaleTracker
from bot.settings import ROOT, settings
from tests.services import SERVER

DOMAIN = Domain.from_yaml("slots: {a: {type: any, mappings: [{type: custom}]}}")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.services)])
def url(request: pytest.FixtureRequest, own_var_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """An empty database."""
    if request.param == "sqlite":
        yield f"sqlite:///{own_var_dir / 'trackers.db'}"
        return
    monkeypatch.setenv("HEYU_TRACKER_SCHEMA", "trackers_test")
    settings.cache_clear()
    yield SERVER
    engine = sa.create_engine(SERVER)
    with engine.begin() as connection:
        connection.execute(sa.text("DROP SCHEMA trackers_test CASCADE"))
    engine.dispose()


@pytest.fixture
def store(url: str) -> Iterator[HeyuTrackerStore]:
    opened = HeyuTrackerStore(DOMAIN, host=url)
    yield opened
    opened.engine.dispose()


def session() -> List[Any]:
    return [ActionExecuted("action_session_start"), SessionStarted(), ActionExecuted("action_listen")]


async def take(store: HeyuTrackerStore, message_id: str, *events: Any) -> DialogueStateTracker:
    """Store a turn as the connector does."""
    tracker = await store.get_or_create_tracker("c", append_action_listen=False)
    tracker.update_with_events([UserUttered("hi", message_id=message_id), *events], DOMAIN)
    await store.save_turn(tracker, message_id, {"replies": [message_id]})
    return tracker


async def test_a_turn_is_found_by_its_message_in_any_session(store: HeyuTrackerStore) -> None:
    assert await store.answer_to("c", "m1") is None
    await take(store, "m1")
    await take(store, "m2", *session())
    assert await store.answer_to("c", "m1") == {"replies": ["m1"]}
    assert await store.answer_to("d", "m1") is None


async def test_what_was_stored_is_loaded_again(store: HeyuTrackerStore, url: str) -> None:
    parse_data = {"intent": {"name": "x", "confidence": 0.5}, "entities": [{"entity": "e", "value": "保险\ud800"}]}
    said = UserUttered("说", parse_data["intent"], parse_data["entities"], parse_data, input_channel="heyu")
    await take(store, "m1", said, SlotSet("a", {"b": [1, "二"]}), BotUttered("你好", {"custom": {"type": "quote"}}))
    again = await HeyuTrackerStore(DOMAIN, host=url).retrieve("c")
    assert again is not None
    assert [event.as_dict() for event in again.events][1]["parse_data"]["entities"] == parse_data["entities"]
    assert again.get_slot("a") == {"b": [1, "二"]}
    assert again.latest_bot_utterance.data["custom"] == {"type": "quote"}


async def test_the_latest_session_begins_at_its_event_not_at_a_time(store: HeyuTrackerStore) -> None:
    await take(store, "m1", *session(), SlotSet("a", 1))
    tracker = await store.retrieve("c")
    for event in session():
        event.timestamp = 1.0  # the clock was set back
        tracker.update(event)
    await store.save(tracker)
    assert [event.type_name for event in (await store.retrieve("c")).events] == ["session_started", "action"]
    assert len((await store.retrieve_full_tracker("c")).events) == 8


async def test_a_turn_is_stored_once(store: HeyuTrackerStore) -> None:
    tracker = await take(store, "m1")
    tracker.update(UserUttered("hi", message_id="m1"))
    with pytest.raises(IntegrityError):
        await store.save_turn(tracker, "m1", {})
    assert len((await store.retrieve("c")).events) == 1


async def test_of_two_who_loaded_the_same_tracker_one_saves(store: HeyuTrackerStore, url: str) -> None:
    await take(store, "m0")
    other = HeyuTrackerStore(DOMAIN, host=url)
    trackers = [await store.retrieve("c"), await other.retrieve("c")]
    for number, tracker in enumerate(trackers):
        tracker.update(UserUttered("hi", message_id=f"x{number}"))
    saves = [s.save_turn(t, f"x{n}", {}) for n, (s, t) in enumerate(zip((store, other), trackers, strict=True))]
    results = await asyncio.gather(*saves, return_exceptions=True)
    assert sorted(type(result).__name__ for result in results) == ["NoneType", "StaleTracker"]
    assert len((await store.retrieve("c")).events) == 2


async def test_of_two_who_begin_the_same_conversation_one_saves(store: HeyuTrackerStore, url: str) -> None:
    trackers = [await store.get_or_create_tracker("c", append_action_listen=False) for _ in range(2)]
    for tracker in trackers:
        tracker.update_with_events(session(), DOMAIN)
    await store.save(trackers[0])
    with pytest.raises(StaleTracker):
        await store.save(trackers[1])


async def test_many_conversations_are_saved_at_once(store: HeyuTrackerStore) -> None:
    async def talk(sender: str) -> None:
        for turn in range(5):
            tracker = await store.get_or_create_tracker(sender, append_action_listen=False)
            tracker.update(UserUttered("hi", message_id=str(turn)))
            await store.save_turn(tracker, str(turn), {})

    senders = [f"s{number}" for number in range(20)]
    await asyncio.gather(*map(talk, senders))
    assert sorted(await store.keys()) == sorted(senders)
    assert {len((await store.retrieve(sender)).events) for sender in senders} == {5}


async def test_saving_nothing_writes_nothing(store: HeyuTrackerStore) -> None:
    tracker = await store.get_or_create_tracker("c", append_action_listen=False)
    await store.save(tracker)
    assert list(await store.keys()) == []
    assert not await store.exists("c")


async def test_a_tracker_may_be_saved_more_than_once(store: HeyuTrackerStore) -> None:
    tracker = await store.get_or_create_tracker("c")
    tracker.update(SlotSet("a", 1))
    await store.save(tracker)
    tracker.update(SlotSet("a", 2))
    await store.save(tracker)
    assert [event.type_name for event in (await store.retrieve("c")).events] == ["action", "slot", "slot"]


async def test_a_tracker_from_elsewhere_is_stored_as_rasa_stores_it(store: HeyuTrackerStore) -> None:
    await take(store, "m1")
    known = await store.retrieve("c")
    copied = DialogueStateTracker.from_events("c", [*known.events, SlotSet("a", 1)], DOMAIN.slots)
    await store.save(copied)
    assert [event.type_name for event in (await store.retrieve("c")).events] == ["user", "slot"]


async def test_a_database_that_is_away_is_an_error(store: HeyuTrackerStore) -> None:
    with store.engine.begin() as connection:
        connection.execute(sa.text("DROP TABLE events"))
    with pytest.raises(SQLAlchemyError):
        await store.retrieve("c")


class Broker(EventBroker):
    """Remembers what is published."""

    def __init__(self) -> None:
        self.published: List[Dict[str, Any]] = []

    def publish(self, event: Dict[str, Any]) -> None:
        self.published.append(event)


async def test_only_what_was_saved_is_published(url: str) -> None:
    broker = Broker()
    store = HeyuTrackerStore(DOMAIN, broker, url)
    await take(store, "m1", SlotSet("a", 1))
    assert [event["event"] for event in broker.published] == ["user", "slot"]
    assert {event["sender_id"] for event in broker.published} == {"c"}
    tracker = await store.retrieve("c")
    await take(store, "m2")
    tracker.update(UserUttered("late", message_id="m3"))
    with pytest.raises(StaleTracker):
        await store.save_turn(tracker, "m3", {})
    assert len(broker.published) == 3


async def test_rasas_own_store_reads_the_same_file(own_var_dir: Path) -> None:
    path = own_var_dir / "trackers.db"
    await take(HeyuTrackerStore(DOMAIN, host=f"sqlite:///{path}"), "m1", *session(), SlotSet("a", 1))
    tracker = await SQLTrackerStore(DOMAIN, db=str(path)).retrieve("c")
    assert tracker is not None and tracker.get_slot("a") == 1


def test_sqlite_is_in_wal_mode_with_a_busy_timeout(own_var_dir: Path) -> None:
    store = HeyuTrackerStore(DOMAIN)
    assert (own_var_dir / "trackers.db").exists()
    with store.engine.connect() as connection:
        pragmas = [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("journal_mode", "busy_timeout")]
    assert pragmas == ["wal", 15000]


@pytest.mark.parametrize("name", ["endpoints.yml", "endpoints.production.yml"])
def test_the_endpoint_files_name_this_store(name: str, own_var_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in re.findall(r"\$\{(\w+)\}", (ROOT / name).read_text()):
        monkeypatch.setenv(variable, "1")
    monkeypatch.setenv("HEYU_TRACKER_DATABASE_URL", f"sqlite:///{own_var_dir / 'x.db'}")
    store = TrackerStore.create(read_endpoint_config(str(ROOT / name), "tracker_store"), DOMAIN)
    assert isinstance(store, HeyuTrackerStore)
    assert check_if_tracker_store_async(store)
    assert isinstance(read_endpoint_config(str(ROOT / name), "action_endpoint"), EndpointConfig)
