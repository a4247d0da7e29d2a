"""The web channel: Socket.IO for the chat page, the widget and Rasa's widgets, and the HTTP beside it."""

from typing import Any

from sanic import Sanic

from bot.channels.web import routes, security
from bot.channels.web.access import access_conversation, client_address
from bot.channels.web.security import large_body
from bot.channels.web.sockets import Announcements, create_server
from bot.conversations import ports
from bot.settings import settings

__all__ = ["access_conversation", "client_address", "large_body", "mount"]


def mount(app: Sanic) -> None:
    """Serve the chat on an app: checks and headers of every route, its HTTP routes, Socket.IO at /socket.io/."""
    security.mount(app)
    app.blueprint(routes.blueprint)
    server = create_server(settings())
    server.attach(app)
    announcements = Announcements(server)
    ports.current().announce = announcements.announce

    async def start(_app: Sanic, _loop: Any) -> None:
        announcements.start()

    async def stop(_app: Sanic, _loop: Any) -> None:
        await announcements.stop()

    app.register_listener(start, "before_server_start")
    app.register_listener(stop, "before_server_stop")
