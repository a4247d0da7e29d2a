"""The documents of a product: its own, the exclusions page drawn from the terms, and those that products share."""

import hashlib
from pathlib import Path
from typing import Iterable, List, Mapping, Sequence, Tuple

from bot.catalogue.files import CatalogueError, read_clauses, read_front_matter
from bot.catalogue.models import Clause, Document

OWN_KINDS = ("notice", "terms", "exclusions", "manual")


def make(code: str, kind: str, title: str, version: str, clauses: Sequence[Clause]) -> Document:
    """A document with the hash over what a reader sees of it."""
    total = hashlib.sha256(f"{title}\0{version}".encode())
    for clause in clauses:
        total.update(f"\0{clause.number}\0{clause.title}\0{clause.text}".encode())
    sha256 = total.hexdigest()
    return Document(code=code, title=title, kind=kind, version=version, sha256=sha256, clauses=tuple(clauses))


def read_own(folder: Path, code: str, version: str, kind: str) -> Document:
    """A document of a product version: `<kind>.md` with its title in the head. Raises CatalogueError."""
    path = folder / f"{kind}.md"
    head, body = read_front_matter(path)
    return make(f"{code}_{kind}", kind, head["title"], version, read_clauses(path, body))


def read_shared(folder: Path, kind: str, version: str) -> Document:
    """A document that several products share: `<folder>/<kind>/<version>.md`. Raises CatalogueError."""
    path = folder / kind / f"{version}.md"
    if not path.exists():
        raise CatalogueError(f"{path}: no such document")
    head, body = read_front_matter(path)
    return make(kind, kind, head["title"], version, read_clauses(path, body))


def exclusions_of(terms: Document, title: str, numbers: Iterable[str]) -> Document:
    """The page of its own that the law asks for, drawn from the clauses of the terms with these numbers.

    Source: 保险销售行为管理办法 第26条; the words are never typed twice.
    """
    wanted = set(numbers)
    clauses = [clause for clause in terms.clauses if clause.number in wanted]
    if len(clauses) != len(wanted):
        raise CatalogueError(f"{terms.code}: exclusions name clauses that do not exist: {sorted(wanted)}")
    return make(terms.code.replace("_terms", "_exclusions"), "exclusions", title, terms.version, clauses)


def exclusion_numbers(terms: Document, chapter: str, further: Iterable[str]) -> Tuple[str, ...]:
    """Numbers of the clauses that free the insurer: a whole chapter, and further ones elsewhere."""
    also = set(further)
    return tuple(c.number for c in terms.clauses if c.number.startswith(f"{chapter}.") or c.number in also)


def reading_list(
    folder: Path, code: str, version: str, exclusions: Tuple[str, Iterable[str]], shared: Mapping[str, Document]
) -> Tuple[Document, ...]:
    """The documents a customer opens one by one before applying, in order.

    A manual is there when the folder has one (products of more than a year).
    Source: 人身保险产品信息披露管理办法 第12条.
    """
    terms = read_own(folder, code, version, "terms")
    title, numbers = exclusions
    documents: List[Document] = [read_own(folder, code, version, "notice"), terms]
    documents.append(exclusions_of(terms, title, numbers))
    if (folder / "manual.md").exists():
        documents.append(read_own(folder, code, version, "manual"))
    return (*documents, *shared.values())
