"""The dictionary is built from the data folder and finds the longest word."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.nlu.dictionary import Dictionary
from bot.nlu.lexicon import Entry, read_lexicon
from bot.nlu.meaning import entities_of
from bot.nlu.values.found import Found
from bot.settings import ROOT

ENTRIES = [
    Entry("product", "意外险", "P4"),
    Entry("product", "p4", "P4"),
    Entry("occupation", "老师", "教师"),
    Entry("occupation", "幼儿园老师", "幼儿教师"),
    Entry("occupation", "客服", "客服人员"),
    Entry("insured_relation", "妈妈", "parent"),
    Entry("implied_gender", "妈妈", "female"),
    Entry("insured_relation", "老公", "spouse"),
    Entry("implied_gender", "老公", "male"),
]


@pytest.fixture(scope="module")
def dictionary() -> Dictionary:
    return Dictionary(ENTRIES)


def found(dictionary: Dictionary, text: str) -> list[tuple[str, object]]:
    return [(item.entity, item.value) for item in entities_of(text, dictionary.find(text), [])]


def test_longest_word_wins(dictionary: Dictionary) -> None:
    assert found(dictionary, "幼儿园老师") == [("occupation", "幼儿教师")]


def test_a_word_may_mean_two_things(dictionary: Dictionary) -> None:
    assert found(dictionary, "给妈妈买") == [("insured_relation", "parent"), ("gender", "female")]


def test_what_is_said_outright_stands_before_what_is_implied(dictionary: Dictionary) -> None:
    text = "给妈妈买,男"
    said = [Found("gender", 5, 6, "male")]
    assert [item.value for item in entities_of(text, dictionary.find(text), said)] == ["parent", "male"]


def test_the_first_relation_counts(dictionary: Dictionary) -> None:
    assert found(dictionary, "给老公买,他妈妈付钱") == [("insured_relation", "spouse"), ("gender", "male")]


def test_no_word_inside_a_latin_or_digit_run(dictionary: Dictionary) -> None:
    assert found(dictionary, "p42和xp4") == []
    assert found(dictionary, "p4和意外险") == [("product", "P4"), ("product", "P4")]


def test_a_clerk_one_asks_for_is_no_occupation(dictionary: Dictionary) -> None:
    assert found(dictionary, "转人工客服") == []
    assert found(dictionary, "我是做客服的") == [("occupation", "客服人员")]


@given(text=st.text(max_size=60))
def test_no_text_breaks_it(dictionary: Dictionary, text: str) -> None:
    assert all(0 <= item.start < item.end <= len(text) for item in dictionary.find(text))


def test_every_product_and_occupation_of_the_data_is_known() -> None:
    entries = read_lexicon(ROOT / "data")
    named = {(entry.entity, entry.value) for entry in entries}
    codes = {path.parent.parent.name for path in (ROOT / "data" / "catalogue").glob("*/*/product.yml")}
    assert {("product", code) for code in codes} <= named
    assert ("occupation", "程序员") in named
    assert len({(entry.entity, entry.word) for entry in entries}) == len(entries)


def test_an_empty_data_folder_gives_no_entries(tmp_path: Path) -> None:
    assert read_lexicon(tmp_path) == []
