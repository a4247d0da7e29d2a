"""Tables of conversations: who owns them, their messages, the receipts, and the inbox that feeds the assistant."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Text, UniqueConstraint

from bot.store.base import Base, Id, Json, UtcDateTime


class Conversation(Base):
    """One customer's talk with the insurer; lives on through many episodes."""

    __tablename__ = "conversations"

    id = Column(Id, primary_key=True)
    channel = Column(String(20), nullable=False)
    customer_id = Column(Id, nullable=True)
    merged_into = Column(Id, nullable=True, index=True)
    # ownership: see bot/conversations/rules.py
    state = Column(String(10), nullable=False)
    owner = Column(String(60), nullable=True)
    pending_transfer = Column(String(60), nullable=True)
    epoch = Column(Integer, nullable=False)
    episode = Column(Integer, nullable=False)
    # the last numbers given out
    head_seq = Column(Integer, nullable=False)
    inbox_seq = Column(Integer, nullable=False)
    # what the assistant said of itself after its last turn
    slots = Column(Json, nullable=False)
    active_loop = Column(String(80), nullable=True)
    requested_slot = Column(String(80), nullable=True)
    slow_notified = Column(Boolean, nullable=False)
    created_at = Column(UtcDateTime, nullable=False)
    last_customer_at = Column(UtcDateTime, nullable=True)

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

    digest = Column(String(64), primary_key=True)
    conversation_id = Column(Id, ForeignKey("conversations.id"), nullable=False, index=True)
    created_at = Column(UtcDateTime, nullable=False)
    expires_at = Column(UtcDateTime, nullable=False)


class Transition(Base):
    """One change of ownership, for the audit."""

    __tablename__ = "transitions"

    id = Column(Id, primary_key=True)
    conversation_id = Column(Id, ForeignKey("conversations.id"), nullable=False, index=True)
    from_state = Column(String(10), nullable=False)
    to_state = Column(String(10), nullable=False)
    cause = Column(String(30), nullable=False)
    owner_before = Column(String(60), nullable=True)
    owner_after = Column(String(60), nullable=True)
    epoch = Column(Integer, nullable=False)
    actor = Column(String(60), nullable=False)
    detail = Column(Json, nullable=False)
    at = Column(UtcDateTime, nullable=False)


class Message(Base):
    """One message of a conversation; a suppressed one was never sent and has no seq."""

    __tablename__ = "messages"

    id = Column(Id, primary_key=True)
    conversation_id = Column(Id, ForeignKey("conversations.id"), nullable=False)
    seq = Column(Integer, nullable=True)
    sender = Column(String(10), nullable=False)
    actor = Column(String(60), nullable=True)
    type = Column(String(20), nullable=False)
    body = Column(Json, nullable=False)
    ref = Column(Json, nullable=True)
    # what each button does: {button_id: {title, intent, entities} | {title, text}}; never sent to a client
    actions = Column(Json, nullable=False)
    # form and slot the assistant waited for after saying this: a button of another step is over
    step = Column(String(170), nullable=True)
    client_msg_id = Column(String(64), nullable=True)
    reply_to = Column(Id, nullable=True, index=True)
    suppressed = Column(Boolean, nullable=False)
    # of a customer's message, once the assistant has dealt with it
    trace = Column(Json, nullable=True)
    state = Column(Json, nullable=True)
    model_id = Column(String(80), nullable=True)
    at = Column(UtcDateTime, nullable=False)

    __table_args__ = (
        UniqueConstraint("conversation_id", "seq"),
        UniqueConstraint("conversation_id", "client_msg_id"),
    )


class Receipt(Base):
    """How far a party has read: everything up to and including a seq."""

    __tablename__ = "receipts"

    conversation_id = Column(Id, ForeignKey("conversations.id"), primary_key=True)
    party = Column(String(60), primary_key=True)
    up_to_seq = Column(Integer, nullable=False)
    at = Column(UtcDateTime, nullable=False)


class InboxRow(Base):
    """Something that may move the dialogue, waiting its turn."""

    __tablename__ = "inbox"

    id = Column(Id, primary_key=True)
    conversation_id = Column(Id, ForeignKey("conversations.id"), nullable=False)
    seq = Column(Integer, nullable=False)
    kind = Column(String(10), nullable=False)
    # the id under which the assistant knows it: the customer's message, or the row itself for an event
    message_id = Column(Id, nullable=False, unique=True)
    # the message whose button was clicked
    source_id = Column(Id, nullable=True)
    key = Column(String(120), nullable=True, unique=True)
    intent = Column(String(80), nullable=True)
    entities = Column(Json, nullable=False)
    events_before = Column(Json, nullable=False)
    # pending | done | failed | expired | handed_over
    state = Column(String(12), nullable=False)
    attempts = Column(Integer, nullable=False)
    # failures while the assistant was otherwise healthy
    faults = Column(Integer, nullable=False)
    error = Column(Text, nullable=True)
    due_at = Column(UtcDateTime, nullable=False)
    lease = Column(Id, nullable=True)
    lease_until = Column(UtcDateTime, nullable=True)
    created_at = Column(UtcDateTime, nullable=False)
    done_at = Column(UtcDateTime, nullable=True)

    __table_args__ = (
        UniqueConstraint("conversation_id", "seq"),
        Index("ix_inbox_state_due_at", "state", "due_at"),
        Index("ix_inbox_conversation_id_state_seq", "conversation_id", "state", "seq"),
    )
