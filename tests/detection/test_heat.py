"""Heat and its parts."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspot.detection.heat import PARTS, heat_of, heat_parts
from hotspot.settings import HeatWeights


def month_of(days: list[int], **columns: object) -> pd.DataFrame:
    base = {"title": "路灯", "text": "路灯不亮", "satisfaction": "", "caller": ""}
    created = pd.to_datetime([f"2022-06-{day:02}" for day in days]).astype("datetime64[us]")
    return pd.DataFrame({"created": created, **base, **columns})


MONTH = month_of(list(range(1, 31)) * 4)


def parts(orders: pd.DataFrame, month: pd.DataFrame = MONTH, places=(), cohesion=2.0, callers=10) -> dict[str, float]:
    return heat_parts(orders, month, places, cohesion=cohesion, callers=callers, month_callers=100)


def test_more_callers_are_more_volume_and_all_callers_all_of_it() -> None:
    volumes = [parts(MONTH.head(20), callers=n)["volume"] for n in (1, 10, 100)]
    assert volumes == sorted(volumes)
    assert volumes[-1] == pytest.approx(1)


def test_focus_grows_with_cohesion_from_nothing() -> None:
    values = [parts(MONTH.head(9), cohesion=c)["focus"] for c in (-3, 0, 2, 8)]
    assert values[:2] == [0, 0]
    assert 0 < values[2] < values[3] < 1


def test_orders_crowded_into_days_have_grown_and_spread_ones_have_not() -> None:
    assert parts(month_of([13, 14, 15] * 10))["growth"] > 0.5
    assert parts(MONTH.iloc[::3])["growth"] == 0
    assert parts(month_of([13, 14]))["growth"] == 0, "two orders crowd by chance"


def test_growth_is_measured_against_the_month() -> None:
    crowded = month_of([13, 14, 15] * 40)
    assert parts(month_of([13, 14, 15] * 10), month=crowded)["growth"] == 0


def test_spread_is_of_different_places() -> None:
    one, many, none = (
        parts(MONTH.head(8), places=p)["spread"] for p in (["甲村"] * 8, list("甲乙丙丁戊己庚辛"), [""] * 8)
    )
    assert none == 0 < one < many <= 1


def test_urgency_is_the_share_of_orders_in_danger() -> None:
    orders = month_of([1, 2, 3, 4], text=["路灯不亮", "山体塌方", "路灯不亮", "路灯不亮"])
    assert parts(orders)["urgency"] == 0.25


def test_dissatisfaction_is_of_the_judged_and_left_out_where_none_is() -> None:
    judged = month_of([1, 2, 3, 4], satisfaction=["不满意", "满意", "未评价", ""])
    assert parts(judged, month=judged)["dissatisfaction"] == 0.5
    assert parts(MONTH.head(3), month=judged)["dissatisfaction"] == 0
    assert "dissatisfaction" not in parts(MONTH.head(3))


@given(
    st.lists(st.integers(1, 30), min_size=1, max_size=40),
    st.floats(-10, 50),
    st.integers(1, 100),
    st.lists(st.sampled_from(["", "甲村", "乙村", "丙村"]), max_size=40),
)
def test_every_part_lies_between_nothing_and_all(days, cohesion: float, callers: int, places) -> None:
    found = parts(
        month_of(days), month=pd.concat([MONTH, month_of(days)]), places=places, cohesion=cohesion, callers=callers
    )
    assert set(found) <= set(PARTS)
    assert all(0 <= value <= 1 for value in found.values())
    assert 0 <= heat_of(found, HeatWeights()) <= 100


def test_heat_is_the_weighted_mean_of_the_parts_there_are() -> None:
    weights = HeatWeights(volume=3, focus=1, growth=0, spread=0, urgency=0, dissatisfaction=0)
    assert heat_of({"volume": 1.0, "focus": 0.0}, weights) == 75
    assert heat_of({"focus": 0.5}, weights) == 50
    assert heat_of({"growth": 1.0}, weights) == 0
