"""Tables of conversations: who owns them, their messages, the receipts, and the inbox that feeds the assistant."""

from datetime import datetime
from typing import Any, Optional

from sqlalchemy import Boolean, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped

from bot.store.base import Base, Id, Json, UtcDateTime, column


class Conversation(Base):
    """One customer's talk with the insurer; lives on through many episodes."""

    __tablename__ = "conversations"

    id: Mapped[str] = column(Id, primary_key=True)
    channel: Mapped[str] = column(String(20), nullable=False)
    customer_id: Mapped[Optional[str]] = column(Id, nullable=True)
    merged_into: Mapped[Optional[str]] = column(Id, nullable=True, index=True)
    # ownership: see bot/conversations/rules.py
    state: Mapped[str] = column(String(10), nullable=False)
    owner: Mapped[Optional[str]] = column(String(60), nullable=True)
    pending_transfer: Mapped[Optional[str]] = column(String(60), nullable=True)
    epoch: Mapped[int] = column(Integer, nullable=False)
    episode: Mapped[int] = column(Integer, nullable=False)
    # the last numbers given out
    head_seq: Mapped[int] = column(Integer, nullable=False)
    inbox_seq: Mapped[int] = column(Integer, nullable=False)
    # what the assistant said of itself after its last turn
    slots: Mapped[Any] = column(Json, nullable=False)
    active_loop: Mapped[Optional[str]] = column(String(80), nullable=True)
    requested_slot: Mapped[Optional[str]] = column(String(80), nullable=True)
    slow_notified: Mapped[bool] = column(Boolean, nullable=False)
    created_at: Mapped[datetime] = column(UtcDateTime, nullable=False)
    last_customer_at: Mapped[Optional[datetime]] = column(UtcDateTime, nullable=True)

    __table_args__ = (
        # one conversation per customer; those merged into it stay only to be read
        Index(
            "uq_conversations_customer_id",
            "customer_id",
            unique=True,
            sqlite_where=(merged_into.is_(None) & customer_id.is_not(None)),
            postgresql_where=(merged_into.is_(None) & customer_id.is_not(None)),
        ),
        Index("ix_conversations_state", "state"),
    )


class ResumeToken(Base):
    """A secret that opens one conversation, known only by its digest."""

    __tablename__ = "resume_tokens"

    digest: Mapped[str] = column(String(64), primary_key=True)
    conversation_id: Mapped[str] = column(Id, ForeignKey("conversations.id"), nullable=False, index=True)
    created_at: Mapped[datetime] = column(UtcDateTime, nullable=False)
    expires_at: Mapped[datetime] = column(UtcDateTime, nullable=False)


class Transition(Base):
    """One change of ownership, for the audit."""

    __tablename__ = "transitions"

    id: Mapped[str] = column(Id, primary_key=True)
    conversation_id: Mapped[str] = column(Id, ForeignKey("conversations.id"), nullable=False, index=True)
    from_state: Mapped[str] = column(String(10), nullable=False)
    to_state: Mapped[str] = column(String(10), nullable=False)
    cause: Mapped[str] = column(String(30), nullable=False)
    owner_before: Mapped[Optional[str]] = column(String(60), nullable=True)
    owner_after: Mapped[Optional[str]] = column(String(60), nullable=True)
    epoch: Mapped[int] = column(Integer, nullable=False)
    actor: Mapped[str] = column(String(60), nullable=False)
    detail: Mapped[Any] = column(Json, nullable=False)
    at: Mapped[datetime] = column(UtcDateTime, nullable=False)


class Message(Base):
    """One message of a conversation; a suppressed one was never sent and has no seq."""

    __tablename__ = "messages"

    id: Mapped[str] = column(Id, primary_key=True)
    conversation_id: Mapped[str] = column(Id, ForeignKey("conversations.id"), nullable=False)
    seq: Mapped[Optional[int]] = column(Integer, nullable=True)
    sender: Mapped[str] = column(String(10), nullable=False)
    actor: Mapped[Optional[str]] = column(String(60), nullable=True)
    type: Mapped[str] = column(String(20), nullable=False)
    body: Mapped[Any] = column(Json, nullable=False)
    ref: Mapped[Optional[Any]] = column(Json, nullable=True)
    # what each button does: {button_id: {title, intent, entities} | {title, text}}; never sent to a client
    actions: Mapped[Any] = column(Json, nullable=False)
    # form and slot the assistant waited for after saying this: a button of another step is over
    step: Mapped[Optional[str]] = column(String(170), nullable=True)
    client_msg_id: Mapped[Optional[str]] = column(String(64), nullable=True)
    reply_to: Mapped[Optional[str]] = column(Id, nullable=True, index=True)
    suppressed: Mapped[bool] = column(Boolean, nullable=False)
    # of a customer's message, once the assistant has dealt with it
    trace: Mapped[Optional[Any]] = column(Json, nullable=True)
    state: Mapped[Optional[Any]] = column(Json, nullable=True)
    model_id: Mapped[Optional[str]] = column(String(80), nullable=True)
    at: Mapped[datetime] = column(UtcDateTime, nullable=False)

    __table_args__ = (
        UniqueConstraint("conversation_id", "seq"),
        UniqueConstraint("conversation_id", "client_msg_id"),
    )


class Receipt(Base):
    """How far a party has read: everything up to and including a seq."""

    __tablename__ = "receipts"

    conversation_id: Mapped[str] = column(Id, ForeignKey("conversations.id"), primary_key=True)
    party: Mapped[str] = column(String(60), primary_key=True)
    up_to_seq: Mapped[int] = column(Integer, nullable=False)
    at: Mapped[datetime] = column(UtcDateTime, nullable=False)


class InboxRow(Base):
    """Something that may move the dialogue, waiting its turn."""

    __tablename__ = "inbox"

    id: Mapped[str] = column(Id, primary_key=True)
    conversation_id: Mapped[str] = column(Id, ForeignKey("conversations.id"), nullable=False)
    seq: Mapped[int] = column(Integer, nullable=False)
    kind: Mapped[str] = column(String(10), nullable=False)
    # the id under which the assistant knows it: the customer's message, or the row itself for an event
    message_id: Mapped[str] = column(Id, nullable=False, unique=True)
    # the message whose button was clicked
    source_id: Mapped[Optional[str]] = column(Id, nullable=True)
    key: Mapped[Optional[str]] = column(String(120), nullable=True, unique=True)
    intent: Mapped[Optional[str]] = column(String(80), nullable=True)
    entities: Mapped[Any] = column(Json, nullable=False)
    events_before: Mapped[Any] = column(Json, nullable=False)
    # pending | done | failed | expired | handed_over
    state: Mapped[str] = column(String(12), nullable=False)
    attempts: Mapped[int] = column(Integer, nullable=False)
    # failures while the assistant was otherwise healthy
    faults: Mapped[int] = column(Integer, nullable=False)
    error: Mapped[Optional[str]] = column(Text, nullable=True)
    due_at: Mapped[datetime] = column(UtcDateTime, nullable=False)
    lease: Mapped[Optional[str]] = column(Id, nullable=True)
    lease_until: Mapped[Optional[datetime]] = column(UtcDateTime, nullable=True)
    created_at: Mapped[datetime] = column(UtcDateTime, nullable=False)
    done_at: Mapped[Optional[datetime]] = column(UtcDateTime, nullable=True)

    __table_args__ = (
        UniqueConstraint("conversation_id", "seq"),
        Index("ix_inbox_state_due_at", "state", "due_at"),
        Index("ix_inbox_conversation_id_state_seq", "conversation_id", "state", "seq"),
    )
