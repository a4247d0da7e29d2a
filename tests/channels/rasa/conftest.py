"""A real Rasa server and a controllable action server in a thread, with a small assistant trained once."""

import asyncio
import logging
import socket
import threading
from pathlib import Path
from typing import Any, Coroutine, Iterator

import httpx
import pytest
from sanic import Sanic

from tests.channels.rasa.action_server import ActionServer
from tests.channels.rasa.client import Rasa

ASSISTANT = Path(__file__).parent / "assistant"


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small assistant, trained."""
    import rasa
    from rasa.utils.log_utils import configure_structlog

    configure_structlog(logging.ERROR)
    folder = tmp_path_factory.mktemp("model")
    trained = rasa.train(
        str(ASSISTANT / "domain.yml"),
        str(ASSISTANT / "config.yml"),
        [str(ASSISTANT / "nlu.yml"), str(ASSISTANT / "rules.yml")],
        str(folder),
        fixed_model_name="assistant",
    )
    return Path(trained.model)


class Loop:
    """An event loop in a thread."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()

    def run(self, coroutine: Coroutine[Any, Any, Any]) -> Any:
        """Run in that loop and wait for the result."""
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(60)

    def stop(self) -> None:
        """Stop the loop and its thread."""
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(10)


@pytest.fixture(scope="session")
def server_loop() -> Iterator[Loop]:
    loop = Loop()
    yield loop
    loop.stop()


@pytest.fixture(scope="session")
def action_server(server_loop: Loop) -> Iterator[ActionServer]:
    server = ActionServer()
    server_loop.run(server.start())
    yield server
    server_loop.run(server.stop())


@pytest.fixture
def actions(action_server: ActionServer, server_loop: Loop) -> Iterator[ActionServer]:
    """The action server, up and well-behaved at the start of each test."""
    action_server.reset()
    yield action_server
    action_server.reset()
    if action_server.is_down:
        server_loop.run(action_server.start())


@pytest.fixture(scope="session")
def rasa_address(server_loop: Loop) -> Iterator[str]:
    """A real Rasa server, started as `rasa run` does; its agent is put in by `rasa`."""
    from rasa.core.run import configure_app

    from bot.channels.rasa.connector import TurnsInput

    Sanic.test_mode = True
    app = configure_app([TurnsInput()], enable_api=False)

    listening = socket.create_server(("127.0.0.1", 0))

    async def start() -> None:
        server = await app.create_server(sock=listening, return_asyncio_server=True, access_log=False)
        await server.startup()
        await server.before_start()

    server_loop.run(start())
    Rasa.app = app
    host, port = listening.getsockname()
    yield f"http://{host}:{port}"


@pytest.fixture
def rasa(rasa_address: str, model: Path, actions: ActionServer, own_var_dir: Path, server_loop: Loop) -> Iterator[Rasa]:
    """The server with a fresh agent and an empty tracker database."""
    with httpx.Client(base_url=rasa_address, timeout=30) as client:
        rasa = Rasa(client, model, actions, f"sqlite:///{own_var_dir / 'trackers.db'}", server_loop)
        yield rasa
        rasa.close()
