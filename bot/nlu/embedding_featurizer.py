"""Rasa component: one dense row a message, the sentence embedding scaled for Rasa's own classifiers."""

from __future__ import annotations

from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import FEATURIZER_CLASS_ALIAS
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.encoder import Encoder, encoder
from bot.nlu.fingerprint import code_fingerprint

ALIAS = "embedding"
"""Name of the features, by which they are told from those of other dense featurizers."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class EmbeddingFeaturizer(DenseFeaturizer, GraphComponent):
    """Gives every text, an empty one too, a sentence feature of shape (1, dimension) and norm `scale`."""

    def __init__(self, config: dict[str, Any], name: str, sentence_encoder: Encoder | None = None) -> None:
        """Use the process-wide encoder unless a test hands in another."""
        super().__init__(name, config)
        self._encoder = sentence_encoder or encoder()
        self._scale = float(config["scale"])

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the defaults; `scale` does what C does elsewhere, for Rasa's regression leaves C at 1."""
        return {FEATURIZER_CLASS_ALIAS: ALIAS, "scale": 20.0}

    @classmethod
    def required_components(cls) -> list[type]:
        """Return what must stand before it in the pipeline."""
        return [Tokenizer]

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Refuse a scale that is not positive; raises ValueError."""
        if float(config["scale"]) <= 0:
            raise ValueError("EmbeddingFeaturizer: scale must be positive")

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> EmbeddingFeaturizer:
        """Make the component."""
        return cls(config, execution_context.node_name)

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Return what else its results depend on, for Rasa's cache."""
        return code_fingerprint()

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the sentence feature to each message that has a text."""
        texted = [message for message in messages if isinstance(message.get(TEXT), str)]
        rows = self._encoder.encode([message.get(TEXT) for message in texted])
        for message, row in zip(texted, rows, strict=True):
            sentence = np.asarray(row * self._scale, dtype=np.float32).reshape(1, -1)
            self.add_features_to_message(None, sentence, TEXT, message)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Add features to all examples in one batch."""
        self.process(training_data.training_examples)
        return training_data


def vector_of(message: Message) -> np.ndarray:
    """Return the sentence embedding of a message's text, shape (dimension,); the featurizer must have run."""
    dense = message.get_dense_features(TEXT, [ALIAS])[1]
    assert dense is not None, "EmbeddingFeaturizer must stand before this component in the pipeline"
    return np.asarray(dense.features, dtype=np.float32)[0]
