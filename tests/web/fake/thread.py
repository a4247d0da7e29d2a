"""Runs the fake gateway in a thread on a free port, so that tests can drive a browser without an event loop."""

import asyncio
import threading
from typing import Any, Coroutine, Optional, TypeVar

from aiohttp import web

from tests.web.fake.server import FakeGateway

Result = TypeVar("Result")


class RunningFake:
    """A fake gateway with its own loop. `stop` closes the port, `start` opens the same one again."""

    def __init__(self) -> None:
        self.gateway = FakeGateway()
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        self.port = 0
        self.site: Optional[web.TCPSite] = None
        self.runner = web.AppRunner(self.gateway.app, shutdown_timeout=0.1)
        self.run(self.runner.setup())
        self.start()

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def run(self, coroutine: Coroutine[Any, Any, Result]) -> Result:
        """The result of a coroutine run on the gateway's loop."""
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(timeout=20)

    def start(self) -> None:
        """Open the port (again)."""
        self.site = web.TCPSite(self.runner, "127.0.0.1", self.port)
        self.run(self.site.start())
        assert self.site._server is not None
        self.port = self.site._server.sockets[0].getsockname()[1]  # type: ignore[attr-defined]

    def close(self) -> None:
        """Stop for good."""
        self.run(self.runner.cleanup())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(timeout=10)
        self.loop.close()

    def only_conversation(self) -> str:
        """The id of the one conversation that a test has opened."""
        (conversation_id,) = self.gateway.conversations
        return conversation_id

    def say(self, kind: str, body: Any, sender: str = "assistant") -> None:
        """Have somebody say something without being asked."""
        self.run(self.gateway.say(self.only_conversation(), kind, body, sender))
