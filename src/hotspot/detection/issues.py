"""Issues: orders that one official would handle as one matter."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import scipy.sparse as sp
from numpy.typing import NDArray

from ..embed import Encoder, embed
from ..segment import Segmenter
from ..settings import DetectSettings
from .aspects import Aspects, aspects_of, comparison_text, telling_title
from .similarity import Lexicon, learn_lexicon, neighbour_graph, row_products, sparse_row_products
from .soundness import sound_nodes
from .tree import Tree, average_linkage, best_antichain, leaves_of

__all__ = [
    "SAME_NAME", "SIGNS", "Comparison", "choose_issues", "find_issues", "merge_repeats", "problem_likeness",
    "same_matter",
]  # fmt: skip

Values = NDArray[np.float64]

TITLE_MEANING = 0.15
"""Weight of likeness in meaning beside likeness in words: names and rare words carry most of what makes one matter."""
SIGNS = r"[^\u4e00-\u9fffA-Za-z0-9]"
"""What two texts may differ in and still say the same."""
OTHER_PLACE = 0.6
"""Share of its likeness that a pair keeps whose texts name places that have nothing in common."""
SAME_NAME = 0.004
"""Likeness from which on the strings of a name are taken to be shared: one that many texts hold is no name."""
OTHER_PROBLEM = 0.3
"""Share of its likeness that a pair keeps whose problems, told without the names, are nothing alike."""
SAME_PROBLEM = 0.45
"""Likeness in meaning from which on two problems may be one."""
FEWEST = 4
"""Texts of a cluster that says enough about itself to be chosen by how it stands out, and to be tested."""


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


def same_matter(
    shared: Values, problem: Values, meaning: Values, problem_meaning: Values, elsewhere: NDArray[np.bool_]
) -> Values:
    """Return how likely pairs of texts are to be of one matter.

    Names and problem must both be shared: their likeness is averaged with its geometric mean, which is nothing where
    one of the two is.

    Parameters
    ----------
    shared : ndarray of float64
        How far they share rare words and strings, within [0, 1].
    problem : ndarray of float64
        The part of it that stands outside of names.
    meaning : ndarray of float64
        Cosine of their titles.
    problem_meaning : ndarray of float64
        Cosine of what they say without the names.
    elsewhere : ndarray of bool
        Whether they name other places: the same trouble at another place is another matter.
    """
    names = np.maximum(shared - problem, 0)
    words = (shared + 2 * np.sqrt(names * problem)) / 2
    alike = (1 - TITLE_MEANING) * words + TITLE_MEANING * np.maximum(meaning, 0)
    kept = OTHER_PROBLEM + (1 - OTHER_PROBLEM) * np.clip(problem_meaning / SAME_PROBLEM, 0, 1)
    value: Values = np.where(elsewhere, OTHER_PLACE, 1.0) * kept * alike
    return value


def problem_likeness(titles: Values, whole: Values) -> Values:
    """Return how alike problems are in meaning: the titles may tell it, or only the whole texts."""
    return np.maximum(titles, whole)


class Comparison:
    """What n different texts are compared by to find issues.

    Parameters
    ----------
    orders : pandas.DataFrame
        Orders table, n rows.
    segmenter : Segmenter

    Attributes
    ----------
    titles : list of str
        The titles; of an order without one that tells anything, what it says.
    aspects : list of Aspects
        Names and problem of each text.
    lexicon : Lexicon
        Words and strings of the texts.
    shared_words : scipy.sparse.csr_matrix, shape (n, n)
        How far texts share rare words and strings (`similarity.neighbour_graph`).
    """

    def __init__(self, orders: pd.DataFrame, segmenter: Segmenter) -> None:
        told = [
            (telling_title(title, segmenter), text) for title, text in zip(orders["title"], orders["text"], strict=True)
        ]
        self.titles: list[str] = [title or text for title, text in told]
        self.aspects: list[Aspects] = [aspects_of(title, text, segmenter) for title, text in told]
        self.lexicon: Lexicon = learn_lexicon([comparison_text(*one) for one in told], segmenter.words)
        self.shared_words = neighbour_graph(self.lexicon.features)

    def graph(self, title_vectors: NDArray[np.float32], encoder: Encoder) -> sp.csr_matrix:
        """Compare the texts that share words.

        Parameters
        ----------
        title_vectors : ndarray of float32, shape (n, d)
            Centred vectors of the titles.
        encoder : Encoder

        Returns
        -------
        scipy.sparse.csr_matrix of float64, shape (n, n)
            `same_matter`, symmetric.
        """
        at = sp.triu(self.shared_words, 1).tocoo()
        pairs = at.row.astype(np.int64), at.col.astype(np.int64)
        problem = self.lexicon.part([one.problem for one in self.aspects])
        titles, whole = zip(*(one.problem_said for one in self.aspects), strict=True)
        value = same_matter(
            at.data,
            sparse_row_products(problem, problem, pairs),
            row_products(title_vectors, pairs),
            problem_likeness(*(row_products(_vectors(some, encoder), pairs) for some in (titles, whole))),
            self._elsewhere(pairs),
        )
        half = sp.csr_matrix((value, pairs), shape=at.shape)
        return sp.csr_matrix(half + half.T)

    def _elsewhere(self, pairs: tuple[NDArray[np.int64], NDArray[np.int64]]) -> NDArray[np.bool_]:
        """Tell of each pair whether both name places, and neither says the other's names."""
        features = self.lexicon.features
        names = sp.csr_matrix(features.multiply(self.lexicon.columns([one.names for one in self.aspects])))
        named = np.diff(names.indptr) > 0
        other: NDArray[np.bool_] = named[pairs[0]] & named[pairs[1]]
        both = pairs[0][other], pairs[1][other]
        said = [sparse_row_products(names, features, pair) for pair in (both, both[::-1])]
        other[other] = np.maximum(*said) < SAME_NAME
        return other


def _vectors(texts: Sequence[str], encoder: Encoder) -> NDArray[np.float32]:
    """Embed problems; one that says nothing is like none."""
    vectors = embed(texts, encoder, centre=True)
    return np.where(np.array([text != "" for text in texts])[:, None], vectors, np.float32(0))


def find_issues(
    comparison: Comparison, title_vectors: NDArray[np.float32], encoder: Encoder, settings: DetectSettings
) -> list[list[int]]:
    """Find the issues of n different texts.

    Returns
    -------
    list of list of int
        Texts of each issue, two or more.
    """
    tree = average_linkage(comparison.graph(title_vectors, encoder))
    sound = sound_nodes(
        tree,
        comparison.lexicon,
        [one.title_names for one in comparison.aspects],
        fewest=FEWEST,
        least_similarity=settings.issue_similarity,
    )
    return choose_issues(tree, settings.issue_similarity, settings.pair_similarity, sound)


def choose_issues(
    tree: Tree, least_similarity: float, least_pair_similarity: float, sound: NDArray[np.bool_] | None = None
) -> list[list[int]]:
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
    sound : ndarray of bool, shape (n + m,), optional
        Nodes that may be one matter (`soundness.sound_nodes`); all by default.

    Returns
    -------
    list of list of int
        Items of each issue.
    """
    similarity = tree.node_similarity()
    able = np.ones(len(similarity), dtype=bool) if sound is None else sound
    above = np.where(tree.parent >= 0, similarity[tree.parent], 0.0)
    gap = np.sqrt(similarity) - np.sqrt(np.maximum(above, least_similarity))
    large = able & (tree.size >= FEWEST) & (similarity > least_similarity)
    chosen = [leaves_of(tree, node) for node in best_antichain(tree, np.where(large, tree.size * gap, 0.0))]
    taken = {item for items in chosen for item in items}
    alike = able & (similarity >= least_pair_similarity) & (tree.size > 1)
    for node in _topmost(tree, alike):
        items = leaves_of(tree, node)
        if taken.isdisjoint(items):
            chosen.append(items)
    return sorted(chosen)


def _topmost(tree: Tree, marked: NDArray[np.bool_]) -> list[int]:
    """Return the marked nodes that lie under no other marked one."""
    under = np.zeros(len(marked), dtype=bool)
    for node in range(len(marked) - 1, -1, -1):
        above = tree.parent[node]
        under[node] = above >= 0 and (under[above] or marked[above])
    return [int(node) for node in np.flatnonzero(marked & ~under)]
