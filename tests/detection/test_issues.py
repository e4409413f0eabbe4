"""Issues cut from the tree."""

import numpy as np
import pandas as pd
import scipy.sparse as sp
from hypothesis import given
from hypothesis import strategies as st

from hotspot.detection.issues import Comparison, choose_issues, find_issues, merge_repeats, same_matter
from hotspot.detection.tree import average_linkage
from hotspot.embed import embed, load_encoder
from hotspot.segment import Segmenter
from hotspot.settings import DetectSettings


def block(sizes: list[int], inside: float, between: float) -> sp.csr_matrix:
    group = np.repeat(np.arange(len(sizes)), sizes)
    values = np.where(group[:, None] == group[None, :], inside, between)
    np.fill_diagonal(values, 0)
    return sp.csr_matrix(values)


def table(titles: list[str]) -> pd.DataFrame:
    return pd.DataFrame({"title": titles, "text": titles})


def compared(titles: list[str]) -> np.ndarray:
    segmenter, encoder = Segmenter(), load_encoder()
    comparison = Comparison(table(titles), segmenter)
    return comparison.graph(embed(comparison.titles, encoder, centre=True), encoder).toarray()


def test_clear_groups_are_issues_and_the_rest_is_in_none() -> None:
    tree = average_linkage(block([6, 5, 1, 1], 0.5, 0.02))
    assert choose_issues(tree, 0.14, 0.24) == [list(range(6)), list(range(6, 11))]


def test_pairs_must_be_alike_beyond_doubt() -> None:
    assert choose_issues(average_linkage(block([2], 0.2, 0)), 0.14, 0.24) == []
    assert choose_issues(average_linkage(block([2], 0.3, 0)), 0.14, 0.24) == [[0, 1]]


def test_a_cluster_that_is_not_sound_gives_way_to_the_largest_sound_parts() -> None:
    values = block([6, 6], 0.5, 0.4).toarray()
    values[0, 1] = values[1, 0] = 0.9
    tree = average_linkage(sp.csr_matrix(values))
    sound = np.ones(len(tree.size), dtype=bool)
    sound[-1] = False
    assert choose_issues(tree, 0.1, 0.2, sound) == [list(range(6)), list(range(6, 12))]
    assert choose_issues(tree, 0.1, 0.2, tree.size < 4) != []
    assert max(map(len, choose_issues(tree, 0.1, 0.2, tree.size < 4))) < 4


def test_repeats_are_told_by_what_they_say_not_by_their_signs() -> None:
    orders = pd.DataFrame({"title": ["停水", "停水", "停电"], "text": ["三天了，急！", "三天了 急", "三天了，急！"]})
    assert merge_repeats(orders).tolist() == [0, 0, 1]


SHARES = st.floats(0, 1)


@given(SHARES, SHARES, SHARES, SHARES, st.booleans())
def test_likeness_stays_within_bounds_and_grows_with_each_evidence(
    shared: float, part: float, meaning: float, problem: float, elsewhere: bool
) -> None:
    def value(shared: float, told: float, meaning: float, problem: float, elsewhere: bool) -> float:
        one = (np.array([each]) for each in (shared, told, meaning, problem))
        return float(same_matter(*one, np.array([elsewhere]))[0])

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
    alike = compared(titles)
    assert alike[0, 1] > 2 * alike[0, 2]  # another problem
    assert alike[0, 1] > 2 * alike[0, 3]  # another place


def test_titles_that_tell_nothing_make_no_issue() -> None:
    texts = ["水管爆了没人修", "孩子上学没学位", "公交车一小时一趟", "邻居半夜弹琴"]
    orders = pd.DataFrame({"title": ["群众来电反映"] * 4, "text": texts})
    segmenter, encoder = Segmenter(), load_encoder()
    comparison = Comparison(orders, segmenter)
    assert comparison.titles == texts
    assert find_issues(comparison, embed(comparison.titles, encoder, centre=True), encoder, DetectSettings()) == []
