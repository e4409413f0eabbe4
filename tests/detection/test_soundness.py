"""Clusters that can be one matter, and those that cannot."""

import numpy as np
import pytest

from hotspot.detection.aspects import aspects_of
from hotspot.detection.similarity import Lexicon, learn_lexicon
from hotspot.detection.soundness import sound_nodes
from hotspot.detection.tree import Tree
from hotspot.segment import Segmenter

SEGMENTER = Segmenter()
OTHERS = [f"{place}{said}" for place in ("镇上", "县里", "村口") for said in ("修路", "发补贴", "办证难", "噪音扰民")]


def star(count: int, inside: int) -> Tree:
    """Return a tree that joins the first `inside` of so many items one after another, at similarity 0.5."""
    merges = inside - 1
    children = np.array([(k if k == 0 else count + k - 1, k + 1) for k in range(merges)], dtype=np.int64)
    parent = np.full(count + merges, -1, dtype=np.int64)
    for k, pair in enumerate(children):
        parent[pair] = count + k
    size = np.concatenate([np.ones(count, dtype=np.int64), np.arange(2, inside + 1)])
    return Tree(children, np.full(merges, 0.5), size, parent)


def is_sound(texts: list[str], others: list[str] = OTHERS) -> bool:
    """Tell whether texts pass as one matter among others."""
    documents = [*texts, *others]
    names = [aspects_of(text, "", SEGMENTER).title_names for text in documents]
    lexicon: Lexicon = learn_lexicon(documents, SEGMENTER.words)
    tree = star(len(documents), len(texts))
    return bool(sound_nodes(tree, lexicon, names, fewest=4, least_similarity=0.1)[-1])


def test_one_problem_of_one_estate_is_one_matter() -> None:
    assert is_sound([
        "碧水蓝庭小区电梯困人", "碧水蓝庭小区电梯又困人了", "碧水蓝庭电梯困人谁来管", "电梯困人，碧水蓝庭小区物业不管",
        "再次反映碧水蓝庭小区电梯困人",
    ])  # fmt: skip


def test_one_estate_with_many_problems_is_none() -> None:
    problems = ("电梯困人", "没有公交", "孩子上学难", "油烟呛得很", "房产证何时发放")
    assert not is_sound([f"翠湖苑{problem}" for problem in problems])


def test_one_problem_at_many_estates_is_none() -> None:
    places = ("碧水蓝庭", "锦绣豪庭", "滨江壹号", "幸福里", "龙腾世纪")
    assert not is_sound([f"{place}小区电梯困人物业不管" for place in places])


def test_a_part_of_a_field_of_work_is_none() -> None:
    field = ["公积金贷款怎么办", "公积金能付房租吗", "单位不交公积金", "公积金转移要多久", "离职后公积金怎么取"]
    rest = [
        f"公积金{said}" for said in ("网点几点上班", "断缴怎么补", "利率多少", "能不能还车贷", "账号忘了", "提取被拒")
    ]
    assert not is_sound(field, [*OTHERS, *rest])


@pytest.mark.parametrize("count", [2, 3])
def test_few_texts_are_not_asked(count: int) -> None:
    assert is_sound([f"毫不相干{number}" for number in range(count)])


def test_nothing_in_common_is_no_matter_and_no_error() -> None:
    assert not is_sound(["甲", "乙", "丙", "丁"], ["戊"])
