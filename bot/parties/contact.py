"""How to reach a person: name, phone, e-mail, address. Each check returns the value as kept, or raises Invalid."""

import re
import unicodedata
from dataclasses import dataclass

from bot.errors import Invalid
from bot.parties.regions import is_region

PHONE = re.compile(r"1[3-9]\d{9}")
EMAIL = re.compile(r"[A-Za-z0-9._%+\-]+@(?:[A-Za-z0-9](?:[A-Za-z0-9\-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,}")
NAME = re.compile(r"[^\W\d_]+(?:[· ][^\W\d_]+)*")
MIDDLE_DOTS = str.maketrans({"•": "·", "‧": "·", "・": "·", "．": "·", ".": "·", "∙": "·"})
HOUSE = re.compile(r"\d|号|栋|室|村|组")
LONGEST_EMAIL = 64
SHORTEST_NAME, LONGEST_NAME = 2, 30
SHORTEST_DETAIL, LONGEST_DETAIL = 5, 100


@dataclass(frozen=True)
class Address:
    """A postal address in mainland China: three levels and the rest."""

    province: str
    city: str
    district: str
    detail: str

    def line(self) -> str:
        """The address on one line; a municipality is not said twice."""
        parts = dict.fromkeys((self.province, self.city, self.district))
        return "".join(parts) + self.detail


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


def check_phone(text: str) -> str:
    """A mainland mobile number: 11 digits. Raises Invalid("phone_format")."""
    number = re.sub(r"[\s\-]", "", _plain(text))
    if number.startswith("+86"):
        number = number[3:]
    if not PHONE.fullmatch(number):
        raise Invalid("phone_format")
    return number


def check_email(text: str) -> str:
    """An e-mail address of at most 64 characters. Raises Invalid("email_format")."""
    address = _plain(text)
    if len(address) > LONGEST_EMAIL or ".." in address or address.startswith(".") or not EMAIL.fullmatch(address):
        raise Invalid("email_format")
    return address


def check_name(text: str) -> str:
    """A name of 2 to 30 letters, with · between its parts where there are several. Raises Invalid("name_format")."""
    name = re.sub(r"\s+", " ", _plain(text)).translate(MIDDLE_DOTS)
    if not SHORTEST_NAME <= len(name) <= LONGEST_NAME or not NAME.fullmatch(name):
        raise Invalid("name_format")
    return name


def check_address(province: str, city: str, district: str, detail: str) -> Address:
    """An address: a district that exists, and at least 5 characters with a digit or 号, 栋, 室, 村, 组.

    Raises Invalid("address_region" | "address_detail").
    """
    if not is_region(province, city, district):
        raise Invalid("address_region")
    rest = _plain(detail)
    if not SHORTEST_DETAIL <= len(rest) <= LONGEST_DETAIL or not HOUSE.search(rest):
        raise Invalid("address_detail")
    return Address(province, city, district, rest)
