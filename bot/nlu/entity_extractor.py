"""Rasa component: all entities, from the dictionary of the data folder and the value readers, and their features."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import FEATURIZER_CLASS_ALIAS
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.clock import now
from bot.nlu.answer_features import answer_features
from bot.nlu.dictionary import Dictionary
from bot.nlu.fingerprint import code_fingerprint, data_fingerprint
from bot.nlu.lexicon import read_lexicon
from bot.nlu.meaning import entities_of
from bot.nlu.values.extract import find_values
from bot.nlu.values.found import Found
from bot.settings import ROOT


@DefaultV1Recipe.register(
    [DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER],
    is_trainable=False,
)
class EntityExtractor(DenseFeaturizer, GraphComponent, EntityExtractorMixin):
    """Adds entities; it is built when loaded, so new products and occupations need no training.

    It stands before the classifier and tells it, as features, what kinds of values were found.
    """

    def __init__(self, config: dict[str, Any], name: str, dictionary: Dictionary | None = None) -> None:
        """Read the data folder, unless a dictionary is handed in."""
        super().__init__(name, config)
        self._dictionary = dictionary or Dictionary(read_lexicon(Path(ROOT, config["data"])))
        self._scale = float(config["scale"])
        find_values("明天10点", now())  # jionlp takes a second to load, and not at the first message

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the defaults: the data folder and the weight of the features."""
        return {FEATURIZER_CLASS_ALIAS: "answer", "data": "data", "scale": 2.0}

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Refuse a scale that is not positive; raises ValueError."""
        if float(config["scale"]) <= 0:
            raise ValueError("EntityExtractor: scale must be positive")

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> EntityExtractor:
        """Make the component."""
        return cls(config, execution_context.node_name)

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Return what else its results depend on, for Rasa's cache."""
        return code_fingerprint() + data_fingerprint(config.get("data", "data"))

    def process(self, messages: list[Message]) -> list[Message]:
        """Add to each message the entities of its text and their features."""
        moment = now()
        for message in messages:
            text = message.get(TEXT)
            if isinstance(text, str):
                found = self._find(text, moment)
                self._add_features(message, text, found)
                message.set(ENTITIES, (message.get(ENTITIES) or []) + self._as_rasa(found), add_to_output=True)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Add the features to all examples, and leave their annotation as it is."""
        moment = now()
        for example in training_data.training_examples:
            text = example.get(TEXT)
            if isinstance(text, str):
                self._add_features(example, text, self._find(text, moment))
        return training_data

    def _find(self, text: str, moment: datetime) -> list[Found]:
        words = self._dictionary.find(text)
        values = find_values(text, moment, [(word.start, word.end) for word in words])
        return entities_of(text, words, values)

    def _add_features(self, message: Message, text: str, found: list[Found]) -> None:
        row = answer_features(text, found).reshape(1, -1) * self._scale
        self.add_features_to_message(None, row, TEXT, message)

    def _as_rasa(self, found: list[Found]) -> list[dict[str, Any]]:
        entities = [
            {"entity": item.entity, "start": item.start, "end": item.end, "value": item.value}
            | ({"role": item.role} if item.role else {})
            for item in found
        ]
        return self.add_extractor_name(entities)
