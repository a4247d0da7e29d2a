"""Tells open sockets and the dispatcher about a transaction, but only once it is committed."""

from typing import Any, Callable, Dict, List, Tuple

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversations import ports

_PENDING = "heyu_after_commit"

# what to do, and the savepoint (None: none) inside which it was decided
Pending = List[Tuple[Any, Callable[[], None]]]


def announce(session: AsyncSession, conversation_id: str, name: str, data: Dict[str, Any]) -> None:
    """Send an event to every open socket of a conversation when the transaction commits."""
    announcer = ports.current().announce
    if announcer is not None:
        after_commit(session, lambda: announcer(conversation_id, name, data))


def wake(session: AsyncSession) -> None:
    """Have the dispatcher look at the inbox when the transaction commits."""
    worker = ports.current().worker
    if worker is not None:
        after_commit(session, worker.wake)


def after_commit(session: AsyncSession, action: Callable[[], None]) -> None:
    """Run a quick action once the whole transaction is committed; not if it, or its savepoint, is rolled back."""
    if _PENDING not in session.info:
        session.info[_PENDING] = []
        event.listen(session.sync_session, "after_commit", _run)
        event.listen(session.sync_session, "after_soft_rollback", _forget)
    session.info[_PENDING].append((session.sync_session.get_nested_transaction(), action))


def _run(sync_session: Any) -> None:
    if sync_session.in_nested_transaction():
        return
    pending: Pending = sync_session.info[_PENDING]
    sync_session.info[_PENDING] = []
    for _savepoint, action in pending:
        action()


def _forget(sync_session: Any, ended: Any) -> None:
    pending: Pending = sync_session.info[_PENDING]
    kept = [(savepoint, action) for savepoint, action in pending if ended.nested and savepoint is not ended]
    sync_session.info[_PENDING] = kept
