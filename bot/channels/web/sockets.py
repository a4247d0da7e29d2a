"""The Socket.IO server of the gateway and the announcer that feeds its rooms after each commit."""

import asyncio
import contextlib
from typing import Any, Dict, List, Optional, Tuple, Type

import engineio
import socketio
import structlog

from bot.channels.web.access import allows_origin
from bot.channels.web.customer_namespace import CustomerNamespace
from bot.channels.web.rasa_namespace import RasaNamespace
from bot.settings import Settings

log = structlog.get_logger(__name__)


class OriginCheckedEngine(engineio.AsyncServer):
    """Engine.IO that takes our own host and the allowed origins, and no page of another site."""

    def _cors_allowed_origins(self, environ: Dict[str, Any]) -> List[str]:
        origin = environ.get("HTTP_ORIGIN")
        return [origin] if origin and allows_origin(origin, environ.get("HTTP_HOST")) else []


class OriginCheckedServer(socketio.AsyncServer):
    """A Socket.IO server on top of it."""

    def _engineio_server_class(self) -> Type[OriginCheckedEngine]:
        return OriginCheckedEngine


def create_server(settings: Settings) -> socketio.AsyncServer:
    """The Socket.IO server: WebSocket first, long-polling as fallback, Redis between several gateways."""
    manager = socketio.AsyncRedisManager(settings.redis_url) if settings.redis_url else None
    server = OriginCheckedServer(
        async_mode="sanic",
        client_manager=manager,
        max_http_buffer_size=settings.body_limit,
        ping_interval=20,
        ping_timeout=20,
    )
    server.register_namespace(CustomerNamespace("/"))
    server.register_namespace(RasaNamespace("/rasa"))
    return server


class Announcements:
    """Sends committed events to the rooms of both namespaces, in the order in which they were committed."""

    def __init__(self, server: socketio.AsyncServer) -> None:
        self._server = server
        self._waiting: asyncio.Queue[Tuple[str, str, Dict[str, Any]]] = asyncio.Queue()
        self._task: Optional[asyncio.Task[None]] = None

    def announce(self, conversation_id: str, event: str, data: Dict[str, Any]) -> None:
        """Queue an event; returns at once."""
        self._waiting.put_nowait((conversation_id, event, data))

    def start(self) -> None:
        """Start sending in the running event loop."""
        self._task = asyncio.get_running_loop().create_task(self._run())

    async def stop(self) -> None:
        """Send what is queued, then stop."""
        while not self._waiting.empty():
            await asyncio.sleep(0)
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def _run(self) -> None:
        while True:
            conversation_id, event, data = await self._waiting.get()
            try:
                await self._send(conversation_id, event, data)
            except Exception:
                # a client that missed an event asks for it with its next hello
                log.exception("announcement_lost", event_name=event)

    async def _send(self, conversation_id: str, event: str, data: Dict[str, Any]) -> None:
        await self._server.emit(event, data, room=conversation_id, namespace="/")
        rasa: RasaNamespace = self._server.namespace_handlers["/rasa"]
        await rasa.pass_on(conversation_id, event, data)
