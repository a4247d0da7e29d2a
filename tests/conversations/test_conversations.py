"""Every conversation of the folder, word by word."""

from typing import Any, Dict

import pytest

from tests.conversations.runner import Run, read_conversations
from tests.journeys.customer import Customer
from tests.journeys.ledger import Ledger

pytestmark = [pytest.mark.stack, pytest.mark.model]

CONVERSATIONS = read_conversations()


@pytest.mark.parametrize("number", range(len(CONVERSATIONS)), ids=[str(one["conversation"]) for one in CONVERSATIONS])
async def test_conversation(customer: Customer, ledger: Ledger, number: int) -> None:
    conversation: Dict[str, Any] = CONVERSATIONS[number]
    run = Run(customer, ledger, person=number + 1)
    try:
        await run.hold(conversation)
    finally:
        await run.close()
