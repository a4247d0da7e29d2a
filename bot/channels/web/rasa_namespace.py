"""Socket.IO namespace `/rasa`: Rasa's own vocabulary, so that existing Rasa chat widgets work unchanged.

session_request → session_confirm (the session id is our resume token), user_uttered → bot_uttered. The payload of a
quick reply is our opaque button id, sent back by the widget as the message.
"""

import asyncio
from dataclasses import dataclass, field
from typing import Any, Dict, List, Optional

import socketio

from bot.channels.web.access import client_address
from bot.channels.web.limits import limiter
from bot.channels.web.refusals import refusal
from bot.conversations import service as conversations
from bot.errors import Unauthorized
from bot.ids import new_id
from bot.store import transaction

BUTTON = "button:"


@dataclass
class Widget:
    """One open widget and the lock that keeps its messages in order."""

    address: str
    conversation_id: Optional[str] = None
    sending: asyncio.Lock = field(default_factory=asyncio.Lock)


class RasaNamespace(socketio.AsyncNamespace):
    """Speaks to widgets made for Rasa's `socketio` channel."""

    def __init__(self, namespace: str) -> None:
        super().__init__(namespace)
        self._widgets: Dict[str, Widget] = {}

    async def on_connect(self, sid: str, environ: Dict[str, Any], auth: Any = None) -> None:
        """Anyone may connect; a session is asked for with `session_request`."""
        self._widgets[sid] = Widget(client_address(environ["sanic.request"]))

    async def on_disconnect(self, sid: str) -> None:
        """Forget the widget."""
        self._widgets.pop(sid, None)

    async def on_session_request(self, sid: str, data: Any = None) -> None:
        """Resume the session whose id the widget kept, or open a new one."""
        widget = self._widgets.get(sid)
        if widget is None:
            return
        wanted = data.get("session_id") if isinstance(data, dict) else None
        async with widget.sending:
            try:
                token = await self._open(sid, widget, str(wanted or ""))
                await self.emit("session_confirm", token, to=sid)
            except Exception as error:
                await self.emit("bot_uttered", {"text": refusal(error)["message"]}, to=sid)

    async def on_user_uttered(self, sid: str, data: Any = None) -> None:
        """Store what the customer said or clicked; refusals are uttered."""
        content = data if isinstance(data, dict) else {}
        widget = self._widgets.get(sid)
        if widget is None:
            return
        async with widget.sending:
            try:
                if widget.conversation_id is None:
                    await self._open(sid, widget, str(content.get("session_id") or ""))
                await limiter().check_message(str(widget.conversation_id))
                async with transaction() as session:
                    await conversations.accept(session, str(widget.conversation_id), _sent(content))
            except Exception as error:
                await self.emit("bot_uttered", {"text": refusal(error)["message"]}, to=sid)

    async def pass_on(self, conversation_id: str, event: str, data: Dict[str, Any]) -> None:
        """Utter a message that is not the customer's own to the widgets of a conversation."""
        if event == "message" and data["sender"] != "customer":
            await self.emit("bot_uttered", uttered(data), room=conversation_id)

    async def _open(self, sid: str, widget: Widget, token: str) -> str:
        try:
            async with transaction(read_only=True) as session:
                widget.conversation_id = await conversations.access(session, token)
        except Unauthorized:
            await limiter().check_new_session(widget.address)
            async with transaction() as session:
                opened = await conversations.open_conversation(session, "rasa")
            widget.conversation_id, token = opened.conversation_id, opened.resume_token
        await self.enter_room(sid, widget.conversation_id)
        return token


def uttered(message: Dict[str, Any]) -> Dict[str, Any]:
    """A wire message in Rasa's words: `{text, quick_replies?: [{content_type, title, payload}]}`."""
    body = message["body"]
    replies = [
        {"content_type": "text", "title": button["title"], "payload": f"{BUTTON}{message['message_id']}:{button['id']}"}
        for button in _buttons(body)
    ]
    return {"text": body["text"], **({"quick_replies": replies} if replies else {})}


def _buttons(value: Any) -> List[Dict[str, Any]]:
    """All buttons of a body, wherever they are."""
    if isinstance(value, list):
        return [button for item in value for button in _buttons(item)]
    if not isinstance(value, dict):
        return []
    own = [button for button in value.get("buttons", []) if button.get("id")]
    return own + [button for key, inner in value.items() if key != "buttons" for button in _buttons(inner)]


def _sent(content: Dict[str, Any]) -> conversations.Sent:
    client_msg_id = str(content.get("message_id") or new_id())
    said = str(content.get("message") or "")
    message_id, colon, button_id = said[len(BUTTON) :].partition(":")
    if said.startswith(BUTTON) and colon:
        return conversations.Sent(client_msg_id, "button", {"message_id": message_id, "button_id": button_id})
    return conversations.Sent(client_msg_id, "text", {"text": said})
