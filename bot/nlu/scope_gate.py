"""Rasa component: turns a message that is like nothing in the training data into out_of_scope."""

from __future__ import annotations

import json
import re
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.embedding_featurizer import vector_of
from bot.nlu.fingerprint import code_fingerprint
from bot.nlu.neighbours import Neighbours

OUT_OF_SCOPE = "out_of_scope"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class ScopeGate(GraphComponent, IntentClassifier):
    """Weighs how near the nearest training sentences are and what the classifier gives to out_of_scope."""

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        neighbours: Neighbours | None = None,
        threshold: float = -1.0,
    ) -> None:
        """Keep the settings; neighbours and threshold come from training."""
        self._config, self._model_storage, self._resource = config, model_storage, resource
        self._neighbours, self._threshold = neighbours, threshold
        self._exempt = frozenset(config["exempt_entities"])

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the defaults.

        `neighbours`: how many nearest sentences; `percentile`: of the training sentences' own nearness, below which a
        message is foreign; `margin`: how far above that a suspect message still is; `suspicion`: the probability
        of out_of_scope that makes a message suspect; `short`: characters up to which a message is an answer and
        never foreign; `exempt_entities`: entities that make a message ours; `sure`: the probability from which
        the classifier's own out_of_scope stands even so.
        """
        return {
            "neighbours": 3,
            "percentile": 2.5,
            "margin": 0.2,
            "suspicion": 0.1,
            "short": 4,
            "sure": 0.6,
            "exempt_entities": [],
        }

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> ScopeGate:
        """Make an untrained component, which lets everything pass."""
        return cls(config, model_storage, resource)

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Return what else its results depend on, for Rasa's cache."""
        return code_fingerprint()

    def train(self, training_data: TrainingData) -> Resource:
        """Learn what is ours from all sentences but those of out_of_scope."""
        ours = [example for example in training_data.intent_examples if example.get(INTENT) != OUT_OF_SCOPE]
        if len(ours) > self._config["neighbours"]:
            rows = np.stack([vector_of(example) for example in ours])
            self._neighbours = Neighbours.of(rows, [example.get(INTENT) for example in ours])
            own = self._neighbours.left_out_nearness(self._config["neighbours"])
            self._threshold = float(np.percentile(own, self._config["percentile"]))
            self._persist()
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the intent of foreign messages to out_of_scope."""
        for message in messages:
            if self._is_ours_after_all(message):
                message.set(INTENT, message.get(INTENT_RANKING_KEY)[1], add_to_output=True)
            elif self._neighbours is not None and self._may_be_foreign(message):
                nearness = self._neighbours.nearness(vector_of(message), self._config["neighbours"])
                if self._is_foreign(nearness, _suspicion(message)):
                    _make_foreign(message, 1.0 - max(0.0, nearness))
        return messages

    def _may_be_foreign(self, message: Message) -> bool:
        text, intent = message.get(TEXT), message.get(INTENT)
        if not isinstance(text, str) or not intent or intent.get("name") in (None, OUT_OF_SCOPE):
            return False
        if len(re.sub(r"\W", "", text)) <= self._config["short"]:
            return False
        return not self._gives_a_value(message)

    def _gives_a_value(self, message: Message) -> bool:
        given = [entity for entity in message.get(ENTITIES) or [] if entity.get("role") is None]
        return any(entity["entity"] in self._exempt for entity in given)

    def _is_ours_after_all(self, message: Message) -> bool:
        """Return whether a message that was taken for foreign, but not surely, gives a value that a form asks for."""
        ranking = message.get(INTENT_RANKING_KEY) or []
        if len(ranking) < 2 or ranking[0]["name"] != OUT_OF_SCOPE:
            return False
        return ranking[0]["confidence"] < self._config["sure"] and self._gives_a_value(message)

    def _is_foreign(self, nearness: float, suspicion: float) -> bool:
        margin = self._config["margin"] if suspicion >= self._config["suspicion"] else 0.0
        return nearness < self._threshold + margin

    def _persist(self) -> None:
        assert self._neighbours is not None
        with self._model_storage.write_to(self._resource) as folder:
            self._neighbours.save(folder / "neighbours.npz")
            (folder / "gate.json").write_text(json.dumps({"threshold": self._threshold}), encoding="utf-8")

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> ScopeGate:
        """Read the trained component."""
        try:
            with model_storage.read_from(resource) as folder:
                threshold = json.loads((folder / "gate.json").read_text(encoding="utf-8"))["threshold"]
                return cls(config, model_storage, resource, Neighbours.load(folder / "neighbours.npz"), threshold)
        except ValueError:  # Rasa's answer for a component that was not trained
            return cls(config, model_storage, resource)


def _suspicion(message: Message) -> float:
    """Return the classifier's own probability of out_of_scope."""
    ranking = message.get(INTENT_RANKING_KEY) or []
    return next((float(item["confidence"]) for item in ranking if item["name"] == OUT_OF_SCOPE), 0.0)


def _make_foreign(message: Message, confidence: float) -> None:
    foreign = {"name": OUT_OF_SCOPE, "confidence": confidence}
    ranking = [item for item in message.get(INTENT_RANKING_KEY) or [] if item["name"] != OUT_OF_SCOPE]
    message.set(INTENT, foreign, add_to_output=True)
    message.set(INTENT_RANKING_KEY, [foreign, *ranking], add_to_output=True)
