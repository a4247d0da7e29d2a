"""Job of the policies: make the signed document of a policy that was just issued."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from bot.policies import documents
from bot.policies.service import DOCUMENT_JOB


async def make_document(payload: dict[str, Any]) -> None:
    """`policy_document`: render, sign and store; a second time does nothing."""
    await documents.make(str(payload["policy_no"]))


OUTSIDE: dict[str, Callable[[dict[str, Any]], Awaitable[None]]] = {DOCUMENT_JOB: make_document}
