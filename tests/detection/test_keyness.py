import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspot.detection.keyness import DIMENSIONS, key_vectors
from hotspot.segment import Segmenter

SEGMENTER = Segmenter()
ORDINARY = [
    "物业收费不透明业主要求公示",
    "路灯坏了晚上看不见",
    "小区停车位不够用",
    "咨询社保怎么补缴",
    "工地夜间施工噪音扰民",
    "垃圾没人清运有臭味",
    "邻居养狗咬人",
    "学校食堂饭菜价格高",
]
SOLAR = ["屋顶光伏装好不给并网", "光伏板压坏屋顶漏雨", "签光伏合同背了贷款", "光伏租金一年没给", "要求拆掉光伏板"]


def test_what_the_month_speaks_of_more_than_ordinarily_brings_texts_together() -> None:
    texts = SOLAR + ORDINARY * 3
    vectors = key_vectors(texts, SEGMENTER)
    together = vectors @ vectors.T
    assert together[:5, :5][np.triu_indices(5, 1)].min() > 1
    assert abs(together[:5, 5:]).max() < together[:5, :5][np.triu_indices(5, 1)].min()


def test_a_word_that_every_complaint_has_is_not_key_however_often_it_comes() -> None:
    texts = [f"要求解决{what}" for what in ("停车", "噪音", "路灯", "垃圾", "养狗", "社保")] + ORDINARY * 3
    vectors = key_vectors(texts, SEGMENTER)
    assert abs((vectors @ vectors.T)[:6, :6][np.triu_indices(6, 1)]).max() < 1


@pytest.mark.parametrize("texts", [[], [""], ["", "，。123"], ["光伏"], ["光伏"] * 3])
def test_too_little_says_nothing(texts: list[str]) -> None:
    vectors = key_vectors(texts, SEGMENTER)
    assert vectors.shape[0] == len(texts) and np.isfinite(vectors).all() and not vectors.any()


@given(st.lists(st.text("光伏板屋顶漏雨租金没给国道大车路", max_size=12), max_size=60))
def test_any_texts_have_finite_vectors_of_one_row_each(texts: list[str]) -> None:
    vectors = key_vectors(texts, SEGMENTER)
    assert vectors.shape[0] == len(texts) and vectors.shape[1] <= DIMENSIONS and np.isfinite(vectors).all()
