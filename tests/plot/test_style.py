"""Names that fit: broken well, moved apart, ordered colours."""

import itertools

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from hotspot.plot._style import apart, heat_colours, html, lines_of


@given(st.text(), st.integers(6, 60), st.integers(1, 3))
def test_lines_fit(text: str, cells: int, lines: int) -> None:
    broken = lines_of(text, cells, lines)
    assert broken.count("\n") < lines
    assert all(cell_len(line) <= cells + 2 for line in broken.split("\n"))


def test_lines_hold_all_that_fits() -> None:
    assert lines_of("强降雨引发水灾问题", 30) == "强降雨引发水灾问题"
    assert lines_of("放学时段违停堵死、电动车牌照被盗用收到违章等问题", 30).replace("\n", "") == (
        "放学时段违停堵死、电动车牌照被盗用收到违章等问题"
    )
    assert lines_of("放学时段违停堵死、电动车牌照被盗用收到违章等问题", 20, 2).endswith("…")
    assert "\n、" not in lines_of("城东市场门口乱摆卖堵路、冰箱泡水维修被开高价等问题", 22)


@given(st.lists(st.floats(-1, 1), min_size=1, max_size=30), st.floats(0.01, 0.5))
def test_apart_keeps_order_room_and_bounds(wanted: list[float], room: float) -> None:
    placed = apart(sorted(wanted), [room] * len(wanted), -1, 1)
    least = min(room, 2 / len(wanted))
    assert all(b - a >= least - 1e-9 for a, b in itertools.pairwise(placed))
    assert placed[0] >= -1 + least / 2 - 1e-9
    assert placed[-1] <= 1 - least / 2 + 1e-9


def test_apart_leaves_what_is_apart() -> None:
    assert apart([-0.5, 0.5], [0.2, 0.2], -1, 1) == [-0.5, 0.5]


def test_hotter_is_darker() -> None:
    from matplotlib.colors import to_rgb

    grey = [
        sum(w * c for w, c in zip((0.21, 0.72, 0.07), to_rgb(colour), strict=True))
        for colour in heat_colours(pd.Series([60.0, 50.0, 40.0, 30.0, 20.0]))
    ]
    assert grey == sorted(grey)
    assert max(b - a for a, b in itertools.pairwise(grey)) < 0.25
    assert heat_colours(pd.Series([7.0])) == ["#6f1420"]


def test_markup_and_fields_are_escaped() -> None:
    assert html("<b>&%{x}") == "&lt;b&gt;&amp;%&#123;x}"
