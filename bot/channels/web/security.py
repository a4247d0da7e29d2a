"""Every HTTP answer: security headers, size and origin checks, errors as JSON."""

from typing import Any, Callable, TypeVar

import structlog
from sanic import Sanic
from sanic.exceptions import NotFound as SanicNotFound
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import BaseHTTPResponse, HTTPResponse, empty, json

from bot import errors, metrics
from bot.channels.web.access import check_origin, client_address
from bot.channels.web.limits import limiter
from bot.errors import HeyuError, Invalid, NotFound, TooMany
from bot.settings import settings

log = structlog.get_logger(__name__)
Handler = TypeVar("Handler", bound=Callable[..., Any])

CONTENT_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self' ws: wss:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
    )
)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
UNLIMITED_PATHS = ("/static/", "/socket.io/", "/healthz", "/metrics")
# no route takes more; most take settings.body_limit
LARGEST_BODY = 8 * 1024 * 1024


class BodyTooLarge(HeyuError):
    """The body is larger than the route takes."""

    status = 413
    default_code = "body_too_large"


def large_body(limit: int) -> Callable[[Handler], Handler]:
    """Let a route take bodies up to `limit` bytes (at most LARGEST_BODY)."""

    def mark(handler: Handler) -> Handler:
        handler.__body_limit__ = limit  # type: ignore[attr-defined]
        return handler

    return mark


def mount(app: Sanic) -> None:
    """Put the checks before, and the headers behind, every route of an app."""
    app.config.REQUEST_MAX_SIZE = LARGEST_BODY
    app.config.PROXIES_COUNT = settings().proxies or None
    app.register_middleware(_before, "request")
    app.register_middleware(_behind, "response")
    app.error_handler.add(HeyuError, _heyu_error)
    app.error_handler.add(SanicException, _sanic_error)
    app.error_handler.add(Exception, _unexpected)


async def _before(request: Request) -> None:
    check_origin(request)
    limit = getattr(request.route.handler if request.route else None, "__body_limit__", settings().body_limit)
    if len(request.body) > limit:
        raise BodyTooLarge()
    if not request.path.startswith(UNLIMITED_PATHS):
        await limiter().check_address(client_address(request))


async def _behind(request: Request, response: BaseHTTPResponse) -> None:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    frames = " ".join(["'self'", *settings().allowed_origins])
    response.headers.setdefault("Content-Security-Policy", f"{CONTENT_POLICY}; frame-ancestors {frames}")
    if request.path.startswith("/api/"):
        response.headers.setdefault("Cache-Control", "no-store")
    origin = request.headers.get("origin")
    if origin in settings().allowed_origins and not request.path.startswith("/socket.io/"):
        _allow_cross_origin(response, str(origin))


def _allow_cross_origin(response: BaseHTTPResponse, origin: str) -> None:
    """The embedded widget on one of the allowed sites may read the answer."""
    response.headers["Access-Control-Allow-Origin"] = origin
    response.headers["Access-Control-Allow-Headers"] = "Authorization, Content-Type"
    response.headers["Access-Control-Allow-Methods"] = "GET, POST, OPTIONS"
    response.headers["Vary"] = "Origin"


def _heyu_error(request: Request, error: HeyuError) -> HTTPResponse:
    metrics.HTTP_ERRORS.labels(str(error.status), error.code).inc()
    headers = {"Retry-After": str(error.retry_after)} if isinstance(error, TooMany) else None
    return json(errors.body(error), status=error.status, headers=headers, ensure_ascii=False)


def _sanic_error(request: Request, error: SanicException) -> HTTPResponse:
    if request.method == "OPTIONS" and request.headers.get("origin") in settings().allowed_origins:
        return empty()
    if isinstance(error, SanicNotFound):
        return _heyu_error(request, NotFound())
    if error.status_code == 413:
        return _heyu_error(request, BodyTooLarge())
    if error.status_code == 400:
        return _heyu_error(request, Invalid("malformed"))
    code = "not_allowed" if error.status_code == 405 else "internal"
    metrics.HTTP_ERRORS.labels(str(error.status_code), code).inc()
    body = {"error": code, "message": errors.text(code)}
    return json(body, status=error.status_code, headers=getattr(error, "headers", None), ensure_ascii=False)


def _unexpected(request: Request, error: Exception) -> HTTPResponse:
    log.error("request_failed", path=request.path, exc_info=error)
    return _heyu_error(request, HeyuError())
