"""Tables of the tamper-evident record: the links of every chain, and the sealed head of each chain."""

from datetime import datetime

from sqlalchemy import Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped

from bot.store.base import Base, Id, UtcDateTime, column


class RecordRow(Base):
    """One thing shown, confirmed or done; written once. `content` is canonical JSON text, the very bytes hashed."""

    __tablename__ = "record_rows"
    __table_args__ = (UniqueConstraint("chain", "seq"),)

    id: Mapped[str] = column(Id, primary_key=True)
    chain: Mapped[str] = column(Id, nullable=False)
    seq: Mapped[int] = column(Integer, nullable=False)
    kind: Mapped[str] = column(String(60), nullable=False)
    content: Mapped[str] = column(Text, nullable=False)
    at: Mapped[datetime] = column(UtcDateTime, nullable=False)
    prev_hash: Mapped[str] = column(String(64), nullable=False)
    hash: Mapped[str] = column(String(64), nullable=False)


class RecordHead(Base):
    """How long a chain is and how it ends, sealed with a key that is not in the database."""

    __tablename__ = "record_heads"

    chain: Mapped[str] = column(Id, primary_key=True)
    length: Mapped[int] = column(Integer, nullable=False)
    hash: Mapped[str] = column(String(64), nullable=False)
    seal: Mapped[str] = column(String(64), nullable=False)
