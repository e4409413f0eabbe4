"""Dates and times as Chinese platforms write them."""

import re
import unicodedata

import pandas as pd

_EARLIEST, _LATEST = pd.Timestamp("1990-01-01"), pd.Timestamp("2100-01-01")
_EXCEL_EPOCH = pd.Timestamp("1899-12-30")
_BEIJING = pd.Timedelta(hours=8)  # platforms keep Beijing time
_COMMON = ("%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2})?)?")
_SPELLED = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?: ?(\d{1,2})(?::(\d{1,2}))?(?::(\d{1,2}))?)?(?:[.-]\d+)?")
_ZONE = re.compile(r"(?<=\d)(?:(Z)|([+-])(\d\d):?(\d\d))$")
_CHINESE = str.maketrans("年月日号时点分秒/.T", "--  ::: -- ")
_AFTERNOON = re.compile("下午|晚上|傍晚|PM", re.IGNORECASE)
_PART_OF_DAY = re.compile("上午|下午|中午|晚上|傍晚|早上|凌晨|[AP]M|(?:星期|周)[一二三四五六日天]", re.IGNORECASE)


def parse_times(values: pd.Series) -> pd.Series:
    """Read a column of times whose formats may be mixed.

    Known: ``2022-06-06 06:46:12``, ``2022/6/6 6:46``, ``2022年6月6日 6时46分``, ``20220606064612``, Excel serial days
    and Unix seconds or milliseconds, in digits of either width. Always year, month, day: no export puts the day first.
    A time with a zone is told in Beijing time.

    Parameters
    ----------
    values : pandas.Series of str

    Returns
    -------
    pandas.Series of datetime64[us]
        ``NaT`` where nothing sensible can be read (or the year is not within 1990–2099).
    """
    times = pd.Series(pd.NaT, index=values.index, dtype="datetime64[us]")
    for shape in _COMMON:
        rest = times.isna()
        if not rest.any():
            break
        times[rest] = pd.to_datetime(values[rest], format=shape, errors="coerce").astype("datetime64[us]")
    rest = times.isna()
    read = {value: _parse(value) for value in values[rest].unique()}
    times[rest] = pd.Series([read[v] for v in values[rest]], index=values.index[rest], dtype="datetime64[us]")
    return times.where(times.between(_EARLIEST, _LATEST, inclusive="left"))


def _parse(value: str) -> pd.Timestamp | None:
    text = unicodedata.normalize("NFKC", value).strip()
    if re.fullmatch(r"\d{5}(\.\d+)?", text):
        return (_EXCEL_EPOCH + pd.Timedelta(days=float(text))).round("s")
    if re.fullmatch(r"1\d{9}(\d{3})?", text):
        return pd.Timestamp(int(text[:10]), unit="s") + _BEIJING
    zone = _ZONE.search(text) if ":" in text else None
    text = text[: zone.start()] if zone else text
    match = _COMPACT.fullmatch(text) or _SPELLED.fullmatch(_fold(text))
    if match is None:
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in match.groups())
    if hour < 12 and _AFTERNOON.search(text):
        hour += 12
    try:
        return pd.Timestamp(year, month, day, hour, minute, second) + _to_beijing(zone)
    except ValueError:
        return None


def _to_beijing(zone: re.Match[str] | None) -> pd.Timedelta:
    """Return what a time with this zone lacks to Beijing time."""
    if zone is None:
        return pd.Timedelta(0)
    if zone.group(1):
        return _BEIJING
    offset = pd.Timedelta(hours=int(zone.group(3)), minutes=int(zone.group(4)))
    return _BEIJING - offset if zone.group(2) == "+" else _BEIJING + offset


def _fold(text: str) -> str:
    """Write a Chinese date with ASCII marks only: '2022年6月6日6时46分' becomes '2022-6-6 6:46'."""
    folded = _PART_OF_DAY.sub(" ", text).translate(_CHINESE)
    return re.sub(r"\s+", " ", folded).strip().rstrip(":")
