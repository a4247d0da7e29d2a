"""The chat page in a browser, against the fake gateway: what reaches the customer, what survives a bad network."""

from typing import Callable, Dict

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.web.fake import cards
from tests.web.fake.thread import RunningFake
from tests.web.pages import ChatPage, new_context, shown_text

pytestmark = pytest.mark.browser

CODE = "246810"
ID_NUMBER = "990000199603120010"
OpenChat = Callable[[], ChatPage]


def test_a_purchase_shows_every_card(browser: Browser, fake: RunningFake, size: Dict[str, int]) -> None:
    context = new_context(browser, size)
    page = context.new_page()
    chat = ChatPage(page, fake.base_url).open()
    chat.say_and_wait("有哪些产品")
    expect(chat.last("product_cards").get_by_text("这是保险产品")).to_have_count(3)
    page.locator(".product", has_text="安行意外").get_by_role("button", name="算保费").click()
    expect(chat.last("quote").locator(".amount")).to_contain_text("¥186.50/年")
    chat.choose("立即投保")
    chat.verify_phone("13800138000", lambda _phone: CODE)
    assert chat.read_document() == "意外伤害保险条款"
    assert chat.read_document() == "责任免除（请重点阅读）"
    chat.fill("consent", {"health": True, "automatic": True})
    chat.submit("consent")
    for number in ("1/3", "2/3", "3/3"):
        expect(chat.last("question")).to_contain_text(number)
        chat.choose("没有")
    chat.fill(
        "parties",
        {
            "name": "张三",
            "id_kind": "id_card",
            "id_number": ID_NUMBER,
            "email": "zhang@heyu.example",
            "income": "120000",
            "region": {"province": "浙江省", "city": "杭州市", "district": "西湖区"},
            "address": "文三路1号",
            "relation": "self",
        },
    )
    chat.submit("parties")
    expect(chat.last("question")).to_contain_text("确认后去支付")
    chat.choose("确认无误，去支付")
    cashier = chat.open_cashier()
    cashier.frame.locator("#pay").click()
    cashier.wait_until_paid()
    policy = chat.last("policy")
    expect(policy).to_contain_text("HY2026040000018")
    with page.expect_download() as download:
        policy.get_by_role("button", name="下载电子保单").click()
    assert download.value.suggested_filename == "HY2026040000018.pdf"
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert chat.errors == []
    context.close()


class TestNetwork:
    def test_what_is_written_without_a_connection_waits_even_over_a_reload(
        self, fake: RunningFake, open_chat: OpenChat
    ) -> None:
        chat = open_chat()
        chat.say_and_wait("你好")
        fake.cut()
        expect(chat.page.get_by_text("网络已断开")).to_be_visible()
        chat.say("断线时说的话")
        expect(chat.rows.last).to_contain_text("等待发送")
        chat.page.reload()
        expect(chat.rows.filter(has_text="断线时说的话").last).to_contain_text("等待发送")
        fake.mend()
        expect(chat.rows.filter(has_text="您说的是：断线时说的话")).to_have_count(1)
        expect(chat.page.get_by_text("等待发送")).to_have_count(0)
        assert fake.texts_of_customer() == ["你好", "断线时说的话"]

    def test_a_lost_acknowledgement_does_not_make_a_second_message(
        self, fake: RunningFake, open_chat: OpenChat
    ) -> None:
        chat = open_chat()
        chat.say_and_wait("你好")
        fake.gateway.loses_acks = True
        chat.say("只说一次")
        expect(chat.rows.filter(has_text="您说的是：只说一次")).to_have_count(1)
        fake.gateway.loses_acks = False
        fake.cut()
        fake.mend()
        chat.say_and_wait("下一句")
        assert fake.texts_of_customer() == ["你好", "只说一次", "下一句"]
        expect(chat.rows.filter(has_text="只说一次").and_(chat.page.locator("[data-own='true']"))).to_have_count(1)

    def test_what_was_said_meanwhile_comes_after_a_break(self, fake: RunningFake, open_chat: OpenChat) -> None:
        chat = open_chat()
        chat.say_and_wait("你好")
        fake.cut()
        fake.say("text", {"text": "断线时的回复"})
        expect(chat.page.get_by_text("断线时的回复")).to_have_count(0)
        fake.mend()
        expect(chat.page.get_by_text("断线时的回复")).to_be_visible()

    def test_a_session_that_is_no_longer_known_starts_afresh(self, fake: RunningFake, open_chat: OpenChat) -> None:
        chat = open_chat()
        chat.say_and_wait("你好")
        fake.gateway.conversations.clear()
        chat.page.reload()
        expect(chat.page.locator(".welcome")).to_be_visible()
        chat.say_and_wait("重新开始")


class TestOneConversationManyTabs:
    def test_two_tabs_show_the_same(self, open_chat: OpenChat) -> None:
        first = open_chat()
        first.say_and_wait("你好")
        second = open_chat()
        expect(second.rows).to_have_count(2)
        second.say_and_wait("第二个标签页")
        expect(first.page.get_by_text("您说的是：第二个标签页")).to_be_visible()
        assert first.last_seq() == second.last_seq() == 4

    def test_a_reload_goes_on_where_it_was(self, fake: RunningFake, open_chat: OpenChat) -> None:
        chat = open_chat()
        chat.say_and_wait("选项")
        chat.page.reload()
        chat.choose("等待期和犹豫期")
        expect(chat.rows).to_have_count(4)
        expect(chat.page.locator(".choice.chosen")).to_have_text("等待期和犹豫期")
        assert len(fake.gateway.conversations) == 1


class TestLongConversations:
    def test_older_pages_are_loaded_upwards_without_a_jump(self, open_chat: OpenChat) -> None:
        chat = open_chat()
        chat.say_and_wait("很多")
        chat.page.reload()
        expect(chat.rows).to_have_count(30)
        read = chat.page.locator("[data-seq='18']")
        before = read.evaluate("row => { row.parentElement.scrollTo(0, 100); return row.getBoundingClientRect().top }")
        expect(chat.rows).to_have_count(46)
        assert read.evaluate("row => row.getBoundingClientRect().top") == pytest.approx(before, abs=2)
        expect(chat.page.get_by_role("button", name="查看更早的消息")).to_have_count(0)

    def test_new_messages_do_not_move_who_reads_above(self, fake: RunningFake, open_chat: OpenChat) -> None:
        chat = open_chat()
        chat.say_and_wait("很多")
        log = chat.page.get_by_role("log")
        log.evaluate("list => list.scrollTo(0, list.scrollHeight)")
        expect(chat.page.locator(".to-end")).to_have_count(0)
        log.evaluate("list => list.scrollTo(0, 300)")
        expect(chat.page.get_by_role("button", name="回到最新")).to_be_visible()
        fake.say("text", {"text": "新来的消息"})
        pill = chat.page.get_by_role("button", name="1 条新消息")
        expect(pill).to_be_visible()
        assert log.evaluate("list => list.scrollTop") == 300
        pill.click()
        expect(chat.page.get_by_text("新来的消息")).to_be_in_viewport()
        expect(pill).to_have_count(0)
        fake.wait_until_read(47)


class TestSafety:
    def test_nothing_of_a_message_becomes_markup(self, open_chat: OpenChat) -> None:
        chat = open_chat()
        chat.say_and_wait("链接")
        bubble = chat.page.locator(".Bubble", has_text="官网是")
        expect(bubble.locator("b")).to_have_count(0)
        hrefs = bubble.locator("a").evaluate_all("links => links.map(link => link.getAttribute('href'))")
        assert hrefs == ["https://www.heyu.example/help", "tel:95000"]

    def test_an_address_of_another_kind_is_no_link(self, fake: RunningFake, open_chat: OpenChat) -> None:
        chat = open_chat()
        chat.say_and_wait("你好")
        fake.say("cashier", {**cards.cashier("01BAD"), "url": "javascript:alert(1)"})
        expect(chat.last("cashier")).to_contain_text("应付")
        expect(chat.last("cashier").get_by_role("button")).to_have_count(0)
        fake.say("policy", {**cards.policy(), "verify_url": "javascript:alert(1)"})
        expect(chat.last("policy")).to_contain_text("电子保单")
        expect(chat.last("policy").locator("a")).to_have_count(0)

    def test_an_unknown_type_is_shown_by_its_words(self, fake: RunningFake, open_chat: OpenChat) -> None:
        chat = open_chat()
        chat.say_and_wait("你好")
        fake.say("hologram", {"text": "没见过的类型"})
        expect(chat.page.get_by_text("没见过的类型")).to_be_visible()


class TestForms:
    @pytest.fixture
    def chat(self, fake: RunningFake, open_chat: OpenChat) -> ChatPage:
        chat = open_chat()
        chat.say_and_wait("你好")
        fake.say("form", cards.parties())
        chat.form("parties").wait_for()
        return chat

    def test_a_draft_survives_a_reload_without_the_identity_number(self, chat: ChatPage) -> None:
        chat.fill("parties", {"name": "张三", "id_number": ID_NUMBER})
        kept = chat.page.evaluate("JSON.stringify([{...sessionStorage}, {...localStorage}])")
        assert "张三" in kept and ID_NUMBER not in kept
        chat.page.reload()
        form = chat.form("parties")
        expect(form.locator("[data-field='name'] input")).to_have_value("张三")
        expect(form.locator("[data-field='id_number'] input")).to_have_value("")

    def test_what_is_missing_is_named_and_gets_the_focus(self, chat: ChatPage) -> None:
        chat.fill("parties", {"name": "张三"})
        chat.submit("parties")
        field = chat.form("parties").locator("[data-field='id_kind']")
        expect(field.locator("select")).to_be_focused()
        expect(field.locator("select")).to_have_accessible_description("请选择")
        expect(chat.form("parties").locator("[data-field='name'] .problem")).to_have_count(0)

    def test_fields_come_and_go_with_an_answer(self, chat: ChatPage) -> None:
        spouse = chat.form("parties").locator("[data-field='spouse_name']")
        expect(spouse).to_have_count(0)
        chat.fill("parties", {"relation": "spouse"})
        expect(spouse).to_be_visible()
        chat.fill("parties", {"relation": "self"})
        expect(spouse).to_have_count(0)

    def test_nothing_is_ticked_beforehand(self, fake: RunningFake, chat: ChatPage) -> None:
        fake.say("form", cards.consent())
        chat.form("consent").wait_for()
        expect(chat.form("consent").locator("input:checked")).to_have_count(0)

    def test_groups_are_added_and_removed(self, chat: ChatPage) -> None:
        form = chat.form("parties")
        add = form.get_by_role("button", name="添加身故受益人")
        for _ in range(3):
            add.click()
        expect(form.locator(".group")).to_have_count(3)
        expect(add).to_have_count(0)
        form.get_by_role("button", name="删除这一位").first.click()
        expect(form.locator(".group")).to_have_count(2)


class TestDocuments:
    @pytest.fixture
    def chat(self, fake: RunningFake, open_chat: OpenChat) -> ChatPage:
        chat = open_chat()
        chat.say_and_wait("你好")
        fake.say("document", {**cards.document("terms", 1), "min_seconds": 1})
        chat.waiting_document().wait_for()
        return chat

    def test_it_can_be_confirmed_only_at_its_end(self, chat: ChatPage) -> None:
        chat.waiting_document().click()
        reader = chat.page.get_by_role("dialog")
        confirm = reader.locator("footer button")
        expect(confirm).to_have_text("请阅读至末尾")
        expect(confirm).to_be_disabled()
        expect(reader.locator(".clause-excluding").first).to_contain_text("责任免除")
        reader.locator(".reader").evaluate("element => element.scrollTo(0, element.scrollHeight)")
        expect(confirm).to_have_text("我已阅读并理解")
        confirm.click()
        expect(reader).to_have_count(0)
        expect(chat.last("document")).to_contain_text("已阅读并确认")

    def test_esc_closes_it_unconfirmed_and_gives_the_focus_back(self, chat: ChatPage) -> None:
        chat.waiting_document().focus()
        chat.page.keyboard.press("Enter")
        reader = chat.page.get_by_role("dialog")
        expect(reader.locator(".clause").first).to_be_visible()
        assert reader.evaluate("element => element.contains(document.activeElement)")
        chat.page.keyboard.press("Escape")
        expect(reader).to_have_count(0)
        expect(chat.waiting_document()).to_be_focused()


class TestChoicesAndWriting:
    def test_a_choice_is_dead_after_use_and_tells_which_it_was(self, open_chat: OpenChat) -> None:
        chat = open_chat()
        chat.say_and_wait("选项")
        chat.choose("保障责任")
        expect(chat.page.locator(".choice:not([disabled])")).to_have_count(0)
        expect(chat.page.locator(".choice[aria-pressed='true']")).to_have_text("保障责任")

    def test_a_choice_that_is_over_says_so(self, open_chat: OpenChat) -> None:
        chat = open_chat()
        chat.say_and_wait("我要投保")
        chat.choose("换个方案")
        expect(chat.page.get_by_text("此选项已过期")).to_be_visible()
        expect(chat.page.locator(".row-failed")).to_have_count(0)

    def test_shift_enter_breaks_the_line_and_enter_sends(self, fake: RunningFake, open_chat: OpenChat) -> None:
        chat = open_chat()
        chat.input.focus()
        chat.page.keyboard.type("第一行")
        chat.page.keyboard.press("Shift+Enter")
        chat.page.keyboard.type("第二行")
        chat.page.keyboard.press("Enter")
        chat.wait_for_answer()
        assert fake.texts_of_customer() == ["第一行\n第二行"]
        expect(chat.input).to_have_value("")

    def test_a_text_ends_at_the_limit(self, open_chat: OpenChat) -> None:
        chat = open_chat()
        chat.input.fill("字" * 1_999)
        expect(chat.page.get_by_text("1999/2000")).to_be_visible()
        chat.input.focus()
        chat.page.keyboard.type("两个")
        expect(chat.page.get_by_text("2000/2000，已到上限")).to_be_visible()

    def test_who_is_speaking_is_always_said(self, open_chat: OpenChat) -> None:
        chat = open_chat()
        expect(chat.page.locator("header")).to_contain_text("AI 智能助手，不是真人")
        chat.say_and_wait("转人工")
        expect(chat.page.locator("header")).to_contain_text("前面还有 2 位")
        chat.say_and_wait("接入")
        expect(chat.page.locator("header")).to_contain_text("人工客服 小禾")
        names = chat.page.locator(".row-name").all_inner_texts()
        assert names == ["禾屿助手 · AI", "人工客服"]


class TestLooks:
    def test_large_type_is_kept(self, open_chat: OpenChat) -> None:
        chat = open_chat()
        chat.page.get_by_role("button", name="长辈模式").click()
        chat.page.reload()
        expect(chat.page.get_by_role("button", name="长辈模式")).to_have_attribute("aria-pressed", "true")
        assert _font_size(chat.page) >= 20

    def test_colours_follow_the_system_unless_chosen(self, open_chat: OpenChat) -> None:
        chat = open_chat()
        light = _background(chat.page)
        chat.page.emulate_media(color_scheme="dark")
        expect(chat.page.locator("html")).to_have_attribute("data-color-scheme", "dark")
        assert _background(chat.page) != light
        chat.page.get_by_role("button", name="颜色：跟随系统").click()
        expect(chat.page.locator("html")).to_have_attribute("data-color-scheme", "light")
        assert _background(chat.page) == light


def test_a_policy_is_verified_by_number_and_by_file(context: BrowserContext, fake: RunningFake) -> None:
    page = context.new_page()
    page.goto(f"{fake.base_url}/verify?no=HY2026040000018")
    expect(page.get_by_label("保单号")).to_have_value("HY2026040000018")
    page.get_by_label("投保人姓名").fill("李四")
    page.get_by_role("button", name="查验", exact=True).click()
    expect(page.locator(".verdict")).to_contain_text("查验未通过")
    page.get_by_label("投保人姓名").fill("张三")
    page.get_by_role("button", name="查验", exact=True).click()
    expect(page.locator(".verdict")).to_contain_text("查验通过")
    expect(page.locator(".verdict")).to_contain_text("状态有效")
    file = {"name": "policy.pdf", "mimeType": "application/pdf", "buffer": b"not a pdf"}
    page.get_by_label("电子保单（PDF）").set_input_files(file)
    page.get_by_role("button", name="查验文件").click()
    expect(page.locator(".verdict-invalid")).to_be_visible()
    assert "没有查到" in shown_text(page.locator(".verdict"))


def test_the_widget_opens_the_chat_on_another_page(context: BrowserContext, fake: RunningFake) -> None:
    page = context.new_page()
    host = '<!doctype html><html lang="zh"><body><h1>官网</h1><script src="/static/widget.js"></script></body></html>'
    page.route("**/host", lambda route: route.fulfill(body=host, content_type="text/html; charset=utf-8"))
    page.goto(f"{fake.base_url}/host")
    expect(page.locator("iframe")).to_have_count(0)
    page.get_by_role("button", name="在线咨询").click()
    chat = page.frame_locator("iframe")
    chat.get_by_label("输入消息").fill("你好")
    chat.get_by_label("输入消息").press("Enter")
    expect(chat.get_by_text("您说的是：你好")).to_be_visible()
    page.get_by_role("button", name="收起").click()
    expect(page.locator("iframe")).to_be_hidden()


def _font_size(page: Page) -> float:
    return float(page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)"))


def _background(page: Page) -> str:
    return str(page.evaluate("getComputedStyle(document.querySelector('.page')).backgroundColor"))
