"""A customer's browser for tests: opens a session, talks Socket.IO, keeps what it receives by seq."""

import asyncio
from typing import Any, Callable, Dict, List, Optional

import httpx
import socketio

from bot.ids import new_id

PATIENCE = 15.0


class Customer:
    def __init__(self, url: str) -> None:
        self.url = url
        self.messages: Dict[int, Dict[str, Any]] = {}
        self.events: List[Dict[str, Any]] = []
        self.conversation_id = ""
        self.token = ""
        self._changed = asyncio.Event()
        self.socket = self._make_socket()

    def _make_socket(self) -> socketio.AsyncClient:
        client = socketio.AsyncClient(reconnection=False)
        client.on("message", self._on_message)
        for name in ("typing", "presence", "read", "ownership", "moved", "expired_button", "verified"):
            client.on(name, self._recorder(name))
        return client

    def _recorder(self, name: str) -> Callable[[Any], Any]:
        async def record(data: Any) -> None:
            self.events.append({"event": name, **data})
            self._changed.set()

        return record

    async def _on_message(self, data: Dict[str, Any]) -> None:
        self.messages[data["seq"]] = data
        self._changed.set()

    async def open(self) -> "Customer":
        async with httpx.AsyncClient(base_url=self.url) as http:
            response = await http.post("/api/session")
        assert response.status_code == 201, response.text
        self.conversation_id = response.json()["conversation_id"]
        self.token = response.json()["resume_token"]
        await self.connect()
        return self

    async def connect(self, url: Optional[str] = None) -> Dict[str, Any]:
        self.url = url or self.url
        self.socket = self._make_socket()
        auth = {"conversation_id": self.conversation_id, "token": self.token}
        await self.socket.connect(self.url, auth=auth, transports=["websocket"], wait_timeout=PATIENCE)
        return await self.hello()

    async def hello(self, last_seq: Optional[int] = None) -> Dict[str, Any]:
        known = max(self.messages, default=0) if last_seq is None else last_seq
        return await self.socket.call("hello", {"last_seq": known}, timeout=PATIENCE)

    async def send(self, type_: str, body: Dict[str, Any], client_msg_id: Optional[str] = None) -> Dict[str, Any]:
        data = {"client_msg_id": client_msg_id or new_id(), "type": type_, "body": body}
        return await self.socket.call("send", data, timeout=PATIENCE)

    async def say(self, text: str, client_msg_id: Optional[str] = None) -> Dict[str, Any]:
        return await self.send("text", {"text": text}, client_msg_id)

    async def click(self, message: Dict[str, Any], button_id: str = "b1") -> Dict[str, Any]:
        return await self.send("button", {"message_id": message["message_id"], "button_id": button_id})

    async def until(self, condition: Callable[["Customer"], Any], patience: float = PATIENCE) -> Any:
        """Wait for a condition on what has been received; returns its truthy value."""

        async def wait() -> Any:
            while True:
                self._changed.clear()
                value = condition(self)
                if value:
                    return value
                await self._changed.wait()

        return await asyncio.wait_for(wait(), patience)

    async def reply(self, text: str, patience: float = PATIENCE) -> Dict[str, Any]:
        """Wait for a message of anybody else that contains a text."""

        def found(customer: "Customer") -> Any:
            others = (m for m in customer.log() if m["sender"] != "customer")
            return next((m for m in others if text in m["body"]["text"]), None)

        return await self.until(found, patience)

    def log(self, sender: Optional[str] = None) -> List[Dict[str, Any]]:
        return [m for _, m in sorted(self.messages.items()) if sender in (None, m["sender"])]

    def texts(self, sender: Optional[str] = None) -> List[str]:
        return [m["body"]["text"] for m in self.log(sender)]

    async def close(self) -> None:
        await self.socket.disconnect()
