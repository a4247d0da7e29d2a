"""Pure rules of the record's hash chain: hashing a row, verifying a chain.

A chain is the list of everything shown to and confirmed by a customer in one application. Row n carries the hash
of row n-1, so a changed, removed or reordered row breaks every hash after it. Rows cut off at the end would leave
a shorter but sound chain; the sealed head (length + last hash, authenticated with a key that is not in the
database) reveals them.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any

GENESIS = "0" * 64
ALGORITHM = "sha256-chain-1"


@dataclass(frozen=True)
class Row:
    """One link of a chain; `seq` counts from 1, hashes are 64 lower-case hex digits."""

    chain: str
    seq: int
    kind: str
    content: Mapping[str, Any]
    at: datetime
    prev_hash: str
    hash: str


@dataclass(frozen=True)
class Head:
    """The sealed end of a chain."""

    chain: str
    length: int
    hash: str
    seal: str


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong with a chain: `seq` is where, `code` is what."""

    seq: int
    code: str


@dataclass(frozen=True)
class Verification:
    """Result of a check; `valid` exactly when there is no fault."""

    chain: str
    length: int
    faults: Sequence[Fault] = field(default_factory=tuple)

    @property
    def valid(self) -> bool:
        """Whether nothing was found wrong."""
        return not self.faults


def canonical(value: Any) -> str:
    """JSON with sorted keys, no blanks and no escapes: the same value always gives the same text.

    Raises TypeError or ValueError for what JSON cannot hold (NaN included).
    """
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def instant(at: datetime) -> str:
    """The time as it enters the hash: UTC, microseconds, so that every database gives the same text back."""
    return at.astimezone(timezone.utc).isoformat(timespec="microseconds")


def row_hash(*, chain: str, seq: int, kind: str, content: Mapping[str, Any], at: datetime, prev_hash: str) -> str:
    """SHA-256 over the canonical JSON of all other fields of the row."""
    material = {
        "algorithm": ALGORITHM,
        "at": instant(at),
        "chain": chain,
        "content": content,
        "kind": kind,
        "prev_hash": prev_hash,
        "seq": seq,
    }
    return hashlib.sha256(canonical(material).encode()).hexdigest()


def next_row(previous: Row | None, *, chain: str, kind: str, content: Mapping[str, Any], at: datetime) -> Row:
    """The row that follows `previous` (None for the first of the chain).

    The content is taken as JSON gives it back, so that keys which are not text cannot change the order later.
    """
    content = json.loads(canonical(content))
    seq = previous.seq + 1 if previous else 1
    prev_hash = previous.hash if previous else GENESIS
    digest = row_hash(chain=chain, seq=seq, kind=kind, content=content, at=at, prev_hash=prev_hash)
    return Row(chain, seq, kind, content, at, prev_hash, digest)


def seal(key: bytes, chain: str, length: int, last_hash: str) -> str:
    """HMAC-SHA256 of the chain's length and last hash."""
    material = canonical([ALGORITHM, chain, length, last_hash]).encode()
    return hmac.new(key, material, hashlib.sha256).hexdigest()


def verify(chain: str, rows: Sequence[Row], head: Head | None = None, key: bytes | None = None) -> Verification:
    """Check every link and, when the head is given, that nothing is missing at the end.

    `rows` must be in stored order. Fault codes: `changed`, `broken_link`, `out_of_order`, `foreign_row`,
    `truncated`, `extended`, `head_missing`, `seal_broken`. Without `key` the seal itself is not checked.
    """
    faults = [fault for position, row in enumerate(rows, start=1) for fault in _row_faults(chain, position, row, rows)]
    if key is not None:
        faults += _head_faults(chain, rows, head, key)
    elif head is not None:
        faults += _length_faults(rows, head)
    return Verification(chain, len(rows), tuple(faults))


def _row_faults(chain: str, position: int, row: Row, rows: Sequence[Row]) -> list[Fault]:
    """What is wrong with the row that stands at `position` (from 1)."""
    faults = []
    if row.chain != chain:
        faults.append(Fault(position, "foreign_row"))
    if row.seq != position:
        faults.append(Fault(position, "out_of_order"))
    if row.prev_hash != (rows[position - 2].hash if position > 1 else GENESIS):
        faults.append(Fault(position, "broken_link"))
    recomputed = row_hash(
        chain=row.chain, seq=row.seq, kind=row.kind, content=row.content, at=row.at, prev_hash=row.prev_hash
    )
    if not hmac.compare_digest(recomputed, row.hash):
        faults.append(Fault(position, "changed"))
    return faults


def _head_faults(chain: str, rows: Sequence[Row], head: Head | None, key: bytes) -> list[Fault]:
    """What the sealed head says about the chain."""
    if head is None:
        return [Fault(len(rows), "head_missing")] if rows else []
    if head.chain != chain or not hmac.compare_digest(seal(key, head.chain, head.length, head.hash), head.seal):
        return [Fault(head.length, "seal_broken")]
    return _length_faults(rows, head)


def _length_faults(rows: Sequence[Row], head: Head) -> list[Fault]:
    """Whether rows were cut off or added after the head was written."""
    if len(rows) < head.length:
        return [Fault(head.length, "truncated")]
    if len(rows) > head.length:
        return [Fault(head.length + 1, "extended")]
    if rows and rows[-1].hash != head.hash:
        return [Fault(head.length, "seal_broken")]
    return []
