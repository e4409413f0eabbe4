"""Whether a cluster of texts can be one matter: tests of the cluster as a whole, which no pair of texts can answer.

Likeness gathers three kinds of cluster that are none: a field of work (housing loans, buses that are late), one problem
at many places, and one place with many problems. Each is told by what its texts have in common:

- a matter can be *described*: some term is said by most of its texts and by few others. A field shares only words that
  many more orders say;
- it has *one place*, if its titles name places;
- it has *two things in common*, a name and a problem, or two words of a question: when the term that holds it together
  most is taken away, its texts are still alike.
"""

from collections.abc import Collection, Sequence
from typing import NamedTuple

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from .similarity import Lexicon
from .tree import Tree, leaves_of

__all__ = ["sound_nodes"]

DESCRIBED = 0.5
"""Overlap (Jaccard) of a cluster's texts with those that say a term, from which on the term describes the cluster."""
HALF = 0.5
"""Most of the texts: more than this share."""
OWN_NAME = 0.2
"""The same overlap of a name, from which on it is the place of a cluster: 'experimental school' is said of many."""
STEPS = 2
"""How often the strongest term is widened by the strings that overlap it: a name is longer than a string of it."""
ALONG = 0.5
"""Share of the strongest term's texts that must hold a string for it to be taken for a part of the same name."""
MOST_TEXTS = 2000
"""A cluster of more is no issue; nor would its test be cheap."""


def sound_nodes(
    tree: Tree,
    lexicon: Lexicon,
    title_names: Sequence[Collection[str]],
    *,
    fewest: int,
    least_similarity: float,
) -> NDArray[np.bool_]:
    """Tell which clusters can be one matter.

    Parameters
    ----------
    tree : Tree
        Over n texts.
    lexicon : Lexicon
        Of the n texts.
    title_names : sequence of collection of str, length n
        Strings of characters of the names of places in each title.
    fewest : int
        Texts below which a cluster says too little about itself to be tested.
    least_similarity : float
        Mean similarity below which nothing is one matter; it must be left without the strongest term, too.

    Returns
    -------
    ndarray of bool, shape (n + m,)
        True for items and clusters below `fewest`.
    """
    tests = _Tests(
        lexicon, lexicon.columns(title_names), np.array([len(some) > 0 for some in title_names]), least_similarity
    )
    sound: NDArray[np.bool_] = tree.size < fewest
    asked = ~sound & (tree.node_similarity() >= least_similarity) & (tree.size <= MOST_TEXTS)
    for node in np.flatnonzero(asked):
        sound[node] = tests.passed(np.array(leaves_of(tree, int(node))))
    return sound


class _Tests:
    """The tests, and what they look up.

    Parameters
    ----------
    lexicon : Lexicon
    names : scipy.sparse.csr_matrix, shape (n, v)
        Strings that are part of a name in the title.
    named : ndarray of bool, shape (n,)
        Whether the title holds a name; it may stand in no other text.
    least : float
        Mean likeness that must be left without the strongest term.
    """

    def __init__(self, lexicon: Lexicon, names: sp.csr_matrix, named: NDArray[np.bool_], least: float) -> None:
        self._features, self._names, self._named, self._least = lexicon.features, names, named, least
        self._texts_of = np.bincount(lexicon.features.indices, minlength=len(lexicon.terms))
        self._bigrams = [frozenset(term[i : i + 2] for i in range(max(len(term) - 1, 1))) for term in lexicon.terms]
        self._long = np.array([len(term) > 1 for term in lexicon.terms], dtype=bool)

    def passed(self, rows: NDArray[np.int64]) -> bool:
        """Tell whether a cluster passes all tests."""
        shared = _shared(self._features, rows)
        return self.is_described(shared) and self.is_at_one_place(shared) and self.has_two_things(shared)

    def is_described(self, shared: "_Shared") -> bool:
        """Tell whether a term that most of the texts say is said by few others."""
        return bool((self._overlap(shared)[shared.texts > HALF * len(shared.rows)] >= DESCRIBED).any())

    def _overlap(self, shared: "_Shared") -> NDArray[np.float64]:
        """Return the overlap (Jaccard) of the texts with those that say each term."""
        overlap: NDArray[np.float64] = shared.texts / (self._texts_of[shared.terms] + len(shared.rows) - shared.texts)
        return overlap

    def is_at_one_place(self, shared: "_Shared") -> bool:
        """Tell whether a name of the titles is said by most texts and by few others, unless few titles name any."""
        size = len(shared.rows)
        name = np.isin(shared.terms, self._names[shared.rows].indices) & (shared.texts > HALF * size)
        return bool(self._named[shared.rows].sum() < HALF * size or (self._overlap(shared)[name] >= OWN_NAME).any())

    def has_two_things(self, shared: "_Shared") -> bool:
        """Tell whether the texts are alike in more than the term that holds them together most."""
        bigrams, long = [self._bigrams[term] for term in shared.terms], self._long[shared.terms]
        if not long.any():
            return False
        strongest = int(np.where(long, shared.likeness, -1.0).argmax())
        along = [bigrams[at] for at in np.flatnonzero(long & (shared.texts >= ALONG * shared.texts[strongest]))]
        name = set(bigrams[strongest])
        for _ in range(STEPS):
            name.update(*(some for some in along if not name.isdisjoint(some)))
        name.update("".join(name))
        apart = np.array([name.isdisjoint(some) for some in bigrams], dtype=bool)
        return bool(shared.likeness[apart].sum() >= self._least)


class _Shared(NamedTuple):
    """What some texts have in common.

    Attributes
    ----------
    rows : ndarray of int64, shape (m,)
        The texts.
    terms : ndarray of int64, shape (k,)
        What they say.
    likeness : ndarray of float64, shape (k,)
        What each term adds to the mean likeness of two of the texts.
    texts : ndarray of int64, shape (k,)
        How many of the texts hold each term.
    """

    rows: NDArray[np.int64]
    terms: NDArray[np.int64]
    likeness: NDArray[np.float64]
    texts: NDArray[np.int64]


def _shared(features: sp.csr_matrix, rows: NDArray[np.int64]) -> _Shared:
    part = features[rows]
    terms, at = np.unique(part.indices.astype(np.int64), return_inverse=True)
    sums, squares = np.bincount(at, part.data), np.bincount(at, part.data.astype(np.float64) ** 2)
    return _Shared(rows, terms, (sums**2 - squares) / (len(rows) * (len(rows) - 1)), np.bincount(at))
