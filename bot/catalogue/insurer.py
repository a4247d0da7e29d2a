"""The shapes of the insurer: names, numbers, staff, the table of occupations."""

from typing import Optional, Tuple

from bot.catalogue.base import Frozen


class Occupation(Frozen):
    """An occupation; `occupation_class` is 1 (least risk) to 6, or None when it is not insured at all."""

    name: str
    synonyms: Tuple[str, ...]
    occupation_class: Optional[int]


class Staff(Frozen):
    """A member of staff as a caller's claim is checked against."""

    id: str
    department: str
    role: str
    calls_customers: bool


class Insurer(Frozen):
    """The insurer: names, official numbers and domains, staff register."""

    name: str
    short_name: str
    brand: str
    hotline: str
    hours: str
    agent_hours: str
    address: str
    website: str
    app: str
    wechat_account: str
    domains: Tuple[str, ...]
    outbound_numbers: Tuple[str, ...]
    sms_numbers: Tuple[str, ...]
    email: str
    never_asks_for: Tuple[str, ...]
    staff: Tuple[Staff, ...]
