"""A customer who buys over the wire: reacts to whatever is asked last, whatever the order, until there is a policy."""

import asyncio
import re
from dataclasses import dataclass, field
from typing import Any, Awaitable, Callable, Dict, List, Optional, Tuple
from urllib.parse import parse_qs, urlsplit

import httpx

from bot.ids import new_id
from tests.chat_client import buttons_of
from tests.journeys.customer import PATIENCE_SECONDS, RETRY_SECONDS, Customer, Message
from tests.journeys.purchase import CARD, HOLDER, P4, Wish

MOST_STEPS = 80
# what a customer who wants it clicks, in this order of preference
GO_ON = ("去投保", "确认无误，去支付", "继续投保", "接受并继续", "按新保费继续")
HEALTHY = "没有"
SUM_UP = ("paid", "issued", "processing")
# the code cannot be asked for again so soon, a document not be confirmed so fast: try again
TOO_SOON = ("document_too_fast",)
# the same thing was done by the try whose answer was lost
DONE_BEFORE = ("form_not_due", "document_out_of_turn", "button_expired")


@dataclass
class Bought:
    """What the purchase led to."""

    policy_no: str
    order_id: str
    pdf: bytes


@dataclass
class Buyer:
    """One purchase by one customer. `before_step` is awaited with the step's name before each reaction.

    What is asked after `before_step` counts: a customer may say something else there.
    """

    customer: Customer
    wish: Wish = P4
    phone: str = "13800138000"
    payment: Dict[str, Any] = field(
        default_factory=lambda: {"method": "bank_card", "card": {"number": CARD, "holder": HOLDER["holder_name"]}}
    )
    before_step: Optional[Callable[[str], Awaitable[None]]] = None
    steps: List[str] = field(default_factory=list)
    order_id: str = ""
    _handled: int = 0
    _begun: bool = False

    async def buy(self) -> Bought:
        """Buy it: from the first question to the downloaded policy."""
        policy = await self.until("policy")
        body = policy["body"]
        answer = await self.customer.request("GET", body["download_url"])
        answer.raise_for_status()
        return Bought(body["policy_no"], self.order_id, answer.content)

    async def until(self, step: str) -> Message:
        """Go on until this step is asked, and return its message; the step itself is not taken."""
        if not self._begun:
            self._begun = True
            await self._say(self.wish.opening)
        for _ in range(MOST_STEPS):
            asked, name = await self._next()
            if name == step:
                self._handled = asked["seq"] - 1
                return asked
            await self._react(asked, name)
        raise AssertionError(f"no end after {self.steps}; {self.customer.texts()[-6:]}")

    async def _next(self) -> Tuple[Message, str]:
        """The newest message that asks for something and was not reacted to, and what it asks for."""
        await self.customer.until(lambda: self._asking() is not None)
        asking = self._asking()
        assert asking is not None
        self._handled = asking[0]["seq"]
        return asking

    def _asking(self) -> Optional[Tuple[Message, str]]:
        for message in reversed(self.customer.said("assistant")):
            if message["seq"] <= self._handled:
                return None
            name = self._step_of(message)
            if name:
                return message, name
        return None

    async def _react(self, asked: Message, name: str) -> None:
        if self.before_step is not None:
            await self.before_step(name)
            asked, name = self._asking() or (asked, name)
            self._handled = asked["seq"]
        self.steps.append(name)
        await getattr(self, f"_do_{name}")(asked)

    def _step_of(self, message: Message) -> Optional[str]:
        """What a message asks for; None if it asks for nothing or that is done."""
        kind, body = message["type"], message["body"]
        if kind == "form":
            return None if body.get("submitted") else ("verification" if body["form_id"] == "verification" else "form")
        if kind == "document":
            return None if body.get("confirmed") else "document"
        if kind in ("cashier", "policy"):
            return str(kind)
        if self._answer_to(body.get("text", "")):
            return "factor"
        titles = [button["title"] for button in buttons_of(body)]
        if HEALTHY in titles:
            return "health"
        return "button" if self._wanted(titles) else None

    async def _do_factor(self, asked: Message) -> None:
        await self._say(str(self._answer_to(asked["body"]["text"])))

    async def _do_health(self, asked: Message) -> None:
        await self._click(asked, HEALTHY)

    async def _do_button(self, asked: Message) -> None:
        titles = [button["title"] for button in buttons_of(asked["body"])]
        await self._click(asked, str(self._wanted(titles)))

    async def _do_verification(self, _asked: Message) -> None:
        """Ask for a code, read it from the sandbox's page, type it into the card."""
        before = len(await self._codes())
        sent = await self.customer.request("POST", "/api/session/verify/code", json={"phone": self.phone})
        assert sent.status_code in (202, 429), sent.text
        while len(await self._codes()) <= before and sent.status_code == 202:
            await asyncio.sleep(RETRY_SECONDS)
        digits = re.findall(r"\d{6}", (await self._codes())[0])[0]
        typed = {"phone": self.phone, "code": digits}
        verified = await self.customer.request("POST", "/api/session/verify", json=typed)
        assert verified.status_code == 200 or "code" in verified.json().get("fields", {}), verified.text

    async def _codes(self) -> List[str]:
        """What was sent to this phone, newest first."""
        listed = await self.customer.request("GET", "/sandbox/sms/messages")
        return [sms["text"] for sms in listed.json()["messages"] if sms["phone"][-4:] == self.phone[-4:]]

    async def _do_form(self, asked: Message) -> None:
        """Fill a card form from the wish; choices that the wish does not know are agreed to."""
        known = self.wish.forms.get(asked["body"]["form_id"], {})
        fields = [one for section in asked["body"]["sections"] for one in section["fields"]]
        values = {one["name"]: known[one["name"]] for one in fields if one["name"] in known}
        if not known:
            values = {one["name"]: "agree" for one in fields}
        await self._send("form", {"form_id": asked["body"]["form_id"], "values": values})

    async def _do_document(self, asked: Message) -> None:
        """Open the document, read it as long as demanded, confirm it."""
        opened = await self.customer.request("GET", asked["body"]["url"])
        assert opened.status_code == 200 and opened.json()["clauses"], opened.text
        await self._send("document_confirm", {"document_id": asked["body"]["document_id"]})

    async def _do_cashier(self, asked: Message) -> None:
        """Pay with a card at the cashier; a payment whose answer was lost is seen in the order's state."""
        self.order_id = asked["body"]["order_id"]
        token = parse_qs(urlsplit(asked["body"]["url"]).query)["t"][0]
        headers = {"X-Cashier-Token": token}
        page = await self.customer.request("GET", asked["body"]["url"])
        assert page.status_code == 200 and asked["body"]["product_name"] in page.text
        paid = await self._pay(headers)
        if paid.status_code != 200:
            state = await self.customer.request("GET", f"/api/cashier/{self.order_id}", headers=headers)
            assert state.json()["state"] in SUM_UP, (paid.text, state.text)

    async def _pay(self, headers: Dict[str, str]) -> httpx.Response:
        url = f"/api/cashier/{self.order_id}/pay"
        return await self.customer.request("POST", url, headers=headers, json=self.payment)

    async def _say(self, text: str) -> None:
        await self._send("text", {"text": text})

    async def _click(self, asked: Message, title: str) -> None:
        button = next(one for one in buttons_of(asked["body"]) if one["title"] == title)
        await self._send("button", {"message_id": asked["message_id"], "button_id": button["id"]})

    async def _send(self, kind: str, body: Dict[str, Any]) -> None:
        deadline = asyncio.get_running_loop().time() + PATIENCE_SECONDS
        while asyncio.get_running_loop().time() < deadline:
            ack = await self.customer.send(kind, body, new_id())
            if ack.get("error") not in TOO_SOON:
                assert "error" not in ack, (ack, body, self.customer.texts()[-4:])
                return
            await asyncio.sleep(RETRY_SECONDS)
        raise TimeoutError(f"refused for ever: {body}")

    def _answer_to(self, text: str) -> Optional[str]:
        if not text.endswith("？") and "？" not in text:
            return None
        return next((answer for word, answer in self.wish.answers if word in text and "请核对" not in text), None)

    @staticmethod
    def _wanted(titles: List[str]) -> Optional[str]:
        return next((wanted for wanted in GO_ON if wanted in titles), None)
