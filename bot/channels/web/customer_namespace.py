"""Socket.IO namespace `/`: the customer's chat page and widget (design, section 5)."""

import asyncio
from dataclasses import dataclass, field
from typing import Any, Dict, Optional

import socketio
from socketio.exceptions import ConnectionRefusedError

from bot import metrics
from bot.channels.web.access import client_address
from bot.channels.web.limits import limiter
from bot.channels.web.refusals import refusal
from bot.conversations import service as conversations
from bot.errors import Conflict, Unauthorized
from bot.store import transaction


@dataclass
class Client:
    """One open socket: its token, its conversation, and the lock that keeps its messages in the order it sent them."""

    token: str
    conversation_id: str
    sending: asyncio.Lock = field(default_factory=asyncio.Lock)


class CustomerNamespace(socketio.AsyncNamespace):
    """hello, send, read, typing in; welcome, message, read, typing, presence, ownership, moved, expired_button out."""

    def __init__(self, namespace: str) -> None:
        super().__init__(namespace)
        self._clients: Dict[str, Client] = {}

    async def on_connect(self, sid: str, environ: Dict[str, Any], auth: Optional[Dict[str, Any]]) -> None:
        """Let in who has a resume token: `auth = {conversation_id, token}`; the token alone decides."""
        token = str(auth.get("token") or "") if isinstance(auth, dict) else ""
        try:
            await limiter().check_address(client_address(environ["sanic.request"]))
            async with transaction(read_only=True) as session:
                conversation_id = await conversations.access(session, token)
        except Exception as error:
            raise ConnectionRefusedError(refusal(error)) from error
        self._clients[sid] = Client(token, conversation_id)
        await self._join(sid, conversation_id)
        metrics.SOCKETS.inc()

    async def on_disconnect(self, sid: str) -> None:
        """Tell the others of the conversation when its last socket here is gone."""
        client = self._clients.pop(sid, None)
        if client is None:
            return
        metrics.SOCKETS.dec()
        if not any(other.conversation_id == client.conversation_id for other in self._clients.values()):
            await self._present(client.conversation_id, False, sid)

    async def on_hello(self, sid: str, data: Any = None) -> Dict[str, Any]:
        """Answer with the welcome, then replay every message after `last_seq`."""
        client = self._clients.get(sid)
        if client is None:
            return refusal(Unauthorized())
        last_seq = data.get("last_seq") if isinstance(data, dict) else 0
        try:
            async with transaction() as session:
                conversation_id = await conversations.access(session, client.token)
                welcome = await conversations.welcome(session, conversation_id)
                moved = conversation_id != client.conversation_id
                after = last_seq if isinstance(last_seq, int) and not moved else 0
                missed = await conversations.replay(session, conversation_id, after)
        except Exception as error:
            return refusal(error)
        if moved:
            await self.leave_room(sid, client.conversation_id)
            client.conversation_id = conversation_id
            await self._join(sid, conversation_id)
        self.server.start_background_task(self._replay, sid, missed)
        return welcome

    async def on_send(self, sid: str, data: Any = None) -> Dict[str, Any]:
        """Store one message of the customer; the answer is its ack or `{error, message, fields?, present?}`."""
        client = self._clients.get(sid)
        if client is None:
            return refusal(Unauthorized())
        async with client.sending:
            try:
                await limiter().check_message(client.conversation_id)
                async with transaction() as session:
                    return await conversations.accept(session, client.conversation_id, _sent(data))
            except Exception as error:
                return await self._refuse(client, error)

    async def on_read(self, sid: str, data: Any = None) -> None:
        """Note how far the customer has read."""
        up_to = data.get("up_to_seq") if isinstance(data, dict) else None
        client = self._clients.get(sid)
        if client is not None and isinstance(up_to, int) and up_to > 0:
            async with transaction() as session:
                await conversations.read_up_to(session, client.conversation_id, "customer", up_to)

    async def on_typing(self, sid: str, data: Any = None) -> None:
        """Show the others of the conversation that the customer is typing."""
        client = self._clients.get(sid)
        if client is not None:
            typing = {"on": bool(data.get("on")) if isinstance(data, dict) else False, "sender": "customer"}
            await self.emit("typing", typing, room=client.conversation_id, skip_sid=sid)

    async def _join(self, sid: str, conversation_id: str) -> None:
        await self.enter_room(sid, conversation_id)
        await self._present(conversation_id, True, sid)

    async def _present(self, conversation_id: str, online: bool, sid: str) -> None:
        presence = {"party": "customer", "online": online}
        await self.emit("presence", presence, room=conversation_id, skip_sid=sid)

    async def _replay(self, sid: str, missed: Any) -> None:
        for message in missed:
            await self.emit("message", message, to=sid)

    async def _refuse(self, client: Client, error: Exception) -> Dict[str, Any]:
        answer = refusal(error)
        if isinstance(error, Conflict) and error.code == "button_expired":
            async with transaction(read_only=True) as session:
                answer["present"] = await conversations.present_step(session, client.conversation_id)
        return answer


def _sent(data: Any) -> conversations.Sent:
    content = data if isinstance(data, dict) else {}
    return conversations.Sent(content.get("client_msg_id", ""), str(content.get("type", "")), content.get("body", {}))
