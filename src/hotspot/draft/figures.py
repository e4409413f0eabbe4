"""Figures in a text: numbers however they are written, each with what it counts, so that two texts can be compared."""

import re

from ..segment import Segmenter

__all__ = ["figures_of"]

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_NUMBER = re.compile(
    r"(?P<percent>百分之)?(?P<digits>\d+(?:,\d{3})+|\d+(?:\.\d+)?)(?P<scale>[万亿千百])?(?P<unit>[%\u4e00-\u9fff℃])?"
    r"|(?P<percent2>百分之)?(?P<chinese>[零〇一二两三四五六七八九十百千万亿]+)(?P<unit2>[\u4e00-\u9fff℃])?"
)
_SAME_UNIT = str.maketrans("块日号点位人栋趟回遍", "元天天时名名幢次次次")
_COUNTED = frozenset("元天时名年月周个户栋幢亩米层条台辆件次家吨斤度分秒岁期楼路国省县%套间头只位块")
_SINGLE = re.compile("[一两]")
_FULL = str.maketrans("０１２３４５６７８９％．，", "0123456789%.,")


def figures_of(text: str, segmenter: Segmenter) -> set[tuple[float, str]]:
    """Return the numbers of a text, each with its unit: ``{(37, '天')}``; a part of a word ('一般', '万家') is none.

    Chinese numerals, digits, 万 and percentages come to the same; units that mean the same are one ('元' for '块').
    Bare 一 and 两 before what is no unit count nothing.
    """
    text = text.translate(_FULL)
    words = _spans(text, segmenter)
    found: set[tuple[float, str]] = set()
    for match in _NUMBER.finditer(text):
        chinese = match["chinese"]
        unit = (match["unit"] or match["unit2"] or "").translate(_SAME_UNIT)
        counted = unit if unit in _COUNTED else ""
        if chinese and (_inside_word(match.span("chinese"), words) or (_SINGLE.fullmatch(chinese) and not counted)):
            continue
        value = _value(chinese) if chinese else float(match["digits"].replace(",", ""))
        value *= {"万": 1e4, "亿": 1e8, "千": 1e3, "百": 100}.get(match["scale"] or "", 1)
        percent = match["percent"] or match["percent2"]
        found.add((round(value, 6), "%" if percent else counted))
    return found


def _spans(text: str, segmenter: Segmenter) -> list[tuple[int, int, str]]:
    spans, at = [], 0
    for word, tag in segmenter.tag(text):
        spans.append((at, at + len(word), tag))
        at += len(word)
    return spans


def _inside_word(span: tuple[int, int], words: list[tuple[int, int, str]]) -> bool:
    """Tell whether a numeral stands in a longer word that is no number."""
    return any(a <= span[0] and span[1] < b and tag[0] not in "mtq" for a, b, tag in words) or any(
        a < span[0] < b and tag[0] not in "mtq" for a, b, tag in words
    )


def _value(text: str) -> float:
    """Read a Chinese numeral; digit by digit where it has no unit ('二〇二三')."""
    if not set(text) & {*_UNITS, "万", "亿"}:
        return float("".join(str(_DIGITS[c]) for c in text))
    total = section = digit = 0
    place = 1  # of a digit that nothing follows: 三百二 is 320, 三百零二 is 302
    for c in text:
        if c in _DIGITS:
            digit = _DIGITS[c]
            place = place if digit else 1
        elif c in _UNITS:
            section += (digit or 1) * _UNITS[c]
            digit, place = 0, _UNITS[c] // 10
        else:
            scale = 10_000 if c == "万" else 100_000_000
            total = (total + section + digit) * scale
            section, digit, place = 0, 0, scale // 10
    return float(total + section + digit * place)
