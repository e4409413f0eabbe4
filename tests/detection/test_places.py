"""Names of places and units in a text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspot.detection.places import find_places, is_somewhere, rank_places
from hotspot.segment import Segmenter

SEGMENTER = Segmenter()


def places(text: str) -> list[str]:
    return find_places(SEGMENTER.tag(text))


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("碧水蓝庭小区停水两天", "碧水蓝庭小区"),
        ("朝阳路停电一天", "朝阳路"),
        ("万象物业公司乱收费", "万象物业公司"),
        ("翁源中学门口拥堵", "翁源中学"),
        ("希望修好竹园背村的水渠", "竹园背村"),
    ],
)
def test_named_places(text: str, place: str) -> None:
    assert place in places(text)


@pytest.mark.parametrize("text", ["小区停水", "这个村没有路灯", "公司拖欠工资", "学校伙食差", "路面破损", "", "。,!"])
def test_a_last_part_alone_names_nothing(text: str) -> None:
    assert places(text) == []


def test_each_name_once_and_no_part_of_another() -> None:
    found = places("碧水蓝庭小区停水,碧水蓝庭小区物业不管")
    assert found.count("碧水蓝庭小区") == 1
    assert not [name for name in found for other in found if name != other and name in other]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("有人称岗上乡没人管", ["岗上乡"]),
        ("今天上午石桥镇又停电", ["石桥镇"]),
        ("2019年望江小区就该交房", ["望江小区"]),
        ("孩子就读于泉塘小学", ["泉塘小学"]),
        ("货车到宏步鞋厂", ["宏步鞋厂"]),
        ("距离黄泥街不远", ["黄泥街"]),
        ("咨询安沙镇的政策", ["安沙镇"]),
        ("隔壁新泉花园夜里施工", ["新泉花园"]),
    ],
)
def test_what_stands_before_a_name_is_no_part_of_it(text: str, found: list[str]) -> None:
    assert places(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "师傅专门绕路送我",
        "给本地人留条路走",
        "外地车把大桥堵死",
        "物业说维保公司没来人",
        "要等查维保公司的记录",
        "级别医院都去过",
        "所在食品公司欠薪",
        "很多小区都没有",
        "3栋小区门口",
    ],
)
def test_what_is_done_and_kinds_of_units_are_no_names(text: str) -> None:
    assert places(text) == []


@pytest.mark.parametrize("name", ["解放路", "建设路小学", "教育路实验小学", "月塘路", "第七中学", "向阳花园"])
def test_a_name_that_begins_like_a_verb_or_a_number_is_whole(name: str) -> None:
    assert places(f"{name}门口停电") == [name]


@given(st.text(alphabet="龙仙镇碧水蓝庭小区建设路中学公司3号,。的在 AB", max_size=40))
def test_names_stand_in_the_text(text: str) -> None:
    for name in places(text):
        assert name in text
        assert len(name) > 1


def test_ranking_counts_orders_not_mentions_and_merges_aliases() -> None:
    orders = [["伊景园滨河苑"], ["滨河苑"], ["滨河苑", "滨河苑"], ["建设路"], []]
    assert rank_places(orders) == ["滨河苑", "建设路"]
    assert rank_places(orders, most=1) == ["滨河苑"]
    assert rank_places([]) == []


@given(st.lists(st.lists(st.sampled_from(["甲路", "乙村", "丙小区", "大丙小区"])), max_size=8), st.randoms())
def test_ranking_does_not_depend_on_the_order(orders: list[list[str]], chance) -> None:
    shuffled = list(orders)
    chance.shuffle(shuffled)
    assert rank_places(shuffled) == rank_places(orders)


def test_common_words_that_end_like_a_place_name_none() -> None:
    tag = SEGMENTER.tag
    assert find_places(tag("请给小孩留条活路")) == []
    assert find_places(tag("好多家庭住在龙腾小区")) == ["龙腾小区"]


@pytest.mark.parametrize(
    ("name", "somewhere"),
    [
        ("丽景新城", True),
        ("石帆镇", True),
        ("恒茂塑料厂", True),
        ("韶关市政府", False),
        ("自来水公司", False),
        ("365路", False),
        ("水泥厂", False),
    ],
)
def test_units_lines_and_common_words_are_nowhere(name: str, somewhere: bool) -> None:
    assert is_somewhere(name, SEGMENTER) is somewhere
