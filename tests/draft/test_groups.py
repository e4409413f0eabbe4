"""The parts of a hotspot."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import settings as run
from hypothesis import strategies as st

import hotspot
from hotspot.draft.demands import word_rarity
from hotspot.draft.groups import SAME, Groups, demand_groups
from hotspot.draft.likeness import WordCover
from hotspot.segment import Segmenter

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def month() -> pd.DataFrame:
    return hotspot.read_orders(ROOT / "tests/data/yunze-2023-11.csv")


@pytest.fixture(scope="module")
def own(month: pd.DataFrame) -> pd.DataFrame:
    gold = pd.read_csv(ROOT / "tests/data/yunze-2023-11-gold.csv", dtype=str)
    return month[month["order_id"].isin(gold.loc[gold["hotspot"] == "自来水", "order_id"])].reset_index(drop=True)


def groups_of(orders: pd.DataFrame, month: pd.DataFrame) -> Groups:
    segmenter, encoder = Segmenter(), hotspot.load_encoder()
    words = [segmenter.topic_words(text) for text in orders["title"] + "。" + orders["text"]]
    cover = WordCover(words, [], word_rarity(month, segmenter), encoder)
    return demand_groups(orders, cover, encoder, segmenter)


def parts(orders: pd.DataFrame, month: pd.DataFrame) -> list[set[str]]:
    """Return the order ids of each group."""
    ids = orders["order_id"].to_numpy()
    return [set(ids[rows]) for rows in groups_of(orders, month).rows]


def test_every_order_is_in_one_group_and_the_largest_comes_first(own: pd.DataFrame, month: pd.DataFrame) -> None:
    found = parts(own, month)
    assert sorted(id_ for ids in found for id_ in ids) == sorted(own["order_id"])
    assert [len(ids) for ids in found] == sorted(map(len, found), reverse=True)
    assert 2 <= len(found) < len(own)


def test_orders_of_a_group_more_likely_than_not_ask_for_the_same(own: pd.DataFrame, month: pd.DataFrame) -> None:
    groups = groups_of(own, month)
    assert groups.same.shape == (len(own), len(own))
    assert np.array_equal(groups.same, groups.same.T)
    pairs = [groups.same[np.ix_(rows, rows)][np.triu_indices(len(rows), 1)] for rows in groups.rows if len(rows) > 1]
    assert all(of_group.mean() >= SAME for of_group in pairs)


def test_order_of_rows_does_not_matter(own: pd.DataFrame, month: pd.DataFrame) -> None:
    shuffled = own.sample(frac=1, random_state=3).reset_index(drop=True)
    assert {frozenset(ids) for ids in parts(shuffled, month)} == {frozenset(ids) for ids in parts(own, month)}


def test_a_unit_that_all_share_changes_nothing(own: pd.DataFrame, month: pd.DataFrame) -> None:
    bare = parts(own.assign(department="", nature=""), month)
    assert parts(own.assign(department="水务局", nature="投诉"), month) == bare
    assert len(bare) >= 2


def test_a_text_sent_many_times_is_one_group_and_does_not_blur_the_others(
    own: pd.DataFrame, month: pd.DataFrame
) -> None:
    copies = month[~month["order_id"].isin(own["order_id"])].head(3 * len(own))
    copies = copies.assign(
        title="村口路灯不亮", text=["路灯坏了，希望修好。", "路灯坏了，希望修好！", "路灯坏了 希望修好"] * len(own)
    )
    found = parts(pd.concat([copies, own], ignore_index=True), month)
    assert set(copies["order_id"]) <= found[0]
    assert len(found[1]) <= len(own) / 2


@run(max_examples=25)
@given(st.lists(st.tuples(st.text(max_size=12), st.text(max_size=30)), max_size=12))
def test_any_texts_are_parted(said: list[tuple[str, str]]) -> None:
    orders = pd.DataFrame(said, columns=["title", "text"], dtype="str").assign(department="", nature="")
    segmenter, encoder = Segmenter(), hotspot.load_encoder()
    cover = WordCover([segmenter.topic_words(f"{a}。{b}") for a, b in said], [], {}, encoder)
    found = demand_groups(orders, cover, encoder, segmenter)
    assert np.array_equal(np.sort(np.concatenate(found.rows)), np.arange(len(said)))
    assert found.same.shape == (len(said), len(said))
