"""Use cases of conversations for channels and other features."""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Dict, List, Optional

from sqlalchemy.ext.asyncio import AsyncSession

from bot import clock
from bot.conversations import outbox, replies, wire
from bot.conversations.accept import Sent, accept, present_step, redact, refresh_cards
from bot.conversations.inbox import InboxRepository, Item
from bot.conversations.ownership import change_owner, ownership_of
from bot.conversations.repository import ConversationRepository
from bot.conversations.rules import Cause, State, survivor_is_known
from bot.errors import Conflict, Unauthorized
from bot.ids import new_id
from bot.settings import settings
from bot.store import vault
from bot.store.tables.conversations import Conversation, ResumeToken

__all__ = [
    "Cause",
    "Opened",
    "Sent",
    "State",
    "accept",
    "access",
    "attach_customer",
    "change_owner",
    "customer_of",
    "end_token",
    "history",
    "inbox_lag",
    "new_token",
    "open_conversation",
    "post_event",
    "present_step",
    "read_up_to",
    "redact",
    "replay",
    "say",
    "welcome",
]


@dataclass(frozen=True)
class Opened:
    """A conversation and the secret that opens it again."""

    conversation_id: str
    resume_token: str


async def open_conversation(session: AsyncSession, channel: str) -> Opened:
    """A new anonymous conversation that the assistant owns."""
    conversation = Conversation(
        id=new_id(),
        channel=channel,
        state=State.BOT.value,
        epoch=1,
        episode=1,
        head_seq=0,
        inbox_seq=0,
        slots={},
        slow_notified=False,
        created_at=clock.now(),
    )
    session.add(conversation)
    await session.flush()
    return Opened(str(conversation.id), await new_token(session, str(conversation.id)))


async def new_token(session: AsyncSession, conversation_id: str) -> str:
    """Another secret that opens a conversation; only its digest is kept."""
    token = secrets.token_urlsafe(32)
    now = clock.now()
    session.add(
        ResumeToken(
            digest=vault.digest(token),
            conversation_id=conversation_id,
            created_at=now,
            expires_at=now + timedelta(days=settings().resume_days),
        )
    )
    await session.flush()
    return token


async def end_token(session: AsyncSession, token: str) -> None:
    """Make a secret worthless (the customer signs off on this device)."""
    known = await ConversationRepository(session).token(vault.digest(token))
    if known is not None:
        await session.delete(known)


async def access(session: AsyncSession, token: str) -> str:
    """The id of the conversation that a token opens. Raises Unauthorized."""
    known = await ConversationRepository(session).token(vault.digest(token))
    if known is None or known.expires_at <= clock.now():
        raise Unauthorized("session_unknown")
    return str(known.conversation_id)


async def customer_of(session: AsyncSession, conversation_id: str) -> Optional[str]:
    """The customer of a conversation; None while it is anonymous. Raises NotFound."""
    return (await ConversationRepository(session).get(conversation_id)).customer_id


async def welcome(session: AsyncSession, conversation_id: str) -> Dict[str, Any]:
    """What a client learns when it says hello: `{conversation_id, state, owner, epoch, head_seq, verified, read}`."""
    repository = ConversationRepository(session)
    conversation = await repository.get(conversation_id)
    now = ownership_of(conversation)
    return {
        "conversation_id": conversation_id,
        "state": now.state.value,
        "owner": now.owner,
        "epoch": now.epoch,
        "head_seq": int(conversation.head_seq),
        "verified": conversation.customer_id is not None,
        "read": {str(row.party): int(row.up_to_seq) for row in await repository.receipts(conversation_id)},
    }


async def replay(session: AsyncSession, conversation_id: str, last_seq: int) -> List[Dict[str, Any]]:
    """The wire messages after `last_seq`, oldest first; of a long absence only the last `replay_limit`."""
    messages = await ConversationRepository(session).after(conversation_id, last_seq, settings().replay_limit)
    return await wire.render_all(session, messages)


async def history(
    session: AsyncSession, conversation_id: str, before_seq: Optional[int], limit: int
) -> List[Dict[str, Any]]:
    """A page of at most `limit` wire messages before a seq (None: the newest page), oldest first."""
    messages = await ConversationRepository(session).before(conversation_id, before_seq, limit)
    return await wire.render_all(session, messages)


async def read_up_to(session: AsyncSession, conversation_id: str, party: str, up_to_seq: int) -> None:
    """Note how far a party ("customer" or an agent id) has read; never goes back, never beyond the head."""
    repository = ConversationRepository(session)
    conversation = await repository.get(conversation_id)
    up_to = min(max(up_to_seq, 0), int(conversation.head_seq))
    if await repository.set_receipt(conversation_id, party, up_to, clock.now()):
        outbox.announce(session, conversation_id, "read", {"party": party, "up_to_seq": up_to})


async def post_event(
    session: AsyncSession,
    conversation_id: str,
    intent: str,
    entities: Dict[str, Any],
    key: str,
    events_before: Optional[List[Dict[str, Any]]] = None,
) -> None:
    """Put an event (`intent` = "EXTERNAL_…", no slash) in a conversation's inbox; a known `key` is a no-op.

    An event for a merged conversation goes to the one it was merged into; a closed one is opened again. While a human
    owns the conversation the event waits. Raises NotFound.
    """
    inbox = InboxRepository(session)
    conversation = await _live(session, conversation_id)
    if await inbox.with_key(key) is not None:
        return
    if conversation.state == State.CLOSED.value:
        await change_owner(session, str(conversation.id), Cause.EVENT_DUE, actor="system")
    item = Item(
        "event", key=key, intent=intent.lstrip("/"), entities=entities, events_before=tuple(events_before or ())
    )
    await inbox.put(conversation, item)
    await refresh_cards(session, str(conversation.id))


async def say(
    session: AsyncSession, conversation_id: str, code: str, kind: str = "text", **values: Any
) -> Dict[str, Any]:
    """Let the system say a sentence of data/messages.yml; returns the wire message. Raises NotFound."""
    conversation = await ConversationRepository(session).get(conversation_id, lock=True)
    draft = replies.system_draft(code, kind, **values)
    return await wire.render(session, await replies.store(session, conversation, "system", draft))


async def attach_customer(session: AsyncSession, conversation_id: str, customer_id: str, key: str) -> str:
    """Make the customer of a conversation known; returns the id of the conversation that goes on.

    A customer has one conversation. When they prove who they are in a second, anonymous one, the two are merged: the
    known one goes on, unless something is under way only in the anonymous one. The other is closed and kept to be read,
    and every device that could open it now opens the one that goes on. The form "verification" of the one at hand is
    reported to the assistant under `key`. Raises Conflict("other_customer") if the conversation is someone else's.
    """
    repository = ConversationRepository(session)
    mine = await _live(session, conversation_id)
    if mine.customer_id not in (None, customer_id):
        raise Conflict("other_customer")
    known = await repository.of_customer(customer_id)
    goes_on = mine
    if known is None or known.id == mine.id:
        mine.customer_id = customer_id
    elif survivor_is_known(bool(known.active_loop), bool(mine.active_loop)):
        goes_on = known
        await _merge(session, mine, known, customer_id)
    else:
        await _merge(session, known, mine, customer_id)
    await session.flush()
    if goes_on.id == mine.id:
        await post_event(session, str(mine.id), "EXTERNAL_form_submitted", {"form_id": "verification"}, key)
    outbox.announce(session, str(goes_on.id), "verified", {"conversation_id": goes_on.id})
    return str(goes_on.id)


async def inbox_lag(session: AsyncSession) -> Dict[str, float]:
    """`{depth, oldest_seconds}` of what the assistant has not answered yet."""
    inbox = InboxRepository(session)
    oldest = await inbox.oldest()
    seconds = (clock.now() - oldest).total_seconds() if oldest else 0.0
    return {"depth": float(await inbox.depth()), "oldest_seconds": max(seconds, 0.0)}


async def _live(session: AsyncSession, conversation_id: str) -> Conversation:
    """The conversation, or the one it was merged into, locked."""
    repository = ConversationRepository(session)
    conversation = await repository.get(conversation_id, lock=True)
    while conversation.merged_into is not None:
        conversation = await repository.get(str(conversation.merged_into), lock=True)
    return conversation


async def _merge(session: AsyncSession, ended: Conversation, goes_on: Conversation, customer_id: str) -> None:
    """Close one conversation in favour of another of the same customer."""
    repository = ConversationRepository(session)
    await change_owner(session, str(ended.id), Cause.MERGED, actor="system", detail={"into": goes_on.id})
    ended.merged_into = goes_on.id
    ended.customer_id = customer_id
    await session.flush()
    goes_on.customer_id = customer_id
    await session.flush()
    await repository.move_tokens(str(ended.id), str(goes_on.id))
    outbox.announce(session, str(ended.id), "moved", {"conversation_id": goes_on.id})
    await replies.store(session, goes_on, "system", replies.system_draft("resumed_elsewhere"))
