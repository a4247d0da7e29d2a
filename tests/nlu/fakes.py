"""A small encoder and messages for tests of the components, without Rasa's graph and without the real model."""

import hashlib
from typing import Any, Dict, Optional, Sequence

import numpy as np
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.embedding_featurizer import EmbeddingFeaturizer


class FakeEncoder:
    """Texts that share characters lie near each other; the same text has the same vector."""

    name = "fake"
    dimension = 64

    def __init__(self) -> None:
        self.encoded: list[str] = []

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        self.encoded += texts
        return np.stack([self._row(text) for text in texts]) if texts else np.empty((0, self.dimension), np.float32)

    def _row(self, text: str) -> np.ndarray:
        row = np.full(self.dimension, 0.01, dtype=np.float32)
        for character in text:
            row[hashlib.sha256(character.encode()).digest()[0] % self.dimension] += 1
        return row / np.linalg.norm(row)


def featurizer(encoder: Optional[FakeEncoder] = None) -> EmbeddingFeaturizer:
    return EmbeddingFeaturizer(EmbeddingFeaturizer.get_default_config(), "embedding", encoder or FakeEncoder())


def message(text: str, **data: Any) -> Message:
    """A message with its embedding."""
    made = Message({TEXT: text, **data})
    featurizer().process([made])
    return made


def intent(name: str, confidence: float = 0.9, **others: float) -> Dict[str, Any]:
    """Message data of a classified intent, with the ranking of the others."""
    ranking = [{"name": name, "confidence": confidence}]
    ranking += [{"name": other, "confidence": value} for other, value in others.items()]
    return {"intent": ranking[0], "intent_ranking": ranking}
