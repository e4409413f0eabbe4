"""Figures, dates and lists as official Chinese documents write them (GB/T 15835, GB/T 9704)."""

import re
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

import pandas as pd

from ..settings import ReportSettings

__all__ = [
    "chinese_date",
    "chinese_number",
    "duration",
    "join",
    "moment",
    "month_name",
    "percent",
    "punctuate",
    "text_width",
]

_ROUNDING = {"half_up": ROUND_HALF_UP, "half_even": ROUND_HALF_EVEN, "down": ROUND_DOWN}
_DIGITS = "零一二三四五六七八九"


def percent(value: Fraction, settings: ReportSettings) -> str:
    """Write a share as a percentage, rounded from the exact fraction.

    Parameters
    ----------
    value : fractions.Fraction
        Such as 626/694.
    settings : ReportSettings
        Decimal places, rounding, and whether zeros at the end go.

    Returns
    -------
    str
        Such as ``90.2%``.
    """
    with localcontext() as context:
        context.prec = 60
        exact = Decimal(value.numerator * 100) / Decimal(value.denominator)
        rounded = exact.quantize(Decimal(1).scaleb(-settings.decimals), rounding=_ROUNDING[settings.rounding])
    text = f"{rounded:f}"
    if settings.strip_zeros and "." in text:
        text = text.rstrip("0").rstrip(".")
    return ("0" if text in ("-0", "") else text) + "%"


def chinese_number(number: int) -> str:
    """Write 1 to 99 in Chinese, for headings and '一是'."""
    if not 0 < number < 100:
        return str(number)
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else _DIGITS[tens] + "十"
    return head + (_DIGITS[ones] if ones else "")


def month_name(month: str) -> str:
    """Write ``2022-06`` as 2022年6月."""
    year, number = month.split("-")
    return f"{int(year)}年{int(number)}月"


def chinese_date(time: pd.Timestamp, *, year: bool = False) -> str:
    """Write a date as 6月6日, with its year if asked for."""
    return (f"{time.year}年" if year else "") + f"{time.month}月{time.day}日"


def moment(time: pd.Timestamp) -> str:
    """Write a time as 6月6日6时46分."""
    return f"{chinese_date(time)}{time.hour}时" + (f"{time.minute}分" if time.minute else "")


def duration(hours: float) -> str:
    """Write a span: 52分钟, 6小时10分钟, 3天."""
    minutes = round(hours * 60)
    if minutes < 60:
        return f"{minutes}分钟"
    if minutes < 48 * 60:
        whole, rest = divmod(minutes, 60)
        return f"{whole}小时" + (f"{rest}分钟" if rest else "")
    days = Decimal(minutes) / Decimal(1440)
    text = f"{days.quantize(Decimal('0.1'), rounding=ROUND_HALF_UP):f}"
    return text.removesuffix(".0") + "天"


def join(items: list[str]) -> str:
    """List names: 甲、乙、丙."""
    return "、".join(items)


def text_width(text: str) -> float:
    """Return the width of a text in characters: figures and Latin letters take half of one."""
    return sum(0.5 if c.isascii() else 1.0 for c in text)


def punctuate(text: str) -> str:
    """Write punctuation full-width, as GB/T 15834 has it; marks inside numbers and times stay.

    Parameters
    ----------
    text : str
        May mix ``,`` and the full-width comma, as typed orders do.
    """
    text = _BETWEEN_DIGITS.sub(lambda m: _FULL_WIDTH[m.group()], text)
    text = text.translate(_BRACKETS)
    text = re.sub(r"\s+(?=[\u3000-\u9fff\uff00-\uffef])|(?<=[\u3000-\u9fff\uff00-\uffef])\s+", "", text)
    return re.sub("\u3002{2,}", "\u3002", text)


_FULL_WIDTH = {",": "\uff0c", ":": "\uff1a", ";": "\uff1b", "!": "\uff01", "?": "\uff1f"}
_BRACKETS = str.maketrans("()", "\uff08\uff09")
_BETWEEN_DIGITS = re.compile(r"(?<!\d)[,:]|[,:](?!\d)|[;!?]")
