"""Pure rules of bank cards as typed into the cashier: nothing here is ever stored but bank and last four digits."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True)
class Card:
    """What the customer typed; lives only as long as the request. Its text form shows no digits."""

    number: str = field(repr=False)
    holder: str = field(repr=False)
    expiry: str = field(repr=False, default="")
    cvv: str = field(repr=False, default="")


@dataclass(frozen=True)
class CardSummary:
    """What may be kept of a card."""

    bank: str | None
    last4: str


def digits(number: str) -> str:
    """The card number without blanks and hyphens, full-width digits folded."""
    folded = "".join(chr(ord(c) - 0xFEE0) if "\uff10" <= c <= "\uff19" else c for c in number)
    return re.sub(r"[\s\-]", "", folded)


def luhn(number: str) -> bool:
    """Whether the last digit of a string of digits is its Luhn check digit."""
    total = 0
    for position, digit in enumerate(reversed(number)):
        value = int(digit) * (2 if position % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def same_name(one: str, other: str) -> bool:
    """Whether two written names are the same person's: blanks and the various middle dots do not count."""
    return _plain(one) == _plain(other) != ""


def check(card: Card, *, credit: bool, holder: str, today: date) -> dict[str, str]:
    """The fields at fault, each with an error code; empty when the card may be charged.

    `holder` is the policyholder's name: premiums are paid from the policyholder's own account (互联网保险业务监管办法,
    art. 40; brief, section 1, row 13). Only a credit card has expiry (MM/YY) and CVV here.
    """
    faults = {}
    number = digits(card.number)
    if not re.fullmatch(r"\d{13,19}", number) or not luhn(number):
        faults["number"] = "card_number_invalid"
    if not same_name(card.holder, holder):
        faults["holder"] = "card_holder_not_policyholder"
    if credit:
        if not _still_valid(card.expiry, today):
            faults["expiry"] = "card_expiry_invalid"
        if not re.fullmatch(r"\d{3,4}", card.cvv):
            faults["cvv"] = "card_cvv_invalid"
    return faults


def summary(card: Card, banks: Mapping[str, str]) -> CardSummary:
    """Bank and last four digits of a card that passed `check`; `banks` maps the first six digits to a name."""
    number = digits(card.number)
    return CardSummary(bank=banks.get(number[:6]), last4=number[-4:])


def _plain(name: str) -> str:
    return re.sub(r"[\s·•・．.]", "", name).casefold()


def _still_valid(expiry: str, today: date) -> bool:
    """Whether MM/YY names this month or a later one, at most twenty years ahead."""
    match = re.fullmatch(r"(0[1-9]|1[0-2])\s*/?\s*(\d{2})", expiry.strip())
    if match is None:
        return False
    month, year = int(match.group(1)), 2000 + int(match.group(2))
    return (today.year, today.month) <= (year, month) <= (today.year + 20, 12)
