"""All SQL of conversations but that of the inbox."""

from datetime import datetime
from typing import Any, List, Optional

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import NotFound
from bot.store.base import rows_changed
from bot.store.tables.conversations import Conversation, Message, Receipt, ResumeToken, Transition


class ConversationRepository:
    """Conversations, tokens, messages, receipts and transitions of one session."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def get(self, conversation_id: str, *, lock: bool = False) -> Conversation:
        """A conversation; `lock` keeps others from changing it until the transaction ends. Raises NotFound."""
        query = select(Conversation).where(Conversation.id == conversation_id)
        if lock:
            query = query.with_for_update().execution_options(populate_existing=True)
        found = (await self.session.execute(query)).scalars().first()
        if found is None:
            raise NotFound("conversation_unknown")
        return found

    async def of_customer(self, customer_id: str) -> Optional[Conversation]:
        """The one conversation of a customer, locked; None before the first."""
        query = (
            select(Conversation)
            .where(Conversation.customer_id == customer_id, Conversation.merged_into.is_(None))
            .with_for_update()
        )
        return (await self.session.execute(query)).scalars().first()

    async def change_owner(self, conversation_id: str, expected: int, **values: Any) -> bool:
        """Compare-and-set: write the values if the epoch is still the expected one; returns whether it was."""
        changed = await self.session.execute(
            update(Conversation)
            .where(Conversation.id == conversation_id, Conversation.epoch == expected)
            .values(**values)
            .execution_options(synchronize_session=False)
        )
        return rows_changed(changed) == 1

    def add(self, row: Any) -> None:
        """Add a new row."""
        self.session.add(row)

    async def token(self, digest: str) -> Optional[ResumeToken]:
        """The resume token with a digest."""
        return await self.session.get(ResumeToken, digest)

    async def move_tokens(self, source: str, target: str) -> None:
        """Let every token of one conversation open another."""
        await self.session.execute(
            update(ResumeToken).where(ResumeToken.conversation_id == source).values(conversation_id=target)
        )

    async def message(self, conversation_id: str, message_id: str) -> Optional[Message]:
        """A message of this conversation."""
        query = select(Message).where(Message.conversation_id == conversation_id, Message.id == message_id)
        return (await self.session.execute(query)).scalars().first()

    async def by_client_id(self, conversation_id: str, client_msg_id: str) -> Optional[Message]:
        """The message a client stored under an id of its own."""
        query = select(Message).where(
            Message.conversation_id == conversation_id, Message.client_msg_id == client_msg_id
        )
        return (await self.session.execute(query)).scalars().first()

    async def after(self, conversation_id: str, seq: int, limit: int) -> List[Message]:
        """The last `limit` messages with a higher seq, oldest first."""
        query = (
            select(Message)
            .where(Message.conversation_id == conversation_id, Message.seq > seq)
            .order_by(Message.seq.desc())
            .limit(limit)
        )
        return list(reversed((await self.session.execute(query)).scalars().all()))

    async def before(self, conversation_id: str, seq: Optional[int], limit: int) -> List[Message]:
        """The last `limit` messages with a lower seq (None: of all), oldest first."""
        query = select(Message).where(Message.conversation_id == conversation_id, Message.seq.is_not(None))
        if seq is not None:
            query = query.where(Message.seq < seq)
        query = query.order_by(Message.seq.desc()).limit(limit)
        return list(reversed((await self.session.execute(query)).scalars().all()))

    async def assistant_after(self, conversation_id: str, seq: int, limit: int) -> List[Message]:
        """The first `limit` messages of the assistant after a seq, oldest first."""
        query = (
            select(Message)
            .where(Message.conversation_id == conversation_id, Message.sender == "assistant", Message.seq > seq)
            .order_by(Message.seq)
            .limit(limit)
        )
        return list((await self.session.execute(query)).scalars().all())

    async def latest_with_actions(self, conversation_id: str) -> Optional[Message]:
        """The assistant's newest message that waits for the customer to do something."""
        query = (
            select(Message)
            .where(Message.conversation_id == conversation_id, Message.sender == "assistant", Message.seq.is_not(None))
            .order_by(Message.seq.desc())
            .limit(20)
        )
        recent = (await self.session.execute(query)).scalars()
        return next((message for message in recent if message.actions or message.ref), None)

    async def set_receipt(self, conversation_id: str, party: str, up_to_seq: int, at: datetime) -> bool:
        """Raise how far a party has read; returns whether it rose."""
        dialect = sqlite if self.session.get_bind().dialect.name == "sqlite" else postgresql
        insert = dialect.insert(Receipt).values(
            conversation_id=conversation_id, party=party, up_to_seq=up_to_seq, at=at
        )
        raised = await self.session.execute(
            insert.on_conflict_do_update(
                index_elements=["conversation_id", "party"],
                set_={"up_to_seq": up_to_seq, "at": at},
                where=Receipt.up_to_seq < up_to_seq,
            )
        )
        return rows_changed(raised) == 1

    async def receipts(self, conversation_id: str) -> List[Receipt]:
        """How far each party has read."""
        query = select(Receipt).where(Receipt.conversation_id == conversation_id)
        return list((await self.session.execute(query)).scalars().all())

    async def transitions(self, conversation_id: str) -> List[Transition]:
        """Every change of ownership, oldest first."""
        query = select(Transition).where(Transition.conversation_id == conversation_id).order_by(Transition.epoch)
        return list((await self.session.execute(query)).scalars().all())
