import pandas as pd
import pytest

import hotspot
from hotspot.draft.demands import word_rarity
from hotspot.draft.key_words import key_words
from hotspot.draft.support import Backdrop
from hotspot.segment import Segmenter

SOLAR = ["屋顶光伏装好不给并网", "光伏板压坏屋顶漏雨", "签光伏合同背了贷款", "光伏租金一年没给", "市民要求拆掉光伏板"]
OTHER = [
    "物业收费不透明",
    "路灯坏了",
    "小区停车位不够",
    "咨询社保补缴",
    "工地夜间施工噪音",
    "垃圾没人清运",
    "市民咨询户口",
]


@pytest.fixture(scope="module")
def segmenter() -> Segmenter:
    return Segmenter()


def orders(texts: list[str]) -> pd.DataFrame:
    frame = pd.DataFrame({"order_id": [f"K{i:02d}" for i in range(len(texts))], "title": texts, "text": texts})
    return hotspot.orders_from_frame(frame.assign(created=pd.Timestamp("2024-03-01"))).orders


def test_what_many_name_and_citizens_seldom_speak_of_is_key(segmenter: Segmenter) -> None:
    month = orders(SOLAR + OTHER * 2)
    own = month.head(len(SOLAR))
    assert key_words(own, word_rarity(month, segmenter), segmenter)[0] == "光伏"


def test_ordinary_words_and_words_of_the_whole_month_are_not_key(segmenter: Segmenter) -> None:
    month = orders(OTHER * 3)
    assert key_words(month.head(7), word_rarity(month, segmenter), segmenter) == []
    all_solar = orders(SOLAR * 3)
    assert "光伏" not in key_words(all_solar.head(5), word_rarity(all_solar, segmenter), segmenter)


def test_parts_of_names_kin_and_what_few_name_are_not_key(segmenter: Segmenter) -> None:
    told = ["3号楼丈夫装光伏板", "5号楼丈夫装光伏板", "7号楼丈夫装光伏板", "9号楼丈夫装光伏板"]
    month = orders(told + OTHER * 3)
    keys = key_words(month.head(4), word_rarity(month, segmenter), segmenter)
    assert "光伏" in keys and not {"号楼", "丈夫"} & set(keys)
    assert key_words(month.head(3), word_rarity(month, segmenter), segmenter) == []


def test_children_and_what_is_forbidden_are_no_things(segmenter: Segmenter) -> None:
    month = orders(["光伏板下娃儿不准耍", "娃儿不准碰光伏", "光伏棚不准娃儿进", "不准娃儿上光伏"] + OTHER * 3)
    keys = key_words(month.head(4), word_rarity(month, segmenter), segmenter)
    assert "光伏" in keys and not {"娃儿", "不准"} & set(keys)


def test_halves_of_a_company_name_and_openings_of_a_road_name_are_not_key(segmenter: Segmenter) -> None:
    told = [
        "蓝鲸动力不退光伏款",
        "找蓝鲸动力修光伏板",
        "蓝鲸动力的光伏坏了",
        "荷花路光伏款没退",
        "荷花路开着光伏铺子的跑了",
    ]
    month = orders(told + OTHER * 3)
    keys = key_words(month.head(len(told)), word_rarity(month, segmenter), segmenter)
    assert "光伏" in keys[0] and not any(part in key for key in keys for part in ("动力", "蓝鲸", "荷花"))


def test_a_key_word_is_told_with_the_noun_that_mostly_follows_it(segmenter: Segmenter) -> None:
    told = ["育儿补贴没有发放", "申请育儿补贴失败", "咨询育儿补贴", "育儿补贴提交不了", "补贴审核慢"]
    month = orders(told + OTHER * 3)
    keys = key_words(month.head(len(told)), word_rarity(month, segmenter), segmenter)
    assert "育儿补贴" in keys and "育儿" not in keys


def test_what_few_name_is_key_where_half_speak_of_it_in_other_words(segmenter: Segmenter) -> None:
    told = [
        "教学点撤了",
        "教学点的孩子要住校",
        "教学点没老师",
        "撤点并校上学远",
        "村小合并后要住校",
        "撤校后孩子上学难",
    ]
    month = orders(told + OTHER * 4)
    own, rarity = month.head(len(told)), word_rarity(month, segmenter)
    assert key_words(own, rarity, segmenter) == []
    assert "教学点" in key_words(own, rarity, segmenter, Backdrop(month, hotspot.load_encoder()))
