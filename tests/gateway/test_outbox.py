"""What is announced: only what was committed, in the order in which it was decided."""

from typing import Any, List, Tuple

import pytest

from bot.conversations import outbox, ports
from bot.store import Database, transaction


@pytest.fixture
def heard() -> Any:
    events: List[Tuple[str, str]] = []
    ports.use(ports.Ports(announce=lambda conversation_id, name, data: events.append((name, data["n"]))))
    yield events
    ports.use(ports.Ports())


async def test_nothing_is_announced_before_the_commit(database: Database, heard: List[Tuple[str, str]]) -> None:
    async with transaction() as session:
        outbox.announce(session, "c", "first", {"n": "1"})
        outbox.announce(session, "c", "second", {"n": "2"})
        assert heard == []
    assert heard == [("first", "1"), ("second", "2")]


async def test_nothing_is_announced_after_a_rollback(database: Database, heard: List[Tuple[str, str]]) -> None:
    with pytest.raises(RuntimeError):
        async with transaction() as session:
            outbox.announce(session, "c", "lost", {"n": "1"})
            raise RuntimeError
    assert heard == []


async def test_a_savepoint_is_not_the_commit(database: Database, heard: List[Tuple[str, str]]) -> None:
    async with transaction() as session:
        async with session.begin_nested():
            outbox.announce(session, "c", "inside", {"n": "1"})
        assert heard == []
        with pytest.raises(RuntimeError):
            async with session.begin_nested():
                outbox.announce(session, "c", "taken back", {"n": "2"})
                raise RuntimeError
        outbox.announce(session, "c", "outside", {"n": "3"})
    assert heard == [("inside", "1"), ("outside", "3")]
