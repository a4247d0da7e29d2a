"""A product with all its parts; every shape of the catalogue can be imported from here."""

from decimal import Decimal
from typing import Any, Mapping, Tuple

from bot.catalogue.base import Choice, Clause, Document, Fact, Frozen, Highlight
from bot.catalogue.health import Condition, HealthDeclaration, HealthQuestion, OnlyIf, Verdict
from bot.catalogue.insurer import Insurer, Occupation, Staff
from bot.catalogue.offer import (
    AgeLimit,
    AmountLimit,
    Beneficiaries,
    Benefit,
    Callback,
    ClassLimit,
    Factor,
    Limits,
    Monotone,
    Plan,
    RateTable,
    Rating,
    StartingPrice,
    SumByAge,
    Surrender,
)

__all__ = [
    "AgeLimit",
    "AmountLimit",
    "Beneficiaries",
    "Benefit",
    "Callback",
    "Choice",
    "ClassLimit",
    "Clause",
    "Condition",
    "Document",
    "Fact",
    "Factor",
    "Frozen",
    "HealthDeclaration",
    "HealthQuestion",
    "Highlight",
    "Insurer",
    "Limits",
    "Monotone",
    "Occupation",
    "OnlyIf",
    "Plan",
    "Product",
    "RateTable",
    "Rating",
    "Staff",
    "StartingPrice",
    "SumByAge",
    "Surrender",
    "Verdict",
]


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
