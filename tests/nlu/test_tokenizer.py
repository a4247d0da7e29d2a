"""Tokens: characters, whole runs, and the boundaries of annotated spans."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.character_tokenizer import CharacterTokenizer, pieces


def words(text: str) -> list[str]:
    return [text[start:end] for start, end in pieces(text)]


def test_runs_stay_whole() -> None:
    assert words("买 50万p4险") == ["买", "50", "万", "p", "4", "险"]
    assert words("⟦phone:7f3a⟧好abc12") == ["⟦phone:7f3a⟧", "好", "abc", "12"]


@given(st.text(max_size=80))
def test_tokens_cover_the_text_but_its_blanks(text: str) -> None:
    assert "".join(words(text)) == "".join(text.split())
    spans = pieces(text)
    assert all(start < end for start, end in spans)
    assert all(left[1] <= right[0] for left, right in pairwise(spans))


def test_annotated_spans_are_whole_tokens() -> None:
    example = Message({"text": "100200元", "entities": [{"start": 0, "end": 3, "entity": "amount", "value": "100"}]})
    tokens = CharacterTokenizer(CharacterTokenizer.get_default_config()).tokenize(example, "text")
    assert [token.text for token in tokens] == ["100", "200", "元"]
