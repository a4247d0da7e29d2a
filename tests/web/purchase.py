"""A whole purchase as a customer makes it in the browser, step by step, for the products that need different steps."""

from dataclasses import dataclass, field
from typing import Callable, Dict, List

from playwright.sync_api import expect

from tests.web.pages import TURN_MS, ChatPage, Value, shown_text

ReadCode = Callable[[str], str]


@dataclass(frozen=True)
class Customer:
    """Who buys, for themselves. Identity numbers are of the fictional region 99."""

    name: str
    id_number: str
    phone: str
    occupation: str = "程序员"
    card_number: str = "4111111111111111"


@dataclass(frozen=True)
class Wish:
    """What is bought and what the customer says to get a price."""

    code: str
    opening: str
    factors: str
    price: str
    documents: int
    questions: int
    needs: Dict[str, Value] = field(default_factory=dict)
    beneficiaries: bool = False
    cooling_off: bool = False


ACCIDENT = Wish(
    code="P4",
    opening="我想买意外险",
    factors="30岁，程序员，B计划",
    price="169.00",
    documents=4,
    questions=6,
    beneficiaries=True,
)
CRITICAL_ILLNESS = Wish(
    code="P2",
    opening="我想买重疾险",
    factors="30岁女性，50万保额，保至70周岁，20年交",
    price="",
    documents=5,
    questions=10,
    needs={
        "insured_relation": "self",
        "main_concern": "serious_illness",
        "existing_cover": "none",
        "annual_income": "300000",
        "budget": "20000",
    },
    cooling_off=True,
)


class Purchase:
    """One purchase in one tab; each method is a step and leaves the next one on the page."""

    def __init__(self, chat: ChatPage, wish: Wish, customer: Customer) -> None:
        self.chat = chat
        self.wish = wish
        self.customer = customer

    def get_price(self) -> str:
        """Say what is wanted; returns the premium as shown."""
        self.chat.say_and_wait(self.wish.opening)
        self.chat.say_and_wait(self.wish.factors)
        quote = self.chat.last("quote")
        expect(quote).to_be_visible(timeout=TURN_MS)
        return shown_text(quote.locator(".amount strong"))

    def apply(self) -> None:
        """Go from the price to the application, with needs and means where the product asks for them."""
        self.chat.choose("去投保")
        if self.wish.needs:
            self.chat.fill("needs", self.wish.needs)
            self.chat.submit("needs")
            expect(self.chat.rows.last).to_contain_text("适当性意见", timeout=TURN_MS)
            self.chat.choose("继续投保")

    def verify(self, read_code: ReadCode) -> None:
        """Prove the phone number."""
        self.chat.verify_phone(self.customer.phone, read_code)

    def read_documents(self) -> List[str]:
        """Read and confirm every document; returns their titles."""
        titles = []
        for number in range(1, self.wish.documents + 1):
            place = f"第 {number} 份，共 {self.wish.documents} 份"
            expect(self.chat.last("document")).to_contain_text(place, timeout=TURN_MS)
            titles.append(self.chat.read_document())
        return titles

    def consent(self) -> None:
        """Agree to each consent; nothing is chosen beforehand."""
        form = self.chat.form("consent")
        form.wait_for()
        expect(form.locator("input:checked")).to_have_count(0)
        names = form.locator("[data-field]").evaluate_all("fields => fields.map(field => field.dataset.field)")
        self.chat.fill("consent", {name: "agree" for name in names})
        self.chat.submit("consent")

    def answer_health(self) -> None:
        """Answer every health question with no."""
        for number in range(1, self.wish.questions + 1):
            expect(self.chat.last("question")).to_contain_text(f"{number}/{self.wish.questions}", timeout=TURN_MS)
            self.chat.choose("没有")

    def fill_parties(self) -> None:
        """The customer is policyholder and insured; statutory beneficiaries."""
        values: Dict[str, Value] = {
            "holder_name": self.customer.name,
            "holder_id_kind": "id_card",
            "holder_id_number": self.customer.id_number,
            "holder_email": "customer@heyu.example",
            "holder_region": {"province": "浙江省", "city": "杭州市", "district": "西湖区"},
            "holder_address": "文三路1号3栋201室",
            "holder_tax_residence": "china",
            "insured_relation": "self",
            "insured_occupation": self.customer.occupation,
        }
        if self.wish.beneficiaries:
            values["beneficiary_kind"] = "statutory"
        self.chat.fill("parties", values)
        self.chat.submit("parties")

    def confirm(self) -> str:
        """Confirm the summary; returns it as shown."""
        summary = self.chat.last("question")
        expect(summary.locator("dl").first).to_be_visible(timeout=TURN_MS)
        shown = shown_text(summary)
        self.chat.choose("确认无误，去支付")
        return shown

    def pay_by_card(self) -> None:
        """Pay in the cashier over the chat and come back to it."""
        cashier = self.chat.open_cashier()
        cashier.frame.get_by_label("银行卡", exact=True).check()
        cashier.frame.get_by_label("持卡人姓名").fill(self.customer.name)
        cashier.frame.get_by_label("卡号").fill(self.customer.card_number)
        cashier.frame.get_by_role("button", name="确认支付").click()
        cashier.wait_until_paid()
