"""Charts for print, with matplotlib and a Chinese font that is found on the machine."""

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from .._fonts import chinese_font
from .model import Chart

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["chart_png", "colours_of"]

COLOURS = ("#1f5f99", "#c8553d", "#e0a030", "#588157", "#7b6d8d", "#8d99ae")
"""Apart in hue and in lightness: they stay apart in a black-and-white print."""

_OWN_COLOURS = {
    "满意": "#2f6f4f",
    "基本满意": "#a3c9ae",
    "不满意": "#b8352a",
    "未评价": "#cfd5da",
    "全部工单": "#c9d3dc",
}
"""What has a colour of its own wherever it is drawn."""


def colours_of(chart: Chart) -> list[str]:
    """Return the colour of each series."""
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

    size = (width_mm / 25.4, {"bar": 1.9, "stacked": 3.6, "line": 2.6}[chart.kind])
    style: Any = {"font.family": font or chinese_font() or "sans-serif", "font.size": 9, "axes.unicode_minus": False}
    with mpl.rc_context(style):
        figure = Figure(figsize=size, dpi=200, layout="constrained")
        axes = figure.add_subplot()
        {"bar": _bars, "stacked": _stacked, "line": _lines}[chart.kind](axes, chart)
        axes.spines[["top", "right"]].set_visible(False)
        axes.set_title(chart.title, fontsize=10.5)
        buffer = io.BytesIO()
        canvas: Any = FigureCanvasAgg(figure)
        canvas.print_png(buffer, metadata={"Software": None})
    return buffer.getvalue()


def _bars(axes: "Axes", chart: Chart) -> None:
    values = chart.series[0].values
    bars = axes.barh(range(len(values)), values, color=COLOURS[0], height=0.6)
    axes.bar_label(bars, padding=3)
    _names(axes, chart.labels)
    axes.set_xticks([])
    axes.spines["bottom"].set_visible(False)
    axes.margins(x=0.1)


def _stacked(axes: "Axes", chart: Chart) -> None:
    left = [0] * len(chart.labels)
    for series, colour in zip(chart.series, colours_of(chart), strict=True):
        axes.barh(range(len(left)), series.values, left=left, color=colour, height=0.66, label=series.name)
        left = [a + b for a, b in zip(left, series.values, strict=True)]
    for i, total in enumerate(left):
        axes.annotate(str(total), (total, i), xytext=(3, 0), textcoords="offset points", va="center")
    _names(axes, chart.labels)
    axes.margins(x=0.06)
    if len(chart.series) > 1:
        axes.legend(frameon=False, ncols=2, loc="lower right")


def _lines(axes: "Axes", chart: Chart) -> None:
    places = range(len(chart.labels))
    styles: Sequence[str] = ("-", "--", "-.", ":")
    for i, (series, colour) in enumerate(zip(chart.series, colours_of(chart), strict=True)):
        if i == 0:
            axes.bar(places, series.values, color=colour, width=0.8, label=series.name)
        else:
            axes.plot(places, series.values, styles[(i - 1) % 4], color=colour, lw=1.8, label=series.name)
    step = max(1, len(chart.labels) // 9)
    axes.set_xticks(list(places)[::step], list(chart.labels[::step]))
    axes.set_ylim(bottom=0)
    axes.margins(x=0.01)
    axes.legend(frameon=False, loc="upper left", fontsize=8)


def _names(axes: "Axes", labels: Sequence[str]) -> None:
    axes.set_yticks(range(len(labels)), labels)
    axes.invert_yaxis()
    axes.tick_params(axis="y", length=0)
