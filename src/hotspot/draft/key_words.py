"""Key words of a hotspot: things that many of its orders name, and that citizens otherwise seldom speak of."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import pairwise

import numpy as np
import pandas as pd

from .._resources import data_text, word_list
from ..detection.keyness import Ordinary
from ..detection.places import NAME_TAGS, find_places
from ..segment import Segmenter
from .support import Backdrop
from .wording import people

__all__ = ["key_words"]

KEYNESS = 2.0
"""Log ratio of a word's share in the month to its share in the known sentences from which on it is key."""
FEWEST, MANY, LIFT, MOST = 4, 0.25, 2.0, 3
"""Orders that hold a key word, and their share; how many times that of the month it is, and how many are told."""
FEWEST_SPOKEN, SOME, SPOKEN_LIFT, MOST_SPOKEN = 3, 0.1, 3.0, 2
"""The same of a word that fewer orders hold while most speak of what it means; these fill up to so many."""
SPOKEN = 0.5
"""Share of the orders that must speak of what such a word means."""
BOUND, HALF = 0.8, 0.5
"""Share of the times that two words stand together which makes them halves of one name; share of a word's own that it
ends or opens a place's."""


_NAMING = frozenset("nvabjlz")
_SOMEBODY = re.compile(
    "丈夫|妻子|老公|老婆|老伴|爱人|[父母]亲?|父母|爸爸?|妈妈?|爷爷|奶奶|外公|外婆|公公|婆婆|儿子|女儿|儿媳|女婿|孙[子女]|"
    "哥哥?|弟弟?|姐姐?|妹妹?|亲戚|亲属|家属|家人|家里人|娃[娃儿]?|伢[子崽]?|老人家|老[汉头太]儿?|[交民]警|警察|城管|领导|干部|经理|营业员|营业厅"
)


def key_words(
    orders: pd.DataFrame, rarity: Mapping[str, float], segmenter: Segmenter, backdrop: Backdrop | None = None
) -> list[str]:
    """Return the key words of a hotspot: those that many orders hold, then those that half speak of, of most first.

    None is a part of a longer name: '动力' is none where it always follows the same word.

    Parameters
    ----------
    orders : pandas.DataFrame
        The hotspot's orders.
    rarity : mapping of str to float
        From `word_rarity` of the month.
    segmenter : Segmenter
        Word cutter.
    backdrop : Backdrop, optional
        Of the month; without it only words that many orders hold are key.
    """
    texts = [segmenter.tag(text) for text in orders["title"] + "。" + orders["text"]]
    held = Counter(word for text in texts for word in {word for word, _ in text})
    in_month = {word: float(np.exp(-rarity[word])) for word in held if word in rarity}
    share = {word: held[word] / len(orders) for word in in_month}
    things = _things(texts)
    some = sorted(
        word
        for word in in_month
        if word in things
        and held[word] >= max(FEWEST_SPOKEN, SOME * len(orders))
        and share[word] >= LIFT * in_month[word]
    )
    said = sum(np.exp(-rare) for rare in rarity.values())
    keyness = dict(
        zip(some, _ordinary_words().keyness(some, np.array([in_month[w] / said for w in some])), strict=True)
    )
    key = [word for word in some if keyness[word] >= KEYNESS]
    many = [word for word in key if held[word] >= FEWEST and share[word] >= MANY]
    few = [word for word in key if word not in many and share[word] >= SPOKEN_LIFT * in_month[word]]
    spoken = backdrop.supported(few, orders).mean(axis=1) if backdrop and few else np.zeros(len(few))
    found = sorted(many, key=lambda word: (-share[word], -keyness[word], word))[:MOST]
    support = {word: round(float(by), 6) for word, by in zip(few, spoken, strict=True) if by >= SPOKEN}
    meant = sorted(support, key=lambda word: (-support[word], -share[word], word))
    return [_whole(word, texts) for word in found + meant[: max(0, MOST_SPOKEN - len(found))]]


def _whole(word: str, texts: Sequence[Sequence[tuple[str, str]]]) -> str:
    """Return a word with the noun that mostly follows it: '育儿' is told as '育儿补贴'."""
    following = Counter(
        second if tag[0] in "nv" and len(second) > 1 else ""
        for text in texts
        for (first, _), (second, tag) in pairwise(text)
        if first == word
    )
    after = max(sorted(following), key=lambda second: following[second], default="")
    return word + after if after and following[after] > HALF * following.total() else word


def _things(texts: Sequence[Sequence[tuple[str, str]]]) -> set[str]:
    """Return the words of tagged texts that name what is spoken of, whole."""
    tags = {word: tag for text in texts for word, tag in text}
    places = "、".join({place for text in texts for place in find_places(text)})
    whole = _seldom_part_of_a_name(texts) - _parts_of_longer_words(texts)
    return {word for word in whole if word not in places and _is_a_thing(word, tags[word])}


def _parts_of_longer_words(texts: Sequence[Sequence[tuple[str, str]]]) -> set[str]:
    """Return the halves of names: words that nearly always stand together, which citizens elsewhere never say so."""
    every = Counter(word for text in texts for word, _ in text)
    beside = Counter(
        (first, second)
        for text in texts
        for (first, one), (second, other) in pairwise(text)
        if one[0] in _NAMING and other[0] in _NAMING and min(len(first), len(second)) > 1
    )
    known = data_text("subjects.tsv")
    bound = [pair for pair, count in beside.items() if count >= BOUND * max(every[word] for word in pair)]
    return {word for pair in bound for word in pair if every[word] > 1 and "".join(pair) not in known}


def _seldom_part_of_a_name(tagged: Sequence[Sequence[tuple[str, str]]]) -> set[str]:
    """Return the words that mostly stand in no name: not '号楼', the '路站' of '滨江路站', the '荷花' of '荷花路'."""
    every = Counter(word for text in tagged for word, _ in text)
    after = Counter(
        word for text in tagged for (_, before), (word, _) in pairwise(text) if before == "m" or before in NAME_TAGS
    )
    opening = Counter(word for text in tagged for (word, _), (end, _) in pairwise(text) if _ends_a_name(end))
    return {word for word in every if max(after[word], opening[word]) < HALF * every[word]}


def _ends_a_name(token: str) -> bool:
    """Tell whether a token is or begins with the last part of a place's name: also '路站', as a cutter leaves it."""
    return bool({token, token[:1]} & word_list("place_suffixes.txt")) and token not in word_list("place_generic.txt")


def _is_a_thing(word: str, tag: str) -> bool:
    """Tell whether a word names what is spoken of: no name, no lack, nobody who calls or is called to account."""
    if len(word) < 2 or tag in NAME_TAGS or tag[0] not in "nvj" or word[0] in "不没未":
        return False
    return word not in people() and not _SOMEBODY.fullmatch(word)


@cache
def _ordinary_words() -> Ordinary:
    segmenter = Segmenter()
    return Ordinary(lambda sentence: set(segmenter.topic_words(sentence)))
