"""Changes of ownership: one compare-and-set on the epoch, one audit row, one event to everybody."""

from typing import Any, Dict, Optional

from sqlalchemy.ext.asyncio import AsyncSession

from bot import clock
from bot.conversations import outbox
from bot.conversations.inbox import InboxRepository
from bot.conversations.repository import ConversationRepository
from bot.conversations.rules import Cause, Ownership, State, move
from bot.errors import Conflict
from bot.ids import new_id
from bot.store.tables.conversations import Conversation, Transition


def ownership_of(conversation: Conversation) -> Ownership:
    """The ownership part of a conversation's row."""
    return Ownership(
        state=State(conversation.state),
        owner=conversation.owner,
        pending_transfer=conversation.pending_transfer,
        epoch=int(conversation.epoch),
        episode=int(conversation.episode),
    )


async def change_owner(
    session: AsyncSession,
    conversation_id: str,
    cause: Cause,
    *,
    actor: str,
    epoch: Optional[int] = None,
    agent: Optional[str] = None,
    detail: Optional[Dict[str, Any]] = None,
) -> Ownership:
    """Move a conversation to another owner and leave an audit row.

    `epoch` is the one on which the decision was made (None: whatever it is now); `actor` is who causes it ("customer",
    "system" or an agent id); `detail` is kept for the audit (reason, summary, slots), without personal values.
    Raises Conflict when someone else was first or the cause does not apply.
    """
    repository = ConversationRepository(session)
    before = ownership_of(await repository.get(conversation_id, lock=True))
    if epoch is not None and epoch != before.epoch:
        raise Conflict("ownership_changed")
    after = move(before, cause, agent)
    changed = await repository.change_owner(
        conversation_id,
        before.epoch,
        state=after.state.value,
        owner=after.owner,
        pending_transfer=after.pending_transfer,
        epoch=after.epoch,
        episode=after.episode,
    )
    if not changed:
        raise Conflict("ownership_changed")
    repository.add(_audit(conversation_id, before, after, cause, actor, detail or {}))
    await repository.get(conversation_id, lock=True)
    if before.state is State.BOT and after.state is not State.BOT:
        await InboxRepository(session).hand_over(conversation_id)
    _tell(session, conversation_id, after)
    return after


def _audit(
    conversation_id: str, before: Ownership, after: Ownership, cause: Cause, actor: str, detail: Dict[str, Any]
) -> Transition:
    return Transition(
        id=new_id(),
        conversation_id=conversation_id,
        from_state=before.state.value,
        to_state=after.state.value,
        cause=cause.value,
        owner_before=before.owner,
        owner_after=after.owner,
        epoch=after.epoch,
        actor=actor,
        detail=detail,
        at=clock.now(),
    )


def _tell(session: AsyncSession, conversation_id: str, after: Ownership) -> None:
    data = {"state": after.state.value, "owner": after.owner, "epoch": after.epoch}
    outbox.announce(session, conversation_id, "ownership", data)
    outbox.wake(session)
