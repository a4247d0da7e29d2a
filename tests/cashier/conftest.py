"""An order that waits for payment, the sandbox bank, and a gateway that takes its notices over real HTTP."""

import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass

import httpx
import pytest
from sanic import Sanic
from sqlalchemy import update

from bot import clock
from bot.cashier import jobs as cashier_jobs
from bot.cashier import payments, process, providers, routes, sandbox_routes, service, view
from bot.cashier.bankcards import Card
from bot.cashier.checkout import Asked
from bot.cashier.providers.base import Method, PaymentNotice
from bot.cashier.providers.behaviour import Behaviour
from bot.cashier.providers.sandbox import SandboxProvider, set_panel
from bot.cashier.rules import NoticeStatus, Verdict
from bot.channels.web import security
from bot.channels.web.limits import limiter
from bot.ids import new_id
from bot.jobs.worker import Handlers, JobWorker
from bot.policies import jobs as policy_jobs
from bot.policies import routes as policy_routes
from bot.settings import settings
from bot.store import transaction
from bot.store.tables.cashier import Order
from bot.store.tables.jobs import JobRow
from tests.policies.conftest import sales  # noqa: F401
from tests.policies.sales import HOLDER, Buyer, FakeSales, buyer, make_contract

CARD = Card("4111 1111 1111 1111", HOLDER, "12/40", "123")


@dataclass
class Shop:
    """A buyer with one confirmed application and its order, and the moves that tests make."""

    sales: FakeSales
    buyer: Buyer
    application_id: str
    quote_id: str
    order_id: str
    provider: SandboxProvider

    async def order(self) -> Order:
        async with transaction(read_only=True) as session:
            return await service.order(session, self.order_id)

    async def begin(self, method: Method = Method.ALIPAY) -> str:
        """Begin a payment; its id."""
        card = CARD if method.is_card else None
        await process.pay(self.order_id, Asked(method, card, "http://test/back"))
        async with transaction(read_only=True) as session:
            return (await payments.CashierRepository(session).payments(self.order_id))[-1].id

    async def payment(self, payment_id: str):
        async with transaction(read_only=True) as session:
            return await payments.CashierRepository(session).payment(payment_id)

    async def receive(self, notice: PaymentNotice, **options: bool) -> Verdict:
        async with transaction() as session:
            return await payments.receive_notice(session, notice, **options)

    def notice(self, payment_id: str, **changes: object) -> PaymentNotice:
        said = {
            "provider": "sandbox",
            "notice_id": new_id(),
            "payment_id": payment_id,
            "trade_no": f"SBX{payment_id}",
            "status": NoticeStatus.PAID,
            "amount_fen": 16900,
            "currency": "CNY",
            "paid_at": clock.now(),
            "payer_matches": True,
        }
        return PaymentNotice(**{**said, **changes})

    async def reopen(self, **contract: object) -> str:
        """Another order of the same application, after its contract changed; its id."""
        self.sales.change(self.application_id, **contract)
        changed = self.sales.contracts[self.application_id]
        async with transaction() as session:
            opened = await service.open_order(
                session,
                self.application_id,
                self.buyer.conversation_id,
                self.buyer.customer_id,
                changed.quote_id,
                changed.premium_fen,
                changed.product_name,
            )
            return opened.id

    async def age_order(self, **columns: object) -> None:
        """Make the order look as if time had passed."""
        async with transaction() as session:
            await session.execute(update(Order).where(Order.id == self.order_id).values(**columns))


@pytest.fixture
async def shop(database, sales: FakeSales) -> AsyncIterator[Shop]:  # noqa: F811
    bank = SandboxProvider(settings().sandbox_payment_secret.get_secret_value().encode())
    providers.use(bank)
    async with transaction() as session:
        who = await buyer(session)
        contract = await make_contract(session, who)
        sales.contracts[contract.application_id] = contract
        opened = await service.open_order(
            session,
            contract.application_id,
            who.conversation_id,
            who.customer_id,
            contract.quote_id,
            contract.premium_fen,
            contract.product_name,
        )
        order_id = opened.id
    yield Shop(sales, who, contract.application_id, contract.quote_id, order_id, bank)
    providers.use(None)


@dataclass
class Gateway:
    """A gateway on a free port, its client, and its jobs, done when the test says so."""

    shop: Shop
    client: httpx.AsyncClient
    worker: JobWorker

    @property
    def page(self) -> str:
        return view.page_path(self.shop.order_id)

    @property
    def headers(self) -> dict[str, str]:
        return {"X-Cashier-Token": httpx.URL(self.page).params["t"]}

    async def behave(self, behaviour: Behaviour, delay_seconds: int = 0) -> None:
        async with transaction() as session:
            await set_panel(session, behaviour, delay_seconds)

    async def pay_by_card(self, card: Card = CARD, method: str = "credit_card") -> httpx.Response:
        details = {"number": card.number, "holder": card.holder, "expiry": card.expiry, "cvv": card.cvv}
        path = f"/api/cashier/{self.shop.order_id}/pay"
        return await self.client.post(path, json={"method": method, "card": details}, headers=self.headers)

    async def status(self) -> dict:
        answer = await self.client.get(f"/api/cashier/{self.shop.order_id}", headers=self.headers)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def work(self, *, hurry: bool = False) -> None:
        """Do the jobs that are due; with `hurry` also the notices that are due later."""
        if hurry:
            async with transaction() as session:
                later = update(JobRow).where(JobRow.kind == "sandbox_payment_notice", JobRow.state == "pending")
                await session.execute(later.values(run_at=clock.now()))
        await self.worker.run_due()


@pytest.fixture
async def gateway(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Gateway]:
    sock = socket.socket()
    sock.bind(("127.0.0.1", 0))
    port = sock.getsockname()[1]
    monkeypatch.setenv("HEYU_PORT", str(port))
    settings.cache_clear()
    limiter.cache_clear()
    app = Sanic(f"cashier-{new_id()}", configure_logging=False)
    # several apps in one process: without it Sanic 21.12 compiles its own methods twice and fails
    Sanic.test_mode = True
    security.mount(app)
    for blueprint in (routes.blueprint, sandbox_routes.blueprint, policy_routes.blueprint):
        app.blueprint(blueprint)
    server = await app.create_server(sock=sock, return_asyncio_server=True, access_log=False)
    assert server is not None
    await server.startup()
    await server.start_serving()
    handlers = Handlers(inside=cashier_jobs.INSIDE, outside={**cashier_jobs.OUTSIDE, **policy_jobs.OUTSIDE})
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client:
        yield Gateway(shop, client, JobWorker(handlers, settings()))
    await server.close()
