"""Polarity: which words of a text are negated, and contrary words in the place of each other."""

import re
from collections.abc import Mapping
from functools import cache

from .._resources import data_text
from ..segment import Segmenter

__all__ = ["contraries", "negated_words", "opposites", "words_by_polarity"]

SCOPE = 4
"""Words over which a negation reaches: itself and the next three, to the first verb."""
_NEGATION = re.compile(
    "(?:从|并|尚|仍|毫|还|均|也|都)?[不没无未非勿别](?:有|能|会|应|该|必|需要?|要|让|予|得)?|难以|拒绝|停止|禁止|无法|拒不"
)
_NEGATED = re.compile("(?:[不没无未难]|无人|没人|没有|无法|尚未|不予)(?:得到|能|以|及时|按时)?[\u4e00-\u9fff]{1,2}")
_EITHER = re.compile("(.)[不没]\\1|是否|能否|可否|有无|与否")
_SIGNS = re.compile(r"[\W_]+")
_WEAK = frozenset(["能", "会", "要", "让", "应", "可以", "有", "是", "需要", "到", "去", "来", "给"])


@cache
def opposites() -> tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]:
    """Return the pairs of contrary wordings (``data/draft_opposites.txt``)."""
    lines = (line.split("#", 1)[0].partition("=") for line in data_text("draft_opposites.txt").splitlines())
    return tuple((tuple(left.split()), tuple(right.split())) for left, sign, right in lines if sign)


def contraries(text: str, whole: str) -> int:
    """Return how many wordings of a text have their contrary in the orders, and do not stand there themselves."""
    text = _NEGATED.sub("", _EITHER.sub("", text))
    sides = [pair for one, other in opposites() for pair in ((one, other), (other, one))]
    return sum(_any(mine, text) and not _any(mine, whole) and _any(theirs, whole) for mine, theirs in sides)


def _any(words: tuple[str, ...], text: str) -> bool:
    return any(word in text for word in words)


def words_by_polarity(text: str, segmenter: Segmenter) -> dict[str, set[bool]]:
    """Return for each verb, adjective and noun of a text whether it is negated there."""
    found: dict[str, set[bool]] = {}
    for clause in _SIGNS.split(_EITHER.sub("", text)):
        reach = 0
        for word, tag in segmenter.tag(clause):
            if _NEGATION.fullmatch(word):
                reach = SCOPE
            elif tag[0] in "vanil" and word not in _WEAK:
                found.setdefault(word, set()).add(reach > 0)
                reach = 0 if tag[0] in "va" and tag != "vn" else reach
            reach -= reach > 0
    return found


def negated_words(mine: Mapping[str, set[bool]], theirs: Mapping[str, set[bool]]) -> int:
    """Return how many words are negated where theirs never are, or the other way round."""
    return sum(word in theirs and not states <= theirs[word] for word, states in mine.items())
