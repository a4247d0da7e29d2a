"""Measuring an assistant from a customer's side: latency, throughput, growth with the length of a conversation."""

import asyncio
import statistics
import time
from dataclasses import dataclass
from typing import Awaitable, Callable, List, Protocol, Sequence

from tests.bench.sentences import CONVERSATION, sentence

WARM_UP = 12
SINGLE_TURNS = 72
CROWD = 20
CROWD_TURNS = 12
LONG_TURNS = 205
WINDOW = 12


class Customer(Protocol):
    """Somebody who says something and waits for the answer."""

    async def say(self, text: str) -> object:
        """Say it and come back when the answer is there."""

    async def close(self) -> None:
        """Leave."""


Opener = Callable[[], Awaitable[Customer]]


@dataclass(frozen=True)
class Figures:
    """Latencies in ms, throughput in messages a second."""

    single_p50: float
    single_p95: float
    crowd_p50: float
    crowd_p95: float
    throughput: float
    turn_10: float
    turn_200: float


async def measure(open_customer: Opener) -> Figures:
    """All figures of one assistant."""
    await _talk(open_customer, WARM_UP)
    single = await _talk(open_customer, SINGLE_TURNS)
    started = time.perf_counter()
    crowd = await asyncio.gather(*(_talk(open_customer, CROWD_TURNS) for _ in range(CROWD)))
    seconds = time.perf_counter() - started
    together = [latency for one in crowd for latency in one]
    long = await _talk(open_customer, LONG_TURNS)
    return Figures(
        single_p50=percentile(single, 50),
        single_p95=percentile(single, 95),
        crowd_p50=percentile(together, 50),
        crowd_p95=percentile(together, 95),
        throughput=len(together) / seconds,
        turn_10=statistics.median(long[4 : 4 + WINDOW]),
        turn_200=statistics.median(long[-1 - WINDOW : -1]),
    )


def percentile(values: Sequence[float], percent: int) -> float:
    """The value below which `percent` of the values lie (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(len(ordered) * percent / 100))]


async def _talk(open_customer: Opener, turns: int) -> List[float]:
    customer = await open_customer()
    try:
        return [await _timed(customer, sentence(turn)) for turn in range(turns)]
    finally:
        await customer.close()


async def _timed(customer: Customer, text: str) -> float:
    started = time.perf_counter()
    await customer.say(text)
    return (time.perf_counter() - started) * 1000


assert WINDOW % len(CONVERSATION) == 0, "both windows must hold the same sentences"
