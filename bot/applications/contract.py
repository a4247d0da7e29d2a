"""What was bought: everything the policy must say, with vault tokens in place of personal values."""

from dataclasses import dataclass, field
from datetime import date
from typing import List, Optional, Tuple


@dataclass(frozen=True)
class Person:
    """A party of the contract; names, numbers, phones and addresses are vault tokens, never clear values."""

    name_token: str
    id_kind: str
    id_token: str
    relation: str
    birth_date: Optional[date] = None
    gender: Optional[str] = None
    phone_token: Optional[str] = None
    email_token: Optional[str] = None
    address_token: Optional[str] = None
    occupation: Optional[str] = None
    occupation_class: Optional[int] = None


@dataclass(frozen=True)
class Beneficiary:
    """A named beneficiary; shares of one rank add up to 100 (Insurance Law, art. 40)."""

    name_token: str
    id_kind: str
    id_token: str
    relation: str
    rank: int
    share_percent: int


@dataclass(frozen=True)
class Contract:
    """The content of one sale. An empty `beneficiaries` means the statutory ones (法定)."""

    application_id: str
    conversation_id: str
    customer_id: str
    product_code: str
    product_version: str
    product_sha256: str
    product_name: str
    quote_id: str
    plan: Optional[str]
    sum_insured_yuan: Optional[int]
    term: Optional[str]
    payment_period: Optional[str]
    frequency: str
    premium_fen: int
    total_fen: int
    rows: List[Tuple[str, str]]
    policyholder: Person
    insured: Person
    effective_on: date
    ends_on: Optional[date]
    beneficiaries: List[Beneficiary] = field(default_factory=list)
    special_terms: List[str] = field(default_factory=list)
