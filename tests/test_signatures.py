"""What topics are known by, and how alike different ones can be."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspot.signatures import (
    Chance,
    Signature,
    distinguishing_words,
    example_texts,
    likeness,
    pooled,
    unit_mix,
)

vectors = st.lists(st.floats(-1, 1, width=32), min_size=3, max_size=3)
weights = st.dictionaries(st.sampled_from(["水", "路", "电", "医"]), st.floats(0.1, 9), max_size=4)
signatures = st.lists(st.builds(lambda v, w, u: Signature(np.float32(v), w, u), vectors, weights, weights), max_size=5)
BASE = np.zeros(3, dtype=np.float32)


@given(signatures, signatures)
def test_likeness_is_symmetric_and_bounded(first: list[Signature], second: list[Signature]) -> None:
    table = likeness(first, second, BASE)
    assert table.shape == (len(first), len(second))
    assert (table <= 2 + 1e-6).all()
    assert (table >= -1 - 1e-6).all()
    np.testing.assert_allclose(table, likeness(second, first, BASE).T)


def test_the_same_is_most_alike() -> None:
    one = Signature(np.float32([1, 0, 0]), {"水": 2.0, "管": 1.0}, {"水务局": 1.0})
    other = Signature(np.float32([0, 1, 0]), {"路": 2.0}, {"交通局": 1.0})
    table = likeness([one, other], [one, other], BASE)
    assert np.diag(table) == pytest.approx([2, 2])
    assert table[0, 1] == pytest.approx(0)


def test_words_that_set_apart() -> None:
    texts = ["水管 爆裂", "水管 漏水", "水管 爆裂"]
    frequency = {"水管": 3, "爆裂": 2, "漏水": 1, "反映": 100}
    found = distinguishing_words([f"{t} 反映" for t in texts], str.split, frequency, 100)
    assert list(found) == ["水管", "爆裂"]  # 漏水 stands in one text, 反映 in all
    assert found["水管"] == pytest.approx(np.log(100 / 3), abs=1e-4)


def test_units_by_rarity() -> None:
    everyone = pd.Series(["甲"] * 50 + ["乙"] * 5 + [""] * 45)
    mix = unit_mix(pd.Series(["甲", "乙", ""]), everyone)
    assert mix["乙"] > mix["甲"] > 0
    assert "" not in mix


def test_pooled_keeps_the_weights() -> None:
    both = pooled([Signature(np.float32([1, 0]), {"水": 1.0}, {}, 3.0), Signature(np.float32([0, 1]), {}, {}, 1.0)])
    np.testing.assert_allclose(both.vector, [0.75, 0.25])
    assert both.words == {"水": 0.75}
    assert both.weight == 4


@pytest.mark.parametrize("others", [5, 20, 200])
def test_the_threshold_lets_as_many_pass_as_is_said(others: int) -> None:
    """Normal likenesses: months of 12 hotspots tell how alike the nearest of more or fewer others is."""
    draw = np.random.default_rng(others)

    def month(count: int) -> np.ndarray:
        table = draw.normal(0, 0.2, (count, count))
        return np.maximum(table, table.T)

    chance = Chance.among([month(12) for _ in range(30)])
    passed = draw.normal(0, 0.2, (4000, 2 * others)).max(axis=1) > chance.threshold(others, 0.05)
    assert passed.mean() <= 0.08


def test_with_nothing_known_there_is_still_a_threshold() -> None:
    assert 0.5 < Chance.among([]).threshold(9, 0.05) < 1.2
    assert Chance.among([np.ones((1, 1))]) == Chance.among([])


def test_examples_hold_title_and_beginning() -> None:
    orders = pd.DataFrame({"title": ["停水", "", "同"], "text": ["小区停水" * 40, "没有标题", "同"]})
    long, bare, same = example_texts(orders)
    assert long.startswith("停水。小区停水")
    assert len(long) < 70
    assert bare == "没有标题"
    assert same == "同。"
