"""Tables of the purchase: applications and what was read, agreed, declared, decided and confirmed in them."""

from sqlalchemy import Boolean, Column, Date, ForeignKey, Index, Integer, String, Text, UniqueConstraint, text

from bot.store.base import Base, Id, Json, UtcDateTime


class Application(Base):
    """One purchase of one version of a product."""

    __tablename__ = "applications"

    id = Column(Id, primary_key=True)
    conversation_id = Column(Id, nullable=False, index=True)
    customer_id = Column(Id, index=True)
    product_code = Column(String(10), nullable=False)
    product_version = Column(String(20), nullable=False)
    product_sha256 = Column(String(64), nullable=False)
    status = Column(String(20), nullable=False)
    factors = Column(Json, nullable=False)
    quote_id = Column(Id)
    quote_sha256 = Column(String(64))
    told_premium_fen = Column(Integer)
    order_id = Column(Id)
    policy_no = Column(String(20))
    ended_reason = Column(String(60))
    created_at = Column(UtcDateTime, nullable=False)
    updated_at = Column(UtcDateTime, nullable=False)
    expires_at = Column(UtcDateTime, nullable=False)
    ended_at = Column(UtcDateTime)
    announced_at = Column(UtcDateTime)

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

    id = Column(Id, primary_key=True)
    application_id = Column(Id, ForeignKey("applications.id"), nullable=False, index=True)
    insured_relation = Column(String(20), nullable=False)
    annual_income_fen = Column(Integer, nullable=False)
    budget_fen = Column(Integer, nullable=False)
    existing_cover = Column(String(20), nullable=False)
    main_concern = Column(String(40), nullable=False)
    submitted_at = Column(UtcDateTime, nullable=False)
    superseded_at = Column(UtcDateTime)


class ApplicationDocument(Base):
    """One document to be read for one application: when it was shown, opened and confirmed."""

    __tablename__ = "application_documents"

    id = Column(Id, primary_key=True)
    application_id = Column(Id, ForeignKey("applications.id"), nullable=False)
    position = Column(Integer, nullable=False)
    code = Column(String(60), nullable=False)
    kind = Column(String(20), nullable=False)
    title = Column(String(120), nullable=False)
    version = Column(String(20), nullable=False)
    sha256 = Column(String(64), nullable=False)
    min_seconds = Column(Integer, nullable=False)
    shown_at = Column(UtcDateTime)
    opened_at = Column(UtcDateTime)
    confirmed_at = Column(UtcDateTime)

    __table_args__ = (UniqueConstraint("application_id", "position"),)


class ApplicationConsent(Base):
    """One separate consent, given or refused, with the words that were agreed to."""

    __tablename__ = "application_consents"

    id = Column(Id, primary_key=True)
    application_id = Column(Id, ForeignKey("applications.id"), nullable=False, index=True)
    kind = Column(String(30), nullable=False)
    text_sha256 = Column(String(64), nullable=False)
    granted = Column(Boolean, nullable=False)
    decided_at = Column(UtcDateTime, nullable=False)
    superseded_at = Column(UtcDateTime)


class HealthAnswer(Base):
    """The answer to one health question: the words, the value made of them, and the conditions found."""

    __tablename__ = "application_health_answers"

    id = Column(Id, primary_key=True)
    application_id = Column(Id, ForeignKey("applications.id"), nullable=False, index=True)
    question_no = Column(Integer, nullable=False)
    words = Column(Text, nullable=False)
    value = Column(String(10), nullable=False)
    findings = Column(Json, nullable=False)
    groups = Column(Json, nullable=False)
    is_complete = Column(Boolean, nullable=False)
    message_id = Column(String(64), nullable=False)
    answered_at = Column(UtcDateTime, nullable=False)
    superseded_at = Column(UtcDateTime)


class ApplicationParty(Base):
    """Policyholder, insured or beneficiary; personal values are vault tokens."""

    __tablename__ = "application_parties"

    id = Column(Id, primary_key=True)
    application_id = Column(Id, ForeignKey("applications.id"), nullable=False, index=True)
    role = Column(String(20), nullable=False)
    position = Column(Integer, nullable=False)
    relation = Column(String(20), nullable=False)
    name_token = Column(String(64), nullable=False)
    id_kind = Column(String(20), nullable=False)
    id_token = Column(String(64), nullable=False)
    id_digest = Column(String(64), nullable=False, index=True)
    id_valid_until = Column(Date)
    phone_token = Column(String(64))
    email_token = Column(String(64))
    address_token = Column(String(64))
    region = Column(String(60))
    birth_date = Column(Date)
    gender = Column(String(10))
    occupation = Column(String(60))
    occupation_class = Column(Integer)
    tax_residence = Column(String(30))
    share_rank = Column(Integer)
    share_percent = Column(Integer)
    submitted_at = Column(UtcDateTime, nullable=False)
    superseded_at = Column(UtcDateTime)


class UnderwritingDecision(Base):
    """A result of underwriting in writing, by the rules or by a person, and what the customer said to it."""

    __tablename__ = "application_decisions"

    id = Column(Id, primary_key=True)
    application_id = Column(Id, ForeignKey("applications.id"), nullable=False, index=True)
    fingerprint = Column(String(64), nullable=False)
    conclusion = Column(String(20), nullable=False)
    reasons = Column(Json, nullable=False)
    loading_percent = Column(Integer, nullable=False)
    exclusions = Column(Json, nullable=False)
    materials = Column(Json, nullable=False)
    postpone_until = Column(String(60))
    rules_version = Column(String(20), nullable=False)
    decided_by = Column(String(60), nullable=False)
    decided_at = Column(UtcDateTime, nullable=False)
    response = Column(String(20))
    responded_at = Column(UtcDateTime)
    superseded_at = Column(UtcDateTime)


class UnderwritingReview(Base):
    """A case for a human underwriter: why, the materials asked for, and the outcome."""

    __tablename__ = "application_reviews"

    id = Column(Id, primary_key=True)
    application_id = Column(Id, ForeignKey("applications.id"), nullable=False, index=True)
    decision_id = Column(Id, ForeignKey("application_decisions.id"), nullable=False)
    asked_by = Column(String(20), nullable=False)
    materials = Column(Json, nullable=False)
    status = Column(String(20), nullable=False)
    opened_at = Column(UtcDateTime, nullable=False)
    closed_at = Column(UtcDateTime)
    closed_by = Column(String(60))


class SuitabilityStatement(Base):
    """The customer's written insistence on buying against the advice to stop (suitability rules, art. 38)."""

    __tablename__ = "application_suitability_statements"

    id = Column(Id, primary_key=True)
    application_id = Column(Id, ForeignKey("applications.id"), nullable=False, index=True)
    fingerprint = Column(String(64), nullable=False)
    findings = Column(Json, nullable=False)
    words = Column(Text, nullable=False)
    message_id = Column(String(64), nullable=False)
    stated_at = Column(UtcDateTime, nullable=False)
    superseded_at = Column(UtcDateTime)


class ApplicationMark(Base):
    """Something shown or confirmed once per content: a change of the content needs a new mark."""

    __tablename__ = "application_marks"

    id = Column(Id, primary_key=True)
    application_id = Column(Id, ForeignKey("applications.id"), nullable=False, index=True)
    kind = Column(String(40), nullable=False)
    fingerprint = Column(String(64), nullable=False)
    message_id = Column(String(64))
    marked_at = Column(UtcDateTime, nullable=False)
    superseded_at = Column(UtcDateTime)
