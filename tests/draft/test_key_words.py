import pandas as pd
import pytest

import hotspot
from hotspot.draft.demands import word_rarity
from hotspot.draft.key_words import key_words
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
