"""Measures a trained model on the held-out sentences of tests/nlu/heldout.yml."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Optional

import yaml

Parse = Callable[[str], dict[str, Any]]
"""Text → Rasa's parse of it: intent, entities, response_selector."""

REFUSALS = frozenset({"out_of_scope", "nlu_fallback"})
"""Intents by which the assistant says that it cannot help."""


def load_parser(model: Path) -> Parse:
    """Return the parse function of a trained model (.tar.gz), with no server and no tracker."""
    from rasa.core.agent import Agent

    agent = Agent.load(str(model))
    return lambda text: asyncio.run(agent.parse_message(text))


@dataclass
class Tally:
    """Hits, misses and false alarms of one label."""

    right: int = 0
    missed: int = 0
    wrong: int = 0

    @property
    def recall(self) -> float:
        """Share of the label's sentences that were recognised."""
        return self.right / max(1, self.right + self.missed)

    @property
    def precision(self) -> float:
        """Share of what was called so that was so."""
        return self.right / max(1, self.right + self.wrong)

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        return 2 * self.right / max(1, 2 * self.right + self.missed + self.wrong)


@dataclass
class Figures:
    """All figures of one model; `errors` are (kind, text, expected, got)."""

    intents: dict[str, Tally] = field(default_factory=dict)
    entities: dict[str, Tally] = field(default_factory=dict)
    answers: Tally = field(default_factory=Tally)
    foreign: int = 0
    foreign_answered: int = 0
    errors: list[tuple[str, str, str, str]] = field(default_factory=list)

    @property
    def accuracy(self) -> float:
        """Share of sentences of ours with the right intent."""
        right = sum(tally.right for tally in self.intents.values())
        return right / max(1, right + sum(tally.missed for tally in self.intents.values()))

    @property
    def entity_f1(self) -> float:
        """F1 over all entity values, with entity and value both right."""
        total = Tally()
        for tally in self.entities.values():
            total.right, total.missed = total.right + tally.right, total.missed + tally.missed
            total.wrong += tally.wrong
        return total.f1

    @property
    def foreign_share_answered(self) -> float:
        """Share of foreign sentences that were taken for one of ours."""
        return self.foreign_answered / max(1, self.foreign)


def measure(parse: Parse, heldout: Path) -> Figures:
    """Return the figures of a parser on a held-out file."""
    cases = yaml.safe_load(heldout.read_text(encoding="utf-8"))
    figures = Figures()
    for intent, texts in cases["intents"].items():
        for text in texts:
            _count_intent(figures, text, intent, parse(text)["intent"]["name"])
    for key, texts in cases["retrieval"].items():
        for text in texts:
            parsed = parse(text)
            _count_intent(figures, text, key.split("/", maxsplit=1)[0], parsed["intent"]["name"])
            _count_answer(figures, text, key, parsed)
    for text in cases["out_of_scope"]:
        got = parse(text)["intent"]["name"]
        figures.foreign += 1
        if got not in REFUSALS:
            figures.foreign_answered += 1
            figures.errors.append(("foreign", text, "out_of_scope", got))
    for case in cases["entities"]:
        _count_entities(figures, case, parse(case["text"])["entities"])
    return figures


def _count_intent(figures: Figures, text: str, expected: str, got: str) -> None:
    if expected == got or (expected in REFUSALS and got in REFUSALS):
        figures.intents.setdefault(expected, Tally()).right += 1
        return
    figures.intents.setdefault(expected, Tally()).missed += 1
    figures.intents.setdefault(got, Tally()).wrong += 1
    figures.errors.append(("intent", text, expected, got))


def _count_answer(figures: Figures, text: str, expected: str, parsed: dict[str, Any]) -> None:
    selected: dict[str, Any] = parsed.get("response_selector", {}).get(expected.split("/", maxsplit=1)[0], {})
    got: Optional[str] = selected.get("response", {}).get("intent_response_key")
    if got == expected:
        figures.answers.right += 1
    else:
        figures.answers.missed += 1
        figures.errors.append(("answer", text, expected, str(got)))


def _values(entities: Iterable[dict[str, Any]]) -> set[tuple[str, str]]:
    return {(entity["entity"], str(entity["value"])) for entity in entities}


def _count_entities(figures: Figures, case: dict[str, Any], got: list[dict[str, Any]]) -> None:
    expected, found = _values(case["entities"]), _values(got)
    for entity, _ in expected & found:
        figures.entities.setdefault(entity, Tally()).right += 1
    for entity, _ in expected - found:
        figures.entities.setdefault(entity, Tally()).missed += 1
    for entity, _ in found - expected:
        figures.entities.setdefault(entity, Tally()).wrong += 1
    if expected != found:
        figures.errors.append(("entity", case["text"], str(sorted(expected)), str(sorted(found))))
