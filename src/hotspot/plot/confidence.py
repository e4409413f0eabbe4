"""Whether a router's confidence means what it says, and what it is worth to abstain."""

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..errors import PlotError
from ._style import BLUE, DIM, INK, PALE, RED, Picture, bare, drawing, records, screen

if TYPE_CHECKING:
    from plotly.graph_objects import Figure as ScreenFigure

    from ..classify import Evaluation

__all__ = ["reliability"]

_HEIGHT_MM = 70.0
_Z = 1.96
_TARGETS = {"department": "承办单位", "nature": "性质"}


def reliability(evaluation: "Evaluation", *, interactive: bool = False) -> "Picture | ScreenFigure":
    """Draw how often a router was right against how sure it said it was, and what abstaining below a threshold gives.

    Parameters
    ----------
    evaluation : Evaluation
        From `hotspot.evaluate_router`, or of `hotspot.train_router`.
    interactive : bool
        For the screen, with plotly, rather than for print, with matplotlib.

    Returns
    -------
    Picture or plotly.graph_objects.Figure
        Lines through the dots are 95 % intervals (Wilson 1927); a dot's area grows with its number of orders.

    Raises
    ------
    PlotError
        Nothing was evaluated.
    """
    bins = evaluation.reliability[evaluation.reliability["orders"] > 0].reset_index(drop=True)
    if bins.empty:
        raise PlotError("评估里没有工单，画不出把握与实际的对照。")
    title = f"说的把握有几分真：{_TARGETS.get(evaluation.target, evaluation.target)}建议"
    note = (
        f"{evaluation.n} 件没见过的工单（{evaluation.how}），首选正确 {evaluation.accuracy:.1%}，前三含正确 "
        f"{evaluation.top3:.1%}，校准误差 {evaluation.ece:.3f}。"
    )
    if interactive:
        return _screen(bins, evaluation.coverage, title, note)
    with drawing(_HEIGHT_MM, title, note) as figure:
        left, right = figure.subplots(1, 2, width_ratios=[1, 1])
        _dots(left, bins)
        _abstaining(right, evaluation.coverage)
    return figure


def interval(right: NDArray[np.float64], count: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the 95 % interval of each share (Wilson 1927, J. Am. Stat. Assoc. 22): lower and upper ends."""
    square = _Z**2 / count
    middle = (right + square / 2) / (1 + square)
    half = _Z * np.sqrt(right * (1 - right) / count + square / (4 * count)) / (1 + square)
    return middle - half, middle + half


def _dots(axes: Any, bins: pd.DataFrame) -> None:
    said, right, count = (bins[name].to_numpy(dtype=float) for name in ("said", "right", "orders"))
    low, high = interval(right, count)
    axes.plot([0, 1], [0, 1], color=DIM, lw=0.8, ls="--")
    axes.vlines(said, low, high, color=BLUE, lw=1)
    axes.scatter(
        said,
        right,
        s=14 + 90 * count / count.max(),
        color=BLUE,
        edgecolors="white",
        linewidths=0.6,
        zorder=3,
        clip_on=False,
    )
    for x, y, n in zip(said, np.maximum(high, right + 0.02), count, strict=True):
        axes.annotate(f"{n:.0f}", (x, y), xytext=(0, 3), textcoords="offset points", ha="center", size=6.5, color=DIM)
    axes.text(1, 0.03, "点旁是件数，竖线是 95% 置信区间", ha="right", size=7, color=DIM)
    axes.set_title("虚线上：说几分就有几分；线下：说得过满", loc="left", size=8)
    _percent(axes, "说的把握", "实际正确")


def _abstaining(axes: Any, coverage: pd.DataFrame) -> None:
    kept = coverage[coverage["coverage"] > 0]
    axes.plot(kept["coverage"], kept["accuracy"], color=RED, lw=1.4, marker="o", ms=3.5)
    before = (9.0, 9.0)
    for row in records(kept):
        here = (row["coverage"], row["accuracy"])
        if max(abs(here[0] - before[0]), abs(here[1] - before[1])) > 0.08:
            axes.annotate(f"{row['threshold']:.0%}", here, xytext=(4, 4), textcoords="offset points", size=7, color=INK)
            before = here
    axes.set_title("把握低于所标的门槛就不作判断", loc="left", size=8)
    _percent(axes, "还能判断的工单", "其中正确")


def _percent(axes: Any, x: str, y: str) -> None:
    bare(axes, "bottom", "left")
    axes.grid(color=PALE, lw=0.4)
    axes.set_axisbelow(True)
    axes.set(xlim=(0, 1.03), ylim=(0, 1.09), xlabel=x, ylabel=y, box_aspect=1)
    marks = [0, 0.2, 0.4, 0.6, 0.8, 1]
    axes.set_xticks(marks, [f"{mark:.0%}" for mark in marks])
    axes.set_yticks(marks, [f"{mark:.0%}" for mark in marks])


def _screen(bins: pd.DataFrame, coverage: pd.DataFrame, title: str, note: str) -> "ScreenFigure":
    from plotly.subplots import make_subplots

    figure = make_subplots(1, 2, subplot_titles=("说的把握与实际", "把握低于门槛就不作判断"), horizontal_spacing=0.12)
    figure.update_layout(screen(title, note, height=500).layout)
    low, high = interval(bins["right"].to_numpy(dtype=float), bins["orders"].to_numpy(dtype=float))
    figure.add_scatter(x=[0, 1], y=[0, 1], mode="lines", line={"dash": "dash", "color": DIM}, hoverinfo="skip")
    figure.add_scatter(
        x=bins["said"], y=bins["right"], mode="markers", text=bins["orders"],
        marker={"color": BLUE, "size": 8 + 16 * np.sqrt(bins["orders"] / bins["orders"].max())},
        error_y={"type": "data", "symmetric": False, "array": high - bins["right"], "arrayminus": bins["right"] - low},
        hovertemplate="说 %{x:.0%}，实 %{y:.0%}，%{text} 件<extra></extra>",
    )  # fmt: skip
    kept = coverage[coverage["coverage"] > 0]
    figure.add_scatter(
        x=kept["coverage"], y=kept["accuracy"], mode="lines+markers+text", line_color=RED, row=1, col=2,
        text=[f"{t:.0%}" for t in kept["threshold"]], textposition="top right",
        hovertemplate="门槛 %{text}：能判断 %{x:.0%}，其中正确 %{y:.0%}<extra></extra>",
    )  # fmt: skip
    for column, (x, y) in enumerate((("说的把握", "实际正确"), ("还能判断的工单", "其中正确")), 1):
        figure.update_xaxes(title=x, range=[0, 1.12], tickformat=".0%", row=1, col=column)
        figure.update_yaxes(title=y, range=[0, 1.06], tickformat=".0%", row=1, col=column)
    figure.update_layout(margin={"t": 120})
    return figure
