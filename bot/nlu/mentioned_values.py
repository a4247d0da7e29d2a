"""Rasa component: in a digression the factors of a quote are only mentioned; it says so by a role."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, INTENT
from rasa.shared.nlu.training_data.message import Message

MENTIONED = "mentioned"
"""Role of a value that is talked about but not given; a slot mapped without a role does not take it."""

FACTORS = frozenset(
    {"age", "gender", "occupation", "amount", "budget", "term", "payment_period", "payment_frequency", "plan"}
    | {"social_security", "number"}
)
"""Entities that a quote depends on."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class MentionedValues(GraphComponent, EntityExtractorMixin):
    """ "60岁还能续吗", asked while a form waits for an age, must not answer the form."""

    def __init__(self, config: dict[str, Any]) -> None:
        """Keep the intents that are digressions."""
        self._digressions = frozenset(config["digressions"])

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the defaults: no intent is a digression."""
        return {"digressions": []}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> MentionedValues:
        """Make the component."""
        return cls(config)

    def process(self, messages: list[Message]) -> list[Message]:
        """Give the role `mentioned` to the factors in each message that digresses."""
        for message in messages:
            if (message.get(INTENT) or {}).get("name") in self._digressions:
                for entity in message.get(ENTITIES) or []:
                    if entity["entity"] in FACTORS:
                        entity.setdefault("role", MENTIONED)
        return messages
