"""How likely two orders of a hotspot ask for the same: learned from months in which each order's demand is known.

Within a hotspot all orders speak of one subject, and what sets its demands apart is less than what sets orders of a
month apart. How much likeness in meaning, in words and in what an order's record carries tells there was learned by
logistic regression from hand-written months (``models/train_demands.py``; the weights are in
``data/same_demand.toml``).
"""

from functools import cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .._logistic import Weights
from ..detection.similarity import learn_lexicon
from ..embed import Encoder, embed
from ..segment import Segmenter

__all__ = ["FEATURES", "RECORDED", "Values", "features_of", "same_demand"]

Values = NDArray[np.float64]

RECORDED = ("unit", "nature")
"""The features that a table of texts alone does not have."""
FEATURES = ("meaning", "title", "cover", "strings", *RECORDED)


def features_of(orders: pd.DataFrame, cover: Values, encoder: Encoder, segmenter: Segmenter) -> Values:
    """Return what the probability is drawn from.

    Parameters
    ----------
    orders : pandas.DataFrame
        Orders of a hotspot, n of them, no two of one text.
    cover : ndarray of float64, shape (n, n)
        How far they cover each other's words (`WordCover.mutual`).
    encoder : Encoder
        Sentence model.
    segmenter : Segmenter
        Word cutter.

    Returns
    -------
    ndarray of float64, shape (n, n, 6)
        Of each pair, its last axis as in `FEATURES`: cosines of their vectors and of their titles', what all share
        subtracted; how far they cover each other's words; how far they share words and strings of characters that few
        of the others have; whether they went to one unit and are of one nature.
    """
    texts = (orders["title"] + "。" + orders["text"]).tolist()
    vectors, titles = (embed(some, encoder, centre=True) for some in (texts, orders["title"].tolist()))
    strings = learn_lexicon(texts, segmenter.words).features
    columns = [
        vectors @ vectors.T,
        titles @ titles.T,
        cover,
        (strings @ strings.T).toarray(),
        _shared(orders["department"].to_numpy(dtype=object)),
        _shared(orders["nature"].to_numpy(dtype=object)),
    ]
    return np.stack(columns, axis=-1, dtype=np.float64)


def same_demand(features: Values, weights: Weights | None = None) -> Values:
    """Return how likely pairs of orders ask for the same.

    Parameters
    ----------
    features : ndarray of float64, shape (..., 6)
        From `features_of`.
    weights : Weights, optional
        The packaged ones by default.

    Returns
    -------
    ndarray of float64, shape (...)
        Probabilities.
    """
    return (weights or _packaged()).probability(features)


def _shared(values: NDArray[np.object_]) -> Values:
    """Tell which pairs share a value, times the share of pairs that do not: what all share tells no demands apart."""
    count = len(values)
    same = (values[:, None] == values) & (values != "")
    pairs = int((same & ~np.eye(count, dtype=bool)).sum())
    return np.where(same, 1 - pairs / max(count * (count - 1), 1), 0.0)


@cache
def _packaged() -> Weights:
    return Weights.read("same_demand.toml", FEATURES)
