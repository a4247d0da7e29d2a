"""The chat page as a customer uses it: words, choices, forms, documents, the cashier. Used by all browser tests."""

import re
from typing import Dict, List, Optional, Union

from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}
# A first turn after the start of rasa may take this long, in milliseconds.
TURN_MS = 30_000

Value = Union[str, bool, List[str], Dict[str, str]]


def new_context(browser: Browser, size: Dict[str, int]) -> BrowserContext:
    """A browser of its own (no cookies, no storage) of this size; a small one has a touch screen."""
    phone = size["width"] < 600
    context = browser.new_context(
        viewport=size, is_mobile=phone, has_touch=phone, locale="zh-CN", timezone_id="Asia/Shanghai"
    )
    context.set_default_timeout(TURN_MS)
    return context


class ChatPage:
    """One tab with the chat."""

    def __init__(self, page: Page, base_url: str) -> None:
        self.page = page
        self.base_url = base_url
        self.errors: List[str] = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", lambda said: self.errors.append(said.text) if said.type == "error" else None)

    def open(self) -> "ChatPage":
        """Load the page and wait until one can write."""
        self.page.goto(self.base_url)
        expect(self.input).to_be_visible()
        return self

    @property
    def input(self) -> Locator:
        """Where the customer writes."""
        return self.page.get_by_label("输入消息")

    @property
    def rows(self) -> Locator:
        """All messages that have arrived or been sent."""
        return self.page.locator("article.row")

    def messages(self, kind: str) -> Locator:
        """The messages of a type."""
        return self.page.locator(f"article.row[data-type='{kind}']")

    def last(self, kind: str) -> Locator:
        """The newest message of a type."""
        return self.messages(kind).last

    def last_seq(self) -> int:
        """The seq of the newest message on the page, 0 before the first."""
        return int(
            self.page.evaluate("Math.max(0, ...[...document.querySelectorAll('[data-seq]')].map(r => +r.dataset.seq))")
        )

    def say(self, words: str) -> None:
        """Send words with Enter."""
        self.input.fill(words)
        self.input.press("Enter")

    def say_and_wait(self, words: str) -> None:
        """Send words and wait for an answer to them."""
        self.say(words)
        own = self.rows.filter(has_text=words).last
        own.and_(self.page.locator("[data-seq]")).wait_for()
        self.wait_for_answer()

    def wait_for_answer(self) -> None:
        """Wait until the newest message is not the customer's and nobody is typing."""
        expect(self.rows.last).to_have_attribute("data-own", "false", timeout=TURN_MS)
        expect(self.page.locator(".Typing")).to_have_count(0, timeout=TURN_MS)

    def choice(self, title: str) -> Locator:
        """The newest choice with this title that can still be taken."""
        return self.page.locator(".choice:not([disabled])").filter(has_text=re.compile(f"^{re.escape(title)}$")).last

    def choose(self, title: str) -> None:
        """Take a choice."""
        self.choice(title).click()

    # --- cards ---

    def form(self, form_id: str) -> Locator:
        """The open form with this id."""
        return self.page.locator(f".form-card[data-form='{form_id}'][data-status='open']").last

    def fill(self, form_id: str, values: Dict[str, Value]) -> None:
        """Fill fields of an open form by path ("phone", "beneficiaries.0.name"), in this order."""
        form = self.form(form_id)
        form.wait_for()
        for path, value in values.items():
            self._fill_field(form.locator(f"[data-field='{path}']"), value)

    def submit(self, form_id: str) -> None:
        """Press the form's button."""
        self.form(form_id).locator("button[type='submit']").click()

    def verify_phone(self, phone: str, read_code: "CodeReader") -> None:
        """Prove a phone number with the code sent to it."""
        form = self.form("verification")
        form.locator("[data-field='phone'] input").fill(phone)
        form.get_by_role("button", name="获取验证码").click()
        expect(form.get_by_text("验证码已发送")).to_be_visible()
        form.locator("[data-field='code'] input").fill(read_code(phone))
        form.get_by_role("button", name="验证", exact=True).click()
        expect(form).to_have_count(0)

    def read_document(self) -> str:
        """Open the document that waits, read it to its end, confirm it; returns its title."""
        card = self.page.locator(".document").filter(has=self.page.get_by_role("button", name="打开阅读")).last
        title = card.locator("strong").inner_text()
        card.get_by_role("button", name="打开阅读").click()
        reader = self.page.get_by_role("dialog")
        expect(reader.locator(".clause").first).to_be_visible()
        confirm = reader.locator("footer button")
        reader.locator(".reader").evaluate("element => element.scrollTo(0, element.scrollHeight)")
        expect(confirm).to_be_enabled(timeout=TURN_MS)
        confirm.click()
        expect(reader).to_have_count(0)
        return title

    def waiting_document(self) -> Locator:
        """The button of a document that is still to be read."""
        return self.page.get_by_role("button", name="打开阅读")

    def open_cashier(self) -> "CashierSheet":
        """Open the cashier over the chat."""
        self.page.get_by_role("button", name="去支付", exact=True).last.click()
        return CashierSheet(self.page)

    @staticmethod
    def _fill_field(field: Locator, value: Value) -> None:
        kind = field.get_attribute("data-kind")
        if isinstance(value, bool):
            field.locator("input[type='checkbox']").set_checked(value)
        elif isinstance(value, dict):
            for part, text in value.items():
                select = field.locator(f"[name$='.{part}']")
                if select.evaluate("element => element.tagName") == "SELECT":
                    select.select_option(label=text)
                else:
                    select.fill(text)
        elif kind == "select":
            field.locator("select").select_option(value)
        elif kind in ("radio", "checkbox"):
            for option in [value] if isinstance(value, str) else value:
                field.locator(f"input[value='{option}']").check()
        else:
            field.locator("input").fill(str(value))


class CodeReader:
    """Reads the newest SMS code of a phone off the sandbox provider's page, `/sandbox/sms`."""

    def __init__(self, context: BrowserContext, base_url: str) -> None:
        self.context = context
        self.base_url = base_url

    def __call__(self, phone: str) -> str:
        masked = re.compile(r"\*" + re.escape(phone[-4:]))
        page = self.context.new_page()
        try:
            page.goto(f"{self.base_url}/sandbox/sms")
            words = page.locator("tr").filter(has_text=masked).first.locator("td").last.inner_text()
        finally:
            page.close()
        found = re.search(r"(?<!\d)\d{6}(?!\d)", words)
        assert found, f"no code in {words!r}"
        return found.group()


class CashierSheet:
    """The cashier in its sheet over the chat."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.sheet = page.get_by_role("dialog", name="收银台")
        self.frame = page.frame_locator("iframe.cashier-frame")

    def wait_until_paid(self) -> None:
        """Wait until the sheet closes by itself, which it does when the order is paid."""
        expect(self.sheet).to_have_count(0, timeout=TURN_MS)


def shown_text(locator: Optional[Locator]) -> str:
    """The visible words of a part, blanks collapsed; "" for None."""
    return re.sub(r"\s+", " ", locator.inner_text()).strip() if locator else ""
