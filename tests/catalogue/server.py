"""A real server with the public routes of catalogue, quotes and regions, on a free port."""

import socket
from contextlib import asynccontextmanager
from typing import AsyncIterator

import httpx
from sanic import Sanic

from bot.catalogue import routes as catalogue
from bot.channels.web import security
from bot.ids import new_id
from bot.parties import routes as parties
from bot.quotes import routes as quotes


@asynccontextmanager
async def public_api() -> AsyncIterator[httpx.AsyncClient]:
    app = Sanic(f"public-{new_id()}", configure_logging=False)
    # several apps in one process: without it Sanic 21.12 compiles its own methods twice and fails
    Sanic.test_mode = True
    security.mount(app)
    for feature in (catalogue, parties, quotes):
        app.blueprint(feature.blueprint)
    sock = socket.socket()
    sock.bind(("127.0.0.1", 0))
    server = await app.create_server(sock=sock, return_asyncio_server=True, access_log=False)
    assert server is not None
    await server.startup()
    await server.start_serving()
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{sock.getsockname()[1]}", trust_env=False) as client:
        yield client
    await server.close()
