"""What citizens write to hotlines about, anywhere: how likely each known subject is for a text.

``data/subjects.tsv`` holds some 240 subjects, each with a few aspects, and of every aspect the words and sentences that
citizens use. They tell that 'nobody at the fever clinic' and 'three hours for a drip' are of one subject, which no
month of orders is large enough to teach. The classes are normal distributions of sentence vectors with one shared
covariance, several to a subject (mixture discriminant analysis: Hastie and Tibshirani 1996, JRSS B 58).
"""

import csv
from collections.abc import Sequence
from functools import cache
from io import StringIO
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import softmax

from .._resources import data_text
from ..embed import embed

__all__ = ["likely_subjects", "subject_names"]

SHRINKAGE = 0.3
"""Of the covariance, towards equal variance in all directions."""
TEMPERING = 0.16
"""Power of the likelihood: orders wander more than the sentences that a subject is known by."""
BLOCK = 4096
"""Texts at a time: a number for each of some thousand aspects is held for them."""


@cache
def _examples() -> tuple[list[str], NDArray[np.int64], list[str], NDArray[np.int64]]:
    """Return sentences, the aspect of each, the subjects, and the subject of each aspect."""
    texts, aspect_of_text = [], []
    subjects: dict[str, int] = {}
    subject_of_aspect = []
    reader = csv.DictReader(StringIO(data_text("subjects.tsv")), delimiter="\t", quoting=csv.QUOTE_NONE)
    for number, row in enumerate(reader):
        words = row["words"].split()
        named = row["subject"] + row["aspect"] + " ".join(words[: len(words) // 2])
        said = [" ".join(words), named, *row["sentences"].split(" | ")]
        texts += said
        aspect_of_text += [number] * len(said)
        subject_of_aspect.append(subjects.setdefault(row["subject"], len(subjects)))
    return texts, np.array(aspect_of_text), list(subjects), np.array(subject_of_aspect)


@cache
def _classifier() -> Any:
    from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

    texts, aspects, _, _ = _examples()
    model = LinearDiscriminantAnalysis(solver="lsqr", shrinkage=SHRINKAGE)
    return model.fit(embed(texts, centre=True).astype(np.float64), aspects)


def subject_names() -> list[str]:
    """Return the known subjects."""
    return list(_examples()[2])


def likely_subjects(texts: Sequence[str]) -> NDArray[np.float32]:
    """Return how likely each known subject is for each text, read with the packaged sentence model.

    Parameters
    ----------
    texts : sequence of str
        n texts of one month; what they all have in common is taken away first.

    Returns
    -------
    ndarray of float32, shape (n, s)
        Rows add up to 1, or to 0 for a text in which nothing is known; columns as in `subject_names`.
    """
    vectors = embed(texts, centre=True)
    _, _, subjects, subject_of_aspect = _examples()
    subject_of_class = np.eye(len(subjects))[subject_of_aspect]
    likely = np.zeros((len(vectors), len(subjects)), dtype=np.float32)
    known = np.flatnonzero(vectors.any(axis=1))
    for start in range(0, len(known), BLOCK):
        rows = known[start : start + BLOCK]
        scores = _classifier().decision_function(vectors[rows].astype(np.float64))
        likely[rows] = softmax(TEMPERING * scores, axis=1) @ subject_of_class
    return likely
