"""Finds the clauses of the wording that answer a question; says so when none does."""

import asyncio
import threading
from dataclasses import dataclass
from functools import lru_cache
from typing import Dict, List, Optional, Tuple

import numpy as np
import yaml

from bot.catalogue import service as catalogue
from bot.catalogue.models import Clause, Product
from bot.knowledge.rules import Lexicon, asks_meaning, is_definition, nearness, passage, score, wanted
from bot.nlu.encoder import encoder
from bot.settings import ROOT

ANSWERS = 0.28
"""From this score on a clause is held to answer; between the two kinds of tests/knowledge/questions.yml."""
MOST_CLAUSES = 3


@dataclass(frozen=True)
class Hit:
    """A clause that may answer, with its score from 0 to 1."""

    product: str
    product_name: str
    number: str
    title: str
    text: str
    score: float


@dataclass(frozen=True)
class Answer:
    """What the wording says to a question; `answered` is False when it says nothing, and the clauses only come near."""

    answered: bool
    clauses: Tuple[Hit, ...]


async def search(text: str, product: Optional[str] = None) -> Answer:
    """The clauses that answer a question, best first, of one product (a code) or of all.

    Raises NotFound("product_unknown").
    """
    chosen = (catalogue.product(product),) if product else catalogue.products()
    return await asyncio.get_running_loop().run_in_executor(None, _search, text, chosen)


def prepare() -> int:
    """Reckon the vectors of every clause once, so that the first question is answered at once; returns how many."""
    return sum(len(_index().clauses_of(product)) for product in catalogue.products(offline=True))


def _search(text: str, products: Tuple[Product, ...]) -> Answer:
    hits: List[Hit] = []
    for product in products:
        hits += _index().hits(product, text)
    best = sorted(hits, key=lambda hit: -hit.score)[:MOST_CLAUSES]
    good = tuple(hit for hit in best if hit.score >= ANSWERS)
    return Answer(bool(good), good or tuple(best))


class _Index:
    """The clauses of each product version with their vectors and words, made on first use."""

    def __init__(self) -> None:
        self._made: Dict[Tuple[str, str], Tuple[Lexicon, np.ndarray]] = {}
        self._lock = threading.Lock()
        self._words = yaml.safe_load((ROOT / "data" / "knowledge" / "words.yml").read_text(encoding="utf-8"))

    def clauses_of(self, product: Product) -> Tuple[Clause, ...]:
        """The clauses of a product, indexed."""
        self._parts(product)
        return product.clauses

    def hits(self, product: Product, text: str) -> List[Hit]:
        """Every clause of the product with its score."""
        lexicon, vectors = self._parts(product)
        about, meaning = wanted(text, self._words), asks_meaning(text)
        cosines = vectors @ encoder().encode([about.text])[0]
        scores = [
            score(share, nearness(float(cosine)), is_definition(clause.title, clause.text) and not meaning)
            for clause, share, cosine in zip(product.clauses, lexicon.shares(about), cosines, strict=True)
        ]
        return [
            Hit(product.code, product.name, clause.number, clause.title, clause.text, round(points, 3))
            for clause, points in zip(product.clauses, scores, strict=True)
        ]

    def _parts(self, product: Product) -> Tuple[Lexicon, np.ndarray]:
        key = (product.code, product.sha256)
        with self._lock:
            if key not in self._made:
                lexicon = Lexicon([(clause.title, clause.text) for clause in product.clauses])
                vectors = encoder().encode([passage(clause.title, clause.text) for clause in product.clauses])
                self._made[key] = (lexicon, vectors)
            return self._made[key]


@lru_cache(maxsize=1)
def _index() -> _Index:
    return _Index()
