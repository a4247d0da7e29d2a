"""Tells open sockets and the dispatcher about a transaction, but only once it is committed."""

from typing import Any, Callable, Dict, List

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversations import ports

_PENDING = "heyu_after_commit"


def announce(session: AsyncSession, conversation_id: str, name: str, data: Dict[str, Any]) -> None:
    """Send an event to every open socket of a conversation when the transaction commits."""
    announcer = ports.current().announce
    if announcer is not None:
        after_commit(session, lambda: announcer(conversation_id, name, data))


def wake(session: AsyncSession) -> None:
    """Have the dispatcher look at the inbox when the transaction commits."""
    waker = ports.current().wake
    if waker is not None:
        after_commit(session, waker)


def after_commit(session: AsyncSession, action: Callable[[], None]) -> None:
    """Run a quick action once, after this transaction is committed; never after a rollback."""
    pending: List[Callable[[], None]] = session.info.setdefault(_PENDING, [])
    if not pending:
        event.listen(session.sync_session, "after_commit", _run, once=True)
        event.listen(session.sync_session, "after_soft_rollback", _forget, once=True)
    pending.append(action)


def _run(sync_session: Any) -> None:
    for action in sync_session.info.pop(_PENDING, []):
        action()


def _forget(sync_session: Any, _previous: Any) -> None:
    sync_session.info.pop(_PENDING, None)
