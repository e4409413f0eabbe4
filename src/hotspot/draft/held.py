"""Held to the evidence: what a sentence says that the orders behind it do not."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from .._resources import data_text, word_list
from ..detection.places import find_places
from ..embed import Encoder, embed
from ..privacy import mask
from ..segment import Segmenter
from .clauses import plain_parts
from .figures import figures_of

__all__ = ["Evidence", "faults", "speaks_to_machines"]

MEAN, LEAST, LIKEST = 0.3, 0.4, 0.3
"""Shares of the mean and the least cover of its words and of its likest clause in how far a clause is borne out."""
BORNE_OUT = 0.52
"""How far a clause must be borne out by the orders: measured on ``benchmarks/claims.tsv`` (`benchmarks/draft.py`)."""
_NOT = re.compile("[不没无未非勿别]|难以|拒绝|停止|禁止")
_NAMES = frozenset(["nr", "nrt", "nrfg", "ns", "nt", "nz"])
_FORM = re.compile(r"[\n\r`*#<>{}\[\]\\|]|https?:|www\.|〔|[一二三四五六七八九十]是(?=.{4})")
_ASKS = re.compile("^(?:希望|要求|请求|建议|恳请|盼|咨询|反映|投诉)")
_DONE = re.compile("(?:已经?|全部|得到)+([\u4e00-\u9fff]{2})")
_EITHER = re.compile("(.)[不没]\\1|是否|能否|可否|有无|与否")


@dataclass(frozen=True)
class Evidence:
    """What a sentence may rest on.

    Attributes
    ----------
    texts : tuple of str
        The masked orders: title and body.
    stated : str
        What our own code states besides (counts, period, places), as the extractive sentence has it.
    encoder : Encoder
    segmenter : Segmenter
    """

    texts: tuple[str, ...]
    stated: str
    encoder: Encoder
    segmenter: Segmenter


@cache
def _to_machines() -> re.Pattern[str]:
    lines = (line.strip() for line in data_text("draft_orders_to_machines.txt").splitlines())
    return re.compile("|".join(f"(?:{line})" for line in lines if line and not line.startswith("#")))


def speaks_to_machines(text: str) -> bool:
    """Tell whether a text gives orders to a language model (``data/draft_orders_to_machines.txt``)."""
    return _to_machines().search(text) is not None


@cache
def _opposites() -> tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]:
    pairs = []
    for line in data_text("draft_opposites.txt").splitlines():
        left, sign, right = line.split("#", 1)[0].partition("=")
        if sign:
            pairs.append((re.compile("|".join(left.split())), re.compile("|".join(right.split()))))
    return tuple(pairs)


def faults(sentence: str, evidence: Evidence) -> list[str]:
    """Return what is wrong with a sentence, in Chinese; nothing where all that it says is borne out.

    Its form, what it unmasks or names, its figures, its places, then clause by clause its claims and whether they say
    the contrary of the orders.
    """
    if not sentence.strip() or _FORM.search(sentence) or speaks_to_machines(sentence):
        return ["不是一句可以写进报告的话"]
    if mask(sentence) != sentence:
        return ["写出了应当遮盖的个人信息"]
    whole = "。".join((*evidence.texts, evidence.stated))
    return [*_figures(sentence, whole, evidence), *_names(sentence, whole, evidence), *_claims(sentence, evidence)]


def _figures(sentence: str, whole: str, evidence: Evidence) -> list[str]:
    known = figures_of(whole, evidence.segmenter)
    values = {value for value, _ in known}
    wrong = [
        f"{value:g}{unit}"
        for value, unit in sorted(figures_of(sentence, evidence.segmenter))
        if (value, unit) not in known and not (not unit and value in values)
    ]
    return [f"数字“{'、'.join(wrong)}”在依据工单里没有"] if wrong else []


def _names(sentence: str, whole: str, evidence: Evidence) -> list[str]:
    """Return the places, units and people that the orders do not name; '门前道路' names nothing."""
    tagged = evidence.segmenter.tag(sentence)
    wrong = [word for word, tag in tagged if tag in _NAMES and len(word) > 1 and word not in whole]
    general = word_list("place_generic.txt") | word_list("place_suffixes.txt")
    for place in find_places(tagged):
        parts = [(w, t) for w, t in evidence.segmenter.tag(place) if w not in general and w not in whole]
        if place not in whole and any(tag[0] not in "vpfsdmu" for _, tag in parts):
            wrong.append(place)
    wrong = list(dict.fromkeys(wrong))
    return [f"“{'、'.join(wrong)}”在依据工单里没有"] if wrong else []


def _claims(sentence: str, evidence: Evidence) -> list[str]:
    clauses = [c for c in plain_parts(sentence) if c not in evidence.stated]
    clauses = [_ASKS.sub("", clause) or clause for clause in clauses]
    said = [clause for text in evidence.texts for clause in plain_parts(text) if not speaks_to_machines(clause)]
    if not clauses:
        return []
    if not said:
        return ["依据工单里没有可以对照的话"]
    words = [evidence.segmenter.topic_words(clause) for clause in clauses]
    near = embed(clauses, evidence.encoder) @ embed(said, evidence.encoder).T
    found = []
    for clause, own, row in zip(clauses, words, near, strict=True):
        likest = [said[i] for i in np.argsort(-row, kind="stable")[:3]]
        if borne_out(own, float(row.max()), evidence) < BORNE_OUT:
            found.append(f"“{clause}”在依据工单里找不到")
        elif _turned(clause, likest, said, evidence.segmenter):
            found.append(f"“{clause}”与依据工单的意思相反")
    return found


def borne_out(words: Sequence[str], likest: float, evidence: Evidence) -> float:
    """Return how far a clause is borne out: how well the orders cover its words, and their likest clause the whole."""
    own = [word for word in words if word not in _may_add()]
    known = sorted({word for text in evidence.texts for word in evidence.segmenter.words(text) if len(word) > 1})
    if not own or not known:
        return 1.0 if not own else 0.0
    cover = (embed(own, evidence.encoder) @ embed(known, evidence.encoder).T).max(axis=1)
    whole = "。".join(evidence.texts)
    cover = np.where([word in whole for word in own], 1.0, np.clip(cover, 0, 1))
    return MEAN * float(cover.mean()) + LEAST * float(cover.min()) + LIKEST * likest


@cache
def _may_add() -> frozenset[str]:
    return word_list("draft_may_add.txt")


def _turned(clause: str, likest: Sequence[str], said: Sequence[str], segmenter: Segmenter) -> bool:
    """Tell whether a clause says the contrary of what the orders say.

    A word is negated that they never negate, or the other way round; the opposite of their word stands in its place;
    or something is told as done that they do not tell as done.
    """
    clause, whole = _EITHER.sub("", clause), _EITHER.sub("", "。".join(said))
    for word, tag in segmenter.tag(clause):
        states = _states(word, whole) if len(word) > 1 and tag[0] != "n" else set()
        if states and not _states(word, clause) <= states:
            return True
    for one, other in _opposites():
        for mine, theirs in ((one, other), (other, one)):
            if mine.search(clause) and not mine.search(whole) and any(theirs.search(text) for text in likest):
                return True
    return any(not re.search(f"(?:已经?|全部).{{0,2}}{re.escape(verb)}|{re.escape(verb)}.{{0,3}}了", whole)
               for verb in _DONE.findall(clause))  # fmt: skip


def _states(word: str, text: str) -> set[bool]:
    """Return whether a word is negated where it stands in a text: by one of the two characters before it."""
    return {
        _NOT.search(text[max(0, found.start() - 2) : found.start()]) is not None
        for found in re.finditer(re.escape(word), text)
    }
