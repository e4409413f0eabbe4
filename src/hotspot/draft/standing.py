"""Standing: how far a clause could stand alone in a report, learned from what people write over their messages.

A title states one thing, whole, with what it is about and what is wrong with it; a clause out of the body mostly does
not. Two linear models over part-of-speech n-grams, one for problems and one for requests, tell the two apart. No word
of an open class is a feature, so that no place or subject counts (``models/wording``).
"""

import hashlib
import json
from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .._resources import model_path
from ..errors import ModelError
from ..segment import Segmenter

__all__ = ["FEATURES", "KINDS", "clause_features", "standing"]

FEATURES = 2**13
"""Hashed features of each model."""
KINDS = ("problem", "request")
LONGEST_NGRAM = 3
_CLOSED = frozenset("upcdrye")
_FOLDER, _WEIGHTS, _MANIFEST = "wording", "weights.safetensors", "manifest.json"


def clause_features(text: str, segmenter: Segmenter) -> list[str]:
    """Return the n-grams (1 to 3) of a clause's part-of-speech tags; words of closed classes stand for themselves."""
    kinds = ["<", *(word if tag[:1] in _CLOSED else tag for word, tag in segmenter.tag(text)), ">"]
    return [
        "_".join(kinds[i : i + n])
        for n in range(1, LONGEST_NGRAM + 1)
        for i in range(len(kinds) - n + 1)
        if n > 1 or 0 < i < len(kinds) - 1
    ]


def standing(texts: Sequence[str], kind: str, segmenter: Segmenter) -> NDArray[np.float64]:
    """Return how far clauses could stand in a report, n of them, each from -1 (out of a tale) to 1 (a headline).

    Parameters
    ----------
    texts : sequence of str
        n clauses.
    kind : {"problem", "request"}
        What they say.
    segmenter : Segmenter
        Word cutter.

    Raises
    ------
    ModelError
        The packaged weights are missing or damaged.
    """
    if not texts:
        return np.zeros(0)
    weights, offset = _model()[kind]
    hashed = vectorizer(segmenter).transform(texts)
    scores: NDArray[np.float64] = np.tanh((hashed @ weights + offset) / 2)
    return scores


def vectorizer(segmenter: Segmenter) -> Any:
    """Return the scikit-learn vectorizer that hashes the features of clauses."""
    from sklearn.feature_extraction.text import HashingVectorizer

    return HashingVectorizer(
        analyzer=lambda text: clause_features(text, segmenter), n_features=FEATURES, binary=True, norm=None
    )


@cache
def _model() -> dict[str, tuple[NDArray[np.float64], float]]:
    from safetensors.numpy import load

    folder = model_path(_FOLDER)
    try:
        manifest = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))
        raw = (folder / _WEIGHTS).read_bytes()
        if hashlib.sha256(raw).hexdigest() != manifest["sha256"]:
            raise ModelError(f"随附的措辞模型 {folder} 已损坏（校验值不符）。请重新安装 hotspot-12345。")
        arrays = load(raw)
        return {kind: (arrays[kind] * float(manifest["scale"][kind]), manifest["offset"][kind]) for kind in KINDS}
    except (OSError, KeyError, ValueError) as error:
        raise ModelError(f"随附的措辞模型 {folder} 读不出来（{error}）。请重新安装 hotspot-12345。") from error
