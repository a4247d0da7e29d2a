"""The vault: personal values are encrypted here and known elsewhere only by a token such as ⟦id_card:7f3a…⟧."""

import base64
import hashlib
import hmac
import re
import secrets
from typing import Dict, Tuple

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot import clock
from bot.errors import NotFound
from bot.ids import new_id
from bot.settings import settings
from bot.store.tables.store import VaultReveal, VaultValue

KINDS = ("id_card", "passport", "phone", "email", "name", "address")
TOKEN = re.compile(r"⟦(" + "|".join(KINDS) + r"):([0-9a-f]{24})⟧")
NONCE_BYTES = 12


async def seal(session: AsyncSession, kind: str, value: str, owner: str) -> str:
    """Encrypt a value and return its token; the same value of the same owner gets the same token.

    `owner` is the conversation or customer the value belongs to. Raises ValueError for an unknown kind.
    """
    if kind not in KINDS:
        raise ValueError(f"unknown kind of vault value: {kind}")
    found = await session.execute(
        select(VaultValue.token).where(
            VaultValue.owner == owner, VaultValue.kind == kind, VaultValue.digest == digest(value)
        )
    )
    known = found.scalars().first()
    if known:
        return str(known)
    token = f"⟦{kind}:{secrets.token_hex(12)}⟧"
    key_id, key = _sealing_key()
    session.add(
        VaultValue(
            token=token,
            kind=kind,
            owner=owner,
            digest=digest(value),
            key_id=key_id,
            ciphertext=_encrypt(key, token, value),
            created_at=clock.now(),
        )
    )
    await session.flush()
    return token


async def reveal(session: AsyncSession, token: str, purpose: str, actor: str) -> str:
    """The value behind a token, for a named purpose; leaves an audit row. Raises NotFound."""
    row = await _row(session, token)
    session.add(VaultReveal(id=new_id(), token=token, purpose=purpose, actor=actor, at=clock.now()))
    return _decrypt(row)


async def masked(session: AsyncSession, token: str) -> str:
    """The mask of the value behind a token. Raises NotFound."""
    row = await _row(session, token)
    return mask(str(row.kind), _decrypt(row))


async def masks(session: AsyncSession, text: str) -> str:
    """The text with every vault token replaced by the mask of its value; unknown tokens stay."""
    tokens = {match.group(0) for match in TOKEN.finditer(text)}
    if not tokens:
        return text
    rows = (await session.execute(select(VaultValue).where(VaultValue.token.in_(tokens)))).scalars()
    for row in rows:
        text = text.replace(str(row.token), mask(str(row.kind), _decrypt(row)))
    return text


async def rotate(session: AsyncSession) -> int:
    """Encrypt every value that an older key sealed with the present one; returns how many."""
    key_id, key = _sealing_key()
    rows = list((await session.execute(select(VaultValue).where(VaultValue.key_id != key_id))).scalars())
    for row in rows:
        row.ciphertext = _encrypt(key, str(row.token), _decrypt(row))
        row.key_id = key_id
    return len(rows)


def digest(value: str) -> str:
    """A keyed hash (HMAC-SHA-256, 64 hex digits) by which a value is looked up without being stored."""
    key = settings().lookup_key.get_secret_value().encode()
    return hmac.new(key, value.encode(), hashlib.sha256).hexdigest()


def mask(kind: str, value: str) -> str:
    """What people may see of a value: 1101**********002X, 138****8000, 王*, a***@example.com."""
    if kind in ("id_card", "passport"):
        return value[:4] + "*" * (len(value) - 8) + value[-4:] if len(value) > 8 else "*" * len(value)
    if kind == "phone":
        return f"{value[:3]}****{value[-4:]}"
    if kind == "email":
        name, _, host = value.partition("@")
        return f"{name[:1]}***@{host}"
    if kind == "name":
        return value[:1] + "*" * (len(value) - 1)
    return value[:6] + "****"


async def _row(session: AsyncSession, token: str) -> VaultValue:
    row = await session.get(VaultValue, token)
    if row is None:
        raise NotFound("vault_token_unknown")
    return row


def _keys() -> Dict[str, bytes]:
    pairs = (item.split(":", 1) for item in settings().vault_keys.get_secret_value().split(","))
    return {key_id.strip(): base64.b64decode(encoded) for key_id, encoded in pairs}


def _sealing_key() -> Tuple[str, bytes]:
    return next(iter(_keys().items()))


def _encrypt(key: bytes, token: str, value: str) -> bytes:
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, value.encode(), token.encode())


def _decrypt(row: VaultValue) -> str:
    sealed = bytes(row.ciphertext)
    nonce, ciphertext = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
    return AESGCM(_keys()[str(row.key_id)]).decrypt(nonce, ciphertext, str(row.token).encode()).decode()
