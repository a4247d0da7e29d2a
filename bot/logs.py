"""Logs: one JSON object a line on standard error, without what customers say and without secrets."""

import logging
import re
import sys
from typing import Any, List, MutableMapping

import structlog
from structlog.typing import Processor

PRIVATE_KEYS = frozenset(
    {"text", "body", "message", "phone", "code", "token", "secret", "password", "authorization", "entities", "values"}
    | {"id_card", "email", "name", "address", "card", "resume_token"}
)
HIDDEN = "[hidden]"
# runs of digits that could be a phone, an identity or a card number; vault tokens and ULIDs hold none
LONG_NUMBER = re.compile(r"(?<![0-9A-Za-z])\d(?:[ -]?\d){10,18}[Xx]?(?![0-9A-Za-z])")
EMAIL = re.compile(r"[\w.%+-]+@[\w-]+\.[\w.-]+")


def configure(level: str) -> None:
    """Send structlog's and the standard library's records through the same JSON renderer."""
    shared: List[Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        hide_private,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    renderer = structlog.processors.JSONRenderer(ensure_ascii=False)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    logging.basicConfig(handlers=[handler], level=level, force=True)
    # at DEBUG these write what goes over the wire, personal values included (sanic.error: every WebSocket frame)
    for noisy in ("httpx", "httpcore", "engineio", "socketio", "sqlalchemy", "aiosqlite", "sanic.error", "websockets"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def hide_private(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Blank out keys that hold personal values, and anything in a text that looks like a number of that kind."""
    return {key: HIDDEN if key in PRIVATE_KEYS else _without_numbers(value) for key, value in event.items()}


def _without_numbers(value: Any) -> Any:
    return EMAIL.sub(HIDDEN, LONG_NUMBER.sub(HIDDEN, value)) if isinstance(value, str) else value
