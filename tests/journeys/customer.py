"""A customer's browser that survives what happens to the servers: it reconnects, and sends again what has no ack."""

import asyncio
import contextlib
from typing import Any, Callable, Dict, List, Optional, Set

import httpx
import socketio
from socketio.exceptions import SocketIOError

from bot.ids import new_id
from tests.chat_client import ChatClient, buttons_of

PATIENCE_SECONDS = 150.0
RETRY_SECONDS = 0.25
# the server says "again": it could not store the message
AGAIN = ("unavailable", "internal")

Message = Dict[str, Any]


class Customer(ChatClient):
    """A tab that stays: whoever dies, it is connected again, and nothing it wants to say is given up.

    `seen` holds every message id per seq: more than one id for a seq means that the wire lied. `sent` are the client
    ids of what was acknowledged, in the order of sending.
    """

    def __init__(self, base_url: str) -> None:
        super().__init__(base_url)
        self.seen: Dict[int, Set[str]] = {}
        self.sent: List[str] = []
        self.resent = 0
        self._lost = asyncio.Event()
        self._connected = asyncio.Event()
        self._keeper: Optional[asyncio.Task[None]] = None

    async def open(self) -> "Customer":
        """A new conversation, connected and kept connected."""
        answer = await self.request("POST", "/api/session")
        answer.raise_for_status()
        self.conversation_id, self.token = answer.json()["conversation_id"], answer.json()["resume_token"]
        self.http.headers["Authorization"] = f"Bearer {self.token}"
        return await self.stay()

    async def stay(self) -> "Customer":
        """Connect to the conversation whose id and token are known, and stay connected."""
        self._lost.set()
        self._keeper = asyncio.get_running_loop().create_task(self._keep())
        await asyncio.wait_for(self._connected.wait(), PATIENCE_SECONDS)
        return self

    async def close(self) -> None:
        """Close the tab."""
        if self._keeper is not None:
            self._keeper.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._keeper
        await super().close()

    async def _close_socket(self) -> None:
        await super()._close_socket()
        if self._socket.eio.http is not None:
            await self._socket.eio.http.close()

    def move(self, base_url: str) -> None:
        """Go on with another gateway, as a load balancer would decide, once the connection to this one is gone."""
        self.base_url = base_url
        self.http.base_url = base_url

    async def request(self, method: str, url: str, **options: Any) -> httpx.Response:
        """An HTTP request, made again while nobody answers."""
        deadline = asyncio.get_running_loop().time() + PATIENCE_SECONDS
        while True:
            try:
                return await self.http.request(method, url, **options)
            except httpx.TransportError:
                if asyncio.get_running_loop().time() > deadline:
                    raise
                await asyncio.sleep(RETRY_SECONDS)

    async def send(self, type_: str, body: Dict[str, Any], client_msg_id: Optional[str] = None) -> Dict[str, Any]:
        """Send until there is an ack, always under the same id; returns the ack, which may be a refusal."""
        packet = {"client_msg_id": client_msg_id or new_id(), "type": type_, "body": body}
        deadline = asyncio.get_running_loop().time() + PATIENCE_SECONDS
        while asyncio.get_running_loop().time() < deadline:
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self._connected.wait(), PATIENCE_SECONDS)
            ack = await self.call("send", packet)
            if ack is not None and ack.get("error") not in AGAIN:
                self.sent += [] if "error" in ack else [packet["client_msg_id"]]
                return ack
            self.resent += 1
            await asyncio.sleep(RETRY_SECONDS)
        raise TimeoutError(f"never acknowledged: {packet}")

    async def wait_for(self, wanted: Callable[[Message], bool], seconds: float = PATIENCE_SECONDS) -> Message:
        """As ChatClient's, with the patience that a restart of rasa takes."""
        return await super().wait_for(wanted, seconds)

    async def until(self, happened: Callable[[], bool], seconds: float = PATIENCE_SECONDS) -> None:
        """Wait until something is so after a received message. Raises TimeoutError."""
        await self._until(happened, seconds)

    def said(self, sender: str) -> List[Message]:
        """The messages of one party, oldest first."""
        return [self.messages[seq] for seq in sorted(self.messages) if self.messages[seq]["sender"] == sender]

    def whole_until(self) -> int:
        """The seq up to which nothing is missing."""
        seq = 0
        while seq + 1 in self.messages:
            seq += 1
        return seq

    async def call(self, event: str, packet: Any) -> Optional[Dict[str, Any]]:
        """The ack of one event; None when the connection broke first or the server had no answer."""
        call = asyncio.ensure_future(self._socket.call(event, packet, timeout=PATIENCE_SECONDS))
        lost = asyncio.ensure_future(self._lost.wait())
        await asyncio.wait({call, lost}, return_when=asyncio.FIRST_COMPLETED)
        lost.cancel()
        if not call.done():
            call.cancel()
        with contextlib.suppress(SocketIOError, asyncio.CancelledError, ConnectionError):
            answer = await call
            return dict(answer) if isinstance(answer, dict) else None
        return None

    async def _keep(self) -> None:
        while True:
            await self._lost.wait()
            try:
                await self._connect_once()
            except (SocketIOError, ConnectionError, asyncio.TimeoutError):
                await asyncio.sleep(RETRY_SECONDS)

    async def _connect_once(self) -> None:
        await self._close_socket()
        fresh = socketio.AsyncClient(reconnection=False)
        fresh.on("message", self._received)
        fresh.on("typing", self._types)
        fresh.on("disconnect", lambda: self._broken(fresh))
        self._socket, self._typing = fresh, False
        auth = {"conversation_id": self.conversation_id, "token": self.token}
        await fresh.connect(self.base_url, auth=auth, transports=["websocket"], wait_timeout=20)
        self._lost.clear()
        welcome = await self.call("hello", {"last_seq": self.whole_until()})
        if welcome is None or "error" in welcome:
            self._lost.set()
            raise ConnectionError(f"no welcome: {welcome}")
        self._connected.set()

    def _broken(self, socket: socketio.AsyncClient) -> None:
        if socket is self._socket:
            self._connected.clear()
            self._lost.set()

    async def _received(self, message: Message) -> None:
        self.seen.setdefault(message["seq"], set()).add(message["message_id"])
        await super()._received(message)


def has_button(message: Message, title: str) -> bool:
    """Whether a message has a button of that title."""
    return any(title in button["title"] for button in buttons_of(message["body"]))
