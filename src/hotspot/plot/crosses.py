"""Two-way tables as pictures: which places each hotspot is about, and what each unit's orders were."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ..detection.places import name_among, rank_places
from ..detection.tables import order_places
from ..errors import PlotError
from ..orders.columns import NATURES
from ._style import BLUE, DIM, INK, Picture, bare, drawing, html, name_row, screen, short

if TYPE_CHECKING:
    from plotly.graph_objects import Figure as ScreenFigure

    from ..detection import DetectionResult

__all__ = ["plot_places", "plot_units"]

_ROW_MM = 7.0
_THIN_ROW_MM = 4.6
_CHARACTER_MM = 3.1
_TITLE_MM = 42.0
_UNIT_MM = 30.0
_MOST_WIDE = 8
_PLACE_CHARACTERS = 9
_SHADES = ("#f6f7f8", "#c9dbea", BLUE, "#0d2c4b")

Name = tuple[object, str]
"""Rank (or an empty string) and name of a row."""


def plot_places(
    result: "DetectionResult", *, hotspots: int = 12, places: int = 15, interactive: bool = False
) -> "Picture | ScreenFigure":
    """Draw how many orders of each hotspot name each place.

    Parameters
    ----------
    result : DetectionResult
    hotspots, places : int
        How many of each are shown at the most: the hottest, and the places that most of their orders name.
    interactive : bool
        For the screen, with plotly, rather than for print, with matplotlib.

    Returns
    -------
    Picture or plotly.graph_objects.Figure

    Raises
    ------
    PlotError
        There is no hotspot, or no order of one names a place.
    """
    shown = result.hotspots.head(hotspots)
    if shown.empty:
        raise PlotError("没有够得上热点的问题，画不出地点与热点的对照。")
    hotspot = result.assignments["hotspot"]
    inside = hotspot.isin(shown["hotspot"]).to_numpy()
    named = order_places(result.orders[inside].reset_index(drop=True), result.segmenter)
    ranked = rank_places(named, places)
    if not ranked:
        raise PlotError("热点的工单里没有认出地点，画不出地点与热点的对照。")
    pairs = [
        (name, place)
        for name, found in zip(hotspot[inside], named, strict=True)
        for place in dict.fromkeys(_known_as(p, ranked) for p in found)
        if place
    ]
    table = pd.crosstab(pd.Series([h for h, _ in pairs]), pd.Series([p for _, p in pairs]))
    table = table.reindex(index=shown["hotspot"], columns=ranked, fill_value=0)
    table = table.loc[:, table.sum().sort_values(ascending=False, kind="stable").index]
    names = list(zip(shown["rank"], shown["title"], strict=True))
    sides = [f"{count} 件" for count in shown["orders"]]
    title = "热点在哪里"
    note = f"格中是提到该地点的工单件数，颜色越深越多；列出提到最多的 {len(ranked)} 个地点，一件可提到几个。"
    if interactive:
        return _screen(table, names, title, note)
    note += "右边是热点的工单总数。"
    return _print(table, names, sides, title, note, row_mm=_ROW_MM, name_mm=_TITLE_MM)


def _known_as(place: str, ranked: list[str]) -> str:
    """Return the name under which `rank_places` counts a place; empty where it is not among the ranked."""
    return place if place in ranked else name_among(ranked, place)


def plot_units(result: "DetectionResult", *, units: int = 20, interactive: bool = False) -> "Picture | ScreenFigure":
    """Draw how many orders of each nature each unit handled.

    Parameters
    ----------
    result : DetectionResult
    units : int
        How many units are shown at the most, those with most orders; the others are taken together.
    interactive : bool
        For the screen, with plotly, rather than for print, with matplotlib.

    Returns
    -------
    Picture or plotly.graph_objects.Figure

    Raises
    ------
    PlotError
        The orders carry no unit.
    """
    orders = result.orders
    if not orders["department"].ne("").any():
        raise PlotError(
            "工单没有“承办单位”一列（或全是空的），画不出单位与性质的对照。表头叫法不同时用 --column 承办单位=… 指明。"
        )
    unit = orders["department"].replace("", "（未注明）")
    nature = orders["nature"].replace("", "（未注明）")
    counts = unit.value_counts().sort_index().sort_values(ascending=False, kind="stable")
    if len(counts) > units + 1:
        unit = unit.where(unit.isin(counts.index[:units]), f"其余 {len(counts) - units} 个单位")
    table = pd.crosstab(unit, nature)
    last = table.index.str.startswith("其余 ")
    table = table.loc[[*table.index[~last][np.argsort(-table[~last].sum(axis=1), kind="stable")], *table.index[last]]]
    found = [n for n in NATURES if n in table] + sorted(set(table.columns) - set(NATURES))
    table = table[found]
    title = "谁在办什么"
    note = f"格中是工单件数，颜色越深越多；共 {len(counts)} 个单位、{len(orders)} 件，按件数排列。"
    names = [("", str(name)) for name in table.index]
    sides = [str(total) for total in table.sum(axis=1)]
    if interactive:
        return _screen(table, names, title, note)
    note += "右边是合计。"
    return _print(table, names, sides, title, note, row_mm=_THIN_ROW_MM, name_mm=_UNIT_MM)


def _print(
    table: pd.DataFrame,
    names: Sequence[Name],
    sides: list[str],
    title: str,
    note: str,
    *,
    row_mm: float,
    name_mm: float,
) -> Picture:
    upright = table.shape[1] > _MOST_WIDE
    heads = [_upright(str(head)) if upright else short(str(head), 14) for head in table.columns]
    head_mm = _CHARACTER_MM * max(head.count("\n") + 1 for head in heads) + 2
    counts = table.to_numpy()
    with drawing(row_mm * len(table) + head_mm, title, note) as figure:
        axes = figure.add_subplot()
        shade = np.where(counts > 0, 0.12 + 0.88 * np.sqrt(counts / max(counts.max(), 1)), 0)
        axes.pcolormesh(shade, cmap=_blues(), vmin=0, vmax=1, ec="white", lw=1.2)
        for row, column in np.argwhere(counts > 0):
            color = "white" if shade[row, column] > 0.5 else INK
            axes.text(column + 0.5, row + 0.5, counts[row, column], ha="center", va="center", size=7.5, color=color)
        bare(axes)
        axes.set(xlim=(0, counts.shape[1]), ylim=(len(counts), 0), yticks=[])
        axes.xaxis.tick_top()
        axes.set_xticks(np.arange(len(heads)) + 0.5, heads, size=7.5, linespacing=1.0, color=INK)
        for row, ((rank, name), side) in enumerate(zip(names, sides, strict=True)):
            name_row(axes, row + 0.5, rank, name, name_mm)
            axes.annotate(
                side, (1, row + 0.5), xycoords=axes.get_yaxis_transform(), xytext=(4, 0), textcoords="offset points",
                va="center", size=7.5, color=DIM,
            )  # fmt: skip
    return figure


def _upright(name: str) -> str:
    """Set a heading of a narrow column from top to bottom, as Chinese can be; short numbers in it stay level."""
    parts = [part for part in re.split(r"([A-Za-z0-9]{2,3}(?![A-Za-z0-9])|.)", name) if part]
    return "\n".join(parts if len(parts) <= _PLACE_CHARACTERS else [*parts[: _PLACE_CHARACTERS - 1], "\u22ee"])


def _blues() -> Any:
    from matplotlib.colors import LinearSegmentedColormap

    return LinearSegmentedColormap.from_list("blues", _SHADES)


def _screen(table: pd.DataFrame, names: Sequence[Name], title: str, note: str) -> "ScreenFigure":
    figure = screen(title, note, height=280 + 30 * len(table))
    told = [html(f"{rank} {short(name, 44)}".strip()) for rank, name in names]
    upright = table.shape[1] > _MOST_WIDE
    heads = [html(_upright(str(head)) if upright else str(head)).replace("\n", "<br>") for head in table.columns]
    counts = table.to_numpy()
    figure.add_heatmap(
        z=np.sqrt(counts), x=heads, y=told, colorscale=[[i / 3, colour] for i, colour in enumerate(_SHADES)],
        text=np.where(counts > 0, counts.astype(str), ""), texttemplate="%{text}", showscale=False, xgap=2, ygap=2,
        customdata=counts, hovertemplate="%{y}<br>%{x}: %{customdata} 件<extra></extra>",
    )  # fmt: skip
    figure.update_yaxes(autorange="reversed", showgrid=False)
    figure.update_xaxes(side="top", showgrid=False, tickangle=0)
    figure.update_layout(margin={"t": 240 if upright else 110})
    return figure
