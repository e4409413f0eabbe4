"""Issues: orders that one official would handle as one matter."""

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
import scipy.sparse as sp
from numpy.typing import NDArray

from ..settings import DetectSettings
from .comparison import Comparison, Likeness
from .soundness import sound_nodes
from .tree import Tree, average_linkage, best_antichain, leaves_of

__all__ = ["SIGNS", "find_issues", "groups_joined", "merge_repeats", "numbered", "standing_out"]

SIGNS = r"[^\u4e00-\u9fffA-Za-z0-9]"
"""What two texts may differ in and still say the same."""
FEWEST = 4
"""Texts of a cluster that says enough about itself to be chosen by how it stands out, and to be tested."""
STANDING_OUT = 0.5
"""Share of the mean probability of one matter that is asked of a cluster that stands out besides."""


def merge_repeats(orders: pd.DataFrame) -> NDArray[np.int64]:
    """Return the number of each order's text: orders that say the same in other signs share one.

    Returns
    -------
    ndarray of int64, shape (n,)
        Numbers from 0, in order of first appearance.
    """
    whole = (orders["title"] + orders["text"]).str.replace(SIGNS, "", regex=True)
    numbers: NDArray[np.int64] = pd.factorize(whole)[0].astype(np.int64)
    return numbers


def find_issues(comparison: Comparison, likeness: Likeness, settings: DetectSettings) -> list[list[int]]:
    """Find the issues of n different texts, from what they are compared by and what came out.

    First come clusters of four and more texts that are worded alike and stand out from all around them; then, of what
    is left, texts that are likely of one matter, be they only two.

    Returns
    -------
    list of list of int
        Texts of each issue, two or more.
    """

    def sound(tree: Tree) -> NDArray[np.bool_]:
        return sound_nodes(
            tree,
            comparison.lexicon,
            [one.title_names for one in comparison.aspects],
            fewest=FEWEST,
            least_similarity=settings.issue_similarity,
        )

    tree = average_linkage(likeness.told)
    least = STANDING_OUT * settings.same_matter
    large = [
        items
        for items in standing_out(tree, settings.issue_similarity, sound(tree))
        if _mean_within(likeness.matter, items) >= least
    ]
    return sorted(large + groups_joined(likeness.matter, settings.same_matter, large, sound))


def standing_out(tree: Tree, least_similarity: float, sound: NDArray[np.bool_]) -> list[list[int]]:
    """Choose the clusters of four or more texts that hold together over the widest range of similarity.

    A cluster is worth the number of its texts times how much further apart the next merge is (on a square-root scale);
    the best set of such clusters is taken.

    Parameters
    ----------
    tree : Tree
    least_similarity : float
        Mean similarity below which nothing is one matter.
    sound : ndarray of bool, shape (n + m,)
        Nodes that may be one matter (`soundness.sound_nodes`).

    Returns
    -------
    list of list of int
        Items of each cluster.
    """
    similarity = tree.node_similarity()
    above = np.where(tree.parent >= 0, similarity[tree.parent], 0.0)
    gap = np.sqrt(similarity) - np.sqrt(np.maximum(above, least_similarity))
    able = sound & (tree.size >= FEWEST) & (similarity > least_similarity)
    return [leaves_of(tree, node) for node in best_antichain(tree, np.where(able, tree.size * gap, 0.0))]


def groups_joined(
    graph: sp.csr_matrix,
    least: float,
    without: Sequence[Sequence[int]] = (),
    sound: Callable[[Tree], NDArray[np.bool_]] | None = None,
) -> list[list[int]]:
    """Join texts as long as the mean over the pairs lasts.

    Parameters
    ----------
    graph : scipy.sparse.csr_matrix, shape (n, n)
        Of `comparison.Likeness`; pairs that are left out count as 0.
    least : float
        Mean below which nothing is joined.
    without : sequence of sequence of int
        Groups whose texts take no part.
    sound : callable, optional
        Tells which nodes of a tree can be a group; all by default.

    Returns
    -------
    list of list of int
        Texts of each group, two or more.
    """
    free = np.ones(graph.shape[0])
    free[[item for items in without for item in items]] = 0
    tree = average_linkage(sp.csr_matrix(sp.diags(free) @ graph @ sp.diags(free)))
    joined = (tree.size > 1) & (tree.node_similarity() >= least) & (True if sound is None else sound(tree))
    return [leaves_of(tree, node) for node in _topmost(tree, joined)]


def _topmost(tree: Tree, marked: NDArray[np.bool_]) -> list[int]:
    """Return the marked nodes that lie under no other marked one."""
    under = np.zeros(len(marked), dtype=bool)
    for node in range(len(marked) - 1, -1, -1):
        above = tree.parent[node]
        under[node] = above >= 0 and (under[above] or marked[above])
    return [int(node) for node in np.flatnonzero(marked & ~under)]


def _mean_within(graph: sp.csr_matrix, items: list[int]) -> float:
    return float(graph[items][:, items].sum()) / (len(items) * (len(items) - 1))


def numbered(groups: list[list[int]], count: int) -> NDArray[np.int64]:
    """Return the number of each text's group: from 0, after them one of its own for every text that is in none."""
    numbers = np.full(count, -1, dtype=np.int64)
    for number, items in enumerate(groups):
        numbers[items] = number
    alone = numbers < 0
    numbers[alone] = len(groups) + np.arange(int(alone.sum()))
    return numbers
