"""The texts in view, kept so that a new one is compared with all of them at once.

The evidence is that of the batch (`detection.similarity`, `detection.issues`): words and strings of characters weighed
by how rare they are, the meaning of titles and the places that they name. It grows by one text at a time: rarity
follows every text that comes, and what a text shares with others is looked up in inverted lists, so that only texts
with something in common are touched.
"""

from array import array
from collections import Counter

import numpy as np
from numpy.typing import NDArray

from ..detection.issues import place_strings, same_matter
from ..detection.places import find_places
from ..detection.similarity import COMMON, COMMON_TEXTS, LEAST, NEIGHBOURS, character_ngrams
from ..embed import Encoder
from ..segment import Segmenter

__all__ = ["LiveIndex", "Query"]

Values = NDArray[np.float64]


class Query:
    """What a new text is compared by.

    Attributes
    ----------
    words, characters : collections.Counter of str
        Its words and strings of characters.
    places : frozenset of str
        Strings of the places that its title names.
    title, whole : ndarray of float32, shape (d,)
        Vector of its title, and of all it says; unit length or zero.
    """

    def __init__(self, comparison: str, title: str, text: str, segmenter: Segmenter, encoder: Encoder) -> None:
        self.words = Counter(segmenter.words(comparison))
        self.characters = Counter(character_ngrams(comparison))
        self.places = place_strings(find_places(segmenter.tag(title)))
        self.title, self.whole = encoder.encode([title or text, f"{title}。{text}"])


class LiveIndex:
    """Texts in the order of their coming: row i is the i-th that was added and not yet left out."""

    def __init__(self, dimension: int) -> None:
        self._words, self._characters = _Lists(), _Lists()
        self._titles, self._wholes = _Vectors(dimension), _Vectors(dimension)
        self._places: list[frozenset[str]] = []

    def __len__(self) -> int:
        return self._words.count

    def add(self, query: Query) -> int:
        """Add a text; returns its row."""
        self._words.add(query.words)
        self._characters.add(query.characters)
        self._titles.add(query.title)
        self._wholes.add(query.whole)
        self._places.append(query.places)
        return len(self) - 1

    def keep(self, rows: NDArray[np.int64]) -> None:
        """Leave out all texts but these rows, ascending; they are numbered anew."""
        for part in (self._words, self._characters, self._titles, self._wholes):
            part.keep(rows)
        self._places = [self._places[row] for row in rows]

    def refresh(self) -> None:
        """Weigh the texts in view by how rare their terms are now."""
        self._words.refresh()
        self._characters.refresh()

    def shared_words(self, query: Query) -> Values:
        """Return how far each text shares rare words and strings with a new one: shape (n,), within [0, 1]."""
        return (self._words.cosines(query.words) + self._characters.cosines(query.characters)) / 2

    def same_matter(self, query: Query, shared: Values) -> Values:
        """Return each text's similarity as the batch measures it for issues: shape (n,), mostly zeros."""
        value = np.where(shared >= LEAST, shared, 0.0)
        if len(value) > NEIGHBOURS:
            value[value < np.partition(value, -NEIGHBOURS)[-NEIGHBOURS]] = 0.0
        near = np.flatnonzero(value)
        places = [self._places[row] for row in near]
        elsewhere = np.array([bool(p and query.places) and p.isdisjoint(query.places) for p in places], dtype=bool)
        value[near] = same_matter(value[near], self._titles.cosines(query.title, near), elsewhere)
        return value

    def meaning(self, query: Query) -> Values:
        """Return each text's likeness in meaning: shape (n,)."""
        return self._wholes.cosines(query.whole)


class _Vectors:
    """Unit vectors, compared as seen from their common mean."""

    def __init__(self, dimension: int) -> None:
        self._held = np.zeros((64, dimension), dtype=np.float32)
        self._sum = np.zeros(dimension)
        self._count = 0

    def add(self, vector: NDArray[np.float32]) -> None:
        if self._count == len(self._held):
            self._held = np.concatenate([self._held, np.zeros_like(self._held)])
        self._held[self._count] = vector
        self._sum += vector
        self._count += 1

    def keep(self, rows: NDArray[np.int64]) -> None:
        kept = self._held[rows]
        self._held = np.concatenate([kept, np.zeros((max(64, len(kept)), kept.shape[1]), dtype=np.float32)])
        self._count = len(kept)
        self._sum = kept.sum(axis=0, dtype=np.float64)

    def cosines(self, vector: NDArray[np.float32], rows: NDArray[np.int64] | None = None) -> Values:
        held = self._held[: self._count] if rows is None else self._held[rows]
        if not len(held) or not vector.any():
            return np.zeros(len(held))
        mean = ((self._sum + vector) / (self._count + 1)).astype(np.float32)
        own = vector - mean
        lengths = np.einsum("ij,ij->i", held, held) - 2 * (held @ mean) + mean @ mean
        length = np.sqrt(np.maximum(lengths, 0)) * np.linalg.norm(own)
        dot = held @ own - mean @ own
        return np.asarray(np.where(length > 1e-6, dot / np.maximum(length, 1e-6), 0.0), dtype=np.float64)


class _Lists:
    """Inverted lists: for each term the texts that hold it and how much of each it is."""

    def __init__(self) -> None:
        self.count = 0
        self._ids: dict[str, int] = {}
        self._rows: list[array[int]] = []
        self._weights: list[array[float]] = []
        self._square = np.zeros(64)

    def add(self, terms: Counter[str]) -> None:
        row = self.count
        if row == len(self._square):
            self._square = np.concatenate([self._square, np.zeros_like(self._square)])
        self.count += 1
        own = 0.0
        for term, times in terms.items():
            at = self._ids.setdefault(term, len(self._ids))
            if at == len(self._rows):
                self._rows.append(array("i"))
                self._weights.append(array("f"))
            rows, weight = self._rows[at], 1 + float(np.log(times))
            rows.append(row)
            self._weights[at].append(weight)
            if 2 <= len(rows) <= self._most():
                rarity = self._rarity(len(rows)) ** 2
                own += rarity * weight**2
                if len(rows) == 2:  # now it tells something of the first text, too
                    self._square[rows[0]] += rarity * self._weights[at][0] ** 2
        self._square[row] = own

    def cosines(self, terms: Counter[str]) -> Values:
        square, squares = 0.0, self._square[: self.count].copy()
        rows: list[NDArray[np.int32]] = []
        parts: list[NDArray[np.float32]] = []
        for term, times in terms.items():
            at = self._ids.get(term)
            if at is None or not 1 <= len(self._rows[at]) < self._most():
                continue
            rarity = self._rarity(len(self._rows[at]) + 1)
            weight = (1 + float(np.log(times))) * rarity
            square += weight**2
            if len(self._rows[at]) == 1:  # a second text that holds it makes it tell something of the first
                squares[self._rows[at][0]] += (rarity * self._weights[at][0]) ** 2
            rows.append(np.frombuffer(self._rows[at], dtype=np.int32))
            parts.append(np.frombuffer(self._weights[at], dtype=np.float32) * np.float32(weight * rarity))
        if not rows:
            return np.zeros(self.count)
        dots = np.bincount(np.concatenate(rows), weights=np.concatenate(parts), minlength=self.count)
        length = np.sqrt(square * squares)
        return np.minimum(np.where(length > 0, dots / np.maximum(length, 1e-12), 0.0), 1.0)

    def refresh(self) -> None:
        self._square = np.zeros(max(64, 2 * self.count))
        for rows, weights in zip(self._rows, self._weights, strict=True):
            if 2 <= len(rows) <= self._most():
                self._square[np.frombuffer(rows, dtype=np.int32)] += (
                    self._rarity(len(rows)) * np.frombuffer(weights, dtype=np.float32)
                ) ** 2

    def keep(self, rows: NDArray[np.int64]) -> None:
        place = np.full(self.count, -1, dtype=np.int32)
        place[rows] = np.arange(len(rows))
        terms, old_rows, old_weights = list(self._ids), self._rows, self._weights
        self._ids, self._rows, self._weights, self.count = {}, [], [], len(rows)
        for term, held, weights in zip(terms, old_rows, old_weights, strict=True):
            moved = place[np.frombuffer(held, dtype=np.int32)]
            stays = moved >= 0
            if stays.any():
                self._ids[term] = len(self._rows)
                self._rows.append(array("i", moved[stays].tobytes()))
                self._weights.append(array("f", np.frombuffer(weights, dtype=np.float32)[stays].tobytes()))
        self.refresh()

    def _most(self) -> float:
        return max(COMMON * (self.count + 1), COMMON_TEXTS)

    def _rarity(self, texts: int) -> float:
        """Return the smoothed inverse document frequency, as scikit-learn's."""
        return float(np.log((1 + max(self.count, texts)) / (1 + texts)) + 1)
