"""The parts of a hotspot: orders that ask for the same."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..embed import Encoder, embed
from .likeness import WordCover

__all__ = ["demand_groups"]

TITLE_WEIGHT = 0.7
WHOLE_WEIGHT = 1.5
"""Weight of the vectors of whole texts beside the soft cover of their words."""
MORE_GROUPS = 7
"""Groups beyond those told: what fits in none gathers there and does not blur the others."""


def demand_groups(orders: pd.DataFrame, cover: WordCover, encoder: Encoder, most: int) -> list[NDArray[np.int64]]:
    """Part a hotspot's orders by what they are about within it.

    Ward clustering of title and body vectors, with what all share subtracted, beside how far the orders cover each
    other's words.

    Returns
    -------
    list of ndarray of int64
        Rows of each group, largest group first; at most ``most + MORE_GROUPS``.
    """
    from sklearn.cluster import AgglomerativeClustering

    groups = min(most + MORE_GROUPS, len(orders) // 2)
    if groups < 2:
        return [np.arange(len(orders))]
    body = embed((orders["title"] + "。" + orders["text"]).tolist(), encoder, centre=True)
    title = embed(orders["title"].tolist(), encoder, centre=True)
    whole = _scaled(np.hstack([body, TITLE_WEIGHT * title]).astype(np.float64))
    features = np.hstack([WHOLE_WEIGHT * whole, _scaled(cover.coordinates())])
    labels = AgglomerativeClustering(groups, linkage="ward").fit_predict(np.round(features, 5))
    found = [np.flatnonzero(labels == label) for label in range(groups)]
    return sorted(found, key=lambda rows: (-len(rows), int(rows[0])))


def _scaled(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Scale points to a mean square length of 1."""
    size = float(np.sqrt((points**2).sum() / len(points)))
    return points / size if size > 0 else points
