"""The cluster tree: average linkage over a sparse neighbour graph, and ways to cut it."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

__all__ = ["Tree", "average_linkage", "best_antichain", "leaves_of"]


@dataclass(frozen=True)
class Tree:
    """A forest of merges over n items; item i is node i, the k-th merge is node n + k.

    Attributes
    ----------
    children : ndarray of int64, shape (m, 2)
        The two nodes that each merge joins; m is n - 1 less the number of unconnected rests.
    similarity : ndarray of float64, shape (m,)
        Mean similarity between the items of the two nodes; never more than that of the merges below.
    size : ndarray of int64, shape (n + m,)
        Members under each node: items, each counted by its own size.
    parent : ndarray of int64, shape (n + m,)
        The node above, or -1.
    """

    children: NDArray[np.int64]
    similarity: NDArray[np.float64]
    size: NDArray[np.int64]
    parent: NDArray[np.int64]

    @property
    def items(self) -> int:
        """Number of items, n."""
        return len(self.size) - len(self.children)

    def node_similarity(self) -> NDArray[np.float64]:
        """Return each node's merge similarity, for items the highest of all (1 at the least): shape (n + m,)."""
        top = max(1.0, self.similarity.max(initial=0))
        return np.concatenate([np.full(self.items, top), self.similarity])


def average_linkage(graph: sp.csr_matrix, sizes: NDArray[np.int64] | None = None) -> Tree:
    """Cluster by average linkage, taking pairs that are not in the graph as having similarity zero.

    Clusters that are each other's nearest neighbours are merged at once, round by round. For average linkage this gives
    the very tree that merging one pair at a time gives (reciprocal agglomerative clustering: Sumengen et al. 2021,
    arXiv:2105.11653), in sparse matrix products and without a quadratic matrix.

    Parameters
    ----------
    graph : scipy.sparse.csr_matrix, shape (n, n)
        Symmetric, non-negative similarities, between items of size over 1 the sums of those of their members; the
        diagonal is ignored.
    sizes : ndarray of int64, shape (n,), optional
        How many members each item stands for; 1 by default.

    Returns
    -------
    Tree
        The same graph always gives the same tree, whatever ties it holds.
    """
    n = graph.shape[0]
    sums = sp.csr_matrix(graph, dtype=np.float64)
    sums.setdiag(0)
    sums.eliminate_zeros()
    sums.sort_indices()
    node = np.arange(n)
    weights = np.ones(n, dtype=np.int64) if sizes is None else np.asarray(sizes, dtype=np.int64)
    size = weights.astype(np.float64)
    children: list[NDArray[np.int64]] = []
    similarity: list[NDArray[np.float64]] = []
    made = n
    while sums.nnz:
        best, value = _nearest(sums, size)
        index = np.arange(len(node))
        first = np.flatnonzero((best >= 0) & (best[best] == index) & (index < best))
        second = best[first]
        children.append(np.stack([node[first], node[second]], axis=1))
        similarity.append(value[first])
        target = _merged_positions(len(node), first, second)
        join = sp.csr_matrix((np.ones(len(node)), (index, target)))
        sums = sp.csr_matrix(join.T @ sums @ join)
        sums.setdiag(0)
        sums.eliminate_zeros()
        sums.sort_indices()
        size = np.asarray(join.T @ size)
        kept = np.ones(len(node), dtype=bool)
        kept[second] = False
        node = node.copy()
        node[first] = made + np.arange(len(first))
        node = node[kept]
        made += len(first)
    return _finish(weights, children, similarity)


def _nearest(sums: sp.csr_matrix, size: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return each cluster's nearest neighbour (-1 for none) and their mean similarity.

    Ties go to the pair of the highest `_lot`: were they to go to the first item, of many equal pairs only one would be
    merged in a round.
    """
    rows = np.repeat(np.arange(sums.shape[0]), np.diff(sums.indptr))
    mean = np.round(sums.data / (size[rows] * size[sums.indices]), 12)  # sums of both directions may differ by a hair
    filled = np.flatnonzero(np.diff(sums.indptr))
    value = np.zeros(sums.shape[0])
    value[filled] = np.maximum.reduceat(mean, sums.indptr[filled])
    hit = np.flatnonzero(mean == value[rows])
    lot = _lot(rows[hit], sums.indices[hit])
    order = np.lexsort((-sums.indices[hit], lot, rows[hit]))
    best = np.full(sums.shape[0], -1, dtype=np.int64)
    best[rows[hit[order]]] = sums.indices[hit[order]]  # the last of a row stays
    return best, value


def _lot(one: NDArray[np.integer[Any]], other: NDArray[np.integer[Any]]) -> NDArray[np.uint64]:
    """Mix the two numbers of each pair, the same either way round (the finaliser of splitmix64)."""
    low, high = np.minimum(one, other).astype(np.uint64), np.maximum(one, other).astype(np.uint64)
    mixed = (high << np.uint64(32)) | low
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    lot: NDArray[np.uint64] = mixed ^ (mixed >> np.uint64(31))
    return lot


def _merged_positions(count: int, first: NDArray[np.int64], second: NDArray[np.int64]) -> NDArray[np.int64]:
    kept = np.ones(count, dtype=bool)
    kept[second] = False
    position = np.cumsum(kept) - 1
    position[second] = position[first]
    return position


def _finish(
    weights: NDArray[np.int64], children: list[NDArray[np.int64]], similarity: list[NDArray[np.float64]]
) -> Tree:
    pairs = np.concatenate(children) if children else np.empty((0, 2), dtype=np.int64)
    values = np.concatenate(similarity) if similarity else np.empty(0)
    n = len(weights)
    size = np.concatenate([weights, np.zeros(len(pairs), dtype=np.int64)])
    parent = np.full(n + len(pairs), -1, dtype=np.int64)
    for k, (a, b) in enumerate(pairs):
        size[n + k] = size[a] + size[b]
        parent[a] = parent[b] = n + k
        values[k] = min([values[k], *(values[c - n] for c in (a, b) if c >= n)])  # rounding must not break monotony
    return Tree(pairs, values, size, parent)


def best_antichain(tree: Tree, value: NDArray[np.float64]) -> list[int]:
    """Choose nodes, none above another, whose values add up to the most.

    Parameters
    ----------
    tree : Tree
    value : ndarray of float64, shape (n + m,)
        Worth of each node as one cluster; nodes of value 0 or less are never chosen.

    Returns
    -------
    list of int
        The chosen nodes, in ascending order.

    Notes
    -----
    The optimal selection from a cluster hierarchy by dynamic programming (FOSC: Campello et al. 2013, Data Mining and
    Knowledge Discovery 27).
    """
    best = np.maximum(value, 0)
    chosen = value > 0
    for k, (a, b) in enumerate(tree.children):
        node, below = tree.items + k, best[a] + best[b]
        if below > value[node] or value[node] <= 0:
            best[node], chosen[node] = below, False
    result, covered = [], np.zeros(len(best), dtype=bool)
    for node in range(len(best) - 1, -1, -1):
        covered[node] |= tree.parent[node] >= 0 and covered[tree.parent[node]]
        if chosen[node] and not covered[node]:
            result.append(node)
            covered[node] = True
    return result[::-1]


def leaves_of(tree: Tree, node: int) -> list[int]:
    """Return the items under a node, in ascending order."""
    found, stack = [], [node]
    while stack:
        top = stack.pop()
        if top < tree.items:
            found.append(top)
        else:
            stack.extend(tree.children[top - tree.items])
    return sorted(int(i) for i in found)
