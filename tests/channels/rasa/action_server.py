"""An action server that does what a test tells it: answer, fail, hang, babble, decline, be down."""

import asyncio
from typing import Any, Dict, List, Optional

from aiohttp import web

OK = {"events": [], "responses": [{"text": "办好了。"}]}


class Meeting:
    """Holds calls until as many have come as were expected."""

    def __init__(self, expected: int) -> None:
        self.missing = expected
        self.complete = asyncio.Event()

    async def arrive(self) -> None:
        """Come, and go on when all are there."""
        self.missing -= 1
        if self.missing == 0:
            self.complete.set()
        await asyncio.wait_for(self.complete.wait(), 10)


class ActionServer:
    """Answers every action with OK unless `told` otherwise; `calls` and `trackers` are what it saw."""

    def __init__(self) -> None:
        self.port = 0
        self._runner: Optional[web.AppRunner] = None
        self.reset()

    def reset(self) -> None:
        """Forget all that was told and seen."""
        self.told: Dict[str, Any] = {}
        self.calls: List[str] = []
        self.trackers: List[Dict[str, Any]] = []

    def meeting(self, expected: int) -> Meeting:
        """Something to tell an action: answer only when `expected` calls are waiting at once."""
        return Meeting(expected)

    @property
    def is_down(self) -> bool:
        return self._runner is None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/webhook"

    async def start(self) -> None:
        """Listen, on the same port as before if it was up before."""
        app = web.Application(client_max_size=2**24)
        app.router.add_post("/webhook", self._answer)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port)
        await site.start()
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """Stop listening; connections are refused from now on."""
        if self._runner is not None:
            await self._runner.cleanup()
        self._runner = None

    async def _answer(self, request: web.Request) -> web.Response:
        call = await request.json()
        name = call["next_action"]
        self.calls.append(name)
        self.trackers.append(call["tracker"])
        told = self.told.get(name, OK)
        if told == "fail":
            return web.json_response({"error": "boom", "action_name": name}, status=500)
        if told == "decline":
            return web.json_response({"error": "not now", "action_name": name}, status=400)
        if told == "bad request":
            return web.Response(text="<html>bad request</html>", status=400)
        if told == "garbage":
            return web.Response(text="{not json", content_type="application/json")
        if told == "html":
            return web.Response(text="<html></html>", content_type="text/html")
        if told == "hang":
            await asyncio.sleep(60)
        if isinstance(told, float):
            await asyncio.sleep(told)
            told = OK
        if isinstance(told, Meeting):
            await told.arrive()
            told = OK
        return web.json_response(told)
