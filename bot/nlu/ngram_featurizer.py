"""Rasa component: character n-grams hashed into one dense row; needs no vocabulary, so nothing is trained or stored."""

from __future__ import annotations

from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import FEATURIZER_CLASS_ALIAS
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from sklearn.feature_extraction.text import HashingVectorizer

from bot.nlu.fingerprint import code_fingerprint
from bot.nlu.normalise import for_encoding


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class NgramFeaturizer(DenseFeaturizer, GraphComponent):
    """Shows the classifier the wording itself beside the sentence embedding, which sees only the sense."""

    def __init__(self, config: dict[str, Any], name: str) -> None:
        """Prepare the hashing; `size` is the number of columns, `longest` the longest n-gram."""
        super().__init__(name, config)
        self._scale = float(config["scale"])
        self._hashing = HashingVectorizer(
            analyzer="char", ngram_range=(1, config["longest"]), n_features=config["size"], norm="l2"
        )

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the defaults, chosen on the held-out set (docs/understanding.md)."""
        return {FEATURIZER_CLASS_ALIAS: "ngrams", "scale": 8.0, "size": 512, "longest": 2}

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Refuse sizes that make no sense; raises ValueError."""
        if config["size"] < 1 or config["longest"] < 1 or float(config["scale"]) <= 0:
            raise ValueError("NgramFeaturizer: scale, size and longest must be positive")

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> NgramFeaturizer:
        """Make the component."""
        return cls(config, execution_context.node_name)

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Return what else its results depend on, for Rasa's cache."""
        return code_fingerprint()

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the row to each message that has a text; an empty text gives zeros."""
        for message in messages:
            text = message.get(TEXT)
            if isinstance(text, str):
                row = self._hashing.transform([for_encoding(text)]).toarray() * self._scale
                self.add_features_to_message(None, row.astype(np.float32), TEXT, message)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Add the row to all examples."""
        self.process(training_data.training_examples)
        return training_data
