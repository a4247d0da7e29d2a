"""Brings a message into one writing (width, case, script, blanks) without changing its length."""

import re
import unicodedata
from functools import lru_cache
from pathlib import Path

import opencc

ENCODED_CHARACTERS = 256
"""Characters of a message that are given to the sentence encoder; longer text costs seconds and adds nothing."""

VAULT_TOKEN = re.compile("⟦([a-z_]+):[0-9A-Za-z]+⟧")
"""A sealed value in a message: kind and id."""

_KIND_WORDS = {
    "id_card": "身份证号",
    "phone": "手机号",
    "email": "邮箱",
    "name": "姓名",
    "address": "地址",
    "passport": "护照号",
}
_KEPT = {"⟦", "⟧", "…"}


@lru_cache(maxsize=1)
def _simplified() -> dict[str, str]:
    """Traditional character → simplified character, the pairs of one character only (OpenCC's own table)."""
    path = Path(opencc.__file__).parent / "dictionary" / "TSCharacters.txt"
    pairs = (line.split() for line in path.read_text(encoding="utf-8").splitlines())
    return {pair[0]: pair[1] for pair in pairs if len(pair) > 1 and len(pair[0]) == len(pair[1]) == 1}


@lru_cache(maxsize=8192)
def _normal_character(character: str) -> str:
    if character in _KEPT:
        return character
    category = unicodedata.category(character)
    if category[0] in "CZ" or category in {"So", "Sk"}:
        return " "
    folded = unicodedata.normalize("NFKC", character)
    folded = folded if len(folded) == 1 else character
    lowered = folded.lower()
    folded = lowered if len(lowered) == 1 else folded
    return _simplified().get(folded, folded)


def normalise(text: str) -> str:
    """Return the text half-width, lower case, simplified, with emoji, controls and odd blanks as spaces.

    The result has the length of the input, so that offsets into one are offsets into the other, and normalising
    twice changes nothing. Vault tokens (`⟦kind:id⟧`) are left as they are. Lone surrogates and NUL become spaces:
    the encoder would stop at them.
    """
    characters = [_normal_character(character) for character in text]
    for match in VAULT_TOKEN.finditer(text):
        characters[match.start() : match.end()] = match.group()
    return "".join(characters)


def for_encoding(text: str) -> str:
    """Return what the encoder sees of a normalised text: a word for each vault token, blanks joined, capped."""
    named = VAULT_TOKEN.sub(lambda token: _KIND_WORDS.get(token.group(1), " "), text[: 4 * ENCODED_CHARACTERS])
    shown = re.sub(r"\s+", " ", named).strip()
    return shown[:ENCODED_CHARACTERS]
