"""What two orders are compared by as one matter: what they say, where it happens, who calls and which unit is asked."""

from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np
import pandas as pd
import scipy.sparse as sp
from numpy.typing import NDArray

from .._logistic import Weights
from ..embed import Encoder, embed, load_encoder
from ..segment import Segmenter
from .aspects import Aspects, aspects_of, comparison_text, telling_title
from .known_subjects import KnownSubjects
from .matters import Evidence, Values, same_matter
from .similarity import Lexicon, character_ngrams, learn_lexicon, neighbour_graph, row_products, sparse_row_products

__all__ = ["SAME_NAME", "Comparison", "Likeness", "carries_more", "problem_likeness", "told_alike"]

Pairs = tuple[NDArray[np.int64], NDArray[np.int64]]

TITLE_MEANING = 0.15
"""Weight of likeness in meaning beside likeness in words: names and rare words carry most of what makes one matter."""
OTHER_PLACE = 0.6
"""Share of its likeness that a pair keeps whose texts name places that have nothing in common."""
SAME_NAME = 0.004
"""Likeness from which on the strings of a name are taken to be shared: one that many texts hold is no name."""
OTHER_PROBLEM = 0.3
"""Share of its likeness that a pair keeps whose problems, told without the names, are nothing alike."""
SAME_PROBLEM = 0.45
"""Likeness in meaning from which on two problems may be one."""


def told_alike(
    shared: Values, problem: Values, meaning: Values, problem_meaning: Values, elsewhere: NDArray[np.bool_]
) -> Values:
    """Return how alike pairs of texts are worded, as texts of one matter are.

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


class Likeness(NamedTuple):
    """Pairs of n texts, compared: two symmetric matrices of shape (n, n) over the same pairs.

    Attributes
    ----------
    told : scipy.sparse.csr_matrix of float64
        How alike they are worded (`told_alike`).
    matter : scipy.sparse.csr_matrix of float64
        How likely they are of one matter (`matters.same_matter`).
    """

    told: sp.csr_matrix
    matter: sp.csr_matrix


class Comparison:
    """What n different texts are compared by to find issues.

    Parameters
    ----------
    orders : pandas.DataFrame
        Orders table, n rows.
    segmenter : Segmenter
    encoder : Encoder

    Attributes
    ----------
    titles : list of str
        The titles; of an order without one that tells anything, what it says.
    aspects : list of Aspects
        Names and problem of each text.
    lexicon : Lexicon
        Words and strings of the texts.
    shared_words : scipy.sparse.csr_matrix, shape (n, n)
        How far texts share rare words and strings (`similarity.neighbour_graph`): the pairs that are compared.
    """

    def __init__(self, orders: pd.DataFrame, segmenter: Segmenter, encoder: Encoder) -> None:
        told = [
            (telling_title(title, segmenter), text) for title, text in zip(orders["title"], orders["text"], strict=True)
        ]
        self._orders, self._encoder = orders, encoder
        self._compared = [comparison_text(*one) for one in told]
        self.titles: list[str] = [title or text for title, text in told]
        self.aspects: list[Aspects] = [aspects_of(title, text, segmenter) for title, text in told]
        self.lexicon: Lexicon = learn_lexicon(self._compared, segmenter.words)
        self.shared_words = neighbour_graph(self.lexicon.features)

    @cached_property
    def whole_texts(self) -> list[str]:
        """Title and body of each text."""
        whole: list[str] = (self._orders["title"] + "。" + self._orders["text"]).tolist()
        return whole

    @cached_property
    def vectors(self) -> NDArray[np.float32]:
        """Centred vectors of the whole texts: shape (n, d)."""
        return embed(self.whole_texts, self._encoder, centre=True)

    @cached_property
    def title_vectors(self) -> NDArray[np.float32]:
        """Centred vectors of the titles: shape (n, d)."""
        return embed(self.titles, self._encoder, centre=True)

    @cached_property
    def known(self) -> KnownSubjects:
        """The known subjects of the texts."""
        return KnownSubjects.of(self.whole_texts, self.vectors if self._encoder is load_encoder() else None)

    def likeness(self, weights: Weights | None = None) -> Likeness:
        """Compare the texts that share words; `weights` as in `matters.same_matter`."""
        pairs, evidence = self.evidence()
        probability = same_matter(evidence, carries_more=carries_more(self._orders), weights=weights)
        shape = (len(self.titles),) * 2
        halves = (sp.csr_matrix((values, pairs), shape=shape) for values in (evidence.told, probability))
        return Likeness(*(sp.csr_matrix(half + half.T) for half in halves))

    def evidence(self) -> tuple[tuple[NDArray[np.int64], NDArray[np.int64]], Evidence]:
        """Return the m pairs of texts that share words, and what speaks for one matter of each."""
        at = sp.triu(self.shared_words, 1).tocoo()
        pairs = at.row.astype(np.int64), at.col.astype(np.int64)
        part = self.lexicon.part([one.problem for one in self.aspects])
        problem = sparse_row_products(part, part, pairs)
        titles, whole = zip(*(one.problem_said for one in self.aspects), strict=True)
        problem_meaning = problem_likeness(*(row_products(self._embedded(some), pairs) for some in (titles, whole)))
        meaning = row_products(self.title_vectors, pairs)
        return pairs, Evidence(
            told=told_alike(at.data, problem, meaning, problem_meaning, self._elsewhere(pairs)),
            names=np.maximum(at.data - problem, 0),
            problem=problem_meaning,
            meaning=row_products(self.vectors, pairs),
            subject=row_products(np.sqrt(self.known.likely), pairs),
            place=self._same_address(pairs),
            unit=_same(self._orders["department"], pairs),
            caller=_same(self._orders["caller"], pairs),
        )

    def _embedded(self, problems: Sequence[str]) -> NDArray[np.float32]:
        """Embed problems; one that says nothing is like none."""
        vectors = embed(problems, self._encoder, centre=True)
        return np.where(np.array([problem != "" for problem in problems])[:, None], vectors, np.float32(0))

    def _same_address(self, pairs: Pairs) -> Values:
        """Return the share of an address (its strings of characters) that the other order says, the larger of both."""
        from sklearn.feature_extraction.text import CountVectorizer

        addresses = self._orders["place"].tolist()
        if not any(map(character_ngrams, addresses)):
            return np.zeros(len(pairs[0]))
        counter = CountVectorizer(analyzer=character_ngrams, binary=True, dtype=np.float32)
        strings = sp.csr_matrix(counter.fit_transform(addresses))
        said = sp.csr_matrix(counter.transform(f"{a} {b}" for a, b in zip(self._compared, addresses, strict=True)))
        count = np.maximum(np.asarray(strings.sum(axis=1)).ravel(), 1)
        both = (sparse_row_products(strings, said, pair) / count[pair[0]] for pair in (pairs, pairs[::-1]))
        return np.asarray(np.maximum(*both), dtype=np.float64)

    def _elsewhere(self, pairs: Pairs) -> NDArray[np.bool_]:
        """Tell of each pair whether both name places, and neither says the other's names."""
        features = self.lexicon.features
        names = sp.csr_matrix(features.multiply(self.lexicon.columns([one.names for one in self.aspects])))
        named = np.diff(names.indptr) > 0
        other: NDArray[np.bool_] = named[pairs[0]] & named[pairs[1]]
        both = pairs[0][other], pairs[1][other]
        said = [sparse_row_products(names, features, pair) for pair in (both, both[::-1])]
        other[other] = np.maximum(*said) < SAME_NAME
        return other


def carries_more(orders: pd.DataFrame) -> bool:
    """Tell whether a table carries more than texts: units or addresses."""
    return bool(orders["department"].ne("").any() or orders["place"].ne("").any())


def _same(column: pd.Series, pairs: Pairs) -> NDArray[np.bool_]:
    """Tell which pairs have the same in a column; nothing is not the same as nothing."""
    codes, names = pd.factorize(column)
    known = names != ""
    same: NDArray[np.bool_] = (codes[pairs[0]] == codes[pairs[1]]) & known[codes[pairs[0]]]
    return same
