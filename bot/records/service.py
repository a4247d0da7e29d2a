"""Use cases of the record: append a link, verify chains, export one for the customer or the auditor."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot import clock
from bot.errors import Invalid, NotFound
from bot.records import rules
from bot.records.repository import RecordRepository
from bot.records.rules import Head, Row, Verification
from bot.settings import settings

FORMAT = "heyu-record-1"


async def append(session: AsyncSession, chain: str, kind: str, content: Mapping[str, Any]) -> str:
    """Add one link to a chain and return its hash (64 hex digits).

    `chain` is the application's id. `content` holds what was shown or confirmed, as JSON values with vault tokens in
    place of personal values; TypeError or ValueError for anything else.
    """
    repository = RecordRepository(session)
    await repository.lock(chain)
    row = rules.next_row(await repository.last(chain), chain=chain, kind=kind, content=content, at=clock.now())
    head = Head(chain, row.seq, row.hash, rules.seal(_key(), chain, row.seq, row.hash))
    await repository.append(row, head)
    return row.hash


async def head(session: AsyncSession, chain: str) -> str:
    """The hash a chain ends with now; the genesis hash when it has no link yet."""
    found = await RecordRepository(session).head(chain)
    return found.hash if found else rules.GENESIS


async def verify(session: AsyncSession, chain: str) -> Verification:
    """Check one chain link by link and against its sealed head. Raises NotFound when there is none."""
    repository = RecordRepository(session)
    rows, sealed = await repository.rows(chain), await repository.head(chain)
    if not rows and sealed is None:
        raise NotFound("record_unknown")
    return rules.verify(chain, rows, sealed, _key())


async def verify_all(session: AsyncSession) -> list[Verification]:
    """Check every chain; for `python -m bot records verify`."""
    return [await verify(session, chain) for chain in await RecordRepository(session).chains()]


async def export(session: AsyncSession, chain: str) -> dict[str, Any]:
    """The chain as JSON that `verify_export` accepts, as long as nobody changes it. Raises NotFound."""
    repository = RecordRepository(session)
    rows, sealed = await repository.rows(chain), await repository.head(chain)
    if sealed is None:
        raise NotFound("record_unknown")
    return {
        "format": FORMAT,
        "algorithm": rules.ALGORITHM,
        "chain": chain,
        "exported_at": rules.instant(clock.now()),
        "rows": [_exported(row) for row in rows],
        "head": {"length": sealed.length, "hash": sealed.hash, "seal": sealed.seal},
    }


def verify_export(exported: Mapping[str, Any]) -> Verification:
    """Check an exported chain without looking into the database.

    Raises Invalid when the text is not an export of ours. Extra keys are ignored.
    """
    try:
        if exported["format"] != FORMAT:
            raise Invalid("record_format")
        chain = str(exported["chain"])
        rows = [_imported(chain, row) for row in exported["rows"]]
        ending = exported["head"]
        sealed = Head(chain, int(ending["length"]), str(ending["hash"]), str(ending["seal"]))
    except (KeyError, TypeError, ValueError) as error:
        raise Invalid("record_format") from error
    return rules.verify(chain, rows, sealed, _key())


def _exported(row: Row) -> dict[str, Any]:
    return {
        "seq": row.seq,
        "kind": row.kind,
        "content": row.content,
        "at": rules.instant(row.at),
        "prev_hash": row.prev_hash,
        "hash": row.hash,
    }


def _imported(chain: str, row: Mapping[str, Any]) -> Row:
    return Row(
        chain=chain,
        seq=int(row["seq"]),
        kind=str(row["kind"]),
        content=dict(row["content"]),
        at=datetime.fromisoformat(row["at"]),
        prev_hash=str(row["prev_hash"]),
        hash=str(row["hash"]),
    )


def _key() -> bytes:
    """The seal's key, kept apart from the look-up key it is derived from."""
    return b"record-head:" + settings().lookup_key.get_secret_value().encode()
