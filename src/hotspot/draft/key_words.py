"""Key words of a hotspot: things that many of its orders name, and that citizens otherwise seldom speak of."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import pairwise

import numpy as np
import pandas as pd

from ..detection.keyness import Ordinary
from ..detection.places import NAME_TAGS, find_places
from ..segment import Segmenter
from .wording import people

__all__ = ["key_words"]

KEYNESS = 2.0
"""Log ratio of a word's share in the month to its share in the known sentences from which on it is key."""
FEWEST, MANY, LIFT, MOST = 4, 0.25, 2.0, 3
"""Orders that hold a key word, and their share; how many times that of the month it is, and how many are told."""


_KIN = re.compile(
    "丈夫|妻子|老公|老婆|老伴|爱人|[父母]亲?|父母|爸爸?|妈妈?|爷爷|奶奶|外公|外婆|公公|婆婆|儿子|女儿|儿媳|女婿|孙[子女]|"
    "哥哥?|弟弟?|姐姐?|妹妹?|亲戚|亲属|家属|家人|家里人|娃娃?|老人家"
)


def key_words(orders: pd.DataFrame, rarity: Mapping[str, float], segmenter: Segmenter) -> list[str]:
    """Return the key words of a hotspot, of most orders first; no part of a place's name.

    Parameters
    ----------
    orders : pandas.DataFrame
        The hotspot's orders.
    rarity : mapping of str to float
        From `word_rarity` of the month.
    segmenter : Segmenter
        Word cutter.
    """
    tagged = [segmenter.tag(text) for text in orders["title"] + "。" + orders["text"]]
    tags = {word: tag for text in tagged for word, tag in text}
    held = Counter(word for text in tagged for word in {word for word, _ in text})
    places = "、".join({place for text in tagged for place in find_places(text)})
    in_month = {word: float(np.exp(-rarity[word])) for word in held if word in rarity}
    share = {word: held[word] / len(orders) for word in in_month}
    alone = _seldom_part_of_a_name(tagged)
    told = [
        word
        for word in in_month
        if share[word] >= max(MANY, LIFT * in_month[word])
        and held[word] >= FEWEST
        and word in alone
        and word not in places
        and _is_a_thing(word, tags[word])
    ]
    said = sum(np.exp(-rare) for rare in rarity.values())
    keyness = _ordinary_words().keyness(told, np.array([in_month[word] / said for word in told]))
    found = sorted((-share[word], -key, word) for word, key in zip(told, keyness, strict=True) if key >= KEYNESS)
    return [word for _, _, word in found[:MOST]]


def _seldom_part_of_a_name(tagged: Sequence[Sequence[tuple[str, str]]]) -> set[str]:
    """Return the words that mostly follow no name and no number: '号楼' and the '路站' of '滨江路站' are no things."""
    every = Counter(word for text in tagged for word, _ in text)
    within = Counter(
        word for text in tagged for (_, before), (word, _) in pairwise(text) if before == "m" or before in NAME_TAGS
    )
    return {word for word in every if 2 * within[word] < every[word]}


def _is_a_thing(word: str, tag: str) -> bool:
    """Tell whether a word names what is spoken of: no name, nobody who calls or is called to account."""
    if len(word) < 2 or tag in NAME_TAGS or tag[0] not in "nvj":
        return False
    return word not in people() and not _KIN.fullmatch(word)


@cache
def _ordinary_words() -> Ordinary:
    segmenter = Segmenter()
    return Ordinary(lambda sentence: set(segmenter.topic_words(sentence)))
