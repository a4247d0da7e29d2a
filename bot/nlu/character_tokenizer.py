"""Rasa component: one token a Chinese character; runs of digits, of Latin letters and vault tokens stay whole."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.fingerprint import code_fingerprint
from bot.nlu.normalise import VAULT_TOKEN

_PIECE = re.compile(rf"{VAULT_TOKEN.pattern}|[0-9]+|[A-Za-z]+|\S")


def pieces(text: str, boundaries: frozenset[int] = frozenset()) -> list[tuple[int, int]]:
    """Return (start, end) of each token, in order; a run is cut where a boundary falls inside it."""
    spans = []
    for match in _PIECE.finditer(text):
        cuts = [match.start(), *sorted(at for at in boundaries if match.start() < at < match.end()), match.end()]
        spans += list(pairwise(cuts))
    return spans


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class CharacterTokenizer(Tokenizer):
    """Tokens by character, aligned with the annotated spans of a training example."""

    @staticmethod
    def supported_languages() -> list[str] | None:
        """Return the languages this tokenizer is for."""
        return ["zh"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the settings every Rasa tokenizer has; intents are not split."""
        return {
            "intent_tokenization_flag": False,
            "intent_split_symbol": "_",
            "token_pattern": None,
            "prefix_separator_symbol": None,
        }

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Return what else its results depend on, for Rasa's cache."""
        return code_fingerprint()

    def tokenize(self, message: Message, attribute: str) -> list[Token]:
        """Return the tokens of one attribute of a message."""
        text = message.get(attribute)
        annotated = (message.get(ENTITIES) or []) if attribute == TEXT else []
        boundaries = frozenset(at for entity in annotated for at in (entity["start"], entity["end"]))
        return [Token(text[start:end], start) for start, end in pieces(text, boundaries)]
