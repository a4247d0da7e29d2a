"""Short-lived signed links: a token that opens one thing for one purpose until it is too old."""

from __future__ import annotations

from datetime import timedelta

from itsdangerous import BadSignature, URLSafeTimedSerializer

from bot.errors import Unauthorized
from bot.settings import settings


def sign(purpose: str, subject: str) -> str:
    """A token for `subject` (an id) that only serves `purpose`; safe inside an address."""
    return str(_serializer(purpose).dumps(subject))


def check(purpose: str, subject: str, token: str | None, max_age: timedelta) -> None:
    """Raises Unauthorized unless the token was signed for this purpose and subject and is not older than `max_age`."""
    try:
        signed = _serializer(purpose).loads(token or "", max_age=int(max_age.total_seconds()))
    except BadSignature as error:
        raise Unauthorized("link_expired") from error
    if signed != subject:
        raise Unauthorized("link_expired")


def _serializer(purpose: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(settings().signing_key.get_secret_value(), salt=f"heyu.{purpose}")
