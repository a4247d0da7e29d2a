"""Rasa component: all entities, from the dictionary of the data folder and from the value readers."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.clock import now
from bot.nlu.dictionary import Dictionary
from bot.nlu.lexicon import read_lexicon
from bot.nlu.meaning import entities_of
from bot.nlu.values.extract import find_values
from bot.settings import ROOT


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class EntityExtractor(GraphComponent, EntityExtractorMixin):
    """Adds entities; it is built when loaded, so new products and occupations need no training."""

    def __init__(self, config: dict[str, Any], dictionary: Dictionary | None = None) -> None:
        """Read the data folder, unless a dictionary is handed in."""
        self._dictionary = dictionary or Dictionary(read_lexicon(Path(ROOT, config["data"])))
        self._digressions = frozenset(config["digressions"])
        find_values("明天10点", now())  # jionlp takes a second to load, and not at the first message

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the defaults: the data folder, and the intents in which values are mentioned, not given."""
        return {"data": "data", "digressions": []}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> EntityExtractor:
        """Make the component."""
        return cls(config)

    def process(self, messages: list[Message]) -> list[Message]:
        """Add to each message the entities of its text."""
        moment = now()
        for message in messages:
            text = message.get(TEXT)
            if isinstance(text, str):
                found = self._extract(text, (message.get(INTENT) or {}).get("name"), moment)
                message.set(ENTITIES, (message.get(ENTITIES) or []) + found, add_to_output=True)
        return messages

    def _extract(self, text: str, intent: str | None, moment: datetime) -> list[dict[str, Any]]:
        words = self._dictionary.find(text)
        values = find_values(text, moment, [(word.start, word.end) for word in words])
        found = entities_of(text, words, values, digression=intent in self._digressions)
        return self.add_extractor_name(
            [
                {"entity": item.entity, "start": item.start, "end": item.end, "value": item.value}
                | ({"role": item.role} if item.role else {})
                for item in found
            ]
        )
