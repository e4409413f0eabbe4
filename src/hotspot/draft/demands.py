"""Demands: what the citizens of a hotspot ask for, each a sentence drawn from the orders that say it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..detect.places import find_places
from ..embed import Encoder, embed
from ..segment import Segmenter
from .clauses import LONGEST, Statement, statements_of

__all__ = ["Demand", "demand_groups", "demands_of", "word_rarity"]

TITLE_WEIGHT = 0.7
MORE_GROUPS = 2
"""Groups beyond those told: what fits in none gathers there and does not blur the others."""
WORD_COMPONENTS = 20
LONGEST_BRIEF = 10
LONGEST_PROBLEMS = 32
"""Characters of a demand's two problems together."""
SAME = 0.55
"""Likeness in meaning above which two statements tell the same."""
MEANING, BACKING, WORDS, STYLE, REGISTER, PLACE = 1.0, 0.5, 0.5, 0.2, 0.3, -0.25
"""Weights of what makes a statement the one to tell."""
SUPPORT = 0.45
"""Likeness in meaning above which an order stands behind another's statement."""


@dataclass(frozen=True)
class Demand:
    """One demand of a hotspot.

    Attributes
    ----------
    problems : tuple of Statement
        What is the matter, the most central first; one or two.
    request : Statement or None
        What is asked for.
    brief : Statement or None
        What is the matter in ten characters or less, for the headline.
    orders : tuple of str
        Ids of the orders that it speaks for, those that its words are drawn from first.
    """

    problems: tuple[Statement, ...]
    request: Statement | None
    brief: Statement | None
    orders: tuple[str, ...]


def demand_groups(orders: pd.DataFrame, encoder: Encoder, segmenter: Segmenter, most: int) -> list[NDArray[np.int64]]:
    """Part a hotspot's orders by what they are about within it.

    Ward clustering of title and body vectors, with what all share subtracted, beside the leading components of their
    words.

    Returns
    -------
    list of ndarray of int64
        Rows of each group, largest group first; at most ``most + MORE_GROUPS``.
    """
    from sklearn.cluster import AgglomerativeClustering

    groups = min(most + MORE_GROUPS, len(orders) // 2)
    if groups < 2:
        return [np.arange(len(orders))]
    body = embed((orders["title"] + "。" + orders["text"]).tolist(), encoder, centre=True)
    title = embed(orders["title"].tolist(), encoder, centre=True)
    features = np.hstack([body, TITLE_WEIGHT * title, _word_components(orders, segmenter)])
    labels = AgglomerativeClustering(groups, linkage="ward").fit_predict(np.round(features, 5))
    found = [np.flatnonzero(labels == label) for label in range(groups)]
    return sorted(found, key=lambda rows: (-len(rows), int(rows[0])))


def _word_components(orders: pd.DataFrame, segmenter: Segmenter) -> NDArray[np.float64]:
    from sklearn.decomposition import TruncatedSVD
    from sklearn.feature_extraction.text import TfidfVectorizer

    try:
        weights = TfidfVectorizer(analyzer=segmenter.topic_words, min_df=2, sublinear_tf=True).fit_transform(
            orders["title"] + "。" + orders["text"]
        )
    except ValueError:
        return np.zeros((len(orders), 1))
    size = min(WORD_COMPONENTS, min(weights.shape) - 1)
    if size < 1:
        return np.zeros((len(orders), 1))
    components: NDArray[np.float64] = TruncatedSVD(size, random_state=0).fit_transform(weights)
    return components


def word_rarity(orders: pd.DataFrame, segmenter: Segmenter) -> dict[str, float]:
    """Return how rare each word is in a month: the logarithm of orders by orders that hold it."""
    held = Counter(word for text in orders["title"] + "。" + orders["text"] for word in set(segmenter.topic_words(text)))
    return {word: float(np.log(len(orders) / count)) for word, count in held.items()}


def demands_of(
    orders: pd.DataFrame, rarity: Mapping[str, float], encoder: Encoder, segmenter: Segmenter, most: int
) -> list[Demand]:
    """Draw the demands of a hotspot from its orders.

    Parameters
    ----------
    orders : pandas.DataFrame
        The hotspot's orders.
    rarity : mapping of str to float
        From `word_rarity` of the month.
    encoder : Encoder
        Sentence model.
    segmenter : Segmenter
        Word cutter.
    most : int
        Demands at the most.

    Returns
    -------
    list of Demand
        By number of distinct callers behind each, most first; no two tell the same.
    """
    problems, requests = (_Statements(found, encoder, segmenter) for found in statements_of(orders, segmenter))
    texts = (orders["title"] + "。" + orders["text"]).tolist()
    vectors = embed(texts, encoder)
    words = [set(segmenter.topic_words(text)) for text in texts]
    demands: list[Demand] = []
    told: list[NDArray[np.float32]] = []
    for rows in demand_groups(orders, encoder, segmenter, most):
        if len(demands) == most or (demands and len(rows) < 2):
            break
        group = _Group(
            [orders["order_id"].iloc[row] for row in rows],
            [texts[row] for row in rows],
            vectors[rows].mean(axis=0),
            {w: n / len(rows) * rarity.get(w, 0.0) for w, n in Counter(w for row in rows for w in words[row]).items()},
        )
        chosen = problems.to_tell(group, told, 1)
        if not chosen:
            continue
        room = LONGEST_PROBLEMS - len(chosen[0].text)
        chosen += problems.to_tell(group, [*told, problems.vector(chosen[0])], 1, room)
        told += [problems.vector(statement) for statement in chosen]
        request = next(iter(requests.to_tell(group, [], 1)), None)
        brief = next(iter(problems.to_tell(group, [], 1, LONGEST_BRIEF)), None)
        sources = [s.order_id for s in [*chosen, *([request] if request else [])]]
        demands.append(Demand(tuple(chosen), request, brief, tuple(dict.fromkeys([*sources, *group.orders]))))
    return demands


@dataclass(frozen=True)
class _Group:
    """Orders that ask for the same: their ids, their mean vector, and the words that they share."""

    orders: list[str]
    texts: list[str]
    centre: NDArray[np.float32]
    words: dict[str, float]

    def texts_with(self, place: str) -> int:
        """Count the texts that name a place."""
        return sum(place in text for text in self.texts)


class _Statements:
    """Statements with what is known of them, to choose from."""

    def __init__(self, statements: Sequence[Statement], encoder: Encoder, segmenter: Segmenter) -> None:
        self._statements = statements
        self._vectors = embed([s.text for s in statements], encoder)
        self._index = {statement: i for i, statement in reversed(list(enumerate(statements)))}
        self._words = [segmenter.topic_words(s.text) for s in statements]
        self._fixed = np.array(
            [
                STYLE * s.style + REGISTER * _register(s.text, segmenter)
                for s in statements
            ]
        )
        self._places = [find_places(segmenter.tag(s.text)) for s in statements]

    def vector(self, statement: Statement) -> NDArray[np.float32]:
        """Return a statement's vector."""
        vector: NDArray[np.float32] = self._vectors[self._index[statement]]
        return vector

    def to_tell(
        self, group: _Group, told: Sequence[NDArray[np.float32]], count: int, longest: int = LONGEST
    ) -> list[Statement]:
        """Return the statements of a group's orders that speak for most of it and repeat nothing told."""
        ids = set(group.orders)
        mine = [i for i, s in enumerate(self._statements) if s.order_id in ids and len(s.text) <= longest]
        mine = [i for i in mine if not any(float(self._vectors[i] @ other) > SAME for other in told)]
        if not mine:
            return []
        likeness = self._vectors[mine] @ self._vectors[mine].T
        score = self._fixed[mine] + MEANING * (self._vectors[mine] @ group.centre)
        strongest = sum(sorted(group.words.values(), reverse=True)[:3]) or 1.0
        for k, i in enumerate(mine):
            backing = {self._statements[mine[j]].order_id for j in np.flatnonzero(likeness[k] > SUPPORT)}
            score[k] += BACKING * len(backing) / len(ids)
            if any(group.texts_with(place) * 3 < len(ids) for place in self._places[i]):
                score[k] += PLACE
            score[k] += WORDS * min(1.0, sum(group.words.get(w, 0.0) for w in set(self._words[i])) / strongest)
        order = sorted(range(len(mine)), key=lambda k: (-round(float(score[k]), 6), self._statements[mine[k]].order_id))
        return [self._statements[mine[k]] for k in order[:count]]


def _register(text: str, segmenter: Segmenter) -> float:
    """Return how written a clause sounds: the share of its characters that stand in words of two and more."""
    tokens = segmenter.words(text)
    return sum(len(t) for t in tokens if len(t) > 1) / max(sum(map(len, tokens)), 1)
