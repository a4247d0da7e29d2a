"""The shapes of the catalogue: frozen models that data/catalogue is read into."""

from decimal import Decimal
from typing import Any, Dict, Mapping, Optional, Tuple

from pydantic import BaseModel, Field


class Frozen(BaseModel):
    """A model that never changes and takes no unknown field: a typo in the data is an error."""

    class Config:
        """Frozen, strict about names."""

        frozen = True
        extra = "forbid"


class Clause(Frozen):
    """One numbered clause of a document; `number` is unique inside its document, like "2.4"."""

    number: str
    title: str
    text: str


class Fact(Frozen):
    """A fact about a product; `text` is how the clause says it, and stands in that clause word for word."""

    label: str
    value: Any
    text: str
    clause: str


class Highlight(Frozen):
    """A sentence of the shop window and the clause that bears it out."""

    text: str
    clause: str


class Choice(Frozen):
    """A value that a factor may take, with its title for people."""

    value: str
    title: str


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


class Rating(Frozen):
    """How a rate becomes a premium: `unit` is what the rate is per, `keys` are the factors that choose its row."""

    unit: str = Field(regex="^(per_year|per_thousand|per_yuan)$")
    keys: Tuple[str, ...]


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


class OnlyIf(Frozen):
    """When a health question is put at all."""

    max_age: Optional[int] = None
    min_age: Optional[int] = None
    gender: Optional[str] = None

    def is_always(self) -> bool:
        """Whether the question is put to everybody."""
        return self.max_age is None and self.min_age is None and self.gender is None

    def applies(self, age: int, gender: str) -> bool:
        """Whether the question is put to an insured of this age (full years) and gender."""
        return (
            (self.max_age is None or age <= self.max_age)
            and (self.min_age is None or age >= self.min_age)
            and (self.gender is None or gender == self.gender)
        )


class HealthQuestion(Frozen):
    """A question of the health declaration and the condition topics that it asks about."""

    no: int
    category: str
    text: str
    asks: Tuple[str, ...]
    only_if: OnlyIf = OnlyIf()
    materials: Tuple[str, ...] = ()


class HealthDeclaration(Frozen):
    """The health questions of a product with the words that go before them."""

    about: str
    intro: str
    questions: Tuple[HealthQuestion, ...]


class Verdict(Frozen):
    """What one condition means for one product, within an age range; the first that fits counts."""

    conclusion: str = Field(regex="^(standard|loading|exclusion|more_documents|human_review|postponed|declined)$")
    loading_percent: Optional[int] = None
    exclusion: Optional[str] = None
    materials: Tuple[str, ...] = ()
    postpone_until: Optional[str] = None
    min_age: Optional[int] = None
    max_age: Optional[int] = None

    def fits(self, age: int) -> bool:
        """Whether it holds at this age, in full years."""
        return (self.min_age is None or age >= self.min_age) and (self.max_age is None or age <= self.max_age)


class Condition(Frozen):
    """A condition that a customer may have, as one choice after a yes, and what it leads to for one product."""

    code: str
    group: str
    group_title: str
    topic: str
    text: str
    follow_up: str = ""
    verdicts: Tuple[Verdict, ...]


class Document(Frozen):
    """A document of the reading step; `sha256` is over its title, version and clauses."""

    code: str
    title: str
    kind: str
    version: str
    sha256: str
    clauses: Tuple[Clause, ...]


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


class Product(Frozen):
    """One version of a product: all that is known of it, with the clause that says so."""

    code: str
    version: str
    sha256: str
    name: str
    short_name: str
    kind: str
    online: bool
    insurer: str
    filing_no: str
    underwriting: str
    tagline: str
    synonyms: Tuple[str, ...]
    highlights: Tuple[Highlight, ...]
    facts: Mapping[str, Fact]
    limits: Limits
    plans: Tuple[Plan, ...]
    benefits: Tuple[Benefit, ...]
    factors: Tuple[Factor, ...]
    labels: Mapping[str, str]
    titles: Mapping[str, Mapping[str, str]]
    rating: Rating
    rates: RateTable
    surrender: Surrender
    cash_values: Mapping[Tuple[str, str, str, int], Decimal]
    starting_price: StartingPrice
    cooling_off_days: int
    waiting_days: int
    grace_days: int
    revival_years: int
    needs_assessment: bool
    callback: Callback
    insured_relations: Tuple[str, ...]
    beneficiaries: Beneficiaries
    clauses: Tuple[Clause, ...]
    exclusions: Tuple[str, ...]
    documents: Tuple[Document, ...]
    consents: Tuple[Document, ...]
    health: HealthDeclaration
    conditions: Tuple[Condition, ...]
    conditions_version: str

    class Config:
        """Rate tables are a class of ours."""

        arbitrary_types_allowed = True

    @property
    def health_questions(self) -> Tuple[HealthQuestion, ...]:
        """The questions of the health declaration, in order."""
        return self.health.questions

    def clause(self, number: str) -> Clause:
        """The clause of the terms with this number. Raises KeyError."""
        for clause in self.clauses:
            if clause.number == number:
                return clause
        raise KeyError(number)

    def document(self, kind: str) -> Document:
        """The document of this kind, consents included. Raises KeyError."""
        for document in (*self.documents, *self.consents):
            if document.kind == kind:
                return document
        raise KeyError(kind)

    def factor(self, name: str) -> Factor:
        """The pricing factor of this name. Raises KeyError."""
        for factor in self.factors:
            if factor.name == name:
                return factor
        raise KeyError(name)

    def title(self, field: str, value: Any) -> str:
        """A value of a field as people say it: ("term", "to70") → 至70周岁; the value itself when it has no title."""
        return self.titles.get(field, {}).get(str(value), str(value))
