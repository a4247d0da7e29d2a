"""Table of the quotes that were given; a row never changes."""

from sqlalchemy import BigInteger, Column, Integer, String

from bot.store.base import Base, Id, Json, UtcDateTime


class QuoteRow(Base):
    """A quote: the request, the product version with its hash, and the price in fen."""

    __tablename__ = "quotes"

    id = Column(Id, primary_key=True)
    conversation_id = Column(Id, nullable=True, index=True)
    product_code = Column(String(10), nullable=False)
    product_version = Column(String(20), nullable=False)
    product_hash = Column(String(64), nullable=False)
    request = Column(Json, nullable=False)
    frequency = Column(String(10), nullable=False)
    premium_fen = Column(BigInteger, nullable=False)
    payments = Column(Integer, nullable=False)
    total_fen = Column(BigInteger, nullable=False)
    breakdown = Column(Json, nullable=False)
    created_at = Column(UtcDateTime, nullable=False)
