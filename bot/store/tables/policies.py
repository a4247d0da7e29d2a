"""Tables of issued policies, their numbers and their signed documents."""

from sqlalchemy import Boolean, Column, Date, ForeignKey, Integer, LargeBinary, String

from bot.store.base import Base, Id, Json, UtcDateTime


class Policy(Base):
    """One insurance contract in force or ended; `contract` holds vault tokens, never the values behind them."""

    __tablename__ = "policies"

    policy_no = Column(String(20), primary_key=True)
    application_id = Column(Id, nullable=False, unique=True)
    order_id = Column(Id, nullable=False, unique=True)
    conversation_id = Column(Id, nullable=False, index=True)
    customer_id = Column(Id, nullable=False, index=True)
    product_code = Column(String(10), nullable=False)
    product_version = Column(String(40), nullable=False)
    product_hash = Column(String(64), nullable=False)
    product_name = Column(String(80), nullable=False)
    status = Column(String(20), nullable=False)
    premium_fen = Column(Integer, nullable=False)
    frequency = Column(String(10), nullable=False)
    contract = Column(Json, nullable=False)
    holder_digest = Column(String(64), nullable=False)
    issued_at = Column(UtcDateTime, nullable=False)
    effective_at = Column(UtcDateTime, nullable=False)
    ends_at = Column(UtcDateTime, nullable=True)
    delivered_on = Column(Date, nullable=False)
    cooling_off_until = Column(Date, nullable=True)
    record_hash = Column(String(64), nullable=False)


class PolicyProduct(Base):
    """The two digits that stand for a product in policy numbers, given out at its first sale."""

    __tablename__ = "policy_products"

    product_code = Column(String(10), primary_key=True)
    number = Column(Integer, nullable=False, unique=True)


class PolicySeries(Base):
    """The last serial given out for a product in a year; `number` is the product's two digits."""

    __tablename__ = "policy_series"

    year = Column(Integer, primary_key=True)
    number = Column(Integer, primary_key=True)
    last_serial = Column(Integer, nullable=False)


class PolicyDocument(Base):
    """The signed PDF of a policy, kept in the database so that any gateway can hand it out."""

    __tablename__ = "policy_documents"

    policy_no = Column(String(20), ForeignKey("policies.policy_no"), primary_key=True)
    sha256 = Column(String(64), nullable=False, unique=True)
    pdf = Column(LargeBinary, nullable=False)
    pages = Column(Integer, nullable=False)
    sandbox = Column(Boolean, nullable=False)
    created_at = Column(UtcDateTime, nullable=False)
