"""Nearest training sentences by cosine, on centred sentence embeddings."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np


class Neighbours:
    """Training sentences as unit rows around their mean, each with a label.

    The encoder's vectors lie in a narrow cone; without their mean the cosine tells like from unlike much better.
    """

    def __init__(self, rows: np.ndarray, labels: Sequence[str], mean: np.ndarray) -> None:
        """Keep centred unit rows of shape (sentences, dimension), their labels, and the mean that was taken off."""
        self.rows, self.labels, self.mean = rows, list(labels), mean

    @classmethod
    def of(cls, vectors: np.ndarray, labels: Sequence[str]) -> Neighbours:
        """Build from raw vectors of shape (sentences, dimension)."""
        mean = vectors.mean(axis=0)
        return cls(_unit(vectors - mean), labels, mean)

    def cosines(self, vector: np.ndarray) -> np.ndarray:
        """Return the cosine of one raw vector with every sentence."""
        return self.rows @ _unit((vector - self.mean).reshape(1, -1))[0]

    def nearness(self, vector: np.ndarray, count: int) -> float:
        """Return the mean cosine with the `count` nearest sentences, 1 is the same sentence."""
        return float(np.sort(self.cosines(vector))[-count:].mean())

    def left_out_nearness(self, count: int) -> np.ndarray:
        """Return for each sentence its nearness to the others."""
        cosines = self.rows @ self.rows.T
        np.fill_diagonal(cosines, -np.inf)
        count = min(count, len(self.rows) - 1)
        return np.sort(cosines, axis=1)[:, -count:].mean(axis=1)

    def ranking(self, vector: np.ndarray) -> list[tuple[str, float]]:
        """Return each label with the cosine of its nearest sentence, best first."""
        best: dict[str, float] = {}
        for label, cosine in zip(self.labels, self.cosines(vector), strict=True):
            best[label] = max(best.get(label, -1.0), float(cosine))
        return sorted(best.items(), key=lambda item: -item[1])

    def save(self, path: Path) -> None:
        """Write to an .npz file."""
        np.savez(path, rows=self.rows, labels=np.asarray(self.labels), mean=self.mean)

    @classmethod
    def load(cls, path: Path) -> Neighbours:
        """Read what `save` wrote."""
        with np.load(path, allow_pickle=False) as saved:
            return cls(saved["rows"], [str(label) for label in saved["labels"]], saved["mean"])


def _unit(vectors: np.ndarray) -> np.ndarray:
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    return (vectors / np.maximum(norms, 1e-9)).astype(np.float32)
