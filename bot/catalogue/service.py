"""What the rest of the assistant asks of the catalogue: products, occupations, the insurer. Read once, then cached."""

import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import Any, Dict, Mapping, Optional, Tuple

from bot.catalogue.files import build, read_csv, read_yaml
from bot.catalogue.loader import load_conditions, load_product
from bot.catalogue.models import Insurer, Occupation, Product
from bot.errors import NotFound

DATA = Path(__file__).resolve().parent.parent.parent / "data"
REFUSED = "refused"


@lru_cache(maxsize=1)
def insurer() -> Insurer:
    """The insurer: names, official numbers and domains, staff register."""
    path = DATA / "insurer.yml"
    return build(Insurer, read_yaml(path), path)


@lru_cache(maxsize=1)
def conditions() -> Mapping[str, Any]:
    """The underwriting conditions: {"version", "topics": {code: name}, "by_product": {code: (Condition, …)}}."""
    return load_conditions(DATA / "conditions.yml")


@lru_cache(maxsize=1)
def _versions() -> Dict[str, Dict[str, Product]]:
    loaded: Dict[str, Dict[str, Product]] = {}
    for folder in sorted(path.parent for path in (DATA / "catalogue").glob("*/*/product.yml")):
        product = load_product(folder, DATA / "documents", conditions(), insurer().name)
        loaded.setdefault(product.code, {})[product.version] = product
    return loaded


def products(*, offline: bool = False) -> Tuple[Product, ...]:
    """The newest version of every product on the online shelf, by code; with `offline` those sold elsewhere too."""
    newest = [versions[max(versions)] for _, versions in sorted(_versions().items())]
    return tuple(product for product in newest if product.online or offline)


def product(code: str, version: Optional[str] = None) -> Product:
    """A product by its code; the newest version unless one is named.

    Raises NotFound("product_unknown").
    """
    versions = _versions().get(code, {})
    newest: str = max(versions, default="")
    found = versions.get(version or newest)
    if found is None:
        raise NotFound("product_unknown")
    return found


@lru_cache(maxsize=1)
def occupations() -> Tuple[Occupation, ...]:
    """The insurer's table of occupations, in the order of data/occupations.csv."""
    return tuple(
        Occupation(
            name=row["name"],
            synonyms=tuple(word for word in row["synonyms"].split("|") if word),
            occupation_class=None if row["class"] == REFUSED else int(row["class"]),
        )
        for row in read_csv(DATA / "occupations.csv", ("name", "synonyms", "class"))
    )


@lru_cache(maxsize=1)
def _occupations_by_word() -> Dict[str, Occupation]:
    return {_folded(word): found for found in occupations() for word in (found.name, *found.synonyms)}


def _folded(word: str) -> str:
    return unicodedata.normalize("NFKC", word).strip().casefold()


def occupation(name: str) -> Optional[Occupation]:
    """The occupation of this name or synonym; None when the table has none, so that a person must look."""
    return _occupations_by_word().get(_folded(name))


def product_mentioned(words: str) -> Optional[Product]:
    """The product on the shelf whose code, name, short name or synonym these words are; None when there is none."""
    wanted = _folded(words)
    for candidate in products():
        names = (candidate.code, candidate.name, candidate.short_name, *candidate.synonyms)
        if wanted in {_folded(name) for name in names}:
            return candidate
    return None
