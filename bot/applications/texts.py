"""The words of cards and buttons, read once from data/applications; sentences of the dialogue are in domain.yml."""

from functools import cache
from pathlib import Path
from typing import Any, Dict, List

import yaml

FOLDER = Path(__file__).resolve().parents[2] / "data" / "applications"


@cache
def _read(name: str) -> Dict[str, Any]:
    return dict(yaml.safe_load((FOLDER / f"{name}.yml").read_text(encoding="utf-8")))


def title(code: str) -> str:
    """The title of a button. Raises KeyError."""
    return str(_read("choices")[code])


def form(form_id: str) -> Dict[str, Any]:
    """The shape of a card form: title, submit label, sections with fields. Raises KeyError. Do not change it."""
    return dict(_read("forms")[form_id])


def label(group: str, code: str, **values: Any) -> str:
    """A label of the summary or of a finding, with its values filled in. Raises KeyError."""
    return str(_read("labels")[group][code]).format(**values)


def labels(group: str) -> Dict[str, str]:
    """All labels of a group. Raises KeyError."""
    return dict(_read("labels")[group])


def fields() -> Dict[str, List[str]]:
    """Part of an application → the customer's words for it."""
    return {part: list(words) for part, words in _read("fields").items()}
