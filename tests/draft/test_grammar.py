"""Whether a clause says something of something."""

import pytest

from hotspot.draft.grammar import says_something
from hotspot.segment import Segmenter


@pytest.fixture(scope="module")
def segmenter() -> Segmenter:
    return Segmenter()


@pytest.mark.parametrize(
    ("clause", "says"),
    [
        ("单元门上贴的公告", False),  # a thing and a clause about it: nothing is said of the notice
        ("学校送来的午饭", False),
        ("学校送来的午饭不熟", True),
        ("网上写的儿童免费票作废", True),
        ("商场存在严重的安全隐患", True),
        ("路灯不亮", True),
        ("夜间噪音", False),
    ],
)
def test_a_clause_says_something_of_something(clause: str, says: bool, segmenter: Segmenter) -> None:
    assert says_something(clause, segmenter) is says
