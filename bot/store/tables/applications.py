"""Tables of the purchase: applications and what was read, agreed, declared, decided and confirmed in them."""

from datetime import date, datetime
from typing import Any, Dict, List, Optional

from sqlalchemy import BigInteger, Boolean, Date, ForeignKey, Index, Integer, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped

from bot.store.base import Base, Id, Json, UtcDateTime, column


class Application(Base):
    """One purchase of one version of a product."""

    __tablename__ = "applications"

    id: Mapped[str] = column(Id, primary_key=True)
    conversation_id: Mapped[str] = column(Id, nullable=False, index=True)
    customer_id: Mapped[Optional[str]] = column(Id, index=True, nullable=True)
    product_code: Mapped[str] = column(String(10), nullable=False)
    product_version: Mapped[str] = column(String(20), nullable=False)
    product_sha256: Mapped[str] = column(String(64), nullable=False)
    status: Mapped[str] = column(String(20), nullable=False)
    factors: Mapped[Dict[str, Any]] = column(Json, nullable=False)
    quote_id: Mapped[Optional[str]] = column(Id, nullable=True)
    quote_sha256: Mapped[Optional[str]] = column(String(64), nullable=True)
    told_premium_fen: Mapped[Optional[int]] = column(BigInteger, nullable=True)
    confirmed_at: Mapped[Optional[datetime]] = column(UtcDateTime, nullable=True)
    order_id: Mapped[Optional[str]] = column(Id, nullable=True)
    policy_no: Mapped[Optional[str]] = column(String(20), nullable=True)
    ended_reason: Mapped[Optional[str]] = column(String(60), nullable=True)
    created_at: Mapped[datetime] = column(UtcDateTime, nullable=False)
    updated_at: Mapped[datetime] = column(UtcDateTime, nullable=False)
    expires_at: Mapped[datetime] = column(UtcDateTime, nullable=False)
    ended_at: Mapped[Optional[datetime]] = column(UtcDateTime, nullable=True)

    __table_args__ = (
        Index(
            "uq_applications_open_conversation_id",
            "conversation_id",
            unique=True,
            sqlite_where=text("status = 'open'"),
            postgresql_where=text("status = 'open'"),
        ),
    )


class ApplicationNeeds(Base):
    """What the customer said about needs and means; a changed form is a new row, the old one is superseded."""

    __tablename__ = "application_needs"

    id: Mapped[str] = column(Id, primary_key=True)
    application_id: Mapped[str] = column(Id, ForeignKey("applications.id"), nullable=False, index=True)
    insured_relation: Mapped[str] = column(String(20), nullable=False)
    annual_income_fen: Mapped[int] = column(BigInteger, nullable=False)
    budget_fen: Mapped[int] = column(BigInteger, nullable=False)
    existing_cover: Mapped[str] = column(String(20), nullable=False)
    main_concern: Mapped[str] = column(String(40), nullable=False)
    submitted_at: Mapped[datetime] = column(UtcDateTime, nullable=False)
    superseded_at: Mapped[Optional[datetime]] = column(UtcDateTime, nullable=True)


class ApplicationDocument(Base):
    """One document to be read for one application: when it was shown, opened and confirmed."""

    __tablename__ = "application_documents"

    id: Mapped[str] = column(Id, primary_key=True)
    application_id: Mapped[str] = column(Id, ForeignKey("applications.id"), nullable=False)
    position: Mapped[int] = column(Integer, nullable=False)
    code: Mapped[str] = column(String(60), nullable=False)
    kind: Mapped[str] = column(String(20), nullable=False)
    title: Mapped[str] = column(String(120), nullable=False)
    version: Mapped[str] = column(String(20), nullable=False)
    sha256: Mapped[str] = column(String(64), nullable=False)
    min_seconds: Mapped[int] = column(Integer, nullable=False)
    shown_at: Mapped[Optional[datetime]] = column(UtcDateTime, nullable=True)
    opened_at: Mapped[Optional[datetime]] = column(UtcDateTime, nullable=True)
    confirmed_at: Mapped[Optional[datetime]] = column(UtcDateTime, nullable=True)

    __table_args__ = (UniqueConstraint("application_id", "position"),)


class ApplicationConsent(Base):
    """One separate consent, given or refused, with the words that were agreed to."""

    __tablename__ = "application_consents"

    id: Mapped[str] = column(Id, primary_key=True)
    application_id: Mapped[str] = column(Id, ForeignKey("applications.id"), nullable=False, index=True)
    kind: Mapped[str] = column(String(30), nullable=False)
    text_sha256: Mapped[str] = column(String(64), nullable=False)
    granted: Mapped[bool] = column(Boolean, nullable=False)
    decided_at: Mapped[datetime] = column(UtcDateTime, nullable=False)
    superseded_at: Mapped[Optional[datetime]] = column(UtcDateTime, nullable=True)


class HealthAnswer(Base):
    """The answer to one health question: the words, the value made of them, and the conditions found."""

    __tablename__ = "application_health_answers"

    id: Mapped[str] = column(Id, primary_key=True)
    application_id: Mapped[str] = column(Id, ForeignKey("applications.id"), nullable=False, index=True)
    question_no: Mapped[int] = column(Integer, nullable=False)
    words: Mapped[str] = column(Text, nullable=False)
    value: Mapped[str] = column(String(10), nullable=False)
    findings: Mapped[List[str]] = column(Json, nullable=False)
    groups: Mapped[List[str]] = column(Json, nullable=False)
    is_complete: Mapped[bool] = column(Boolean, nullable=False)
    message_id: Mapped[str] = column(String(64), nullable=False)
    answered_at: Mapped[datetime] = column(UtcDateTime, nullable=False)
    superseded_at: Mapped[Optional[datetime]] = column(UtcDateTime, nullable=True)


class ApplicationParty(Base):
    """Policyholder, insured or beneficiary; personal values are vault tokens."""

    __tablename__ = "application_parties"

    id: Mapped[str] = column(Id, primary_key=True)
    application_id: Mapped[str] = column(Id, ForeignKey("applications.id"), nullable=False, index=True)
    role: Mapped[str] = column(String(20), nullable=False)
    position: Mapped[int] = column(Integer, nullable=False)
    relation: Mapped[str] = column(String(20), nullable=False)
    name_token: Mapped[str] = column(String(64), nullable=False)
    id_kind: Mapped[str] = column(String(20), nullable=False)
    id_token: Mapped[str] = column(String(64), nullable=False)
    id_digest: Mapped[str] = column(String(64), nullable=False, index=True)
    id_valid_until: Mapped[Optional[date]] = column(Date, nullable=True)
    phone_token: Mapped[Optional[str]] = column(String(64), nullable=True)
    email_token: Mapped[Optional[str]] = column(String(64), nullable=True)
    address_token: Mapped[Optional[str]] = column(String(64), nullable=True)
    region: Mapped[Optional[str]] = column(String(60), nullable=True)
    birth_date: Mapped[Optional[date]] = column(Date, nullable=True)
    gender: Mapped[Optional[str]] = column(String(10), nullable=True)
    occupation: Mapped[Optional[str]] = column(String(60), nullable=True)
    occupation_class: Mapped[Optional[int]] = column(Integer, nullable=True)
    tax_residence: Mapped[Optional[str]] = column(String(30), nullable=True)
    share_rank: Mapped[Optional[int]] = column(Integer, nullable=True)
    share_percent: Mapped[Optional[int]] = column(Integer, nullable=True)
    submitted_at: Mapped[datetime] = column(UtcDateTime, nullable=False)
    superseded_at: Mapped[Optional[datetime]] = column(UtcDateTime, nullable=True)


class UnderwritingDecision(Base):
    """A result of underwriting in writing, by the rules or by a person, and what the customer said to it."""

    __tablename__ = "application_decisions"

    id: Mapped[str] = column(Id, primary_key=True)
    application_id: Mapped[str] = column(Id, ForeignKey("applications.id"), nullable=False, index=True)
    fingerprint: Mapped[str] = column(String(64), nullable=False)
    conclusion: Mapped[str] = column(String(20), nullable=False)
    reasons: Mapped[List[Dict[str, Any]]] = column(Json, nullable=False)
    loading_percent: Mapped[int] = column(Integer, nullable=False)
    exclusions: Mapped[List[str]] = column(Json, nullable=False)
    materials: Mapped[List[str]] = column(Json, nullable=False)
    postpone_until: Mapped[Optional[str]] = column(String(60), nullable=True)
    rules_version: Mapped[str] = column(String(20), nullable=False)
    decided_by: Mapped[str] = column(String(60), nullable=False)
    decided_at: Mapped[datetime] = column(UtcDateTime, nullable=False)
    response: Mapped[Optional[str]] = column(String(20), nullable=True)
    responded_at: Mapped[Optional[datetime]] = column(UtcDateTime, nullable=True)
    superseded_at: Mapped[Optional[datetime]] = column(UtcDateTime, nullable=True)


class UnderwritingReview(Base):
    """A case for a human underwriter: why, the materials asked for, and the outcome."""

    __tablename__ = "application_reviews"

    id: Mapped[str] = column(Id, primary_key=True)
    application_id: Mapped[str] = column(Id, ForeignKey("applications.id"), nullable=False, index=True)
    decision_id: Mapped[str] = column(Id, ForeignKey("application_decisions.id"), nullable=False)
    asked_by: Mapped[str] = column(String(20), nullable=False)
    materials: Mapped[List[str]] = column(Json, nullable=False)
    status: Mapped[str] = column(String(20), nullable=False)
    opened_at: Mapped[datetime] = column(UtcDateTime, nullable=False)
    closed_at: Mapped[Optional[datetime]] = column(UtcDateTime, nullable=True)
    closed_by: Mapped[Optional[str]] = column(String(60), nullable=True)


class SuitabilityStatement(Base):
    """The customer's written insistence on buying against the advice to stop (suitability rules, art. 38)."""

    __tablename__ = "application_suitability_statements"

    id: Mapped[str] = column(Id, primary_key=True)
    application_id: Mapped[str] = column(Id, ForeignKey("applications.id"), nullable=False, index=True)
    fingerprint: Mapped[str] = column(String(64), nullable=False)
    findings: Mapped[List[str]] = column(Json, nullable=False)
    words: Mapped[str] = column(Text, nullable=False)
    message_id: Mapped[str] = column(String(64), nullable=False)
    stated_at: Mapped[datetime] = column(UtcDateTime, nullable=False)
    superseded_at: Mapped[Optional[datetime]] = column(UtcDateTime, nullable=True)


class ApplicationMark(Base):
    """Something shown or confirmed once per content: a change of the content needs a new mark."""

    __tablename__ = "application_marks"

    id: Mapped[str] = column(Id, primary_key=True)
    application_id: Mapped[str] = column(Id, ForeignKey("applications.id"), nullable=False, index=True)
    kind: Mapped[str] = column(String(40), nullable=False)
    fingerprint: Mapped[str] = column(String(64), nullable=False)
    message_id: Mapped[Optional[str]] = column(String(64), nullable=True)
    marked_at: Mapped[datetime] = column(UtcDateTime, nullable=False)
    superseded_at: Mapped[Optional[datetime]] = column(UtcDateTime, nullable=True)
