"""Moving windows in memory, with the interface of `limits`: its own memory storage starts a thread for every hit."""

import time
from collections import deque
from typing import Callable, Deque, Dict, Tuple

from limits import RateLimitItem

SWEEP_SECONDS = 60.0


class LocalWindows:
    """Counts hits of the last minute, hour … by identifier; forgets identifiers that have gone quiet."""

    def __init__(self, now: Callable[[], float] = time.time) -> None:
        self._now = now
        self._hits: Dict[str, Tuple[float, Deque[float]]] = {}
        self._swept = now()

    def hit(self, limit: RateLimitItem, *identifiers: str) -> bool:
        """Count one if the limit allows it; returns whether it did."""
        now, span = self._now(), float(limit.get_expiry())
        self._sweep(now)
        _span, hits = self._hits.setdefault(limit.key_for(*identifiers), (span, deque()))
        while hits and hits[0] <= now - span:
            hits.popleft()
        if len(hits) >= limit.amount:
            return False
        hits.append(now)
        return True

    def get_window_stats(self, limit: RateLimitItem, *identifiers: str) -> Tuple[float, int]:
        """(when the next hit will be allowed, how many are left now)."""
        span = float(limit.get_expiry())
        _span, hits = self._hits.get(limit.key_for(*identifiers), (span, deque()))
        return (hits[0] + span if hits else self._now()), limit.amount - len(hits)

    def _sweep(self, now: float) -> None:
        if now - self._swept < SWEEP_SECONDS:
            return
        self._swept = now
        quiet = [key for key, (span, hits) in self._hits.items() if not hits or hits[-1] <= now - span]
        for key in quiet:
            del self._hits[key]
