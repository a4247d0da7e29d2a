"""The inbox: per conversation one ordered row of things that may move the dialogue, one of them leased at a time.

A row is claimed with a lease, renewed while the assistant works on it. A gateway that dies lets its lease run out and
another takes the row up; the assistant recognises the message id and returns the same replies.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Dict, Mapping, Optional, Sequence

from sqlalchemy import and_, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from bot import clock
from bot.conversations import outbox, ports
from bot.conversations.claims import Claim
from bot.conversations.rules import State
from bot.ids import new_id
from bot.settings import settings
from bot.store.base import rows_changed
from bot.store.tables.conversations import Conversation, InboxRow, Message

PENDING, DONE, FAILED, EXPIRED, HANDED_OVER = "pending", "done", "failed", "expired", "handed_over"
EVENT = "event"
FROM_CUSTOMER = ("text", "button")


@dataclass(frozen=True)
class Item:
    """What is to be put into the inbox: a customer's message, a click (`source_id`: whose button), or an event.

    `text` is that of the customer's message, which is stored there and not in the row.
    """

    kind: str
    message_id: Optional[str] = None
    text: Optional[str] = None
    source_id: Optional[str] = None
    key: Optional[str] = None
    intent: Optional[str] = None
    entities: Mapping[str, Any] = field(default_factory=dict)
    events_before: Sequence[Dict[str, Any]] = ()


class InboxRepository:
    """The inbox rows of one session."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def put(self, conversation: Conversation, item: Item) -> InboxRow:
        """Append a row; the conversation's row must be locked by the caller. An event gets an id of its own.

        Where nothing is before it and this process has room, the row is leased at once and started on after the commit.
        """
        worker = ports.current().worker
        at_once = worker is not None and worker.has_room() and await self._is_idle(conversation)
        now = clock.now()
        conversation.inbox_seq += 1
        row = InboxRow(
            id=new_id(),
            conversation_id=conversation.id,
            seq=conversation.inbox_seq,
            kind=item.kind,
            message_id=item.message_id or new_id(),
            source_id=item.source_id,
            key=item.key,
            intent=item.intent,
            entities=dict(item.entities),
            events_before=list(item.events_before),
            state=PENDING,
            attempts=0,
            faults=0,
            due_at=now,
            created_at=now,
        )
        self.session.add(row)
        if worker is not None and at_once:
            _lease(row, settings().lease_seconds)
            claim = _claimed(row, conversation, item.text)
            outbox.after_commit(self.session, lambda: worker.take(claim))
        else:
            outbox.wake(self.session)
        return row

    async def with_key(self, key: str) -> Optional[InboxRow]:
        """The row stored under a key."""
        return (await self.session.execute(select(InboxRow).where(InboxRow.key == key))).scalars().first()

    async def waiting_click(self, conversation_id: str, source_id: str) -> Optional[InboxRow]:
        """A click on a message's buttons that has not been dealt with yet."""
        query = select(InboxRow).where(
            InboxRow.conversation_id == conversation_id, InboxRow.source_id == source_id, InboxRow.state == PENDING
        )
        return (await self.session.execute(query)).scalars().first()

    async def claim(self, seconds: float) -> Optional[Claim]:
        """Lease the oldest row that is due; None when there is none.

        Only the head of each conversation's inbox can be due, and only while the assistant owns the conversation.
        """
        found = (await self.session.execute(_due(clock.now()))).first()
        if found is None:
            return None
        row, conversation, message = found
        if row.kind == EVENT:
            # a human may have taken over since the query began; a customer's row would not be pending any more
            await self.session.refresh(conversation)
            if conversation.state != State.BOT.value:
                return None
        _lease(row, seconds)
        return _claimed(row, conversation, str(message.body["text"]) if message else None)

    async def renew(self, claim: Claim, seconds: float) -> bool:
        """Prolong a lease; returns False when another gateway has the row by now."""
        renewed = await self.session.execute(
            update(InboxRow)
            .where(InboxRow.id == claim.row_id, InboxRow.lease == claim.lease)
            .values(lease_until=clock.now() + timedelta(seconds=seconds))
            .execution_options(synchronize_session=False)
        )
        return rows_changed(renewed) == 1

    async def held(self, claim: Claim) -> Optional[InboxRow]:
        """The claimed row, locked; None when another gateway has it by now or it is over."""
        query = (
            select(InboxRow)
            .where(InboxRow.id == claim.row_id, InboxRow.lease == claim.lease)
            .where(InboxRow.state.in_((PENDING, HANDED_OVER)))
            .with_for_update()
        )
        return (await self.session.execute(query)).scalars().first()

    async def _is_idle(self, conversation: Conversation) -> bool:
        """Whether the assistant owns the conversation and has nothing to do in it."""
        waiting = select(InboxRow.id).where(InboxRow.conversation_id == conversation.id, InboxRow.state == PENDING)
        return conversation.state == State.BOT.value and (await self.session.execute(waiting.limit(1))).first() is None

    async def has_more(self, row: InboxRow) -> bool:
        """Whether something waits behind a row."""
        query = select(InboxRow.id).where(
            InboxRow.conversation_id == row.conversation_id, InboxRow.state == PENDING, InboxRow.seq > row.seq
        )
        return (await self.session.execute(query.limit(1))).first() is not None

    async def hand_over(self, conversation_id: str) -> None:
        """What the customer said and the assistant has not answered yet is now the desk's."""
        await self.session.execute(
            update(InboxRow)
            .where(InboxRow.conversation_id == conversation_id, InboxRow.state == PENDING)
            .where(InboxRow.kind.in_(FROM_CUSTOMER))
            .values(state=HANDED_OVER, done_at=clock.now())
            .execution_options(synchronize_session="fetch")
        )

    async def depth(self) -> int:
        """How many rows wait, over all conversations."""
        query = select(func.count()).select_from(InboxRow).where(InboxRow.state == PENDING)
        return int((await self.session.execute(query)).scalar_one())

    async def oldest(self) -> Optional[datetime]:
        """Since when the longest waiting row that the assistant could take up has been waiting."""
        query = (
            select(func.min(InboxRow.created_at))
            .join(Conversation, Conversation.id == InboxRow.conversation_id)
            .where(InboxRow.state == PENDING, Conversation.state == State.BOT.value)
        )
        return (await self.session.execute(query)).scalar_one()


def finish(row: InboxRow, state: str, error: Optional[str] = None) -> None:
    """Close a row, so that the next one of its conversation can go on."""
    row.state = state
    row.error = error
    row.lease = None
    row.lease_until = None
    row.done_at = clock.now()


def postpone(row: InboxRow, seconds: float, error: str) -> None:
    """Let a row wait for its next try."""
    row.error = error
    row.lease = None
    row.lease_until = None
    row.due_at = clock.now() + timedelta(seconds=seconds)


def _lease(row: InboxRow, seconds: float) -> None:
    row.lease = new_id()
    row.lease_until = clock.now() + timedelta(seconds=seconds)


def _claimed(row: InboxRow, conversation: Conversation, text: Optional[str]) -> Claim:
    return Claim(
        row_id=row.id,
        lease=str(row.lease),
        conversation_id=row.conversation_id,
        epoch=conversation.epoch,
        kind=row.kind,
        message_id=row.message_id,
        source_id=row.source_id,
        text=text,
        intent=row.intent,
        entities=dict(row.entities),
        events_before=list(row.events_before),
        created_at=row.created_at,
    )


def _due(now: datetime) -> Any:
    earlier = aliased(InboxRow)
    is_head = ~exists().where(
        and_(
            earlier.conversation_id == InboxRow.conversation_id,
            earlier.state == PENDING,
            earlier.seq < InboxRow.seq,
        )
    )
    return (
        select(InboxRow, Conversation, Message)
        .join(Conversation, Conversation.id == InboxRow.conversation_id)
        .outerjoin(Message, Message.id == InboxRow.message_id)
        .where(InboxRow.state == PENDING, InboxRow.due_at <= now, Conversation.state == State.BOT.value)
        .where(or_(InboxRow.lease_until.is_(None), InboxRow.lease_until < now))
        .where(is_head)
        .order_by(InboxRow.due_at, InboxRow.id)
        .limit(1)
        .with_for_update(of=InboxRow, skip_locked=True)
        .execution_options(populate_existing=True)
    )
