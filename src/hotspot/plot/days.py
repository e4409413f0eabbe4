"""The month by day: all orders, each hotspot's days and burst, and the emergencies."""

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..report.emergencies import find_emergencies
from ._style import BLUE, PALE, RED, Picture, apart, bare, drawing, html, lines_of, name_row, records, screen, short

if TYPE_CHECKING:
    from plotly.graph_objects import Figure as ScreenFigure

    from ..detection import DetectionResult

__all__ = ["plot_days"]

_MONTH_MM = 26.0
_ROW_MM = 8.2
_NAME_CELLS = 30
_NAME_MM = 38.0
_EMERGENCY_MM = 8.0
_BARS_MM = 110.0
_MOST_DAYS = 62
_TICKS = 12
_WEEKEND = 5
_ALL = "#9fb4c7"


def plot_days(
    result: "DetectionResult", *, hotspots: int = 10, emergencies: int = 5, interactive: bool = False
) -> "Picture | ScreenFigure":
    """Draw the month by day of call.

    Parameters
    ----------
    result : DetectionResult
    hotspots : int
        How many hotspots have a line, the hottest first.
    emergencies : int
        How many emergencies are marked, the gravest first.
    interactive : bool
        For the screen, with plotly, rather than for print, with matplotlib.

    Returns
    -------
    Picture or plotly.graph_objects.Figure
        A bar a day; of orders of more than two months, a bar a week. The days of a hotspot's burst (burst_first to
        burst_last in ``result.hotspots``) are red and hatched.
    """
    shown = result.hotspots.head(hotspots)
    start, last = result.orders["created"].min().normalize(), result.orders["created"].max().normalize()
    step = 1 if (last - start).days < _MOST_DAYS else 7
    bins = pd.date_range(start, last, freq=f"{step}D")
    total = _counts(result.orders["created"], bins)
    grave = _gravest(result.orders, emergencies, bins)
    tracks = [_track(row, result, bins) for row in records(shown)]
    unit = "天" if step == 1 else "周"
    note = f"按来电时间，{start:%Y-%m-%d} 至 {last:%Y-%m-%d}，共 {len(result.orders)} 件。"
    if tracks:
        note += f"每个热点一行，各以最多的一{unit}为满格并注明件数。"
    if any(red.any() for *_, red in tracks):
        note += "红色斜纹是集中爆发的日子。"
    title = f"每{unit}来了多少工单"
    draw = _screen if interactive else _print
    return draw(bins, total, grave, tracks, title, note)


Track = tuple[int, str, NDArray[np.int64], NDArray[np.bool_]]
"""Rank and name of a hotspot, its orders by day (or week), and which of these are in its burst."""


def _step(bins: pd.DatetimeIndex) -> int:
    return (bins[1] - bins[0]).days if len(bins) > 1 else 1


def _counts(times: pd.Series, bins: pd.DatetimeIndex) -> NDArray[np.int64]:
    at = (times.dt.normalize() - bins[0]).dt.days // _step(bins)
    return np.bincount(at, minlength=len(bins)).astype(np.int64)


def _track(row: dict[str, Any], result: "DetectionResult", bins: pd.DatetimeIndex) -> Track:
    counts = _counts(result.orders_of(row["hotspot"])["created"], bins)
    inside = np.zeros(len(bins), dtype=bool)
    if pd.notna(row.get("burst_first")):
        inside = np.asarray((bins > row["burst_first"] - pd.Timedelta(days=_step(bins))) & (bins <= row["burst_last"]))
    return row["rank"], row["title"], counts, inside


def _gravest(orders: pd.DataFrame, most: int, bins: pd.DatetimeIndex) -> pd.DataFrame:
    """Return the gravest emergencies: column (position of the bar), kinds (joined where several fall on one)."""
    found = sorted(find_emergencies(orders), key=lambda e: (-e.urgency, e.order_id))[:most]
    when = orders.set_index("order_id")["created"]
    rows = [((when[e.order_id].normalize() - bins[0]).days // _step(bins), e.kind) for e in found]
    table = pd.DataFrame(rows, columns=["at", "kind"])
    return table.groupby("at")["kind"].agg(lambda kinds: "、".join(dict.fromkeys(kinds))).reset_index()


def _print(  # noqa: PLR0917 - one picture
    bins: pd.DatetimeIndex, total: NDArray[np.int64], grave: pd.DataFrame, tracks: list[Track], title: str, note: str
) -> Picture:
    heights = [_MONTH_MM, *([_EMERGENCY_MM] if len(grave) else []), *([_ROW_MM] * len(tracks))]
    with drawing(sum(heights), title, note) as figure:
        grid = figure.add_gridspec(len(heights), 1, height_ratios=heights)
        month = figure.add_subplot(grid[0])
        _month(month, bins, total)
        if len(grave):
            _emergencies(figure.add_subplot(grid[1], sharex=month), grave, len(bins))
        for i, track in enumerate(tracks, len(heights) - len(tracks)):
            _line(figure.add_subplot(grid[i], sharex=month), *track)
    return figure


def _month(axes: Any, bins: pd.DatetimeIndex, total: NDArray[np.int64]) -> None:
    at, top = np.arange(len(bins)), int(total.max())
    weekend = np.asarray(bins.day_of_week >= _WEEKEND) & (_step(bins) == 1)
    axes.bar(at, total, width=0.78, color=np.where(weekend, PALE, _ALL))
    bare(axes, "bottom")
    axes.set(xlim=(-0.6, len(bins) - 0.4), ylim=(0, top * 1.2), yticks=[])
    _number(axes, f"{top} 件", total)
    every = -(-len(bins) // _TICKS)
    days = [bins[i] for i in at[::every]]
    months = [None, *(day.month for day in days[:-1])]  # the month is told where it is new
    names = [
        f"{day.day}日" if day.month == month else f"{day.month}月{day.day}日"
        for day, month in zip(days, months, strict=True)
    ]
    axes.set_xticks(at[::every], names)
    name_row(axes, 0.5 * top, "", "全部工单（浅色是周末）" if weekend.any() else "全部工单", _NAME_MM)


def _emergencies(axes: Any, grave: pd.DataFrame, count: int) -> None:
    """Mark the emergencies, each with its kind; the kinds keep out of each other's way."""
    bare(axes)
    axes.tick_params(labelbottom=False)
    axes.set(ylim=(0, 1), yticks=[])
    name_row(axes, 0.5, "", "突发险情", _NAME_MM, color=RED)
    days_per_mm = count / _BARS_MM
    room = [days_per_mm * (2.5 * len(kind) + 2) for kind in grave["kind"]]
    for at, kind, x in zip(
        grave["at"], grave["kind"], apart(grave["at"].tolist(), room, -0.6, count - 0.4), strict=True
    ):
        axes.plot([at, x], [0.92, 0.42], color=RED, lw=0.5, clip_on=False)
        axes.plot(at, 0.92, marker="^", color=RED, ms=4.5, clip_on=False)
        axes.text(x, 0.36, kind, ha="center", va="top", size=7, color=RED)


def _line(axes: Any, rank: int, name: str, counts: NDArray[np.int64], red: NDArray[np.bool_]) -> None:
    bars = axes.bar(np.arange(len(counts)), counts, width=0.78, color=np.where(red, RED, BLUE))
    for bar in np.array(bars.patches)[red]:
        bar.set(hatch="//////", edgecolor="white", linewidth=0)
    bare(axes, "bottom")
    axes.spines["bottom"].set_color(PALE)
    axes.tick_params(labelbottom=False)
    axes.set(ylim=(0, counts.max() * 1.45), yticks=[])
    _number(axes, str(counts.max()), counts)
    name_row(axes, 0.62 * counts.max(), rank, name, _NAME_MM)


def _number(axes: Any, text: str, counts: NDArray[np.int64]) -> None:
    """Write the highest bar's number above it."""
    top = (int(counts.argmax()), int(counts.max()))
    axes.annotate(text, top, xytext=(0, 1.5), textcoords="offset points", ha="center", size=7)


def _screen(  # noqa: PLR0917 - one picture
    bins: pd.DatetimeIndex, total: NDArray[np.int64], grave: pd.DataFrame, tracks: list[Track], title: str, note: str
) -> "ScreenFigure":
    from plotly.subplots import make_subplots

    figure = make_subplots(len(tracks) + 1, 1, shared_xaxes=True, vertical_spacing=0.01)
    figure.update_layout(screen(title, note, height=220 + 44 * len(tracks)).layout)
    rows = [("", "全部工单", total, np.zeros(len(bins), dtype=bool)), *tracks]
    for i, (rank, name, counts, red) in enumerate(rows, 1):
        told = html(lines_of(f"{rank} {name}".strip(), _NAME_CELLS)).replace("\n", "<br>")
        figure.add_bar(
            x=bins, y=counts, marker_color=np.where(red, RED, BLUE if i > 1 else _ALL),
            marker_pattern_shape=np.where(red, "/", ""), row=i, col=1,
            hovertemplate=f"%{{x|%m-%d}}: %{{y}} 件<extra>{html(short(name, 40))}</extra>",
        )  # fmt: skip
        figure.update_yaxes(showticklabels=False, showgrid=False, row=i, col=1)
        figure.add_annotation(
            text=told, xref="paper", x=-0.01, xanchor="right", align="right", showarrow=False, font={"size": 11},
            yref=f"y{i if i > 1 else ''} domain", y=0.4,
        )  # fmt: skip
    figure.add_scatter(
        x=bins[grave["at"].to_numpy(dtype=int)], y=[total.max() * 1.15] * len(grave), mode="markers",
        text=grave["kind"],
        marker={"symbol": "triangle-down", "size": 10, "color": RED}, row=1, col=1,
        hovertemplate="%{x|%m-%d} 突发险情：%{text}<extra></extra>",
    )  # fmt: skip
    figure.update_xaxes(tickformat="%-m月%-d日", nticks=_TICKS)
    figure.update_layout(margin={"l": 230})
    return figure
