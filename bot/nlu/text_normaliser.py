"""Rasa component: normalises the text of messages and training examples, first in the pipeline."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.fingerprint import code_fingerprint
from bot.nlu.normalise import normalise


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class TextNormaliser(GraphComponent):
    """Replaces a message's text by its normal form of the same length, so that entity offsets stay valid."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> TextNormaliser:
        """Make the component; it has no settings and no state."""
        return cls()

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Return what else its results depend on, for Rasa's cache."""
        return code_fingerprint()

    def process(self, messages: list[Message]) -> list[Message]:
        """Normalise the text of each message in place.

        A payload (`/inform{"product": "P4"}`) stays as it is: only `rasa shell` sends one as text, the connector makes
        a customer's slash harmless.
        """
        for message in messages:
            text = message.get(TEXT)
            if isinstance(text, str) and not text.startswith("/"):
                message.data[TEXT] = normalise(text)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Normalise the examples as messages are."""
        self.process(training_data.training_examples)
        return training_data
