"""Tables of issued policies, their numbers and their signed documents."""

from datetime import date, datetime
from typing import Any, Optional

from sqlalchemy import BigInteger, Boolean, Date, ForeignKey, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped

from bot.store.base import Base, Id, Json, UtcDateTime, column


class Policy(Base):
    """One insurance contract in force or ended; `contract` holds vault tokens, never the values behind them."""

    __tablename__ = "policies"

    policy_no: Mapped[str] = column(String(20), primary_key=True)
    application_id: Mapped[str] = column(Id, nullable=False, unique=True)
    order_id: Mapped[str] = column(Id, nullable=False, unique=True)
    conversation_id: Mapped[str] = column(Id, nullable=False, index=True)
    customer_id: Mapped[str] = column(Id, nullable=False, index=True)
    product_code: Mapped[str] = column(String(10), nullable=False)
    product_version: Mapped[str] = column(String(40), nullable=False)
    product_hash: Mapped[str] = column(String(64), nullable=False)
    product_name: Mapped[str] = column(String(80), nullable=False)
    status: Mapped[str] = column(String(20), nullable=False)
    premium_fen: Mapped[int] = column(BigInteger, nullable=False)
    frequency: Mapped[str] = column(String(10), nullable=False)
    contract: Mapped[Any] = column(Json, nullable=False)
    holder_digest: Mapped[str] = column(String(64), nullable=False)
    issued_at: Mapped[datetime] = column(UtcDateTime, nullable=False)
    effective_at: Mapped[datetime] = column(UtcDateTime, nullable=False)
    ends_at: Mapped[Optional[datetime]] = column(UtcDateTime, nullable=True)
    delivered_on: Mapped[date] = column(Date, nullable=False)
    cooling_off_until: Mapped[Optional[date]] = column(Date, nullable=True)
    record_hash: Mapped[str] = column(String(64), nullable=False)


class PolicyProduct(Base):
    """The two digits that stand for a product in policy numbers, given out at its first sale."""

    __tablename__ = "policy_products"

    product_code: Mapped[str] = column(String(10), primary_key=True)
    number: Mapped[int] = column(Integer, nullable=False, unique=True)


class PolicySeries(Base):
    """The last serial given out for a product in a year; `number` is the product's two digits."""

    __tablename__ = "policy_series"

    year: Mapped[int] = column(Integer, primary_key=True)
    number: Mapped[int] = column(Integer, primary_key=True)
    last_serial: Mapped[int] = column(Integer, nullable=False)


class PolicyDocument(Base):
    """The signed PDF of a policy, kept in the database so that any gateway can hand it out."""

    __tablename__ = "policy_documents"

    policy_no: Mapped[str] = column(String(20), ForeignKey("policies.policy_no"), primary_key=True)
    sha256: Mapped[str] = column(String(64), nullable=False, unique=True)
    pdf: Mapped[bytes] = column(LargeBinary, nullable=False)
    pages: Mapped[int] = column(Integer, nullable=False)
    sandbox: Mapped[bool] = column(Boolean, nullable=False)
    created_at: Mapped[datetime] = column(UtcDateTime, nullable=False)
