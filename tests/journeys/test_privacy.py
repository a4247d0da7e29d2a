"""After a purchase with every slip of the tongue: no byte of what is kept holds a personal value in the clear."""

import json
import re
import sqlite3
from pathlib import Path
from typing import AsyncIterator, Dict, Iterator, List, Tuple

import pytest

from bot.records import service as records
from bot.store.engine import Database
from tests.journeys.buyer import Buyer
from tests.journeys.conftest import QUICK
from tests.journeys.customer import Customer
from tests.journeys.ledger import Ledger
from tests.journeys.purchase import HOLDER, identity
from tests.stack import Stack

pytestmark = [pytest.mark.stack, pytest.mark.model, pytest.mark.timeout(900)]

PHONE, OTHER_PHONE = "13800138000", "13900139000"
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
CARD, PASSWORD = "4111111111111111", "Tiger2048x"
ID = str(HOLDER["holder_id_number"])
ID_X = next(number for number in map(identity, range(1000)) if number.endswith("X"))
# what a careless customer says at one step after the other
SLIPS: Tuple[str, ...] = (
    f"我的身份证号是{ID}",
    f"身份证：{ID.translate(FULL_WIDTH)}",
    f"身份证 {ID[:6]} {ID[6:14]} {ID[14:]}",
    f"证件号{ID_X[:-1]}x",
    f"我的手机号{PHONE}",
    f"手机：{PHONE[:3]} {PHONE[3:7]} {PHONE[7:]}",
    f"电话 {OTHER_PHONE.translate(FULL_WIDTH)}",
    f"打给我 +86 {OTHER_PHONE[:3]}-{OTHER_PHONE[3:7]}-{OTHER_PHONE[7:]}",
    "邮箱是 Zhang.San@example.com 谢谢",
    "我的卡号是4111 1111 1111 1111",
    f"卡号{CARD.translate(FULL_WIDTH)}，CVV 737，有效期12/30",
    f"密码是{PASSWORD}",
)
FORM_VALUES = ("王小明", "文三路100号2栋301室", "ming@example.com")


class Careless:
    """Says something that should stay secret before each step of the purchase."""

    def __init__(self, customer: Customer, ledger: Ledger) -> None:
        self.customer, self.ledger = customer, ledger
        self.left: List[str] = list(SLIPS)
        self.codes: List[str] = []

    async def slip(self, step: str) -> None:
        """The next slip; where a code is asked for, the code itself is typed into the chat."""
        said = [self.left.pop(0)] if self.left and step != "factor" else []
        if step == "document" and not self.codes:
            said.append(await self._code())
        for text in said:
            await self.customer.send("text", {"text": text})
            await self.ledger.settled(self.customer)

    async def _code(self) -> str:
        asked = await self.customer.request("POST", "/api/session/verify/code", json={"phone": OTHER_PHONE})
        assert asked.status_code == 202, asked.text
        listed = (await self.customer.request("GET", "/sandbox/sms/messages")).json()["messages"]
        self.codes.append(re.findall(r"\d{6}", listed[0]["text"])[0])
        return f"验证码是 {self.codes[0]}"


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Processes that log all they can."""
    loud = Stack(tmp_path_factory.mktemp("privacy") / "var", {**QUICK, "HEYU_LOG_LEVEL": "DEBUG"})
    try:
        loud.start()
        yield loud
    finally:
        loud.stop()


@pytest.fixture
async def customer(stack: Stack) -> AsyncIterator[Customer]:
    tab = await Customer(stack.base_url).open()
    yield tab
    await tab.close()


def forbidden(codes: List[str]) -> Dict[str, re.Pattern]:
    """What must not be found, by name: digits with or without what may stand between them, in any width or escape."""
    numbers = {"id": ID, "id with x": ID_X[:-1], "phone": PHONE, "other phone": OTHER_PHONE, "card": CARD}
    found = {name: spelled(value) for name, value in numbers.items()}
    for word in (PASSWORD, "Zhang.San@example.com", *FORM_VALUES):
        found[word] = either(word)
    found["cvv"] = re.compile("CVV[^0-9０-９]{0,8}737".encode(), re.IGNORECASE)
    for code in codes:
        found["sms code"] = re.compile(rb"(?<![0-9A-Za-z.])" + code.encode() + rb"(?![0-9A-Za-z])")
    return found


def spelled(digits: str) -> re.Pattern:
    one = {digit: f"(?:{digit}|{digit.translate(FULL_WIDTH)}|\\\\uff1{digit})" for digit in "0123456789"}
    return re.compile(r"[ \-]?".join(one[digit] for digit in digits).encode())


def either(word: str) -> re.Pattern:
    escaped = json.dumps(word)[1:-1]
    return re.compile(b"|".join(re.escape(form.encode()) for form in {word, escaped}), re.IGNORECASE)


def search(place: str, content: bytes, patterns: Dict[str, re.Pattern]) -> List[str]:
    return [
        f"{place}: {name}: {content[max(0, hit.start() - 60) : hit.end() + 20]!r}"
        for name, pattern in patterns.items()
        for hit in [pattern.search(content)]
        if hit
    ]


def test_the_search_finds_what_it_should() -> None:
    """The patterns see every spelling of the slips: else the test below could not fail."""
    patterns = forbidden(["123456"])
    assert all(search("", slip.encode(), patterns) for slip in SLIPS)
    assert all(search("", json.dumps(slip).encode(), patterns) for slip in SLIPS)
    assert search("", "验证码是 123456".encode(), patterns)


async def test_nothing_personal_is_kept_in_the_clear(customer: Customer, stack: Stack) -> None:
    ledger = Ledger(stack)
    careless = Careless(customer, ledger)
    payment = {"method": "credit_card", "card": {"number": CARD, "holder": "王小明", "expiry": "12/30", "cvv": "737"}}
    answers = await refusals(customer)
    buyer = Buyer(customer, phone=PHONE, payment=payment, before_step=careless.slip)
    await buyer.buy()
    assert careless.left == [] and careless.codes, "the purchase was too short for all slips"
    await ledger.settled(customer)
    answers["wire"] = json.dumps(customer.messages, ensure_ascii=False)
    for url in ("/metrics", "/api/conversation/messages?limit=100", "/api/policies/", "/healthz"):
        answers[url] = (await customer.request("GET", url)).text
    answers["export"] = json.dumps(await export(ledger), ensure_ascii=False)
    stack.stop()
    patterns = forbidden(careless.codes)
    code = {"sms code": patterns["sms code"]}
    values = {name: pattern for name, pattern in patterns.items() if name not in code}
    leaks = [leak for place, text in answers.items() for leak in search(place, text.encode(), patterns)]
    for path in sorted(kept(stack.var)):
        leaks += search(path.name, path.read_bytes(), values)
        leaks += search(path.name, without_sandbox_messages(path) if path.suffix == ".db" else path.read_bytes(), code)
    assert leaks == []
    warnings = [message for message in customer.said("system") if message["type"] == "warning"]
    assert len(warnings) == 4, customer.texts()


async def refusals(customer: Customer) -> Dict[str, str]:
    """Answers to requests that are wrong and full of personal values."""
    broken = {"phone": f"{PHONE}0", "code": "x", "id": ID, "card": CARD}
    answers = {}
    for url in ("/api/session/verify", "/api/session/verify/code", "/api/policies/verify", "/api/quotes"):
        answers[f"POST {url}"] = (await customer.request("POST", url, json=broken)).text
    answers["broken JSON"] = (await customer.request("POST", "/api/quotes", content=f'{{"phone": "{PHONE}')).text
    answers["form"] = json.dumps(await customer.send("form", {"form_id": "parties", "values": HOLDER}))
    answers["path"] = (await customer.request("GET", "/api/policies/none/document")).text
    return answers


async def export(ledger: Ledger) -> List[Dict[str, object]]:
    """Every record as the customer gets it."""
    database = Database(ledger.url)
    async with database.transaction(read_only=True) as session:
        chains = [row["chain"] for row in ledger.rows("SELECT chain FROM record_heads")]
        exported = [await records.export(session, chain) for chain in chains]
    await database.dispose()
    assert exported
    return exported


def kept(var: Path) -> List[Path]:
    """Every file that the processes left."""
    return [path for path in var.rglob("*") if path.is_file() and path.name != "secrets.env"]


def without_sandbox_messages(path: Path) -> bytes:
    """A database as text without the page that stands for the customer's own phone."""
    with sqlite3.connect(path) as connection:
        lines = [line for line in connection.iterdump() if 'INSERT INTO "sandbox_sms"' not in line]
    return "\n".join(lines).encode()
