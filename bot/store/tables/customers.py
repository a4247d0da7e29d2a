"""Tables of customers: who they are, how they proved it, the codes sent to them."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Text, UniqueConstraint

from bot.store.base import Base, Id, UtcDateTime


class Customer(Base):
    """A person known by a phone number, a signed identity or both."""

    __tablename__ = "customers"

    id = Column(Id, primary_key=True)
    phone_digest = Column(String(64), nullable=True, unique=True)
    phone_token = Column(String(64), nullable=True)
    created_at = Column(UtcDateTime, nullable=False)


class Identity(Base):
    """A name under which another system knows a customer: the subject of a signed identity, a WeChat openid."""

    __tablename__ = "identities"

    id = Column(Id, primary_key=True)
    provider = Column(String(20), nullable=False)
    subject_digest = Column(String(64), nullable=False)
    customer_id = Column(Id, ForeignKey("customers.id"), nullable=False, index=True)
    created_at = Column(UtcDateTime, nullable=False)

    __table_args__ = (UniqueConstraint("provider", "subject_digest"),)


class SmsCode(Base):
    """A code sent to a phone for one conversation; only its digest is kept."""

    __tablename__ = "sms_codes"

    id = Column(Id, primary_key=True)
    conversation_id = Column(Id, nullable=False)
    phone_digest = Column(String(64), nullable=False)
    code_digest = Column(String(64), nullable=False)
    wrong_tries = Column(Integer, nullable=False)
    used = Column(Boolean, nullable=False)
    sent = Column(Boolean, nullable=False)
    created_at = Column(UtcDateTime, nullable=False)
    expires_at = Column(UtcDateTime, nullable=False)

    __table_args__ = (
        Index("ix_sms_codes_phone_digest_created_at", "phone_digest", "created_at"),
        Index("ix_sms_codes_conversation_id_created_at", "conversation_id", "created_at"),
    )


class SandboxSms(Base):
    """A text message of the sandbox provider, shown on its own page instead of being sent."""

    __tablename__ = "sandbox_sms"

    id = Column(Id, primary_key=True)
    phone_masked = Column(String(20), nullable=False)
    text = Column(Text, nullable=False)
    at = Column(UtcDateTime, nullable=False, index=True)
