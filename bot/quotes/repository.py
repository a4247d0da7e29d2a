"""SQL of the quotes."""

from typing import Optional

from sqlalchemy.ext.asyncio import AsyncSession

from bot.store.tables.quotes import QuoteRow


class QuoteRepository:
    """Reads and adds quotes; none is ever changed."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def add(self, row: QuoteRow) -> None:
        """Store a new quote."""
        self.session.add(row)
        await self.session.flush()

    async def get(self, quote_id: str) -> Optional[QuoteRow]:
        """The quote of this id, or None."""
        found: Optional[QuoteRow] = await self.session.get(QuoteRow, quote_id)
        return found
