"""What the pictures share: size, type, colours, and names set so that they never run into each other."""

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from html import escape
from io import BytesIO
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from .._fonts import FONT_ADVICE, chinese_font
from ..errors import PlotError

if TYPE_CHECKING:
    import pandas as pd
    from plotly.graph_objects import Figure as ScreenFigure

__all__ = [
    "BLUE", "DIM", "INK", "MARKERS", "MM", "PALE", "RED", "SCREEN_FONT", "Picture", "apart", "bare",
    "drawing", "heat_colours", "html", "lines_of", "name_row", "records", "screen", "short",
]  # fmt: skip

WIDTH_MM = 156.0
"""Text width of an A4 page with official margins, as in the report."""
MM = 1 / 25.4
DPI = 192
_COLOURS = 96

INK = "#22272e"
DIM = "#66707a"
PALE = "#d3d9de"
BLUE = "#1f5f99"
RED = "#b3391f"
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "h")
_HEAT = ("#e6ac3f", "#cc5a33", "#6f1420")
"""From mild to hot: lightness falls evenly, so that the order stays in grey and for every kind of colour blindness."""
_CLOSING = "\u3001\uff0c\u3002\uff1b\uff1a\uff01\uff1f\u201d\u300b\uff09"
_CELL_MM = 1.36
_TITLE_MM = 13.5
_NOTE_CELLS = 114
_NOTE_LINE_MM = 4.0
SCREEN_FONT = "Noto Sans CJK SC, Source Han Sans SC, Microsoft YaHei, PingFang SC, SimHei, sans-serif"


class Picture(Figure):
    """A matplotlib figure that keeps its Chinese type wherever it is drawn, and shows itself in a notebook."""

    def draw(self, renderer: Any) -> None:
        """Draw with the type the picture was made with."""
        with _typeset():
            super().draw(renderer)

    def _repr_png_(self) -> tuple[bytes, dict[str, int]]:
        from PIL import Image

        drawn, packed = BytesIO(), BytesIO()
        self.savefig(drawn, dpi=DPI)
        # few colours: a third of the bytes in the notebook's file, and no difference to see
        Image.open(drawn).convert("RGB").quantize(_COLOURS, dither=Image.Dither.NONE).save(packed, "PNG", optimize=True)
        width, height = (self.get_size_inches() * 96).astype(int)
        return packed.getvalue(), {"width": int(width), "height": int(height)}


@contextmanager
def _typeset() -> Iterator[None]:
    style: Any = {
        "font.family": [chinese_font() or "sans-serif", "DejaVu Sans"],
        "font.size": 8,
        "text.color": INK,
        "text.parse_math": False,  # a '$' in a title is a '$'
        "axes.edgecolor": DIM,
        "axes.labelcolor": DIM,
        "axes.unicode_minus": False,
        "axes.linewidth": 0.6,
        "xtick.color": DIM,
        "ytick.color": DIM,
        "xtick.major.width": 0.6,
        "ytick.major.width": 0.6,
        "hatch.linewidth": 0.6,
        "savefig.dpi": DPI,
    }
    with mpl.rc_context(style), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")  # an emoji that no font has
        yield


@contextmanager
def drawing(height_mm: float, title: str, note: str) -> Iterator[Picture]:
    """Give a figure of the report's width with its heading, to be drawn on in Chinese type.

    Parameters
    ----------
    height_mm : float
        Height below the heading.
    title : str
        What the picture shows, in bold.
    note : str
        How to read it, below the title.

    Raises
    ------
    PlotError
        There is no Chinese font on this machine.
    """
    if chinese_font() is None:
        raise PlotError(FONT_ADVICE)
    with _typeset():
        note = lines_of(note, _NOTE_CELLS, 3)
        height = height_mm + _TITLE_MM + _NOTE_LINE_MM * note.count("\n")
        figure = Picture(figsize=(WIDTH_MM * MM, height * MM), dpi=DPI, facecolor="white")
        FigureCanvasAgg(figure)
        figure.set_layout_engine(
            "constrained", rect=(0, 0, 1, height_mm / height), w_pad=1.5 * MM, h_pad=1 * MM, wspace=0, hspace=0
        )
        figure.text(0.008, 1 - 1.5 / height, title, size=11, weight="bold", va="top")
        figure.text(0.008, 1 - 8.2 / height, note, size=7.5, color=DIM, va="top", linespacing=1.3)
        yield figure


def screen(title: str, note: str, *, height: int) -> "ScreenFigure":
    """Return an empty plotly figure with the same heading; title and note are escaped here."""
    from plotly.graph_objects import Figure as ScreenFigure

    figure = ScreenFigure()
    told = html(lines_of(note, _NOTE_CELLS, 3)).replace("\n", "<br>")
    figure.update_layout(
        template="plotly_white",
        height=height,
        font={"family": SCREEN_FONT, "size": 13, "color": INK},
        title={
            "text": f"<b>{html(title)}</b>",
            "subtitle": {"text": told, "font": {"size": 12, "color": DIM}},
            "x": 0.01,
            "xanchor": "left",
            "y": 1 - 24 / height,
            "yanchor": "top",
        },
        margin={"l": 10, "r": 10, "t": 80 + 16 * told.count("<br>"), "b": 40},
        showlegend=False,
        hoverlabel={"align": "left", "font": {"family": SCREEN_FONT}},
    )
    return figure


def bare(axes: Any, *keep: str) -> None:
    """Take away an axes' frame but for the sides named, and its tick marks."""
    for side, spine in axes.spines.items():
        spine.set_visible(side in keep)
    axes.tick_params(length=0)


def name_row(axes: Any, y: float, rank: object, name: str, width_mm: float, *, color: str = INK) -> None:
    """Name a row at its left: the rank right-aligned in a column of its own, the name left-aligned.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
    y : float
        Where, in the axes' data.
    rank : object
        What stands before the name; an empty string for nothing.
    name : str
        Broken into two lines at the most.
    width_mm : float
        Room for the name.
    """
    points = 72 / 25.4
    text: dict[str, Any] = {
        "xycoords": axes.get_yaxis_transform(),
        "textcoords": "offset points",
        "va": "center",
        "size": 7.5,
        "color": color,
        "annotation_clip": False,
    }
    told = lines_of(name, int(width_mm / _CELL_MM))
    axes.annotate(told, (0, y), xytext=(-width_mm * points, 0), ha="left", linespacing=1.15, **text)
    axes.annotate(str(rank), (0, y), xytext=(-(width_mm + 1.2) * points, 0), ha="right", **text)


def lines_of(text: str, cells: int, lines: int = 2) -> str:
    """Break a name into lines; what does not fit ends in an ellipsis.

    Parameters
    ----------
    text : str
    cells : int
        Width of a line; a Chinese character takes two.
    lines : int
        How many at the most.
    """
    from rich.cells import cell_len, chop_cells

    text = " ".join(text.split())
    count = min(lines, max(1, -(-cell_len(text) // cells)))
    if (
        1 < count <= 2 and cell_len(text) <= count * cells
    ):  # as even as can be, so that no line holds a single character
        cells = max(cells - 4, -(-cell_len(text) // count) + 1)
    parts = chop_cells(text, cells)
    for i in range(1, len(parts)):  # no line begins with a sign that closes what stands before it
        if parts[i][0] in _CLOSING:
            parts[i - 1], parts[i] = parts[i - 1] + parts[i][0], parts[i][1:]
    parts = [part for part in parts if part]
    if len(parts) > lines:
        parts = [*parts[: lines - 1], chop_cells(parts[lines - 1], cells - 2)[0].rstrip(_CLOSING) + "\u2026"]
    return "\n".join(parts)


def short(text: str, cells: int) -> str:
    """Return a name in one line."""
    return lines_of(text, cells, 1)


def apart(wanted: Sequence[float], gap: Sequence[float], low: float, high: float) -> list[float]:
    """Move positions as little as can be so that no two come nearer than they may: a least-squares fit.

    Parameters
    ----------
    wanted : sequence of float
        n positions, ascending.
    gap : sequence of float
        Room that each needs, half of it to either side.
    low, high : float
        Where the first's room begins and the last's ends.
    """
    from scipy.optimize import isotonic_regression

    if not len(wanted):
        return []
    room = np.asarray(gap, dtype=float)
    room = room * min(1.0, (high - low) / room.sum())
    centre = np.cumsum(room) - room / 2
    fitted = isotonic_regression(np.asarray(wanted, dtype=float) - centre).x
    placed: list[float] = (np.clip(fitted, low, high - room.sum()) + centre).tolist()
    return placed


def heat_colours(heat: "pd.Series") -> list[str]:
    """Return a colour for each heat, from that of the mildest shown to that of the hottest."""
    from matplotlib.colors import LinearSegmentedColormap, to_hex

    scale = LinearSegmentedColormap.from_list("heat", _HEAT)
    low, high = float(heat.min()), float(heat.max())
    return [to_hex(scale((value - low) / (high - low) if high > low else 1.0)) for value in heat]


def records(table: "pd.DataFrame") -> list[dict[str, Any]]:
    """Return the rows of a table."""
    return [{str(key): value for key, value in row.items()} for row in table.to_dict("records")]


def html(text: str) -> str:
    """Escape what plotly would read as markup or as a field."""
    return escape(text, quote=False).replace("%{", "%&#123;")
