"""How likely two orders are of one matter: learned from months in which a reader marked the matters.

A place with many troubles and one trouble at many places pass for one matter by their words alone. What else orders
carry tells them apart: the address, the unit that was asked, the caller who calls again. How much each tells, and what
only counts together (a place with a problem, a caller with a subject), was learned by logistic regression from
hand-written months (``models/train_matters.py``; the weights are in ``data/same_matter.toml``).
"""

from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .._logistic import Weights

__all__ = ["FEATURES", "Evidence", "Values", "features_of", "same_matter"]

Values = NDArray[np.float64]

NAMED = 4.0
"""How many times over shared names count as a place that is said: a quarter of all that two texts say is all of it."""
FEATURES = (
    "told", "names", "meaning", "subject", "place", "unit", "problem_there", "subject_of_caller", "carries_more",
)  # fmt: skip


class Evidence(NamedTuple):
    """What speaks for one matter of m pairs of orders: arrays of shape (m,).

    Attributes
    ----------
    told : ndarray of float64
        How alike they are worded (`comparison.told_alike`), within [0, 1].
    names : ndarray of float64
        How far they share rare strings of names, within [0, 1].
    problem : ndarray of float64
        Cosine of their problems, told without names.
    meaning : ndarray of float64
        Cosine of all they say.
    subject : ndarray of float64
        How far their likely known subjects overlap (Bhattacharyya coefficient).
    place : ndarray of float64
        Share of the address of one that the other says, within [0, 1]; 0 where neither has one.
    unit, caller : ndarray of bool
        Whether they went to the same unit, and are of the same caller.
    """

    told: Values
    names: Values
    problem: Values
    meaning: Values
    subject: Values
    place: Values
    unit: NDArray[np.bool_]
    caller: NDArray[np.bool_]

    def of_texts_alone(self) -> "Evidence":
        """Return the evidence of the same pairs as of a table that carries no more than texts."""
        nothing = np.zeros(len(self.told))
        return self._replace(place=nothing, unit=nothing > 0, caller=nothing > 0)


def features_of(evidence: Evidence, *, carries_more: bool) -> Values:
    """Return what the probability is drawn from: shape (m, 9), columns as in `FEATURES`."""
    where = np.maximum(evidence.place, np.minimum(NAMED * evidence.names, 1))
    return np.stack(
        [
            evidence.told,
            evidence.names,
            np.maximum(evidence.meaning, 0),
            evidence.subject,
            evidence.place,
            evidence.unit.astype(np.float64),
            where * np.maximum(evidence.problem, 0),
            evidence.caller * evidence.subject,
            np.full(len(where), float(carries_more)),
        ],
        axis=1,
    )


def same_matter(evidence: Evidence, *, carries_more: bool, weights: Weights | None = None) -> Values:
    """Return how likely pairs of orders are of one matter.

    Parameters
    ----------
    evidence : Evidence
        Of m pairs.
    carries_more : bool
        Whether the table has units or addresses: where it has none, texts must do.
    weights : Weights, optional
        The packaged ones by default.

    Returns
    -------
    ndarray of float64, shape (m,)
        Probabilities.
    """
    return (weights or packaged()).probability(features_of(evidence, carries_more=carries_more))


@cache
def packaged() -> Weights:
    """Return the weights that come with the library."""
    return Weights.read("same_matter.toml", FEATURES)
