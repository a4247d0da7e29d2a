"""Rasa's trackers in a database of their own: a turn is stored whole, once, and a read error is an error."""

import asyncio
import itertools
import json
from pathlib import Path
from typing import Any, Callable, Dict, Iterable, List, NamedTuple, Optional, TypeVar

import sqlalchemy as sa
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import SQLTrackerStore, TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, Event, SessionStarted
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.utils.common import all_subclasses
from sqlalchemy.engine import Connection, Engine, make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import sessionmaker
from sqlalchemy.pool import QueuePool

from bot.settings import settings

BUSY_SECONDS = 15
POOL_SIZE = 8
_MARK = "_heyu_stored"
_Result = TypeVar("_Result")

EVENTS = SQLTrackerStore.SQLEvent.__table__
TURNS = sa.Table(
    "turns",
    sa.MetaData(),
    sa.Column("sender_id", sa.String(255), primary_key=True),
    sa.Column("message_id", sa.String(255), primary_key=True),
    sa.Column("answer", sa.Text, nullable=False),
)
"""What was answered to each message; the key makes a second save of a turn impossible."""

INDEXES = (
    "CREATE INDEX IF NOT EXISTS ix_events_sender_id_id ON events (sender_id, id)",
    "CREATE INDEX IF NOT EXISTS ix_events_session ON events (sender_id, id) WHERE type_name = 'session_started'",
)


class StaleTracker(SQLAlchemyError):
    """Somebody else stored events of the conversation since the tracker was loaded."""


class _Stored(NamedTuple):
    """How far a tracker is stored: the id of the conversation's last event, and how many of its own events."""

    head: int
    length: int


class HeyuTrackerStore(SQLTrackerStore):
    """Rasa's SQL tracker store with WAL or a PostgreSQL schema, work in threads, and turns stored exactly once.

    `url` of endpoints.yml, else the setting `tracker_database_url`, says where. Rasa's table `events` is kept as
    it is, so that Rasa's own tools read it. Errors are raised as sqlalchemy.exc.SQLAlchemyError.
    """

    def __init__(
        self,
        domain: Optional[Domain] = None,
        event_broker: Optional[EventBroker] = None,
        host: Optional[str] = None,
        **kwargs: Any,
    ) -> None:
        TrackerStore.__init__(self, domain, event_broker, **kwargs)
        self.engine = _engine(host or settings().tracker_database, settings().tracker_schema)
        self.sessionmaker = sessionmaker(bind=self.engine, future=True)
        _create_tables(self.engine, settings().tracker_schema)

    async def answer_to(self, sender_id: str, message_id: str) -> Optional[Dict[str, Any]]:
        """What was answered to a message, in whatever session; None when the turn was never saved."""
        query = sa.select(TURNS.c.answer).where(TURNS.c.sender_id == sender_id, TURNS.c.message_id == message_id)
        found = await self._reading(lambda connection: connection.execute(query).scalar())
        return None if found is None else json.loads(found)

    async def save_turn(self, tracker: DialogueStateTracker, message_id: str, answer: Dict[str, Any]) -> None:
        """Store the tracker's new events and the answer in one transaction.

        Raises StaleTracker, or sqlalchemy.exc.IntegrityError when the turn is stored already.
        """
        turn = {"sender_id": tracker.sender_id, "message_id": message_id, "answer": json.dumps(answer)}
        await self._save(tracker, turn)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Store the tracker's new events, as Rasa's own commands ask; no new events, no write."""
        await self._save(tracker, None)

    async def create_tracker(self, sender_id: str, append_action_listen: bool = True) -> DialogueStateTracker:
        """A tracker for a conversation of which nothing is stored."""
        tracker = self.init_tracker(sender_id)
        setattr(tracker, _MARK, _Stored(0, 0))
        if append_action_listen:
            tracker.update(ActionExecuted(ACTION_LISTEN_NAME))
            await self.save(tracker)
        return tracker

    async def keys(self) -> Iterable[str]:
        """The conversations of which there are events."""
        query = sa.select(EVENTS.c.sender_id).distinct()
        return await self._reading(lambda connection: list(connection.execute(query).scalars()))

    async def _retrieve(self, sender_id: str, fetch_events_from_all_sessions: bool) -> Optional[DialogueStateTracker]:
        query = sa.select(EVENTS.c.id, EVENTS.c.data).where(EVENTS.c.sender_id == sender_id).order_by(EVENTS.c.id)
        if not fetch_events_from_all_sessions:
            query = query.where(EVENTS.c.id >= _session_start(sender_id))
        rows = await self._reading(lambda connection: connection.execute(query).all())
        if not rows:
            return None
        events = [_event(json.loads(row.data)) for row in rows]
        tracker = DialogueStateTracker.from_events(sender_id, events, self.domain.slots)
        if not fetch_events_from_all_sessions:
            setattr(tracker, _MARK, _Stored(rows[-1].id, len(events)))
        return tracker

    async def _save(self, tracker: DialogueStateTracker, turn: Optional[Dict[str, str]]) -> None:
        stored: Optional[_Stored] = getattr(tracker, _MARK, None)
        if turn is None and stored is not None and len(tracker.events) <= stored.length:
            return
        events = await asyncio.to_thread(self._write, tracker, stored, turn)
        if self.event_broker is not None:
            await self._stream_new_events(self.event_broker, events, tracker.sender_id)

    def _write(
        self, tracker: DialogueStateTracker, stored: Optional[_Stored], turn: Optional[Dict[str, str]]
    ) -> List[Event]:
        with self.engine.begin() as connection:
            _wait_for_writers(connection, tracker.sender_id)
            head = connection.execute(_head(tracker.sender_id)).scalar() or 0
            if stored is not None and stored.head != head:
                raise StaleTracker(f"events of {tracker.sender_id} were stored by somebody else")
            known = stored.length if stored else connection.execute(_session_length(tracker.sender_id)).scalar_one()
            events = list(itertools.islice(tracker.events, known, None))
            if events:
                connection.execute(sa.insert(EVENTS), [_row(tracker.sender_id, event) for event in events])
                head = connection.execute(_head(tracker.sender_id)).scalar_one()
            if turn is not None:
                connection.execute(sa.insert(TURNS), turn)
        setattr(tracker, _MARK, _Stored(head, len(tracker.events)))
        return events

    async def _reading(self, query: Callable[[Connection], _Result]) -> _Result:
        def run() -> _Result:
            with self.engine.connect().execution_options(read_only=True) as connection:
                return query(connection)

        return await asyncio.to_thread(run)


def replaces(fresh: DialogueStateTracker, tracker: DialogueStateTracker) -> DialogueStateTracker:
    """Say that `fresh`, none of whose events is stored, continues the stored conversation of `tracker`."""
    stored: _Stored = getattr(tracker, _MARK)
    setattr(fresh, _MARK, _Stored(stored.head, 0))
    return fresh


def _engine(url: str, schema: str) -> Engine:
    if make_url(url).get_backend_name() != "sqlite":
        options = {"options": f"-csearch_path={schema}", "connect_timeout": 5}
        return sa.create_engine(url, future=True, pool_size=POOL_SIZE, pool_pre_ping=True, connect_args=options)
    Path(str(make_url(url).database)).parent.mkdir(parents=True, exist_ok=True)
    threads = {"timeout": BUSY_SECONDS, "check_same_thread": False}
    engine = sa.create_engine(url, future=True, poolclass=QueuePool, pool_size=POOL_SIZE, connect_args=threads)
    sa.event.listen(engine, "connect", _prepare_sqlite)
    sa.event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", f"busy_timeout={BUSY_SECONDS * 1000}"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    """BEGIN IMMEDIATE, so that a writer waits at the start and never fails half-way on a lock."""
    read_only = connection.get_execution_options().get("read_only", False)
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")


def _create_tables(engine: Engine, schema: str) -> None:
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(sa.text("SELECT pg_advisory_xact_lock(hashtext('heyu trackers'))"))
            connection.execute(sa.text(f'CREATE SCHEMA IF NOT EXISTS "{schema}"'))
        SQLTrackerStore.Base.metadata.create_all(connection)
        TURNS.metadata.create_all(connection)
        for index in INDEXES:
            connection.execute(sa.text(index))


def _wait_for_writers(connection: Connection, sender_id: str) -> None:
    """One writer of a conversation at a time; on SQLite the transaction has begun as the only writer."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("SELECT pg_advisory_xact_lock(hashtext(:sender))"), {"sender": sender_id})


def _head(sender_id: str) -> sa.sql.Select:
    return sa.select(sa.func.max(EVENTS.c.id)).where(EVENTS.c.sender_id == sender_id)


def _session_start(sender_id: str) -> sa.sql.selectable.ScalarSelect:
    """The id of the latest session's first event, 0 without one; never a time, which clocks may set back."""
    started = EVENTS.c.type_name == SessionStarted.type_name
    latest = sa.select(sa.func.coalesce(sa.func.max(EVENTS.c.id), 0)).where(EVENTS.c.sender_id == sender_id, started)
    return latest.scalar_subquery()


def _session_length(sender_id: str) -> sa.sql.Select:
    own = EVENTS.c.sender_id == sender_id
    return sa.select(sa.func.count()).where(own, EVENTS.c.id >= _session_start(sender_id))


def _row(sender_id: str, event: Event) -> Dict[str, Any]:
    data = event.as_dict()
    return {
        "sender_id": sender_id,
        "type_name": event.type_name,
        "timestamp": data.get("timestamp"),
        "intent_name": data.get("parse_data", {}).get("intent", {}).get("name"),
        "action_name": data.get("name"),
        "data": json.dumps(data),
    }


def _classes() -> Dict[str, Any]:
    """Event class by type name; Rasa searches all subclasses again for each event."""
    found: Dict[str, Any] = {}
    for event_class in all_subclasses(Event):
        found.setdefault(event_class.type_name, event_class)
    return found


_CLASSES = _classes()


def _event(data: Dict[str, Any]) -> Event:
    return _CLASSES[data["event"]]._from_parameters(data)
