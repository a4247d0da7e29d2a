"""What can go wrong with a turn, and the list of action calls that failed during the present one."""

from contextlib import contextmanager
from contextvars import ContextVar
from typing import Iterator, List, Optional

from bot.errors import HeyuError, Unavailable


class TurnFailed(Unavailable):
    """The turn was not saved; the same call may work later.

    Codes: `no_model` `no_actions` `wrong_tracker_store` (this process is not ready), `action_failed`, `action_limit`
    (the dialogue does not come to rest), `turn_failed` (pipeline, policy or response), `turn_timeout`, `busy`
    (another turn of the conversation holds the lock), `tracker_store`.
    """


class TurnRefused(HeyuError):
    """The request names something that the model does not know; repeating it cannot help.

    Codes: `unknown_intent` `unknown_slot` `unknown_form`, each with `name`.
    """

    status = 400


_failed_calls: ContextVar[Optional[List[str]]] = ContextVar("failed_calls", default=None)


@contextmanager
def recorded_failures() -> Iterator[List[str]]:
    """Collect what `record_failure` reports in this task until the block ends."""
    failures: List[str] = []
    token = _failed_calls.set(failures)
    try:
        yield failures
    finally:
        _failed_calls.reset(token)


def record_failure(what: str) -> None:
    """Note that a part of the present turn failed although Rasa goes on; no effect outside a turn."""
    failures = _failed_calls.get()
    if failures is not None:
        failures.append(what)
