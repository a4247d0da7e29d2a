"""Puts the dispatcher of the inbox into a gateway's life: started with it, stopped with it."""

from typing import Any

from sanic import Sanic

from bot.conversations import ports
from bot.conversations.assistant import RasaAssistant
from bot.conversations.dispatcher import Dispatcher
from bot.settings import settings


def mount(app: Sanic) -> None:
    """Carry the inbox to Rasa while the app runs; `app.ctx.assistant` is the client, for /healthz."""

    async def start(app: Sanic, _loop: Any) -> None:
        now = settings()
        secret = now.connector_secret.get_secret_value()
        app.ctx.assistant = RasaAssistant(now.rasa_base, now.actions_webhook, secret, now.turn_seconds)
        app.ctx.dispatcher = Dispatcher(app.ctx.assistant, now)
        ports.current().worker = app.ctx.dispatcher
        app.ctx.dispatcher.start()

    async def stop(app: Sanic, _loop: Any) -> None:
        ports.current().worker = None
        await app.ctx.dispatcher.stop()
        await app.ctx.assistant.close()

    app.register_listener(start, "before_server_start")
    app.register_listener(stop, "before_server_stop")
