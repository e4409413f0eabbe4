"""The cluster tree, against scipy's."""

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.cluster.hierarchy import cophenet, linkage
from scipy.spatial.distance import squareform

from hotspot.detection.tree import Tree, average_linkage, best_antichain, leaves_of


def similarities(n: int, seed: int) -> NDArray[np.float64]:
    half = np.random.default_rng(seed).random((n, n))
    both = np.clip((half + half.T) / 2, 0.01, 0.99)
    np.fill_diagonal(both, 0)
    return both


def joined_at(tree: Tree) -> NDArray[np.float64]:
    """Return the similarity at which each two items are first together, 0 where never."""
    together = np.zeros((tree.items, tree.items))
    for k, (a, b) in enumerate(tree.children):
        left, right = leaves_of(tree, int(a)), leaves_of(tree, int(b))
        together[np.ix_(left, right)] = tree.similarity[k]
        together[np.ix_(right, left)] = tree.similarity[k]
    return together


@pytest.mark.parametrize("n", [2, 3, 10, 60])
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_same_tree_as_scipy(n: int, seed: int) -> None:
    both = similarities(n, seed)
    distance = 1 - both
    np.fill_diagonal(distance, 0)
    expected = 1 - squareform(cophenet(linkage(squareform(distance, checks=False), "average")))
    np.fill_diagonal(expected, 0)
    tree = average_linkage(sp.csr_matrix(both))
    assert joined_at(tree) == pytest.approx(expected, abs=1e-9)


def test_items_that_stand_for_several_count_as_several() -> None:
    both = similarities(6, 4)
    groups = [[0, 1], [2], [3, 4, 5]]
    inside = np.zeros((6, 6), dtype=bool)
    for group in groups:
        inside[np.ix_(group, group)] = True
    both[inside & ~np.eye(6, dtype=bool)] = 1.0
    whole = average_linkage(sp.csr_matrix(both))
    sums = np.array([[0 if g == h else both[np.ix_(g, h)].sum() for h in groups] for g in groups])
    merged = average_linkage(sp.csr_matrix(sums), np.array([2, 1, 3]))
    firsts = [group[0] for group in groups]
    assert joined_at(merged) == pytest.approx(joined_at(whole)[np.ix_(firsts, firsts)])
    assert merged.size.tolist()[:3] == [2, 1, 3]
    assert merged.size[-1] == 6


def test_rests_without_connection_stay_apart() -> None:
    graph = np.zeros((5, 5))
    graph[0, 1] = graph[1, 0] = 0.5
    graph[2, 3] = graph[3, 2] = 0.4
    tree = average_linkage(sp.csr_matrix(graph))
    assert sorted(map(sorted, tree.children.tolist())) == [[0, 1], [2, 3]]
    assert tree.parent[4] == -1
    assert (tree.parent[5:] == -1).all()


@pytest.mark.parametrize("n", [0, 1, 4])
def test_nothing_alike(n: int) -> None:
    tree = average_linkage(sp.csr_matrix((n, n)))
    assert tree.children.shape == (0, 2)
    assert tree.items == n
    assert best_antichain(tree, np.zeros(n)) == []


def test_all_alike_is_one_cluster_at_that_similarity() -> None:
    tree = average_linkage(sp.csr_matrix(np.full((9, 9), 0.7)))
    assert tree.similarity == pytest.approx(0.7)
    assert len(tree.children) == 8
    assert leaves_of(tree, int(np.flatnonzero(tree.parent == -1)[0])) == list(range(9))


def test_diagonal_is_ignored() -> None:
    both = similarities(7, 1)
    assert joined_at(average_linkage(sp.csr_matrix(both + 5 * np.eye(7)))) == pytest.approx(
        joined_at(average_linkage(sp.csr_matrix(both)))
    )


GRAPHS = st.integers(2, 12).flatmap(
    lambda n: st.lists(st.sampled_from([0.0, 0.0, 0.2, 0.5, 0.5, 0.9]), min_size=n * n, max_size=n * n).map(
        lambda values: np.maximum(np.reshape(values, (n, n)), np.reshape(values, (n, n)).T) * (1 - np.eye(n))
    )
)


@given(GRAPHS)
def test_any_graph_gives_a_proper_forest(graph: NDArray[np.float64]) -> None:
    tree, again = average_linkage(sp.csr_matrix(graph)), average_linkage(sp.csr_matrix(graph))
    n = len(graph)
    assert tree.children.tolist() == again.children.tolist()
    roots = np.flatnonzero(tree.parent == -1)
    assert sorted(i for root in roots for i in leaves_of(tree, int(root))) == list(range(n))
    parts, _ = sp.csgraph.connected_components(sp.csr_matrix(graph))
    assert len(roots) == parts
    similarity = tree.node_similarity()
    below = np.flatnonzero(tree.parent >= 0)
    assert (similarity[below] >= similarity[tree.parent[below]]).all()
    for k, (a, b) in enumerate(tree.children):
        assert tree.size[n + k] == tree.size[a] + tree.size[b] == len(leaves_of(tree, n + k))


@given(GRAPHS, st.data())
def test_antichain_is_the_best_there_is(graph: NDArray[np.float64], data: st.DataObject) -> None:
    tree = average_linkage(sp.csr_matrix(graph))
    values = st.lists(st.integers(-3, 9), min_size=len(tree.size), max_size=len(tree.size))
    value = np.array(data.draw(values), dtype=float)
    chosen = best_antichain(tree, value)
    members = [set(leaves_of(tree, node)) for node in chosen]
    assert sum(map(len, members)) == len(set().union(*members))
    assert (value[chosen] > 0).all()

    def best(node: int) -> float:
        if node < tree.items:
            return max(value[node], 0)
        a, b = tree.children[node - tree.items]
        return max(value[node], best(int(a)) + best(int(b)))

    assert value[chosen].sum() == sum(best(int(root)) for root in np.flatnonzero(tree.parent == -1))
