"""What happens to an inbox row: taken up, answered, failed; each in one transaction."""

from dataclasses import replace
from typing import Any, Optional

from sqlalchemy.ext.asyncio import AsyncSession

from bot import clock, metrics
from bot.conversations import inbox, outbox, ports
from bot.conversations.accept import REQUEST_HUMAN, is_current, present_step
from bot.conversations.assistant import Turn
from bot.conversations.claims import Claim
from bot.conversations.inbox import InboxRepository
from bot.conversations.replies import Draft, draft_reply, store, system_draft
from bot.conversations.repository import ConversationRepository
from bot.conversations.rules import Cause, pause_after, step_of
from bot.errors import text
from bot.settings import settings
from bot.store.tables.conversations import Conversation, InboxRow, Message


async def take_up(session: AsyncSession) -> Optional[Claim]:
    """Claim the next row that is due; a click on a button that is over by now is closed instead."""
    rows = InboxRepository(session)
    while True:
        claim = await rows.claim(settings().lease_seconds)
        if claim is None or claim.source_id is None or await _button_holds(session, claim):
            return claim
        row = await rows.held(claim)
        if row is not None:
            inbox.finish(row, inbox.EXPIRED)
            await _tell_expired(session, claim)
            await session.flush()


async def complete(session: AsyncSession, claim: Claim, turn: Turn) -> bool:
    """Store a turn's replies and close its row; returns False when another gateway has the row by now.

    Replies to a turn that began before ownership changed are stored as suppressed and not sent. Raises what the
    loader of a card raises.
    """
    conversation = await ConversationRepository(session).get(claim.conversation_id, lock=True)
    rows = InboxRepository(session)
    row = await rows.held(claim)
    if row is None:
        return False
    stale = conversation.epoch != claim.epoch
    if not stale:
        _remember(conversation, turn)
    step = step_of(turn.state.get("active_loop"), turn.state.get("requested_slot"))
    for reply in turn.replies:
        draft = await draft_reply(session, claim.conversation_id, reply)
        draft = replace(draft, reply_to=claim.message_id, step=step)
        await store(session, conversation, "assistant", draft, suppressed=stale)
    if stale:
        metrics.SUPPRESSED.inc(len(turn.replies))
    await _explain(session, claim, turn)
    inbox.finish(row, inbox.DONE)
    if await rows.has_more(row):
        outbox.wake(session)
    return True


async def fail(session: AsyncSession, claim: Claim, reason: str, *, blames_message: bool) -> None:
    """Note a failed try: the row waits for the next one, or is given up when the message itself is to blame too often.

    Whether the message is to blame: the assistant was healthy otherwise.
    """
    conversation = await ConversationRepository(session).get(claim.conversation_id, lock=True)
    row = await InboxRepository(session).held(claim)
    if row is None:
        return
    if row.state == inbox.HANDED_OVER:
        inbox.finish(row, inbox.HANDED_OVER, reason)
        return
    row.attempts += 1
    row.faults += 1 if blames_message else 0
    if row.faults >= settings().turn_faults:
        await _give_up(session, conversation, row, reason)
        return
    pause = pause_after(row.attempts, settings().retry_first_seconds, settings().retry_longest_seconds)
    inbox.postpone(row, pause, reason)
    if claim.kind != inbox.EVENT and (row.attempts > 1 or _waited(claim) >= settings().slow_seconds):
        await _say_slow(session, conversation)


async def say_slow(session: AsyncSession, claim: Claim) -> None:
    """Tell the customer, once until the next answer, that the assistant is slow."""
    conversation = await ConversationRepository(session).get(claim.conversation_id, lock=True)
    await _say_slow(session, conversation)


async def _say_slow(session: AsyncSession, conversation: Conversation) -> None:
    if conversation.slow_notified:
        return
    conversation.slow_notified = True
    title = text("ask_human")
    body = {"text": text("assistant_slow"), "buttons": [{"id": "b1", "title": title}]}
    actions = {"b1": {"title": title, "intent": REQUEST_HUMAN, "entities": {}}}
    await store(session, conversation, "system", Draft("buttons", body, actions=actions))


async def _give_up(session: AsyncSession, conversation: Conversation, row: InboxRow, reason: str) -> None:
    """Say honestly that it did not work, and hand the conversation to the desk when there is one."""
    inbox.finish(row, inbox.FAILED, reason)
    metrics.GIVEN_UP.inc()
    code = "event_given_up" if row.kind == inbox.EVENT else "message_given_up"
    draft = system_draft(code, reply_to=row.message_id, hotline=ports.current().hotline)
    await store(session, conversation, "system", draft)
    desk = ports.current().request_human
    if desk is not None:
        await desk(session, str(conversation.id), Cause.ASSISTANT_FAILED.value)
    outbox.wake(session)


def _remember(conversation: Conversation, turn: Turn) -> None:
    conversation.slots = dict(turn.state.get("slots") or {})
    conversation.active_loop = turn.state.get("active_loop")
    conversation.requested_slot = turn.state.get("requested_slot")
    conversation.slow_notified = False


async def _explain(session: AsyncSession, claim: Claim, turn: Turn) -> None:
    """Keep with the customer's message how the assistant understood it, for desk and trainer."""
    message = await session.get(Message, claim.message_id)
    if message is not None:
        message.trace, message.state, message.model_id = turn.trace, turn.state, turn.model_id


async def _button_holds(session: AsyncSession, claim: Claim) -> bool:
    source = await session.get(Message, claim.source_id)
    return source is not None and (source.sender != "assistant" or await is_current(session, source))


async def _tell_expired(session: AsyncSession, claim: Claim) -> None:
    present: Any = await present_step(session, claim.conversation_id)
    data = {"message_id": claim.source_id, "reply_to": claim.message_id, "message": text("button_expired")}
    outbox.announce(session, claim.conversation_id, "expired_button", {**data, "present": present})


def _waited(claim: Claim) -> float:
    return (clock.now() - claim.created_at).total_seconds()
