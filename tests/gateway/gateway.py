"""A gateway made of the parts under test: in the test's own loop, or as a process of its own that can be killed."""

import asyncio
import socket
import sys
from typing import Any, Optional

from sanic import Sanic

from bot.channels import web
from bot.conversations import ports, worker
from bot.customers import routes as customers
from bot.customers import service as customer_service
from bot.ids import new_id
from bot.jobs import worker as jobs
from bot.monitoring import routes as monitoring

HOTLINE = "95X68"


def build(registries: Optional[ports.Ports] = None) -> Sanic:
    app = Sanic(f"gateway-{new_id()}", configure_logging=False)
    # several apps in one process: without it Sanic 21.12 compiles its own methods twice and fails
    Sanic.test_mode = True
    ports.use(registries or ports.Ports())
    ports.current().hotline = HOTLINE
    ports.current().is_live_code = customer_service.is_live_code
    web.mount(app)
    worker.mount(app)
    jobs.mount(app, jobs.Handlers())
    app.blueprint(customers.blueprint)
    app.blueprint(monitoring.blueprint)
    return app


class Running:
    """An app that serves on a free port until stopped."""

    def __init__(self, app: Sanic) -> None:
        self.app = app
        self.url = ""
        self._server: Any = None

    async def start(self) -> "Running":
        sock = socket.socket()
        sock.bind(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{sock.getsockname()[1]}"
        self._server = await self.app.create_server(sock=sock, return_asyncio_server=True, access_log=False)
        await self._server.startup()
        await self._server.before_start()
        await self._server.start_serving()
        await self._server.after_start()
        return self

    async def stop(self) -> None:
        await self._server.before_stop()
        await self._server.close()
        await self._server.after_stop()


async def _main(port: int) -> None:
    app = build()
    server = await app.create_server(
        host="127.0.0.1", port=port, return_asyncio_server=True, access_log=False, debug=False
    )
    await server.startup()
    await server.before_start()
    await server.start_serving()
    print("ready", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_main(int(sys.argv[1])))
