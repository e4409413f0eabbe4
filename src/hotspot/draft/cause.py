"""What set a hotspot off, when, where and to whom: the facts of its lead."""

from collections import Counter
from dataclasses import dataclass
from functools import cache

import pandas as pd

from .._resources import data_text, word_list

__all__ = ["Cause", "common_cause", "main_role", "main_towns", "part_of_month"]

_SHARE, _LIFT = 0.2, 2.5
_MAJORITY = 0.6
_THIRDS = ((10, "上旬"), (20, "中旬"), (31, "下旬"))


@dataclass(frozen=True)
class Cause:
    """A cause and the orders that name it."""

    words: str
    orders: tuple[str, ...]


@cache
def _causes() -> tuple[tuple[str, str], ...]:
    """Return each cause with the pattern of its names (``data/causes.txt``)."""
    lines = (line.split("#", 1)[0].strip() for line in data_text("causes.txt").splitlines())
    pairs = (line.partition("=") for line in lines if line)
    return tuple((cause, "|".join([cause, *names.split()])) for cause, _, names in pairs)


def common_cause(orders: pd.DataFrame, month: pd.DataFrame) -> Cause | None:
    """Return the cause that most of a hotspot's orders name, if it sets them apart from the month's others.

    It must be named by a fifth of them, and two and a half times as often as in the other orders.
    """
    said = orders["title"] + orders["text"]
    others = month[~month["order_id"].isin(orders["order_id"])]
    elsewhere = others["title"] + others["text"]
    best: tuple[float, Cause] | None = None
    for words, pattern in _causes():
        named = said.str.contains(pattern)
        share = float(named.mean())
        usual = float(elsewhere.str.contains(pattern).mean()) if len(elsewhere) else 0.0
        if share >= _SHARE and share >= _LIFT * usual and (best is None or share > best[0]):
            best = (share, Cause(words, tuple(orders["order_id"][named])))
    return best[1] if best else None


def part_of_month(orders: pd.DataFrame) -> str:
    """Return the third of the month in which most of the orders came ('中旬'), or nothing."""
    thirds = Counter(next(name for last, name in _THIRDS if day <= last) for day in orders["created"].dt.day)
    name, count = thirds.most_common(1)[0]
    return name if count >= _MAJORITY * len(orders) and orders["created"].dt.to_period("M").nunique() <= 2 else ""


def main_towns(orders: pd.DataFrame, towns: tuple[str, ...], places: str, most: int = 3) -> list[str]:
    """Return the towns that most of the orders are about; without a list of towns, the places that most name."""
    whole = orders["department"] + orders["place"] + orders["title"] + orders["text"]
    counts = {town: int(whole.str.contains(town, regex=False).sum()) for town in towns}
    named = sorted((t for t in counts if counts[t]), key=lambda t: (-counts[t], t))
    return named[:most] or [p for p in places.split("、") if p][:most]


def main_role(orders: pd.DataFrame) -> str:
    """Return what the callers are to the matter (村民, 家长, 业主 …), or 市民."""
    whole = orders["title"] + orders["text"]
    counts = {role: int(whole.str.contains(role, regex=False).sum()) for role in word_list("roles.txt")}
    best = max(sorted(counts), key=lambda role: counts[role])
    return best if counts[best] >= len(orders) / 5 else "市民"
