"""The dictionary of the understanding: words of products, occupations, conditions and persons, built from data/."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.nlu.normalise import normalise


@dataclass(frozen=True)
class Entry:
    """One word and the entity value it names; `word` is normalised."""

    entity: str
    word: str
    value: str


def _yaml(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def _products(folder: Path) -> Iterator[tuple[str, str, str]]:
    """Yield code, full and short names and synonyms of every version of every product."""
    for path in sorted(folder.glob("*/*/product.yml")):
        product = _yaml(path)
        words = [product["code"], product["name"], product["name"].replace("（互联网）", ""), product["short_name"]]
        yield from (("product", word, product["code"]) for word in [*words, *product.get("synonyms", [])])


def _occupations(path: Path) -> Iterator[tuple[str, str, str]]:
    """Yield the name and the synonyms (parted by |) of every occupation; 货车司机 is also one who says 开货车."""
    with path.open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            words = [word for word in (row["name"], *row["synonyms"].split("|")) if word]
            words += [f"开{word[:-2]}" for word in words if word.endswith("车司机")]
            yield from (("occupation", word, row["name"]) for word in words)


def _conditions(path: Path) -> Iterator[tuple[str, str, str]]:
    """Yield the words of every topic or group of medical conditions that underwriting knows."""
    for code, words in _yaml(path)["words"].items():
        yield from (("condition", word, code) for word in words)


def _fixed(path: Path) -> Iterator[tuple[str, str, str]]:
    for entity, values in _yaml(path).items():
        for value, words in values.items():
            yield from ((entity, str(word), value) for word in words)


def read_lexicon(data: Path) -> list[Entry]:
    """Return the entries of a data folder, one for each normalised word of an entity; the first value given stands.

    Raises KeyError or OSError when a file that is there lacks what it must have; absent files give no entries.
    """
    sources = [_products(data / "catalogue")]
    sources += [
        reader(data / name)
        for name, reader in (
            ("occupations.csv", _occupations),
            ("conditions.yml", _conditions),
            ("lexicon.yml", _fixed),
        )
        if (data / name).exists()
    ]
    entries: dict[tuple[str, str], Entry] = {}
    for source in sources:
        for entity, word, value in source:
            key = (entity, normalise(word).strip())
            entries.setdefault(key, Entry(entity, key[1], value))
    return list(entries.values())
