"""Standing: how far a clause could stand alone in a report, learned from clauses that readers judged.

A clause stands if it says of what it speaks and what is wrong or wanted, whole, in words that can be printed, and not
only of one household. Readers gave some thousands of clauses a mark for that; a ridge regression over their characters
gives it to others (``models/wording``).
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .._resources import read_weights
from .wording import names_trouble

__all__ = ["FEATURES", "KINDS", "clause_features", "standing"]

FEATURES = 2**15
"""Hashed features of each model."""
KINDS = ("problem", "request")
MIDDLE = 1.0
"""Of the marks, which go from 0 to 2."""
LENGTHS = range(4, 28, 2)


def clause_features(text: str) -> list[str]:
    """Return a clause's characters, alone and in pairs, its ends, its length, and whether it complains."""
    pairs = [text[i : i + 2] for i in range(len(text) - 1)]
    ends = [f"{sign}{part}" for n in (1, 2) for sign, part in (("<", text[:n]), (">", text[-n:]))]
    longer = [f"longer than {n}" for n in LENGTHS if len(text) > n]
    return [*text, *pairs, *ends, *longer, *(["trouble"] if names_trouble(text) else [])]


def standing(texts: Sequence[str], kind: str) -> NDArray[np.float64]:
    """Return how far clauses could stand in a report, n of them, each from -1 (not at all) to 1 (as it is).

    Parameters
    ----------
    texts : sequence of str
        n clauses.
    kind : {"problem", "request"}
        What they say.

    Raises
    ------
    ModelError
        The packaged weights are missing or damaged.
    """
    if not texts:
        return np.zeros(0)
    weights, offset = _model()[kind]
    marks: NDArray[np.float64] = vectorizer().transform(texts) @ weights + offset
    return np.clip(marks - MIDDLE, -1, 1)


def vectorizer() -> Any:
    """Return the scikit-learn vectorizer that hashes the features of clauses."""
    from sklearn.feature_extraction.text import HashingVectorizer

    return HashingVectorizer(analyzer=clause_features, n_features=FEATURES, binary=True, norm=None)


@cache
def _model() -> dict[str, tuple[NDArray[np.float64], float]]:
    return read_weights("wording", "措辞模型", _made)


def _made(manifest: dict[str, Any], arrays: dict[str, Any]) -> dict[str, tuple[NDArray[np.float64], float]]:
    return {kind: (arrays[kind] * float(manifest["scale"][kind]), manifest["offset"][kind]) for kind in KINDS}
