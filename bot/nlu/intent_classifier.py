"""Rasa component: Rasa's logistic regression, which learns the retrieval intents by their answers."""

from __future__ import annotations

import warnings
from collections import defaultdict
from typing import Any

import numpy as np
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.nlu.classifiers.logistic_regression_classifier import LogisticRegressionClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, INTENT_RESPONSE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.utils.tensorflow.constants import RANKING_LENGTH
from sklearn.exceptions import ConvergenceWarning

from bot.nlu.fingerprint import code_fingerprint


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class IntentClassifier(LogisticRegressionClassifier):
    """Classifies `faq/claim_time` and its like one by one and adds their probabilities up to `faq`.

    One class for seventy unlike questions would draw everything to itself. The features are dense, so they are not
    put into sparse matrices as in the class above, which takes ten times as long.
    """

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Return what else its results depend on, for Rasa's cache."""
        return code_fingerprint()

    def _create_X(self, messages: list[Message]) -> np.ndarray:
        rows = []
        for message in messages:
            dense = message.get_dense_features(TEXT)[1]
            assert dense is not None, "IntentClassifier needs dense sentence features"
            rows.append(np.asarray(dense.features, dtype=np.float32)[0])
        return np.stack(rows) if rows else np.empty((0, 0), dtype=np.float32)

    def _create_training_matrix(self, training_data: TrainingData) -> tuple[np.ndarray, list[str]]:
        examples = [example for example in training_data.intent_examples if example.get(TEXT)]
        labels = [example.get(INTENT_RESPONSE_KEY) or example.get(INTENT) for example in examples]
        return self._create_X(examples), labels

    def train(self, training_data: TrainingData) -> Resource:
        """Fit; the number of steps is limited on purpose, so that it ends before it has converged is no warning."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            return super().train(training_data)

    def process(self, messages: list[Message]) -> list[Message]:
        """Set intent and ranking of each message that has a text."""
        texted = [message for message in messages if isinstance(message.get(TEXT), str)]
        if not texted or not hasattr(self.clf, "classes_"):
            return messages
        for message, row in zip(texted, self.clf.predict_proba(self._create_X(texted)), strict=True):
            ranking = self._ranking(row)
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking[: self.config[RANKING_LENGTH]], add_to_output=True)
        return messages

    def _ranking(self, probabilities: np.ndarray) -> list[dict[str, Any]]:
        intents: dict[str, float] = defaultdict(float)
        for label, probability in zip(self.clf.classes_, probabilities, strict=True):
            intents[str(label).split("/")[0]] += float(probability)
        ranked = sorted(intents.items(), key=lambda item: -item[1])
        return [{"name": name, "confidence": min(1.0, confidence)} for name, confidence in ranked]
