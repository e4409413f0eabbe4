"""Hotspots: what is found again and again when some of the orders are left out.

A tree begins with the texts that are worded alike and goes upward by subject. Where two merges are nearly equal, one
order more or less decides between them, and so a single tree is a matter of luck. Therefore many trees are grown, each
from a random part of them, and what most of them put together is a hotspot (consensus clustering: Monti et al. 2003,
Machine Learning 52; evidence accumulation: Fred and Jain 2005, IEEE TPAMI 27).
"""

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from ..sampling import systematic_sample
from ..settings import DetectSettings
from .issues import groups_joined, numbered
from .membership import Membership
from .subjects import choose_hotspots
from .tree import average_linkage, leaves_of

__all__ = ["agreed_groups", "find_hotspots", "joined", "kernels_of", "settled"]

WORDED_ALIKE = 0.2
"""Mean likeness of wording from which on texts are one kernel of a hotspot."""
TREES = 40
WORK = 200_000
"""Texts in all trees together, at the most: a large month, whose hotspots rest on more orders, gets fewer trees."""
FEWEST_TREES = 5
"""Below this many, agreement says nothing: one tree of all texts."""
KEPT = 0.8
"""Chance of a kernel to be in a tree."""
AGREED = 0.5
"""Share of the trees that must put two texts together."""
BELONGS, MAY_BELONG = 0.45, 0.225
"""How likely an issue or a single text must be of its hotspot's subject; and where that would leave a hotspot with too
few texts, or two hotspots ask whether they are one."""
ASKED = 100
"""Texts of a hotspot that are asked whether they are of another's subject."""
COHERENT = 1.9
"""Cohesion besides time that a hotspot must have, in standard deviations above chance. Of the planted ones the loosest,
a flood of many consequences, has 2.5; most groups that share nothing but their days have less."""


def find_hotspots(
    membership: Membership, kernels: NDArray[np.int64], issues: NDArray[np.int64], settings: DetectSettings
) -> NDArray[np.int64]:
    """Find the groups of a common subject.

    Parameters
    ----------
    membership : Membership
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
    agreed = agreed_groups(membership.graph, kernels, settings)
    hotspots = settled(agreed, membership, issues, settings.min_hotspot)
    return settled(joined(hotspots, membership), membership, issues, settings.min_hotspot)


def kernels_of(told: sp.csr_matrix) -> NDArray[np.int64]:
    """Return what trees are grown from: the number of each text's group of texts worded alike, of its own if alone.

    Parameters
    ----------
    told : scipy.sparse.csr_matrix, shape (n, n)
        How alike texts are worded (`comparison.Likeness`).
    """
    return numbered(groups_joined(told, WORDED_ALIKE), told.shape[0])


def agreed_groups(graph: sp.csr_matrix, kernels: NDArray[np.int64], settings: DetectSettings) -> NDArray[np.int64]:
    """Return what most of many trees put together: the number of each text's group, -1 for none, shape (n,).

    Parameters
    ----------
    graph : scipy.sparse.csr_matrix, shape (n, n)
        How alike texts are in subject (`subject_graph`).
    kernels : ndarray of int64, shape (n,)
        As in `find_hotspots`.
    settings : DetectSettings
    """
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
    return hotspots


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


def settled(
    hotspots: NDArray[np.int64], membership: Membership, issues: NDArray[np.int64], least_size: int
) -> NDArray[np.int64]:
    """Put each issue whole into the hotspot that it most likely belongs to, or into none where that is not likely.

    What may belong fills a hotspot up to `least_size` texts. One that is left with fewer is none, nor is one whose
    texts share nothing but their days.
    """
    count, nodes = int(hotspots.max(initial=-1)) + 1, int(issues.max()) + 1
    best, most = np.full(nodes, -1), np.full(nodes, MAY_BELONG)
    sizes = np.bincount(issues, minlength=nodes)
    for number in np.unique(hotspots[hotspots >= 0]):
        group = np.flatnonzero(hotspots == number)
        asked = np.unique(issues[np.concatenate([group, membership.near(group)])])
        texts = np.flatnonzero(np.isin(issues, asked))
        total = np.bincount(issues[texts], weights=membership.probability(texts, group), minlength=nodes)
        likely = total / sizes
        better = likely > most
        best[better], most[better] = number, likely[better]
    result = np.full(len(hotspots), -1, dtype=np.int64)
    kept = 0
    for number in range(count):
        likeliest = np.flatnonzero(best == number)
        likeliest = likeliest[np.argsort(-np.round(most[likeliest], 6), kind="stable")]
        before = np.cumsum(sizes[likeliest]) - sizes[likeliest]
        rows = np.flatnonzero(np.isin(issues, likeliest[(most[likeliest] >= BELONGS) | (before < least_size)]))
        if len(rows) >= least_size and membership.evidence.cohesion(rows, besides_time=True) >= COHERENT:
            result[rows] = kept
            kept += 1
    return result


def joined(hotspots: NDArray[np.int64], membership: Membership) -> NDArray[np.int64]:
    """Join hotspots two by two that are more of each other's subject than of any other's, and enough so.

    Asked are those with as many as half of their texts near to the other.
    """
    groups = [np.flatnonzero(hotspots == number) for number in range(int(hotspots.max(initial=-1)) + 1)]
    likely = np.zeros((len(groups), len(groups)))
    for number, group in enumerate(groups):
        near = np.bincount(hotspots[membership.near(group)] + 1, minlength=len(groups) + 1)[1:]
        others = np.flatnonzero(2 * near >= [len(some) for some in groups])
        asked = [groups[other][systematic_sample(len(groups[other]), ASKED)] for other in others]
        if asked:
            said = membership.probability(np.concatenate(asked), group)
            ends = np.cumsum([len(some) for some in asked])[:-1]
            likely[others, number] = [some.mean() for some in np.split(said, ends)]
    mutual = np.round(np.minimum(likely, likely.T), 6)
    best = mutual.argmax(axis=1) if groups else np.empty(0, dtype=np.int64)
    result = hotspots.copy()
    for number, other in enumerate(best):
        if number < other and best[other] == number and mutual[number, other] >= MAY_BELONG:
            result[hotspots == other] = number
    return result
