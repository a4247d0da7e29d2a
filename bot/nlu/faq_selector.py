"""Rasa component: picks the answer of a retrieval intent (faq, chitchat) by its nearest training sentence."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_RESPONSE_KEY, RESPONSE_SELECTOR, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.nlu.training_data.util import intent_response_key_to_template_key

from bot.nlu.embedding_featurizer import vector_of
from bot.nlu.fingerprint import code_fingerprint
from bot.nlu.neighbours import Neighbours


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class FaqSelector(GraphComponent, IntentClassifier):
    """Writes `response_selector` as Rasa's own ResponseSelector does, one key for each retrieval intent."""

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        neighbours: dict[str, Neighbours] | None = None,
        responses: dict[str, list[dict[str, Any]]] | None = None,
    ) -> None:
        """Keep the settings; the sentences by retrieval intent and the responses come from training."""
        self._config, self._model_storage, self._resource = config, model_storage, resource
        self._neighbours, self._responses = neighbours or {}, responses or {}

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the defaults: how sharp the confidence is, how many answers the ranking names."""
        return {"sharpness": 20.0, "ranking_length": 5}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> FaqSelector:
        """Make an untrained component."""
        return cls(config, model_storage, resource)

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Return what else its results depend on, for Rasa's cache."""
        return code_fingerprint()

    def train(self, training_data: TrainingData) -> Resource:
        """Keep the sentences of every retrieval intent and the responses of the training data."""
        for intent in sorted(training_data.retrieval_intents):
            examples = [example for example in training_data.intent_examples if example.get(INTENT) == intent]
            rows = np.stack([vector_of(example) for example in examples])
            self._neighbours[intent] = Neighbours.of(rows, [example.get(INTENT_RESPONSE_KEY) for example in examples])
        self._responses = dict(training_data.responses)
        self._persist()
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the selected answer of every retrieval intent to each message."""
        for message in messages:
            if self._neighbours and isinstance(message.get(TEXT), str):
                vector = vector_of(message)
                selected: dict[str, Any] = {
                    intent: self._select(found, vector) for intent, found in self._neighbours.items()
                }
                selected["all_retrieval_intents"] = sorted(self._neighbours)
                message.set(RESPONSE_SELECTOR, selected, add_to_output=True)
        return messages

    def _select(self, neighbours: Neighbours, vector: np.ndarray) -> dict[str, Any]:
        ranking = neighbours.ranking(vector)
        weights = np.exp(self._config["sharpness"] * np.array([cosine for _, cosine in ranking]))
        confidences = weights / weights.sum()
        best = ranking[0][0]
        action = intent_response_key_to_template_key(best)
        return {
            "response": {
                "responses": self._responses.get(action, [{"text": best}]),
                "confidence": float(confidences[0]),
                "intent_response_key": best,
                "utter_action": action,
            },
            "ranking": [
                {"confidence": float(confidence), "intent_response_key": key}
                for (key, _), confidence in zip(ranking, confidences, strict=True)
            ][: self._config["ranking_length"]],
        }

    def _persist(self) -> None:
        with self._model_storage.write_to(self._resource) as folder:
            for intent, neighbours in self._neighbours.items():
                neighbours.save(folder / f"{intent}.npz")
            content = {"intents": sorted(self._neighbours), "responses": self._responses}
            (folder / "selector.json").write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> FaqSelector:
        """Read the trained component."""
        try:
            with model_storage.read_from(resource) as folder:
                content = json.loads((folder / "selector.json").read_text(encoding="utf-8"))
                neighbours = {intent: Neighbours.load(folder / f"{intent}.npz") for intent in content["intents"]}
                return cls(config, model_storage, resource, neighbours, content["responses"])
        except ValueError:  # Rasa's answer for a component that was not trained
            return cls(config, model_storage, resource)
