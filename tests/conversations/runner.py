"""Runs a conversation written in YAML against the real processes; README.md beside it says what may be written."""

from dataclasses import replace
from pathlib import Path
from typing import Any, Dict, List, Mapping, Optional

import httpx
import yaml

from tests.chat_client import ANSWER_SECONDS, buttons_of
from tests.journeys import purchase
from tests.journeys.buyer import Buyer
from tests.journeys.customer import Customer, Message
from tests.journeys.ledger import Ledger

FOLDER = Path(__file__).parent
WISHES = {"P4": purchase.P4, "P2": purchase.P2}
ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
DEEDS = ("say", "click", "buy", "another_tab", "wait_for")


def read_conversations() -> List[Dict[str, Any]]:
    """Every conversation of the folder; each file is a list of them."""
    return [one for path in sorted(FOLDER.glob("*.yml")) for one in yaml.safe_load(path.read_text(encoding="utf-8"))]


def identity_number(person: int) -> str:
    """The fictional identity number of a man born on 1996-03-12; another one for each person up to 499."""
    digits = f"99000019960312{2 * person + 1:03d}"
    remainder = sum(int(digit) * weight for digit, weight in zip(digits, ID_WEIGHTS, strict=True)) % 11
    return digits + "10X98765432"[remainder]


def phone_of(person: int) -> str:
    """A phone number for each person."""
    return f"138{person:08d}"


def from_own_address(customer: Customer, person: int) -> Customer:
    """Let the customer's requests come from an address of its own: codes are limited by address."""
    transport = httpx.AsyncHTTPTransport(local_address=f"127.0.{person // 250 + 1}.{person % 250 + 1}")
    headers = {"Authorization": f"Bearer {customer.token}"}
    customer.http = httpx.AsyncClient(
        base_url=customer.base_url, transport=transport, headers=headers, timeout=ANSWER_SECONDS
    )
    return customer


def wish_of(name: str, person: int) -> purchase.Wish:
    """What is bought, by a person of its own: an insured may hold one accident policy only."""
    wish = WISHES[name]
    parties = {**wish.forms["parties"], "holder_id_number": identity_number(person)}
    return replace(wish, forms={**wish.forms, "parties": parties})


class Run:
    """One conversation being held."""

    def __init__(self, customer: Customer, ledger: Ledger, person: int) -> None:
        self.customer = from_own_address(customer, person)
        self.ledger = ledger
        self.buyer: Optional[Buyer] = None
        self.person = person
        self._tabs: List[Customer] = []

    async def hold(self, conversation: Mapping[str, Any]) -> None:
        """Do every turn, then look into the database."""
        for number, turn in enumerate(conversation["turns"], start=1):
            deed = next(name for name in DEEDS if name in turn)
            answers = await getattr(self, f"_{deed}")(turn[deed])
            _check(answers, turn, f"turn {number}: {turn[deed]}")
        for row in conversation.get("stored", []):
            found = self.ledger.rows(row["sql"], c=self.customer.conversation_id)
            values = [next(iter(one.values())) for one in found]
            assert values == row["is"], f"{row['sql']}: {values}"

    async def close(self) -> None:
        """Close the tabs that were opened on the way."""
        for tab in self._tabs:
            await tab.close()

    async def _say(self, text: str) -> List[Message]:
        return await self.customer.say(text)

    async def _click(self, title: str) -> List[Message]:
        return await self.customer.click(title)

    async def _buy(self, how: Mapping[str, str]) -> List[Message]:
        """Go on buying until a step is asked; what is asked counts as the answer."""
        if self.buyer is None:
            self.buyer = Buyer(self.customer, wish_of(how["wish"], self.person), phone_of(self.person))
        return [await self.buyer.until(how["until"])]

    async def _another_tab(self, _: Any) -> List[Message]:
        """The same conversation again, as on the next day: everything so far comes back."""
        tab = Customer(self.customer.base_url)
        tab.conversation_id, tab.token = self.customer.conversation_id, self.customer.token
        from_own_address(tab, self.person)
        before = len(self.customer.messages)
        await tab.stay()
        self._tabs.append(tab)
        await tab.until(lambda: len(tab.messages) >= before)
        self.customer = tab
        if self.buyer is not None:
            self.buyer.customer = tab
        return list(tab.messages.values())

    async def _wait_for(self, card: str) -> List[Message]:
        return [await self.customer.wait_for(lambda message: message["type"] == card)]


def _check(answers: List[Message], turn: Mapping[str, Any], where: str) -> None:
    """The answers hold all that the turn expects and nothing that it forbids."""
    said = "\n".join(str(message["body"].get("text") or "") for message in answers)
    titles = [button["title"] for message in answers for button in buttons_of(message["body"])]
    types = [message["type"] for message in answers]
    for part in _listed(turn.get("answered")):
        assert part in said, f"{where}: no {part!r} in {said!r}"
    for part in _listed(turn.get("not_answered")):
        assert part not in said, f"{where}: {part!r} in {said!r}"
    for title in _listed(turn.get("buttons")):
        assert any(title in one for one in titles), f"{where}: no button {title!r} in {titles}"
    for card in _listed(turn.get("card")):
        assert card in types, f"{where}: no {card} in {types}"
    assert said.strip(), f"{where}: not answered"


def _listed(value: Any) -> List[str]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
