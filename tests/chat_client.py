"""A customer's client for tests: opens a session, connects, speaks, clicks, and waits for what comes back."""

import asyncio
from typing import Any, Callable, Dict, List, Optional

import httpx
import socketio

from bot.ids import new_id

ANSWER_SECONDS = 30


class ChatClient:
    """One browser tab, as far as the wire goes. `messages` holds what was received, by seq."""

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url
        self.http = httpx.AsyncClient(base_url=base_url, timeout=ANSWER_SECONDS, trust_env=False)
        self.messages: Dict[int, Dict[str, Any]] = {}
        self.conversation_id = ""
        self.token = ""
        self._socket = socketio.AsyncClient(reconnection=False)
        self._changed = asyncio.Event()
        self._typing = False

    async def open(self) -> "ChatClient":
        """A new conversation, connected."""
        answer = await self.http.post("/api/session")
        answer.raise_for_status()
        return await self.resume(**answer.json())

    async def resume(self, conversation_id: str, resume_token: str, **_: Any) -> "ChatClient":
        """Connect to a conversation and catch up from `last_seq` 0."""
        self.conversation_id, self.token = conversation_id, resume_token
        self.http.headers["Authorization"] = f"Bearer {resume_token}"
        await self.connect()
        return self

    async def connect(self) -> Dict[str, Any]:
        """Connect, or connect again after a break; returns the welcome."""
        await self._close_socket()
        self._socket = socketio.AsyncClient(reconnection=False)
        self._typing = False
        self._socket.on("message", self._received)
        self._socket.on("typing", self._types)
        auth = {"conversation_id": self.conversation_id, "token": self.token}
        await self._socket.connect(self.base_url, auth=auth, transports=["websocket"])
        return dict(await self._socket.call("hello", {"last_seq": max(self.messages, default=0)}))

    async def close(self) -> None:
        """Close the tab."""
        await self._close_socket()
        await self.http.aclose()

    async def send(self, type_: str, body: Dict[str, Any], client_msg_id: Optional[str] = None) -> Dict[str, Any]:
        """Send a message of any type; returns the ack."""
        packet = {"client_msg_id": client_msg_id or new_id(), "type": type_, "body": body}
        return dict(await self._socket.call("send", packet, timeout=ANSWER_SECONDS))

    async def say(self, text: str) -> List[Dict[str, Any]]:
        """Send a text and wait for the answers to it."""
        return await self.answers_to(await self.send("text", {"text": text}))

    async def click(self, title: str) -> List[Dict[str, Any]]:
        """Click the newest button whose title contains `title`, and wait for the answers."""
        message, button = self.button(title)
        ack = await self.send("button", {"message_id": message["message_id"], "button_id": button["id"]})
        return await self.answers_to(ack)

    def button(self, title: str) -> tuple[Dict[str, Any], Dict[str, Any]]:
        """The newest message with a button of that title, and the button. Raises LookupError."""
        for seq in sorted(self.messages, reverse=True):
            for button in buttons_of(self.messages[seq]["body"]):
                if title in button["title"]:
                    return self.messages[seq], button
        raise LookupError(f"no button {title!r}; last: {self.texts()[-3:]}")

    async def answers_to(self, ack: Dict[str, Any]) -> List[Dict[str, Any]]:
        """Wait for the messages that answer an acknowledged one, oldest first."""
        if "error" in ack:
            raise AssertionError(ack)
        await self.wait_for(lambda message: message.get("reply_to") == ack["message_id"])
        await self._until(lambda: not self._typing, ANSWER_SECONDS)
        found = (message for message in self.messages.values() if message.get("reply_to") == ack["message_id"])
        return sorted(found, key=lambda message: int(message["seq"]))

    async def wait_for(
        self, wanted: Callable[[Dict[str, Any]], bool], seconds: float = ANSWER_SECONDS
    ) -> Dict[str, Any]:
        """The first message, received or to come, that is wanted. Raises TimeoutError with the last texts."""

        found: List[Dict[str, Any]] = []

        def received() -> bool:
            found[:] = [self.messages[seq] for seq in sorted(self.messages) if wanted(self.messages[seq])][:1]
            return bool(found)

        await self._until(received, seconds)
        return found[0]

    def texts(self) -> List[str]:
        """The plain text of everything received, oldest first, with who said it."""
        return [f"{m['sender']}: {m['body'].get('text')}" for _, m in sorted(self.messages.items())]

    async def _until(self, happened: Callable[[], bool], seconds: float) -> None:
        async def wait() -> None:
            while not happened():
                self._changed.clear()
                await self._changed.wait()

        try:
            await asyncio.wait_for(wait(), seconds)
        except asyncio.TimeoutError:
            raise TimeoutError(f"not received; last: {self.texts()[-4:]}") from None

    async def _types(self, event: Dict[str, Any]) -> None:
        self._typing = bool(event["on"])
        self._changed.set()

    async def _received(self, message: Dict[str, Any]) -> None:
        self.messages[message["seq"]] = message
        self._changed.set()

    async def _close_socket(self) -> None:
        if self._socket.connected:
            await self._socket.disconnect()


def buttons_of(body: Any) -> List[Dict[str, Any]]:
    """All buttons anywhere in the body of a message."""
    if isinstance(body, list):
        return [button for item in body for button in buttons_of(item)]
    if not isinstance(body, dict):
        return []
    own = [button for button in body.get("buttons") or [] if "id" in button]
    return own + [button for key, value in body.items() if key != "buttons" for button in buttons_of(value)]
