"""Short answers, by the question they answer."""

from typing import Any, Dict

import pytest

from actions.quote_answers import read, reread
from bot.applications.schemas import Said
from bot.catalogue.models import Choice

PLANS = [Choice(value=code, title=f"计划{code}") for code in "ABC"]
TERMS = [Choice(value="to70", title="至70周岁"), Choice(value="whole_life", title="终身")]
PERIODS = [Choice(value=years, title=f"{years}年交") for years in ("10", "20", "30")]
SUMS = [Choice(value="300000", title="30万元"), Choice(value="500000", title="50万元")]
HEALTH = [Choice(value="yes", title="有医保"), Choice(value="no", title="无医保")]


def said(text: str, **entities: Any) -> Said:
    return Said(intent="inform", text=text, entities=entities, message_id="m1")


@pytest.mark.parametrize(
    ("asked", "words", "entities", "choices", "value"),
    [
        ("plan", "计划B吧", {}, PLANS, "B"),
        ("plan", "b", {}, PLANS, "B"),
        ("plan", "第二个", {"ordinal": 2}, PLANS, "B"),
        ("plan", "最后一个", {"ordinal": -1}, PLANS, "C"),
        ("plan", "第九个", {"ordinal": 9}, PLANS, None),
        ("plan", "便宜的", {"preference": "cheapest"}, PLANS, "A"),
        ("plan", "中间的", {"preference": "middle"}, PLANS, "B"),
        ("term", "70", {"number": 70}, TERMS, "to70"),
        ("term", "就终身吧", {}, TERMS, "whole_life"),
        ("term", "45", {"number": 45}, TERMS, None),
        ("payment_period", "20", {"number": 20}, PERIODS, "20"),
        ("age", "三十", {"number": 30}, [], 30),
        ("sum_insured", "50", {"number": 50}, SUMS, 500000),
        ("sum_insured", "300000", {"number": 300000}, SUMS, "300000"),
        ("sum_insured", "350000", {"number": 350000}, SUMS, 350000),
        ("social_security", "有医保", {}, HEALTH, "yes"),
        ("plan", "等待期多久", {}, PLANS, None),
        ("age", "等待期多久", {}, [], None),
    ],
)
def test_read(asked: str, words: str, entities: Dict[str, Any], choices: list, value: Any) -> None:
    assert read(asked, said(words, **entities), choices) == value


@pytest.mark.parametrize(
    ("asked", "heard", "choices", "meant"),
    [
        ("term", {"age": 70}, TERMS, {"term": "to70", "age": None}),
        ("term", {"age": 45}, TERMS, None),
        ("term", {"age": 70, "gender": "male"}, TERMS, None),
        ("payment_period", {"term": "20y"}, PERIODS, {"payment_period": "20", "term": None}),
        ("payment_period", {"term": "whole_life"}, PERIODS, None),
        ("annual_premium", {"sum_insured": 20000}, [], {"annual_premium": 20000, "sum_insured": None}),
        ("age", {"sum_insured": 500000}, [], None),
    ],
)
def test_reread(asked: str, heard: Dict[str, Any], choices: list, meant: Any) -> None:
    assert reread(asked, heard, choices) == meant
