"""Whole purchases in Chromium against gateway, rasa and action server."""

from typing import Dict

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.stack import Stack
from tests.web.pages import PHONE, TURN_MS, ChatPage, CodeReader, new_context, shown_text
from tests.web.purchase import ACCIDENT, CRITICAL_ILLNESS, Customer, Purchase, Wish

pytestmark = [pytest.mark.browser, pytest.mark.stack, pytest.mark.model]

BUYERS = {
    ("P4", "desktop"): Customer("张三", "990000199603120010", "13800138001"),
    ("P4", "phone"): Customer("李四", "990000199603120029", "13800138002"),
    ("P2", "desktop"): Customer("王五", "990000199603120029", "13800138003"),
    ("P2", "phone"): Customer("赵六", "990000199603120029", "13800138004"),
}


@pytest.mark.parametrize("wish", [ACCIDENT, CRITICAL_ILLNESS], ids=lambda wish: wish.code)
def test_from_the_first_word_to_the_policy(browser: Browser, stack: Stack, size: Dict[str, int], wish: Wish) -> None:
    context = new_context(browser, size)
    customer = BUYERS[wish.code, "phone" if size is PHONE else "desktop"]
    page = context.new_page()
    chat = ChatPage(page, stack.base_url).open()
    purchase = Purchase(chat, wish, customer)
    price = purchase.get_price()
    purchase.apply()
    purchase.verify(CodeReader(context, stack.base_url))
    titles = purchase.read_documents()
    assert len(set(titles)) == wish.documents
    assert any("责任免除" in title for title in titles)
    purchase.consent()
    purchase.answer_health()
    purchase.fill_parties()
    summary = purchase.confirm()
    assert price.lstrip("¥") in summary
    assert customer.id_number not in summary
    purchase.pay_by_card()
    policy = chat.last("policy")
    expect(policy).to_be_visible(timeout=TURN_MS)
    expect(policy.locator("dt", has_text="犹豫期至")).to_have_count(1 if wish.cooling_off else 0)
    assert _download(page, chat).startswith(b"%PDF")
    number = shown_text(policy.locator("dd").first)
    _verify(page, stack, number, customer)
    assert chat.errors == []
    context.close()


def test_a_purchase_goes_on_after_a_reload_and_a_restart(browser: Browser, stack: Stack) -> None:
    context = new_context(browser, PHONE)
    chat = ChatPage(context.new_page(), stack.base_url).open()
    purchase = Purchase(chat, ACCIDENT, Customer("周七", "990000199603120010", "13800138005"))
    purchase.get_price()
    purchase.apply()
    purchase.verify(CodeReader(context, stack.base_url))
    chat.waiting_document().wait_for()
    stack.restart("rasa")
    chat.page.reload()
    purchase.read_documents()
    chat.form("consent").wait_for()
    assert context.storage_state()["origins"], "the session is kept in this browser"
    context.close()


def test_nothing_secret_stays_in_the_browser(browser: Browser, stack: Stack) -> None:
    context = new_context(browser, PHONE)
    chat = ChatPage(context.new_page(), stack.base_url).open()
    chat.say("我的身份证号是990000199603120010")
    expect(chat.rows.first).to_contain_text("9900**********0010", timeout=TURN_MS)
    chat.wait_for_answer()
    assert "990000199603120010" not in chat.page.content()
    kept = chat.page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
    assert "990000199603120010" not in kept
    context.close()


def _download(page: Page, chat: ChatPage) -> bytes:
    with page.expect_download() as download:
        chat.last("policy").get_by_role("button", name="下载电子保单").click()
    return download.value.path().read_bytes()


def _verify(page: Page, stack: Stack, number: str, customer: Customer) -> None:
    """The policy is genuine for its holder, and not for anybody else."""
    page.goto(f"{stack.base_url}/verify?no={number}")
    page.get_by_label("投保人姓名").fill(customer.name)
    page.get_by_role("button", name="查验", exact=True).click()
    expect(page.locator(".verdict-valid")).to_contain_text(number)
    asked = {"policy_no": number, "holder_name": "别人"}
    answer = httpx.post(f"{stack.base_url}/api/policies/verify", json=asked, trust_env=False)
    assert answer.json()["valid"] is False
