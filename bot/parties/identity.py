"""Identity documents: the resident identity number (GB 11643) and its kin, checked and read. Pure."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Optional

from bot.errors import Invalid
from bot.parties.ages import age_on
from bot.parties.regions import is_region_code

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_DIGITS = "10X98765432"
NUMBER = re.compile(r"\d{17}[\dX]")
PASSPORT = re.compile(r"[A-Z0-9]{5,17}")
TEST_REGION = "99"
RESIDENCE_PERMIT_REGIONS = ("81", "82", "83")
OLDEST = 120


@dataclass(frozen=True)
class Identity:
    """What a document number says: `kind` id_card, residence_permit, permanent_residence or passport.

    `birth_date` and `gender` (male, female) are None for a passport, which a person has to look at (`needs_human`).
    """

    kind: str
    number: str
    birth_date: Optional[date]
    gender: Optional[str]
    needs_human: bool = False


def normalise_number(text: str) -> str:
    """A document number without blanks and hyphens, in half-width capitals."""
    return re.sub(r"[\s\-]", "", unicodedata.normalize("NFKC", text)).upper()


def check_digit(body: str) -> str:
    """The check digit of 17 digits by ISO 7064 MOD 11-2."""
    total = sum(weight * int(digit) for weight, digit in zip(WEIGHTS, body, strict=True))
    return CHECK_DIGITS[total % 11]


def check_identity_number(
    text: str,
    *,
    today: date,
    test_identities: bool,
    gender: Optional[str] = None,
    birth_date: Optional[date] = None,
) -> Identity:
    """An 18-digit identity number or residence permit of Hong Kong, Macao and Taiwan residents (81, 82, 83).

    The fictional region 99 passes only with `test_identities`. Where gender or birth date were said, they must agree.
    Raises Invalid: identity_format, identity_region, identity_date, identity_checksum, identity_gender,
    identity_birth_date.
    """
    number = normalise_number(text)
    if not NUMBER.fullmatch(number):
        raise Invalid("identity_format")
    _check_region(number, test_identities)
    born = read_birth_date(number[6:14], today)
    if number[17] != check_digit(number[:17]):
        raise Invalid("identity_checksum")
    found = Identity(_kind(number), number, born, gender_of(number))
    if gender is not None and gender != found.gender:
        raise Invalid("identity_gender")
    if birth_date is not None and birth_date != born:
        raise Invalid("identity_birth_date")
    return found


def gender_of(number: str) -> str:
    """male or female by the 17th digit: odd is male."""
    return "male" if int(number[16]) % 2 else "female"


def read_birth_date(digits: str, today: date) -> date:
    """Eight digits as a date not in the future and not more than 120 years ago. Raises Invalid("identity_date")."""
    try:
        born = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError as error:
        raise Invalid("identity_date") from error
    if born > today or age_on(born, today) > OLDEST:
        raise Invalid("identity_date")
    return born


def check_document(
    kind: str,
    text: str,
    *,
    today: date,
    test_identities: bool,
    gender: Optional[str] = None,
    birth_date: Optional[date] = None,
) -> Identity:
    """A document of one of the kinds that are accepted; the kind must be the one that the number shows.

    A passport is only looked at for its form and always needs a person. Raises Invalid as `check_identity_number`, and
    document_kind.
    """
    if kind == "passport":
        number = normalise_number(text)
        if not PASSPORT.fullmatch(number):
            raise Invalid("document_passport")
        return Identity(kind, number, birth_date, gender, needs_human=True)
    if kind == "permanent_residence":
        return _permanent_residence(text, today, gender, birth_date)
    found = check_identity_number(
        text, today=today, test_identities=test_identities, gender=gender, birth_date=birth_date
    )
    if found.kind != kind:
        raise Invalid("document_kind")
    return found


def check_valid_until(valid_until: Optional[date], today: date) -> None:
    """A document is valid for ever (None) or until a day not before today. Raises Invalid("document_expired")."""
    if valid_until is not None and valid_until < today:
        raise Invalid("document_expired")


def _kind(number: str) -> str:
    return "residence_permit" if number[:2] in RESIDENCE_PERMIT_REGIONS else "id_card"


def _check_region(number: str, test_identities: bool) -> None:
    if number[:2] == TEST_REGION:
        if not test_identities:
            raise Invalid("identity_region")
    elif not is_region_code(number[:6]):
        raise Invalid("identity_region")


def _permanent_residence(text: str, today: date, gender: Optional[str], birth_date: Optional[date]) -> Identity:
    """The foreigners' permanent residence card of 2023: 18 digits that begin with 9, the same check digit."""
    number = normalise_number(text)
    if not NUMBER.fullmatch(number) or number[0] != "9" or number[:2] == TEST_REGION:
        raise Invalid("document_permanent_residence")
    born = read_birth_date(number[6:14], today)
    if number[17] != check_digit(number[:17]):
        raise Invalid("identity_checksum")
    if birth_date is not None and birth_date != born:
        raise Invalid("identity_birth_date")
    if gender is not None and gender != gender_of(number):
        raise Invalid("identity_gender")
    return Identity("permanent_residence", number, born, gender_of(number), needs_human=True)
