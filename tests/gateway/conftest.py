"""Real servers on free ports: a gateway in the test's loop, a stand-in for Rasa, customers with real sockets."""

from typing import Any, AsyncIterator, Awaitable, Callable, List

import pytest

from bot.channels.web.limits import limiter
from bot.conversations import ports
from bot.settings import settings
from bot.store import Database
from tests.gateway.client import Customer
from tests.gateway.fake_rasa import FakeRasa
from tests.gateway.gateway import Running, build


@pytest.fixture
async def rasa() -> AsyncIterator[FakeRasa]:
    fake = FakeRasa()
    await fake.start()
    yield fake
    await fake.stop()


@pytest.fixture
def registries() -> ports.Ports:
    return ports.Ports()


@pytest.fixture
def tuned(rasa: FakeRasa, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Change settings, by name, before the gateway starts."""

    def tune(**values: Any) -> None:
        for name, value in values.items():
            monkeypatch.setenv(f"HEYU_{name.upper()}", str(value))
        settings.cache_clear()
        limiter.cache_clear()

    tune(
        rasa_url=rasa.url,
        actions_url=f"{rasa.url}/webhook",
        retry_first_seconds=0.05,
        retry_longest_seconds=0.2,
        lease_seconds=3,
        inbox_poll_seconds=0.1,
        messages_per_minute=1000,
        requests_per_minute=10000,
    )
    return tune


@pytest.fixture
async def gateway(database: Database, tuned: Callable[..., None], registries: ports.Ports) -> AsyncIterator[Running]:
    running = await Running(build(registries)).start()
    yield running
    await running.stop()
    ports.use(ports.Ports())


@pytest.fixture
async def customer(gateway: Running, make_customer: Callable[[], Awaitable[Customer]]) -> Customer:
    return await make_customer()


@pytest.fixture
async def make_customer(gateway: Running) -> AsyncIterator[Callable[[], Awaitable[Customer]]]:
    made: List[Customer] = []

    async def make() -> Customer:
        made.append(await Customer(gateway.url).open())
        return made[-1]

    yield make
    for customer in made:
        await customer.close()
