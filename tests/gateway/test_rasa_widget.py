"""Rasa's own chat widgets: session_request, user_uttered, bot_uttered on the namespace /rasa."""

import asyncio
import json
from typing import Any, AsyncIterator, Dict, List

import pytest
import socketio

from tests.gateway.fake_rasa import FakeRasa
from tests.gateway.gateway import Running


class Widget:
    def __init__(self, url: str) -> None:
        self.url = url
        self.uttered: List[Dict[str, Any]] = []
        self.confirmed: List[str] = []
        self._changed = asyncio.Event()
        self.socket = socketio.AsyncClient(reconnection=False)
        self.socket.on("bot_uttered", self._on_uttered, namespace="/rasa")
        self.socket.on("session_confirm", self._on_confirm, namespace="/rasa")

    async def _on_uttered(self, data: Dict[str, Any]) -> None:
        self.uttered.append(data)
        self._changed.set()

    async def _on_confirm(self, session_id: str) -> None:
        self.confirmed.append(session_id)
        self._changed.set()

    async def open(self, session_id: Any = None) -> str:
        await self.socket.connect(self.url, namespaces=["/rasa"], transports=["websocket"], wait_timeout=10)
        await self.socket.emit("session_request", {"session_id": session_id}, namespace="/rasa")
        await self.until(lambda: self.confirmed)
        return self.confirmed[-1]

    async def say(self, message: str) -> None:
        content = {"message": message, "session_id": self.confirmed[-1]}
        await self.socket.emit("user_uttered", content, namespace="/rasa")

    async def until(self, condition: Any) -> None:
        async def wait() -> None:
            while not condition():
                self._changed.clear()
                await self._changed.wait()

        await asyncio.wait_for(wait(), 10)


@pytest.fixture
async def widget(gateway: Running) -> AsyncIterator[Widget]:
    opened = Widget(gateway.url)
    yield opened
    await opened.socket.disconnect()


async def test_a_widget_talks_in_rasas_words(widget: Widget, rasa: FakeRasa) -> None:
    await widget.open()
    await widget.say("你好")
    await widget.until(lambda: widget.uttered)
    assert widget.uttered == [{"text": "echo 你好"}]


async def test_a_quick_reply_is_an_opaque_button(widget: Widget, rasa: FakeRasa) -> None:
    await widget.open()
    reply = {"text": "性别？", "buttons": [{"title": "男", "payload": '/inform{"gender": "male"}'}]}
    await widget.say("reply:" + json.dumps({"replies": [reply]}))
    await widget.until(lambda: widget.uttered)
    quick = widget.uttered[0]["quick_replies"][0]
    assert quick["title"] == "男"
    assert "inform" not in quick["payload"]
    await widget.say(quick["payload"])
    await widget.until(lambda: len(widget.uttered) == 2)
    assert (rasa.turns[-1]["intent"], rasa.turns[-1]["text"]) == ("inform", "男")


async def test_a_widget_resumes_its_session_and_a_made_up_id_opens_a_new_one(gateway: Running, rasa: FakeRasa) -> None:
    first, again, stranger = (Widget(gateway.url) for _ in range(3))
    session_id = await first.open("made-up-by-the-widget")
    assert session_id != "made-up-by-the-widget"
    assert await again.open(session_id) == session_id
    await first.say("你好")
    await again.until(lambda: again.uttered)
    assert await stranger.open() != session_id
    await stranger.say("我是谁")
    await stranger.until(lambda: stranger.uttered)
    assert len({turn["conversation_id"] for turn in rasa.turns}) == 2
    for opened in (first, again, stranger):
        await opened.socket.disconnect()


async def test_refusals_are_uttered(widget: Widget) -> None:
    await widget.open()
    await widget.say("长" * 3000)
    await widget.until(lambda: widget.uttered)
    assert "最多 2000 个字" in widget.uttered[0]["text"]


async def test_an_address_cannot_open_sessions_without_end(tuned: Any, gateway: Running) -> None:
    tuned(sessions_per_hour=1)
    first, second = Widget(gateway.url), Widget(gateway.url)
    await first.open()
    await second.socket.connect(gateway.url, namespaces=["/rasa"], transports=["websocket"], wait_timeout=10)
    await second.socket.emit("session_request", {}, namespace="/rasa")
    await second.until(lambda: second.uttered)
    assert second.confirmed == []
    for opened in (first, second):
        await opened.socket.disconnect()
