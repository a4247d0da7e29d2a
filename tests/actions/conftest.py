"""Fixtures: a model of the rules alone, trained once; a conversation; a dialogue on both."""

from typing import Awaitable, Callable

import pytest

from bot.conversations import service as conversations
from bot.store import Database, transaction
from tests.actions.dialogue import Dialogue, train


@pytest.fixture(scope="session")
def rules_model(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The path of a model with the repository's rules."""
    return train(tmp_path_factory.mktemp("rules_model"))


@pytest.fixture
def open_dialogue(rules_model: str, database: Database) -> Callable[[], Awaitable[Dialogue]]:
    """Opens fresh conversations."""

    async def opened() -> Dialogue:
        async with transaction() as session:
            conversation = await conversations.open_conversation(session, "web")
        return await Dialogue.open(rules_model, conversation.conversation_id)

    return opened


@pytest.fixture
async def dialogue(open_dialogue: Callable[[], Awaitable[Dialogue]]) -> Dialogue:
    """A fresh conversation."""
    return await open_dialogue()
