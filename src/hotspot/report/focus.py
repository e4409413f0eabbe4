"""Section 二: the month's hotspots, as detection found and the draft tells them."""

from collections.abc import Sequence
from typing import Protocol

import pandas as pd

from .model import Block, Count, Figure, Section, Sentence, Topic
from .month import Month
from .overview import daily_chart
from .say import counted, enumerated, listed, note, paragraph, say

__all__ = ["ClauseLike", "Detected", "FocusItemLike", "FocusLike", "attach_hotspots", "focus_section"]


class ClauseLike(Protocol):
    """A drafted clause and the orders it rests on."""

    @property
    def text(self) -> str:
        """What it says."""

    @property
    def orders(self) -> Sequence[str]:
        """Ids of its orders."""


class FocusItemLike(Protocol):
    """A drafted hotspot."""

    @property
    def hotspot(self) -> str:
        """Its id."""

    @property
    def title(self) -> str:
        """Its title."""

    @property
    def lead(self) -> ClauseLike:
        """When, who and where."""

    @property
    def demands(self) -> Sequence[ClauseLike]:
        """What people ask for."""


class FocusLike(Protocol):
    """A drafted section."""

    @property
    def items(self) -> Sequence[FocusItemLike]:
        """Its hotspots, hottest first."""


class Detected(Protocol):
    """What the report takes from detection."""

    @property
    def hotspots(self) -> pd.DataFrame:
        """One row a hotspot, hottest first."""

    @property
    def issues(self) -> pd.DataFrame:
        """One row an issue."""

    @property
    def assignments(self) -> pd.DataFrame:
        """Issue and hotspot of each order."""


def attach_hotspots(month: Month, detected: Detected | None, focus: FocusLike | None = None) -> None:
    """Add to the cases what detection says of them (hotspot, in_hotspot, issue) and note the hotspots' titles."""
    cases = month.cases
    for column in ("hotspot", "issue"):
        cases[column] = ""
        if detected is not None:
            by_order = dict(zip(detected.assignments["order_id"], detected.assignments[column], strict=True))
            cases[column] = [str(by_order.get(o, "")) for o in cases["order_id"]]
    if detected is not None:
        month.titles.update(zip(detected.hotspots["hotspot"], detected.hotspots["title"], strict=True))
    if focus is not None:
        month.titles.update({item.hotspot: item.title for item in focus.items})
    cases["in_hotspot"] = ["是" if h else "否" for h in cases["hotspot"]]


def focus_section(month: Month, detected: Detected | None, focus: FocusLike | None, problem: str = "") -> Section:
    """Build the section; `problem` says why nothing could be detected."""
    if detected is None or focus is None:
        return Section("focus", "热点聚焦", (note(problem or "本月未作热点分析。"),))
    if detected.hotspots.empty or not focus.items:
        return Section("focus", "热点聚焦", paragraph(say("本月工单分散，没有形成集中反映的热点。")))
    blocks: list[Block] = [*paragraph(_summary(month, len(detected.hotspots)))]
    blocks += [_topic(month, item) for item in focus.items]
    blocks += paragraph(_others(month, detected.hotspots, {item.hotspot for item in focus.items}))
    if month.settings.report.charts:
        chart = daily_chart(month, [(item.hotspot, item.title) for item in focus.items])
        blocks += [chart] if chart else []
    return Section("focus", "热点聚焦", tuple(blocks))


def _summary(month: Month, hotspots: int) -> Sentence:
    number = Figure(str(hotspots), "distinct", (Count((("in_hotspot", "是"),), total="hotspot"),), "热点个数")
    orders = month.count("属于热点的工单", ("in_hotspot", "是"))
    share = month.share("属于热点的工单占比", (("in_hotspot", "是"),))
    return say(
        "本月从全部工单中归并出热点",
        number,
        "个，涉及工单",
        orders,
        "件，占工单总量的",
        share,
        "。热度居前的情况如下（热度综合考虑反映人数、集中和突发程度、涉及范围、紧急程度与市民评价）：",
    )


def _topic(month: Month, item: FocusItemLike) -> Topic:
    orders = month.cases.loc[month.cases["hotspot"] == item.hotspot, "order_id"]
    demands = [say(d.text, orders=tuple(d.orders), quoted=True) for d in item.demands]
    lead = say(item.lead.text, orders=tuple(item.lead.orders), quoted=True)
    return Topic(item.title, item.hotspot, lead, enumerated(demands) if demands else (), tuple(sorted(orders)))


def _others(month: Month, hotspots: pd.DataFrame, told: set[str], top: int = 5) -> Sentence | None:
    rest = hotspots[~hotspots["hotspot"].isin(told)].sort_values("orders", ascending=False, kind="stable").head(top)
    if rest.empty:
        return None
    items = [
        counted(f"“{row.title}”", month.count(f"热点“{row.title}”的工单", ("hotspot", str(row.hotspot))))
        for row in rest.itertuples()
    ]
    return say("此外，反映较多的还有：", *listed(items), "。")
