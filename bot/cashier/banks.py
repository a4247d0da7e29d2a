"""Reads data/banks.csv: which bank a card belongs to, by its first six digits."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from bot.settings import ROOT

FILE = ROOT / "data" / "banks.csv"


@lru_cache(maxsize=1)
def banks() -> Mapping[str, str]:
    """Names of banks by BIN (six digits)."""
    with FILE.open(encoding="utf-8", newline="") as lines:
        return MappingProxyType({row["bin"]: row["bank"] for row in csv.DictReader(lines)})
