"""The orders as a map of meaning, its hotspots named in the margins."""

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ._style import (
    MARKERS,
    PALE,
    Picture,
    apart,
    bare,
    drawing,
    heat_colours,
    html,
    lines_of,
    records,
    screen,
    short,
)
from .positions import map_positions

if TYPE_CHECKING:
    from plotly.graph_objects import Figure as ScreenFigure

    from ..detection import DetectionResult

__all__ = ["plot_map"]

_NAME_CELLS = 22
_LINE_MM = 3.15
_GAP_MM = 1.8
_LEAST_MM = 88.0
_NAMES_WIDTH = 0.235
_EXCERPT = 60
_LEGEND_CELLS = 40


def plot_map(
    result: "DetectionResult",
    *,
    hotspots: int = 30,
    positions: pd.DataFrame | None = None,
    interactive: bool = False,
) -> "Picture | ScreenFigure":
    """Draw the orders as a map: those that mean the same lie together.

    Parameters
    ----------
    result : DetectionResult
    hotspots : int
        How many hotspots are named, the hottest first; the others' orders are drawn as if in none.
    positions : pandas.DataFrame, optional
        From `map_positions`, where they are known already: they take seconds to compute.
    interactive : bool
        For the screen, with plotly, rather than for print, with matplotlib.

    Returns
    -------
    Picture or plotly.graph_objects.Figure
        `Picture` is a matplotlib figure. Colour, from ochre to dark red, is heat; shape tells neighbours apart.
    """
    shown = result.hotspots.head(hotspots)
    points = (map_positions(result) if positions is None else positions).assign(
        hotspot=result.assignments["hotspot"].to_numpy()
    )
    points["hotspot"] = points["hotspot"].where(points["hotspot"].isin(shown["hotspot"]), "")
    inside = int(points["hotspot"].ne("").sum())
    title = f"{len(points)} 件工单在说什么"
    note = "一点是一件工单，意思相近的相邻。"
    if len(shown):
        note += f"有颜色的 {inside} 件属于编号的 {len(shown)} 个热点，颜色越深越热；灰点不属于热点。"
    else:
        note += "没有够得上热点的问题。"
    if interactive:
        return _screen(result, shown, points, title, note)
    return _print(shown, points, title, note)


def _print(shown: pd.DataFrame, points: pd.DataFrame, title: str, note: str) -> Picture:
    extent = points[["x", "y"]].abs().max().replace(0, 1)
    points = points.assign(
        x=points["x"] / extent["x"], y=points["y"] / extent["y"]
    )  # fills the paper, which is no square
    centres = _centres(shown, points)
    left = centres["x"].rank(method="first") <= len(centres) / 2
    sides = [centres[left], centres[~left]]
    height = max(_LEAST_MM, *(side["room"].sum() for side in sides))
    with drawing(height, title, note) as figure:
        grid = figure.add_gridspec(1, 3, width_ratios=[_NAMES_WIDTH, 1 - 2 * _NAMES_WIDTH, _NAMES_WIDTH])
        axes = figure.add_subplot(grid[1] if len(centres) else grid[:])
        bare(axes)
        axes.set(xticks=[], yticks=[], xlim=(-1.06, 1.06), ylim=(-1.06, 1.06))
        others = points[points["hotspot"] == ""]
        dot = float(np.clip(5000 / len(points), 1.0, 11.0))
        axes.scatter(others["x"], others["y"], s=0.6 * dot, color=PALE, linewidths=0, rasterized=True)
        for at in reversed(records(centres)):
            own = points[points["hotspot"] == at["hotspot"]]
            axes.scatter(
                own["x"], own["y"], s=dot, color=at["colour"], marker=at["marker"], linewidths=0.2, edgecolors="white",
                rasterized=True,
            )  # fmt: skip
        for side, x in zip(sides, (-1.0, 1.0), strict=True):
            _name_side(axes, side.sort_values("y"), x, height)
    return figure


def _centres(shown: pd.DataFrame, points: pd.DataFrame) -> pd.DataFrame:
    """Return where each hotspot's number stands, with all that is drawn of it."""
    rows = []
    for row, colour in zip(records(shown), heat_colours(shown["heat"]) if len(shown) else [], strict=True):
        own = points.loc[points["hotspot"] == row["hotspot"], ["x", "y"]].to_numpy()
        middle = own[np.argmin(((own - np.median(own, axis=0)) ** 2).sum(axis=1))]
        name = lines_of(row["title"], _NAME_CELLS)
        rows.append(
            {
                "hotspot": row["hotspot"],
                "rank": row["rank"],
                "x": middle[0],
                "y": middle[1],
                "colour": colour,
                "marker": MARKERS[(row["rank"] - 1) % len(MARKERS)],
                "name": name,
                "orders": row["orders"],
                "room": _LINE_MM * (name.count("\n") + 2) + _GAP_MM,
            }
        )
    columns = ["hotspot", "rank", "x", "y", "colour", "marker", "name", "orders", "room"]
    return pd.DataFrame(rows, columns=columns)


def _name_side(axes: Any, side: pd.DataFrame, edge: float, height: float) -> None:
    """Name hotspots down one margin, each tied by a line to its place on the map."""
    per_mm = 2.12 / height
    spots = apart(side["y"].tolist(), (side["room"] * per_mm).tolist(), -1.06, 1.06)
    away = "left" if edge > 0 else "right"
    for at, y in zip(records(side), spots, strict=True):
        axes.annotate(
            "", (at["x"], at["y"]), xytext=(edge * 1.08, y), annotation_clip=False,
            arrowprops={"arrowstyle": "-", "lw": 0.5, "color": "#8a949e", "shrinkA": 0, "shrinkB": 3.5}, zorder=0.5,
        )  # fmt: skip
        text = {"va": "center", "annotation_clip": False}
        axes.annotate(
            at["rank"], (at["x"], at["y"]), ha="center", size=6, weight="bold", color="white", zorder=6,
            bbox={"boxstyle": "circle,pad=0.18", "fc": at["colour"], "ec": "white", "lw": 0.6}, **text,
        )  # fmt: skip
        axes.annotate(
            f"{at['name']}\n{at['orders']} 件", (edge * 1.08, y), xytext=(9 if edge > 0 else -9, 0),
            textcoords="offset points", ha=away, size=7.5, linespacing=1.15, in_layout=False, **text,
        )  # fmt: skip
        axes.annotate(
            at["rank"], (edge * 1.08, y), ha="center", size=6, weight="bold", color="white", zorder=6,
            bbox={"boxstyle": "circle,pad=0.18", "fc": at["colour"], "ec": "none"}, in_layout=False, **text,
        )  # fmt: skip


def _screen(
    result: "DetectionResult", shown: pd.DataFrame, points: pd.DataFrame, title: str, note: str
) -> "ScreenFigure":
    from plotly.graph_objects import Scattergl

    figure = screen(title, note, height=620)
    told = result.orders["created"].dt.strftime("%m-%d ") + result.orders["title"].map(lambda t: short(t, _EXCERPT))
    colours = dict(zip(shown["hotspot"], heat_colours(shown["heat"]) if len(shown) else [], strict=True))
    titles = dict(zip(shown["hotspot"], shown["title"], strict=True))
    ranks = dict(zip(shown["hotspot"], shown["rank"], strict=True))
    symbols = ("circle", "square", "triangle-up", "diamond", "triangle-down", "cross", "x", "hexagon")
    for name in ["", *shown["hotspot"]]:
        own = (points["hotspot"] == name).to_numpy()
        if not own.any():
            continue
        marker = {"size": 7, "symbol": symbols[(ranks[name] - 1) % 8], "color": colours[name]} if name else {}
        marker = {**marker, "line": {"width": 0.5, "color": "white"}} if name else {"size": 5, "color": PALE}
        heading = f"{ranks[name]} {html(short(titles[name], _LEGEND_CELLS))}" if name else "不属于热点"
        figure.add_trace(
            Scattergl(
                x=points.loc[own, "x"], y=points.loc[own, "y"], mode="markers", marker=marker, name=heading,
                text=[html(f"{i} {t}") for i, t in zip(points.loc[own, "order_id"], told[own], strict=True)],
                hovertemplate=f"<b>{heading}</b><br>%{{text}}<extra></extra>",
            )
        )  # fmt: skip
        if name:
            figure.add_annotation(
                x=points.loc[own, "x"].median(), y=points.loc[own, "y"].median(), showarrow=False,
                text=f"<b>{ranks[name]}</b>", bgcolor=colours[name], bordercolor="white",
                font={"size": 11, "color": "white"},
            )  # fmt: skip
    figure.update_xaxes(visible=False)
    figure.update_yaxes(visible=False, scaleanchor="x")
    figure.update_layout(showlegend=True, legend={"font": {"size": 11}, "itemsizing": "constant"})
    return figure
