"""What a socket's client is told when what it asked for did not work."""

from typing import Any, Dict

import structlog
from sqlalchemy.exc import SQLAlchemyError

from bot import errors
from bot.errors import HeyuError, Unauthorized, Unavailable

log = structlog.get_logger(__name__)


def refusal(error: Exception) -> Dict[str, Any]:
    """`{error, message, fields?}` for whatever was raised, so that no client waits for an answer in vain.

    `reconnect` is set when the session is gone. A client that is told `unavailable` sends the same again.
    """
    if isinstance(error, HeyuError):
        return {**errors.body(error), "reconnect": True} if isinstance(error, Unauthorized) else errors.body(error)
    log.error("socket_request_failed", exc_info=error)
    return errors.body(Unavailable() if isinstance(error, SQLAlchemyError) else HeyuError())
