"""Customer text and Rasa's payloads."""

from hypothesis import given
from hypothesis import strategies as st

from bot.channels.rasa.messages import without_payload
from bot.nlu.normalise import normalise

LEADING = st.text(alphabet=st.sampled_from(list("/／ \u3000\t\n\x00\u200b\ufeff\ufe0f😀~¨^⁄∕\\.|-⟦⟧")), max_size=6)


@given(LEADING | st.text(max_size=4), st.sampled_from(["/buy", "／buy", '／buy{"amount":1}']))
def test_after_normalisation_no_text_begins_with_a_slash(before: str, payload: str) -> None:
    harmless = without_payload(before + payload)
    assert not normalise(harmless).strip().startswith("/")
    assert len(harmless) == len(before + payload)


@given(st.text())
def test_only_a_leading_slash_is_changed(text: str) -> None:
    changed = [old for old, new in zip(text, without_payload(text), strict=True) if old != new]
    assert changed in ([], ["/"], ["／"])


def test_a_slash_behind_words_stays() -> None:
    assert without_payload("P1A/P1B 哪个好") == "P1A/P1B 哪个好"
