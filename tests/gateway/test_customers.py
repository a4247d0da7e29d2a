"""Who the customer is: phone and code, signed identities, one conversation per customer, resuming elsewhere."""

import json
import time
from typing import Any, Dict, List

import httpx
import jwt
import pytest
from aiohttp import web
from sqlalchemy import text

from bot.conversations import service as conversations
from bot.customers import rules, service
from bot.customers.sms import HttpSms, SandboxSms, SmsProvider
from bot.customers.sms.sandbox import delivered
from bot.errors import TooMany, Unavailable
from bot.settings import settings
from bot.store import Database, transaction, vault
from tests.gateway.client import Customer
from tests.gateway.fake_rasa import FakeRasa
from tests.gateway.gateway import Running

PHONE = "13800138000"


class Verifier:
    """The verification box of the page."""

    def __init__(self, customer: Customer) -> None:
        self.customer = customer

    async def post(self, path: str, body: Dict[str, Any]) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.customer.token}"}
        async with httpx.AsyncClient(base_url=self.customer.url, headers=headers) as http:
            return await http.post(path, json=body)

    async def ask(self, phone: str = PHONE) -> httpx.Response:
        return await self.post("/api/session/verify/code", {"phone": phone})

    async def type(self, code: str, phone: str = PHONE) -> httpx.Response:
        return await self.post("/api/session/verify", {"phone": phone, "code": code})

    async def code(self) -> str:
        async with httpx.AsyncClient(base_url=self.customer.url) as http:
            page = await http.get("/sandbox/sms/messages")
        return "".join(c for c in page.json()["messages"][0]["text"].split("，")[0] if c.isdigit())

    async def verify(self, phone: str = PHONE) -> Dict[str, Any]:
        assert (await self.ask(phone)).status_code == 202
        answer = await self.type(await self.code(), phone)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())


async def age_codes() -> None:
    """Let every code be two minutes old."""
    async with transaction() as session:
        await session.execute(text("UPDATE sms_codes SET created_at = datetime(created_at, '-2 minutes')"))


async def test_a_code_makes_the_customer_known_and_the_assistant_hears_of_it(
    customer: Customer, rasa: FakeRasa
) -> None:
    answer = await Verifier(customer).verify("+86 138-0013-8000")
    assert answer == {"verified": True, "conversation_id": customer.conversation_id, "phone": "138****8000"}
    await customer.reply("echo EXTERNAL_form_submitted")
    assert rasa.turns[0]["entities"] == [{"entity": "form_id", "value": "verification"}]
    assert (await customer.hello())["verified"] is True
    async with transaction() as session:
        customer_id = await conversations.customer_of(session, customer.conversation_id)
        token = await service.phone_token(session, str(customer_id))
        assert await vault.reveal(session, token, "test", "test") == PHONE


async def test_neither_phone_nor_code_is_stored_in_the_clear(customer: Customer, database: Database) -> None:
    verifier = Verifier(customer)
    await verifier.ask()
    code = await verifier.code()
    async with transaction() as session:
        rows = [str(row) for table in ("sms_codes", "customers") for row in await session.execute(_all(table))]
        sandbox = [str(row) for row in await session.execute(_all("sandbox_sms"))]
    assert not any(code in row or PHONE in row for row in rows)
    assert not any(PHONE in row for row in sandbox)


def _all(table: str) -> Any:
    return text(f"SELECT * FROM {table}")


async def test_five_wrong_tries_lock_even_the_right_code(customer: Customer) -> None:
    verifier = Verifier(customer)
    await verifier.ask()
    code = await verifier.code()
    wrong = "000000" if code != "000000" else "000001"
    answers = [await verifier.type(wrong) for _ in range(5)]
    assert [a.status_code for a in answers] == [422] * 4 + [429]
    assert answers[0].json()["fields"] == {"code": "验证码不对，请检查后再输。"}
    assert (await verifier.type(code)).json()["error"] == "code_locked"
    await age_codes()
    assert (await verifier.ask()).json()["error"] == "code_locked"


async def test_a_code_holds_five_minutes_and_once(customer: Customer) -> None:
    verifier = Verifier(customer)
    await verifier.verify()
    again = await verifier.type(await verifier.code())
    assert again.json()["fields"] == {"code": "验证码已失效，请重新获取。"}
    await age_codes()
    await verifier.ask()
    async with transaction() as session:
        await session.execute(text("UPDATE sms_codes SET expires_at = datetime(expires_at, '-5 minutes')"))
    assert (await verifier.type(await verifier.code())).status_code == 422


async def test_codes_cannot_be_asked_for_without_end(customer: Customer) -> None:
    verifier = Verifier(customer)
    assert (await verifier.ask()).status_code == 202
    too_soon = await verifier.ask()
    assert (too_soon.status_code, too_soon.json()["error"]) == (429, "code_too_soon")
    assert 0 < int(too_soon.headers["Retry-After"]) <= 61
    for _ in range(4):
        await age_codes()
        assert (await verifier.ask()).status_code == 202
    await age_codes()
    assert (await verifier.ask()).json()["error"] == "code_too_many"


@pytest.mark.parametrize("phone", ["12345678901", "1380013800", "", "95X68", "+1 13800138000"])
async def test_what_is_no_mobile_number_is_refused(customer: Customer, phone: str) -> None:
    refused = await Verifier(customer).ask(phone)
    assert refused.status_code == 422
    assert "phone" in refused.json()["fields"]


async def test_a_code_typed_into_the_chat_is_dropped(customer: Customer, rasa: FakeRasa) -> None:
    verifier = Verifier(customer)
    await verifier.ask()
    code = await verifier.code()
    await customer.say(code)
    await customer.until(lambda c: c.texts("system"))
    assert customer.texts("customer") == ["⟦已删除⟧"]
    await customer.say("500000")
    await customer.reply("echo 500000")


async def test_a_second_device_resumes_the_first_conversation(make_customer: Any, rasa: FakeRasa) -> None:
    first, second = await make_customer(), await make_customer()
    await Verifier(first).verify()
    await first.reply("echo EXTERNAL")
    await second.say("匿名说的话")
    await second.reply("echo 匿名")
    await age_codes()
    answer = await Verifier(second).verify()
    assert answer["conversation_id"] == first.conversation_id
    await second.until(lambda c: any(e["event"] == "moved" for e in c.events))
    assert (await second.say("还在旧的里"))["error"] == "conversation_moved"
    second.messages.clear()
    assert (await second.hello(0))["conversation_id"] == first.conversation_id
    await second.reply("接着您之前的会话")
    await second.say("在新设备上说")
    await first.reply("echo 在新设备上说")
    async with transaction() as session:
        kept = await conversations.history(session, second.conversation_id, None, 50)
    assert kept[0]["body"]["text"] == "匿名说的话"


async def test_what_is_under_way_in_the_anonymous_conversation_goes_on(make_customer: Any, rasa: FakeRasa) -> None:
    first, second = await make_customer(), await make_customer()
    await Verifier(first).verify()
    await first.reply("echo EXTERNAL")
    state = {"slots": {}, "active_loop": "application_form", "requested_slot": "application_step"}
    await second.say("reply:" + json.dumps({"replies": [{"text": "请验证手机"}], "state": state}))
    await second.reply("请验证手机")
    await age_codes()
    answer = await Verifier(second).verify()
    assert answer["conversation_id"] == second.conversation_id
    await second.reply("echo EXTERNAL_form_submitted")
    first.messages.clear()
    assert (await first.hello(0))["conversation_id"] == second.conversation_id
    async with transaction() as session:
        await conversations.post_event(session, first.conversation_id, "EXTERNAL_order_paid", {}, "paid:1")
    await second.reply("echo EXTERNAL_order_paid")


async def test_a_conversation_of_one_customer_is_not_given_to_another(customer: Customer) -> None:
    verifier = Verifier(customer)
    await verifier.verify()
    await verifier.ask("13900139000")
    refused = await verifier.type(await verifier.code(), "13900139000")
    assert (refused.status_code, refused.json()["error"]) == (409, "other_customer")


def identity(**claims: Any) -> str:
    now = int(time.time())
    content = {"sub": "site-user-1", "iat": now, "exp": now + 300, **claims}
    return jwt.encode(content, settings().identity_jwt_secret.get_secret_value(), algorithm="HS256")


async def test_a_signed_identity_makes_the_customer_known(make_customer: Any) -> None:
    first, second = await make_customer(), await make_customer()
    for customer in (first, second):
        answer = await Verifier(customer).post("/api/session/identity", {"token": identity(phone=PHONE)})
        assert answer.json() == {"verified": True, "conversation_id": first.conversation_id, "phone": "138****8000"}


async def test_forged_old_and_long_lived_identities_are_refused(customer: Customer) -> None:
    now = int(time.time())
    claims = {"sub": "u", "iat": now, "exp": now + 60}
    for token in (
        jwt.encode(claims, "another-secret-that-is-32-bytes-long", algorithm="HS256"),
        jwt.encode(claims, "", algorithm="none"),
        identity(exp=now - 100),
        identity(exp=now + 86400),
        identity(sub=""),
        "rubbish",
    ):
        refused = await Verifier(customer).post("/api/session/identity", {"token": token})
        assert (refused.status_code, refused.json()["error"]) == (401, "identity_invalid")


async def test_the_sandbox_page_shows_messages_without_scripts(customer: Customer) -> None:
    await Verifier(customer).ask()
    async with httpx.AsyncClient(base_url=customer.url) as http:
        page = await http.get("/sandbox/sms")
    assert "*******8000" in page.text
    assert "<script" not in page.text
    assert "default-src 'self'" in page.headers["content-security-policy"]


async def test_without_the_sandbox_there_is_no_such_page(
    database: Database, tuned: Any, registries: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.gateway.gateway import build

    tuned(sms_provider="http")
    running = await Running(build(registries)).start()
    async with httpx.AsyncClient(base_url=running.url) as http:
        assert (await http.get("/sandbox/sms")).status_code == 404
        assert (await http.get("/sandbox/sms/messages")).status_code == 404
    await running.stop()


class SmsService:
    """An SMS service of the real shape, which checks signatures and can be told to refuse."""

    def __init__(self, key: str) -> None:
        self.key = key
        self.accepted: List[Dict[str, str]] = []
        self.refuses = False

    async def take(self, request: web.Request) -> web.Response:
        import hashlib
        import hmac

        body = await request.read()
        head = request.headers
        signed = b"\n".join((head["X-Timestamp"].encode(), head["X-Nonce"].encode(), body))
        good = hmac.new(self.key.encode(), signed, hashlib.sha256).hexdigest() == head["X-Signature"]
        if not good or self.refuses:
            return web.json_response({"code": "REFUSED"}, status=200 if good else 401)
        self.accepted.append(json.loads(body))
        return web.json_response({"code": "OK"})


@pytest.fixture
async def sms_service() -> Any:
    service_ = SmsService("sms-key")
    app = web.Application()
    app.router.add_post("/send", service_.take)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    service_.url = f"http://127.0.0.1:{site._server.sockets[0].getsockname()[1]}/send"
    yield service_
    await runner.cleanup()


@pytest.mark.parametrize("name", ["sandbox", "http"])
async def test_contract_of_sms_providers(name: str, database: Database, sms_service: SmsService) -> None:
    """A message that `send` took is delivered once, to that phone, with that text."""
    provider: SmsProvider = SandboxSms() if name == "sandbox" else HttpSms(sms_service.url, "sms-key")
    await provider.send(PHONE, "验证码 123456")
    if name == "sandbox":
        async with transaction(read_only=True) as session:
            sent = [(row.phone_masked[-4:], row.text) for row in await delivered(session)]
    else:
        sent = [(message["phone"][-4:], message["text"]) for message in sms_service.accepted]
    assert sent == [("8000", "验证码 123456")]


@pytest.mark.parametrize("fault", ["refused", "wrong key", "nobody there"])
async def test_a_message_the_service_does_not_take_is_an_error(fault: str, sms_service: SmsService) -> None:
    sms_service.refuses = fault == "refused"
    url = "http://127.0.0.1:1/send" if fault == "nobody there" else sms_service.url
    with pytest.raises(Unavailable):
        await HttpSms(url, "other" if fault == "wrong key" else "sms-key").send(PHONE, "验证码 123456")


def test_the_lock_ends_after_a_quarter_of_an_hour() -> None:
    from datetime import timedelta

    from bot import clock

    now = clock.now()
    missed = rules.Code(now - timedelta(minutes=14), now - timedelta(minutes=9), 5, False)
    with pytest.raises(TooMany):
        rules.check_may_send([missed], missed, 1, 5, now)
    rules.check_may_send([missed], missed, 1, 5, now + timedelta(minutes=2))
