"""Support: which orders say what a phrase says, more than orders of the month say it by chance."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..embed import Encoder, embed
from ..sampling import systematic_sample
from .clauses import plain_parts

__all__ = ["Backdrop", "ClauseVectors"]

CHANCE = 0.05
"""Share of the month's other orders that may seem to say a phrase."""
OTHERS = 400
"""Orders of the month that stand for the others."""
FEWEST_OTHERS = 20
USUAL = 0.38
"""Likeness that the threshold mostly comes to, for a month with too few others to tell."""


@dataclass(frozen=True)
class ClauseVectors:
    """What n orders say, clause by clause.

    Attributes
    ----------
    vectors : ndarray of float32, shape (clauses, d)
        Vectors of the clauses, those of an order in a row.
    firsts : ndarray of int64, shape (n,)
        First clause of each order.
    """

    vectors: NDArray[np.float32]
    firsts: NDArray[np.int64]

    @classmethod
    def of(cls, orders: pd.DataFrame, encoder: Encoder) -> "ClauseVectors":
        """Cut and embed the titles and bodies of orders."""
        parts = [plain_parts(text) or [text] for text in orders["title"] + "。" + orders["text"]]
        firsts = np.cumsum([0, *(len(clauses) for clauses in parts[:-1])]).astype(np.int64)
        return cls(embed([clause for clauses in parts for clause in clauses], encoder), firsts)

    def near(self, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return how near each order's most alike clause is to m texts, shape (m, n)."""
        if not len(vectors) or not len(self.firsts):
            return np.zeros((len(vectors), len(self.firsts)), dtype=np.float32)
        return np.asarray(np.maximum.reduceat(vectors @ self.vectors.T, self.firsts, axis=1), dtype=np.float32)


class Backdrop:
    """What the month's orders say, to set a hotspot's against.

    Parameters
    ----------
    month : pandas.DataFrame
        All orders.
    encoder : Encoder
        Sentence model.
    """

    def __init__(self, month: pd.DataFrame, encoder: Encoder) -> None:
        sample = month.sort_values("order_id").iloc[systematic_sample(len(month), OTHERS)]
        self._ids = sample["order_id"].to_numpy()
        self._said = ClauseVectors.of(sample, encoder)
        self._encoder = encoder

    def supported(self, texts: Sequence[str], orders: pd.DataFrame) -> NDArray[np.bool_]:
        """Tell which orders of a hotspot say what m short texts say, shape (m, orders).

        One does if its most alike clause is nearer to the text than those of 95% of the month's orders outside the
        hotspot: each text has a threshold of its own, so that what is said everywhere supports nothing.
        """
        vectors = embed(list(texts), self._encoder)
        others = self._said.near(vectors)[:, ~np.isin(self._ids, orders["order_id"].to_numpy())]
        enough = others.shape[1] >= FEWEST_OTHERS and len(vectors) > 0
        bar = np.quantile(others, 1 - CHANCE, axis=1) if enough else np.full(len(vectors), USUAL)
        return ClauseVectors.of(orders, self._encoder).near(vectors) > bar[:, None]
