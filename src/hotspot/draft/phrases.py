"""Phrases for a headline: what is the matter in four to eight characters ('山体滑坡', '房屋进水', '候诊时间过长')."""

import re

import pandas as pd

from ..detection.places import find_places
from ..segment import Segmenter
from .clauses import Statement, problem_statements, sentences_of, statements_of
from .wording import names_trouble

__all__ = ["brief_problems", "phrases_of"]

SHORTEST, LONGEST = 4, 8
LONGEST_CLAUSE = 12
_NOUNS = frozenset(["n", "nz", "j", "l", "vn", "ng", "nt", "s"])
_SAYING = frozenset(["v", "vn", "a", "i", "l", "an", "z"])
_BEFORE = frozenset(["n", "nz", "ns", "nr", "nt", "ng", "s", "t", "f", "m", "q", "uj", "x", "eng", "b"])
_INSIDE = frozenset(["n", "nz", "vn", "v", "a", "d", "an", "l", "i", "b", "ng", "s", "j", "f"])
_VAGUE = re.compile(
    "[这那的了着过在都就又也全才还说称讲把虽很]|特别|非常|十分|极其|极为|^[有是到去来]|[有是到去来给被把让向从]$|[人者]$|没有$"
)


def phrases_of(orders: pd.DataFrame, segmenter: Segmenter) -> list[Statement]:
    """Return the phrases of a noun and what is said of it that end a clause of the orders."""
    found: dict[tuple[str, str], Statement] = {}
    for order_id, title, text in zip(orders["order_id"], orders["title"], orders["text"], strict=True):
        for told, style in ((title, 1.0), (text, 0.0)):
            for clauses in problem_statements(sentences_of(told), segmenter):
                for clause in clauses.split("\uff0c"):
                    for phrase in _ends(clause, segmenter):
                        found.setdefault((order_id, phrase), Statement(phrase, order_id, style))
    return list(found.values())


def brief_problems(orders: pd.DataFrame, segmenter: Segmenter) -> list[str]:
    """Return the phrases and the short clauses of orders that say what is the matter, in the order of the text."""
    clauses = (s.text for s in statements_of(orders, segmenter)[0] if not s.loose and len(s.text) <= LONGEST_CLAUSE)
    whole = [c for c in clauses if names_trouble(c) and "\uff0c" not in c and not _VAGUE.search(c)]
    return list(dict.fromkeys([*(s.text for s in phrases_of(orders, segmenter)), *whole]))


def _ends(clause: str, segmenter: Segmenter) -> list[str]:
    """Return the ends of a clause that are a noun and what is said of it, and say what is wrong."""
    tagged = segmenter.tag(clause)
    if not tagged or not (tagged[-1][1] in _SAYING or names_trouble(tagged[-1][0])):
        return []
    named = max((clause.find(place) + len(place) for place in find_places(tagged)), default=0)
    found = []
    for start in range(len(tagged) - 2, -1, -1):
        text = "".join(word for word, _ in tagged[start:])
        word, tag = tagged[start]
        if len(text) > LONGEST or tag not in _INSIDE or len(clause) - len(text) < named:
            break
        begins = start == 0 or tagged[start - 1][1] in _BEFORE
        if begins and len(text) >= SHORTEST and tag in _NOUNS and len(word) > 1:
            found.append(text)
    return [text for text in found if names_trouble(text) and not _VAGUE.search(text)]
