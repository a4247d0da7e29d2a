"""HTTP for operators: /healthz, /metrics, /openapi.json."""

from importlib.metadata import PackageNotFoundError, version

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, json, raw

from bot import metrics, openapi
from bot.conversations import service as conversations
from bot.monitoring.health import parts
from bot.settings import settings
from bot.store import transaction

blueprint = Blueprint("monitoring")


@blueprint.get("/healthz")
async def health(request: Request) -> HTTPResponse:
    """200 while messages are accepted (`degraded` when they cannot be answered at once), 503 without a database."""
    found = await parts(request.app.ctx.assistant)
    status = "ok" if all(part["ok"] for part in found.values()) else "degraded"
    if not found["database"]["ok"]:
        status = "down"
    return json({"status": status, "parts": found}, status=503 if status == "down" else 200)


@blueprint.get("/metrics")
async def figures(_request: Request) -> HTTPResponse:
    """Figures in Prometheus' text format."""
    async with transaction(read_only=True) as session:
        lag = await conversations.inbox_lag(session)
    metrics.INBOX_DEPTH.set(lag["depth"])
    metrics.INBOX_AGE.set(lag["oldest_seconds"])
    return raw(generate_latest(), content_type=CONTENT_TYPE_LATEST)


@blueprint.get("/openapi.json")
async def api_document(request: Request) -> HTTPResponse:
    """The description of the public HTTP routes."""
    document = openapi.document(request.app, "Heyu 禾屿", _version(), settings().public_base)
    return json(document, ensure_ascii=False)


def _version() -> str:
    try:
        return version("heyu")
    except PackageNotFoundError:
        return "0.1.0"
