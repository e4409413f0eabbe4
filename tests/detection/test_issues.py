"""Issues: clusters that stand out, and what is likely of one matter besides."""

import numpy as np
import pandas as pd
import scipy.sparse as sp

from hotspot.detection.comparison import Comparison
from hotspot.detection.issues import find_issues, groups_joined, merge_repeats, standing_out
from hotspot.detection.tree import average_linkage
from hotspot.embed import load_encoder
from hotspot.segment import Segmenter
from hotspot.settings import DetectSettings


def block(sizes: list[int], inside: float, between: float) -> sp.csr_matrix:
    group = np.repeat(np.arange(len(sizes)), sizes)
    values = np.where(group[:, None] == group[None, :], inside, between)
    np.fill_diagonal(values, 0)
    return sp.csr_matrix(values)


def issues_of(rows: list[dict[str, str]]) -> list[list[int]]:
    empty = dict.fromkeys(("title", "text", "place", "department", "caller"), "")
    orders = pd.DataFrame([empty | row for row in rows])
    comparison = Comparison(orders, Segmenter(), load_encoder())
    return find_issues(comparison, comparison.likeness(), DetectSettings())


def test_clear_groups_stand_out_and_the_rest_does_not() -> None:
    tree = average_linkage(block([6, 5, 3, 1, 1], 0.5, 0.02))
    assert standing_out(tree, 0.14, tree.size > 0) == [list(range(6)), list(range(6, 11))]


def test_a_cluster_that_is_not_sound_gives_way_to_the_largest_sound_parts() -> None:
    values = block([6, 6], 0.5, 0.4).toarray()
    values[0, 1] = values[1, 0] = 0.9
    tree = average_linkage(sp.csr_matrix(values))
    sound = np.ones(len(tree.size), dtype=bool)
    sound[-1] = False
    assert standing_out(tree, 0.1, sound) == [list(range(6)), list(range(6, 12))]
    assert standing_out(tree, 0.1, tree.size < 4) == []


def test_texts_are_joined_as_long_as_the_mean_over_their_pairs_lasts() -> None:
    matter = block([2, 3, 1], 0.6, 0.1)
    assert groups_joined(matter, 0.2) == [[0, 1], [2, 3, 4]]
    assert groups_joined(matter, 0.7) == []
    assert groups_joined(matter, 0.2, [[1, 5]]) == [[2, 3, 4]]


def test_repeats_are_told_by_what_they_say_not_by_their_signs() -> None:
    orders = pd.DataFrame({"title": ["停水", "停水", "停电"], "text": ["三天了，急！", "三天了 急", "三天了，急！"]})
    assert merge_repeats(orders).tolist() == [0, 0, 1]


def test_a_pair_is_one_matter_by_address_unit_or_caller_where_words_alone_leave_it_open() -> None:
    filler = [
        {"title": title, "text": text, "place": place, "department": unit}
        for title, text, place, unit in (
            ("公园长椅坏了", "公园里三张长椅的木条断了", "城南公园", "园林中心"),
            ("社保卡怎么补办", "社保卡丢了到哪里补办", "", "人社局"),
            ("菜市场地面积水", "菜市场鱼摊前面天天积水", "东门市场", "市场监管局"),
            ("公交车不按时来", "等了四十分钟公交车还没有来", "文化广场站", "交通局"),
        )
    ]
    first = {
        "title": "楼上半夜拖凳子",
        "text": "每天夜里一点楼上还在拖凳子，睡不着",
        "place": "丽景苑3栋",
        "department": "公安局",
    }
    again = {"title": "又被楼上吵醒", "text": "楼上昨晚拖桌椅拖到两点，上次来人说了也没用", "department": "公安局"}
    assert issues_of([first, again | {"place": "丽景苑3栋"}, *filler]) == [[0, 1]]
    assert issues_of([first, again | {"place": "望江花园"}, *filler]) == []
    same, other = ({"caller": "来电人000001"}, {"caller": "来电人000002"})
    assert issues_of([first | same, again | same, *filler]) == [[0, 1]]
    assert issues_of([first | same, again | other, *filler]) == []


def test_titles_that_tell_nothing_make_no_issue() -> None:
    texts = ["水管爆了没人修", "孩子上学没学位", "公交车一小时一趟", "邻居半夜弹琴"]
    assert issues_of([{"title": "群众来电反映", "text": text} for text in texts]) == []
