"""Find the month's emergencies: dangers to life and limb that go on at the call and ask for someone to come at once.

The method, a scored lexicon (``emergency.toml``, data that holds for any place):

1. An order's title and text are cut into clauses. Each kind of emergency (people trapped or missing, fire, gas, live
   wires, collapse, roads cut, acute illness, poisoning, fights …) has patterns and a weight: what is an emergency by
   itself weighs more than what takes a cue to be one. A clause scores the weight of the gravest kind that it matches,
   and keeps only a part of it where it speaks of what *might* or *nearly* did happen, once happened, goes on for
   months, or is about insurance, compensation or a drill.
2. What is said around tells whether it happens now. Each cue that it does (the time, a call to come at once, someone
   in hospital, nobody dares to stay, passers-by or helpless people in its way) raises the clause's score, to 1 at the
   most. Where the matter is over, or the order gives thanks, claims damages, asks for a permit or proposes
   improvements, the clause keeps only a part. The surroundings are the whole order, in a long text the clauses beside.
3. In a long text whose title shows no emergency a clause keeps three quarters: it is mentioned, not reported.
4. The order's score is that of its best clause. From the lexicon's threshold on, the order is an emergency of that
   clause's kind.
5. Emergencies rank by ``score x 2^(-hours/6)``: urgency, halved for every six hours until the order was closed. One
   that the reply leaves unsettled, or that was never closed, comes after all that were settled, by score alone.

`benchmarks/emergencies.py` measures it against months marked by hand.
"""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import pandas as pd

__all__ = ["Emergency", "Score", "emergency_in", "find_emergencies", "score_text", "settled_cues"]

_HALF_LIFE_HOURS = 6.0
_CLAUSE_END = re.compile(r"[,;!?\u3002\u2026\n\r]+")
_HALF_WIDTH = str.maketrans("\uff0c\uff1b\uff01\uff1f\uff1a\uff08\uff09", ",;!?:()")
_LONG_TEXT = 4000
_NEIGHBOURS = 4


@dataclass(frozen=True)
class Score:
    """How much of an emergency a text tells of.

    Attributes
    ----------
    value : float
        Within [0, 1].
    kind : str
        Kind of emergency; empty where none is told of.
    clause : str
        The clause that says so.
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


@dataclass(frozen=True)
class _Lexicon:
    threshold: float
    base: float
    aside: float
    long_text: int
    kinds: tuple[tuple[str, float, re.Pattern[str]], ...]
    damps: tuple[tuple[float, re.Pattern[str]], ...]
    context: tuple[tuple[float, re.Pattern[str]], ...]
    boosts: tuple[tuple[float, re.Pattern[str]], ...]
    settled: re.Pattern[str]
    unsettled: re.Pattern[str]


def _pattern(entry: dict[str, Any]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{p})" for p in entry["patterns"]))


@cache
def _lexicon() -> _Lexicon:
    data = tomllib.loads((files("hotspot.report") / "emergency.toml").read_text(encoding="utf-8"))
    return _Lexicon(
        threshold=data["threshold"],
        base=data["base"],
        aside=data["aside"],
        long_text=data["long_text"],
        kinds=tuple((name, e["weight"], _pattern(e)) for name, entries in data["kinds"].items() for e in entries),
        damps=tuple((entry["factor"], _pattern(entry)) for entry in data["damp"].values()),
        context=tuple((entry["factor"], _pattern(entry)) for entry in data["context"].values()),
        boosts=tuple((entry["amount"], _pattern(entry)) for entry in data["boost"].values()),
        settled=_pattern(data["settled"]),
        unsettled=_pattern(data["unsettled"]),
    )


def settled_cues() -> re.Pattern[str]:
    """Return the pattern of what replies say when something was done."""
    return _lexicon().settled


def score_text(title: str, text: str) -> Score:
    """Score a title and text by the lexicon.

    Parameters
    ----------
    title, text : str
        As in the orders table.

    Returns
    -------
    Score
        Value 0 and an empty kind where no clause matches.
    """
    lexicon = _lexicon()
    head = title.translate(_HALF_WIDTH).strip()
    body = text[:_LONG_TEXT].translate(_HALF_WIDTH)
    titles = [c.strip() for c in _CLAUSE_END.split(head)]
    clauses = [*titles, *(c.strip() for c in _CLAUSE_END.split(body))]
    shown = [_score_clause(clause, lexicon) for clause in clauses]
    long = len(body) > lexicon.long_text
    aside = long and not any(weight for weight, _ in shown[: len(titles)])
    best = Score(0.0, "", "")
    for at, (weight, kind) in enumerate(shown):
        if not kind:
            continue
        near = clauses[max(0, at - _NEIGHBOURS) : at + _NEIGHBOURS + 1] if long else clauses
        around = ",".join([head, *near]) + ","
        boost = sum(amount for amount, pattern in lexicon.boosts if pattern.search(around))
        value = weight * (lexicon.base + boost) * _least(lexicon.context, around) * (lexicon.aside if aside else 1.0)
        if value > best.value:
            best = Score(round(min(1.0, value), 6), kind, clauses[at])
    return best


def emergency_in(title: str, text: str) -> Score | None:
    """Return the score of a title and text that tell of an emergency; None where they do not."""
    score = score_text(title, text)
    return score if score.value >= _lexicon().threshold else None


def _score_clause(clause: str, lexicon: _Lexicon) -> tuple[float, str]:
    """Return the weight of the gravest kind that a clause shows, and the kind; 0 and '' where it shows none."""
    found = [(weight, kind) for kind, weight, pattern in lexicon.kinds if pattern.search(clause)]
    if not found:
        return 0.0, ""
    weight, kind = max(found, key=lambda f: f[0])
    return weight * _least(lexicon.damps, clause), kind


def _least(factors: tuple[tuple[float, re.Pattern[str]], ...], text: str) -> float:
    return min((factor for factor, pattern in factors if pattern.search(text)), default=1.0)


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
    found = []
    for order in orders.itertuples(index=False):
        score = emergency_in(str(order.title), str(order.text))
        if score is not None:
            found.append(_emergency(order, score))
    return tuple(sorted(found, key=lambda e: (not e.settled, -e.rank_score, e.order_id)))


def _emergency(order: Any, score: Score) -> Emergency:
    hours = None
    if pd.notna(order.created) and pd.notna(order.closed) and order.closed >= order.created:
        hours = (order.closed - order.created).total_seconds() / 3600
    lexicon = _lexicon()
    reply = str(order.reply)
    done = bool(lexicon.settled.search(reply)) and not lexicon.unsettled.search(reply)
    settled = done and hours is not None and order.satisfaction != "不满意"
    speed = 2 ** (-hours / _HALF_LIFE_HOURS) if settled and hours is not None else 1.0
    return Emergency(
        str(order.order_id), score.kind, score.clause, score.value, hours, settled, round(score.value * speed, 9)
    )
