"""A stand-in for Rasa's connector that can be slow, fail or die: POST /turns, GET /health, and /control for tests.

A text "reply:{json}" is answered with that JSON; anything else is echoed. Like the real connector it is idempotent on
the message id and deals with one turn of a conversation at a time. Run as a module it is a process of its own.
"""

import asyncio
import json
import sys
from collections import defaultdict
from typing import Any, Dict, List, Optional

from aiohttp import web


class FakeRasa:
    def __init__(self, memory: Optional[Dict[str, Any]] = None) -> None:
        self.turns: List[Dict[str, Any]] = []
        self.answers: Dict[str, Any] = {} if memory is None else memory
        self.mode: Dict[str, Any] = {}
        self.running: Dict[str, int] = defaultdict(int)
        self.most_at_once = 0
        self._runner: Optional[web.AppRunner] = None
        self.url = ""

    async def start(self, port: int = 0) -> None:
        app = web.Application()
        app.router.add_post("/webhooks/heyu/turns", self._turn)
        app.router.add_get("/webhooks/heyu/health", self._health)
        app.router.add_get("/health", self._actions_health)
        app.router.add_post("/control", self._control)
        app.router.add_get("/log", self._log)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port)
        await site.start()
        self.port = site._server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
        self.url = f"http://127.0.0.1:{self.port}"

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def _health(self, _request: web.Request) -> web.Response:
        ready = self.mode.get("ready", True)
        return web.json_response({"ready": ready, "model_id": "m1"}, status=200 if ready else 503)

    async def _actions_health(self, _request: web.Request) -> web.Response:
        return web.json_response({"status": "ok"}, status=self.mode.get("actions_status", 200))

    async def _control(self, request: web.Request) -> web.Response:
        self.mode = await request.json()
        return web.json_response({})

    async def _log(self, _request: web.Request) -> web.Response:
        return web.json_response({"turns": self.turns, "most_at_once": self.most_at_once})

    async def _turn(self, request: web.Request) -> web.Response:
        if request.headers.get("X-Heyu-Secret") != "test-connector-secret":
            return web.json_response({"error": "unauthorized"}, status=401)
        turn = await request.json()
        conversation_id = turn["conversation_id"]
        self.running[conversation_id] += 1
        self.most_at_once = max(self.most_at_once, self.running[conversation_id])
        try:
            return await self._answer(turn)
        finally:
            self.running[conversation_id] -= 1

    async def _answer(self, turn: Dict[str, Any]) -> web.Response:
        self.turns.append(turn)
        fail = self.mode.get("fail")
        if fail and self.mode.get("only", turn.get("text", "")) == turn.get("text", ""):
            return web.json_response({"error": "turn_failed"}, status=fail)
        if turn["message_id"] not in self.answers:
            self.answers[turn["message_id"]] = _compose(turn)
        await asyncio.sleep(self.mode.get("delay", 0.0))
        if self.mode.get("garbage"):
            return web.Response(text="<html>")
        return web.json_response(self.answers[turn["message_id"]])


def _compose(turn: Dict[str, Any]) -> Dict[str, Any]:
    said = turn.get("text") or turn.get("intent") or ""
    answer = {
        "replies": [{"text": f"echo {said}"}],
        "state": {"slots": {}, "active_loop": None, "requested_slot": None},
        "trace": {"intent": {"name": turn.get("intent", "inform"), "confidence": 1.0}, "entities": [], "actions": []},
        "model_id": "m1",
    }
    if said.startswith("reply:"):
        answer.update(json.loads(said[len("reply:") :]))
    return answer


async def _main(port: int) -> None:
    fake = FakeRasa()
    await fake.start(port)
    print("ready", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_main(int(sys.argv[1])))
