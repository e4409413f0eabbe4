"""Heat and its parts: why a hotspot stands where it stands."""

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ..detection.heat import PART_NAMES, PARTS, heat_points
from ..errors import PlotError
from ._style import BLUE, DIM, INK, PALE, RED, Picture, bare, drawing, html, name_row, screen, short

if TYPE_CHECKING:
    from plotly.graph_objects import Figure as ScreenFigure

    from ..detection import DetectionResult

__all__ = ["plot_heat"]

_ROW_MM = 7.4
_HEAD_MM = 9.0
_NAME_MM = 42.0
_HEAT_MM = 24.0
_BARS_MM = 48.0
_NUMBER_MM = 7.0
_LEAST_MM = 11.0
_SCREEN_NOTE = "热度是各部分得分之和；各部分的满分由设置里的权重定。"
_COLOURS = ("#1f5f99", "#c8553d", "#e0a030", "#588157", "#7b6d8d", "#8d99ae")


def plot_heat(result: "DetectionResult", *, hotspots: int = 15, interactive: bool = False) -> "Picture | ScreenFigure":
    """Draw the heat of the hotspots and how many of its points each part gives.

    Parameters
    ----------
    result : DetectionResult
    hotspots : int
        How many are shown, the hottest first.
    interactive : bool
        For the screen, with plotly, rather than for print, with matplotlib.

    Returns
    -------
    Picture or plotly.graph_objects.Figure
        The parts' points add up to the heat.

    Raises
    ------
    PlotError
        There is no hotspot.
    """
    shown = result.hotspots.head(hotspots)
    if shown.empty:
        raise PlotError("没有够得上热点的问题，画不出热度。")
    points = heat_points(shown, result.settings.heat)
    title = "热度从哪里来"
    note = "热度是右边各部分得分之和。栏头下是满分，由设置里的权重定；各部分的横条同一比例。"
    return _screen(shown, points, title) if interactive else _print(result, shown, points, title, note)


def _print(result: "DetectionResult", shown: pd.DataFrame, points: pd.DataFrame, title: str, note: str) -> Picture:
    parts = [part for part in PARTS if points[part].notna().any()]
    weights = {part: getattr(result.settings.heat, part) for part in parts}
    most = {part: 100 * weights[part] / (sum(weights.values()) or 1) for part in parts}
    hottest = float(shown["heat"].max()) or 1.0
    # the parts share one scale, points to millimetres, with room for the numbers behind the bars
    scale = _BARS_MM / (sum(float(points[part].max()) for part in parts) or 1.0)
    widths = [_HEAT_MM, *(max(scale * float(points[part].max()) + _NUMBER_MM, _LEAST_MM) for part in parts)]
    with drawing(_ROW_MM * len(shown) + _HEAD_MM, title, note) as figure:
        columns = figure.subplots(1, len(widths), sharey=True, width_ratios=widths)
        _column(columns[0], shown["heat"], "热度\n满分 100", hottest * _HEAT_MM / (_HEAT_MM - _NUMBER_MM), bold=True)
        for axes, part, width in zip(columns[1:], parts, widths[1:], strict=True):
            _column(axes, points[part], f"{PART_NAMES[part]}\n{most[part]:.1f}", width / scale)
        columns[0].set(ylim=(len(shown) - 0.5, -0.5), yticks=[])
        for row, (rank, name) in enumerate(zip(shown["rank"], shown["title"], strict=True)):
            name_row(columns[0], row, rank, name, _NAME_MM)
    return figure


def _column(axes: Any, values: pd.Series, head: str, most: float, *, bold: bool = False) -> None:
    """Draw a column of bars with their numbers."""
    bare(axes, "left")
    axes.spines["left"].set_color(PALE)
    axes.barh(range(len(values)), values.fillna(0), height=0.5, color=RED if bold else BLUE)
    for y, value in enumerate(values):
        told = "无数据" if np.isnan(value) else f"{value:.1f}"
        axes.annotate(
            told, (0 if np.isnan(value) else value, y), xytext=(2, 0), textcoords="offset points", va="center", size=7,
            color=INK if value > 0 else DIM, weight="bold" if bold else "normal",
        )  # fmt: skip
    axes.set(xlim=(0, most), xticks=[])
    axes.set_title(head, loc="left", size=7.5, weight="bold" if bold else "normal", linespacing=1.15)


def _screen(shown: pd.DataFrame, points: pd.DataFrame, title: str) -> "ScreenFigure":
    figure = screen(title, _SCREEN_NOTE, height=190 + 32 * len(shown))
    names = [html(f"{rank}  {short(t, 40)}") for rank, t in zip(shown["rank"], shown["title"], strict=True)]
    patterns = ("", "/", ".", "x", "-", "+")
    for part, colour, pattern in zip(PARTS, _COLOURS, patterns, strict=True):
        figure.add_bar(
            y=names, x=points[part].fillna(0), orientation="h", name=PART_NAMES[part], marker_color=colour,
            marker_pattern_shape=pattern, hovertemplate=f"{PART_NAMES[part]}: %{{x:.1f}} 分<extra>%{{y}}</extra>",
        )  # fmt: skip
    figure.update_layout(
        barmode="stack",
        showlegend=True,
        legend={"orientation": "h", "y": 1.0, "yanchor": "bottom", "traceorder": "normal"},
        xaxis={"title": "热度", "range": [0, 1.1 * float(shown["heat"].max())]},
        margin={"t": 110},
        yaxis={"autorange": "reversed"},
    )
    for name, heat, total in zip(names, shown["heat"], points.sum(axis=1), strict=True):
        figure.add_annotation(x=total, y=name, text=f"<b>{heat:.1f}</b>", showarrow=False, xanchor="left", xshift=4)
    return figure
