"""Whether each part of the installation works: database, rasa, actions, inbox."""

import asyncio
import time
from typing import Any, Dict, Protocol

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from bot.conversations import service as conversations
from bot.store import transaction

# an inbox whose oldest message has waited longer is not healthy
LONGEST_WAIT = 60.0


class AssistantHealth(Protocol):
    """What the gateway can ask of Rasa and its action server."""

    async def ready(self) -> bool:
        """Whether Rasa has a model ready."""

    async def actions_answer(self) -> bool:
        """Whether the action server answers."""


async def parts(assistant: AssistantHealth) -> Dict[str, Dict[str, Any]]:
    """`{database|rasa|actions|inbox: {ok, …}}`."""
    database, rasa, actions = await asyncio.gather(_database(), assistant.ready(), assistant.actions_answer())
    inbox = await _inbox() if database["ok"] else {"ok": False}
    return {"database": database, "rasa": {"ok": rasa}, "actions": {"ok": actions}, "inbox": inbox}


async def _database() -> Dict[str, Any]:
    started = time.monotonic()
    try:
        async with transaction(read_only=True) as session:
            await session.execute(text("SELECT 1"))
    except (SQLAlchemyError, OSError):
        return {"ok": False}
    return {"ok": True, "milliseconds": round((time.monotonic() - started) * 1000, 1)}


async def _inbox() -> Dict[str, Any]:
    async with transaction(read_only=True) as session:
        lag = await conversations.inbox_lag(session)
    return {
        "ok": lag["oldest_seconds"] < LONGEST_WAIT,
        "depth": int(lag["depth"]),
        "oldest_seconds": round(lag["oldest_seconds"], 1),
    }
