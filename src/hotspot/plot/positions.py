"""Where orders lie on the map: near to those that mean the same."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..embed import embed
from ..sampling import systematic_sample

if TYPE_CHECKING:
    from ..detection import DetectionResult

__all__ = ["map_positions"]

LANDMARKS = 3000
"""Orders that are laid out by themselves; the others of a larger set are put among the landmarks nearest to them."""
PERPLEXITY = 20.0
NEAREST = 5
PULL = 0.4
"""How far an order's vector is drawn to the mean of its issue, and again to that of its hotspot, before the layout."""
DECIMALS = 5
_BLOCK = 4096


def map_positions(result: "DetectionResult") -> pd.DataFrame:
    """Lay the orders out on a plane by their meaning.

    t-SNE (van der Maaten and Hinton 2008, JMLR 9; scikit-learn's Barnes-Hut implementation, started from the principal
    components) of the orders' centred sentence vectors, each drawn a little to the mean of its issue and of its
    hotspot: the map shows what was found, and tells neither distances nor densities to scale. Of more than `LANDMARKS`
    orders that many, drawn evenly from each hotspot and from the rest, are laid out so, and every other order is put
    at the weighted mean of its `NEAREST` landmarks.

    Parameters
    ----------
    result : DetectionResult

    Returns
    -------
    pandas.DataFrame
        order_id (str), x, y (float64, within [-1, 1]); rows as in ``result.orders``. The same for the same orders,
        whatever the order of the file's rows.
    """
    orders = result.orders
    vectors = embed((orders["title"] + "。" + orders["text"]).tolist(), result.encoder, centre=True)
    hotspot = pd.factorize(result.assignments["hotspot"], sort=True)[0]
    for column in ("issue", "hotspot"):
        vectors = _drawn_together(vectors, result.assignments[column])
    landmarks = _sample(hotspot.astype(np.int64), LANDMARKS)
    points = _placed(vectors, landmarks, _layout(vectors[landmarks]))
    points = points - (points.min(axis=0) + points.max(axis=0)) / 2
    points = points / max(float(np.abs(points).max()), 1e-9)
    points = np.round(points, DECIMALS) + 0.0  # no negative zero
    return pd.DataFrame({"order_id": orders["order_id"], "x": points[:, 0], "y": points[:, 1]})


def _drawn_together(vectors: NDArray[np.float32], group: pd.Series) -> NDArray[np.float32]:
    """Move vectors towards the mean direction of their group; those in none (an empty name) stay."""
    codes, names = pd.factorize(group, sort=True)
    means = np.zeros((len(names), vectors.shape[1]))
    np.add.at(means, codes, vectors)
    means[np.asarray(names) == ""] = 0
    moved = vectors + PULL * _unit(means)[codes]
    return _unit(moved).astype(np.float32)


def _unit(vectors: NDArray[np.floating]) -> NDArray[np.float64]:
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit: NDArray[np.float64] = vectors / np.where(length > 1e-9, length, 1)
    return unit


def _sample(group: NDArray[np.int64], most: int) -> NDArray[np.int64]:
    """Return at most so many rows, of each group its share."""
    if len(group) <= most:
        return np.arange(len(group))
    by_group = np.argsort(group, kind="stable")
    return np.sort(by_group[systematic_sample(len(group), most)])


def _layout(vectors: NDArray[np.float32]) -> NDArray[np.float64]:
    from sklearn.decomposition import PCA
    from sklearn.manifold import TSNE
    from threadpoolctl import threadpool_limits

    if np.allclose(vectors, vectors[0], atol=1e-6):
        return np.zeros((len(vectors), 2))
    with threadpool_limits(1):  # sums of several threads differ in their last bits from run to run
        start: NDArray[np.float64] = PCA(2, svd_solver="full").fit_transform(vectors).astype(np.float64)
        if len(vectors) < 5:
            return start
        scaled = start / start[:, 0].std() * 1e-4
        layout = TSNE(perplexity=min(PERPLEXITY, (len(vectors) - 1) / 3), init=scaled, random_state=0, n_jobs=1)
        return np.asarray(layout.fit_transform(vectors), dtype=np.float64)


def _placed(
    vectors: NDArray[np.float32], landmarks: NDArray[np.int64], layout: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Put all the rows among the landmarks, which stay where the layout has them."""
    points = np.empty((len(vectors), 2))
    known = vectors[landmarks]
    for start in range(0, len(vectors) if len(landmarks) < len(vectors) else 0, _BLOCK):
        likeness = vectors[start : start + _BLOCK] @ known.T
        nearest = np.argpartition(-likeness, NEAREST - 1, axis=1)[:, :NEAREST]
        weight = np.maximum(np.take_along_axis(likeness, nearest, axis=1), 1e-6)[:, :, None] ** 4
        points[start : start + _BLOCK] = (weight * layout[nearest]).sum(axis=1) / weight.sum(axis=1)
    points[landmarks] = layout
    return points
