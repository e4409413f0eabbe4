"""Charts for print, with matplotlib and a Chinese font that is found on the machine."""

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from .._fonts import chinese_font
from .model import Chart

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["chart_png", "colours_of"]

COLOURS = ("#1f5f99", "#c8553d", "#e0a030", "#588157", "#7b6d8d", "#8d99ae")

_OWN_COLOURS = {
    "满意": "#14532d",
    "基本满意": "#9fceb0",
    "不满意": "#d1483a",
    "未评价": "#e8ecef",
    "全部工单": "#c9d3dc",
}
"""What has a colour of its own wherever it is drawn; apart in lightness too, for a black-and-white print."""


def colours_of(chart: Chart) -> list[str]:
    """Return the colour of each series; hotspots by the day, each in its own panel, share one."""
    if chart.kind == "line":
        return [_OWN_COLOURS["全部工单"], *[COLOURS[0]] * (len(chart.series) - 1)]
    return [_OWN_COLOURS.get(s.name, COLOURS[i % len(COLOURS)]) for i, s in enumerate(chart.series)]


def chart_png(chart: Chart, width_mm: float = 156, font: str | None = None) -> bytes:
    """Draw a chart.

    Parameters
    ----------
    chart : Chart
        What to draw.
    width_mm : float
        Width on paper.
    font : str, optional
        Font family; by default what `chinese_font` finds.

    Returns
    -------
    bytes
        PNG, the same for the same chart.
    """
    import matplotlib as mpl
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    rows = len(chart.labels)
    height = {"bar": 0.5 + 0.24 * rows, "stacked": 0.9 + 0.18 * rows, "line": 0.6 + 0.52 * len(chart.series)}[
        chart.kind
    ]
    size = (width_mm / 25.4, height)
    style: Any = {"font.family": font or chinese_font() or "sans-serif", "font.size": 9, "axes.unicode_minus": False}
    with mpl.rc_context(style):
        figure = Figure(figsize=size, dpi=200, layout="constrained")
        {"bar": _bars, "stacked": _stacked, "line": _days}[chart.kind](figure, chart)
        figure.suptitle(chart.title, fontsize=10.5)
        for axes in figure.axes:
            axes.spines[["top", "right"]].set_visible(False)
        buffer = io.BytesIO()
        canvas: Any = FigureCanvasAgg(figure)
        canvas.print_png(buffer, metadata={"Software": None})
    return buffer.getvalue()


def _bars(figure: "Figure", chart: Chart) -> None:
    axes = figure.add_subplot()
    values = chart.series[0].values
    bars = axes.barh(range(len(values)), values, color=COLOURS[0], height=0.6)
    axes.bar_label(bars, padding=3)
    _names(axes, chart.labels)
    axes.set_xticks([])
    axes.spines["bottom"].set_visible(False)
    axes.margins(x=0.1)


def _stacked(figure: "Figure", chart: Chart) -> None:
    axes = figure.add_subplot()
    left = [0] * len(chart.labels)
    for series, colour in zip(chart.series, colours_of(chart), strict=True):
        axes.barh(
            range(len(left)), series.values, left=left, color=colour, height=0.66, label=series.name,
            edgecolor="#5a6672", linewidth=0.4,
        )  # fmt: skip
        left = [a + b for a, b in zip(left, series.values, strict=True)]
    for i, total in enumerate(left):
        axes.annotate(str(total), (total, i), xytext=(3, 0), textcoords="offset points", va="center")
    _names(axes, chart.labels)
    axes.locator_params(axis="x", integer=True)
    axes.margins(x=0.06)
    if len(chart.series) > 1:
        figure.legend(frameon=False, ncols=len(chart.series), loc="outside lower center")


def _days(figure: "Figure", chart: Chart) -> None:
    """Draw the days of all orders, and below them those of each hotspot, on one scale: lines would hide each other."""
    places = range(len(chart.labels))
    panels = figure.subplots(len(chart.series), sharex=True, squeeze=False)[:, 0]
    most = max((max(s.values) for s in chart.series[1:]), default=1)
    for i, (axes, series, colour) in enumerate(zip(panels, chart.series, colours_of(chart), strict=True)):
        axes.bar(places, series.values, color=colour, width=0.8)
        axes.set_title(series.name, fontsize=8.5, loc="left", pad=3)
        axes.locator_params(axis="y", nbins=2, integer=True)
        axes.set_ylim(0, None if i == 0 else max(1, most))
    step = -(-len(chart.labels) // 8)
    axes.set_xticks(list(places)[::step], list(chart.labels[::step]))
    axes.margins(x=0.01)


def _names(axes: "Axes", labels: Sequence[str]) -> None:
    axes.set_yticks(range(len(labels)), labels)
    axes.invert_yaxis()
    axes.tick_params(axis="y", length=0)
