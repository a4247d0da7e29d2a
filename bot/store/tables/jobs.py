"""Table of jobs: work that falls due at a time and is done by whichever gateway claims it."""

from sqlalchemy import Column, Index, Integer, String, Text, UniqueConstraint

from bot.store.base import Base, Id, Json, UtcDateTime


class JobRow(Base):
    """One piece of work, unique on kind and key."""

    __tablename__ = "jobs"

    id = Column(Id, primary_key=True)
    kind = Column(String(60), nullable=False)
    key = Column(String(120), nullable=False)
    payload = Column(Json, nullable=False)
    # pending | done | failed | cancelled
    state = Column(String(12), nullable=False)
    run_at = Column(UtcDateTime, nullable=False)
    attempts = Column(Integer, nullable=False)
    lease = Column(Id, nullable=True)
    lease_until = Column(UtcDateTime, nullable=True)
    error = Column(Text, nullable=True)
    created_at = Column(UtcDateTime, nullable=False)
    done_at = Column(UtcDateTime, nullable=True)

    __table_args__ = (UniqueConstraint("kind", "key"), Index("ix_jobs_state_run_at", "state", "run_at"))
