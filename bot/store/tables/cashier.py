"""Tables of orders, the payments made for them, and the notices that payment providers sent."""

from datetime import datetime
from typing import Optional

from sqlalchemy import BigInteger, Boolean, ForeignKey, Index, Integer, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped

from bot.store.base import Base, Id, UtcDateTime, column


class Order(Base):
    """What a customer has to pay for one confirmed application; at most one is open per application and quote."""

    __tablename__ = "orders"
    __table_args__ = (
        Index(
            "uq_orders_open",
            "application_id",
            "quote_id",
            unique=True,
            sqlite_where=text("status = 'pending'"),
            postgresql_where=text("status = 'pending'"),
        ),
    )

    id: Mapped[str] = column(Id, primary_key=True)
    application_id: Mapped[str] = column(Id, nullable=False, index=True)
    conversation_id: Mapped[str] = column(Id, nullable=False, index=True)
    customer_id: Mapped[str] = column(Id, nullable=False, index=True)
    quote_id: Mapped[str] = column(Id, nullable=False)
    description: Mapped[str] = column(String(120), nullable=False)
    amount_fen: Mapped[int] = column(BigInteger, nullable=False)
    currency: Mapped[str] = column(String(3), nullable=False)
    frequency: Mapped[str] = column(String(10), nullable=False)
    status: Mapped[str] = column(String(20), nullable=False, index=True)
    attention: Mapped[Optional[str]] = column(String(40), nullable=True, index=True)
    opened_at: Mapped[datetime] = column(UtcDateTime, nullable=False)
    expires_at: Mapped[datetime] = column(UtcDateTime, nullable=False)
    paid_at: Mapped[Optional[datetime]] = column(UtcDateTime, nullable=True)
    paid_by: Mapped[Optional[str]] = column(Id, nullable=True)
    policy_no: Mapped[Optional[str]] = column(String(20), nullable=True)


class OrderTransition(Base):
    """One change of an order's status: from what to what, why, when."""

    __tablename__ = "order_transitions"

    id: Mapped[str] = column(Id, primary_key=True)
    order_id: Mapped[str] = column(Id, ForeignKey("orders.id"), nullable=False, index=True)
    from_status: Mapped[str] = column(String(20), nullable=False)
    to_status: Mapped[str] = column(String(20), nullable=False)
    reason: Mapped[str] = column(String(40), nullable=False)
    at: Mapped[datetime] = column(UtcDateTime, nullable=False)


class Payment(Base):
    """One attempt to pay an order; of a card only bank and last four digits are kept."""

    __tablename__ = "payments"
    __table_args__ = (UniqueConstraint("provider", "trade_no"),)

    id: Mapped[str] = column(Id, primary_key=True)
    order_id: Mapped[str] = column(Id, ForeignKey("orders.id"), nullable=False, index=True)
    provider: Mapped[str] = column(String(20), nullable=False)
    method: Mapped[str] = column(String(20), nullable=False)
    status: Mapped[str] = column(String(20), nullable=False, index=True)
    amount_fen: Mapped[int] = column(BigInteger, nullable=False)
    currency: Mapped[str] = column(String(3), nullable=False)
    bank: Mapped[Optional[str]] = column(String(40), nullable=True)
    card_last4: Mapped[Optional[str]] = column(String(4), nullable=True)
    page_url: Mapped[Optional[str]] = column(String(2000), nullable=True)
    trade_no: Mapped[Optional[str]] = column(String(64), nullable=True)
    failure: Mapped[Optional[str]] = column(String(40), nullable=True)
    received_fen: Mapped[Optional[int]] = column(BigInteger, nullable=True)
    received_currency: Mapped[Optional[str]] = column(String(3), nullable=True)
    refund_reason: Mapped[Optional[str]] = column(String(40), nullable=True)
    created_at: Mapped[datetime] = column(UtcDateTime, nullable=False)
    settled_at: Mapped[Optional[datetime]] = column(UtcDateTime, nullable=True)
    refunded_at: Mapped[Optional[datetime]] = column(UtcDateTime, nullable=True)


class PaymentNotice(Base):
    """One genuine notice of a provider and what came of it; a repeat is recognised by (provider, notice_id)."""

    __tablename__ = "payment_notices"
    __table_args__ = (UniqueConstraint("provider", "notice_id"),)

    id: Mapped[str] = column(Id, primary_key=True)
    provider: Mapped[str] = column(String(20), nullable=False)
    notice_id: Mapped[str] = column(String(64), nullable=False)
    payment_id: Mapped[str] = column(String(64), nullable=False, index=True)
    status: Mapped[str] = column(String(20), nullable=False)
    amount_fen: Mapped[int] = column(BigInteger, nullable=False)
    currency: Mapped[str] = column(String(3), nullable=False)
    outcome: Mapped[str] = column(String(40), nullable=False)
    received_at: Mapped[datetime] = column(UtcDateTime, nullable=False)


class SandboxPayment(Base):
    """What the sandbox bank knows of a payment: the other side's books, not ours."""

    __tablename__ = "sandbox_payments"

    payment_id: Mapped[str] = column(Id, primary_key=True)
    order_id: Mapped[str] = column(Id, nullable=False)
    method: Mapped[str] = column(String(20), nullable=False)
    amount_fen: Mapped[int] = column(BigInteger, nullable=False)
    currency: Mapped[str] = column(String(3), nullable=False)
    subject: Mapped[str] = column(String(120), nullable=False)
    behaviour: Mapped[str] = column(String(20), nullable=False)
    status: Mapped[str] = column(String(20), nullable=False)
    payer_matches: Mapped[Optional[bool]] = column(Boolean, nullable=True)
    refunded_fen: Mapped[int] = column(BigInteger, nullable=False, default=0)
    refund_id: Mapped[Optional[str]] = column(String(64), nullable=True)
    notices_sent: Mapped[int] = column(Integer, nullable=False, default=0)
    created_at: Mapped[datetime] = column(UtcDateTime, nullable=False)
    settled_at: Mapped[Optional[datetime]] = column(UtcDateTime, nullable=True)


class SandboxPanel(Base):
    """How the sandbox bank treats the next payment (one row)."""

    __tablename__ = "sandbox_panel"

    id: Mapped[int] = column(Integer, primary_key=True)
    behaviour: Mapped[str] = column(String(20), nullable=False)
    delay_seconds: Mapped[int] = column(Integer, nullable=False)
