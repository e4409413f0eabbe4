"""The parts of a hotspot: orders that ask for the same."""

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.cluster.hierarchy import average, fcluster
from scipy.spatial.distance import squareform

from .._logistic import Weights
from ..detection.issues import merge_repeats
from ..embed import Encoder
from ..segment import Segmenter
from .likeness import WordCover
from .same_demand import features_of, same_demand

__all__ = ["Groups", "demand_groups"]

SAME = 0.5
"""How likely the orders of a group must ask for the same, on average."""


class Groups(NamedTuple):
    """The parts of a hotspot of n orders.

    Attributes
    ----------
    rows : list of ndarray of int64
        Rows of each group, largest group first. Orders of one text are in one group.
    same : ndarray of float64, shape (n, n)
        How likely two orders ask for the same.
    """

    rows: list[NDArray[np.int64]]
    same: NDArray[np.float64]


def demand_groups(
    orders: pd.DataFrame,
    cover: WordCover,
    encoder: Encoder,
    segmenter: Segmenter,
    *,
    weights: Weights | None = None,
) -> Groups:
    """Part a hotspot's orders by how likely they ask for the same, by average linkage.

    Parameters
    ----------
    orders : pandas.DataFrame
        The hotspot's orders.
    cover : WordCover
        Of their words.
    encoder : Encoder
        Sentence model.
    segmenter : Segmenter
        Word cutter.
    weights : Weights, optional
        As in `same_demand`.

    Returns
    -------
    Groups
    """
    # A text sent a hundred times would be what all share, and make all else look alike.
    text_of = merge_repeats(orders)
    firsts = np.unique(text_of, return_index=True)[1]
    if len(firsts) < 2:
        return Groups([np.arange(len(orders))], np.ones((len(orders), len(orders))))
    features = features_of(orders.iloc[firsts], cover.mutual(firsts), encoder, segmenter)
    # Rounded, so that the last digit of a sum decides nothing.
    same = np.round(same_demand(features, weights), 5)
    group_of = fcluster(average(1 - squareform(same, checks=False)), 1 - SAME, "distance")[text_of]
    found = [np.flatnonzero(group_of == group) for group in np.unique(group_of)]
    return Groups(sorted(found, key=lambda rows: (-len(rows), int(rows[0]))), same[np.ix_(text_of, text_of)])
