"""The cashier over real HTTP: page, paying, the sandbox bank's notices, and what is never stored."""

import re

import pytest
from sqlalchemy import select

from bot import links
from bot.cashier.bankcards import Card
from bot.cashier.providers import notify_path
from bot.cashier.providers.behaviour import Behaviour
from bot.cashier.view import PAGE_PURPOSE
from bot.store import transaction
from bot.store.tables.jobs import JobRow
from tests.cashier.conftest import CARD
from tests.policies.sales import HOLDER


async def test_the_page_shows_product_amount_and_order(gateway):
    page = await gateway.client.get(gateway.page)
    assert page.status_code == 200
    assert "禾屿随行综合意外伤害保险（互联网）" in page.text
    assert "169.00" in page.text and gateway.shop.order_id in page.text


async def test_the_page_keeps_the_strict_content_policy(gateway):
    page = await gateway.client.get(gateway.page)
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\son\w+=|\sstyle=", page.text)
    assert "script-src 'self'" in page.headers["content-security-policy"]
    for path in re.findall(r'(?:src|href)="(/cashier/static/[^"]+)"', page.text):
        assert (await gateway.client.get(path)).status_code == 200


@pytest.mark.parametrize("token", ["", "?t=", "?t=forged", None])
async def test_the_page_needs_the_token_of_this_order(gateway, token):
    if token is None:
        token = f"?t={links.sign(PAGE_PURPOSE, 'another order')}"
    page = await gateway.client.get(f"/cashier/{gateway.shop.order_id}{token}")
    assert page.status_code == 401
    assert "169.00" not in page.text


@pytest.mark.parametrize("method, path", [("GET", ""), ("POST", "/pay"), ("POST", "/check")])
async def test_the_api_needs_the_token_too(gateway, method, path):
    answer = await gateway.client.request(method, f"/api/cashier/{gateway.shop.order_id}{path}", json={})
    assert answer.status_code == 401


async def test_a_card_pays_and_the_policy_follows(gateway):
    assert (await gateway.status())["state"] == "open"
    answer = await gateway.pay_by_card()
    assert answer.json() == {"url": None, "qr": None}
    assert (await gateway.status())["state"] == "processing"
    await gateway.work()
    status = await gateway.status()
    assert (status["state"], status["payment"]["card_last4"]) == ("issued", "1111")
    owner = {"Authorization": f"Bearer {gateway.shop.buyer.token}"}
    document = await gateway.client.get(f"/api/policies/{status['policy_no']}/document", headers=owner)
    assert document.content.startswith(b"%PDF-")
    async with transaction(read_only=True) as session:
        failed = (await session.execute(select(JobRow.kind).where(JobRow.error.is_not(None)))).scalars().all()
    assert failed == []


async def test_nothing_of_a_card_is_stored_but_bank_and_last_digits(gateway, own_var_dir):
    await gateway.pay_by_card(Card("9999000123456789012", HOLDER, "12/40", "987"))
    refused = await gateway.pay_by_card(Card("4111111111111112", HOLDER, "12/40", "987"))
    await gateway.work()
    stored = b"".join(path.read_bytes() for path in own_var_dir.glob("heyu.db*"))
    assert b"9999000123456789012" not in stored
    assert b"4111111111111112" not in stored and "4111111111111112" not in refused.text


@pytest.mark.parametrize(
    "card, field",
    [
        (Card("4111111111111112", HOLDER, "12/40", "123"), "number"),
        (Card(CARD.number, "别的人", "12/40", "123"), "holder"),
        (Card(CARD.number, HOLDER, "01/20", "123"), "expiry"),
        (Card(CARD.number, HOLDER, "12/40", ""), "cvv"),
    ],
)
async def test_a_bad_card_is_refused_with_the_field_at_fault(gateway, card, field):
    answer = await gateway.pay_by_card(card)
    assert answer.status_code == 422
    assert list(answer.json()["fields"]) == [field]
    assert (await gateway.status())["state"] == "open"


async def test_a_card_is_not_charged_twice(gateway):
    await gateway.behave(Behaviour.NEVER)
    await gateway.pay_by_card()
    answer = await gateway.pay_by_card()
    assert (answer.status_code, answer.json()["error"]) == (409, "payment_in_progress")


async def test_a_wallet_pays_on_the_providers_page(gateway):
    path = f"/api/cashier/{gateway.shop.order_id}/pay"
    answer = (await gateway.client.post(path, json={"method": "wechat_pay"}, headers=gateway.headers)).json()
    assert answer["qr"].startswith("data:image/svg+xml")
    page = await gateway.client.get(answer["url"])
    form = dict(re.findall(r'name="(\w+)" value="([^"]*)"', page.text))
    action = re.search(r'action="([^"]+)"', page.text).group(1)
    back = await gateway.client.post(action, data={"t": form["t"], "back": form["back"], "choice": "pay"})
    assert back.status_code == 303 and "/cashier/" in back.headers["location"]
    await gateway.work()
    assert (await gateway.status())["state"] == "issued"


@pytest.mark.parametrize("choice, state", [("cancel", "failed"), ("pay_as_other", "payer_mismatch")])
async def test_a_wallet_that_is_cancelled_or_not_ones_own_leaves_the_order_open(gateway, choice, state):
    path = f"/api/cashier/{gateway.shop.order_id}/pay"
    answer = (await gateway.client.post(path, json={"method": "alipay"}, headers=gateway.headers)).json()
    url, token = answer["url"].split("?")[0], re.search(r"t=([^&]+)", answer["url"]).group(1)
    await gateway.client.post(url, data={"t": token, "choice": choice})
    await gateway.work()
    assert (await gateway.status())["state"] == state


async def test_the_wallet_page_needs_its_token_and_never_leads_away(gateway):
    path = f"/api/cashier/{gateway.shop.order_id}/pay"
    answer = (await gateway.client.post(path, json={"method": "alipay"}, headers=gateway.headers)).json()
    url, token = answer["url"].split("?")[0], re.search(r"t=([^&]+)", answer["url"]).group(1)
    assert (await gateway.client.get(url)).status_code == 401
    assert (await gateway.client.post(url, data={"choice": "pay"})).status_code == 401
    data = {"t": token, "choice": "cancel", "back": "https://elsewhere.example/cashier/"}
    assert (await gateway.client.post(url, data=data)).headers["location"] == "/"


@pytest.mark.parametrize(
    "behaviour, hurry, state",
    [
        (Behaviour.SUCCEED, False, "issued"),
        (Behaviour.FAIL, False, "failed"),
        (Behaviour.REPEAT, True, "issued"),
        (Behaviour.DELAY, True, "issued"),
        (Behaviour.NEVER, True, "processing"),
        (Behaviour.WRONG_AMOUNT, False, "processing"),
        (Behaviour.WRONG_CURRENCY, False, "processing"),
        (Behaviour.FORGED, False, "processing"),
        (Behaviour.OUT_OF_ORDER, True, "issued"),
    ],
)
async def test_what_the_bank_is_told_to_do(gateway, behaviour, hurry, state):
    await gateway.behave(behaviour, 600)
    await gateway.pay_by_card()
    await gateway.work(hurry=hurry)
    assert (await gateway.status())["state"] == state


async def test_a_delayed_notice_waits_its_time(gateway):
    await gateway.behave(Behaviour.DELAY, 600)
    await gateway.pay_by_card()
    await gateway.work()
    assert (await gateway.status())["state"] == "processing"
    await gateway.work(hurry=True)
    assert (await gateway.status())["state"] == "issued"


@pytest.mark.parametrize("behaviour", [Behaviour.NEVER, Behaviour.WRONG_AMOUNT, Behaviour.FORGED])
async def test_the_customer_may_have_the_bank_asked(gateway, behaviour):
    await gateway.behave(behaviour)
    await gateway.pay_by_card()
    await gateway.work()
    answer = await gateway.client.post(f"/api/cashier/{gateway.shop.order_id}/check", headers=gateway.headers)
    assert answer.json()["state"] == "issued"


async def test_forged_and_stale_notices_are_refused(gateway):
    payment_id = await gateway.shop.begin()
    said = {**vars(gateway.shop.notice(payment_id)), "status": "paid", "paid_at": None}
    headers, body = gateway.shop.provider.signed(said, forged=True)
    address = notify_path("sandbox")
    assert (await gateway.client.post(address, content=body, headers=headers)).status_code == 400
    headers, body = gateway.shop.provider.signed(said)
    headers["x-heyu-timestamp"] = "2020-01-01T00:00:00+00:00"
    assert (await gateway.client.post(address, content=body, headers=headers)).status_code == 400
    assert (await gateway.client.post(address, content=b"{}")).status_code == 400
    assert (await gateway.client.post(notify_path("alipay"), content=body, headers=headers)).status_code == 404
    assert (await gateway.status())["state"] == "open"


async def test_the_panel_sets_what_the_bank_does_next(gateway):
    form = {"behaviour": "fail", "delay_seconds": "7"}
    assert (await gateway.client.post("/sandbox/payments", data=form)).status_code == 303
    await gateway.pay_by_card()
    await gateway.work()
    page = await gateway.client.get("/sandbox/payments")
    assert "失败" in page.text and 'value="7"' in page.text
    assert (await gateway.status())["payment"]["failure"] == "支付未成功，请换一张卡或换一种方式。"


async def test_the_panel_sends_any_notice_again(gateway):
    await gateway.behave(Behaviour.NEVER)
    await gateway.pay_by_card()
    payment_id = (await gateway.status())["payment"]["payment_id"]
    await gateway.client.post(f"/sandbox/payments/{payment_id}/notify", data={"variant": "true"})
    await gateway.work()
    assert (await gateway.status())["state"] == "issued"


async def test_a_site_elsewhere_cannot_use_the_panel(gateway):
    headers = {"Origin": "https://elsewhere.example"}
    answer = await gateway.client.post("/sandbox/payments", data={"behaviour": "fail"}, headers=headers)
    assert answer.status_code == 403


async def test_cards_cannot_be_tried_out_without_end(gateway):
    await gateway.behave(Behaviour.FAIL)
    for _ in range(12):
        assert (await gateway.pay_by_card()).status_code == 200
        await gateway.work()
    assert (await gateway.pay_by_card()).status_code == 429
