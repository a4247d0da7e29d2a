"""What the conversations need from other features: registries that bot/app.py fills."""

from dataclasses import dataclass, field
from typing import Any, Awaitable, Callable, Dict, Optional, Protocol

from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversations.claims import Claim

# (session, conversation id, ref) → body of a card; one per message type
CardLoader = Callable[[AsyncSession, str, Dict[str, Any]], Awaitable[Dict[str, Any]]]
# (session, conversation id, values) → entities of EXTERNAL_form_submitted; one per form id; raises Invalid(fields=…)
FormHandler = Callable[[AsyncSession, str, Dict[str, Any]], Awaitable[Dict[str, Any]]]
# (session, conversation id, document id) → entities of EXTERNAL_document_confirmed
DocumentHandler = Callable[[AsyncSession, str, str], Awaitable[Dict[str, Any]]]
# (session, conversation id, digits) → whether they are the SMS code that this conversation waits for
CodeCheck = Callable[[AsyncSession, str, str], Awaitable[bool]]
# (session, conversation id, reason) → whether a desk took the conversation into its queue
HumanRequest = Callable[[AsyncSession, str, str], Awaitable[bool]]
# (conversation id, event, data): tell every open socket; must not block
Announcer = Callable[[str, str, Dict[str, Any]], None]


class Worker(Protocol):
    """The dispatcher of this process."""

    def wake(self) -> None:
        """There may be a new row in the inbox."""

    def has_room(self) -> bool:
        """Whether it can start on another row at once."""

    def take(self, claim: Claim) -> None:
        """Start on a row that was leased for it when it was stored; must not block."""


@dataclass
class Ports:
    """The registries of one process; one without sockets (the action server) leaves `announce` and `worker` None."""

    # the official line, named when nobody can help in the chat
    hotline: str = ""
    cards: Dict[str, CardLoader] = field(default_factory=dict)
    forms: Dict[str, FormHandler] = field(default_factory=dict)
    document: Optional[DocumentHandler] = None
    is_live_code: Optional[CodeCheck] = None
    request_human: Optional[HumanRequest] = None
    announce: Optional[Announcer] = None
    worker: Optional[Worker] = None


class _Process:
    ports = Ports()


def use(ports: Ports) -> None:
    """Say which registries this process works with."""
    _Process.ports = ports


def current() -> Ports:
    """The registries of this process."""
    return _Process.ports
