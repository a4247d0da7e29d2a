"""Turns what the assistant, the system or an agent says into stored, numbered, announced messages."""

from dataclasses import dataclass, field
from typing import Any, Dict, Optional

from sqlalchemy.ext.asyncio import AsyncSession

from bot import clock, errors, metrics
from bot.conversations import outbox, ports, wire
from bot.ids import new_id
from bot.store.tables.conversations import Conversation, Message


@dataclass(frozen=True)
class Draft:
    """A message before it has a number; `actions` is what its buttons do, `step` where the form stands after it."""

    type: str
    body: Dict[str, Any]
    ref: Optional[Dict[str, Any]] = None
    actions: Dict[str, Any] = field(default_factory=dict)
    client_msg_id: Optional[str] = None
    reply_to: Optional[str] = None
    step: Optional[str] = None
    actor: Optional[str] = None


async def draft_reply(session: AsyncSession, conversation_id: str, reply: Dict[str, Any]) -> Draft:
    """One reply of the assistant as a message; a card's body comes from the loader of its type.

    `reply` is `{text?, buttons?: [{title, payload}], custom?: {type, ref, …}}` (contract of /turns). A card without a
    loader keeps what the action put beside `type` and `ref`. Raises what the loader raises.
    """
    custom = dict(reply.get("custom") or {})
    buttons = list(reply.get("buttons") or [])
    kind = str(custom.pop("type", "") or ("buttons" if buttons else "text"))
    ref = custom.pop("ref", None)
    loader = ports.current().cards.get(kind)
    body = dict(await loader(session, conversation_id, dict(ref or {}))) if loader else custom
    if reply.get("text") and not body.get("text"):
        body["text"] = reply["text"]
    body.setdefault("text", "")
    if buttons:
        body["buttons"] = [*body.get("buttons", []), *buttons]
    shown, actions = wire.take_actions(body)
    return Draft(kind, shown, ref, actions)


def system_draft(code: str, kind: str = "text", reply_to: Optional[str] = None, **values: Any) -> Draft:
    """A sentence of data/messages.yml as a message of the system."""
    body: Dict[str, Any] = {"text": errors.text(code, **values)}
    if kind == "warning":
        body["level"] = "high"
    return Draft(kind, body, reply_to=reply_to)


async def store(
    session: AsyncSession, conversation: Conversation, sender: str, draft: Draft, *, suppressed: bool = False
) -> Message:
    """Store a message under the conversation's next seq and announce it; a suppressed one gets neither.

    The conversation's row must be locked by the caller.
    """
    if not suppressed:
        conversation.head_seq += 1
    message = Message(
        id=new_id(),
        conversation_id=conversation.id,
        seq=None if suppressed else conversation.head_seq,
        sender=sender,
        actor=draft.actor,
        type=draft.type,
        body=draft.body,
        ref=draft.ref,
        actions=draft.actions,
        step=draft.step,
        client_msg_id=draft.client_msg_id,
        reply_to=draft.reply_to,
        suppressed=suppressed,
        at=clock.now(),
    )
    session.add(message)
    metrics.MESSAGES.labels(sender, draft.type).inc()
    if not suppressed:
        outbox.announce(session, str(conversation.id), "message", await wire.render(session, message))
    return message
