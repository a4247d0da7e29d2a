"""Checks of number values: identity numbers (GB 11643), bank cards (Luhn); pure."""

import re
from datetime import date

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECKS = "10X98765432"
# first two digits: provinces, residence permits of Hong Kong, Macao and Taiwan (81–83), the fictional region 99
REGIONS = re.compile(r"1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]|99")
OLDEST_BIRTH_YEAR = 1900
# issuers start with 3–6 and 9 (domestic, and the fictional 999900), or 2221–2720
ISSUERS = re.compile(r"[34569]|2(?:22[1-9]|2[3-9]|[3-6]|7[01]|720)")


def compact(text: str) -> str:
    """Only the digits and a final X."""
    return re.sub(r"[^0-9X]", "", text.upper())


def is_id_card(number: str, today: date) -> bool:
    """Whether 18 characters are a valid identity number, by region, birth date and check character."""
    return resembles_id_card(number, today) and id_check(number) == number[17]


def resembles_id_card(number: str, today: date) -> bool:
    """Whether region and birth date fit, so that it is somebody's number even if mistyped."""
    return bool(REGIONS.match(number)) and is_date(number[6:14], today)


def id_check(number: str) -> str:
    """The check character of the first 17 digits (ISO 7064 MOD 11-2)."""
    return CHECKS[sum(weight * int(digit) for weight, digit in zip(WEIGHTS, number[:17], strict=True)) % 11]


def is_date(digits: str, today: date) -> bool:
    """Whether yyyymmdd is a day between 1900 and today."""
    try:
        day = date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return False
    return day.year >= OLDEST_BIRTH_YEAR and day <= today


def is_card(number: str) -> bool:
    """Whether 13–19 digits have an issuer's prefix and pass Luhn's check."""
    return 13 <= len(number) <= 19 and number.isdigit() and bool(ISSUERS.match(number)) and luhn(number)


def luhn(number: str) -> bool:
    """Luhn's check (ISO/IEC 7812-1)."""
    total = 0
    for position, digit in enumerate(reversed(number)):
        doubled = int(digit) * (2 if position % 2 else 1)
        total += doubled - 9 if doubled > 9 else doubled
    return total % 10 == 0
