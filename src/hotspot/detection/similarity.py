"""How alike two orders are: what is said, where, and in what words."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

__all__ = [
    "Lexicon", "character_ngrams", "dense_neighbours", "learn_lexicon", "neighbour_graph", "row_products",
    "sparse_row_products",
]  # fmt: skip

COMMON, COMMON_TEXTS = 0.1, 50
"""A term tells nothing that stands in more than this share of the texts, and in more than so many."""
NEIGHBOURS = 60
LEAST = 0.03
_RUN = re.compile(r"[\u4e00-\u9fffA-Za-z0-9]+")


@dataclass(frozen=True)
class Lexicon:
    """Words and strings of characters that n texts are compared by.

    Attributes
    ----------
    features : scipy.sparse.csr_matrix of float32, shape (n, v)
        Rows of unit length: two rows' dot product is the mean of their word cosine and their character cosine.
    terms : ndarray of str, shape (v,)
        The words, then the strings of characters.
    strings : dict of str to int
        Column of each string of characters.
    """

    features: sp.csr_matrix
    terms: NDArray[np.object_]
    strings: dict[str, int]
    _holds: Callable[[Sequence[str]], sp.csr_matrix]

    def part(self, documents: Sequence[str]) -> sp.csr_matrix:
        """Return the features of parts of the texts: those that stand in the part, as they weigh in the whole.

        Returns
        -------
        scipy.sparse.csr_matrix of float32, shape (n, v)
        """
        held = self._holds(documents)
        held.data[:] = 1
        return sp.csr_matrix(self.features.multiply(held))

    def columns(self, strings: Sequence[Iterable[str]]) -> sp.csr_matrix:
        """Mark strings of characters: shape (number of rows given, v), 1 where a row's strings stand."""
        at = [sorted(self.strings[one] for one in some if one in self.strings) for some in strings]
        ends = np.cumsum([0, *map(len, at)])
        marks = np.ones(int(ends[-1]), dtype=np.float32)
        held = np.fromiter(chain.from_iterable(at), dtype=np.int64, count=len(marks))
        return sp.csr_matrix((marks, held, ends), shape=(len(at), len(self.terms)))


def learn_lexicon(documents: Sequence[str], words: Callable[[str], list[str]]) -> Lexicon:
    """Weigh words and character n-grams by how rare they are.

    Words catch what a text is about; 2- and 3-grams of characters catch names of places, estates and companies that are
    in no dictionary and are cut differently from text to text.

    Parameters
    ----------
    documents : sequence of str
        n texts.
    words : callable
        Cuts a text into words.
    """
    from sklearn.feature_extraction.text import TfidfVectorizer

    most = max(COMMON, COMMON_TEXTS / max(len(documents), 1))
    common = {"sublinear_tf": True, "min_df": 2, "max_df": min(1.0, most), "dtype": np.float32}
    parts, terms, kept = [], [], []
    for analyzer in (words, character_ngrams):
        vectorizer = TfidfVectorizer(analyzer=analyzer, **common)
        try:
            parts.append(vectorizer.fit_transform(documents))
            terms.append(vectorizer.get_feature_names_out().astype(object))
            kept.append(vectorizer)
        except ValueError:  # nothing stands in two documents
            parts.append(sp.csr_matrix(np.zeros((len(documents), 0), dtype=np.float32)))
            terms.append(np.empty(0, dtype=object))
    before = len(terms[0])
    return Lexicon(
        features=sp.csr_matrix(sp.hstack(parts) * np.float32(np.sqrt(0.5)), dtype=np.float32),
        terms=np.concatenate(terms),
        strings={term: before + at for at, term in enumerate(terms[1])},
        _holds=lambda some: sp.csr_matrix(sp.hstack([one.transform(some) for one in kept])) if kept else parts[0],
    )


def character_ngrams(text: str, lengths: Sequence[int] = (2, 3)) -> list[str]:
    """Return the n-grams of characters that cross no sign, 2- and 3-grams unless said otherwise."""
    runs = _RUN.findall(text)
    return [run[i : i + k] for run in runs for k in lengths for i in range(len(run) - k + 1)]


def neighbour_graph(features: sp.csr_matrix, neighbours: int = NEIGHBOURS, least: float = LEAST) -> sp.csr_matrix:
    """Return each row's nearest neighbours by dot product, made symmetric.

    Parameters
    ----------
    features : scipy.sparse.csr_matrix, shape (n, v)
        Rows of unit length.
    neighbours : int
        How many of each row at the most.
    least : float
        Similarity below which a pair is left out.

    Returns
    -------
    scipy.sparse.csr_matrix of float64, shape (n, n)
        Memory grows with n times `neighbours`.
    """
    from sparse_dot_topn import sp_matmul_topn

    if not features.nnz:
        return sp.csr_matrix((features.shape[0],) * 2, dtype=np.float64)
    top = sp_matmul_topn(features, sp.csr_matrix(features.T), top_n=neighbours + 1, threshold=least, n_threads=2)
    graph = sp.csr_matrix(top, dtype=np.float64)
    graph.setdiag(0)
    graph.eliminate_zeros()
    return sp.csr_matrix(graph.maximum(graph.T))


def dense_neighbours(
    vectors: NDArray[np.float32], neighbours: int, block: int = 2048
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the pairs (row, other) of each row and its nearest others by dot product, block by block.

    Returns
    -------
    tuple of ndarray of int64, each of shape (n * min(neighbours, n - 1),)
        Sorted by row, then by other.
    """
    count = len(vectors)
    most = min(neighbours, count - 1)
    if most < 1:
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    others = np.empty((count, most), dtype=np.int64)
    for start in range(0, count, block):
        likeness = vectors[start : start + block] @ vectors.T
        rows = np.arange(len(likeness))
        likeness[rows, start + rows] = -np.inf
        others[start : start + block] = np.sort(np.argpartition(-likeness, most - 1, axis=1)[:, :most], axis=1)
    return np.repeat(np.arange(count), most), others.ravel()


def row_products(
    vectors: NDArray[np.float32], pairs: tuple[NDArray[np.int64], NDArray[np.int64]], block: int = 200_000
) -> NDArray[np.float64]:
    """Return the dot products of pairs of rows: shape (number of pairs,)."""
    first, second = pairs
    out = np.empty(len(first))
    for start in range(0, len(first), block):
        part = slice(start, start + block)
        out[part] = np.einsum("ij,ij->i", vectors[first[part]], vectors[second[part]])
    return out


def sparse_row_products(
    first: sp.csr_matrix,
    second: sp.csr_matrix,
    pairs: tuple[NDArray[np.int64], NDArray[np.int64]],
    block: int = 20_000,
) -> NDArray[np.float64]:
    """Return the dot products of rows of one sparse matrix with rows of another: shape (number of pairs,)."""
    out = np.empty(len(pairs[0]))
    for start in range(0, len(out), block):
        part = slice(start, start + block)
        out[part] = np.asarray(first[pairs[0][part]].multiply(second[pairs[1][part]]).sum(axis=1)).ravel()
    return out
