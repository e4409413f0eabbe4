"""Hotspots: what is found again and again when some of the orders are left out.

A tree begins with the texts that are worded alike and goes upward by subject. Where two merges are nearly equal, one
order more or less decides between them, and so a single tree is a matter of luck. Therefore many trees are grown, each
from a random part of them, and what most of them put together is a hotspot (consensus clustering: Monti et al. 2003,
Machine Learning 52; evidence accumulation: Fred and Jain 2005, IEEE TPAMI 27).
"""

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from ..settings import DetectSettings
from .subjects import SubjectEvidence, choose_hotspots, subject_graph
from .tree import average_linkage, leaves_of

__all__ = ["find_hotspots"]

TREES = 40
WORK = 200_000
"""Texts in all trees together, at the most: a large month, whose hotspots rest on more orders, gets fewer trees."""
FEWEST_TREES = 5
"""Below this many, agreement says nothing: one tree of all texts."""
KEPT = 0.8
"""Chance of a kernel to be in a tree."""
AGREED = 0.5
"""Share of the trees that must put two texts together."""
SETTLED = 0.65
"""Share of its hotspot's mean evidence that an issue or a single text must have with it."""

COHERENT = 1.9
"""Cohesion besides time that a hotspot must have, in standard deviations above chance. Of the planted ones the loosest,
a flood of many consequences, has 2.5; most groups that share nothing but their days have less."""


def find_hotspots(
    evidence: SubjectEvidence, kernels: NDArray[np.int64], issues: NDArray[np.int64], settings: DetectSettings
) -> NDArray[np.int64]:
    """Find the groups of a common subject.

    Parameters
    ----------
    evidence : SubjectEvidence
        Of n texts.
    kernels : ndarray of int64, shape (n,)
        Which of the m lowest nodes (texts worded alike, or one by itself) each text is in: what trees are grown from.
    issues : ndarray of int64, shape (n,)
        Number of each text's issue, of its own where it is in none: an issue stays whole.
    settings : DetectSettings

    Returns
    -------
    ndarray of int64, shape (n,)
        Number of each text's hotspot, -1 for none.
    """
    graph = subject_graph(evidence)
    nodes = int(kernels.max()) + 1
    join = sp.csr_matrix((np.ones(len(kernels)), (np.arange(len(kernels)), kernels)), shape=(len(kernels), nodes))
    sums = sp.csr_matrix(join.T @ graph @ join)
    trees = min(TREES, WORK // len(kernels))
    everything = np.ones(nodes, dtype=bool)
    if trees < FEWEST_TREES:
        found = _groups(sums, kernels, everything, settings)
    else:
        draw = np.random.default_rng(len(kernels))
        parts = [draw.random(nodes) < KEPT for _ in range(trees)]
        found = _agreed([_groups(sums, kernels, part, settings) for part in parts], parts, kernels, settings)
    hotspots = np.full(len(kernels), -1, dtype=np.int64)
    for number, group in enumerate(found):
        hotspots[np.isin(kernels, group)] = number
    return _settled(hotspots, evidence, graph, issues, settings.min_hotspot)


def _groups(
    sums: sp.csr_matrix,
    lowest: NDArray[np.int64],
    part: NDArray[np.bool_],
    settings: DetectSettings,
) -> list[NDArray[np.int64]]:
    """Return the lowest nodes of each hotspot of one tree, grown from a part of them."""
    kept = np.flatnonzero(part)
    tree = average_linkage(sp.csr_matrix(sums[kept][:, kept]), np.bincount(lowest, minlength=len(part))[kept])
    least = max(2, round(settings.min_hotspot * len(kept) / len(part)))
    return [kept[group] for group in choose_hotspots(tree, least, settings.hotspot_similarity)]


def _agreed(
    trees: list[list[NDArray[np.int64]]],
    parts: list[NDArray[np.bool_]],
    lowest: NDArray[np.int64],
    settings: DetectSettings,
) -> list[NDArray[np.int64]]:
    """Return the groups of nodes that most of the trees that hold them put together."""
    nodes = len(parts[0])
    sizes = np.bincount(lowest, minlength=nodes)
    together = sp.csr_matrix((nodes, nodes))
    for groups in trees:
        of_node = np.full(nodes, -1)
        for number, group in enumerate(groups):
            of_node[group] = number
        held = np.flatnonzero(of_node >= 0)
        member = sp.csr_matrix((np.ones(len(held)), (held, of_node[held])), shape=(nodes, max(len(groups), 1)))
        together = together + member @ member.T
    seen = np.array(parts, dtype=np.float32)
    pairs = together.tocoo()
    both = np.einsum("ij,ij->j", seen[:, pairs.row], seen[:, pairs.col])
    share = sp.csr_matrix((pairs.data / both, (pairs.row, pairs.col)), shape=(nodes, nodes))
    weight = sp.diags(sizes.astype(np.float64))
    tree = average_linkage(sp.csr_matrix(weight @ share @ weight), sizes)
    agreement = np.concatenate([share.diagonal(), tree.similarity])
    above = np.where(tree.parent >= 0, agreement[tree.parent], 0.0)
    chosen = np.flatnonzero((agreement >= AGREED) & (above < AGREED) & (tree.size >= settings.min_hotspot))
    return [np.array(leaves_of(tree, int(node))) for node in chosen]


def _settled(
    hotspots: NDArray[np.int64],
    evidence: SubjectEvidence,
    graph: sp.csr_matrix,
    issues: NDArray[np.int64],
    least_size: int,
) -> NDArray[np.int64]:
    """Put each issue whole into the hotspot that speaks most for it, or into none where even that says too little.

    Asked are the hotspot that a text is in and the one that its neighbours in the graph are most in. A hotspot that is
    left with fewer than `least_size` texts is none, nor is one whose texts share nothing but their days.
    """
    count, nodes = int(hotspots.max(initial=-1)) + 1, int(issues.max()) + 1
    if not count:
        return hotspots
    within = np.flatnonzero(hotspots >= 0)
    member = sp.csr_matrix((np.ones(len(within)), (within, hotspots[within])), shape=(len(hotspots), count))
    pull = sp.csr_matrix(graph @ member)
    pulled = np.where(pull.max(axis=1).toarray().ravel() > 0, np.asarray(pull.argmax(axis=1)).ravel(), -1)
    best, most = np.full(nodes, -1), np.full(nodes, -np.inf)
    sizes = np.bincount(issues, minlength=nodes)
    for number in range(count):
        group = np.flatnonzero(hotspots == number)
        near = np.isin(issues, np.unique(issues[(hotspots == number) | (pulled == number)]))
        texts = np.flatnonzero(near)
        spoken = evidence.with_group(texts, group)
        total = np.bincount(issues[texts], weights=spoken, minlength=nodes)
        mean = np.where(np.bincount(issues[texts], minlength=nodes) > 0, total / sizes, -np.inf)
        enough = SETTLED * float(spoken[hotspots[texts] == number].mean())
        better = mean > most
        best[better] = np.where(mean[better] >= enough, number, -1)
        most[better] = mean[better]
    best = best[issues]
    size = np.bincount(best[best >= 0], minlength=count)
    stays = [
        size[n] >= least_size and evidence.cohesion(np.flatnonzero(best == n), besides_time=True) >= COHERENT
        for n in range(count)
    ]
    numbers = np.where(stays, np.cumsum(stays) - 1, -1)
    return np.where(best >= 0, numbers[best], -1)
