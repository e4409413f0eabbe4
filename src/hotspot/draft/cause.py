"""What set a hotspot off, when, where and to whom: the facts of its lead."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import pandas as pd

from .._resources import data_lines, word_list
from ..detection.heat import crowding

__all__ = ["Cause", "common_cause", "main_role", "main_third", "main_towns"]

_SHARE, _LIFT, _NAMED, _HALF = 1 / 3, 2.5, 1 / 10, 1 / 2
_FEWEST = 4
_MAJORITY = 0.6
_MAIN_PLACE, _PLACES_TOGETHER, _ROLE = 0.1, 0.4, 0.25
_SIGNS = "\uff0c。\uff1b,.!?\uff01\uff1f、"
_SPEAKS = (
    "(?:[我咱俺]们?|本人|自己)[都也就全还只]*(?:是|作为|身为|当|做|这些|这帮|一个|几个|[一几]位|全体|广大|一名)"
    f"[^{_SIGNS}]{{0,8}}ROLE|[我咱俺]们ROLE|(?:作为|身为)[^{_SIGNS}]{{0,6}}ROLE|"
    f"(?:^|[{_SIGNS}])[^{_SIGNS}]{{0,8}}ROLE们?(?:反映|来电|致电|投诉|咨询|求助|反馈)"
)
"""How callers say what they are ('我是家长', '我们村民'), or who took the call says it ('业主来电反映')."""
_THIRDS = ((10, "上旬"), (20, "中旬"), (31, "下旬"))


@dataclass(frozen=True)
class Cause:
    """A cause that many orders of a hotspot name.

    Attributes
    ----------
    words : str
        The cause.
    orders : tuple of str
        Ids of the orders that name it.
    consequences : tuple of str
        What it brought, as a title calls it: those that a tenth of the orders speak of, the commonest first; none
        where less than half name the cause and less than a third any of them.
    concerned : tuple of str
        Ids of the orders that name it or what comes of it.
    """

    words: str
    orders: tuple[str, ...]
    consequences: tuple[str, ...]
    concerned: tuple[str, ...]


@dataclass(frozen=True)
class _Known:
    """A line of ``data/causes.txt``: a cause, the pattern of its names, and those of its consequences by title."""

    words: str
    names: str
    consequences: tuple[tuple[str, str], ...]
    passes: bool
    """It is over within days."""

    @property
    def whole(self) -> str:
        return "|".join([self.names, *(pattern for _, pattern in self.consequences)])


@cache
def _causes() -> tuple[_Known, ...]:
    found = []
    for line in data_lines("causes.txt"):
        cause, _, rest = line.partition("=")
        names, _, brought = rest.partition(">")
        pairs = (group.strip().partition(":") for group in brought.split(";") if group.strip())
        consequences = tuple((title, "|".join(words.split())) for title, _, words in pairs)
        name = cause.strip().rstrip("*")
        patterns = "|".join([name, *names.split()])
        found.append(_Known(name.partition("(")[0], patterns, consequences, cause.strip().endswith("*")))
    return tuple(found)


def common_cause(orders: pd.DataFrame, month: pd.DataFrame) -> Cause | None:
    """Return the cause that most of a hotspot's orders come from, if it sets them apart from the month's others.

    A third of them must name it or what comes of it, two and a half times as often as the month's other orders, and one
    in ten, four at the least, the cause itself. Those of a cause that passes must have come in one stretch of days: a
    muddy road is not the work of a storm because some orders speak of rain.
    """
    said = orders["title"] + orders["text"]
    others = month[~month["order_id"].isin(orders["order_id"])]
    elsewhere = others["title"] + others["text"]
    best: tuple[float, float] = (0.0, 0.0)
    found: Cause | None = None
    for known in _causes():
        named = said.str.contains(known.names)
        whole = said.str.contains(known.whole)
        share = float(whole.mean())
        usual = float(elsewhere.str.contains(known.whole).mean()) if len(elsewhere) else 0.0
        if named.mean() < _NAMED or named.sum() < _FEWEST or share < _SHARE or share < _LIFT * usual:
            continue
        if known.passes and not crowding(orders["created"][whole], month["created"]):
            continue
        if (share, float(named.mean())) > best:
            best = share, float(named.mean())
            ids = orders["order_id"]
            found = Cause(known.words, tuple(ids[named]), _brought(said, known), tuple(ids[whole]))
    return found


def _brought(said: pd.Series, known: _Known) -> tuple[str, ...]:
    """Return the consequences that a tenth speak of, if half name the cause or a third one consequence or another."""
    brought = "|".join(pattern for _, pattern in known.consequences) or "$^"
    if said.str.contains(known.names).mean() < _HALF and said.str.contains(brought).mean() < _SHARE:
        return ()
    counts = {title: int(said.str.contains(pattern).sum()) for title, pattern in known.consequences}
    return tuple(sorted((t for t in counts if counts[t] * 10 >= len(said)), key=lambda t: (-counts[t], t)))


def main_third(orders: pd.DataFrame) -> tuple[str, int]:
    """Return the third of the month in which most of the orders came ('中旬'), and how many came in it, or ('', 0)."""
    months = orders["created"].dt.to_period("M")
    days = orders["created"].dt.day[months.eq(months.mode()[0])]
    thirds = Counter(next(name for last, name in _THIRDS if day <= last) for day in days)
    name, count = thirds.most_common(1)[0]
    return (name, count) if count >= _MAJORITY * len(orders) else ("", 0)


def main_towns(orders: pd.DataFrame, towns: Sequence[str], places: Sequence[str], most: int = 3) -> list[str]:
    """Return the towns that most of the orders are about; without a list of towns, the places that many name."""
    whole = orders["department"] + orders["place"] + orders["title"] + orders["text"]
    known = towns or places
    counts = {town: int(whole.str.contains(town, regex=False).sum()) for town in known}
    named = sorted((t for t in counts if counts[t] >= _MAIN_PLACE * len(orders)), key=lambda t: (-counts[t], t))
    named = [t for t in named if not any(t != other and t in other for other in named)][:most]
    return named if sum(counts[t] for t in named) >= _PLACES_TOGETHER * len(orders) else []


def main_role(orders: pd.DataFrame) -> str:
    """Return what the callers are to the matter (村民, 家长, 业主 …) if many say so of themselves, or 市民.

    Who is merely spoken of is no caller: 'the driver would not stop' is a passenger's word.
    """
    said = orders["title"] + "。" + orders["text"]
    counts = {role: int(said.str.contains(_SPEAKS.replace("ROLE", role)).sum()) for role in word_list("roles.txt")}
    best = max(sorted(counts), key=lambda role: counts[role])
    return best if counts[best] >= _ROLE * len(orders) else "市民"
