"""Fixtures of the purchase: a conversation, a buyer in it, a known customer."""

import pytest

from bot.conversations import service as conversations
from bot.ids import new_id
from tests.applications.buyer import Buyer


@pytest.fixture
def customer_id() -> str:
    return new_id()


@pytest.fixture
async def conversation_id(session) -> str:
    return (await conversations.open_conversation(session, "web")).conversation_id


@pytest.fixture
def buyer(session, conversation_id) -> Buyer:
    return Buyer(session, conversation_id)
