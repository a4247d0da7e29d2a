"""Tables of customers: who they are, how they proved it, the codes sent to them."""

from datetime import datetime
from typing import Optional

from sqlalchemy import Boolean, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped

from bot.store.base import Base, Id, UtcDateTime, column


class Customer(Base):
    """A person known by a phone number, a signed identity or both."""

    __tablename__ = "customers"

    id: Mapped[str] = column(Id, primary_key=True)
    phone_digest: Mapped[Optional[str]] = column(String(64), nullable=True, unique=True)
    phone_token: Mapped[Optional[str]] = column(String(64), nullable=True)
    created_at: Mapped[datetime] = column(UtcDateTime, nullable=False)


class Identity(Base):
    """A name under which another system knows a customer: the subject of a signed identity, a WeChat openid."""

    __tablename__ = "identities"

    id: Mapped[str] = column(Id, primary_key=True)
    provider: Mapped[str] = column(String(20), nullable=False)
    subject_digest: Mapped[str] = column(String(64), nullable=False)
    customer_id: Mapped[str] = column(Id, ForeignKey("customers.id"), nullable=False, index=True)
    created_at: Mapped[datetime] = column(UtcDateTime, nullable=False)

    __table_args__ = (UniqueConstraint("provider", "subject_digest"),)


class SmsCode(Base):
    """A code sent to a phone for one conversation; only its digest is kept."""

    __tablename__ = "sms_codes"

    id: Mapped[str] = column(Id, primary_key=True)
    conversation_id: Mapped[str] = column(Id, nullable=False)
    phone_digest: Mapped[str] = column(String(64), nullable=False)
    code_digest: Mapped[str] = column(String(64), nullable=False)
    wrong_tries: Mapped[int] = column(Integer, nullable=False)
    used: Mapped[bool] = column(Boolean, nullable=False)
    created_at: Mapped[datetime] = column(UtcDateTime, nullable=False)
    expires_at: Mapped[datetime] = column(UtcDateTime, nullable=False)

    __table_args__ = (
        Index("ix_sms_codes_phone_digest_created_at", "phone_digest", "created_at"),
        Index("ix_sms_codes_conversation_id_created_at", "conversation_id", "created_at"),
    )


class SandboxSms(Base):
    """A text message of the sandbox provider, shown on its own page instead of being sent."""

    __tablename__ = "sandbox_sms"

    id: Mapped[str] = column(Id, primary_key=True)
    phone_masked: Mapped[str] = column(String(20), nullable=False)
    text: Mapped[str] = column(Text, nullable=False)
    at: Mapped[datetime] = column(UtcDateTime, nullable=False, index=True)
