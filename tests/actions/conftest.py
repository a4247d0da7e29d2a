"""Fixtures: a model of the rules alone, trained once; a conversation; a dialogue on both."""

from typing import AsyncIterator

import pytest

from bot.conversations import service as conversations
from bot.store import Database, transaction
from tests.actions.dialogue import Dialogue, train


@pytest.fixture(scope="session")
def rules_model(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The path of a model with the repository's rules."""
    return train(tmp_path_factory.mktemp("rules_model"))


@pytest.fixture
async def dialogue(rules_model: str, database: Database) -> AsyncIterator[Dialogue]:
    """A fresh conversation."""
    async with transaction() as session:
        opened = await conversations.open_conversation(session, "web")
    yield await Dialogue.open(rules_model, opened.conversation_id)
