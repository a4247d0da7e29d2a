"""The action server: rasa_sdk's, bound to this machine, with the domain database behind it."""

from typing import Any

import structlog
from rasa_sdk.endpoint import create_app
from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, json

from bot import logs, store
from bot.app import wire
from bot.knowledge import service as knowledge
from bot.settings import Settings

log = structlog.get_logger(__name__)

# rasa sends the whole tracker with every call
MAX_REQUEST_BYTES = 20_000_000


def build() -> Sanic:
    """The app that runs everything in the package `actions`."""
    wire()
    app = create_app("actions", cors_origins=None)
    app.config.REQUEST_MAX_SIZE = MAX_REQUEST_BYTES

    app.error_handler.add(Exception, _failed)

    @app.listener("after_server_start")
    async def prepare(_app: Sanic, loop: Any) -> None:
        # in a thread of its own: the first question about the wording need not wait, and nothing waits for this
        loop.run_in_executor(None, knowledge.prepare)

    @app.listener("after_server_stop")
    async def close(_app: Sanic, _loop: Any) -> None:
        await store.database().dispose()

    return app


def _failed(_request: Request, error: Exception) -> HTTPResponse:
    # rasa_sdk's own answer repeats the whole tracker and domain, which rasa then logs
    log.error("action_failed", exc_info=error)
    return json({"error": type(error).__name__}, status=500)


def serve(config: Settings) -> None:
    """Serve until stopped; on 127.0.0.1 only, since the server has no authentication."""
    logs.configure(config.log_level)
    build().run("127.0.0.1", config.actions_port, workers=1, access_log=False)
