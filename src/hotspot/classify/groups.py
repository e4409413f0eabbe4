"""Near-duplicate texts: kept on one side of every split, so that no figure is earned by having seen the answer."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .features import Block

__all__ = ["LIKENESS", "near_duplicates"]

LIKENESS = 0.55
"""Texts whose hashed features have a cosine above this are near-duplicates."""
_CHUNK = 1000


def near_duplicates(block: Block) -> NDArray[np.intp]:
    """Give every text the number of its group of near-duplicates.

    Parameters
    ----------
    block : Block
        Features of n texts.

    Returns
    -------
    ndarray of int, shape (n,)
        Texts linked by a chain of near-duplicates share a number.
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    matrix = block.sparse
    n = matrix.shape[0]
    length = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    scaled = matrix.multiply(1 / np.maximum(length, 1e-12)[:, None]).tocsr()
    rows: list[NDArray[np.intp]] = []
    columns: list[NDArray[np.intp]] = []
    for start in range(0, n, _CHUNK):
        likeness = (scaled[start : start + _CHUNK] @ scaled.T).toarray()
        found = np.nonzero(likeness > LIKENESS)
        rows.append(found[0] + start)
        columns.append(found[1])
    at = np.concatenate(rows) if rows else np.zeros(0, np.intp)
    to = np.concatenate(columns) if columns else np.zeros(0, np.intp)
    graph = coo_array((np.ones(len(at), dtype=np.int8), (at, to)), shape=(n, n))
    _, numbers = connected_components(graph.tocsr(), directed=False)
    return np.asarray(numbers, dtype=np.intp)
