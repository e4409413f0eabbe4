"""What tells one topic from another, so that it is known again in other orders: its meaning, its words, its units.

Topics of different months are compared by the cosine of their mean sentence vectors, taken from one common base (not
each from its own month's mean, which moves with whatever filled the month), by the words that set each apart within its
month, and by the units that its orders went to. How alike two *different* topics can be is read off topics that are
known to differ: the hotspots of one month.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

__all__ = ["Chance", "Signature", "distinguishing_words", "example_texts", "likeness", "pooled", "unit_mix"]

EXAMPLE_LENGTH = 60
"""Characters of a body that an example holds behind the title; more told topics apart no better."""
WORDS = 60
WORDS_WEIGHT = 0.5
UNITS_WEIGHT = 0.5
_EULER = 0.5772156649
_PRIOR_MEAN, _PRIOR_DEVIATION, _PRIOR_SIBLINGS, _PRIOR_WEIGHT = 0.5, 0.2, 9, 4
"""How alike a hotspot was to its nearest of nine others in halves and thirds of two hand-written months; counts as much
as four hotspots, so that it speaks only where a registry is nearly empty."""


@dataclass(frozen=True, eq=False)
class Signature:
    """What a topic is known by.

    Attributes
    ----------
    vector : ndarray of float32, shape (d,)
        Mean sentence vector of its orders, not centred.
    words : mapping of str to float
        Words that set it apart, with their weights (`distinguishing_words`).
    units : mapping of str to float
        Units that its orders went to, with their weights (`unit_mix`).
    weight : float
        How many texts speak through it.
    """

    vector: NDArray[np.float32]
    words: Mapping[str, float] = field(default_factory=dict)
    units: Mapping[str, float] = field(default_factory=dict)
    weight: float = 1.0


def example_texts(orders: pd.DataFrame) -> list[str]:
    """Return what each order says in short: its title and the beginning of its body."""
    body = orders["text"].str[:EXAMPLE_LENGTH].where(orders["text"] != orders["title"], "")
    joined = (orders["title"] + "。").where(orders["title"] != "", "") + body
    return joined.tolist()


def distinguishing_words(
    texts: Iterable[str], words: Callable[[str], list[str]], frequency: Mapping[str, int], total: int
) -> dict[str, float]:
    """Weigh words by the share of the texts that hold them and by how rare they are among all.

    The idea of class-based TF-IDF (Grootendorst 2022, arXiv:2203.05794).

    Parameters
    ----------
    texts : iterable of str
        Texts of the topic.
    words : callable
        Cuts a text into words.
    frequency : mapping of str to int
        In how many of all texts each word stands.
    total : int
        How many texts there are in all.

    Returns
    -------
    dict of str to float
        The `WORDS` weightiest, weightiest first; a word that stands in one text only says nothing of the topic.
    """
    held = [set(words(text)) for text in texts]
    counts = Counter(word for each in held for word in each)
    weights = {
        word: round(count / len(held) * float(np.log(max(total, 2) / max(frequency.get(word, 1), 1))), 4)
        for word, count in counts.items()
        if count > 1 or len(held) == 1
    }
    ranked = sorted(weights.items(), key=lambda item: (-item[1], item[0]))[:WORDS]
    return {word: weight for word, weight in ranked if weight > 0}


def unit_mix(departments: pd.Series, all_departments: pd.Series) -> dict[str, float]:
    """Weigh units by the share of the orders that went to them and by how rare they are among all; unknown ones not."""
    counts = departments[departments.ne("")].value_counts()
    among = all_departments.value_counts().to_dict()
    weights = {
        str(unit): round(count / len(departments) * float(np.log(max(len(all_departments), 2) / among[unit])), 4)
        for unit, count in counts.items()
    }
    return dict(sorted((unit, weight) for unit, weight in weights.items() if weight > 0))


def pooled(signatures: Sequence[Signature]) -> Signature:
    """Return one signature for several, each with its weight."""
    weights = np.array([s.weight for s in signatures])
    shares = weights / weights.sum()
    vector = (np.stack([s.vector for s in signatures]).astype(np.float64) * shares[:, None]).sum(axis=0)
    words: Counter[str] = Counter()
    units: Counter[str] = Counter()
    for share, signature in zip(shares.tolist(), signatures, strict=True):
        words.update({word: share * value for word, value in signature.words.items()})
        units.update({unit: share * value for unit, value in signature.units.items()})
    return Signature(vector.astype(np.float32), words, units, float(weights.sum()))


def likeness(first: Sequence[Signature], second: Sequence[Signature], base: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return how alike topics are: 0 or less for chance, up to 2 for the same.

    Cosine of the vectors from the common base, half the root of the words' cosine (a topic's words change from month to
    month; the root makes the first few that are shared count most), half the units' cosine.

    Parameters
    ----------
    first, second : sequence of Signature
        n and m of them.
    base : ndarray of float32, shape (d,)
        Mean vector of all orders.

    Returns
    -------
    ndarray of float64, shape (n, m)
    """
    if not first or not second:
        return np.zeros((len(first), len(second)))
    meaning = _unit_rows(_vectors(first) - base) @ _unit_rows(_vectors(second) - base).T
    words = _mapping_cosine([s.words for s in first], [s.words for s in second])
    units = _mapping_cosine([s.units for s in first], [s.units for s in second])
    total: NDArray[np.float64] = meaning + WORDS_WEIGHT * np.sqrt(words) + UNITS_WEIGHT * units
    return np.round(total, 9)


def _vectors(signatures: Sequence[Signature]) -> NDArray[np.float64]:
    return np.stack([s.vector for s in signatures]).astype(np.float64)


def _unit_rows(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    unit: NDArray[np.float64] = rows / np.where(length > 1e-9, length, 1.0)
    return unit


def _mapping_cosine(first: Sequence[Mapping[str, float]], second: Sequence[Mapping[str, float]]) -> NDArray[np.float64]:
    keys = sorted({key for mapping in first for key in mapping} & {key for mapping in second for key in mapping})
    at = {key: i for i, key in enumerate(keys)}

    def rows(mappings: Sequence[Mapping[str, float]]) -> NDArray[np.float64]:
        table = np.zeros((len(mappings), len(keys)))
        for row, mapping in zip(table, mappings, strict=True):
            length = float(np.sqrt(sum(value * value for value in mapping.values()))) or 1.0
            for key in mapping.keys() & at.keys():
                row[at[key]] = mapping[key] / length
        return table

    cosine: NDArray[np.float64] = np.clip(rows(first) @ rows(second).T, 0.0, 1.0)
    return cosine


@dataclass(frozen=True)
class Chance:
    """How alike a topic is to the nearest of others that are known to be different.

    The greatest of k values that fall off fast follows a Gumbel distribution whose location grows by ``scale * log(k)``
    (Fisher & Tippett 1928; Gumbel 1958, Statistics of Extremes): what was seen with the few hotspots of a month tells
    what to expect among many known topics.

    Attributes
    ----------
    location : float
        Of the distribution with one other topic.
    scale : float
    """

    location: float
    scale: float

    @classmethod
    def among(cls, months: Iterable[NDArray[np.float64]]) -> Self:
        """Estimate it by moments from the hotspots of one month or several.

        Parameters
        ----------
        months : iterable of ndarray of float64, each of shape (k, k)
            Likeness between the hotspots of each month.
        """
        nearest = [np.array([_PRIOR_MEAN - _PRIOR_DEVIATION, _PRIOR_MEAN + _PRIOR_DEVIATION] * (_PRIOR_WEIGHT // 2))]
        siblings = [np.full(_PRIOR_WEIGHT, float(_PRIOR_SIBLINGS))]
        for table in months:
            if len(table) > 1:
                others = np.where(np.eye(len(table), dtype=bool), -np.inf, table)
                nearest.append(others.max(axis=1))
                siblings.append(np.full(len(table), len(table) - 1.0))
        variance = sum(float(((each - each.mean()) ** 2).sum()) for each in nearest) / sum(map(len, nearest))
        scale = float(np.sqrt(6 * variance)) / np.pi
        values, counts = np.concatenate(nearest), np.concatenate(siblings)
        return cls(float((values - scale * np.log(counts)).mean()) - _EULER * scale, scale)

    def threshold(self, others: int, level: float) -> float:
        """Return the likeness that the nearest of so many different topics exceeds with a chance of `level`."""
        return self.location + self.scale * float(np.log(max(others, 1)) - np.log(-np.log1p(-level)))
