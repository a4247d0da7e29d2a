"""Real processes for the journeys: one set per module, with short reading times and the sandbox of everything."""

from typing import AsyncIterator, Callable, Iterator

import pytest

from tests.journeys.customer import Customer
from tests.stack import Stack

MakeCustomer = Callable[..., "Customer"]
QUICK = {"HEYU_READING_SECONDS": "1", "HEYU_SESSIONS_PER_HOUR": "100000"}


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Gateway, rasa and action server of this module."""
    stack = Stack(tmp_path_factory.mktemp("journeys") / "var", QUICK)
    try:
        stack.start()
        yield stack
    finally:
        stack.stop()


@pytest.fixture
async def customer(running: Stack) -> AsyncIterator[Customer]:
    """A customer in a conversation of their own."""
    tab = await Customer(running.base_url).open()
    yield tab
    await tab.close()
