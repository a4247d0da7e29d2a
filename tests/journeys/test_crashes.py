"""kill -9 of gateway, action server and rasa at random moments of talks and purchases: nothing lost, nothing twice."""

import asyncio
import os
import random
from collections import Counter
from typing import List

import pytest

from tests.journeys.buyer import Bought, Buyer
from tests.journeys.customer import Customer
from tests.journeys.ledger import Ledger
from tests.journeys.purchase import P4, of_person
from tests.stack import Stack

pytestmark = [pytest.mark.stack, pytest.mark.model, pytest.mark.timeout(1800)]

PURCHASES = 2
# rasa takes much longer than the others to come back
RASA_KILLS = 2
RASA_CHANCE = 0.12
SPARE_CHANCE = 0.2
BOTH_CHANCE = 0.15
# a step takes about as long
LONGEST_WAIT = 0.6
MOST_UNANSWERED = 6
PHRASES = ("你好", "有哪些产品", "谢谢", "意外险等待期多久", "你是机器人吗", "重疾险", "再见")


class Reaper:
    """Kills a process at a random moment of every step, and starts it again."""

    def __init__(self, stack: Stack, chance: random.Random) -> None:
        self.kills: Counter = Counter()
        self._stack = stack
        self._chance = chance
        self._at_work: List[asyncio.Task] = []

    async def strike(self, _step: str) -> None:
        """Let the last victims come back, then choose the next; they die while the step goes on."""
        await self.rest()
        self._at_work = [asyncio.ensure_future(self._kill(part)) for part in self._victims()]

    async def rest(self) -> None:
        """Wait until everybody is back."""
        await asyncio.gather(*self._at_work)

    def _victims(self) -> List[str]:
        if self._chance.random() < SPARE_CHANCE:
            return []
        if self.kills["rasa"] < RASA_KILLS and self._chance.random() < RASA_CHANCE:
            return ["rasa"]
        if self._chance.random() < BOTH_CHANCE:
            return ["gateway", "actions"]
        return [self._chance.choice(["gateway", "actions"])]

    async def _kill(self, part: str) -> None:
        await asyncio.sleep(self._chance.uniform(0, LONGEST_WAIT))
        self._stack.kill(part)
        self.kills[part] += 1
        await asyncio.to_thread(self._stack.start, part)


async def talk(customer: Customer, chance: random.Random, done: asyncio.Event) -> None:
    """Say one numbered thing after the other without waiting for the answers, but not endlessly ahead of them."""
    while not done.is_set():
        await customer.until(lambda: len(customer.sent) - len(answered(customer)) < MOST_UNANSWERED)
        await customer.send("text", {"text": chance.choice(PHRASES)}, f"t{len(customer.sent):04d}")
        await asyncio.sleep(chance.uniform(0, LONGEST_WAIT))


def answered(customer: Customer) -> set:
    return {message["reply_to"] for message in customer.said("assistant")}


async def test_killed_at_every_step(running: Stack) -> None:
    seed = int(os.environ.get("HEYU_CRASH_SEED") or random.SystemRandom().randrange(10**6))
    print(f"HEYU_CRASH_SEED={seed}")
    chance, ledger, done = random.Random(seed), Ledger(running), asyncio.Event()
    reaper = Reaper(running, chance)
    talker = await Customer(running.base_url).open()
    talking = asyncio.ensure_future(talk(talker, random.Random(seed + 1), done))
    shoppers, bought = [], []
    for number in range(PURCHASES):
        shoppers.append(await Customer(running.base_url).open())
        wish = of_person(P4, 2 * number + 1)
        buyer = Buyer(shoppers[-1], wish, phone=f"1380000000{number}", before_step=reaper.strike)
        bought.append(await buyer.buy())
    await reaper.rest()
    done.set()
    await talking
    await check(ledger, talker, shoppers, bought)
    resent = sum(customer.resent for customer in (talker, *shoppers))
    print(f"kills {dict(reaper.kills)}, messages {len(talker.sent)}, sent again {resent}")
    for customer in (talker, *shoppers):
        await customer.close()


async def check(ledger: Ledger, talker: Customer, shoppers: List[Customer], bought: List[Bought]) -> None:
    """Hold the databases against what the customers saw."""
    for customer in (talker, *shoppers):
        await ledger.settled(customer)
        ledger.check_conversation(customer)
    for shopper, sale in zip(shoppers, bought, strict=True):
        await ledger.check_sales(shopper.conversation_id, policies=1)
        assert sale.pdf.startswith(b"%PDF")
    assert len({sale.policy_no for sale in bought}) == len(bought)
    assert ledger.rows("SELECT kind, error FROM jobs WHERE state = 'failed'") == []
    assert ledger.rows("SELECT id FROM inbox WHERE state = 'pending'") == []
