"""Finds personal values and secrets in a customer's text; pure.

Personal values (identity numbers, phones, e-mail, passports) are to be sealed in the vault. Secrets (bank cards, CVV,
passwords, SMS codes) are to be dropped. Both come back as findings with offsets into the text handed in.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Callable, Iterable, Iterator, List, Mapping, Tuple

from bot.privacy import contexts, numbers

DROPPED = "⟦已删除⟧"

CHINESE_DIGITS = str.maketrans("〇零一二三四五六七八九幺", "001234567891")
KEPT_CONTROLS = "\n\t\u200d"
BRACKETS = str.maketrans("⟦⟧", "〔〕")

GAP = r"[ \-–—·.・]?"
LONG_GAP = r"[ \-–—·.・]{0,2}"
ID_CARD = re.compile(rf"(?=((?<!\d)[1-9](?:{LONG_GAP}\d){{16}}{LONG_GAP}[\dX](?!\d)))")
PHONE_CORE = "|".join(
    (
        r"1[3-9]\d{9}",
        rf"1[3-9]\d{GAP}\d{{4}}{GAP}\d{{4}}",
        rf"1[3-9]\d{{2}}{GAP}\d{{4}}{GAP}\d{{3}}",
        r"1[ \-][3-9](?:[ \-]\d){9}",
    )
)
PHONE = re.compile(rf"(?<!\d)(?:\+?0{{0,2}}86{GAP})?({PHONE_CORE})(?!\d)")
CARD = re.compile(
    r"(?<!\d)(?:\d{13,19}"
    rf"|\d{{4}}(?:{GAP}\d{{4}}){{2,3}}(?:{GAP}\d{{1,4}})?"
    rf"|\d{{6}}{GAP}\d{{7,13}}"
    r"|\d(?:[ \-]\d){12,18})(?!\d)"
)
EMAIL = re.compile(r"(?<![A-Z0-9._%+-])[A-Z0-9._%+-]{1,64}@(?:[A-Z0-9-]+\.)+[A-Z]{2,24}(?![A-Z0-9])")
PASSPORT = re.compile(r"护照.{0,12}?((?<![A-Z0-9])(?:[A-Z]{1,2}\d{7,8})(?!\d))")
# identifiers of our own, which never hold anything personal: ULIDs and policy numbers
OWN = re.compile(r"(?<![A-Z0-9])(?:[0-7][0-9A-HJKMNP-TV-Z]{25}|HY\d{13})(?![A-Z0-9])")


@dataclass(frozen=True)
class Finding:
    """One value found: `text[start:end]`, its kind, its normal form, and whether it is a secret (to be dropped)."""

    start: int
    end: int
    kind: str
    value: str
    secret: bool


def clean(text: str) -> str:
    """The text without control, invisible and broken characters; token brackets, which are ours, become plain ones.

    The joiner inside emoji stays.
    """
    kept = (c for c in text if c in KEPT_CONTROLS or unicodedata.category(c) not in ("Cc", "Cf", "Cs"))
    return "".join(kept).translate(BRACKETS).strip()


def normalised(text: str) -> str:
    """Half-width, upper-case, blanks made plain; the length and so every offset stays."""
    return "".join(_plain(c) for c in text)


def find(text: str, today: date) -> List[Finding]:
    """All findings in the text, left to right, without overlaps; `today` bounds birth dates.

    Rules: domain brief, section 1 (field checks). Where two overlap, the first in this order wins: e-mail, identity
    number, card, phone, passport, then what only its context gives away.
    """
    plain = normalised(text)
    taken = [match.span() for match in OWN.finditer(plain)]
    found: List[Finding] = []
    # a Chinese digit beside a number ("13800138000一直打不通") is no part of it, so those are read in a second round
    for finding in (*_candidates(plain, today), *_candidates(plain.translate(CHINESE_DIGITS), today)):
        if not any(finding.start < end and start < finding.end for start, end in taken):
            taken.append((finding.start, finding.end))
            found.append(finding)
    return sorted(found, key=lambda finding: finding.start)


def replace(text: str, findings: Iterable[Finding], tokens: Mapping[Finding, str]) -> str:
    """The text with secrets dropped and every other finding replaced by its vault token."""
    pieces: List[str] = []
    position = 0
    for finding in findings:
        pieces += [text[position : finding.start], DROPPED if finding.secret else tokens[finding]]
        position = finding.end
    return "".join(pieces) + text[position:]


def _plain(character: str) -> str:
    wide = unicodedata.normalize("NFKC", character)
    one = wide if len(wide) == 1 else character
    one = " " if one.isspace() and one != "\n" else one
    upper = one.upper()
    return upper if len(upper) == 1 else one


def _candidates(plain: str, today: date) -> Iterator[Finding]:
    digits = numbers.compact
    yield from _matches(plain, EMAIL, "email", str.lower)
    yield from (f for f in _id_cards(plain) if numbers.is_id_card(f.value, today))
    yield from (f for f in _cards(plain) if numbers.is_card(f.value))
    yield from (f for f in _id_cards(plain) if numbers.resembles_id_card(f.value, today))
    yield from _matches(plain, PHONE, "phone", digits)
    yield from _matches(plain, PASSPORT, "passport", str)
    for start, end, kind in contexts.secrets(plain):
        yield Finding(start, end, kind, plain[start:end], secret=True)


def _id_cards(plain: str) -> Iterator[Finding]:
    for match in ID_CARD.finditer(plain):
        start, end = match.span(1)
        yield Finding(start, end, "id_card", numbers.compact(match.group(1)), secret=False)


def _cards(plain: str) -> Iterator[Finding]:
    for match in CARD.finditer(plain):
        yield Finding(match.start(), match.end(), "bank_card", numbers.compact(match.group()), secret=True)


def _matches(plain: str, pattern: "re.Pattern[str]", kind: str, normal: Callable[[str], str]) -> Iterator[Finding]:
    for match in pattern.finditer(plain):
        start, end = _span(match)
        yield Finding(start, end, kind, normal(plain[start:end]), secret=False)


def _span(match: "re.Match[str]") -> Tuple[int, int]:
    return match.span(1) if match.re.groups else match.span()
