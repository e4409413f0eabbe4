"""Key strings: what a month speaks of far more than citizens ordinarily do.

A string is key by the logarithm of its share in the month to its share in the sentences of ``data/subjects.tsv``, which
are about all that citizens write of (keyness: Scott 1997, System 25; the log ratio: Hardie 2014, cass.lancs.ac.uk).
Words that complaints always have are not key however often they come, and those of this month's events are: 光伏, 浇地.
Latent semantic analysis (Deerwester et al. 1990, JASIS 41) keeps what is compared small, and lets key strings that come
together stand for each other.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from ..segment import Segmenter
from .known_subjects import known_sentences
from .similarity import character_ngrams

__all__ = ["Ordinary", "key_vectors"]

FEWEST, LEAST_SHARE, COMMON = 4, 0.003, 0.2
"""Texts that hold a key string, at least; their share at the least and at the most."""
SMOOTHING = 1.0
"""Added to the count of each string or word in the known sentences."""
LEAST_KEYNESS = 1.0
"""Log ratio from which on a string is key: some three times as often as ordinarily."""
DIMENSIONS = 100
_NO_HAN = re.compile("[^\u4e00-\u9fff]+")


class Ordinary:
    """How often citizens ordinarily say things, by the known sentences.

    Parameters
    ----------
    parts : callable
        Cuts a sentence into the strings or words that are counted, each once.
    """

    def __init__(self, parts: Callable[[str], Iterable[str]]) -> None:
        self._count = Counter(part for sentence in known_sentences() for part in parts(sentence))
        self._all = self._count.total() + SMOOTHING * len(self._count)

    def keyness(self, parts: Sequence[str], shares: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the log ratio of each part's share of all that is said in a month to its ordinary share."""
        ordinary = np.array([self._count[part] for part in parts]) + SMOOTHING
        ratio: NDArray[np.float64] = np.log(shares) - np.log(ordinary / self._all)
        return ratio


def key_vectors(texts: Sequence[str], segmenter: Segmenter) -> NDArray[np.float32]:
    """Return vectors of the key strings that texts hold.

    Parameters
    ----------
    texts : sequence of str
        n texts; names and numbers are better blanked, they are key in every month.
    segmenter : Segmenter
        Its stop words are blanked: how call-takers put things is no part of the known sentences.

    Returns
    -------
    ndarray of float32, shape (n, d)
        The dot product of two rows comes near to the sum of the keyness of the strings that both hold.
    """
    from sklearn.decomposition import TruncatedSVD
    from sklearn.feature_extraction.text import CountVectorizer

    try:
        vectorizer = CountVectorizer(analyzer=_strings, binary=True, dtype=np.float32)
        held = vectorizer.fit_transform(_without_stop_words(text, segmenter) for text in texts)
    except ValueError:  # no text says anything
        return np.zeros((len(texts), 1), dtype=np.float32)
    count = np.asarray(held.sum(axis=0)).ravel()
    keyness = _ordinary_strings().keyness(vectorizer.get_feature_names_out(), count / count.sum())
    key = (count >= max(FEWEST, LEAST_SHARE * len(texts))) & (count <= COMMON * len(texts)) & (keyness > LEAST_KEYNESS)
    weighed = held[:, key].multiply(np.sqrt(keyness[key] - LEAST_KEYNESS)).tocsr()
    if min(weighed.shape) <= DIMENSIONS:
        return np.asarray(weighed.toarray(), dtype=np.float32).reshape(len(texts), -1)
    reduced = TruncatedSVD(DIMENSIONS, random_state=0).fit_transform(weighed)
    return np.asarray(reduced, dtype=np.float32)


def _without_stop_words(text: str, segmenter: Segmenter) -> str:
    return "".join(" " if word in segmenter.stop_words else word for word in segmenter.cut(text))


def _strings(text: str) -> set[str]:
    """Return the characters of a text, and each two in a row."""
    return set(character_ngrams(_NO_HAN.sub(" ", text), (1, 2)))


@cache
def _ordinary_strings() -> Ordinary:
    return Ordinary(_strings)
