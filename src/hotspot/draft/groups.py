"""The parts of a hotspot: orders that ask for the same."""

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import average, fcluster
from scipy.spatial.distance import squareform

from .same_demand import Values

__all__ = ["demand_groups"]

MORE_GROUPS = 7
"""Groups beyond those told: what fits in none gathers there and does not blur the others."""


def demand_groups(probability: Values, most: int) -> list[NDArray[np.int64]]:
    """Part a hotspot's orders by average linkage of how unlikely they are to ask for the same.

    Parameters
    ----------
    probability : ndarray of float64, shape (n, n)
        From `same_demand`.
    most : int
        Demands told at the most.

    Returns
    -------
    list of ndarray of int64
        Rows of each group, largest group first; at most ``most + MORE_GROUPS``.
    """
    count = len(probability)
    groups = min(most + MORE_GROUPS, count // 2)
    if groups < 2:
        return [np.arange(count)]
    # Rounded, so that what is equal but for the last digit of a sum is joined at once.
    apart = np.round(1 - squareform(probability, checks=False), 5)
    labels = fcluster(average(apart), groups, "maxclust")
    found = [np.flatnonzero(labels == label) for label in np.unique(labels)]
    return sorted(found, key=lambda rows: (-len(rows), int(rows[0])))
