from fractions import Fraction

import pandas as pd
import pytest

from hotspot.report.numbers import chinese_number, duration, moment, percent, punctuate
from hotspot.settings import ReportSettings


@pytest.mark.parametrize(
    ("value", "options", "text"),
    [
        ((626, 694), {}, "90.2%"),
        ((43, 694), {}, "6.2%"),
        ((1, 694), {}, "0.14%"),
        ((17, 20), {}, "85%"),
        ((17, 20), {"strip_zeros": False}, "85.00%"),
        ((1, 1), {}, "100%"),
        ((0, 7), {}, "0%"),
        ((2, 3), {"decimals": 0}, "67%"),
        ((1, 800), {"decimals": 2}, "0.13%"),
        ((1, 800), {"decimals": 2, "rounding": "half_even"}, "0.12%"),
        ((2, 3), {"rounding": "down"}, "66.66%"),
        ((100, 1), {"decimals": 0}, "10000%"),
    ],
)
def test_percent(value: tuple[int, int], options: dict[str, object], text: str) -> None:
    assert percent(Fraction(*value), ReportSettings(**options)) == text


@pytest.mark.parametrize(
    ("number", "text"), [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (35, "三十五"), (100, "100")]
)
def test_chinese_number(number: int, text: str) -> None:
    assert chinese_number(number) == text


@pytest.mark.parametrize(
    ("hours", "text"),
    [
        (0.865, "52分钟"),
        (0, "0分钟"),
        (1, "1小时"),
        (6.15, "6小时9分钟"),
        (47.9, "47小时54分钟"),
        (72, "3天"),
        (76.8, "3.2天"),
    ],
)
def test_duration(hours: float, text: str) -> None:
    assert duration(hours) == text


def test_moment() -> None:
    assert moment(pd.Timestamp("2022-06-06 06:46:12")) == "6月6日6时46分"
    assert moment(pd.Timestamp("2022-06-06 06:00")) == "6月6日6时"


def test_punctuate() -> None:
    assert punctuate("共3件,占1,000件的8:30(约)!") == "共3件\uff0c占1,000件的8:30\uff08约\uff09\uff01"
    assert punctuate("很急。。") == "很急。"
