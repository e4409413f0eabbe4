"""Times as platforms write them."""

import datetime as dt

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspot.orders.dates import parse_times

KNOWN = {
    "2022-06-06 06:46:12": "2022-06-06 06:46:12",
    "2022/6/6 6:46": "2022-06-06 06:46",
    "2022.6.6": "2022-06-06",
    "2022年6月6日 6时46分": "2022-06-06 06:46",
    "2022年06月06日 星期一 06:46": "2022-06-06 06:46",
    "2022年6月6日 下午3:05": "2022-06-06 15:05",
    "2022-6-6 3:05 PM": "2022-06-06 15:05",
    "2022-06-06 中午12:30": "2022-06-06 12:30",
    "20220606064612": "2022-06-06 06:46:12",
    "20220606": "2022-06-06",
    "44718": "2022-06-06",
    "44718.25": "2022-06-06 06:00",
    "1654469172": "2022-06-06 06:46:12",
    "1654469172000": "2022-06-06 06:46:12",
    "\uff12\uff10\uff12\uff12-06-06\u300006\uff1a46": "2022-06-06 06:46",
    "2022-06-06T06:46:12.123+08:00": "2022-06-06 06:46:12",
    "2022-06-06T18:46:12Z": "2022-06-07 02:46:12",
}


@pytest.mark.parametrize(("text", "time"), KNOWN.items())
def test_known_forms(text: str, time: str) -> None:
    assert parse_times(pd.Series([text], dtype="str"))[0] == pd.Timestamp(time)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "昨天",
        "2022年6月",
        "06/06/2022",
        "2022-06-31",
        "2022-13-01",
        "1022-06-06",
        "2222-06-06",
        "0000-00-00",
        "²²²²²",
    ],
)
def test_unreadable(text: str) -> None:
    assert parse_times(pd.Series([text], dtype="str")).isna().all()


@given(st.lists(st.datetimes(dt.datetime(1990, 1, 1), dt.datetime(2099, 12, 31)), min_size=1, max_size=5), st.data())
def test_mixed_formats_in_one_column(times: list[dt.datetime], data: st.DataObject) -> None:
    forms = ["%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M:%S", "%Y年%m月%d日 %H时%M分%S秒", "%Y%m%d%H%M%S", "%Y-%m-%dT%H:%M:%S"]
    texts = [time.strftime(data.draw(st.sampled_from(forms))) for time in times]
    assert parse_times(pd.Series(texts, dtype="str")).tolist() == [pd.Timestamp(t).floor("s") for t in times]


@given(st.lists(st.text(max_size=30), max_size=5))
def test_any_text_is_a_time_or_none(texts: list[str]) -> None:
    times = parse_times(pd.Series(texts, dtype="str"))
    assert times.dropna().between(pd.Timestamp("1990-01-01"), pd.Timestamp("2100-01-01")).all()
    assert len(times) == len(texts)
