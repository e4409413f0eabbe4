"""How far the orders of a hotspot speak of the same: a soft cover of words by orders.

An order covers a word as far as the most alike of its own words does. With this, short texts that share no word can be
seen to be about the same, and a clause can be asked how many orders say what it says.
"""

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from ..embed import Encoder, embed

__all__ = ["WordCover"]

WORDS_OF_ORDER = 60
"""Words of an order that count, the rarest of the month first: a long post is no more than that about."""

ENOUGH_KEYS = 6
"""Key words of a group below which they tell less."""


class WordCover:
    """Words of a hotspot, and how far each of its orders covers them.

    Parameters
    ----------
    words : sequence of sequence of str
        Topic words of each order, n of them.
    others : sequence of sequence of str
        Words of the statements to be asked about.
    rarity : mapping of str to float
        How rare a word is in the month.
    encoder : Encoder
        Sentence model.

    Attributes
    ----------
    cover : ndarray of float32, shape (words, n)
        Likeness, 0 to 1, of each word to the most alike word of each order.
    """

    def __init__(
        self,
        words: Sequence[Sequence[str]],
        others: Sequence[Sequence[str]],
        rarity: Mapping[str, float],
        encoder: Encoder,
    ) -> None:
        usual = float(np.median(list(rarity.values()))) if rarity else 1.0
        self._rarity = {w: min(rarity.get(w, usual), usual) for ws in (*words, *others) for w in ws}
        self.words = [sorted(set(ws), key=lambda w: (-self._rarity[w], w))[:WORDS_OF_ORDER] for ws in words]
        vocabulary = sorted({w for ws in (*self.words, *others) for w in ws})
        self._index = {word: i for i, word in enumerate(vocabulary)}
        self._vectors = embed(vocabulary, encoder) if vocabulary else np.zeros((0, encoder.dimension), np.float32)
        self.cover = np.zeros((len(vocabulary), len(words)), dtype=np.float32)
        for column, ws in enumerate(self.words):
            if ws:
                self.cover[:, column] = self._likeness(ws).max(axis=1)

    def _likeness(self, words: Sequence[str]) -> NDArray[np.float32]:
        rows = [self._index[w] for w in words]
        likeness: NDArray[np.float32] = np.clip(self._vectors @ self._vectors[rows].T, 0, 1)
        likeness[rows, range(len(rows))] = 1.0
        return likeness

    def weights(self, words: Sequence[str]) -> NDArray[np.float64]:
        """Return how much each word tells, adding up to 1."""
        weights: NDArray[np.float64] = np.array([self._rarity[w] + 1e-3 for w in words])
        weights /= weights.sum()
        return weights

    def rows(self, words: Sequence[str]) -> NDArray[np.float32]:
        """Return the cover of some words, shape (words, n)."""
        return self.cover[[self._index[w] for w in words]]

    def mutual(self, rows: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return how far m of the orders cover each other's words, shape (m, m), within [0, 1].

        A word that all of them cover counts least: it tells none of them apart.
        """
        cover = self.cover[:, rows].astype(np.float64)
        apart = 1 - cover.mean(axis=1) + 1e-3
        covered = np.zeros((len(rows), len(rows)))
        for at, row in enumerate(rows):
            if words := self.words[row]:
                held = [self._index[w] for w in words]
                weights = self.weights(words) * apart[held]
                covered[at] = weights @ cover[held] / weights.sum()
        return (covered + covered.T) / 2

    def key_words(self, group: NDArray[np.int64], most: int = 12) -> list[tuple[str, float]]:
        """Return the words that set a group of orders apart from the hotspot's others, with their weights."""
        inside = Counter(w for row in group for w in self.words[row])
        overall = Counter(w for words in self.words for w in words)
        scored = {
            w: count / len(group) * self._rarity[w] * count / overall[w] for w, count in inside.items() if count > 1
        }
        best = sorted(scored, key=lambda w: (-round(scored[w], 6), w))[:most]
        return [(w, scored[w]) for w in best]

    def recall(self, keys: Sequence[tuple[str, float]], words: Sequence[str]) -> float:
        """Return how far some words cover the key words of a group, 0 to 1."""
        if not words or not sum(weight for _, weight in keys):
            return 0.0
        asked = self._vectors[[self._index[w] for w, _ in keys]]
        near = np.clip(asked @ self._vectors[[self._index[w] for w in words]].T, 0, 1).max(axis=1)
        weights = np.array([weight for _, weight in keys])
        return float(near @ weights / weights.sum()) * min(1.0, len(keys) / ENOUGH_KEYS)
