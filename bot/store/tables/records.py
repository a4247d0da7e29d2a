"""Tables of the tamper-evident record: the links of every chain, and the sealed head of each chain."""

from sqlalchemy import Column, Integer, String, Text, UniqueConstraint

from bot.store.base import Base, Id, UtcDateTime


class RecordRow(Base):
    """One thing shown, confirmed or done; written once. `content` is canonical JSON text, the very bytes hashed."""

    __tablename__ = "record_rows"
    __table_args__ = (UniqueConstraint("chain", "seq"),)

    id = Column(Id, primary_key=True)
    chain = Column(Id, nullable=False)
    seq = Column(Integer, nullable=False)
    kind = Column(String(60), nullable=False)
    content = Column(Text, nullable=False)
    at = Column(UtcDateTime, nullable=False)
    prev_hash = Column(String(64), nullable=False)
    hash = Column(String(64), nullable=False)


class RecordHead(Base):
    """How long a chain is and how it ends, sealed with a key that is not in the database."""

    __tablename__ = "record_heads"

    chain = Column(Id, primary_key=True)
    length = Column(Integer, nullable=False)
    hash = Column(String(64), nullable=False)
    seal = Column(String(64), nullable=False)
