"""The cashier page in a browser: a card, a wallet, mistakes, phone and desktop, and no breach of the content policy."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Page, async_playwright, expect

from bot.cashier.providers.behaviour import Behaviour
from bot.policies import fonts
from tests.cashier.conftest import Gateway
from tests.conftest import CHROMIUM
from tests.policies.sales import HOLDER

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 900}


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        opened = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        await opened.close()


async def open_cashier(gateway: Gateway, browser: Browser, **options: object) -> tuple[Page, list[str]]:
    """The cashier page, and what the browser complains about."""
    page = await browser.new_page(**options)
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    await page.goto(str(gateway.client.base_url).rstrip("/") + gateway.page)
    await expect(page.get_by_role("heading", level=1)).to_have_text("禾屿随行综合意外伤害保险（互联网）")
    return page, complaints


async def fill_card(page: Page, number: str = "4111111111111111", holder: str = HOLDER) -> None:
    await page.get_by_label("信用卡").check()
    await page.get_by_label("持卡人姓名").fill(holder)
    await page.get_by_label("卡号").press_sequentially(number)
    await page.get_by_label("有效期").press_sequentially("1240")
    await page.get_by_label("安全码").fill("123")
    await page.get_by_role("button", name="确认支付").click()


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
async def test_a_card_is_paid(gateway: Gateway, browser: Browser, viewport: dict[str, int]):
    fonts.prepare()
    page, complaints = await open_cashier(gateway, browser, viewport=viewport)
    await expect(page.get_by_text("内完成支付")).to_be_visible()
    await fill_card(page)
    await expect(page.get_by_role("heading", name="正在确认支付结果")).to_be_visible()
    await gateway.work()
    await expect(page.get_by_role("heading", name="支付成功，保单已生成")).to_be_visible()
    await expect(page.get_by_role("link", name="返回对话")).to_have_attribute("href", "/")
    assert await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert complaints == []


async def test_mistakes_are_shown_at_their_fields(gateway: Gateway, browser: Browser):
    page, _ = await open_cashier(gateway, browser, viewport=PHONE)
    await fill_card(page, number="4111111111111112", holder="别的人")
    await expect(page.get_by_text("卡号不正确，请核对。")).to_be_visible()
    await expect(page.get_by_label("持卡人姓名")).to_be_focused()
    await expect(page.get_by_label("卡号")).to_have_value("4111 1111 1111 1112")


async def test_a_refused_payment_may_be_tried_again(gateway: Gateway, browser: Browser):
    await gateway.behave(Behaviour.FAIL)
    page, _ = await open_cashier(gateway, browser, viewport=PHONE)
    await fill_card(page)
    await expect(page.get_by_role("heading", name="正在确认支付结果")).to_be_visible()
    await gateway.work()
    await expect(page.get_by_text("支付未成功，请换一张卡或换一种方式。")).to_be_visible()
    await gateway.behave(Behaviour.SUCCEED)
    await fill_card(page)
    await expect(page.get_by_role("heading", name="正在确认支付结果")).to_be_visible()
    await gateway.work()
    await expect(page.get_by_role("heading", name="支付成功，保单已生成")).to_be_visible()


async def test_a_wallet_is_paid_in_its_own_window(gateway: Gateway, browser: Browser):
    page, complaints = await open_cashier(gateway, browser, viewport=DESKTOP)
    await page.get_by_label("微信支付").check()
    await page.get_by_role("button", name="确认支付").click()
    await expect(page.get_by_role("img", name="支付二维码")).to_be_visible()
    async with page.context.expect_page() as opening:
        await page.get_by_role("link", name="打开支付页面").click()
    wallet = await opening.value
    await wallet.get_by_role("button", name="确认支付").click()
    await expect(wallet.get_by_role("heading", level=1)).to_have_text("禾屿随行综合意外伤害保险（互联网）")
    await gateway.work()
    await page.bring_to_front()
    await expect(page.get_by_role("heading", name="支付成功，保单已生成")).to_be_visible()
    assert complaints == []


async def test_the_customer_asks_when_no_notice_comes(gateway: Gateway, browser: Browser):
    await gateway.behave(Behaviour.NEVER)
    page, _ = await open_cashier(gateway, browser, viewport=PHONE)
    await fill_card(page)
    await page.get_by_role("button", name="重新核实支付结果").click()
    await expect(page.get_by_role("heading", name="支付成功，保单已生成")).to_be_visible()


async def test_it_works_in_a_frame_of_the_chat_page(gateway: Gateway, browser: Browser):
    page = await browser.new_page(viewport=PHONE)
    base = str(gateway.client.base_url).rstrip("/")
    await page.goto(f"{base}/cashier/static/cashier.css")
    frame_it = "url => document.body.append(Object.assign(document.createElement('iframe'), {src: url}))"
    await page.evaluate(frame_it, gateway.page)
    frame = page.frame_locator("iframe")
    await frame.get_by_label("银行卡").check()
    await frame.get_by_label("持卡人姓名").fill(HOLDER)
    await frame.get_by_label("卡号").fill("4111111111111111")
    await frame.get_by_role("button", name="确认支付").click()
    await expect(frame.get_by_role("heading", name="正在确认支付结果")).to_be_visible()
    await gateway.work()
    await expect(frame.get_by_role("heading", name="支付成功，保单已生成")).to_be_visible()
    await expect(frame.get_by_role("link", name="返回对话")).to_be_hidden()
