"""The plainest shapes of the catalogue: clauses, facts with the clause that says them, documents."""

from typing import Any, Tuple

from pydantic import BaseModel


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


class Document(Frozen):
    """A document of the reading step; `sha256` is over its title, version and clauses."""

    code: str
    title: str
    kind: str
    version: str
    sha256: str
    clauses: Tuple[Clause, ...]
