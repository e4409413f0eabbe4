"""同比 and 环比: what has changed since last month and since a year ago, each change with its base."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import pandas as pd

from ..orders.columns import NATURES
from .history import PastHotspot, PastMonth, split_keywords, wanted_months
from .model import Block, Count, Figure, Part, Query, Sentence
from .month import NO_UNIT, Month
from .numbers import month_name, percent
from .say import counted, listed, paragraph, say

__all__ = ["changes", "match_hotspots"]

_SAME = 0.34
_NOTABLE = 5
_STEADY = 0.2
_CHANCE = 1.5
"""A hotspot rose or fell if it changed by more than a fifth and by more than 1.5 standard deviations of chance."""


def changes(month: Month, history: Mapping[str, PastMonth], hotspots: pd.DataFrame | None) -> tuple[Block, ...]:
    """Build the paragraphs that compare with the months in `history`; none where there is none."""
    blocks: list[Block] = []
    previous, year_ago = wanted_months(month.name)
    for name, kind in ((previous, "环比"), (year_ago, "同比")):
        past = history.get(name)
        if past is None:
            continue
        sentences = [_total(month, past, kind), _natures(month, past), _units(month, past)]
        if name == previous and hotspots is not None and past.hotspots is not None:
            sentences += _hotspots(hotspots, past, month)
        blocks += paragraph(*sentences)
    return tuple(blocks)


def _change(month: Month, past: PastMonth, where: Query, meaning: str, kind: str) -> tuple[Part, ...]:
    """Say a change: 增加12件,环比增长5%; without a percentage where there was nothing before."""
    now, then = month.number(where), past.number(where)
    counts = (Count(where), Count(where, past.name))
    if now == then:
        return ("与之持平",)
    up = now > then
    size = Figure(str(abs(now - then)), "more" if up else "fewer", counts, f"{meaning}增减数")
    parts: list[Part] = ["增加" if up else "减少", size, "件"]
    if then:
        rate = percent(Fraction(abs(now - then), then), month.settings.report)
        figure = Figure(rate, "growth" if up else "decline", counts, f"{meaning}增减幅度")
        parts += [f",{kind}{'增长' if up else '下降'}", figure]
    return tuple(parts)


def _small(past: PastMonth, number: int, month: Month) -> str:
    return "（基数较小，幅度仅供参考）" if 0 < number < month.settings.report.small_base else ""


def _total(month: Month, past: PastMonth, kind: str) -> Sentence:
    base = Figure(str(past.total), "count", (Count((), past.name),), f"{past.name}工单总量")
    word = "上月" if kind == "环比" else "上年同月"
    change = _change(month, past, (), "工单总量", kind)
    return say(
        f"与{word}({month_name(past.name)},", base, "件）相比，工单总量", *change, _small(past, past.total, month), "。"
    )


def _natures(month: Month, past: PastMonth) -> Sentence | None:
    if "nature" not in month.knows or not past.knows("nature"):
        return None
    items = []
    for name in NATURES:
        where = (("nature", name),)
        now, then = month.number(where), past.number(where)
        if now != then:
            items.append((abs(now - then), name, where))
    items.sort(key=lambda item: (-item[0], NATURES.index(item[1])))
    return _list_changes("按性质看，", [(f"{n}类", w) for _, n, w in items[:3]], month, past)


def _units(month: Month, past: PastMonth) -> Sentence | None:
    if "department" not in month.knows or not past.knows("unit"):
        return None
    names = {u for u, _ in month.values("unit")} | {w[0][1] for w in past.margins if w[0][0] == "unit"}
    moved = sorted(
        ((abs(month.number((("unit", u),)) - past.number((("unit", u),))), u) for u in names if u != NO_UNIT),
        key=lambda item: (-item[0], item[1]),
    )
    chosen = [(u, (("unit", u),)) for size, u in moved if size >= _NOTABLE][: month.settings.report.top_units]
    return _list_changes("按单位看，变化较大的是：", [(u, w) for u, w in chosen], month, past)


def _list_changes(start: str, items: list[tuple[str, Query]], month: Month, past: PastMonth) -> Sentence | None:
    if not items:
        return None
    parts: list[tuple[Part, ...]] = []
    for name, where in items:
        now, then = Count(where), Count(where, past.name)
        before = Figure(str(past.number(where)), "count", (then,), f"{name}{past.name}")
        after = Figure(str(month.number(where)), "count", (now,), f"{name}{month.name}")
        parts.append((f"{name}由", before, "件变为", after, "件", _small(past, past.number(where), month)))
    return say(start, *listed(parts, ","), "。")


def match_hotspots(hotspots: pd.DataFrame, past: tuple[PastHotspot, ...]) -> dict[int, int]:
    """Match this month's hotspots to an earlier month's by the words of their titles and keywords.

    Parameters
    ----------
    hotspots : pandas.DataFrame
        With title and keywords.
    past : tuple of PastHotspot
        The earlier month's.

    Returns
    -------
    dict of int to int
        Row of `hotspots` to place in `past`; each is matched once at the most, the most alike first.
    """
    now = [_words(str(row.title), split_keywords(row.keywords)) for row in hotspots.itertuples()]
    then = [_words(p.title, list(p.keywords)) for p in past]
    scored = sorted(
        ((len(a & b) / min(len(a), len(b)), i, j) for i, a in enumerate(now) for j, b in enumerate(then) if a and b),
        key=lambda s: (-s[0], s[1], s[2]),
    )
    matched: dict[int, int] = {}
    for score, i, j in scored:
        if score >= _SAME and i not in matched and j not in matched.values():
            matched[i] = j
    return matched


def _words(title: str, keywords: list[str]) -> frozenset[str]:
    import rjieba

    from_title = {w for w in rjieba.cut(title) if len(w) > 1 and w not in ("问题", "反映", "要求")}
    return frozenset(from_title | {w for w in keywords if len(w) > 1})


def _hotspots(hotspots: pd.DataFrame, past: PastMonth, month: Month, top: int = 3) -> list[Sentence | None]:
    known = past.hotspots or ()
    matched = match_hotspots(hotspots, known)
    rows = list(hotspots.itertuples())
    new = [r for i, r in enumerate(rows) if i not in matched]
    groups: dict[str, list[tuple[Part, ...]]] = {"上升": [], "回落": [], "持续": []}
    for i, j in sorted(matched.items()):
        now, then = int(str(rows[i].orders)), known[j].orders
        word = "持续"
        if then and abs(now - then) > max(_STEADY * then, _CHANCE * (now + then) ** 0.5):
            word = "上升" if now > then else "回落"
        before = Figure(
            str(then), "count", (Count((("hotspot", known[j].title),), past.name),), f"上月“{known[j].title}”"
        )
        groups[word].append((f"{_title(month, rows[i])}（由", before, "件变为", _orders(month, rows[i]), "件）"))
    faded = [p for j, p in enumerate(known) if j not in matched.values()]
    sentences = [
        _group("与上月热点对照，新出现的有：", [counted(_title(month, r), _orders(month, r)) for r in new[:top]])
    ]
    sentences += [_group(f"{word}的有：", items[:top]) for word, items in groups.items()]
    gone: list[tuple[Part, ...]] = []
    for p in faded[:top]:
        figure = Figure(str(p.orders), "count", (Count((("hotspot", p.title),), past.name),), f"上月“{p.title}”")
        gone.append((f"{p.title}（上月", figure, "件）"))
    return [*sentences, _group("上月热点中已不突出的有：", gone)]


def _title(month: Month, row: Any) -> str:
    return month.titles.get(str(row.hotspot), str(row.title))


def _orders(month: Month, row: Any) -> Figure:
    return month.count(f"热点“{_title(month, row)}”", ("hotspot", str(row.hotspot)))


def _group(start: str, items: list[tuple[Part, ...]]) -> Sentence | None:
    return say(start, *listed(items), "。") if items else None
