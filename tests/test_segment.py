"""Words."""

from hypothesis import given
from hypothesis import strategies as st

from hotspot.segment import Segmenter
from hotspot.settings import Words

SEGMENTER = Segmenter()


@given(st.text(alphabet="路灯不亮物业停水 \n,。A1〔姓名〕小区", max_size=40))
def test_tokens_joined_are_the_text(text: str) -> None:
    assert "".join(SEGMENTER.cut(text)) == text


@given(st.text(max_size=60))
def test_words_are_no_blanks_and_no_signs(text: str) -> None:
    words = SEGMENTER.words(text)
    assert all(word.strip() and any(c.isalnum() for c in word) for word in words)
    assert set(SEGMENTER.topic_words(text)) <= set(words)


def test_mask_tokens_are_no_words() -> None:
    assert SEGMENTER.words("〔姓名〕投诉物业〔手机〕") == ["投诉", "物业"]


def test_topic_words_leave_out_numbers_single_characters_and_stop_words() -> None:
    assert not {"12", "2022年", "三个", "的", "3栋", "水"} & set(SEGMENTER.topic_words("12 2022年 三个 的 3栋 停水 水"))
    assert "停水" in SEGMENTER.topic_words("小区停水")
    assert "停水" not in Segmenter(stop_words=["停水"]).topic_words("小区停水")


def test_user_words_stay_whole_in_this_segmenter_only() -> None:
    word = "三华李加工基地"
    own = Segmenter.from_settings(Words(user_words=(word, " ", "")))
    assert word in own.words(f"{word}排污")
    assert word not in Segmenter().words(f"{word}排污")


def test_order_of_user_words_does_not_matter() -> None:
    words, text = ["龙仙新城二期", "新城二期", "仙新"], "龙仙新城二期的路灯"
    assert Segmenter(words).cut(text) == Segmenter(reversed(words)).cut(text)
