"""Real processes for the conversations: one set for all of them, with no reading time."""

from typing import AsyncIterator, Iterator

import pytest

from tests.journeys.customer import Customer
from tests.journeys.ledger import Ledger
from tests.stack import Stack

QUICK = {"HEYU_READING_SECONDS": "0", "HEYU_SESSIONS_PER_HOUR": "100000", "HEYU_CODES_PER_HOUR": "100000"}


@pytest.fixture(scope="session")
def conversation_stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Gateway, rasa and action server."""
    stack = Stack(tmp_path_factory.mktemp("conversations") / "var", QUICK)
    try:
        stack.start()
        yield stack
    finally:
        stack.stop()


@pytest.fixture
async def customer(conversation_stack: Stack) -> AsyncIterator[Customer]:
    """A customer in a conversation of their own."""
    tab = await Customer(conversation_stack.base_url).open()
    yield tab
    await tab.close()


@pytest.fixture
def ledger(conversation_stack: Stack) -> Ledger:
    """The books of the installation."""
    return Ledger(conversation_stack)
