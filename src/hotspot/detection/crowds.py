"""人群: the people that orders speak of."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache

from .._resources import word_list

__all__ = ["find_crowds", "rank_crowds"]

LEAST_SHARE = 0.1
"""Share of the orders that must speak of a crowd for it to be named."""


@cache
def _crowds() -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, sorted(word_list("roles.txt"), key=lambda word: (-len(word), word)))))


def find_crowds(text: str) -> list[str]:
    """Return the crowds that a text speaks of (``data/roles.txt``), each once, in order of appearance."""
    return list(dict.fromkeys(_crowds().findall(text)))


def rank_crowds(crowds_of_orders: Sequence[Iterable[str]], most: int = 3) -> list[str]:
    """Return the crowds that most orders speak of, those that hardly any does left out."""
    counts = Counter(crowd for crowds in crowds_of_orders for crowd in crowds)
    least = max(2.0, LEAST_SHARE * len(crowds_of_orders))
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [crowd for crowd, count in ranked[:most] if count >= least]
