"""All SQL of policies, their numbers and documents."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import Conflict, NotFound
from bot.policies.numbers import SERIAL_LIMIT
from bot.store.base import rows_changed
from bot.store.tables.policies import Policy, PolicyDocument, PolicyProduct, PolicySeries


class PolicyRepository:
    """Issued policies."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def by_number(self, policy_no: str) -> Policy | None:
        """The policy with this number."""
        return await self.session.get(Policy, policy_no)

    async def locked(self, policy_no: str) -> Policy:
        """The policy with this number, locked and read afresh. Raises NotFound."""
        found = await self.session.get(Policy, policy_no, with_for_update=True, populate_existing=True)
        if found is None:
            raise NotFound("policy_unknown")
        return found

    async def by_order(self, order_id: str) -> Policy | None:
        """The policy that an order paid for."""
        query = select(Policy).where(Policy.order_id == order_id)
        return (await self.session.execute(query)).scalars().first()

    async def of_customer(self, customer_id: str) -> list[Policy]:
        """A customer's policies, newest first."""
        query = select(Policy).where(Policy.customer_id == customer_id)
        return list((await self.session.execute(query.order_by(Policy.issued_at.desc()))).scalars())

    async def document(self, policy_no: str) -> PolicyDocument | None:
        """The signed PDF of a policy, once it is made."""
        return await self.session.get(PolicyDocument, policy_no)

    async def by_hash(self, sha256: str) -> PolicyDocument | None:
        """The signed PDF with this SHA-256."""
        query = select(PolicyDocument).where(PolicyDocument.sha256 == sha256)
        return (await self.session.execute(query)).scalars().first()

    async def product_number(self, product_code: str) -> int:
        """The two digits of a product (1–99), given out in the order of first sales.

        Raises Conflict when all 99 are taken.
        """
        known = await self.session.get(PolicyProduct, product_code)
        if known is not None:
            return known.number
        taken = (await self.session.execute(select(func.max(PolicyProduct.number)))).scalar_one_or_none() or 0
        if taken >= 99:
            raise Conflict("policy_numbers_used_up")
        self.session.add(PolicyProduct(product_code=product_code, number=taken + 1))
        await self.session.flush()
        return int(taken + 1)

    async def next_serial(self, year: int, number: int) -> int:
        """The next serial of a product in a year; the counter's row stays locked until the transaction ends.

        Raises Conflict when the six digits are used up.
        """
        row = (PolicySeries.year == year) & (PolicySeries.number == number)
        if not await self._count_up(row):
            await self._open_series(year, number)
            await self._count_up(row)
        serial = int((await self.session.execute(select(PolicySeries.last_serial).where(row))).scalar_one())
        if serial > SERIAL_LIMIT:
            raise Conflict("policy_numbers_used_up")
        return serial

    async def _count_up(self, row: Any) -> bool:
        counted = update(PolicySeries).where(row).values(last_serial=PolicySeries.last_serial + 1)
        result = await self.session.execute(counted.execution_options(synchronize_session=False))
        return rows_changed(result) > 0

    async def _open_series(self, year: int, number: int) -> None:
        try:
            async with self.session.begin_nested():
                self.session.add(PolicySeries(year=year, number=number, last_serial=0))
        except IntegrityError:
            # Another gateway opened it first; its row is there once that transaction is over.
            return

    def add(self, row: Policy | PolicyDocument) -> None:
        """Store a new row with the transaction."""
        self.session.add(row)
