"""All SQL of the record."""

from __future__ import annotations

import json

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.ids import new_id
from bot.records import rules
from bot.records.rules import Head, Row
from bot.store.tables.records import RecordHead, RecordRow


class RecordRepository:
    """Reads and appends links; there is no way to change one."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def chains(self) -> list[str]:
        """The names of all chains, heads without rows included."""
        rows = (await self.session.execute(select(RecordRow.chain).distinct())).scalars()
        heads = (await self.session.execute(select(RecordHead.chain))).scalars()
        return sorted({*rows, *heads})

    async def rows(self, chain: str) -> list[Row]:
        """All links of a chain, in order."""
        query = select(RecordRow).where(RecordRow.chain == chain).order_by(RecordRow.seq, RecordRow.id)
        return [_row(found) for found in (await self.session.execute(query)).scalars()]

    async def last(self, chain: str) -> Row | None:
        """The last link of a chain, if it has any."""
        query = select(RecordRow).where(RecordRow.chain == chain).order_by(RecordRow.seq.desc()).limit(1)
        found = (await self.session.execute(query)).scalars().first()
        return _row(found) if found else None

    async def head(self, chain: str) -> Head | None:
        """The sealed end of a chain."""
        found = await self.session.get(RecordHead, chain)
        if found is None:
            return None
        return Head(found.chain, found.length, found.hash, found.seal)

    async def lock(self, chain: str) -> None:
        """Let one writer at a time append to a chain (SQLite has only one writer anyhow)."""
        await self.session.execute(select(RecordHead.chain).where(RecordHead.chain == chain).with_for_update())

    async def append(self, row: Row, head: Head) -> None:
        """Store a link and the new end of its chain.

        Raises IntegrityError when another writer stored a link with this `seq` first.
        """
        self.session.add(
            RecordRow(
                id=new_id(),
                chain=row.chain,
                seq=row.seq,
                kind=row.kind,
                content=rules.canonical(row.content),
                at=row.at,
                prev_hash=row.prev_hash,
                hash=row.hash,
            )
        )
        stored = await self.session.get(RecordHead, head.chain)
        if stored is None:
            self.session.add(RecordHead(chain=head.chain, length=head.length, hash=head.hash, seal=head.seal))
        else:
            stored.length, stored.hash, stored.seal = head.length, head.hash, head.seal
        await self.session.flush()


def _row(found: RecordRow) -> Row:
    return Row(
        chain=found.chain,
        seq=found.seq,
        kind=found.kind,
        content=json.loads(found.content),
        at=found.at,
        prev_hash=found.prev_hash,
        hash=found.hash,
    )
