"""Dates and times as Chinese platforms write them."""

import re

import pandas as pd

_EARLIEST, _LATEST = pd.Timestamp("1990-01-01"), pd.Timestamp("2100-01-01")
_EXCEL_EPOCH = pd.Timestamp("1899-12-30")
_BEIJING_OFFSET = 8 * 3600  # platforms keep Beijing time
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2})?)?")
_SPELLED = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})(?: ?(\d{1,2})(?::(\d{1,2}))?(?::(\d{1,2}))?)?(?:[.-]\d+)?(?:Z|[+-]\d\d:?\d\d)?"
)
_CHINESE = str.maketrans("年月日号时点分秒/.:T", "--  ::: --: ")


def parse_times(values: pd.Series) -> pd.Series:
    """Read a column of times whose formats may be mixed.

    Known: ``2022-06-06 06:46:12``, ``2022/6/6 6:46``, ``2022年6月6日 6时46分``, ``20220606064612``, Excel serial days and Unix
    seconds or milliseconds. Always year, month, day: no export puts the day first.

    Parameters
    ----------
    values : pandas.Series of str

    Returns
    -------
    pandas.Series of datetime64[us]
        ``NaT`` where nothing sensible can be read (or the year is not within 1990–2099).
    """
    times = pd.Series([_parse(v) for v in values], index=values.index, dtype="datetime64[us]")
    return times.where(times.between(_EARLIEST, _LATEST))


def _parse(value: str) -> pd.Timestamp | None:
    text = value.strip()
    if not text:
        return None
    if re.fullmatch(r"\d{5}(\.\d+)?", text):
        return (_EXCEL_EPOCH + pd.Timedelta(days=float(text))).round("s")
    if re.fullmatch(r"1\d{9}(\d{3})?", text):
        return pd.Timestamp(int(text[:10]) + _BEIJING_OFFSET, unit="s")
    match = _COMPACT.fullmatch(text) or _SPELLED.fullmatch(_fold(text))
    if match is None:
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in match.groups())
    if "下午" in text and hour < 12:
        hour += 12
    try:
        return pd.Timestamp(year, month, day, hour, minute, second)
    except ValueError:
        return None


def _fold(text: str) -> str:
    """Write a Chinese date with ASCII marks only: '2022年6月6日6时46分' becomes '2022-6-6 6:46'."""
    folded = re.sub(r"上午|下午|(?:星期|周)[一二三四五六日天]", " ", text).translate(_CHINESE)
    return re.sub(r"\s+", " ", folded).strip().rstrip(":")
