"""The built-in SMS provider: messages go to a page of the running installation, not to a phone."""

from typing import List

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot import clock
from bot.ids import new_id
from bot.store import transaction
from bot.store.tables.customers import SandboxSms as SandboxSmsRow

SHOWN = 50


class SandboxSms:
    """Keeps messages in a table; of the phone only the last four digits."""

    async def send(self, phone: str, text: str) -> None:
        """Put a message on the page."""
        async with transaction() as session:
            masked = "*" * (len(phone) - 4) + phone[-4:]
            session.add(SandboxSmsRow(id=new_id(), phone_masked=masked, text=text, at=clock.now()))


async def delivered(session: AsyncSession) -> List[SandboxSmsRow]:
    """The latest messages, newest first."""
    query = select(SandboxSmsRow).order_by(SandboxSmsRow.at.desc(), SandboxSmsRow.id.desc()).limit(SHOWN)
    return list((await session.execute(query)).scalars().all())
