"""Table of jobs: work that falls due at a time and is done by whichever gateway claims it."""

from datetime import datetime
from typing import Any, Optional

from sqlalchemy import Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped

from bot.store.base import Base, Id, Json, UtcDateTime, column


class JobRow(Base):
    """One piece of work, unique on kind and key."""

    __tablename__ = "jobs"

    id: Mapped[str] = column(Id, primary_key=True)
    kind: Mapped[str] = column(String(60), nullable=False)
    key: Mapped[str] = column(String(120), nullable=False)
    payload: Mapped[Any] = column(Json, nullable=False)
    # pending | done | failed | cancelled
    state: Mapped[str] = column(String(12), nullable=False)
    run_at: Mapped[datetime] = column(UtcDateTime, nullable=False)
    attempts: Mapped[int] = column(Integer, nullable=False)
    lease: Mapped[Optional[str]] = column(Id, nullable=True)
    lease_until: Mapped[Optional[datetime]] = column(UtcDateTime, nullable=True)
    error: Mapped[Optional[str]] = column(Text, nullable=True)
    created_at: Mapped[datetime] = column(UtcDateTime, nullable=False)
    done_at: Mapped[Optional[datetime]] = column(UtcDateTime, nullable=True)

    __table_args__ = (UniqueConstraint("kind", "key"), Index("ix_jobs_state_run_at", "state", "run_at"))
