"""All SQL of the applications."""

from datetime import datetime
from typing import Any, List, Optional, Type

from sqlalchemy import or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.applications.schemas import Status
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

LIVE = [status.value for status in Status if status.is_live]
RESUME_ORDER = {Status.OPEN.value: 0, Status.HUMAN_REVIEW.value: 1, Status.PAUSED.value: 2}


class ApplicationRepository:
    """Reads and writes the rows of applications; rows with `superseded_at` are history and never loaded."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def get(self, application_id: str) -> Optional[Application]:
        """The application, whatever its status."""
        found: Optional[Application] = await self.session.get(Application, application_id)
        return found

    async def live(self, conversation_id: str, customer_id: Optional[str]) -> List[Application]:
        """Applications of the conversation or of its customer that can go on; the one to resume first."""
        owner = Application.conversation_id == conversation_id
        if customer_id:
            owner = or_(owner, Application.customer_id == customer_id)
        query = select(Application).where(owner, Application.status.in_(LIVE)).order_by(Application.updated_at.desc())
        rows: List[Application] = list((await self.session.execute(query)).scalars())
        return sorted(rows, key=lambda row: RESUME_ORDER[row.status])

    async def policies_on(self, product_code: str, id_digest: str) -> List[str]:
        """Numbers of the policies of this product that were issued on this insured."""
        query = (
            select(Application.policy_no)
            .join(ApplicationParty, ApplicationParty.application_id == Application.id)
            .where(
                Application.product_code == product_code,
                Application.policy_no.is_not(None),
                ApplicationParty.role == "insured",
                ApplicationParty.id_digest == id_digest,
                ApplicationParty.superseded_at.is_(None),
            )
        )
        return list((await self.session.execute(query)).scalars())

    async def needs(self, application_id: str) -> Optional[ApplicationNeeds]:
        """The needs as last submitted."""
        return await self._first(ApplicationNeeds, application_id)

    async def latest_needs(self, application_id: str) -> Optional[ApplicationNeeds]:
        """The needs as last submitted, superseded or not."""
        query = select(ApplicationNeeds).where(ApplicationNeeds.application_id == application_id)
        return (await self.session.execute(query.order_by(ApplicationNeeds.id.desc()).limit(1))).scalars().first()

    async def documents(self, application_id: str) -> List[ApplicationDocument]:
        """The documents to be read, in their order."""
        query = (
            select(ApplicationDocument)
            .where(ApplicationDocument.application_id == application_id)
            .order_by(ApplicationDocument.position)
        )
        return list((await self.session.execute(query)).scalars())

    async def document(self, document_id: str) -> Optional[ApplicationDocument]:
        """One document of one application."""
        found: Optional[ApplicationDocument] = await self.session.get(ApplicationDocument, document_id)
        return found

    async def consents(self, application_id: str) -> List[ApplicationConsent]:
        """The consents as last decided."""
        return await self._all(ApplicationConsent, application_id)

    async def health_answers(self, application_id: str) -> List[HealthAnswer]:
        """The health answers that stand, by question."""
        rows = await self._all(HealthAnswer, application_id)
        return sorted(rows, key=lambda row: row.question_no)

    async def parties(self, application_id: str) -> List[ApplicationParty]:
        """The parties as last submitted, in the order of the form."""
        rows = await self._all(ApplicationParty, application_id)
        return sorted(rows, key=lambda row: row.position)

    async def decision(self, application_id: str) -> Optional[UnderwritingDecision]:
        """The decision that stands."""
        return await self._first(UnderwritingDecision, application_id)

    async def statement(self, application_id: str) -> Optional[SuitabilityStatement]:
        """The written insistence that stands."""
        return await self._first(SuitabilityStatement, application_id)

    async def marks(self, application_id: str) -> List[ApplicationMark]:
        """What was shown and confirmed."""
        return await self._all(ApplicationMark, application_id)

    async def open_review(self, application_id: str) -> Optional[UnderwritingReview]:
        """The review case that waits for a person."""
        query = select(UnderwritingReview).where(
            UnderwritingReview.application_id == application_id, UnderwritingReview.status == "open"
        )
        found: Optional[UnderwritingReview] = (await self.session.execute(query)).scalars().first()
        return found

    async def review(self, review_id: str) -> Optional[UnderwritingReview]:
        """One review case."""
        found: Optional[UnderwritingReview] = await self.session.get(UnderwritingReview, review_id)
        return found

    async def open_reviews(self, limit: int) -> List[UnderwritingReview]:
        """Review cases that wait for a person, the oldest first."""
        query = (
            select(UnderwritingReview)
            .where(UnderwritingReview.status == "open")
            .order_by(UnderwritingReview.opened_at)
            .limit(limit)
        )
        return list((await self.session.execute(query)).scalars())

    async def supersede(self, table: Type[Any], application_id: str, moment: datetime, **where: Any) -> None:
        """Make the standing rows of a table history."""
        conditions = [getattr(table, name) == value for name, value in where.items()]
        await self.session.execute(
            update(table)
            .where(table.application_id == application_id, table.superseded_at.is_(None), *conditions)
            .values(superseded_at=moment)
            .execution_options(synchronize_session="fetch")
        )

    async def add(self, row: Any) -> None:
        """Store a new row."""
        self.session.add(row)
        await self.session.flush()

    async def _all(self, table: Type[Any], application_id: str) -> List[Any]:
        query = select(table).where(table.application_id == application_id, table.superseded_at.is_(None))
        return list((await self.session.execute(query.order_by(table.id))).scalars())

    async def _first(self, table: Type[Any], application_id: str) -> Optional[Any]:
        query = select(table).where(table.application_id == application_id, table.superseded_at.is_(None))
        return (await self.session.execute(query.order_by(table.id.desc()).limit(1))).scalars().first()
