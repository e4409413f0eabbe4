"""Demands: what the citizens of a hotspot ask for, each a sentence drawn from the orders that say it."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .._logistic import Weights
from ..detection.places import find_places
from ..embed import Encoder, embed
from ..sampling import systematic_sample
from ..segment import Segmenter
from .clauses import COMMA, Statement, statements_of, titles_of
from .groups import demand_groups
from .inquiries import inquiries_of
from .likeness import WordCover
from .standing import standing
from .support import ClauseVectors
from .wording import names_trouble

__all__ = ["Demand", "demands_of", "word_rarity"]

MOST_ORDERS = 300
"""Orders of a hotspot that are read for its demands; more of them say nothing new."""
SAME = 0.75
"""Likeness in meaning above which two statements tell the same."""
SHARED_WORDS = 0.5
"""Share of the shorter's words in the longer's above which two statements tell the same."""
SAID, APART, KEYS, MEANING, CENTRAL = 1.0, 1.0, 1.0, 0.5, 0.5
"""Weights of what makes a statement speak for its group: said by its orders, more than by others, its key words."""
STYLE, STANDING, TROUBLE, PAIR, PLACE = 1.5, 0.9, 0.3, -0.4, -0.25
"""Weights of what makes a statement fit to be told: it is a title, it can stand in a report, it says that something is
wrong, it is two clauses, it names a place that its group does not. Of the statements that readers marked, titles could
be printed three to four times as often as clauses of bodies."""
ANSWER = 0.3
"""Weight of what the order of a problem asks for, beside the problem. What another order asks for is not put to it: of
such pairs from real messages readers would sign 22 %, of the problems alone 43 %, and a third did not go together."""
SIZE = 1.6
"""Weight of the logarithm of a group's size, beside how well a statement speaks for it."""
TOLD = 8.0
"""Weight of how likely a demand's orders ask for the same as those of a demand already chosen."""
CAUSED = 3.0
"""Weight of the share of a demand's orders that the hotspot's cause concerns: the lead says that it brought them."""
MANY = 50
"""Orders of a hotspot beyond which one that asks for what no other does is left out."""
LONE_WORDS, LONE_KEYS = 3, 0.25
"""Topic words of a request told alone, or the share of its group's key words that they cover."""
CITED = 0.9
"""Share of the hotspot's other orders that say a demand less than an order that is cited for it."""
UNFIT = {"problem": -0.5, "request": -0.4}
"""Standing below which a request is not told, and a problem only where its group says nothing else."""


@dataclass(frozen=True)
class Demand:
    """One demand of a hotspot.

    Attributes
    ----------
    problems : tuple of Statement
        What is the matter, or the title where nothing else could be told; none beside a request or an inquiry alone.
    request : Statement or None
        What is asked for.
    orders : tuple of str
        Ids of the orders that say it, those that its words are drawn from first.
    inquiry : Statement or None
        What citizens ask to be told, where they neither complain of anything nor ask that something be done.
    """

    problems: tuple[Statement, ...]
    request: Statement | None
    orders: tuple[str, ...]
    inquiry: Statement | None = None

    @property
    def sources(self) -> tuple[str, ...]:
        """Ids of the orders that its words are drawn from."""
        told = (*self.problems, *(said for said in (self.request, self.inquiry) if said is not None))
        return tuple(dict.fromkeys(statement.order_id for statement in told))


def word_rarity(orders: pd.DataFrame, segmenter: Segmenter) -> dict[str, float]:
    """Return how rare each word is in a month: the logarithm of orders by orders that hold it."""
    held = Counter(
        word for text in orders["title"] + "。" + orders["text"] for word in set(segmenter.topic_words(text))
    )
    return {word: float(np.log(len(orders) / count)) for word, count in held.items()}


def demands_of(
    orders: pd.DataFrame,
    rarity: Mapping[str, float],
    encoder: Encoder,
    segmenter: Segmenter,
    most: int,
    *,
    concerned: Collection[str] = (),
    weights: Weights | None = None,
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
    concerned : collection of str
        Ids of the orders that speak of the cause of the hotspot or of what comes of it, if it has one.
    weights : Weights, optional
        Of what speaks for one demand of two orders; the packaged ones by default.

    Returns
    -------
    list of Demand
        Those of the most orders first; no two tell the same. One that only one order says is told where fewer than
        `most` are said by more.
    """
    orders = orders.sort_values("order_id")
    orders = orders.iloc[systematic_sample(len(orders), MOST_ORDERS)].reset_index(drop=True)
    texts = (orders["title"] + "。" + orders["text"]).tolist()
    problems, requests = statements_of(orders, segmenter)
    kinds = {
        "problem": problems,
        "request": requests,
        "inquiry": inquiries_of(orders, segmenter),
        "title": titles_of(orders, segmenter),
    }
    words = [segmenter.topic_words(text) for text in texts]
    stated = [segmenter.topic_words(s.text) for items in kinds.values() for s in items]
    hotspot = _Hotspot(orders, texts, WordCover(words, stated, rarity, encoder), encoder, segmenter)
    told = _Told(*(_Choice(items, kind, hotspot) for kind, items in kinds.items()))
    of_cause = orders["order_id"].isin(set(concerned)).to_numpy()
    groups, same = demand_groups(orders, hotspot.cover, encoder, segmenter, weights=weights)
    drawn = [
        _Drawn(found[0] + SIZE * np.log(len(rows)) + CAUSED * float(of_cause[rows].mean()), found[1], rows)
        for rows in groups
        if (found := told.tell(_Group(rows, hotspot))) is not None
    ]
    if len(orders) > MANY:
        drawn = [one for one in drawn if len(one.demand.orders) > 1] or drawn[:1]
    return sorted(_chosen(drawn, same, most), key=lambda demand: -len(demand.orders))


class _Drawn(NamedTuple):
    """A demand, how well it is told, and the rows of the orders that ask for it."""

    value: float
    demand: Demand
    rows: NDArray[np.int64]


def _chosen(drawn: Sequence[_Drawn], same: NDArray[np.float64], most: int) -> list[Demand]:
    """Choose the demands that are best told and least likely told already, those of a single order last.

    By maximal marginal relevance: Carbonell and Goldstein 1998, SIGIR 21.
    """
    chosen: list[int] = []
    told = np.zeros(len(drawn))
    while len(chosen) < min(most, len(drawn)):
        worth = [(len(one.demand.orders) > 1, round(one.value - TOLD * told[i], 6), -i) for i, one in enumerate(drawn)]
        best = max((i for i in range(len(drawn)) if i not in chosen), key=worth.__getitem__)
        chosen.append(best)
        told = np.maximum(told, [same[np.ix_(one.rows, drawn[best].rows)].mean() for one in drawn])
    return [drawn[i].demand for i in chosen]


@dataclass(frozen=True)
class _Hotspot:
    """A hotspot's orders and what is measured of them once."""

    orders: pd.DataFrame
    texts: list[str]
    cover: WordCover
    encoder: Encoder
    segmenter: Segmenter

    @cached_property
    def ids(self) -> list[str]:
        return [str(order_id) for order_id in self.orders["order_id"]]

    @cached_property
    def row_of(self) -> dict[str, int]:
        return {order_id: row for row, order_id in enumerate(self.ids)}

    @cached_property
    def clauses(self) -> ClauseVectors:
        return ClauseVectors.of(self.orders, self.encoder)

    @cached_property
    def vectors(self) -> NDArray[np.float32]:
        """Vectors of the orders, what all share subtracted."""
        return embed(self.texts, self.encoder, centre=True)


@dataclass(frozen=True)
class _Group:
    """Orders of a hotspot that ask for the same."""

    rows: NDArray[np.int64]
    hotspot: _Hotspot

    @cached_property
    def ids(self) -> list[str]:
        return [self.hotspot.ids[row] for row in self.rows]

    @cached_property
    def key_words(self) -> list[tuple[str, float]]:
        return self.hotspot.cover.key_words(self.rows)

    @cached_property
    def centre(self) -> NDArray[np.float32]:
        mean = self.hotspot.vectors[self.rows].mean(axis=0)
        return np.asarray(mean / max(float(np.linalg.norm(mean)), 1e-6), dtype=np.float32)

    @cached_property
    def central(self) -> dict[str, float]:
        """How near each order is to the middle of the group."""
        near = self.hotspot.vectors[self.rows] @ self.centre
        return dict(zip(self.ids, near.tolist(), strict=True))

    def names_place(self, place: str) -> float:
        """Return the share of the orders that name a place."""
        return sum(place in self.hotspot.texts[row] for row in self.rows) / len(self.rows)


class _Told:
    """Tells one demand after the other, none twice."""

    def __init__(self, problems: "_Choice", requests: "_Choice", inquiries: "_Choice", titles: "_Choice") -> None:
        self._problems, self._requests, self._inquiries, self._titles = problems, requests, inquiries, titles

    def tell(self, group: _Group) -> tuple[float, Demand] | None:
        """Return what a group asks for in words not used yet and how well they speak for it, or None if it has none."""
        chosen = self._chosen(group)
        if not chosen:
            return None
        for choice, i in chosen.items():
            choice.told.append(i)
        first = next(iter(chosen))
        said = {choice.kind: choice.items[i] for choice, i in chosen.items()}
        problem = said.get("problem") or said.get("title")
        said_by = [*(statement.order_id for statement in said.values()), *self._saying(chosen, group)]
        demand = Demand(
            () if problem is None else (problem,),
            said.get("request"),
            tuple(dict.fromkeys(said_by)),
            said.get("inquiry"),
        )
        return first.score(chosen[first], group), demand

    def _saying(self, chosen: "Mapping[_Choice, int]", group: _Group) -> list[str]:
        """Return the orders of a group that say what is told of it more than most of the hotspot's other orders."""
        alike = np.max([choice.alike(i) for choice, i in chosen.items()], axis=0)
        others = np.delete(alike, group.rows)
        bar = float(np.quantile(others, CITED)) if len(others) else -np.inf
        return [order_id for row, order_id in zip(group.rows, group.ids, strict=True) if alike[row] > bar]

    def _chosen(self, group: _Group) -> "dict[_Choice, int]":
        """Choose what speaks best for a group: a problem and what its order asks for, or a request or an inquiry."""
        problems = self._problems.scores(group)
        requests = self._requests.scores(group)
        if not problems:
            clear = {i: score for i, score in requests.items() if self._requests.clear(i, group)}
            for choice, scores in ((self._requests, clear), (self._inquiries, self._inquiries.scores(group))):
                best = choice.first(scores)
                if best is not None:
                    return {choice: best}
            problems = self._problems.scores(group, fit=False)
        answers = {i: self._answer(i, requests) for i in problems}
        for i, answer in answers.items():
            problems[i] += 0 if answer is None else ANSWER * max(requests[answer], 0)
        best = self._problems.first(problems)
        if best is None:
            title = self._titles.first(self._titles.scores(group)) if len(group.rows) > 1 else None
            return {} if title is None else {self._titles: title}
        answer = answers[best]
        return {self._problems: best} | ({} if answer is None else {self._requests: answer})

    def _answer(self, problem: int, requests: Mapping[int, float]) -> int | None:
        """Return the best request of the order that states a problem."""
        row = self._problems.rows[problem]
        return self._requests.first({i: score for i, score in requests.items() if self._requests.rows[i] == row})


class _Choice:
    """Statements with what is known of them, to choose from."""

    def __init__(self, items: Sequence[Statement], kind: str, hotspot: _Hotspot) -> None:
        self.items = items
        self.told: list[int] = []
        self.kind = kind
        self._cover = hotspot.cover
        self._hotspot = hotspot
        segmenter = hotspot.segmenter
        self.words = [segmenter.topic_words(s.text) for s in items]
        self.rows = np.array([hotspot.row_of[s.order_id] for s in items], dtype=np.int64)
        self._places = [find_places(segmenter.tag(s.text)) for s in items]
        self._stands = standing([s.text for s in items], kind) if kind in UNFIT else np.zeros(len(items))
        self._fixed = [
            STYLE * s.style + STANDING * stands + TROUBLE * names_trouble(s.text) + PAIR * (COMMA in s.text)
            for s, stands in zip(items, self._stands, strict=True)
        ]

    @cached_property
    def vectors(self) -> NDArray[np.float32]:
        return embed([s.text for s in self.items], self._hotspot.encoder)

    @cached_property
    def _near(self) -> NDArray[np.float32]:
        """How near each statement is to each order's nearest clause; of kinds that are seldom told, seldom asked."""
        return self._hotspot.clauses.near(self.vectors)

    def scores(self, group: _Group, *, fit: bool = True) -> dict[int, float]:
        """Return the fit statements of a group's orders that repeat nothing told, and how well each speaks for it."""
        mine = [int(i) for i in np.flatnonzero(np.isin(self.rows, group.rows)) if self.words[int(i)]]
        if fit:
            mine = [i for i in mine if self._stands[i] >= UNFIT.get(self.kind, 0)]
        return {i: self.score(i, group) for i in mine if not any(self._same(i, other) for other in self.told)}

    def first(self, scores: Mapping[int, float]) -> int | None:
        """Return the statement of the best score."""
        return min(
            scores, key=lambda i: (-round(scores[i], 5), self.items[i].order_id, self.items[i].text), default=None
        )

    def score(self, i: int, group: _Group) -> float:
        """Return how well a statement speaks for a group, and how fit it is to be told."""
        words = self.words[i]
        weights = self._cover.weights(words)
        rows = self._cover.rows(words)
        inside = group.rows[group.rows != self.rows[i]]
        said = float(weights @ rows[:, inside].mean(axis=1)) if len(inside) else 0.0
        overall = float(weights @ rows.mean(axis=1))
        near = float(self._near[i, inside].mean()) if len(inside) else 0.0
        score = (
            self._fixed[i] + SAID * said + APART * (said - overall) + KEYS * self._cover.recall(group.key_words, words)
        )
        score += MEANING * near + CENTRAL * group.central[self.items[i].order_id]
        return float(score) + PLACE * any(group.names_place(place) < 1 / 3 for place in self._places[i])

    def clear(self, i: int, group: _Group) -> bool:
        """Tell whether a statement by itself says what it is about: '重新公示' does not."""
        words = self.words[i]
        return len(words) >= LONE_WORDS or self._cover.recall(group.key_words, words) >= LONE_KEYS

    def alike(self, i: int) -> NDArray[np.float64]:
        """Return how far each order of the hotspot says what a statement says, by its nearest clause and its words."""
        words = self.words[i]
        return np.asarray(self._near[i] + self._cover.weights(words) @ self._cover.rows(words), dtype=np.float64)

    def _same(self, i: int, other: int) -> bool:
        if float(self.vectors[i] @ self.vectors[other]) > SAME:
            return True
        mine, theirs = set(self.words[i]), set(self.words[other])
        return len(mine & theirs) > SHARED_WORDS * max(1, min(len(mine), len(theirs)))
