"""What was learned of emergencies: how likely an order tells of one, and of which kind.

Linear models over a text's characters, alone and in pairs, hashed, and the sentence vectors of the whole and of the
title (``models/emergency``). They tell what lists of words cannot: that something goes on now, and emergencies in words
that nobody listed. The words (`emergency_words`) add to them, with a weight that was learned too.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .._resources import read_weights
from ..classify.features import normalise
from ..embed import embed, seen_from

__all__ = ["FEATURES", "EmergencyModel", "character_features", "emergency_model", "meaning_features"]

FEATURES = 2**15
"""Hashed features."""
_VECTOR_WEIGHTS = (0.5, 0.35)
"""Length of the vectors of the whole text and of the title beside the characters, whose length is 1."""
Floats = NDArray[np.float32]


@dataclass(frozen=True)
class EmergencyModel:
    """Weights of the learned models: the first is for whether, one each for the kinds.

    Attributes
    ----------
    kinds : tuple of str
        k kinds of emergency.
    characters : ndarray of float32, shape (FEATURES, 1 + k)
    vectors : ndarray of float32, shape (2 d, 1 + k)
    offsets : ndarray of float32, shape (1 + k,)
    centre : ndarray of float32, shape (2, d)
        Mean vectors of whole texts and titles.
    words : float
        What the evidence of the gravest words is multiplied by.
    threshold : float
        Probability from which on an order is taken for an emergency.
    """

    kinds: tuple[str, ...]
    characters: Floats
    vectors: Floats
    offsets: Floats
    centre: Floats
    words: float
    threshold: float

    def evidence(self, titles: Sequence[str], texts: Sequence[str]) -> NDArray[np.float64]:
        """Return the logits of n texts by what was learned, float64 (n, 1 + k)."""
        found = character_features(titles, texts) @ self.characters
        found = found + meaning_features(titles, texts, self.centre) @ self.vectors + self.offsets
        return np.asarray(found, dtype=np.float64)


def character_features(titles: Sequence[str], texts: Sequence[str]) -> Any:
    """Return n texts' characters, alone and in pairs, hashed: csr (n, FEATURES), rows of unit length."""
    return _vectorizer().transform(_whole(titles, texts))


def meaning_features(titles: Sequence[str], texts: Sequence[str], centre: Floats) -> Floats:
    """Return the sentence vectors of n whole texts and titles as seen from a mean, side by side: (n, 2 d)."""
    seen = zip(raw_vectors(titles, texts), centre, _VECTOR_WEIGHTS, strict=True)
    return np.hstack([np.float32(weight) * seen_from(mean, vectors) for vectors, mean, weight in seen])


def raw_vectors(titles: Sequence[str], texts: Sequence[str]) -> tuple[Floats, Floats]:
    """Return the sentence vectors of n whole texts, and of their titles."""
    vectors = embed([*_whole(titles, texts), *map(normalise, titles)])
    return vectors[: len(titles)], vectors[len(titles) :]


def _whole(titles: Sequence[str], texts: Sequence[str]) -> list[str]:
    return [f"{normalise(title)}。{normalise(text)}" for title, text in zip(titles, texts, strict=True)]


@cache
def _vectorizer() -> Any:
    from sklearn.feature_extraction.text import HashingVectorizer

    return HashingVectorizer(
        analyzer=_characters, n_features=FEATURES, binary=True, alternate_sign=False, dtype=np.float32
    )


def _characters(text: str) -> list[str]:
    return [*text, *(text[i : i + 2] for i in range(len(text) - 1))]


@cache
def emergency_model() -> EmergencyModel:
    """Return the packaged model.

    Raises
    ------
    ModelError
        It is missing or damaged.
    """
    return read_weights("emergency", "险情模型", _made)


def _made(manifest: dict[str, Any], arrays: dict[str, Any]) -> EmergencyModel:
    return EmergencyModel(
        kinds=tuple(manifest["kinds"]),
        characters=np.ascontiguousarray((arrays["characters"] * arrays["scales"][:, None]).T),
        vectors=arrays["vectors"].T,
        offsets=arrays["offsets"],
        centre=arrays["centre"],
        words=float(manifest["words"]),
        threshold=float(manifest["threshold"]),
    )
