"""What orders are compared by: words, names and problem; address, unit and caller."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspot.detection.comparison import Comparison, carries_more, told_alike
from hotspot.embed import load_encoder
from hotspot.segment import Segmenter


def comparison_of(titles: list[str], **columns: list[str]) -> Comparison:
    empty = {name: [""] * len(titles) for name in ("place", "department", "caller")}
    orders = pd.DataFrame({"title": titles, "text": titles} | empty | columns)
    return Comparison(orders, Segmenter(), load_encoder())


SHARES = st.floats(0, 1)


@given(SHARES, SHARES, SHARES, SHARES, st.booleans())
def test_likeness_stays_within_bounds_and_grows_with_each_evidence(
    shared: float, part: float, meaning: float, problem: float, elsewhere: bool
) -> None:
    def value(shared: float, told: float, meaning: float, problem: float, elsewhere: bool) -> float:
        one = (np.array([each]) for each in (shared, told, meaning, problem))
        return float(told_alike(*one, np.array([elsewhere]))[0])

    told = part * shared
    here = value(shared, told, meaning, problem, elsewhere)
    assert 0 <= here <= 1 + 1e-9
    assert here <= value(shared, told, 1.0, problem, elsewhere) + 1e-9
    assert here <= value(shared, told, meaning, 1.0, elsewhere) + 1e-9
    assert here <= value(shared, told, meaning, problem, False) + 1e-9
    assert here <= value(shared, shared / 2, meaning, problem, elsewhere) + 1e-9  # names and problem shared alike


def test_place_and_problem_must_both_be_shared() -> None:
    titles = [
        "碧水蓝庭小区电梯困人", "碧水蓝庭小区电梯又困人", "碧水蓝庭小区没有公交车", "龙腾世纪小区电梯困人",
        "龙腾世纪小区没有公交车", "朝阳路停水", "朝阳路又停水",
    ]  # fmt: skip
    likeness = comparison_of(titles).likeness()
    for graph in likeness:
        alike = graph.toarray()
        assert alike == pytest.approx(alike.T)
        assert alike[0, 1] > 2 * alike[0, 2]  # another problem
        assert alike[0, 1] > 2 * alike[0, 3]  # another place


def test_titles_that_tell_nothing_give_way_to_what_is_said() -> None:
    texts = ["水管爆了没人修", "孩子上学没学位"]
    orders = pd.DataFrame({"title": ["群众来电反映"] * 2, "text": texts, "place": "", "department": "", "caller": ""})
    assert Comparison(orders, Segmenter(), load_encoder()).titles == texts


def test_an_address_counts_where_the_other_says_it_and_nothing_is_not_the_same_as_nothing() -> None:
    titles = ["电梯坏了没人修", "锦云里5栋电梯坏了", "电梯坏了半个月没人修", "电梯坏了"]
    comparison = comparison_of(
        titles,
        place=["锦云里5栋", "", "天水巷8号", ""],
        department=["住建局", "住建局", "", ""],
        caller=["甲", "", "甲", ""],
    )
    pairs, evidence = comparison.evidence()
    at = {(int(a), int(b)): row for row, (a, b) in enumerate(zip(*pairs, strict=True))}
    assert evidence.place[at[0, 1]] == 1  # told in the title of the other
    assert evidence.place[at[0, 2]] == 0
    assert evidence.place[at[1, 3]] == 0
    assert [bool(evidence.unit[at[pair]]) for pair in ((0, 1), (0, 2), (2, 3))] == [True, False, False]
    assert [bool(evidence.caller[at[pair]]) for pair in ((0, 2), (0, 1), (1, 3))] == [True, False, False]


def test_a_table_carries_more_than_texts_if_any_order_has_a_unit_or_an_address() -> None:
    bare = pd.DataFrame({"place": ["", ""], "department": ["", ""]})
    assert not carries_more(bare)
    assert carries_more(bare.assign(place=["", "城南"]))
    assert carries_more(bare.assign(department=["住建局", ""]))
