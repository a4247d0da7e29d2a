"""The shapes of what a product offers: limits, plans, benefits, rates, surrender, call-back."""

from decimal import Decimal
from typing import Any, Dict, Mapping, Optional, Tuple

from pydantic import Field

from bot.catalogue.base import Choice, Frozen, Highlight


class Factor(Frozen):
    """Something that the price depends on: its field in a quote request, its slot, and how it is asked and shown."""

    name: str
    slot: str
    label: str
    shown: str
    question: str
    choices: Tuple[Choice, ...] = ()


class AgeLimit(Frozen):
    """Ages in full years on the effective date; `min_days` is the least age in days of an infant."""

    min: int = 0
    min_days: int = 0
    max: int
    text: str
    clause: str


class ClassLimit(Frozen):
    """The occupation classes that are insured."""

    values: Tuple[int, ...]
    text: str
    clause: str


class SumByAge(Frozen):
    """The greatest sum insured, in yuan, between two ages (both included)."""

    min: int
    max: int
    at_most: int


class AmountLimit(Frozen):
    """An amount in yuan that the customer chooses: from, to, in steps; lower for some ages."""

    min: int
    max: int
    step: int
    by_age: Tuple[SumByAge, ...] = ()
    text: str
    clause: str

    def at_most(self, age: int) -> int:
        """The greatest amount for an age, in yuan."""
        return min([self.max, *(band.at_most for band in self.by_age if band.min <= age <= band.max)])


class Limits(Frozen):
    """What the product is offered for; what is absent does not limit it."""

    age: AgeLimit
    occupation_classes: Optional[ClassLimit] = None
    sum_insured: Optional[AmountLimit] = None
    annual_premium: Optional[AmountLimit] = None
    terms: Tuple[str, ...]
    term_aliases: Mapping[str, str] = Field(default_factory=dict)
    payment_periods: Tuple[str, ...] = ()
    frequencies: Tuple[str, ...]
    pay_until_age: Optional[int] = None


class Plan(Frozen):
    """A plan of a product: its sums in yuan by benefit."""

    code: str
    name: str
    sums: Mapping[str, int]


class Benefit(Frozen):
    """A benefit that the product pays; `text` is what the clause says of its amount."""

    code: str
    name: str
    text: str
    clause: str


class Monotone(Frozen):
    """An expectation on the rates: along a key they rise or fall (or stay), where other keys are as in `only`."""

    key: str
    rises: bool
    only: Mapping[str, str] = Field(default_factory=dict)


class Rating(Frozen):
    """How a rate becomes a premium: `unit` is what the rate is per, `keys` are the factors that choose its row."""

    unit: str = Field(regex="^(per_year|per_thousand|per_yuan)$")
    keys: Tuple[str, ...]
    monotone: Tuple[Monotone, ...] = ()


class RateTable:
    """The rates of one version: yuan per `Rating.unit`, by the values of the keys as text."""

    def __init__(self, keys: Tuple[str, ...], rows: Dict[Tuple[str, ...], Decimal]) -> None:
        self.keys = keys
        self._rows = rows

    def get(self, values: Mapping[str, str]) -> Optional[Decimal]:
        """The rate for these values of the keys, or None when the combination is not sold."""
        return self._rows.get(tuple(values[key] for key in self.keys))

    def combinations(self) -> Tuple[Dict[str, str], ...]:
        """Every combination that is sold, in the order of the file."""
        return tuple(dict(zip(self.keys, row, strict=True)) for row in self._rows)

    def __len__(self) -> int:
        """How many combinations are sold."""
        return len(self._rows)


class Surrender(Frozen):
    """How the cash value is reckoned: `unearned` net premium of a one-year product, or `table` cash_values.csv."""

    kind: str = Field(regex="^(unearned|table)$")
    net_share: Optional[Decimal] = None
    zero_after_claim: bool = False
    clause: str


class Beneficiaries(Frozen):
    """Which benefit is paid to beneficiaries, and who may be named."""

    benefit: str
    designated: bool
    relations: Tuple[str, ...]
    clause: str


class Callback(Frozen):
    """The call-back after issue: whether it is due, and what its questions on benefits and exclusions name."""

    due: bool
    benefits: Tuple[Highlight, ...] = ()
    exclusions: Tuple[str, ...] = ()
    clause: str


class StartingPrice(Frozen):
    """The price that a product card shows, in fen, and the condition it holds under; `request` is the quote behind."""

    request: Mapping[str, Any]
    premium_fen: int
    frequency: str = "yearly"
    condition: str
