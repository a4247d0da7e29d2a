"""The worker that carries inbox rows to the assistant: many conversations at once, one row of each at a time."""

import asyncio
import contextlib
import time
from typing import Any, AsyncIterator, Coroutine, Optional, Set

import structlog

from bot import metrics
from bot.conversations import ports, turns
from bot.conversations.assistant import Assistant, Turn, TurnFailed
from bot.conversations.claims import Claim
from bot.conversations.inbox import EVENT, InboxRepository
from bot.settings import Settings
from bot.store import transaction

log = structlog.get_logger(__name__)

STOP_SECONDS = 5.0


class Dispatcher:
    """Runs until stopped. Woken by new rows of this process; looks every second for rows that others left."""

    def __init__(self, assistant: Assistant, settings: Settings) -> None:
        self._assistant = assistant
        self._settings = settings
        self._wake = asyncio.Event()
        self._places = asyncio.Semaphore(settings.inbox_workers)
        self._working: Set[asyncio.Task[None]] = set()
        self._task: Optional[asyncio.Task[None]] = None
        self._stopping = False

    def start(self) -> None:
        """Start working in the running event loop."""
        self._task = asyncio.get_running_loop().create_task(self._run())

    async def stop(self) -> None:
        """Take up nothing more; let the turns at work finish."""
        self._stopping = True
        self._wake.set()
        if self._task is not None:
            # cancelling alone would not do: Python 3.10's wait_for swallows a cancellation that meets its result
            await asyncio.wait({self._task}, timeout=STOP_SECONDS)
            self._task.cancel()
        if self._working:
            await asyncio.wait(self._working, timeout=self._settings.turn_seconds)

    def wake(self) -> None:
        """There may be a new row."""
        self._wake.set()

    def has_room(self) -> bool:
        """Whether a row could be started on at once."""
        return not self._stopping and not self._places.locked()

    def take(self, claim: Claim) -> None:
        """Start on a row that was leased for this process when it was stored."""
        self._begin(self._take(claim))

    async def _run(self) -> None:
        while True:
            await self._places.acquire()
            if self._stopping:
                return
            self._wake.clear()
            claim = await self._claim()
            if claim is not None:
                self._begin(self._work(claim))
                continue
            self._places.release()
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self._wake.wait(), self._settings.inbox_poll_seconds)

    async def _claim(self) -> Optional[Claim]:
        """The next row; None also when the database does not answer: it is asked again at the next poll."""
        try:
            async with transaction() as session:
                return await turns.take_up(session)
        except Exception:
            log.exception("inbox_claim_failed")
            return None

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._working.add(task)
        task.add_done_callback(self._working.discard)

    async def _take(self, claim: Claim) -> None:
        await self._places.acquire()
        await self._work(claim)

    async def _work(self, claim: Claim) -> None:
        try:
            async with self._held(claim):
                await self._turn(claim)
        except Exception:
            # the row stays leased and is taken up again when the lease runs out
            log.exception("inbox_row_left", row_id=claim.row_id)
        finally:
            self._places.release()

    async def _turn(self, claim: Claim) -> None:
        started = time.monotonic()
        try:
            turn = await self._assistant.turn(claim)
            metrics.TURN_SECONDS.observe(time.monotonic() - started)
            await self._complete(claim, turn)
        except TurnFailed as failure:
            healthy = failure.blames_message or await self._assistant.healthy()
            metrics.TURN_FAILURES.labels(str(healthy).lower()).inc()
            log.warning("turn_failed", message_id=claim.message_id, reason=failure.reason, healthy=healthy)
            async with transaction() as session:
                await turns.fail(session, claim, failure.reason, blames_message=healthy)

    async def _complete(self, claim: Claim, turn: Turn) -> None:
        """Store the replies. Raises TurnFailed when they cannot be made into messages."""
        try:
            async with transaction() as session:
                await turns.complete(session, claim, turn)
        except Exception as error:
            log.exception("replies_not_stored", message_id=claim.message_id)
            raise TurnFailed(type(error).__name__, blames_message=True) from error

    @contextlib.asynccontextmanager
    async def _held(self, claim: Claim) -> AsyncIterator[None]:
        """Keep the lease, show that the assistant is typing, and own up when it takes long."""
        keeper = asyncio.get_running_loop().create_task(self._keep(claim))
        self._typing(claim, True)
        try:
            yield
        finally:
            keeper.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await keeper
            self._typing(claim, False)

    async def _keep(self, claim: Claim) -> None:
        waited = 0.0
        pause = min(self._settings.lease_seconds / 3, self._settings.slow_seconds)
        while True:
            await asyncio.sleep(pause)
            waited += pause
            async with transaction() as session:
                if not await InboxRepository(session).renew(claim, self._settings.lease_seconds):
                    return
                if waited >= self._settings.slow_seconds and claim.kind != EVENT:
                    await turns.say_slow(session, claim)

    @staticmethod
    def _typing(claim: Claim, on: bool) -> None:
        announce = ports.current().announce
        if announce is not None:
            announce(claim.conversation_id, "typing", {"on": on, "sender": "assistant"})
