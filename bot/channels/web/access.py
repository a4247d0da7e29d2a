"""Who is asking: the bearer token of a request, its address, its origin."""

from typing import Optional
from urllib.parse import urlsplit

from sanic.request import Request

from bot.conversations import service as conversations
from bot.errors import Forbidden, Unauthorized
from bot.settings import settings
from bot.store import transaction

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def bearer_token(request: Request) -> str:
    """The token of `Authorization: Bearer …`. Raises Unauthorized when there is none."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Unauthorized()
    return token.strip()


async def access_conversation(request: Request) -> str:
    """The id of the conversation whose resume token the request carries. Raises Unauthorized."""
    token = bearer_token(request)
    async with transaction(read_only=True) as session:
        return await conversations.access(session, token)


def client_address(request: Request) -> str:
    """The address of the customer, behind the trusted proxies of the settings."""
    return str(request.remote_addr or request.ip)


def check_origin(request: Request) -> None:
    """Refuse a browser on another site that wants to change something. Raises Forbidden."""
    origin = request.headers.get("origin")
    if request.method in SAFE_METHODS or origin is None:
        return
    if not allows_origin(origin, request.headers.get("host")):
        raise Forbidden("origin_refused")


def allows_origin(origin: Optional[str], host: Optional[str]) -> bool:
    """Whether a page of this origin may talk to us: our own address, or one of settings.allowed_origins."""
    if not origin:
        return True
    if origin in settings().allowed_origins or origin == settings().public_base:
        return True
    return host is not None and urlsplit(origin).netloc == host
