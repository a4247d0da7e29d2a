"""Policy numbers: `HY` + year + 2-digit product + 6-digit serial + check digit (ISO 7064 MOD 11,10).

The check digit is not Luhn's, so a policy number can never pass for a bank card.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

PREFIX = "HY"
SERIAL_LIMIT = 999_999
_SHAPE = re.compile(r"HY(\d{4})(\d{2})(\d{6})(\d)")


@dataclass(frozen=True)
class PolicyNumber:
    """The parts of a policy number."""

    year: int
    product: int
    serial: int

    def __str__(self) -> str:
        """As it is printed on the policy."""
        digits = f"{self.year:04d}{self.product:02d}{self.serial:06d}"
        return f"{PREFIX}{digits}{check_digit(digits)}"


def check_digit(digits: str) -> str:
    """The ISO 7064 MOD 11,10 check digit of a string of decimal digits (hybrid system: one digit, 0–9).

    It catches every single wrong digit and nearly all swaps of neighbours.
    """
    product = 10
    for digit in digits:
        total = (int(digit) + product) % 10 or 10
        product = total * 2 % 11
    return str((11 - product) % 10)


def make(year: int, product: int, serial: int) -> str:
    """The policy number of these parts; ValueError when one does not fit its field."""
    if not (1 <= serial <= SERIAL_LIMIT and 0 <= product <= 99 and 2000 <= year <= 9999):
        raise ValueError(f"no policy number for year {year}, product {product}, serial {serial}")
    return str(PolicyNumber(year, product, serial))


def normalise(text: str) -> str:
    """The number as people mean it: no blanks or hyphens, upper case, full-width digits folded."""
    folded = "".join(chr(ord(c) - 0xFEE0) if "\uff01" <= c <= "\uff5e" else c for c in text)
    return re.sub(r"[\s\-]", "", folded).upper()


def parse(text: str) -> PolicyNumber | None:
    """The parts of a written number, or None when its shape or check digit is wrong."""
    match = _SHAPE.fullmatch(normalise(text))
    if match is None:
        return None
    year, product, serial, check = match.groups()
    if check_digit(year + product + serial) != check:
        return None
    return PolicyNumber(int(year), int(product), int(serial))
