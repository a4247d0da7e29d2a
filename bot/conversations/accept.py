"""Takes what a customer sends: cleaned, redacted, stored under the next seq, put in the inbox, acknowledged."""

from dataclasses import dataclass
from typing import Any, Dict, List, Optional, Tuple

from sqlalchemy.ext.asyncio import AsyncSession

from bot import clock, errors, privacy
from bot.conversations import outbox, ports, wire
from bot.conversations.inbox import InboxRepository, Item
from bot.conversations.ownership import change_owner
from bot.conversations.replies import Draft, store, system_draft
from bot.conversations.repository import ConversationRepository
from bot.conversations.rules import Cause, State
from bot.errors import Conflict, Invalid, NotFound
from bot.settings import settings
from bot.store import vault
from bot.store.tables.conversations import Conversation, Message

CLIENT_ID_LIMIT = 64
REQUEST_HUMAN = "request_human"
# a button does not outlive this many later remarks of the assistant
REMARKS = 30


@dataclass(frozen=True)
class Sent:
    """What a client wants to say: the id it made, the type of design section 5, the body."""

    client_msg_id: str
    type: str
    body: Dict[str, Any]


async def accept(session: AsyncSession, conversation_id: str, sent: Sent) -> Dict[str, Any]:
    """Store a customer's message and return its ack `{message_id, seq, at}`; a resend gets the same ack.

    Raises Invalid (what the form's handler or the size rule says), Conflict("button_expired" | "conversation_moved"),
    NotFound for a conversation, message or button that does not exist.
    """
    _check(sent)
    repository = ConversationRepository(session)
    conversation = await repository.get(conversation_id, lock=True)
    if conversation.merged_into is not None:
        raise Conflict("conversation_moved")
    known = await repository.by_client_id(conversation_id, sent.client_msg_id)
    if known is None:
        await _reopen(session, conversation)
        known = await _TYPES[sent.type](session, conversation, sent)
        conversation.last_customer_at = clock.now()
    return {"message_id": known.id, "seq": known.seq, "at": known.at.isoformat()}


def _check(sent: Sent) -> None:
    if not isinstance(sent.client_msg_id, str) or not 1 <= len(sent.client_msg_id) <= CLIENT_ID_LIMIT:
        raise Invalid("client_msg_id_invalid")
    if sent.type not in _TYPES:
        raise Invalid("message_type_unknown")
    if not isinstance(sent.body, dict):
        raise Invalid("invalid")


async def _reopen(session: AsyncSession, conversation: Conversation) -> None:
    if conversation.state in (State.CLOSED.value, State.WRAPUP.value):
        await change_owner(session, str(conversation.id), Cause.WRITES_AGAIN, actor="customer")


async def _accept_text(session: AsyncSession, conversation: Conversation, sent: Sent) -> Message:
    text = sent.body.get("text")
    if not isinstance(text, str) or not privacy.clean(text):
        raise Invalid("text_empty")
    limit = settings().text_limit
    if len(text) > limit:
        raise Invalid("text_too_long", limit=limit)
    redacted, has_secret = await redact(session, conversation, privacy.clean(text))
    message = await _keep(session, conversation, sent, {"text": redacted})
    if has_secret:
        await store(session, conversation, "system", system_draft("secret_dropped", "warning"))
    if redacted.replace(privacy.DROPPED, "").strip():
        await _to_assistant(session, conversation, Item("text", message.id, redacted))
    return message


async def redact(session: AsyncSession, conversation: Conversation, text: str) -> Tuple[str, bool]:
    """The text as it may be stored, and whether a secret was dropped from it (design, section 6)."""
    if await _is_live_code(session, conversation, text):
        return privacy.DROPPED, True
    findings = privacy.find(text, clock.today())
    sealed = await _seal_answer(session, conversation, text, findings)
    if sealed is not None:
        return sealed, False
    tokens = {
        finding: await vault.seal(session, finding.kind, finding.value, str(conversation.id))
        for finding in findings
        if not finding.secret
    }
    return privacy.replace(text, findings, tokens), any(finding.secret for finding in findings)


async def _seal_answer(
    session: AsyncSession, conversation: Conversation, text: str, findings: List[privacy.Finding]
) -> Optional[str]:
    """The text with the name or address that was asked for sealed; None when it is no such answer."""
    kind = settings().vault_slots.get(str(conversation.requested_slot or ""))
    span = privacy.sealed_answer(text, kind) if kind else None
    if kind is None or span is None or any(finding.secret for finding in findings):
        return None
    start, end = span
    if any(finding.start <= start and end <= finding.end for finding in findings):
        return None
    return text[:start] + await vault.seal(session, kind, text[start:end], str(conversation.id)) + text[end:]


async def _is_live_code(session: AsyncSession, conversation: Conversation, text: str) -> bool:
    check = ports.current().is_live_code
    digits = "".join(c for c in text if c.isdigit())
    return check is not None and len(digits) == 6 and await check(session, str(conversation.id), digits)


async def _accept_button(session: AsyncSession, conversation: Conversation, sent: Sent) -> Message:
    repository = ConversationRepository(session)
    source = await repository.message(str(conversation.id), str(sent.body.get("message_id", "")))
    action = (source.actions if source else {}).get(str(sent.body.get("button_id", "")))
    if source is None or action is None:
        raise NotFound("button_unknown")
    if source.sender == "assistant" and not await is_current(session, source):
        raise Conflict("button_expired")
    twice = await _same_click(session, conversation, source, str(sent.body["button_id"]))
    if twice is not None:
        return twice
    # a button without an intent says its payload in the customer's name
    body = {
        "text": action.get("text", action["title"]),
        "message_id": source.id,
        "button_id": str(sent.body["button_id"]),
    }
    message = await _keep(session, conversation, sent, body)
    if source.sender == "system" and action.get("intent") == REQUEST_HUMAN:
        await request_human(session, conversation, "customer")
    else:
        kind = "button" if "intent" in action else "text"
        entities = dict(action.get("entities") or {})
        item = Item(kind, message.id, body["text"], source_id=source.id, intent=action.get("intent"), entities=entities)
        await _to_assistant(session, conversation, item)
    return message


async def is_current(session: AsyncSession, source: Message) -> bool:
    """Whether the buttons of an assistant's message still belong to the present step.

    They are over once a later turn asked for something else (carries buttons or a card) or moved the form on. A later
    plain remark that leaves the form where it was does not end them, unless there were very many.
    """
    repository = ConversationRepository(session)
    later = await repository.assistant_after(source.conversation_id, source.seq or 0, REMARKS + 1)
    other_turns = [message for message in later if message.reply_to != source.reply_to]
    moved_on = any(message.actions or message.ref or message.step != source.step for message in other_turns)
    return not moved_on and len(later) <= REMARKS


async def present_step(session: AsyncSession, conversation_id: str) -> Optional[Dict[str, Any]]:
    """The message that asks for what the conversation waits for now, to be shown again; None if nothing does."""
    message = await ConversationRepository(session).latest_with_actions(conversation_id)
    return await wire.render(session, message) if message and await is_current(session, message) else None


async def _same_click(
    session: AsyncSession, conversation: Conversation, source: Message, button_id: str
) -> Optional[Message]:
    waiting = await InboxRepository(session).waiting_click(str(conversation.id), str(source.id))
    if waiting is None:
        return None
    first = await session.get(Message, waiting.message_id)
    return first if first is not None and first.body.get("button_id") == button_id else None


async def _accept_form(session: AsyncSession, conversation: Conversation, sent: Sent) -> Message:
    form_id, values = str(sent.body.get("form_id", "")), sent.body.get("values")
    handler = ports.current().forms.get(form_id)
    if handler is None or not isinstance(values, dict):
        raise Invalid("form_unknown")
    entities = await handler(session, str(conversation.id), values)
    title = await _shown_title(session, conversation, "form", "form_id", form_id)
    body = {"form_id": form_id, "text": errors.text("form_submitted", title=title)}
    message = await _keep(session, conversation, sent, body)
    await refresh_cards(session, str(conversation.id))
    key = f"form:{message.id}"
    await _event(session, conversation, "EXTERNAL_form_submitted", {"form_id": form_id, **entities}, key)
    return message


async def _accept_document(session: AsyncSession, conversation: Conversation, sent: Sent) -> Message:
    document_id = str(sent.body.get("document_id", ""))
    handler = ports.current().document
    if handler is None or not document_id:
        raise Invalid("document_unknown")
    entities = await handler(session, str(conversation.id), document_id)
    title = await _shown_title(session, conversation, "document", "document_id", document_id)
    body = {"document_id": document_id, "text": errors.text("document_confirmed", title=title)}
    message = await _keep(session, conversation, sent, body)
    await refresh_cards(session, str(conversation.id))
    key = f"document:{message.id}"
    event = {"document_id": document_id, **entities}
    await _event(session, conversation, "EXTERNAL_document_confirmed", event, key)
    return message


_TYPES = {
    "text": _accept_text,
    "button": _accept_button,
    "form": _accept_form,
    "document_confirm": _accept_document,
}


async def request_human(session: AsyncSession, conversation: Conversation, reason: str) -> None:
    """Ask for a person without the assistant: into the desk's queue, or the hotline when there is no desk."""
    desk = ports.current().request_human
    if desk is None or not await desk(session, str(conversation.id), reason):
        draft = system_draft("human_by_phone", hotline=ports.current().hotline)
        await store(session, conversation, "system", draft)


async def refresh_cards(session: AsyncSession, conversation_id: str) -> None:
    """Announce again the recent cards whose state has changed (submitted, confirmed, paid)."""
    for message in await ConversationRepository(session).before(conversation_id, None, 20):
        if await wire.refresh(session, message):
            await session.flush()
            outbox.announce(session, conversation_id, "message", await wire.render(session, message))


async def _shown_title(session: AsyncSession, conversation: Conversation, kind: str, key: str, value: str) -> str:
    recent = await ConversationRepository(session).before(str(conversation.id), None, 50)
    titles = (str(m.body["title"]) for m in reversed(recent) if m.type == kind and m.body.get(key) == value)
    return next(titles, errors.text("the_form"))


async def _keep(session: AsyncSession, conversation: Conversation, sent: Sent, body: Dict[str, Any]) -> Message:
    draft = Draft(sent.type, body, client_msg_id=sent.client_msg_id)
    return await store(session, conversation, "customer", draft)


async def _to_assistant(session: AsyncSession, conversation: Conversation, item: Item) -> None:
    """Into the inbox if the assistant owns the conversation; else the desk reads it in the log."""
    if conversation.state == State.BOT.value:
        await InboxRepository(session).put(conversation, item)


async def _event(
    session: AsyncSession, conversation: Conversation, intent: str, entities: Dict[str, Any], key: str
) -> None:
    await InboxRepository(session).put(conversation, Item("event", key=key, intent=intent, entities=entities))
