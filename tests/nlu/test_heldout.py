"""The trained model on sentences that it has not seen. `python -m bot.nlu.report --errors` lists the misses."""

import pytest

from bot.launch.model import ensure_model
from bot.nlu.evaluation import Figures, load_parser, measure
from bot.settings import ROOT

pytestmark = pytest.mark.model

ACCURACY = 0.95
ANSWERS = 0.93
FOREIGN_ANSWERED = 0.08
ENTITY_F1 = 0.95
WORST_INTENT = 0.6


@pytest.fixture(scope="module")
def figures() -> Figures:
    parse = load_parser(ensure_model(ROOT / "models"))
    return measure(parse, ROOT / "tests" / "nlu" / "heldout.yml")


def test_intents(figures: Figures) -> None:
    assert figures.accuracy >= ACCURACY, figures.errors


def test_no_intent_is_lost(figures: Figures) -> None:
    weak = {name: tally.recall for name, tally in figures.intents.items() if tally.recall < WORST_INTENT}
    assert {name: recall for name, recall in weak.items() if name != "nlu_fallback"} == {}


def test_answers_of_frequent_questions(figures: Figures) -> None:
    assert figures.answers.recall >= ANSWERS, figures.errors


def test_foreign_talk_is_not_answered(figures: Figures) -> None:
    assert figures.foreign_share_answered <= FOREIGN_ANSWERED, figures.errors


def test_entities(figures: Figures) -> None:
    assert figures.entity_f1 >= ENTITY_F1, figures.errors
