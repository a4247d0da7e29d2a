"""Use cases of customers: send a code, check it, take a signed identity, say who someone is."""

import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Optional

import jwt
from sqlalchemy.ext.asyncio import AsyncSession

from bot import clock
from bot.conversations import service as conversations
from bot.customers import rules
from bot.customers.repository import CustomerRepository
from bot.customers.rules import Attempt, Code
from bot.errors import HeyuError, Invalid, NotFound, TooMany, Unauthorized
from bot.ids import new_id
from bot.settings import settings
from bot.store import vault
from bot.store.tables.customers import Customer, SmsCode

HOUR = timedelta(hours=1)
IDENTITY_LIFE = timedelta(minutes=10)
IDENTITY_LEEWAY = timedelta(seconds=30)


@dataclass(frozen=True)
class PendingCode:
    """A code that is noted and still has to be sent, after the transaction."""

    id: str
    phone: str
    code: str


@dataclass(frozen=True)
class Verification:
    """Who the customer is and in which conversation it goes on; or the error to raise after the transaction.

    A wrong try has to be counted, so it is not raised inside the transaction that counts it.
    """

    conversation_id: str
    customer_id: Optional[str] = None
    error: Optional[HeyuError] = None


async def request_code(session: AsyncSession, conversation_id: str, phone: str) -> PendingCode:
    """Make a code of six digits for a phone; the caller sends it once the transaction is committed.

    It holds for 5 minutes. Raises Invalid for no mobile number, TooMany within 60 seconds, beyond the hourly limits, or
    while five wrong tries lock the phone in this conversation.
    """
    phone = rules.phone_of(phone)
    customers = CustomerRepository(session)
    now, digest = clock.now(), vault.digest(phone)
    last = await customers.last_code(conversation_id, digest)
    rules.check_may_send(
        [_code(row) for row in await customers.codes_to(digest, now - HOUR)],
        _code(last) if last else None,
        await customers.codes_of(conversation_id, now - HOUR),
        settings().codes_per_hour,
        now,
    )
    pending = PendingCode(new_id(), phone, f"{secrets.randbelow(10**6):06d}")
    session.add(
        SmsCode(
            id=pending.id,
            conversation_id=conversation_id,
            phone_digest=digest,
            code_digest=_code_digest(pending.id, pending.code),
            wrong_tries=0,
            used=False,
            created_at=now,
            expires_at=now + rules.CODE_LIFE,
        )
    )
    await session.flush()
    return pending


async def forget_code(session: AsyncSession, pending: PendingCode) -> None:
    """Undo a code that could not be sent, so that another may be asked for at once."""
    row = await session.get(SmsCode, pending.id)
    if row is not None:
        await session.delete(row)


async def verify_code(session: AsyncSession, conversation_id: str, phone: str, code: str) -> Verification:
    """Check a typed code and make the customer known; see Verification for wrong ones. Raises Invalid, Conflict."""
    phone = rules.phone_of(phone)
    row = await CustomerRepository(session).last_code(conversation_id, vault.digest(phone))
    now = clock.now()
    attempt = rules.judge(_code(row) if row else None, row is not None and _is_code(row, code), now)
    if row is None or attempt is not Attempt.RIGHT:
        if row is not None and attempt is Attempt.WRONG:
            row.wrong_tries += 1
        return Verification(conversation_id, error=_refusal(attempt, row))
    row.used = True
    customer = await _customer_with_phone(session, phone)
    goes_on = await conversations.attach_customer(session, conversation_id, customer.id, f"verified:{row.id}")
    return Verification(goes_on, customer.id)


async def identify_jwt(session: AsyncSession, conversation_id: str, token: str) -> Verification:
    """Take a signed identity of the insurer's own site (JWT, HS256: `sub`, `iat`, `exp`, optional `phone`).

    It may live for ten minutes at most. Raises Unauthorized for any other token.
    """
    secret = settings().identity_jwt_secret.get_secret_value()
    try:
        claims = jwt.decode(
            token, secret, algorithms=["HS256"], options={"require": ["sub", "iat", "exp"]}, leeway=IDENTITY_LEEWAY
        )
    except jwt.InvalidTokenError as error:
        raise Unauthorized("identity_invalid") from error
    if claims["exp"] - claims["iat"] > IDENTITY_LIFE.total_seconds() or not claims["sub"]:
        raise Unauthorized("identity_invalid")
    phone = rules.phone_of(str(claims["phone"])) if claims.get("phone") else None
    return await identify(session, conversation_id, "site", str(claims["sub"]), phone)


async def identify(
    session: AsyncSession, conversation_id: str, provider: str, subject: str, phone: Optional[str] = None
) -> Verification:
    """Make the customer known by the name another system vouches for (`provider`: site, wechat)."""
    customers = CustomerRepository(session)
    digest = vault.digest(f"{provider}:{subject}")
    known = await customers.identity(provider, digest)
    if known is not None:
        customer_id = known.customer_id
    else:
        customer = await _customer_with_phone(session, phone) if phone else await customers.new()
        customer_id = await customers.add_identity(provider, digest, customer.id)
    goes_on = await conversations.attach_customer(session, conversation_id, customer_id, f"identified:{new_id()}")
    return Verification(goes_on, customer_id)


async def phone_token(session: AsyncSession, customer_id: str) -> str:
    """The vault token of a customer's phone. Raises NotFound when none is known."""
    customer = await CustomerRepository(session).get(customer_id)
    if customer is None or customer.phone_token is None:
        raise NotFound("phone_unknown")
    return customer.phone_token


async def is_live_code(session: AsyncSession, conversation_id: str, digits: str) -> bool:
    """Whether digits typed into the chat are the SMS code the conversation waits for."""
    row = await CustomerRepository(session).last_code(conversation_id)
    return row is not None and not row.used and clock.now() < row.expires_at and _is_code(row, digits)


async def _customer_with_phone(session: AsyncSession, phone: str) -> Customer:
    customer = await CustomerRepository(session).of_phone(vault.digest(phone))
    if customer.phone_token is None:
        customer.phone_token = await vault.seal(session, "phone", phone, customer.id)
    return customer


def _refusal(attempt: Attempt, row: Optional[SmsCode]) -> HeyuError:
    if attempt is Attempt.LOCKED or (row is not None and row.wrong_tries >= rules.MOST_WRONG_TRIES):
        return TooMany("code_locked", retry_after=int(rules.LOCK.total_seconds()))
    return Invalid(fields={"code": attempt.value})


def _code(row: SmsCode) -> Code:
    return Code(row.created_at, row.expires_at, row.wrong_tries, row.used)


def _is_code(row: SmsCode, typed: str) -> bool:
    return hmac.compare_digest(row.code_digest, _code_digest(row.id, typed.strip()))


def _code_digest(code_id: str, code: str) -> str:
    return vault.digest(f"sms-code:{code_id}:{code}")
