"""Issues: orders that one official would handle as one matter."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import scipy.sparse as sp
from numpy.typing import NDArray

from .similarity import character_ngrams, row_products
from .tree import Tree, best_antichain, leaves_of

__all__ = [
    "SIGNS", "choose_issues", "comparison_texts", "issue_graph", "merge_repeats", "place_strings", "same_matter",
    "title_texts",
]  # fmt: skip

Values = NDArray[np.float64]

BODY = 300
"""Characters of a body that are compared: what the matter is stands in front, what it led to comes behind."""
TITLE_MEANING = 0.2
"""Weight of likeness in meaning beside likeness in words: names and rare words carry most of what makes one matter."""

SIGNS = r"[^\u4e00-\u9fffA-Za-z0-9]"
"""What two texts may differ in and still say the same."""
OTHER_PLACE = 0.6
"""Share of its likeness that a pair keeps whose titles name places that have nothing in common."""


def comparison_texts(orders: pd.DataFrame) -> list[str]:
    """Return title, title again and the beginning of the body: a title says it in the fewest words."""
    body = orders["text"].str[:BODY].where(orders["text"] != orders["title"], "")
    return (orders["title"] + " " + orders["title"] + " " + body).tolist()


def title_texts(orders: pd.DataFrame) -> list[str]:
    """Return the titles; of an order without one what it says."""
    titles: list[str] = orders["title"].where(orders["title"] != "", orders["text"]).tolist()
    return titles


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


def same_matter(shared: Values, meaning: Values, elsewhere: NDArray[np.bool_]) -> Values:
    """Return how likely pairs of texts are to be of one matter.

    Parameters
    ----------
    shared : ndarray of float64
        How far they share rare words and strings, within [0, 1].
    meaning : ndarray of float64
        Cosine of their titles.
    elsewhere : ndarray of bool
        Whether their titles name other places: the same trouble at another place is another matter.
    """
    alike = (1 - TITLE_MEANING) * shared + TITLE_MEANING * np.maximum(meaning, 0)
    return np.where(elsewhere, OTHER_PLACE * alike, alike)


def issue_graph(
    shared_words: sp.csr_matrix, title_vectors: NDArray[np.float32], title_places: Sequence[Sequence[str]]
) -> sp.csr_matrix:
    """Compare texts by rare words, rare strings of characters, meaning and place.

    Parameters
    ----------
    shared_words : scipy.sparse.csr_matrix, shape (n, n)
        How far the distinct texts share rare words and strings (`similarity.neighbour_graph`).
    title_vectors : ndarray of float32, shape (n, d)
        Centred vectors of the titles.
    title_places : sequence of sequence of str, length n
        Places that each title names.

    Returns
    -------
    scipy.sparse.csr_matrix, shape (n, n)
        `same_matter` at the pairs that share words.
    """
    graph = shared_words.copy()
    at = graph.tocoo()
    pairs = at.row.astype(np.int64), at.col.astype(np.int64)
    graph.data = same_matter(graph.data, row_products(title_vectors, pairs), _elsewhere(title_places, pairs))
    return graph


def place_strings(places: Sequence[str]) -> frozenset[str]:
    """Return two and three characters in a row of names of places: aliases of one place share some."""
    return frozenset(character_ngrams(" ".join(places)))


def _elsewhere(
    places: Sequence[Sequence[str]], pairs: tuple[NDArray[np.int64], NDArray[np.int64]]
) -> NDArray[np.bool_]:
    """Tell of each pair whether both name places, and none that share a string."""
    from sklearn.feature_extraction.text import CountVectorizer

    named = np.array([len(some) > 0 for some in places])
    if not named.any():
        return np.zeros(len(pairs[0]), dtype=bool)
    strings = CountVectorizer(analyzer=place_strings, binary=True).fit_transform(places)
    shared = np.asarray(strings[pairs[0]].multiply(strings[pairs[1]]).sum(axis=1)).ravel()
    other: NDArray[np.bool_] = named[pairs[0]] & named[pairs[1]] & (shared == 0)
    return other


def choose_issues(tree: Tree, least_similarity: float, least_pair_similarity: float) -> list[list[int]]:
    """Choose the clusters that hold together over the widest range of similarity.

    A cluster of four or more texts is worth the number of its texts times how much further apart the next merge is
    (on a square-root scale); the best set of such clusters is taken. Pairs and threes, which say too little about
    themselves for that, count where they are alike beyond doubt.

    Parameters
    ----------
    tree : Tree
    least_similarity : float
        Mean similarity below which nothing is one matter.
    least_pair_similarity : float
        The same for two or three texts.

    Returns
    -------
    list of list of int
        Items of each issue.
    """
    similarity = tree.node_similarity()
    above = np.where(tree.parent >= 0, similarity[tree.parent], 0.0)
    gap = np.sqrt(similarity) - np.sqrt(np.maximum(above, least_similarity))
    value = np.where((tree.size >= 4) & (similarity > least_similarity), tree.size * gap, 0.0)
    chosen = [leaves_of(tree, node) for node in best_antichain(tree, value)]
    taken = {item for items in chosen for item in items}
    small = np.flatnonzero((similarity >= least_pair_similarity) & (above < least_pair_similarity) & (tree.size > 1))
    for node in small:
        items = leaves_of(tree, int(node))
        if taken.isdisjoint(items):
            chosen.append(items)
    return sorted(chosen)
