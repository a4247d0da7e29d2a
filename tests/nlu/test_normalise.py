"""The normal form of a text keeps its length and is the same when taken twice."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.nlu.normalise import ENCODED_CHARACTERS, for_encoding, normalise

ANY_TEXT = st.text(alphabet=st.characters(), max_size=300)


@given(ANY_TEXT)
def test_keeps_length_and_is_stable(text: str) -> None:
    normal = normalise(text)
    assert len(normal) == len(text)
    assert normalise(normal) == normal


@given(ANY_TEXT)
def test_result_can_be_encoded(text: str) -> None:
    shown = for_encoding(normalise(text))
    assert len(shown) <= ENCODED_CHARACTERS
    assert "\x00" not in shown
    shown.encode("utf-8")


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("５０万", "50万"),
        ("ＨＹ２０２６", "hy2026"),
        ("我要買保險", "我要买保险"),
        ("Ｐ４，好吗？", "p4,好吗?"),
        ("你好\u3000在吗", "你好 在吗"),
        ("好的😀谢谢", "好的 谢谢"),
        ("a\x00b\ud800c", "a b c"),
        ("／inform", "/inform"),
        ("⟦phone:7F3a⟧的ABC", "⟦phone:7F3a⟧的abc"),
    ],
)
def test_writings(text: str, normal: str) -> None:
    assert normalise(text) == normal


def test_the_encoder_sees_a_word_for_a_vault_token() -> None:
    assert for_encoding("我的电话⟦phone:7f3a⟧  谢谢") == "我的电话手机号 谢谢"
    assert for_encoding("⟦secret:7f3a⟧") == ""
