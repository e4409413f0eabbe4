"""Logistic regressions that come with the package: learned in ``models``, kept as TOML in ``data``."""

import tomllib
from collections.abc import Sequence
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from ._resources import data_text

__all__ = ["Weights"]


class Weights(NamedTuple):
    """A logistic regression: its constant, and a weight of each of k features, shape (k,)."""

    constant: float
    slopes: NDArray[np.float64]

    @classmethod
    def read(cls, name: str, features: Sequence[str]) -> Self:
        """Return the packaged weights of a data file, those of the features in the order that they are asked for."""
        stored = tomllib.loads(data_text(name))
        return cls(stored["constant"], np.array([stored["weights"][feature] for feature in features]))

    def probability(self, features: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the probabilities of features: shape (..., k) to shape (...)."""
        likely: NDArray[np.float64] = expit(features @ self.slopes + self.constant)
        return likely
