"""Key words of a hotspot: things that many of its orders name, and that citizens otherwise seldom speak of."""

from collections import Counter
from collections.abc import Mapping
from functools import cache

import numpy as np
import pandas as pd

from .._resources import word_list
from ..detection.known_subjects import known_sentences
from ..detection.places import NAME_TAGS, find_places
from ..segment import Segmenter

__all__ = ["key_words"]

KEYNESS = 2.0
"""Log ratio of a word's share in the month to its share in the known sentences from which on it is key."""
MANY, LIFT, MOST = 0.25, 2.0, 3
"""Share of the orders that hold a key word, how many times that of the month it is, and how many are told."""


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
    usual, total = _usual()
    said = sum(np.exp(-rare) for rare in rarity.values())
    found = []
    for word, count in held.items():
        share, of_month = count / len(orders), np.exp(-rarity.get(word, np.inf))
        keyness = np.log(max(of_month, 1e-9) / said * (total + len(usual)) / (usual.get(word, 0) + 1))
        many = share >= MANY and share >= LIFT * of_month > 0
        if many and keyness >= KEYNESS and word not in places and _is_a_thing(word, tags[word]):
            found.append((-share, -keyness, word))
    return [word for _, _, word in sorted(found)[:MOST]]


def _is_a_thing(word: str, tag: str) -> bool:
    """Tell whether a word names what is spoken of: no name, nobody who calls or is called to account."""
    if len(word) < 2 or tag in NAME_TAGS or tag[0] not in "nvj":
        return False
    return word not in word_list("roles.txt") | word_list("draft_citizens.txt") | word_list("draft_actors.txt")


@cache
def _usual() -> tuple[dict[str, int], int]:
    """Return in how many known sentences each word stands, and the sum of it."""
    segmenter = Segmenter()
    found = Counter(word for sentence in known_sentences() for word in set(segmenter.topic_words(sentence)))
    return dict(found), sum(found.values())
