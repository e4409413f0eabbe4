"""Polarity: contrary words in the place of each other, and one case told as all."""

import re
from functools import cache

from .._resources import data_lines

__all__ = ["contraries", "makes_general"]

_NEGATED = re.compile("(?:[不没无未难]|无人|没人|没有|无法|尚未|不予)(?:得到|能|以|及时|按时)?[\u4e00-\u9fff]{1,2}")
_EITHER = re.compile("(.)[不没]\\1|是否|能否|可否|有无|与否")
_EVERY = re.compile("所有|全部|一律|普遍|全[县市省镇村区]|每[个户家名天]|任何|整个")


@cache
def _opposites() -> tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]:
    """Return the pairs of contrary wordings (``data/draft_opposites.txt``)."""
    lines = (line.partition("=") for line in data_lines("draft_opposites.txt"))
    return tuple((tuple(left.split()), tuple(right.split())) for left, _, right in lines)


def contraries(text: str, whole: str) -> int:
    """Return how many wordings of a text have their contrary in the orders, and do not stand there themselves."""
    text = _NEGATED.sub("", _EITHER.sub("", text))
    sides = [pair for one, other in _opposites() for pair in ((one, other), (other, one))]
    return sum(_any(mine, text) and not _any(mine, whole) and _any(theirs, whole) for mine, theirs in sides)


def makes_general(text: str, whole: str) -> bool:
    """Tell whether a text speaks of all, where the orders nowhere do."""
    return bool(_EVERY.search(text)) and not _EVERY.search(whole)


def _any(words: tuple[str, ...], text: str) -> bool:
    return any(word in text for word in words)
