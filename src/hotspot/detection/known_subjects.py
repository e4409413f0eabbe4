"""What citizens write to hotlines about, anywhere: how likely each known subject is for a text.

``data/subjects.tsv`` holds some 230 subjects, each with a few aspects, and of every aspect the words and sentences that
citizens use. They tell that 'nobody at the fever clinic' and 'three hours for a drip' are of one subject, which no
month of orders is large enough to teach. The classes are normal distributions of sentence vectors with one shared
covariance, several to a subject (mixture discriminant analysis: Hastie and Tibshirani 1996, JRSS B 58).
"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from io import StringIO
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import softmax

from .._resources import data_text
from ..embed import embed

__all__ = ["NO_SUBJECT", "KnownSubjects", "SharedSubject"]

SHRINKAGE = 0.3
"""Of the covariance, towards equal variance in all directions."""
TEMPERING = 0.2
"""Power of the likelihood: orders wander more than the sentences that a subject is known by."""
BLOCK = 4096
"""Texts at a time: a number for each of some thousand aspects is held for them."""
LIKELIEST = 5
"""Subjects that a text or a group may well be of."""
NEAREST, MOST_ASPECTS = 5, 2
"""Aspects that are nearest to a group, and how many of them are told."""


@cache
def _examples() -> tuple[list[str], list[int], list[tuple[str, str]]]:
    """Return sentences, the number of each one's aspect, and the aspects with their subjects."""
    texts: list[str] = []
    aspect_of_text: list[int] = []
    aspects: list[tuple[str, str]] = []
    reader = csv.DictReader(StringIO(data_text("subjects.tsv")), delimiter="\t", quoting=csv.QUOTE_NONE)
    for number, row in enumerate(reader):
        words = row["words"].split()
        named = row["subject"] + row["aspect"] + " ".join(words[: len(words) // 2])
        said = [" ".join(some) for some in (words, words[::2], words[1::2])] + [named, *row["sentences"].split(" | ")]
        texts += said
        aspect_of_text += [number] * len(said)
        aspects.append((row["subject"], row["aspect"]))
    return texts, aspect_of_text, aspects


@cache
def _numbered_subjects() -> dict[str, int]:
    return {subject: number for number, subject in enumerate(dict.fromkeys(s for s, _ in _examples()[2]))}


@cache
def _classifier() -> Any:
    from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

    texts, aspects, _ = _examples()
    model = LinearDiscriminantAnalysis(solver="lsqr", shrinkage=SHRINKAGE)
    return model.fit(embed(texts, centre=True).astype(np.float64), aspects)


@dataclass(frozen=True)
class SharedSubject:
    """The known subject of a group of texts.

    Attributes
    ----------
    name : str
        Empty where the group is of no subject that is known.
    aspects : tuple of str
        Aspects of it that the group is nearest to.
    share : float
        Share of the texts, one by one, among whose likeliest subjects it is.
    """

    name: str
    aspects: tuple[str, ...]
    share: float


NO_SUBJECT = SharedSubject("", (), 0.0)


@dataclass(frozen=True)
class KnownSubjects:
    """The known subjects of a month's n texts.

    Attributes
    ----------
    vectors : ndarray of float32, shape (n, d)
        Centred vectors of the packaged sentence model: what all the texts have in common is taken away.
    likely : ndarray of float32, shape (n, s)
        How likely each subject is for each text: rows add up to 1, or to 0 for a text in which nothing is known.
        Columns as in `names`.
    """

    vectors: NDArray[np.float32]
    likely: NDArray[np.float32]

    @property
    def names(self) -> list[str]:
        """The s subjects."""
        return list(_numbered_subjects())

    @classmethod
    def of(cls, texts: Sequence[str], vectors: NDArray[np.float32] | None = None) -> "KnownSubjects":
        """Read texts with the packaged sentence model, unless their centred vectors of that model are at hand."""
        vectors = embed(texts, centre=True) if vectors is None else vectors
        numbers = _numbered_subjects()
        of_class = np.eye(len(numbers))[[numbers[subject] for subject, _ in _examples()[2]]]
        likely = np.zeros((len(vectors), len(numbers)), dtype=np.float32)
        known = np.flatnonzero(vectors.any(axis=1))
        for start in range(0, len(known), BLOCK):
            rows = known[start : start + BLOCK]
            scores = _classifier().decision_function(vectors[rows].astype(np.float64))
            likely[rows] = softmax(TEMPERING * scores, axis=1) @ of_class
        return cls(vectors, likely)

    def shared_by(self, rows: NDArray[np.int64]) -> SharedSubject:
        """Return the subject that a group of texts shares, or `NO_SUBJECT`.

        Of the subjects that are among the `LIKELIEST` both by the group's mean and by its texts taken one by one, the
        one that stands highest in both; of two, the one more likely by the texts.
        """
        likely = self.likely[rows]
        if not likely.any():
            return NO_SUBJECT
        aspects = _examples()[2]
        scores = _classifier().coef_ @ self.vectors[rows].mean(axis=0)
        ordered = [aspects[i] for i in np.argsort(-scores, kind="stable")]
        by_mean = list(dict.fromkeys(subject for subject, _ in ordered))[:LIKELIEST]
        names = self.names
        one_by_one = [names[i] for i in np.argsort(-likely.mean(axis=0), kind="stable")[:LIKELIEST]]
        both = [subject for subject in by_mean if subject in one_by_one]
        if not both:
            return NO_SUBJECT
        best = min(both, key=lambda s: (by_mean.index(s) + one_by_one.index(s), one_by_one.index(s)))
        near = [aspect for subject, aspect in ordered[:NEAREST] if subject == best][:MOST_ASPECTS]
        likeliest = np.argsort(-likely, axis=1, kind="stable")[:, :LIKELIEST]
        share = float((likeliest == names.index(best)).any(axis=1).mean())
        return SharedSubject(best, tuple(near), share)
