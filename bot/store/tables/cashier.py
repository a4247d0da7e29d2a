"""Tables of orders, the payments made for them, and the notices that payment providers sent."""

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, String, UniqueConstraint, text

from bot.store.base import Base, Id, UtcDateTime


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

    id = Column(Id, primary_key=True)
    application_id = Column(Id, nullable=False, index=True)
    conversation_id = Column(Id, nullable=False, index=True)
    customer_id = Column(Id, nullable=False, index=True)
    quote_id = Column(Id, nullable=False)
    description = Column(String(120), nullable=False)
    amount_fen = Column(BigInteger, nullable=False)
    currency = Column(String(3), nullable=False)
    frequency = Column(String(10), nullable=False)
    status = Column(String(20), nullable=False, index=True)
    attention = Column(String(40), nullable=True, index=True)
    opened_at = Column(UtcDateTime, nullable=False)
    expires_at = Column(UtcDateTime, nullable=False)
    paid_at = Column(UtcDateTime, nullable=True)
    paid_by = Column(Id, nullable=True)
    policy_no = Column(String(20), nullable=True)


class OrderTransition(Base):
    """One change of an order's status: from what to what, why, when."""

    __tablename__ = "order_transitions"

    id = Column(Id, primary_key=True)
    order_id = Column(Id, ForeignKey("orders.id"), nullable=False, index=True)
    from_status = Column(String(20), nullable=False)
    to_status = Column(String(20), nullable=False)
    reason = Column(String(40), nullable=False)
    at = Column(UtcDateTime, nullable=False)


class Payment(Base):
    """One attempt to pay an order; of a card only bank and last four digits are kept."""

    __tablename__ = "payments"
    __table_args__ = (UniqueConstraint("provider", "trade_no"),)

    id = Column(Id, primary_key=True)
    order_id = Column(Id, ForeignKey("orders.id"), nullable=False, index=True)
    provider = Column(String(20), nullable=False)
    method = Column(String(20), nullable=False)
    status = Column(String(20), nullable=False, index=True)
    amount_fen = Column(BigInteger, nullable=False)
    currency = Column(String(3), nullable=False)
    bank = Column(String(40), nullable=True)
    card_last4 = Column(String(4), nullable=True)
    page_url = Column(String(2000), nullable=True)
    trade_no = Column(String(64), nullable=True)
    failure = Column(String(40), nullable=True)
    received_fen = Column(BigInteger, nullable=True)
    received_currency = Column(String(3), nullable=True)
    refund_reason = Column(String(40), nullable=True)
    created_at = Column(UtcDateTime, nullable=False)
    settled_at = Column(UtcDateTime, nullable=True)
    refunded_at = Column(UtcDateTime, nullable=True)


class PaymentNotice(Base):
    """One genuine notice of a provider and what came of it; a repeat is recognised by (provider, notice_id)."""

    __tablename__ = "payment_notices"
    __table_args__ = (UniqueConstraint("provider", "notice_id"),)

    id = Column(Id, primary_key=True)
    provider = Column(String(20), nullable=False)
    notice_id = Column(String(64), nullable=False)
    payment_id = Column(String(64), nullable=False, index=True)
    status = Column(String(20), nullable=False)
    amount_fen = Column(BigInteger, nullable=False)
    currency = Column(String(3), nullable=False)
    outcome = Column(String(40), nullable=False)
    received_at = Column(UtcDateTime, nullable=False)


class SandboxPayment(Base):
    """What the sandbox bank knows of a payment: the other side's books, not ours."""

    __tablename__ = "sandbox_payments"

    payment_id = Column(Id, primary_key=True)
    order_id = Column(Id, nullable=False)
    method = Column(String(20), nullable=False)
    amount_fen = Column(BigInteger, nullable=False)
    currency = Column(String(3), nullable=False)
    subject = Column(String(120), nullable=False)
    behaviour = Column(String(20), nullable=False)
    status = Column(String(20), nullable=False)
    payer_matches = Column(Boolean, nullable=True)
    refunded_fen = Column(BigInteger, nullable=False, default=0)
    refund_id = Column(String(64), nullable=True)
    notices_sent = Column(Integer, nullable=False, default=0)
    created_at = Column(UtcDateTime, nullable=False)
    settled_at = Column(UtcDateTime, nullable=True)


class SandboxPanel(Base):
    """How the sandbox bank treats the next payment (one row)."""

    __tablename__ = "sandbox_panel"

    id = Column(Integer, primary_key=True)
    behaviour = Column(String(20), nullable=False)
    delay_seconds = Column(Integer, nullable=False)
