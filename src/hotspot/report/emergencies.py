"""Find the month's emergencies: dangers to life and limb that go on at the call and ask for someone to come at once.

1. How likely an order tells of an emergency is the sum of what was learned from marked orders (`emergency_model`) and
   of the gravest words in it (`emergency_words`), as a logit. From the model's threshold on, it is one.
2. Its kind is the likeliest by what was learned, where what the words name counts for one more (as a logit).
3. The clause that shows it is the one that by itself is the likeliest.
4. Emergencies rank by ``probability x 2^(-hours/6)``: halved for every six hours until the order was closed. One that
   the reply leaves unsettled, or that was never closed, comes after all that were settled, by probability alone.

`benchmarks/emergencies.py` measures it against months marked by hand.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from .emergency_model import emergency_model
from .emergency_words import emergency_words, split_clauses

__all__ = ["Emergency", "Score", "emergency_in", "find_emergencies", "score_text", "settled_cues"]

_HALF_LIFE_HOURS = 6.0
_NAMED_KIND = 1.0
"""What the kind that the words name gains: from 2 on fewer kinds were right in sentences new to the words."""


@dataclass(frozen=True)
class Score:
    """How much of an emergency a text tells of.

    Attributes
    ----------
    value : float
        Probability that it tells of one.
    kind : str
        Kind of emergency that it would be.
    clause : str
        The clause that shows it best; empty for an empty text.
    """

    value: float
    kind: str
    clause: str


@dataclass(frozen=True)
class Emergency:
    """An order that was an emergency.

    Attributes
    ----------
    order_id, kind, clause : str
        The order, the kind of emergency, and the clause that shows it.
    urgency : float
        Score of its text, within [0, 1].
    hours : float or None
        From the call to the closing; None where either is not known.
    settled : bool
        Whether the reply says that something was done, and nothing that it was not.
    rank_score : float
        What settled emergencies are ranked by.
    """

    order_id: str
    kind: str
    clause: str
    urgency: float
    hours: float | None
    settled: bool
    rank_score: float


def settled_cues() -> re.Pattern[str]:
    """Return the pattern of what replies say when something was done."""
    return emergency_words().settled


def score_text(title: str, text: str) -> Score:
    """Say how likely a title and text tell of an emergency, of which kind, and by which clause.

    Parameters
    ----------
    title, text : str
        As in the orders table.
    """
    return _score([title], [text], 0.0)[0] or Score(0.0, "", "")


def emergency_in(title: str, text: str) -> Score | None:
    """Return the score of a title and text that tell of an emergency; None where they do not."""
    return _score([title], [text], emergency_model().threshold)[0]


def _score(titles: Sequence[str], texts: Sequence[str], threshold: float) -> list[Score | None]:
    """Score texts; None for those of a probability below the threshold, and for empty ones."""
    chances, kinds = _judge(titles, texts)
    scores: list[Score | None] = []
    for title, text, chance, kind in zip(titles, texts, chances, kinds, strict=True):
        clauses = [*split_clauses(title), *split_clauses(text)] if chance >= threshold else []
        clause = clauses[int(np.argmax(_judge([""] * len(clauses), clauses)[0]))] if clauses else ""
        scores.append(Score(round(chance, 6), kind, clause) if clause else None)
    return scores


def _judge(titles: Sequence[str], texts: Sequence[str]) -> tuple[list[float], list[str]]:
    """Return the probability that each of some texts tells of an emergency, and the kind that it would be."""
    model, words = emergency_model(), emergency_words()
    named = [words.gravest([*split_clauses(a), *split_clauses(b)]) for a, b in zip(titles, texts, strict=True)]
    learned = model.evidence(titles, texts)
    logits = learned[:, 0] + model.words * np.array([evidence for evidence, _ in named])
    likely = learned[:, 1:] + _NAMED_KIND * np.array([[kind == name for name in model.kinds] for _, kind in named])
    return (1 / (1 + np.exp(-logits))).tolist(), [model.kinds[at] for at in likely.argmax(axis=1)]


def find_emergencies(orders: pd.DataFrame) -> tuple[Emergency, ...]:
    """Find and rank the emergencies among orders.

    Parameters
    ----------
    orders : pandas.DataFrame
        Orders table.

    Returns
    -------
    tuple of Emergency
        Settled ones first, by urgency and speed of handling; then the others by urgency.
    """
    if orders.empty:
        return ()
    scores = _score(orders["title"].tolist(), orders["text"].tolist(), emergency_model().threshold)
    rows = zip(orders.itertuples(index=False), scores, strict=True)
    found = [_emergency(order, score) for order, score in rows if score is not None]
    return tuple(sorted(found, key=lambda e: (not e.settled, -e.rank_score, e.order_id)))


def _emergency(order: Any, score: Score) -> Emergency:
    hours = None
    if pd.notna(order.created) and pd.notna(order.closed) and order.closed >= order.created:
        hours = (order.closed - order.created).total_seconds() / 3600
    words = emergency_words()
    reply = str(order.reply)
    done = bool(words.settled.search(reply)) and not words.unsettled.search(reply)
    settled = done and hours is not None and order.satisfaction != "不满意"
    speed = 2 ** (-hours / _HALF_LIFE_HOURS) if settled and hours is not None else 1.0
    return Emergency(
        str(order.order_id), score.kind, score.clause, score.value, hours, settled, round(score.value * speed, 9)
    )
