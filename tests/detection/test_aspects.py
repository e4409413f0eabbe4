"""Names and problem of a text, apart."""

from hypothesis import given
from hypothesis import strategies as st

from hotspot.detection.aspects import aspects_of, comparison_text, telling_title
from hotspot.segment import Segmenter

SEGMENTER = Segmenter()


def test_a_problem_is_told_without_the_place() -> None:
    aspects = aspects_of("翁源中学停水两天", "朝阳路的翁源中学天天停水，无人管。", SEGMENTER)
    title, whole = aspects.problem_said
    assert "翁源" not in whole
    assert "朝阳" not in whole
    assert "停水" in title
    assert "中学" in whole  # what kind of place it is belongs to the problem


def test_two_places_with_one_problem_tell_the_same_problem() -> None:
    first, second = (aspects_of(f"{place}小区电梯困人", "", SEGMENTER) for place in ("碧水蓝庭", "龙腾"))
    assert first.problem_said == second.problem_said
    assert first.names.isdisjoint(second.names)


def test_names_come_from_the_title_and_without_any_from_the_body() -> None:
    assert "碧水" in aspects_of("碧水蓝庭小区停水", "朝阳路也停", SEGMENTER).title_names
    silent = aspects_of("停水两天", "碧水蓝庭小区停水", SEGMENTER)
    assert silent.title_names == frozenset()
    assert "碧水" in silent.names
    assert "小区" not in silent.names


@given(
    st.text(alphabet="龙仙镇碧水蓝庭小区建设路停电梯3号,。的在 AB", max_size=30),
    st.text(alphabet="朝阳路停水小区。", max_size=30),
)
def test_what_is_left_stands_in_the_text_and_each_sign_in_its_place(title: str, text: str) -> None:
    aspects = aspects_of(title, text, SEGMENTER)
    assert len(aspects.title_problem) == len(title)
    assert all(left in (said, "\u3000") for said, left in zip(title, aspects.title_problem, strict=True))
    assert aspects.title_names <= aspects.names or not aspects.title_names


def test_a_title_weighs_twice_and_is_not_counted_again_as_the_body() -> None:
    assert comparison_text("甲", "甲") == "甲 甲 "
    assert comparison_text("乙", "丙" * 400) == "乙 乙 " + "丙" * 300


def test_a_title_that_tells_nothing_is_left_out() -> None:
    assert telling_title("群众来电反映", SEGMENTER) == ""
    assert telling_title("小区停水", SEGMENTER) == "小区停水"
