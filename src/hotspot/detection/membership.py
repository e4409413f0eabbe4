"""How likely an order is of a hotspot's subject: learned from months in which hotspots were planted.

Trees of subjects put together what is most alike; at the edges an order may be in a hotspot because nothing else is
nearer. How much each kind of evidence tells there (how alike the order is to the rest, the strings that it shares with
them and not with the month, the company that it keeps) was learned by logistic regression from hand-written months
(``models/train_membership.py``; the weights are in ``data/membership.toml``).
"""

from functools import cache
from typing import Self

import numpy as np
import pandas as pd
import scipy.sparse as sp
from numpy.typing import NDArray

from .._logistic import Weights
from ..segment import Segmenter
from .comparison import Comparison
from .keyness import key_vectors
from .matters import Values
from .subjects import SubjectEvidence, strongest, subject_graph

__all__ = ["FEATURES", "Membership"]

FEATURES = (
    "evidence", "relative", "meaning", "keys", "strings", "subject", "rare_subject", "company", "unit",
)  # fmt: skip
COMPANY = 15
"""Nearest texts that are asked whether they are in the group."""
USUAL, LEAST = 2.0, 1e-9
"""Texts that are added to a group and to the others, which hold each string as often as those of the month do (an
m-estimate: Cestnik 1990, ECAI): a string that is in few texts tells little."""
LEAST_ODDS, MOST_ODDS = -2.0, 4.0
"""Bounds of what one string tells: logarithms of odds."""
SUBJECT_SHARE, UNIT_SHARE = 0.005, 0.02
"""Added to shares of subjects and of units before they are set against the month's."""


class Membership:
    """What n texts are asked for when it is to be said how likely they are of a group's subject.

    Parameters
    ----------
    evidence : SubjectEvidence
        Of n texts.
    graph : scipy.sparse.csr_matrix, shape (n, n)
        How alike they are in subject (`subject_graph`).
    strings : scipy.sparse.csr_matrix, shape (n, v)
        Not zero where a text holds a word or string of characters (`Lexicon.features`).
    likely : ndarray of float32, shape (n, s)
        How likely each known subject is for each text (`KnownSubjects`).
    departments : pandas.Series of str
        The unit of each text; empty where it is not known.
    weights : Weights, optional
        Of `FEATURES`; the packaged ones by default.
    """

    def __init__(
        self,
        evidence: SubjectEvidence,
        graph: sp.csr_matrix,
        strings: sp.csr_matrix,
        likely: NDArray[np.float32],
        departments: pd.Series,
        *,
        weights: Weights | None = None,
    ) -> None:
        self.evidence, self.graph = evidence, graph
        self._near = strongest(graph, COMPANY, both=False)
        self._near.data[:] = 1
        self._strings = sp.csr_matrix(strings, dtype=np.float32, copy=True)
        self._strings.data[:] = 1
        self._held = np.asarray(self._strings.sum(axis=0), dtype=np.float64).ravel()
        self._likely = likely.astype(np.float64)
        self._usual = self._likely.mean(axis=0) + SUBJECT_SHARE
        self._unit, names = pd.factorize(departments)
        self._has_unit = names[self._unit] != "" if len(names) else np.zeros(0, dtype=bool)
        self._weights = weights or packaged()

    @classmethod
    def of(
        cls, comparison: Comparison, orders: pd.DataFrame, segmenter: Segmenter, weights: Weights | None = None
    ) -> Self:
        """Gather what is asked for of the texts of a comparison, which `orders` has one a row."""
        keys = key_vectors([aspects.problem for aspects in comparison.aspects], segmenter)
        likely = comparison.known.likely
        evidence = SubjectEvidence(orders, comparison.vectors, comparison.shared_words, likely, keys)
        strings = comparison.lexicon.features
        return cls(evidence, subject_graph(evidence), strings, likely, orders["department"], weights=weights)

    def __len__(self) -> int:
        return len(self._likely)

    def near(self, group: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the texts that a group may have missed: those with one of it among the nearest to them."""
        within = np.zeros(len(self), dtype=np.float32)
        within[group] = 1
        return np.flatnonzero((self._near @ within > 0) & (within == 0))

    def probability(self, texts: NDArray[np.int64], group: NDArray[np.int64]) -> Values:
        """Return how likely texts are of the subject of a group: shape (texts,).

        What a text of the group says itself counts for nothing: only what the others say.
        """
        return self._weights.probability(self.features(texts, group))

    def features(self, texts: NDArray[np.int64], group: NDArray[np.int64]) -> Values:
        """Return what the probability is drawn from: shape (texts, 9), columns as in `FEATURES`."""
        within = np.zeros(len(self), dtype=bool)
        within[group] = True
        spoken = self.evidence.with_group(texts, group)
        asked = spoken["all"][within[texts]]
        own = asked if len(asked) == len(group) else self.evidence.with_group(group, group)["all"]
        others = np.maximum(len(group) - within[texts], 1)
        subject, rare = self._subjects(texts, within, others)
        return np.stack(
            [
                spoken["all"],
                spoken["all"] / max(float(own.mean()), 1e-6),
                spoken["meaning"],
                spoken["keys"],
                self._shared_strings(texts, within),
                subject,
                rare,
                np.asarray(self._near[texts] @ within.astype(np.float32), dtype=np.float64) / COMPANY,
                self._shared_unit(texts, within, others),
            ],
            axis=1,
        )

    def _shared_strings(self, texts: NDArray[np.int64], within: NDArray[np.bool_]) -> Values:
        """Return how much likelier the strings that texts hold are in the group than outside of it.

        As in naive Bayes with strings that are there or not, but their mean: a long text holds more of all strings.
        """
        inside = np.asarray(within.astype(np.float32) @ self._strings, dtype=np.float64).ravel()
        total = np.zeros(len(texts))
        for member in (False, True):
            some = within[texts] == member
            if some.any():
                odds = _odds(inside - member, self._held - member, int(within.sum()) - member, len(self) - member)
                total[some] = self._strings[texts[some]] @ odds
        return total / np.maximum(np.diff(self._strings[texts].indptr), 1)

    def _subjects(
        self, texts: NDArray[np.int64], within: NDArray[np.bool_], others: NDArray[np.int64]
    ) -> tuple[Values, Values]:
        """Return how far the likely subjects of texts and of a group overlap, and how rare those are in the month."""
        mine = self._likely[texts]
        theirs = (self._likely[within].sum(axis=0) - mine * within[texts][:, None]) / others[:, None]
        overlap = np.sqrt(np.maximum(mine * theirs, 0)).sum(axis=1)
        rare = (mine * np.log((np.maximum(theirs, 0) + SUBJECT_SHARE) / self._usual)).sum(axis=1)
        return overlap, rare

    def _shared_unit(self, texts: NDArray[np.int64], within: NDArray[np.bool_], others: NDArray[np.int64]) -> Values:
        """Return the log ratio of a unit's share in the group to that in the month; 0 where the unit is not known."""
        units = int(self._unit.max(initial=-1)) + 1
        inside = np.bincount(self._unit[within], minlength=units)[self._unit[texts]] - within[texts]
        month = np.bincount(self._unit, minlength=units)[self._unit[texts]] / len(self)
        ratio = np.log((inside / others + UNIT_SHARE) / (month + UNIT_SHARE))
        return np.where(self._has_unit[texts], ratio, 0.0)


def _odds(inside: Values, held: Values, group: int, count: int) -> Values:
    """Return what each string tells: the log ratio of its share in the group to its share outside."""
    usual = USUAL * held / max(count, 1) + LEAST
    here = (np.maximum(inside, 0) + usual) / (group + USUAL)
    elsewhere = (np.maximum(held - inside, 0) + usual) / (count - group + USUAL)
    return np.asarray(np.clip(np.log(here / elsewhere), LEAST_ODDS, MOST_ODDS))


@cache
def packaged() -> Weights:
    """Return the weights that come with the library."""
    return Weights.read("membership.toml", FEATURES)
