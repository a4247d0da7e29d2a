"""The way to the action server: kept connections, a short timeout, and no failed call goes unnoticed."""

import asyncio
import json
from contextlib import asynccontextmanager
from typing import Any, AsyncIterator, Optional

import aiohttp
from rasa.utils.endpoints import ClientResponseError, EndpointConfig

from bot.channels.rasa.failures import record_failure

KEPT_SECONDS = 4.0
"""Less than the 5 s after which the action server closes an idle connection."""
CONNECT_SECONDS = 3.0


class ActionEndpoint(EndpointConfig):
    """An EndpointConfig that keeps one HTTP session and reports failed calls to the present turn.

    Rasa logs a failing action as executed and goes on; slot extraction even forgets that there was a call.
    """

    def __init__(self, *args: Any, seconds: float = 10.0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.seconds = seconds
        self._session: Optional[aiohttp.ClientSession] = None

    @classmethod
    def like(cls, config: EndpointConfig, seconds: float) -> "ActionEndpoint":
        """The endpoint that endpoints.yml describes, with `seconds` for one call."""
        return cls(
            config.url,
            config.params,
            config.headers,
            config.basic_auth,
            config.token,
            config.token_name,
            config.cafile,
            type=config.type,
            seconds=seconds,
            **config.kwargs,
        )

    @asynccontextmanager
    async def session(self) -> AsyncIterator[aiohttp.ClientSession]:  # type: ignore[override]
        """The kept session; Rasa's own opens one for each call."""
        if self._session is None or self._session.closed:
            auth = (
                aiohttp.BasicAuth(self.basic_auth["username"], self.basic_auth["password"]) if self.basic_auth else None
            )
            connector = aiohttp.TCPConnector(keepalive_timeout=KEPT_SECONDS)
            self._session = aiohttp.ClientSession(headers=self.headers, auth=auth, connector=connector)
        yield self._session

    async def request(self, *args: Any, **kwargs: Any) -> Optional[Any]:
        """Call the action server as Rasa does; whatever fails is recorded and raised as Rasa expects it."""
        kwargs["timeout"] = aiohttp.ClientTimeout(total=self.seconds, sock_connect=CONNECT_SECONDS)
        try:
            return await super().request(*args, **kwargs)
        except ClientResponseError as error:
            if not _is_rejection(error):
                record_failure(f"action server answered {error.status}")
            raise
        except (aiohttp.ClientError, asyncio.TimeoutError, OSError, ValueError) as error:
            record_failure(f"action call: {type(error).__name__}")
            raise

    async def close(self) -> None:
        """Close the kept connections."""
        if self._session is not None:
            await self._session.close()


def _is_rejection(error: ClientResponseError) -> bool:
    """Whether the action itself declined to run, which is part of the dialogue (ActionExecutionRejection)."""
    if error.status != 400:
        return False
    try:
        body = json.loads(error.text)
    except ValueError:
        return False
    return isinstance(body, dict) and "action_name" in body
