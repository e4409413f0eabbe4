"""Issues cut from the tree."""

import numpy as np
import pandas as pd
import scipy.sparse as sp

from hotspot.detection.issues import choose_issues, comparison_texts, issue_graph, merge_repeats
from hotspot.detection.tree import average_linkage


def block(sizes: list[int], inside: float, between: float) -> sp.csr_matrix:
    group = np.repeat(np.arange(len(sizes)), sizes)
    values = np.where(group[:, None] == group[None, :], inside, between)
    np.fill_diagonal(values, 0)
    return sp.csr_matrix(values)


def test_clear_groups_are_issues_and_the_rest_is_in_none() -> None:
    tree = average_linkage(block([6, 5, 1, 1], 0.5, 0.02))
    assert choose_issues(tree, 0.14, 0.24) == [list(range(6)), list(range(6, 11))]


def test_pairs_must_be_alike_beyond_doubt() -> None:
    assert choose_issues(average_linkage(block([2], 0.2, 0)), 0.14, 0.24) == []
    assert choose_issues(average_linkage(block([2], 0.3, 0)), 0.14, 0.24) == [[0, 1]]


def test_repeats_are_told_by_what_they_say_not_by_their_signs() -> None:
    orders = pd.DataFrame({"title": ["停水", "停水", "停电"], "text": ["三天了，急！", "三天了 急", "三天了，急！"]})
    assert merge_repeats(orders).tolist() == [0, 0, 1]


def test_a_title_weighs_twice_and_is_not_counted_again_as_the_body() -> None:
    orders = pd.DataFrame({"title": ["甲", "乙"], "text": ["甲", "丙" * 400]})
    assert comparison_texts(orders) == ["甲 甲 ", "乙 乙 " + "丙" * 300]


def test_the_same_trouble_at_another_place_is_less_alike() -> None:
    graph = sp.csr_matrix(np.array([[0, 0.5, 0.5], [0.5, 0, 0.5], [0.5, 0.5, 0]]))
    titles = np.zeros((3, 4), dtype=np.float32)
    tree = average_linkage(
        issue_graph(graph, titles, [["滨河苑"], ["伊景园滨河苑"], ["龙腾小区"]])
    )  # the second is an alias
    assert tree.children[0].tolist() == [0, 1]
    assert tree.similarity[1] < tree.similarity[0]
    unnamed = average_linkage(issue_graph(graph, titles, [["滨河苑"], [], ["龙腾小区"]]))
    assert unnamed.similarity.max() == tree.similarity[0]
