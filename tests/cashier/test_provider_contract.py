"""What every payment provider must do, run on the sandbox bank and on Alipay (against a local stand-in)."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Protocol

import httpx
import pytest

from bot import clock
from bot.cashier.providers.alipay import AlipayAccount, AlipayProvider
from bot.cashier.providers.base import (
    ForgedNotice,
    Method,
    PaymentProvider,
    PaymentRequest,
    ProviderDown,
    ProviderPage,
    RefundRequest,
)
from bot.cashier.providers.behaviour import Variant
from bot.cashier.providers.sandbox import SandboxProvider, access_payment, settle, statement
from bot.cashier.rules import NoticeStatus
from bot.errors import HeyuError
from bot.ids import new_id
from bot.store import transaction
from tests.cashier.alipay_server import APP_ID, AlipayServer

AMOUNT = 661000


class Bank(Protocol):
    """The other side of a provider, as tests move it."""

    provider: PaymentProvider

    async def open(self, payment_id: str, page: ProviderPage) -> None: ...
    async def settle(self, payment_id: str, *, paid: bool) -> None: ...
    async def notification(self, payment_id: str) -> tuple[dict[str, str], bytes]: ...


@dataclass
class SandboxBank:
    provider: SandboxProvider

    async def open(self, payment_id: str, page: ProviderPage) -> None:
        assert page.url is not None

    async def settle(self, payment_id: str, *, paid: bool) -> None:
        async with transaction() as session:
            await settle(session, payment_id, payer_matches=True, cancelled=not paid)

    async def notification(self, payment_id: str) -> tuple[dict[str, str], bytes]:
        async with transaction() as session:
            found = await access_payment(session, payment_id)
            return self.provider.signed(statement(found, Variant.TRUE, f"n-{payment_id}"))


@dataclass
class Alipay:
    provider: AlipayProvider
    server: AlipayServer

    async def open(self, payment_id: str, page: ProviderPage) -> None:
        self.server.open_page(dict(httpx.URL(page.url).params))

    async def settle(self, payment_id: str, *, paid: bool) -> None:
        self.server.settle(payment_id, paid=paid)

    async def notification(self, payment_id: str) -> tuple[dict[str, str], bytes]:
        return self.server.notification(payment_id)


def alipay_provider(server: AlipayServer, client: httpx.AsyncClient) -> AlipayProvider:
    account = AlipayAccount.from_pem(
        private=server.merchant_pem(),
        alipay=server.alipay_pem(),
        app_id=APP_ID,
        gateway=server.gateway,
        notify_url="https://insurer.example/api/payments/alipay/notify",
    )
    return AlipayProvider(account, client)


@pytest.fixture
async def alipay_server() -> AsyncIterator[AlipayServer]:
    server = AlipayServer()
    await server.start()
    yield server
    await server.stop()


@pytest.fixture(params=["sandbox", "alipay"])
async def bank(request: pytest.FixtureRequest, database: Any, alipay_server: AlipayServer) -> AsyncIterator[Bank]:
    if request.param == "sandbox":
        yield SandboxBank(SandboxProvider(b"secret of the contract test"))
        return
    async with httpx.AsyncClient(trust_env=False) as client:
        yield Alipay(alipay_provider(alipay_server, client), alipay_server)


def asked(**changes: object) -> PaymentRequest:
    request = PaymentRequest(
        payment_id=new_id(),
        order_id=new_id(),
        method=Method.ALIPAY,
        amount_fen=AMOUNT,
        currency="CNY",
        subject="禾屿守心重大疾病保险（互联网）",
        payer_name="王小禾",
        expires_at=clock.now() + timedelta(minutes=30),
        return_url="https://insurer.example/cashier/1?t=2&a=b",
    )
    return replace(request, **changes)


async def opened(bank: Bank, **changes: object) -> str:
    request = asked(**changes)
    await bank.open(request.payment_id, await bank.provider.create(request))
    return request.payment_id


async def test_a_payment_is_paid_and_says_so_in_a_notice(bank: Bank):
    payment_id = await opened(bank)
    await bank.settle(payment_id, paid=True)
    notice = bank.provider.verify_notification(*await bank.notification(payment_id))
    assert (notice.provider, notice.payment_id, notice.status) == (bank.provider.name, payment_id, NoticeStatus.PAID)
    assert (notice.amount_fen, notice.currency) == (AMOUNT, "CNY")
    assert notice.trade_no and notice.notice_id and notice.paid_at.tzinfo is not None


@pytest.mark.parametrize("fen", [1, 99, 100, 16900, 123456789])
async def test_amounts_come_back_to_the_fen(bank: Bank, fen: int):
    payment_id = await opened(bank, amount_fen=fen)
    await bank.settle(payment_id, paid=True)
    assert bank.provider.verify_notification(*await bank.notification(payment_id)).amount_fen == fen
    assert (await bank.provider.query(payment_id)).amount_fen == fen


async def test_a_payment_that_was_not_made_says_so(bank: Bank):
    payment_id = await opened(bank)
    await bank.settle(payment_id, paid=False)
    notice = bank.provider.verify_notification(*await bank.notification(payment_id))
    assert (notice.status, notice.paid_at) == (NoticeStatus.FAILED, None) or notice.failure


async def test_the_same_payment_created_again_is_the_same_payment(bank: Bank):
    request = asked()
    await bank.open(request.payment_id, await bank.provider.create(request))
    await bank.provider.create(request)
    await bank.settle(request.payment_id, paid=True)
    assert (await bank.provider.query(request.payment_id)).status is NoticeStatus.PAID


async def test_every_changed_byte_of_a_notice_is_noticed(bank: Bank):
    payment_id = await opened(bank)
    await bank.settle(payment_id, paid=True)
    headers, body = await bank.notification(payment_id)
    cheaper = body.replace(b"661000", b"000001").replace(b"6610.00", b"0000.01")
    for changed in (cheaper, body.replace(payment_id.encode(), new_id().encode()), b"", body[:-1]):
        assert changed != body
        with pytest.raises(ForgedNotice):
            bank.provider.verify_notification(headers, changed)


async def test_a_notice_signed_by_somebody_else_is_forged(bank: Bank, alipay_server: AlipayServer):
    payment_id = await opened(bank)
    await bank.settle(payment_id, paid=True)
    headers, body = await bank.notification(payment_id)
    other = AlipayServer()
    async with httpx.AsyncClient(trust_env=False) as client:
        strangers = {"sandbox": SandboxProvider(b"another key"), "alipay": alipay_provider(other, client)}
        with pytest.raises(ForgedNotice):
            strangers[bank.provider.name].verify_notification(headers, body)


async def test_the_state_of_a_payment_can_be_asked(bank: Bank):
    payment_id = await opened(bank)
    assert (await bank.provider.query(payment_id)).status is NoticeStatus.PENDING
    await bank.settle(payment_id, paid=True)
    answer = await bank.provider.query(payment_id)
    notice = bank.provider.verify_notification(*await bank.notification(payment_id))
    assert (answer.status, answer.trade_no, answer.paid_at) == (NoticeStatus.PAID, notice.trade_no, notice.paid_at)


async def test_a_payment_nobody_opened_is_unknown(bank: Bank):
    assert await bank.provider.query(new_id()) is None


async def test_a_refund_is_made_and_a_repeat_is_the_same_refund(bank: Bank):
    payment_id = await opened(bank)
    await bank.settle(payment_id, paid=True)
    request = RefundRequest(payment_id, f"R{payment_id}", AMOUNT, "CNY", "cooling_off")
    assert await bank.provider.refund(request)
    assert await bank.provider.refund(request)
    assert (await bank.provider.query(payment_id)).status is NoticeStatus.REFUNDED


async def test_an_unpaid_payment_cannot_be_refunded(bank: Bank):
    payment_id = await opened(bank)
    with pytest.raises(HeyuError):
        await bank.provider.refund(RefundRequest(payment_id, f"R{payment_id}", AMOUNT, "CNY", "cooling_off"))


async def test_it_names_its_methods_and_its_word_of_receipt(bank: Bank):
    assert Method.ALIPAY in bank.provider.methods
    assert bank.provider.acknowledgement == "success"


async def test_alipay_gets_the_payers_name_and_where_to_notify(alipay_server: AlipayServer):
    async with httpx.AsyncClient(trust_env=False) as client:
        page = await alipay_provider(alipay_server, client).create(asked())
    fields = dict(httpx.URL(page.url).params)
    content = json.loads(fields["biz_content"])
    assert fields["notify_url"].endswith("/api/payments/alipay/notify")
    assert content["ext_user_info"] == {"need_check_info": "T", "name": "王小禾"}
    assert content["total_amount"] == "6610.00"


async def test_alipay_being_away_or_lying_is_not_an_answer(alipay_server: AlipayServer):
    async with httpx.AsyncClient(trust_env=False) as client:
        provider = alipay_provider(alipay_server, client)
        alipay_server.lying = True
        with pytest.raises(ProviderDown):
            await provider.query(new_id())
        alipay_server.down = True
        with pytest.raises(ProviderDown):
            await provider.query(new_id())


async def test_a_notice_for_another_application_of_alipay_is_refused(alipay_server: AlipayServer):
    async with httpx.AsyncClient(trust_env=False) as client:
        provider = alipay_provider(alipay_server, client)
        request = asked()
        alipay_server.open_page(dict(httpx.URL((await provider.create(request)).url).params))
        alipay_server.settle(request.payment_id, paid=True)
        with pytest.raises(ForgedNotice):
            provider.verify_notification(*alipay_server.notification(request.payment_id, app_id="another"))
