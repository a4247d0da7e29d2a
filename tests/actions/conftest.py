"""Fixtures: Rasa with the rules alone, trained once; conversations; dialogues in them."""

import asyncio
import logging
from typing import Awaitable, Callable, Iterator

import pytest
import structlog
from rasa.core.agent import Agent

from bot.conversations import service as conversations
from bot.store import Database, transaction
from tests.actions.dialogue import Dialogue, load, train


@pytest.fixture(scope="session")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Agent:
    """Rasa with a model of the repository's rules."""
    return asyncio.run(load(train(tmp_path_factory.mktemp("rules_model"))))


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Rasa prints every tracker otherwise, which takes longer than the dialogue."""
    before = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    yield
    structlog.configure(**before)


@pytest.fixture
def open_dialogue(assistant: Agent, database: Database) -> Callable[[], Awaitable[Dialogue]]:
    """Opens fresh conversations."""

    async def opened() -> Dialogue:
        async with transaction() as session:
            conversation = await conversations.open_conversation(session, "web")
        return Dialogue(assistant, conversation.conversation_id)

    return opened


@pytest.fixture
async def dialogue(open_dialogue: Callable[[], Awaitable[Dialogue]]) -> Dialogue:
    """A fresh conversation."""
    return await open_dialogue()
