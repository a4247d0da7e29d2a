"""The whole of one application in hand: its rows, its product, and what follows from them."""

import hashlib
import json
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Dict, List, Mapping, Optional, Set, Tuple

from sqlalchemy.ext.asyncio import AsyncSession

from bot import clock
from bot.applications.repository import ApplicationRepository
from bot.applications.schemas import Status
from bot.catalogue import service as catalogue
from bot.catalogue.models import Product
from bot.errors import NotFound
from bot.ids import new_id
from bot.records import service as records
from bot.store.tables.applications import (
    Application,
    ApplicationConsent,
    ApplicationDocument,
    ApplicationMark,
    ApplicationNeeds,
    ApplicationParty,
    HealthAnswer,
    SuitabilityStatement,
    UnderwritingDecision,
    UnderwritingReview,
)

POLICYHOLDER, INSURED, BENEFICIARY = "policyholder", "insured", "beneficiary"


def fingerprint(content: Any) -> str:
    """SHA-256 (64 hex digits) over the content as canonical JSON: equal exactly when the content is equal."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass
class Sale:
    """One application with everything that belongs to it, loaded once for one use case."""

    session: AsyncSession
    application: Application
    product: Product
    moment: datetime
    needs: Optional[ApplicationNeeds] = None
    documents: List[ApplicationDocument] = field(default_factory=list)
    consents: List[ApplicationConsent] = field(default_factory=list)
    answers: List[HealthAnswer] = field(default_factory=list)
    parties: List[ApplicationParty] = field(default_factory=list)
    decision: Optional[UnderwritingDecision] = None
    review: Optional[UnderwritingReview] = None
    statement: Optional[SuitabilityStatement] = None
    marks: Set[Tuple[str, str]] = field(default_factory=set)

    @classmethod
    async def load(cls, session: AsyncSession, application_id: str) -> "Sale":
        """The application with its rows. Raises NotFound."""
        application = await ApplicationRepository(session).get(application_id)
        if application is None:
            raise NotFound("application_unknown")
        product = catalogue.product(application.product_code, application.product_version)
        sale = cls(session, application, product, clock.now())
        await sale.reload()
        return sale

    async def reload(self) -> None:
        """Read the rows again after a change."""
        rows = self.repository
        self.needs = await rows.needs(self.id)
        self.documents = await rows.documents(self.id)
        self.consents = await rows.consents(self.id)
        self.answers = await rows.health_answers(self.id)
        self.parties = await rows.parties(self.id)
        self.decision = await rows.decision(self.id)
        self.review = await rows.open_review(self.id)
        self.statement = await rows.statement(self.id)
        self.marks = {(mark.kind, mark.fingerprint) for mark in await rows.marks(self.id)}

    @property
    def id(self) -> str:
        """The application's id."""
        return str(self.application.id)

    @property
    def status(self) -> Status:
        """Where the application stands."""
        return Status(self.application.status)

    @property
    def repository(self) -> ApplicationRepository:
        """The SQL of this session."""
        return ApplicationRepository(self.session)

    @property
    def today(self) -> date:
        """The date in Asia/Shanghai."""
        return clock.local_date(self.moment)

    @property
    def effective_on(self) -> date:
        """The day on which cover would begin: the next one, at zero hours."""
        return self.today + timedelta(days=1)

    @property
    def policyholder(self) -> Optional[ApplicationParty]:
        """The policyholder, once the parties are submitted."""
        return self._party(POLICYHOLDER)

    @property
    def insured(self) -> Optional[ApplicationParty]:
        """The insured, once the parties are submitted."""
        return self._party(INSURED)

    @property
    def beneficiaries(self) -> List[ApplicationParty]:
        """The named beneficiaries; none means the statutory ones."""
        return [party for party in self.parties if party.role == BENEFICIARY]

    def _party(self, role: str) -> Optional[ApplicationParty]:
        return next((party for party in self.parties if party.role == role), None)

    def is_marked(self, kind: str, content: Any) -> bool:
        """Whether this content was shown or confirmed under this kind."""
        return (kind, fingerprint(content)) in self.marks

    async def mark(self, kind: str, content: Any, message_id: Optional[str] = None) -> bool:
        """Note that this content was shown or confirmed and put it on record; False when it was noted before."""
        if self.is_marked(kind, content):
            return False
        print_ = fingerprint(content)
        row = ApplicationMark(
            id=new_id(),
            application_id=self.id,
            kind=kind,
            fingerprint=print_,
            message_id=message_id,
            marked_at=self.moment,
        )
        await self.repository.add(row)
        self.marks.add((kind, print_))
        await self.record(kind, {"content": json.loads(json.dumps(content, default=str)), "sha256": print_})
        return True

    async def unmark(self, *kinds: str) -> None:
        """Take marks back, so that the customer is asked again."""
        for kind in kinds:
            await self.repository.supersede(ApplicationMark, self.id, self.moment, kind=kind)
        self.marks = {mark for mark in self.marks if mark[0] not in kinds}

    async def record(self, kind: str, content: Mapping[str, Any]) -> None:
        """Append to the sale's record. The content holds tokens or masks, never a clear personal value."""
        await records.append(self.session, self.id, kind, dict(content))

    async def move_to(self, status: Status, reason: Optional[str] = None) -> None:
        """Change the status and put it on record."""
        self.application.status = status.value
        self.application.updated_at = self.moment
        if not status.is_live:
            self.application.ended_at = self.moment
            self.application.ended_reason = reason
        await self.session.flush()
        await self.record("status", {"status": status.value, "reason": reason})

    async def set_factors(self, changes: Mapping[str, Any]) -> None:
        """Change pricing factors as the customer gave them; None takes one away so that it is asked again."""
        merged: Dict[str, Any] = {**self.application.factors, **changes}
        self.application.factors = {name: value for name, value in merged.items() if value is not None}
        self.application.updated_at = self.moment
        await self.session.flush()
        await self.record("factors", {"factors": self.application.factors})
