"""The parts of a hotspot: orders that ask for the same."""

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

__all__ = ["demand_groups"]

MORE_GROUPS = 10
"""Groups beyond those told: what fits in none gathers there and does not blur the others."""
SAME = 0.5
"""How likely the orders of a group must ask for the same, on average."""


def demand_groups(
    orders: pd.DataFrame,
    cover: WordCover,
    encoder: Encoder,
    segmenter: Segmenter,
    most: int,
    *,
    weights: Weights | None = None,
) -> list[NDArray[np.int64]]:
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
    most : int
        Demands told at the most.
    weights : Weights, optional
        As in `same_demand`.

    Returns
    -------
    list of ndarray of int64
        Rows of each group, largest group first; at most ``most + MORE_GROUPS``. Orders of one text are in one group.
    """
    # A text sent a hundred times would be what all share, and make all else look alike.
    text_of = merge_repeats(orders)
    firsts = np.unique(text_of, return_index=True)[1]
    if len(firsts) < 2:
        return [np.arange(len(orders))]
    features = features_of(orders.iloc[firsts], cover.mutual(firsts), encoder, segmenter)
    # Rounded, so that the last digit of a sum decides nothing.
    apart = np.round(1 - squareform(same_demand(features, weights), checks=False), 5)
    tree = average(apart)
    groups = min(most + MORE_GROUPS, fcluster(tree, 1 - SAME, "distance").max())
    group_of = fcluster(tree, groups, "maxclust")[text_of]
    found = [np.flatnonzero(group_of == group) for group in np.unique(group_of)]
    return sorted(found, key=lambda rows: (-len(rows), int(rows[0])))
