"""Questions find the clause that answers them, and silence of the wording is silence."""

from typing import Any, List, Tuple

import pytest
import yaml

from bot.catalogue import service as catalogue
from bot.errors import NotFound
from bot.knowledge import service
from bot.settings import ROOT

QUESTIONS = yaml.safe_load((ROOT / "tests" / "knowledge" / "questions.yml").read_text(encoding="utf-8"))
ASKED: List[Tuple[str, str, Any]] = [
    (code, question, answer) for code, questions in QUESTIONS.items() for question, answer in questions.items()
]
ANSWERED = [asked for asked in ASKED if asked[2]]
SILENT = [asked for asked in ASKED if not asked[2]]


@pytest.mark.parametrize(("code", "question", "answer"), ANSWERED)
async def test_the_clause_that_answers_comes_first(code: str, question: str, answer: Any) -> None:
    found = await service.search(question, code)
    assert found.answered
    assert found.clauses[0].number in ([answer] if isinstance(answer, str) else answer)


@pytest.mark.parametrize(("code", "question", "answer"), SILENT)
async def test_what_the_wording_does_not_say_is_not_answered(code: str, question: str, answer: None) -> None:
    assert not (await service.search(question, code)).answered


async def test_without_a_product_all_are_searched() -> None:
    found = await service.search("潜水受伤赔吗")
    assert found.answered and found.clauses[0].number == "3.7" and found.clauses[0].product == "P4"


async def test_the_text_is_the_clause_word_for_word() -> None:
    hit = (await service.search("酒驾赔不赔", "P4")).clauses[0]
    assert hit.text == catalogue.product("P4").clause(hit.number).text


async def test_unknown_product() -> None:
    with pytest.raises(NotFound):
        await service.search("等待期", "P99")
