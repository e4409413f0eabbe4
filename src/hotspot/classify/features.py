"""Texts to numbers: hashed words and characters weighted by rarity, and sentence vectors, side by side.

Words and characters go through the hashing trick, so that a stored model holds no vocabulary: nothing of the texts it
was trained on can be read out of it. On long labelled texts such features beat every embedding; the vectors help where
words are new. The beginning of a text (the title, as a rule) counts twice.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["SELF_LIKENESS", "Block", "Features", "normalise", "split_words", "tagged_words"]

MAX_CHARACTERS = 2000
HEAD_CHARACTERS = 26
_BITS = 20
_MASK = re.compile(r"〔[^〕]{1,4}〕")
_DIGITS = re.compile(r"\d+")
_MEANINGFUL = re.compile(r"[\u4e00-\u9fffA-Za-z]")

WORDS, CHARACTERS, HEAD_WORDS, HEAD_CHARACTER_GRAMS = range(4)
_WEIGHTS = (1.0, 2.0, 0.6, 0.6)
_VECTOR_WEIGHTS = (1.0, 0.5)
SELF_LIKENESS = sum(_WEIGHTS) + sum(_VECTOR_WEIGHTS)
"""Inner product of a text's features with themselves."""


def normalise(text: str) -> str:
    """Fold widths and case, drop masks and white space, write every number as 0, keep the first 2,000 characters."""
    folded = unicodedata.normalize("NFKC", text[: 2 * MAX_CHARACTERS]).lower()
    return _DIGITS.sub("0", _MASK.sub("", "".join(folded.split())))[:MAX_CHARACTERS]


def split_words(text: str) -> list[str]:
    """Cut a normalised text into words, signs left out."""
    import rjieba

    return [word for word in rjieba.cut(text) if _MEANINGFUL.search(word)]


def tagged_words(text: str) -> list[tuple[str, str]]:
    """Cut a raw text into the words that features are made of, each with jieba's part-of-speech tag."""
    import rjieba

    return [(word, tag) for word, tag in rjieba.tag(normalise(text)) if _MEANINGFUL.search(word)]


def _word_grams(text: str) -> Iterator[str]:
    words = split_words(text)
    yield from words
    yield from (f"{a} {b}" for a, b in pairwise(words))


def _character_grams(text: str) -> Iterator[str]:
    for n in (1, 2, 3):
        yield from (text[i : i + n] for i in range(len(text) - n + 1))


def _head_words(text: str) -> list[str]:
    return split_words(text[:HEAD_CHARACTERS])


def _head_character_grams(text: str) -> Iterator[str]:
    return _character_grams(text[:HEAD_CHARACTERS])


@cache
def _hashers() -> tuple[Any, ...]:
    from sklearn.feature_extraction.text import HashingVectorizer

    return tuple(
        HashingVectorizer(analyzer=a, n_features=2**_BITS, norm=None, alternate_sign=False, dtype=np.float32)
        for a in (_word_grams, _character_grams, _head_words, _head_character_grams)
    )


@dataclass(frozen=True)
class Block:
    """Features of n texts.

    Attributes
    ----------
    sparse : scipy.sparse.csr_array of float32, shape (n, f)
        Hashed words and characters, each of the four kinds scaled to its own length.
    dense : ndarray of float32, shape (n, 2 d)
        Sentence vectors of the whole text and of its beginning, centred.
    """

    sparse: Any
    dense: NDArray[np.float32]

    def kernel(self, other: Block) -> NDArray[np.float32]:
        """Return inner products with the texts of another block: float32 (n, m)."""
        product: NDArray[np.float32] = (self.sparse @ other.sparse.T).toarray() + self.dense @ other.dense.T
        return product

    def take(self, rows: NDArray[np.intp]) -> Block:
        """Return the features of some of the texts."""
        return Block(self.sparse[rows], self.dense[rows])


@dataclass(frozen=True)
class Features:
    """What is needed to give new texts the same features as those of the training texts.

    Attributes
    ----------
    columns : ndarray of int64, shape (f,)
        Hash values in use, ascending; the upper bits tell the kind.
    rarity : ndarray of float32, shape (f,)
        Inverse document frequency of each.
    centre : ndarray of float32, shape (2 d,)
        Mean of the training texts' vectors.
    """

    columns: NDArray[np.int64]
    rarity: NDArray[np.float32]
    centre: NDArray[np.float32]

    @classmethod
    def fit(cls, texts: Sequence[str], *, min_texts: int = 2, vectors: bool = True) -> tuple[Features, Block]:
        """Learn rarities from texts and return them with the features of these texts.

        Parameters
        ----------
        texts : sequence of str
            n raw texts.
        min_texts : int, default 2
            Hash values seen in fewer texts are left out.
        vectors : bool, default True
            Use sentence vectors too.
        """
        clean = [normalise(t) for t in texts]
        counts = _counts(clean)
        found, seen = np.unique(counts.indices, return_counts=True)
        columns = found[seen >= min(min_texts, max(1, len(texts) // 2))].astype(np.int64)
        frequency = seen[np.isin(found, columns)]
        rarity = (np.log((1 + len(texts)) / (1 + frequency)) + 1).astype(np.float32)
        raw = _vectors(clean) if vectors else np.zeros((len(texts), 0), dtype=np.float32)
        centre = raw.mean(axis=0, dtype=np.float64).astype(np.float32) if len(texts) else raw.sum(axis=0)
        features = cls(columns, rarity, centre)
        return features, Block(features._weighted(counts), features._centred(raw))

    def transform(self, texts: Sequence[str]) -> Block:
        """Return the features of new texts."""
        clean = [normalise(t) for t in texts]
        raw = _vectors(clean) if self.centre.size else np.zeros((len(texts), 0), dtype=np.float32)
        return Block(self._weighted(_counts(clean)), self._centred(raw))

    def word_columns(self, text: str) -> dict[str, int]:
        """Return the single words of a text that the features know, with their places in `columns`."""
        words = sorted(set(split_words(normalise(text))))
        if not words:
            return {}
        places: dict[str, int] = {}
        for word, column in zip(words, _hash_words(words), strict=True):
            at = int(np.searchsorted(self.columns, column))
            if at < len(self.columns) and self.columns[at] == column:
                places[word] = at
        return places

    def _weighted(self, counts: Any) -> Any:
        from scipy.sparse import csr_array

        at = np.searchsorted(self.columns, counts.indices)
        at = np.minimum(at, max(len(self.columns) - 1, 0))
        known = self.columns[at] == counts.indices if len(self.columns) else np.zeros(len(at), dtype=bool)
        rows = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))[known]
        at = at[known]
        values = (1 + np.log(counts.data[known])) * self.rarity[at]
        kind = (self.columns[at] >> _BITS).astype(np.int64)
        slot = rows * len(_WEIGHTS) + kind
        length = np.sqrt(np.bincount(slot, weights=values.astype(np.float64) ** 2, minlength=1))
        scale = np.sqrt(np.asarray(_WEIGHTS))[kind] / np.maximum(length[slot], 1e-12) if len(slot) else 1.0
        shape = (counts.shape[0], len(self.columns))
        return csr_array(((values * scale).astype(np.float32), (rows, at)), shape=shape)

    def _centred(self, raw: NDArray[np.float32]) -> NDArray[np.float32]:
        if not raw.shape[1]:
            return raw
        half = raw.shape[1] // 2
        parts = []
        for i, weight in enumerate(_VECTOR_WEIGHTS):
            part = raw[:, i * half : (i + 1) * half]
            known = np.linalg.norm(part, axis=1, keepdims=True) > 1e-6
            moved = np.where(known, part - self.centre[i * half : (i + 1) * half], np.float32(0))
            length = np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), np.float32(1e-6))
            parts.append(moved / length * np.float32(np.sqrt(weight)))
        return np.hstack(parts).astype(np.float32)

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """Return the arrays to be stored."""
        return {"columns": self.columns, "rarity": self.rarity, "centre": self.centre}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Features:
        """Rebuild from stored arrays."""
        return cls(arrays["columns"], arrays["rarity"], arrays["centre"])


def _hash_words(words: Sequence[str]) -> list[int]:
    from sklearn.feature_extraction import FeatureHasher

    hasher = FeatureHasher(2**_BITS, input_type="string", alternate_sign=False, dtype=np.float32)
    return [int(row.indices[0]) for row in hasher.transform([[w] for w in words])]


def _counts(clean: Sequence[str]) -> Any:
    """Count hashed grams: csr (n, 4 * 2**20), kind in the upper bits of the column."""
    from scipy.sparse import csr_array

    if not clean:
        return csr_array((0, len(_WEIGHTS) << _BITS), dtype=np.float32)
    parts = [hasher.transform(clean).tocoo() for hasher in _hashers()]
    rows = np.concatenate([p.row for p in parts])
    columns = np.concatenate([p.col.astype(np.int64) + (kind << _BITS) for kind, p in enumerate(parts)])
    data = np.concatenate([p.data for p in parts])
    return csr_array((data, (rows, columns)), shape=(len(clean), len(parts) << _BITS))


def _vectors(clean: Sequence[str]) -> NDArray[np.float32]:
    from ..embed import embed

    return np.hstack([embed(clean), embed([t[:HEAD_CHARACTERS] for t in clean])])
