"""How likely two orders of a hotspot ask for the same: learned from months in which each order's demand is known.

Within a hotspot all orders speak of one subject, and what sets its demands apart is less than what sets orders of a
month apart. How much likeness in meaning, in words and in what an order's record carries tells there was learned by
logistic regression from hand-written months (``models/train_demands.py``; the weights are in
``data/same_demand.toml``).
"""

import tomllib
from functools import cache
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit

from .._resources import data_text
from ..detection.similarity import learn_lexicon
from ..segment import Segmenter
from .likeness import WordCover

__all__ = ["FEATURES", "RECORDED", "Values", "Weights", "features_of", "same_demand"]

Values = NDArray[np.float64]

RECORDED = ("unit", "nature")
"""The features that a table of texts alone does not have."""
FEATURES = ("meaning", "cover", "strings", *RECORDED)


class Weights(NamedTuple):
    """A logistic regression: its constant, and a weight of each feature, shape (5,)."""

    constant: float
    slopes: Values


def features_of(orders: pd.DataFrame, vectors: NDArray[np.float32], cover: WordCover, segmenter: Segmenter) -> Values:
    """Return what the probability is drawn from.

    Parameters
    ----------
    orders : pandas.DataFrame
        A hotspot's orders, n of them.
    vectors : ndarray of float32, shape (n, d)
        Vectors of the orders, what all share subtracted.
    cover : WordCover
        Of the orders' words.
    segmenter : Segmenter
        Word cutter.

    Returns
    -------
    ndarray of float64, shape (n, n, 5)
        Of each pair, its last axis as in `FEATURES`: cosine of the vectors; how far they cover each other's words; the
        words and strings of characters that few of the orders share; whether they went to one unit and are of one
        nature.
    """
    lexicon = learn_lexicon((orders["title"] + " " + orders["title"] + " " + orders["text"]).tolist(), segmenter.words)
    strings = (lexicon.features @ lexicon.features.T).toarray()
    return np.stack(
        [
            vectors @ vectors.T,
            cover.kernel(),
            strings,
            _shared(orders["department"].to_numpy(dtype=object)),
            _shared(orders["nature"].to_numpy(dtype=object)),
        ],
        axis=-1,
        dtype=np.float64,
    )


def same_demand(features: Values, weights: Weights | None = None) -> Values:
    """Return how likely pairs of orders ask for the same.

    Parameters
    ----------
    features : ndarray of float64, shape (..., 5)
        From `features_of`.
    weights : Weights, optional
        The packaged ones by default.

    Returns
    -------
    ndarray of float64, shape (...)
        Probabilities.
    """
    constant, slopes = weights or _packaged()
    probability: Values = expit(features @ slopes + constant)
    return probability


def _shared(values: NDArray[np.object_]) -> Values:
    """Tell which pairs share a value, times the share of pairs that do not: what all share tells no demands apart."""
    count = len(values)
    same = (values[:, None] == values) & (values != "")
    others = same & ~np.eye(count, dtype=bool)
    share = others.sum() / max(count * (count - 1), 1)
    return same * (1 - share)


@cache
def _packaged() -> Weights:
    stored = tomllib.loads(data_text("same_demand.toml"))
    return Weights(stored["constant"], np.array([stored["weights"][name] for name in FEATURES]))
