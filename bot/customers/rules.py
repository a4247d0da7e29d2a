"""Rules of proving who one is by a code sent to a phone; pure."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Optional, Sequence

from bot.errors import Invalid, TooMany

PHONE = re.compile(r"^1[3-9]\d{9}$")

CODE_LIFE = timedelta(minutes=5)
MOST_WRONG_TRIES = 5
LOCK = timedelta(minutes=15)
RESEND_AFTER = timedelta(seconds=60)


@dataclass(frozen=True)
class Code:
    """A code that was sent: when, until when it holds, how often it was missed, whether it was used."""

    created_at: datetime
    expires_at: datetime
    wrong_tries: int
    used: bool


class Attempt(str, Enum):
    """What becomes of a code that a customer types in."""

    RIGHT = "right"
    WRONG = "code_wrong"
    EXPIRED = "code_expired"
    LOCKED = "code_locked"


def phone_of(text: str) -> str:
    """A mainland mobile number in its normal form. Raises Invalid. Source: brief, section 1 (field checks)."""
    digits = re.sub(r"[\s\-]", "", unicodedata.normalize("NFKC", text))
    digits = re.sub(r"^(?:\+|00)?86(?=1\d{10}$)", "", digits)
    if not PHONE.match(digits):
        raise Invalid(fields={"phone": "phone_invalid"})
    return digits


def check_may_send(
    to_phone: Sequence[Code], last_here: Optional[Code], of_conversation: int, per_hour: int, now: datetime
) -> None:
    """Whether another code may be sent. Raises TooMany.

    `to_phone` are the codes of the last hour for this phone, newest first; `last_here` the newest for this phone in
    this conversation; `of_conversation` how many of the last hour this conversation asked for.
    """
    if last_here is not None and is_locked(last_here, now):
        raise TooMany("code_locked", retry_after=_seconds(last_here.created_at + LOCK - now))
    if to_phone and now - to_phone[0].created_at < RESEND_AFTER:
        raise TooMany("code_too_soon", retry_after=_seconds(to_phone[0].created_at + RESEND_AFTER - now))
    if len(to_phone) >= per_hour or of_conversation >= 2 * per_hour:
        raise TooMany("code_too_many", retry_after=3600)


def is_locked(code: Code, now: datetime) -> bool:
    """Whether five wrong tries have locked this phone in this conversation."""
    return code.wrong_tries >= MOST_WRONG_TRIES and now - code.created_at < LOCK


def judge(code: Optional[Code], matches: bool, now: datetime) -> Attempt:
    """What becomes of a typed code; `matches`: it is the one that was sent. A locked code is not even right."""
    if code is None or code.used:
        return Attempt.EXPIRED
    if code.wrong_tries >= MOST_WRONG_TRIES:
        return Attempt.LOCKED
    if now >= code.expires_at:
        return Attempt.EXPIRED
    return Attempt.RIGHT if matches else Attempt.WRONG


def _seconds(wait: timedelta) -> int:
    return max(1, int(wait.total_seconds()) + 1)
