"""How likely two orders of a hotspot ask for the same."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import hotspot
from hotspot.draft.likeness import WordCover
from hotspot.draft.same_demand import FEATURES, RECORDED, Values, features_of, same_demand
from hotspot.segment import Segmenter

SAID = [
    ("水压太低上不去", "三楼一到晚上就没有水，水压太小，希望加压"),
    ("晚高峰水压小", "六楼住户反映水压不足，热水器打不着火，希望加压"),
    ("自来水发黄有异味", "龙头放出来的水是黄的，有一股铁锈味，希望检测水质"),
    ("水质浑浊发黄", "烧开的水有沉淀，水质发黄，希望公布检测报告"),
    ("停水没有通知", "整个小区停水一天没有通知，希望提前告知"),
]


def orders_of(units: list[str] | None = None, natures: list[str] | None = None) -> pd.DataFrame:
    table = pd.DataFrame(SAID, columns=["title", "text"])
    blank = [""] * len(SAID)
    return table.assign(department=units or blank, nature=natures or blank)


def features(orders: pd.DataFrame) -> Values:
    segmenter, encoder = Segmenter(), hotspot.load_encoder()
    cover = WordCover([segmenter.topic_words(t) for t in orders["title"] + "。" + orders["text"]], [], {}, encoder)
    return features_of(orders, cover.mutual(np.arange(len(orders))), encoder, segmenter)


def test_orders_that_say_the_same_are_likelier_of_one_demand() -> None:
    likely = same_demand(features(orders_of()))
    assert likely.shape == (5, 5)
    assert likely == pytest.approx(likely.T)
    others = [likely[i, j] for i in range(5) for j in range(i) if (j, i) not in ((0, 1), (2, 3))]
    assert min(likely[0, 1], likely[2, 3]) > max(others)


def test_what_all_orders_share_tells_nothing() -> None:
    """A hotspot all of one unit and nature is parted as one of a table that has neither."""
    alone = same_demand(features(orders_of()))
    assert same_demand(features(orders_of(["水务局"] * 5, ["投诉"] * 5)))[0, 1:] == pytest.approx(alone[0, 1:])


def test_one_unit_among_several_speaks_for_one_demand() -> None:
    alone = same_demand(features(orders_of()))
    likely = same_demand(features(orders_of(["水务局", "水务局", "卫健局", "卫健局", ""])))
    assert likely[0, 1] > alone[0, 1]
    assert likely[0, 2:] == pytest.approx(alone[0, 2:])
    assert likely[4, :4] == pytest.approx(alone[4, :4])  # no unit is not the same unit


@given(st.tuples(*[st.floats(-1, 1)] * len(FEATURES)), st.integers(0, len(FEATURES) - 1), st.floats(0, 1))
def test_whatever_two_orders_share_makes_one_demand_likelier(values: tuple[float, ...], at: int, more: float) -> None:
    here = np.array(values)
    shared = here.copy()
    shared[at] += more
    assert 0 < same_demand(here) <= same_demand(shared) + 1e-12 < 1 + 1e-12


def test_features_are_named() -> None:
    found = features(orders_of())
    assert found.shape == (5, 5, len(FEATURES))
    assert not found[..., [FEATURES.index(name) for name in RECORDED]].any()
