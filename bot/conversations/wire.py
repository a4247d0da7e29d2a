"""What a client gets to see of a message: bodies without payloads, vault tokens as masks."""

import json
from typing import Any, Dict, Iterable, List, Tuple

from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversations import ports
from bot.errors import HeyuError
from bot.store import vault
from bot.store.tables.conversations import Message

# parts of a card that change after it was shown; asked of its loader again
LIVE_KEYS = ("submitted", "confirmed", "status", "expires_at", "url", "download_url")
LIVE_TYPES = frozenset({"form", "document", "cashier", "policy"})


async def render(session: AsyncSession, message: Message) -> Dict[str, Any]:
    """The wire form of a stored message (design, section 5)."""
    wire: Dict[str, Any] = {
        "message_id": message.id,
        "seq": message.seq,
        "sender": message.sender,
        "type": message.type,
        "body": await masked(session, dict(message.body)),
        "at": message.at.isoformat(),
    }
    if message.client_msg_id:
        wire["client_msg_id"] = message.client_msg_id
    if message.reply_to:
        wire["reply_to"] = message.reply_to
    return wire


async def render_all(session: AsyncSession, messages: Iterable[Message]) -> List[Dict[str, Any]]:
    """The wire forms of messages, with cards as they are now."""
    rendered = []
    for message in messages:
        await refresh(session, message)
        rendered.append(await render(session, message))
    return rendered


async def refresh(session: AsyncSession, message: Message) -> bool:
    """Bring the live parts of a card up to date in its stored body; returns whether something changed."""
    loader = ports.current().cards.get(str(message.type))
    if loader is None or message.type not in LIVE_TYPES or message.ref is None:
        return False
    try:
        body = await loader(session, str(message.conversation_id), dict(message.ref))
    except HeyuError:
        return False
    live = {key: body[key] for key in LIVE_KEYS if key in body and body[key] != message.body.get(key)}
    if live:
        message.body = {**message.body, **live}
    return bool(live)


async def masked(session: AsyncSession, body: Dict[str, Any]) -> Dict[str, Any]:
    """The body with every vault token replaced by its mask."""
    text = json.dumps(body, ensure_ascii=False)
    if not vault.TOKEN.search(text):
        return body
    return dict(json.loads(await vault.masks(session, text)))


def take_actions(body: Dict[str, Any]) -> Tuple[Dict[str, Any], Dict[str, Any]]:
    """The body with opaque ids for the buttons, and what each id does.

    A button in any `buttons` list may carry `payload` ("/intent{json}" or plain text) or `intent` and `entities`; other
    keys (such as `url`) stay. Buttons that only carry such keys get no action.
    """
    actions: Dict[str, Any] = {}
    return _walk(body, actions), actions


def parse_payload(payload: str) -> Dict[str, Any]:
    """{intent, entities} of "/intent{json}"; {text} of any other payload. Raises ValueError for malformed JSON."""
    if not payload.startswith("/"):
        return {"text": payload}
    intent, brace, rest = payload[1:].partition("{")
    entities = json.loads(brace + rest) if brace else {}
    if not isinstance(entities, dict):
        raise ValueError("the entities of a payload are an object")
    return {"intent": intent.strip(), "entities": entities}


def _walk(value: Any, actions: Dict[str, Any]) -> Any:
    if isinstance(value, list):
        return [_walk(item, actions) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        key: [_button(button, actions) for button in inner]
        if key == "buttons" and isinstance(inner, list)
        else _walk(inner, actions)
        for key, inner in value.items()
    }


def _button(button: Dict[str, Any], actions: Dict[str, Any]) -> Dict[str, Any]:
    shown = {key: value for key, value in button.items() if key not in ("payload", "intent", "entities", "id")}
    if "payload" in button:
        does = parse_payload(str(button["payload"]))
    elif "intent" in button:
        does = {"intent": button["intent"], "entities": dict(button.get("entities") or {})}
    else:
        return {**shown, "id": button.get("id")} if "id" in button else shown
    button_id = f"b{len(actions) + 1}"
    actions[button_id] = {"title": str(button["title"]), **does}
    return {"id": button_id, **shown}
