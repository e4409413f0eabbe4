"""What citizens write to hotlines about, anywhere: how likely each known subject is for a text.

``data/subjects.tsv`` holds some 260 subjects, each with a few aspects, and of every aspect the words and sentences that
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

from .._resources import data_lines, data_text
from ..embed import embed

__all__ = ["NO_SUBJECT", "KnownSubjects", "SharedSubject", "known_sentences"]

SHRINKAGE = 0.3
"""Of the covariance, towards equal variance in all directions."""
TEMPERING = 0.2
"""Power of the likelihood: orders wander more than the sentences that a subject is known by."""
BLOCK = 4096
"""Texts at a time: a number for each of some thousand aspects is held for them."""
LIKELIEST, FIELDS = 3, 2
"""Subjects, and fields, that a text may well be of."""
NEAREST, MOST_ASPECTS = 5, 2
"""Aspects that are nearest to a group, and how many of them are told."""
MANY = 0.4
"""Share of a group's texts that may be of a field for it to be the group's."""
SOME, EACH, MOST_SUBJECTS = 0.15, 0.12, 3
"""Share of a group's texts that may be of the first subject for it to be told, that are most likely of each further
one, and how many are told."""
LEADING, SURE = 0.6, 0.4
"""Share of the texts most likely of its field, or of all, that a subject which is told alone must be most likely of."""


@cache
def _known() -> list[dict[str, str]]:
    """Return the aspects of the known subjects, each with its words and sentences."""
    return list(csv.DictReader(StringIO(data_text("subjects.tsv")), delimiter="\t", quoting=csv.QUOTE_NONE))


def known_sentences() -> list[str]:
    """Return sentences about all that citizens write of, as many of each aspect."""
    return [sentence for row in _known() for sentence in row["sentences"].split(" | ")]


@cache
def _examples() -> tuple[list[str], list[int], list[tuple[str, str]]]:
    """Return sentences, the number of each one's aspect, and the aspects with their subjects."""
    texts: list[str] = []
    aspect_of_text: list[int] = []
    aspects: list[tuple[str, str]] = []
    for number, row in enumerate(_known()):
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
def _fields() -> tuple[list[str], NDArray[np.float32]]:
    """Return the fields, and which subject is of which: shape (s, fields)."""
    lines = (line.partition("\uff1a") for line in data_lines("subject_fields.txt"))
    fields = {field: subjects.split() for field, _, subjects in lines}
    of_field = np.array([[name in subjects for subjects in fields.values()] for name in _numbered_subjects()])
    return list(fields), of_field.astype(np.float32)


@cache
def _classifier() -> Any:
    from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

    texts, aspects, _ = _examples()
    model = LinearDiscriminantAnalysis(solver="lsqr", shrinkage=SHRINKAGE)
    return model.fit(embed(texts, centre=True).astype(np.float64), aspects)


@dataclass(frozen=True)
class SharedSubject:
    """What a group of texts is about, as far as it is known.

    Attributes
    ----------
    names : tuple of str
        The subjects that most of the texts may well be of, those of its field if it has one; of most texts first. One
        alone where it leads the others by far.
    aspects : tuple of str
        Aspects of the first that the group is nearest to.
    share : float
        Share of the texts, one by one, among whose likeliest subjects the first is.
    field : str
        Field of life that many of the texts may well be of ('农业生产'); empty where there is none.
    field_share : float
        Share of the texts, one by one, among whose likeliest fields it is.
    """

    names: tuple[str, ...] = ()
    aspects: tuple[str, ...] = ()
    share: float = 0.0
    field: str = ""
    field_share: float = 0.0


NO_SUBJECT = SharedSubject()


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
        """Return what a group of texts is about: the field of many of them, and the subjects of most, in it if any."""
        likely = self.likely[rows]
        if not likely.any():
            return NO_SUBJECT
        fields, of_field = _fields()
        by_field = likely @ of_field
        field = int(np.argmax(by_field.mean(axis=0)))
        field_share = float(_among(by_field, FIELDS)[field])
        share = _among(likely, LIKELIEST)
        first = _among(likely, 1)
        if field_share >= MANY:
            share, first = share * of_field[:, field], first * of_field[:, field]
        score = np.where(share >= SOME, share + first, 0.0)
        best = np.lexsort((-likely.mean(axis=0), -np.round(score, 6)))[:MOST_SUBJECTS]
        lead = best[0]
        alone = first[lead] >= min(SURE, LEADING * first.sum())
        told = [lead] if alone else [lead, *(i for i in best[1:] if first[i] >= EACH)]
        names = tuple(self.names[i] for i in told) if share[lead] >= SOME else ()
        return SharedSubject(
            names=names,
            aspects=self._aspects(rows, names[0]) if names else (),
            share=float(share[lead]) if names else 0.0,
            field=fields[field] if field_share >= MANY else "",
            field_share=field_share if field_share >= MANY else 0.0,
        )

    def _aspects(self, rows: NDArray[np.int64], subject: str) -> tuple[str, ...]:
        """Return the aspects of a subject that a group of texts is nearest to."""
        aspects = _examples()[2]
        scores = _classifier().coef_ @ self.vectors[rows].mean(axis=0)
        near = [aspects[i] for i in np.argsort(-scores, kind="stable")[:NEAREST]]
        return tuple(aspect for name, aspect in near if name == subject)[:MOST_ASPECTS]


def _among(likely: NDArray[np.float32], most: int) -> NDArray[np.float64]:
    """Return the share of rows in which each column is among the likeliest."""
    likeliest = np.argsort(-likely, axis=1, kind="stable")[:, :most]
    return np.bincount(likeliest.ravel(), minlength=likely.shape[1]) / len(likely)
