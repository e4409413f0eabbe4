"""Hotspots: orders with a common cause or subject, whatever their place and their words.

Evidence of a common subject is gathered from what an order says (meaning, known subjects, words, what is key for the
month), from the unit that it was sent to and from whether it came in a burst of its like, each measured in standard
deviations above chance and weighted by how much it tells. Then an order's vector is moved towards those of the orders
that are nearest by all this evidence, so that two orders with no word in common meet through those between them.
"""

from collections.abc import Callable

import numpy as np
import pandas as pd
import scipy.sparse as sp
from numpy.typing import NDArray

from ..sampling import systematic_sample
from .similarity import dense_neighbours, row_products
from .tree import Tree, best_antichain, leaves_of

__all__ = ["SubjectEvidence", "choose_hotspots", "smoothed_vectors", "strongest", "subject_graph"]

MEANING_WEIGHT = 0.85
KNOWN_WEIGHT = 1.0
WORDS_WEIGHT = 0.3
KEYS_WEIGHT = 1.0
UNIT_WEIGHT = 0.75
BURST_WEIGHT = 1.0
DAYS = 5.0
"""Days after which two orders' closeness in time has fallen to 1/e."""
MOST_KEYNESS = 6.0
LEAST_DEVIATION = 0.03
"""By chance, of the evidence of a burst: it is .03 to .04 in months that have bursts; in months without, what little
there is is chance and must not count as much."""
WINDOW = 4.0
"""Days to either side within which an order's neighbours count as coming with it."""
COMPANY = 30
"""Nearest orders that are asked whether they came at the same time."""
CLOSEST = 15
"""Orders that an order's vector is moved towards."""
SHARE = 0.8
STEPS = 2
FEWEST_CANDIDATES = 150
PAIRS = 1_500_000
"""Pairs that are compared: all of a small month; of a large one each text's nearest, `FEWEST_CANDIDATES` at least."""
SAMPLE = 100_000
COHESION_SAMPLE = 300

Pairs = tuple[NDArray[np.int64], NDArray[np.int64]]
Measure = Callable[[Pairs], NDArray[np.float64]]
Part = tuple[float, Measure, float, float]
"""Weight, measure, and its mean and standard deviation by chance."""


class SubjectEvidence:
    """What speaks for a common subject of two of n texts.

    Parameters
    ----------
    orders : pandas.DataFrame
        Orders table, n rows.
    vectors : ndarray of float32, shape (n, d)
        Centred vectors of what the orders say.
    shared_words : scipy.sparse.csr_matrix, shape (n, n)
        How far texts share rare words and strings (`similarity.neighbour_graph`).
    likely : ndarray of float32, shape (n, s)
        How likely each known subject is for each text (`KnownSubjects`).
    keys : ndarray of float32, shape (n, k)
        What each text says that is key for the month (`key_vectors`).

    Attributes
    ----------
    pairs : tuple of ndarray of int64
        Each text with those nearest to it in meaning.
    strength : ndarray of float64
        The evidence at these pairs, 0 where it speaks against a common subject.
    """

    def __init__(
        self,
        orders: pd.DataFrame,
        vectors: NDArray[np.float32],
        shared_words: sp.csr_matrix,
        likely: NDArray[np.float32],
        keys: NDArray[np.float32],
    ) -> None:
        self.vectors = vectors
        self._root_likely = np.sqrt(likely)
        self._shared_words = shared_words
        self._keys = keys
        self._unit, self._rarity = _units(orders["department"])
        self._day = orders["created"].to_numpy(dtype="datetime64[s]").astype(np.float64) / 86_400
        self._parts = {
            "meaning": self._measured(MEANING_WEIGHT, self._meaning),
            "known": self._measured(KNOWN_WEIGHT, self._known_subjects),
            "words": self._measured(WORDS_WEIGHT, self._words),
            "keys": self._measured(KEYS_WEIGHT, self._key_strings),
            "unit": self._measured(UNIT_WEIGHT, self._same_unit),
        }
        self.pairs = dense_neighbours(vectors, _candidates(len(vectors)))
        without_burst = self._besides_time(self.pairs)
        self._burst = self._burst_of_each(without_burst)
        weight, measure, mean, deviation = self._measured(BURST_WEIGHT, self._same_burst)
        self._burst_part = weight, measure, mean, max(deviation, LEAST_DEVIATION)
        self.strength = np.maximum(without_burst + _weighed(self._burst_part, self.pairs), 0)

    def _measured(self, weight: float, part: Measure) -> Part:
        return weight, part, *_chance(part, len(self.vectors))

    def at(self, pairs: Pairs) -> NDArray[np.float64]:
        """Return the combined evidence at pairs of texts; what the orders don't carry (no unit, say) adds nothing."""
        return self._besides_time(pairs) + _weighed(self._burst_part, pairs)

    def _besides_time(self, pairs: Pairs) -> NDArray[np.float64]:
        total = np.zeros(len(pairs[0]))
        for part in self._parts.values():
            total += _weighed(part, pairs)
        return total

    def cohesion(self, rows: NDArray[np.int64], *, besides_time: bool = False) -> float:
        """Return the mean evidence between the texts of a group (of a large one, `COHESION_SAMPLE` of them).

        With `besides_time` without that of their days: what only came at the same time does not hold together.
        """
        some = rows[systematic_sample(len(rows), COHESION_SAMPLE)]
        first, second = np.triu_indices(len(some), 1)
        evidence = self._besides_time if besides_time else self.at
        return float(evidence((some[first], some[second])).mean()) if len(first) else 0.0

    def with_group(self, texts: NDArray[np.int64], group: NDArray[np.int64]) -> dict[str, NDArray[np.float64]]:
        """Return each text's mean evidence with the others of a group (of a large one, `COHESION_SAMPLE` of them).

        Returns
        -------
        dict of str to ndarray of float64, shape (texts,)
            Of each part as weighed, and of all as ``all``.
        """
        some = group[systematic_sample(len(group), COHESION_SAMPLE)]
        pairs = np.repeat(texts, len(some)), np.tile(some, len(texts))
        others = np.maximum(len(some) - np.isin(texts, some), 1)
        itself = pairs[0] == pairs[1]
        means = {
            name: np.where(itself, 0.0, _weighed(part, pairs)).reshape(len(texts), len(some)).sum(axis=1) / others
            for name, part in (*self._parts.items(), ("burst", self._burst_part))
        }
        return {**means, "all": np.sum(list(means.values()), axis=0)}

    def _meaning(self, pairs: Pairs) -> NDArray[np.float64]:
        return row_products(self.vectors, pairs)

    def _known_subjects(self, pairs: Pairs) -> NDArray[np.float64]:
        """Return how far the likely subjects overlap (Bhattacharyya coefficient)."""
        return row_products(self._root_likely, pairs)

    def _words(self, pairs: Pairs) -> NDArray[np.float64]:
        return np.asarray(self._shared_words[pairs], dtype=np.float64).ravel()

    def _key_strings(self, pairs: Pairs) -> NDArray[np.float64]:
        """Return the keyness of what both say; above `MOST_KEYNESS` more of it tells no more."""
        return np.minimum(row_products(self._keys, pairs), MOST_KEYNESS)

    def _same_unit(self, pairs: Pairs) -> NDArray[np.float64]:
        first, second = pairs
        same: NDArray[np.float64] = (self._unit[first] == self._unit[second]) * self._rarity[first]
        return same

    def _same_burst(self, pairs: Pairs) -> NDArray[np.float64]:
        first, second = pairs
        near = np.exp(-np.abs(self._day[first] - self._day[second]) / DAYS)
        both: NDArray[np.float64] = near * np.sqrt(self._burst[first] * self._burst[second])
        return both

    def _burst_of_each(self, strength: NDArray[np.float64]) -> NDArray[np.float64]:
        """Measure how far each text comes in a burst of its like.

        The share of its nearest texts that came within `WINDOW` days of it, beyond the share of all texts that did:
        0 where they came as all did, 1 where all came with it. What happens to come on a busy day is in no burst.
        """
        count = len(self.vectors)
        if count < 3:
            return np.zeros(count)
        graph = strongest(_graph(np.maximum(strength, 0), self.pairs, count), COMPANY, both=False)
        row = np.repeat(np.arange(count), np.diff(graph.indptr))
        together = np.abs(self._day[row] - self._day[graph.indices]) <= WINDOW
        found = np.bincount(row, weights=together, minlength=count) / np.maximum(np.diff(graph.indptr), 1)
        days = np.sort(self._day)
        within = np.searchsorted(days, self._day + WINDOW, "right") - np.searchsorted(days, self._day - WINDOW, "left")
        expected = (within - 1) / (count - 1)
        return np.clip((found - expected) / np.maximum(1 - expected, 1 / count), 0, 1)


def _candidates(count: int) -> int:
    return max(FEWEST_CANDIDATES, PAIRS // max(count, 1))


def _weighed(part: Part, pairs: Pairs) -> NDArray[np.float64]:
    weight, measure, mean, deviation = part
    return weight * (measure(pairs) - mean) / deviation if deviation > 0 else np.zeros(len(pairs[0]))


def _units(departments: pd.Series) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return each order's unit as a number, and how rare it is; an order with no unit shares it with nobody."""
    codes = pd.factorize(departments)[0].astype(np.int64)
    counts = departments.map(departments.value_counts()).to_numpy(dtype=np.float64)
    known = departments.ne("").to_numpy()
    rarity = np.where(known, np.log(max(len(departments), 2) / counts), 0.0)
    return codes, rarity


def _chance(part: Measure, count: int) -> tuple[float, float]:
    """Return mean and standard deviation of a measure over pairs drawn by chance (the same draw for the same count)."""
    if count < 2:
        return 0.0, 0.0
    draw = np.random.default_rng(count)
    first = draw.integers(0, count, SAMPLE)
    second = (first + draw.integers(1, count, SAMPLE)) % count
    values = part((first, second))
    return float(values.mean()), float(values.std())


def smoothed_vectors(evidence: SubjectEvidence) -> NDArray[np.float32]:
    """Move each text's vector towards its nearest texts' by all the evidence.

    A low-pass filter on the neighbour graph (as in simplified graph convolution: Wu et al. 2019, arXiv:1902.07153).

    Returns
    -------
    ndarray of float32, shape (n, d)
        Centred again, rows of unit length.
    """
    vectors = evidence.vectors
    count = len(vectors)
    if count < 3:
        return vectors
    graph = strongest(_graph(evidence.strength, evidence.pairs, count), CLOSEST, both=True)
    total = np.asarray(graph.sum(axis=1)).ravel()
    step = sp.csr_matrix(sp.diags(1 / np.where(total > 0, total, 1)) @ graph)
    moved = vectors
    for _ in range(STEPS):
        moved = np.where(total[:, None] > 0, (1 - SHARE) * vectors + SHARE * (step @ moved), vectors)
    moved = moved - moved.mean(axis=0)
    length = np.linalg.norm(moved, axis=1, keepdims=True)
    result: NDArray[np.float32] = (moved / np.where(length > 1e-9, length, 1)).astype(np.float32)
    return result


def _graph(values: NDArray[np.float64], pairs: Pairs, count: int) -> sp.csr_matrix:
    graph = sp.csr_matrix((values, pairs), shape=(count, count))
    graph.eliminate_zeros()
    return graph


def strongest(graph: sp.csr_matrix, most: int, *, both: bool) -> sp.csr_matrix:
    """Keep each row's strongest entries, and if asked those of the columns too."""
    rows = np.repeat(np.arange(graph.shape[0]), np.diff(graph.indptr))
    order = np.lexsort((graph.indices, -graph.data, rows))
    rank = np.arange(len(order)) - graph.indptr[rows[order]]
    kept = order[rank < most]
    thin = sp.csr_matrix((graph.data[kept], (rows[kept], graph.indices[kept])), shape=graph.shape)
    return sp.csr_matrix(thin.maximum(thin.T)) if both else thin


def subject_graph(evidence: SubjectEvidence) -> sp.csr_matrix:
    """Return how alike texts are in subject: the mean of the evidence and of the likeness of the smoothed vectors.

    Returns
    -------
    scipy.sparse.csr_matrix of float64, shape (n, n)
        In standard deviations above chance, symmetric, each text with those nearest to it.
    """
    moved = smoothed_vectors(evidence)
    pairs = dense_neighbours(moved, _candidates(len(moved)))
    mean, deviation = _chance(lambda at: row_products(moved, at), len(moved))
    likeness = (row_products(moved, pairs) - mean) / (deviation or 1.0)
    graph = _graph(np.maximum((likeness + evidence.at(pairs)) / 2, 0), pairs, len(moved))
    return sp.csr_matrix(graph.maximum(graph.T))


def choose_hotspots(tree: Tree, least_size: int, least_similarity: float) -> list[list[int]]:
    """Choose the clusters that stand out from what is around them over the widest range of similarity.

    Returns
    -------
    list of list of int
        Lowest nodes (issues and single texts) of each hotspot.
    """
    similarity = tree.node_similarity()
    above = np.where(tree.parent >= 0, similarity[tree.parent], 0.0)
    big = (tree.size >= least_size) & (similarity > least_similarity)
    ratio = np.where(big, similarity / np.maximum(above, least_similarity), 1.0)
    value = tree.size.astype(np.float64) * np.log(ratio)
    return sorted(leaves_of(tree, node) for node in best_antichain(tree, value))
