"""All SQL of customers."""

from datetime import datetime
from typing import Any, List, Optional

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from bot import clock
from bot.ids import new_id
from bot.store.tables.customers import Customer, Identity, SmsCode


class CustomerRepository:
    """Customers, identities and codes of one session."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def get(self, customer_id: str) -> Optional[Customer]:
        """A customer."""
        return await self.session.get(Customer, customer_id)

    async def of_phone(self, phone_digest: str) -> Customer:
        """The customer with a phone number, made on first sight; safe against two at once."""
        insert: Any = self._insert(Customer).values(id=new_id(), phone_digest=phone_digest, created_at=clock.now())
        await self.session.execute(insert.on_conflict_do_nothing(index_elements=["phone_digest"]))
        query = select(Customer).where(Customer.phone_digest == phone_digest).with_for_update()
        return (await self.session.execute(query)).scalars().one()

    async def new(self) -> Customer:
        """A customer of whom nothing is known yet."""
        customer = Customer(id=new_id(), created_at=clock.now())
        self.session.add(customer)
        await self.session.flush()
        return customer

    async def identity(self, provider: str, subject_digest: str) -> Optional[Identity]:
        """The identity under which another system knows a customer."""
        query = select(Identity).where(Identity.provider == provider, Identity.subject_digest == subject_digest)
        return (await self.session.execute(query)).scalars().first()

    async def add_identity(self, provider: str, subject_digest: str, customer_id: str) -> str:
        """Link an identity to a customer; returns whose it is (another's if that one was faster)."""
        insert: Any = self._insert(Identity).values(
            id=new_id(),
            provider=provider,
            subject_digest=subject_digest,
            customer_id=customer_id,
            created_at=clock.now(),
        )
        await self.session.execute(insert.on_conflict_do_nothing(index_elements=["provider", "subject_digest"]))
        linked = await self.identity(provider, subject_digest)
        return linked.customer_id if linked else customer_id

    async def codes_to(self, phone_digest: str, since: datetime) -> List[SmsCode]:
        """The codes sent to a phone since a time, newest first."""
        query = (
            select(SmsCode)
            .where(SmsCode.phone_digest == phone_digest, SmsCode.created_at >= since)
            .order_by(SmsCode.created_at.desc(), SmsCode.id.desc())
        )
        return list((await self.session.execute(query)).scalars().all())

    async def codes_of(self, conversation_id: str, since: datetime) -> int:
        """How many codes a conversation asked for since a time."""
        query = (
            select(func.count())
            .select_from(SmsCode)
            .where(SmsCode.conversation_id == conversation_id, SmsCode.created_at >= since)
        )
        return int((await self.session.execute(query)).scalar_one())

    async def last_code(self, conversation_id: str, phone_digest: Optional[str] = None) -> Optional[SmsCode]:
        """The newest code of a conversation (for one phone, if given), locked."""
        query = select(SmsCode).where(SmsCode.conversation_id == conversation_id)
        if phone_digest is not None:
            query = query.where(SmsCode.phone_digest == phone_digest)
        query = query.order_by(SmsCode.created_at.desc(), SmsCode.id.desc()).limit(1).with_for_update()
        return (await self.session.execute(query)).scalars().first()

    def _insert(self, table: type) -> Any:
        dialect = sqlite if self.session.get_bind().dialect.name == "sqlite" else postgresql
        return dialect.insert(table)
