"""Rate limits: how often an address or a conversation may ask; counted in Redis when there is one, else in memory."""

import asyncio
import time
from functools import lru_cache
from typing import Optional, Union

from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute
from limits.storage import RedisStorage
from limits.strategies import MovingWindowRateLimiter

from bot.channels.web.windows import LocalWindows
from bot.errors import TooMany
from bot.settings import settings


class Limiter:
    """Counts hits in moving windows: this process's own, or those shared through Redis."""

    def __init__(self, redis_url: Optional[str]) -> None:
        self._shared = redis_url is not None
        self._windows: Union[MovingWindowRateLimiter, LocalWindows] = LocalWindows()
        if redis_url is not None:
            # kept here, because `limits` itself holds its storage only by a weak reference
            self._storage = RedisStorage(redis_url)
            self._windows = MovingWindowRateLimiter(self._storage)

    async def check_address(self, address: str) -> None:
        """One HTTP request of an address. Raises TooMany."""
        await self._check(RateLimitItemPerMinute(settings().requests_per_minute), "address", address)

    async def check_new_session(self, address: str) -> None:
        """One new conversation of an address. Raises TooMany."""
        await self._check(RateLimitItemPerHour(settings().sessions_per_hour), "session", address)

    async def check_message(self, conversation_id: str) -> None:
        """One message of a conversation. Raises TooMany."""
        limit = RateLimitItemPerMinute(settings().messages_per_minute)
        await self._check(limit, "message", conversation_id, "too_many_messages")

    async def check_code(self, address: str) -> None:
        """One verification code asked for, or tried, from an address. Raises TooMany."""
        await self._check(RateLimitItemPerMinute(10), "code", address)

    async def check_verification(self, address: str) -> None:
        """One check of a policy or record by an address that need not be a customer. Raises TooMany."""
        await self._check(RateLimitItemPerMinute(20), "verification", address)

    async def _check(self, limit: RateLimitItem, kind: str, who: str, code: str = "too_many") -> None:
        if self._shared:
            wait = await asyncio.to_thread(self._hit, limit, kind, who)
        else:
            wait = self._hit(limit, kind, who)
        if wait:
            raise TooMany(code, retry_after=wait)

    def _hit(self, limit: RateLimitItem, kind: str, who: str) -> int:
        """Count one; returns the seconds to wait, 0 when it is allowed. With Redis it blocks."""
        if self._windows.hit(limit, kind, who):
            return 0
        reset, _remaining = self._windows.get_window_stats(limit, kind, who)
        return max(1, int(reset - time.time()) + 1)


@lru_cache(maxsize=1)
def limiter() -> Limiter:
    """The limiter of this process."""
    return Limiter(settings().redis_url)
