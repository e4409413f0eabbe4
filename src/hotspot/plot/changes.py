"""What became of the hotspots from one month to the next."""

from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pandas as pd

from ..errors import PlotError
from ..registry import Registry
from ._style import BLUE, DIM, INK, PALE, RED, Picture, bare, drawing, html, name_row, records, screen, short

if TYPE_CHECKING:
    from plotly.graph_objects import Figure as ScreenFigure

    from ..detection import DetectionResult

__all__ = ["compare", "compare_topics"]

_BEFORE, _AFTER = "2000-01", "2000-02"  # names within a registry that lives for the picture only
_ROW_MM = 7.0
_AXIS_MM = 8.0
_NAME_MM = 56.0
_LOOK = {
    "新出现": (RED, "+"),
    "再次出现": (RED, "+"),
    "上升": (RED, "↑"),
    "持续": (DIM, "→"),
    "回落": (BLUE, "↓"),
}
"""Colour and sign of each status, in the order in which they stand."""


def compare(
    before: "DetectionResult",
    after: "DetectionResult",
    *,
    names: tuple[str, str] | None = None,
    most: int = 24,
    interactive: bool = False,
) -> "Picture | ScreenFigure":
    """Draw how many orders each hotspot had in one month and in the next.

    Parameters
    ----------
    before, after : DetectionResult
        Two months. Which of their hotspots are the same is told as `hotspot.Registry` tells it.
    names : tuple of str, optional
        What to call them; by default by their days.
    most : int
        How many hotspots are shown, those with most orders in either month.
    interactive : bool
        For the screen, with plotly, rather than for print, with matplotlib.

    Returns
    -------
    Picture or plotly.graph_objects.Figure

    Raises
    ------
    PlotError
        Neither month has a hotspot.
    """
    if before.hotspots.empty and after.hotspots.empty:
        raise PlotError("两个月都没有够得上热点的问题，无从比较。")
    first, second = names or (_days(before), _days(after))
    with TemporaryDirectory() as folder:
        registry = Registry(folder)
        registry.record(before, _BEFORE)
        registry.record(after, _AFTER)
        topics = registry.topics(_AFTER).rename(columns={_BEFORE: "before", _AFTER: "after"})
    totals = f"{first}共 {len(before.orders)} 件工单，{second}共 {len(after.orders)} 件。"
    return _draw(topics, first, second, totals, most, interactive=interactive)


def compare_topics(
    registry: Registry, month: str | None = None, *, most: int = 24, interactive: bool = False
) -> "Picture | ScreenFigure":
    """Draw how many orders each topic of a registry had in a month and in the one recorded before it.

    Parameters
    ----------
    registry : Registry
    month : str, optional
        Such as ``2022-06``; by default the last one recorded.
    most, interactive
        As in `compare`.

    Raises
    ------
    PlotError
        No earlier month is recorded, or there is no topic.
    RegistryError
        The month is not recorded.
    """
    month = month or max(registry.months, default="")
    earlier = registry.month_before(month) if month else ""
    if not earlier:
        have = "、".join(registry.months) or "无"
        raise PlotError(f"登记册里没有比 {month or '本月'} 更早的月份，无从比较。已登记：{have}。")
    topics = registry.topics(month).rename(columns={earlier: "before", month: "after"})
    return _draw(topics, earlier, month, "", most, interactive=interactive)


def _days(result: "DetectionResult") -> str:
    """Call a result by its month, or by its first and last day where it spans several."""
    days = result.orders["closed" if result.orders["closed"].notna().any() else "created"].dropna()
    first, last = days.min(), days.max()
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.year}年{first.month}月"
    return f"{first:%Y-%m-%d}至{last:%m-%d}"


def _draw(
    topics: pd.DataFrame, first: str, second: str, totals: str, most: int, *, interactive: bool
) -> "Picture | ScreenFigure":
    rows = topics[topics["status"].isin(_LOOK.keys())]
    if rows.empty:
        raise PlotError(f"{first}和{second}都没有够得上热点的问题，无从比较。")
    left_out = max(0, len(rows) - most)
    rows = rows.assign(larger=rows[["before", "after"]].max(axis=1)).nlargest(most, "larger", keep="first")
    rows["order"] = rows["status"].map(list(_LOOK).index)
    rows = rows.sort_values(["order", "larger", "topic"], ascending=[True, False, True]).reset_index(drop=True)
    rows["label"] = rows["name"].where(rows["name"] != "", rows["title"])
    title = f"热点的变化：{first}到{second}"
    note = f"{totals}空心是{first}、实心是{second}的工单件数；占全部工单的比例变化超出偶然的才算上升或回落。"
    note += "0 是没有成为热点，不等于没有工单。"
    note += f"件数较少的 {left_out} 个未列。" if left_out else ""
    return _screen(rows, first, second, title, note) if interactive else _print(rows, title, note)


def _print(rows: pd.DataFrame, title: str, note: str) -> Picture:
    top = max(int(rows["larger"].max()), 1)
    groups = rows["status"].ne(rows["status"].shift()).cumsum() - 1
    at = pd.Series(rows.index, rows.index) + 0.5 * groups  # a gap between the groups
    with drawing(_ROW_MM * (float(at.max()) + 1) + _AXIS_MM, title, note) as figure:
        axes = figure.add_subplot()
        for y, row in zip(at, records(rows), strict=True):
            _row(axes, float(y), row, top)
            name_row(axes, float(y), "", row["label"], _NAME_MM)
        bare(axes, "bottom")
        axes.grid(axis="x", color=PALE, lw=0.4)
        axes.set_axisbelow(True)
        axes.set(xlim=(-0.03 * top, 1.12 * top), ylim=(float(at.max()) + 0.6, -0.6), yticks=[], xlabel="工单件数")
        for status, y in at.groupby(rows["status"]).min().items():
            axes.annotate(
                str(status), (1, y), xycoords=axes.get_yaxis_transform(), xytext=(2, 0),
                textcoords="offset points", va="center", size=8, weight="bold", color=_LOOK[str(status)][0],
            )  # fmt: skip
    return figure


def _row(axes: Any, y: float, row: dict[str, Any], top: int) -> None:
    color, _ = _LOOK[row["status"]]
    before, after = row["before"], row["after"]
    if abs(after - before) > 0.02 * top:
        axes.annotate(
            "", (after, y), xytext=(before, y),
            arrowprops={"arrowstyle": "-|>", "color": color, "lw": 1.6, "shrinkA": 3, "shrinkB": 2.5},
        )  # fmt: skip
    axes.plot(before, y, marker="o", ms=5, mfc="white", mec=color, mew=1, ls="")
    axes.plot(after, y, marker="o", ms=5, color=color, ls="")
    right = after >= before
    for value, outward, size in ((before, not right, 7), (after, right, 7.5)):
        if value == before == after and not outward:
            continue
        axes.annotate(
            str(value), (value, y), xytext=(5 if outward else -5, 0), textcoords="offset points", va="center",
            ha="left" if outward else "right", size=size, color=INK if value is after else DIM,
        )  # fmt: skip


def _screen(rows: pd.DataFrame, first: str, second: str, title: str, note: str) -> "ScreenFigure":
    figure = screen(title, note, height=190 + 28 * len(rows))
    labels = [f"{_LOOK[s][1]} {html(short(t, 44))}" for s, t in zip(rows["status"], rows["label"], strict=True)]
    at = list(range(len(rows)))
    colours = [_LOOK[status][0] for status in rows["status"]]
    for y, row, colour in zip(at, records(rows), colours, strict=True):
        figure.add_scatter(
            x=[row["before"], row["after"]], y=[y, y], mode="lines", line={"color": colour, "width": 2},
            hoverinfo="skip",
        )  # fmt: skip
    for column, name, fill in (("before", first, "white"), ("after", second, None)):
        figure.add_scatter(
            x=rows[column], y=at, mode="markers", text=rows["status"], cliponaxis=False,
            marker={"size": 10, "color": fill or colours, "line": {"color": colours, "width": 2}},
            hovertemplate=f"{html(name)}: %{{x}} 件（%{{text}}）<extra></extra>",
        )  # fmt: skip
    figure.update_yaxes(tickvals=at, ticktext=labels, autorange="reversed", showgrid=False)
    figure.update_xaxes(title="工单件数", rangemode="tozero", zeroline=True, zerolinecolor=PALE)
    figure.update_yaxes(ticklabelstandoff=8, zeroline=False)
    return figure
