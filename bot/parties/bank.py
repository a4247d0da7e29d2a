"""Bank cards: length, check digit, and what the first six digits say of the bank and the kind of card."""

import csv
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Dict, Optional, Tuple

from bot.errors import Invalid

FILE = Path(__file__).resolve().parent.parent.parent / "data" / "banks.csv"
NUMBER = re.compile(r"\d{13,19}")


@dataclass(frozen=True)
class Card:
    """A card that may be valid; `bank` and `kind` (debit, credit) are None when the first six digits are not known.

    The number itself is not here: nobody keeps it.
    """

    bank: Optional[str]
    kind: Optional[str]
    last_four: str


@lru_cache(maxsize=1)
def _issuers() -> Dict[str, Tuple[str, str]]:
    """First six digits → bank and kind of card."""
    with FILE.open(encoding="utf-8", newline="") as lines:
        return {row["bin"]: (row["bank"], row["kind"]) for row in csv.DictReader(lines)}


def passes_luhn(number: str) -> bool:
    """Whether the last digit is the check digit of the others (ISO/IEC 7812-1, annex B)."""
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(number))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def check_card(text: str) -> Card:
    """What a card number of 13 to 19 digits says of itself. Raises Invalid("card_number")."""
    number = re.sub(r"[\s\-]", "", unicodedata.normalize("NFKC", text))
    if not NUMBER.fullmatch(number) or not number.isascii() or not passes_luhn(number):
        raise Invalid("card_number")
    bank, kind = _issuers().get(number[:6], (None, None))
    return Card(bank, kind, number[-4:])


def check_renewal_card(card: Card) -> None:
    """Later premiums of a contract of several years are drawn from a debit card. Raises Invalid("card_credit")."""
    if card.kind == "credit":
        raise Invalid("card_credit")
