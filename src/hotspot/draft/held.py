"""Held to the evidence: what code can tell that a sentence says and the orders behind it do not."""

import re
from functools import cache

from .._resources import data_lines
from ..detection.places import NAME_TAGS, find_places, is_office, words_for_kinds
from ..privacy import mask
from ..segment import Segmenter
from .figures import figures_of
from .polarity import contraries, makes_general
from .proofs import clauses_of

__all__ = ["faults", "speaks_to_machines"]

_ON_THE_MAP = re.compile("(?:[村镇乡路街巷桥河江湖山岭苑]|社区|小区|街道|花园|新城)$")
"""Ends of places that a common word may name (群星村); a shop or a school needs a name (理发店 is any)."""
_WISH = re.compile("希望|要求|请求|恳请|建议|盼")
_FORM = re.compile(r"[\n\r`*#<>{}\[\]\\|]|https?:|www\.|〔|[一二三四五六七八九十]是(?=.{4})")


@cache
def _to_machines() -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{line})" for line in data_lines("draft_orders_to_machines.txt")))


def speaks_to_machines(text: str) -> bool:
    """Tell whether a text gives orders to a language model (``data/draft_orders_to_machines.txt``)."""
    return _to_machines().search(text) is not None


def faults(sentence: str, whole: str, segmenter: Segmenter) -> list[str]:
    """Return what is wrong with a sentence, in Chinese; nothing where no rule speaks against it.

    Its form, what it unmasks, its figures, what it names, and contrary words. Whether the orders bear it out besides is
    for `proofs`.

    Parameters
    ----------
    sentence : str
    whole : str
        All that it may rest on: the masked orders, and what our own code states.
    segmenter : Segmenter
        Word cutter.
    """
    if not clauses_of(sentence) or _FORM.search(sentence) or speaks_to_machines(sentence):
        return ["不是一句可以写进报告的话"]
    if mask(sentence) != sentence:
        return ["写出了应当遮盖的个人信息"]
    return [*_figures(sentence, whole, segmenter), *_names(sentence, whole, segmenter), *_turned(sentence, whole)]


def _figures(sentence: str, whole: str, segmenter: Segmenter) -> list[str]:
    known = figures_of(whole, segmenter)
    values = {value for value, _ in known}
    wrong = [
        f"{value:g}{unit}"
        for value, unit in sorted(figures_of(sentence, segmenter))
        if not {(value, unit), (value, "")} & known and (unit or value not in values)
    ]
    return [f"数字“{'、'.join(wrong)}”在依据工单里没有"] if wrong else []


def _names(sentence: str, whole: str, segmenter: Segmenter) -> list[str]:
    """Return the places that the orders do not name: '门前道路' is none, '理发店' names none."""
    general = words_for_kinds()
    wrong = []
    for place in find_places(segmenter.tag(sentence)):
        if place in whole or is_office(place):
            continue
        new = [tag for word, tag in segmenter.tag(place) if word not in general and word not in whole]
        on_the_map = _ON_THE_MAP.search(place) is not None
        if any(tag in NAME_TAGS or tag == "x" or (on_the_map and tag[0] not in "vpfsdmu") for tag in new):
            wrong.append(place)
    return [f"“{'、'.join(wrong)}”在依据工单里没有"] if wrong else []


def _turned(sentence: str, whole: str) -> list[str]:
    """Return the clauses that put the contrary word for one of the orders', or make a case general.

    What is wished for is always the contrary of what is the matter.
    """
    wrong = [
        clause
        for clause in clauses_of(sentence)
        if not _WISH.search(clause) and (contraries(clause, whole) or makes_general(clause, whole))
    ]
    return [f"“{clause}”与依据工单的意思相反" for clause in wrong]
