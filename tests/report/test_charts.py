"""Charts for print: told apart in black and white, nothing over anything else."""

import struct
from itertools import combinations, pairwise
from typing import Any

import pytest
from matplotlib.colors import to_rgb

from hotspot.report.charts import chart_png, colours_of
from hotspot.report.model import Chart, Series

DAYS = tuple(f"12月{d}日" for d in range(1, 32))
RATINGS = ("满意", "基本满意", "不满意", "未评价")


def height(png: bytes) -> int:
    return int(struct.unpack(">II", png[16:24])[1])


@pytest.fixture
def drawn(with_font: None, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The figures that are drawn."""
    from matplotlib import figure

    figures: list[Any] = []

    class Kept(figure.Figure):
        def __init__(self, **options: Any) -> None:
            super().__init__(**options)
            figures.append(self)

    monkeypatch.setattr(figure, "Figure", Kept)
    return figures


def days(hotspots: int) -> Chart:
    series = [Series("全部工单", tuple(9 + d % 8 for d in range(31)))]
    series += [Series(f"第{i}个热点", tuple((d + i) % 3 for d in range(31))) for i in range(hotspots)]
    return Chart("daily", "每日来电量与热点（件）", "line", DAYS, tuple(series))


def test_ratings_differ_in_black_and_white() -> None:
    series = tuple(Series(r, (1,)) for r in RATINGS)
    colours = [to_rgb(c) for c in colours_of(Chart("units", "", "stacked", ("甲局",), series))]
    greys = [0.299 * r + 0.587 * g + 0.114 * b for r, g, b in colours]
    assert min(abs(a - b) for a, b in combinations(greys, 2)) > 0.12


def test_each_hotspot_has_a_panel_and_whole_orders_on_its_axis(drawn: list[Any]) -> None:
    assert height(chart_png(days(5))) > height(chart_png(days(1)))
    panels = drawn[0].axes
    assert [p.get_title(loc="left") for p in panels] == ["全部工单", *(f"第{i}个热点" for i in range(5))]
    assert all(float(tick).is_integer() for p in panels for tick in p.get_yticks())
    assert len({p.get_ylim() for p in panels[1:]}) == 1


def test_days_do_not_run_into_each_other(drawn: list[Any]) -> None:
    chart_png(days(1))
    boxes = [t.get_window_extent() for t in drawn[0].axes[-1].get_xticklabels()]
    assert all(a.x1 + 15 < b.x0 for a, b in pairwise(boxes))


def test_the_legend_lies_on_no_bar(drawn: list[Any]) -> None:
    labels = tuple(f"第{i}局" for i in range(15))
    chart_png(Chart("units", "各单位", "stacked", labels, tuple(Series(r, (5,) * 15) for r in RATINGS)))
    (figure,) = drawn
    (legend,) = figure.legends
    assert legend.get_window_extent().y1 < figure.axes[0].get_window_extent().y0
