"""Runs the fake gateway in a thread on a free port, so that tests can drive a browser without an event loop."""

import asyncio
import socket
import threading
import time
from typing import Any, Coroutine, List, TypeVar

from aiohttp import web

from tests.web.fake.server import FakeGateway

Result = TypeVar("Result")


class RunningFake:
    """A fake gateway with its own loop, and what tests ask of it."""

    def __init__(self) -> None:
        self.gateway = FakeGateway()
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        self.runner = web.AppRunner(self.gateway.app, shutdown_timeout=0.1)
        self.run(self.runner.setup())
        listener = socket.create_server(("127.0.0.1", 0))
        self.port = listener.getsockname()[1]
        self.run(web.SockSite(self.runner, listener).start())

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def run(self, coroutine: Coroutine[Any, Any, Result]) -> Result:
        """The result of a coroutine run on the gateway's loop."""
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(timeout=20)

    def close(self) -> None:
        """Stop for good."""
        self.run(self.runner.cleanup())
        self.run(self._end_tasks())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(timeout=10)
        self.loop.close()

    async def _end_tasks(self) -> None:
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    def cut(self) -> None:
        """Break every connection and refuse new ones."""
        self.run(self.gateway.cut())

    def mend(self) -> None:
        """Let connections in again."""
        self.gateway.is_down = False

    def only_conversation(self) -> str:
        """The id of the one conversation that a test has opened."""
        (conversation_id,) = self.gateway.conversations
        return conversation_id

    def say(self, kind: str, body: Any, sender: str = "assistant") -> None:
        """Have somebody say something without being asked."""
        self.run(self.gateway.say(self.only_conversation(), kind, body, sender))

    def texts_of_customer(self) -> List[str]:
        """What the customer said, in order, as stored."""
        messages = self.gateway.conversations[self.only_conversation()].messages
        return [message["body"]["text"] for message in messages if message["sender"] == "customer"]

    def wait_until_read(self, seq: int) -> None:
        """Wait until the customer is known to have read up to this seq. Raises TimeoutError."""
        conversation = self.gateway.conversations[self.only_conversation()]
        deadline = time.monotonic() + 10
        while conversation.read_up_to < seq:
            if time.monotonic() > deadline:
                raise TimeoutError(f"read up to {conversation.read_up_to}, not {seq}")
            time.sleep(0.02)
