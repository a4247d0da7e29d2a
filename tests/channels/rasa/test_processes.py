"""Several Rasa processes on one tracker database, with and without a common lock store."""

import asyncio
import itertools
from pathlib import Path
from typing import AsyncIterator, Callable, List

import pytest
import sqlalchemy as sa
from rasa.core.agent import Agent
from rasa.core.lock_store import InMemoryLockStore, LockStore, RedisLockStore
from rasa.utils.endpoints import EndpointConfig

from bot.channels.rasa.failures import TurnFailed
from bot.channels.rasa.schemas import TurnRequest
from bot.channels.rasa.tracker_store import HeyuTrackerStore
from bot.channels.rasa.turns import take_turn
from bot.settings import settings
from tests.channels.rasa.action_server import ActionServer
from tests.channels.rasa.client import stored_events
from tests.services import SERVER

Processes = Callable[[str, Callable[[], LockStore]], List[Agent]]


@pytest.fixture
async def processes(model: Path, actions: ActionServer) -> AsyncIterator[Processes]:
    """Makes two agents as two processes have them: nothing in common but what the databases hold."""
    made: List[Agent] = []

    def make(url: str, lock_store: Callable[[], LockStore]) -> List[Agent]:
        for _ in range(2):
            endpoint = EndpointConfig(actions.url)
            store = HeyuTrackerStore(host=url)
            agent = Agent(tracker_store=store, lock_store=lock_store(), action_endpoint=endpoint)
            agent.load_model(model)
            made.append(agent)
        return made

    yield make
    for agent in made:
        await agent.action_endpoint.close()


def both(message_id: str) -> TurnRequest:
    return TurnRequest(conversation_id="c", message_id=message_id, kind="text", text="both")


def heard(agent: Agent) -> List[str]:
    return [event["message_id"] for event in stored_events(agent.tracker_store, "c") if event["event"] == "user"]


async def test_without_a_common_lock_the_database_still_lets_one_win(
    processes: Processes, actions: ActionServer, own_var_dir: Path
) -> None:
    agents = processes(f"sqlite:///{own_var_dir / 'trackers.db'}", InMemoryLockStore)
    actions.told["action_first"] = actions.meeting(2)
    results = await asyncio.gather(*(take_turn(agent, both("m1")) for agent in agents), return_exceptions=True)
    failed = [result for result in results if isinstance(result, TurnFailed)]
    assert [error.code for error in failed] == ["tracker_store"]
    assert heard(agents[0]) == ["m1"]
    answers = [await take_turn(agent, both("m1")) for agent in agents]
    assert answers[0] == answers[1] == next(result for result in results if not isinstance(result, TurnFailed))


@pytest.mark.services
async def test_with_a_common_lock_every_message_is_taken_once(
    processes: Processes, actions: ActionServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HEYU_TRACKER_SCHEMA", "trackers_test")
    settings.cache_clear()
    agents = processes(SERVER, lambda: RedisLockStore(key_prefix="heyutest"))
    try:
        asked = [both(f"m{number}") for number in range(4)] * 2
        answers = await asyncio.gather(*map(take_turn, itertools.cycle(agents), sorted(asked, key=str)))
        assert len({str(answer) for answer in answers}) <= 4
        assert sorted(heard(agents[0])) == ["m0", "m1", "m2", "m3"]
        assert actions.calls == ["action_first", "action_second"] * 4
    finally:
        with agents[0].tracker_store.engine.begin() as connection:
            connection.execute(sa.text("DROP SCHEMA trackers_test CASCADE"))
