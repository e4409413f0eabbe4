"""Every picture on both months: Chinese throughout, nothing cut off or overlapping, small and odd cases sensible."""

import warnings
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.text import Text

import hotspot
from hotspot.errors import PlotError
from hotspot.plot import Picture, ResultPlots, map_positions

Result = hotspot.DetectionResult
PICTURES = ("map", "days", "places", "units", "heat")


def png(picture: Picture) -> bytes:
    buffer = BytesIO()
    picture.savefig(buffer, metadata={"Software": None})
    return buffer.getvalue()


def texts(picture: Picture) -> list[Text]:
    return [t for t in picture.findobj(Text) if t.get_visible() and t.get_text().strip()]


def words(picture: Picture) -> str:
    return "\n".join(t.get_text() for t in texts(picture))


def boxes(picture: Picture) -> list[tuple[str, Any]]:
    png(picture)
    renderer = picture.canvas.get_renderer()  # type: ignore[attr-defined]
    found = [(t.get_text(), t.get_window_extent(renderer)) for t in texts(picture)]
    return [(text, box) for text, box in found if box.width > 0]


def screen_words(figure: Any) -> str:
    return str(figure.to_json())


def titled(result: Result, title: str, rows: int | None = None) -> Result:
    """Return a result with another title for all hotspots, and as many hotspots as asked for."""
    hotspots = result.hotspots
    if rows is not None:
        hotspots = pd.concat([hotspots] * (rows // len(hotspots) + 1)).head(rows).reset_index(drop=True)
        hotspots["rank"] = np.arange(1, rows + 1)
    return replace(result, hotspots=hotspots.assign(title=title))


@pytest.fixture(scope="module")
def positions(yunze: Result) -> pd.DataFrame:
    return map_positions(yunze)


@pytest.mark.parametrize("name", PICTURES)
@pytest.mark.parametrize("month", ["wengyuan", "yunze"])
def test_nothing_is_cut_off_or_overlaps(request: pytest.FixtureRequest, month: str, name: str) -> None:
    picture = getattr(request.getfixturevalue(month).plot, name)()
    width, height = picture.get_size_inches() * picture.dpi
    assert round(picture.get_size_inches()[0] * 25.4) == 156
    assert picture.get_size_inches()[1] * 25.4 < 247  # an A4 page less its margins
    found = boxes(picture)
    for text, box in found:
        assert box.x0 >= -1, text
        assert box.x1 <= width + 1, text
        assert box.y0 >= -1, text
        assert box.y1 <= height + 1, text
    for (one, a), (other, b) in combinations(found, 2):
        shared = min(a.x1, b.x1) - max(a.x0, b.x0), min(a.y1, b.y1) - max(a.y0, b.y0)
        if name == "map" and one.isdigit() and other.isdigit():
            continue  # the numbers on the map stand where their hotspots lie
        assert min(shared) < 3, (one, other)


@pytest.mark.parametrize("name", PICTURES)
def test_the_same_bytes_again(yunze: Result, name: str) -> None:
    assert png(getattr(yunze.plot, name)()) == png(getattr(yunze.plot, name)())


@pytest.mark.parametrize("name", PICTURES)
def test_an_interactive_twin(yunze: Result, name: str) -> None:
    figure = getattr(yunze.plot, name)(interactive=True)
    assert figure.data
    assert figure.layout.title.text
    first = yunze.hotspots["title"][0][:8] if name != "units" else yunze.orders["department"].mode()[0]
    assert first in figure.to_json().encode().decode("unicode_escape")


def test_map_names_every_hotspot_and_tells_how_many_orders(yunze: Result) -> None:
    told = words(yunze.plot.map())
    for count in yunze.hotspots["orders"]:
        assert f"{count} 件" in told
    inside = int(yunze.assignments["hotspot"].ne("").sum())
    assert f"有颜色的 {inside} 件" in told


def test_map_of_the_hottest_only(yunze: Result) -> None:
    picture = yunze.plot.map(hotspots=3)
    assert "3 个热点" in words(picture)
    assert yunze.hotspots["title"][4][:6] not in words(picture)


def test_days_add_up_and_mark_the_bursts(yunze: Result) -> None:
    hot = yunze.hotspots.head(10)
    axes = yunze.plot.days().axes
    heights = [sum(bar.get_height() for bar in a.patches) for a in axes if a.patches]
    assert heights == [len(yunze.orders), *hot["orders"]]
    hatched = [sum(bar.get_hatch() is not None for bar in a.patches) for a in axes if a.patches][1:]
    days = [(b.burst_last - b.burst_first).days + 1 if pd.notna(b.burst_first) else 0 for b in hot.itertuples()]
    assert hatched == days
    assert any(days)


def test_days_of_a_long_time_are_told_by_the_week(yunze: Result) -> None:
    orders = yunze.orders.copy()
    orders.loc[0, "created"] -= pd.Timedelta(days=100)
    picture = replace(yunze, orders=orders).plot.days()
    assert "每周来了多少工单" in words(picture)
    assert sum(bar.get_height() for bar in picture.axes[0].patches) == len(orders)


def test_places_count_orders(yunze: Result) -> None:
    picture = yunze.plot.places(hotspots=5, places=6)
    assert len(picture.axes[0].get_xticklabels()) == 6
    numbers = [int(t.get_text()) for t in picture.axes[0].texts if t.get_text().isdigit()]
    assert max(numbers) <= yunze.hotspots["orders"].max()


def test_units_add_up(wengyuan: Result) -> None:
    table = pd.crosstab(wengyuan.orders["department"], wengyuan.orders["nature"])
    picture = wengyuan.plot.units(units=5)
    numbers = [int(t.get_text()) for t in picture.axes[0].texts if t.get_text().isdigit()]
    assert sum(numbers) == 2 * len(wengyuan.orders)  # the cells, and their sums at the right
    assert table.to_numpy().max() in numbers
    assert f"其余 {len(table) - 5} 个单位" in words(picture)


def test_parts_add_up_to_the_heat(wengyuan: Result) -> None:
    from hotspot.detection.heat import heat_points

    points = heat_points(wengyuan.hotspots, wengyuan.settings.heat)
    assert points.sum(axis=1).to_numpy() == pytest.approx(wengyuan.hotspots["heat"].to_numpy(), abs=0.15)


def test_a_part_that_no_order_tells_of_is_left_out(wengyuan: Result) -> None:
    unknown = replace(wengyuan, hotspots=wengyuan.hotspots.assign(heat_dissatisfaction=np.nan))
    assert "不满" not in words(unknown.plot.heat())
    one = wengyuan.hotspots.copy()
    one.loc[0, "heat_dissatisfaction"] = np.nan
    assert words(replace(wengyuan, hotspots=one).plot.heat()).count("无数据") == 1


@pytest.mark.parametrize("name", ["map", "days"])
def test_two_orders_and_no_hotspot_are_drawn(tiny: Result, name: str) -> None:
    assert tiny.hotspots.empty
    assert len(png(getattr(tiny.plot, name)())) > 5000
    assert getattr(tiny.plot, name)(interactive=True).data


@pytest.mark.parametrize("name", ["places", "heat"])
def test_pictures_of_hotspots_say_that_there_are_none(tiny: Result, name: str) -> None:
    with pytest.raises(PlotError, match="没有够得上热点的问题"):
        getattr(tiny.plot, name)()


def test_units_without_units(yunze: Result) -> None:
    with pytest.raises(PlotError, match="承办单位"):
        replace(yunze, orders=yunze.orders.assign(department="")).plot.units()


def test_units_without_natures(yunze: Result) -> None:
    assert "（未注明）" in words(replace(yunze, orders=yunze.orders.assign(nature="")).plot.units())


@pytest.mark.parametrize("name", ["map", "days", "places", "heat"])
def test_thirty_hotspots_with_long_titles(yunze: Result, name: str) -> None:
    many = titled(yunze, "某小区二期业主反映物业公司擅自上调停车费且岗亭没有收费公示、电梯三天两头停运等问题", 30)
    picture = getattr(many.plot, name)()
    width, height = picture.get_size_inches() * picture.dpi
    for text, box in boxes(picture):
        assert -1 <= box.x0 <= box.x1 <= width + 1, text
        assert -1 <= box.y0 <= box.y1 <= height + 1, text


@pytest.mark.parametrize("title", ["$x$ 元与 %{y} <b>粗</b>", "😀停水", "a" * 80, "停水\n三天", " "])
@pytest.mark.parametrize("name", ["map", "days", "places", "heat"])
def test_odd_titles_are_text_and_not_markup(yunze: Result, positions: pd.DataFrame, name: str, title: str) -> None:
    odd = titled(yunze, title)
    given = {"positions": positions} if name == "map" else {}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert png(getattr(odd.plot, name)(**given))
        told = screen_words(getattr(odd.plot, name)(interactive=True, **given))
    assert "<b>粗" not in told
    assert "%{y} <" not in told


def test_without_a_chinese_font(yunze: Result, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hotspot.plot._style.chinese_font", lambda: None)
    with pytest.raises(PlotError, match=r"中文字体.*fonts-noto-cjk"):
        yunze.plot.heat()


def test_type_stays_chinese_outside_the_library(yunze: Result) -> None:
    """Ticks are made when a figure is drawn: a figure drawn later keeps its own type."""
    picture = yunze.plot.units()
    fresh = yunze.plot.units()
    import matplotlib as mpl

    with mpl.rc_context({"font.family": "DejaVu Sans", "font.size": 20}), warnings.catch_warnings():
        warnings.simplefilter("error")
        assert png(picture) == png(fresh)


def test_shows_itself_in_a_notebook(yunze: Result) -> None:
    data, size = yunze.plot.heat()._repr_png_()
    assert data.startswith(b"\x89PNG")
    assert size["width"] == 589


def test_goes_into_a_word_file(yunze: Result, tmp_path) -> None:
    from docx import Document

    document = Document()
    document.add_picture(BytesIO(png(yunze.plot.days())))
    document.save(str(tmp_path / "图.docx"))
    assert document.inline_shapes[0].width.mm == pytest.approx(156, abs=0.5)


def test_the_accessor_reads_well(yunze: Result) -> None:
    assert isinstance(yunze.plot, ResultPlots)
    drawn: list[Callable[..., Any]] = [getattr(yunze.plot, name) for name in PICTURES]
    assert all(method.__doc__ for method in drawn)
