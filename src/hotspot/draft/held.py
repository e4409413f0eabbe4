"""Held to the evidence: what a sentence says that the orders behind it do not."""

import re
from dataclasses import dataclass
from functools import cache

from .._resources import data_text, word_list
from ..detection.places import find_places
from ..embed import Encoder
from ..privacy import mask
from ..segment import Segmenter
from .claims import Said, claims_of, negates, score, unheard
from .clauses import plain_parts
from .figures import figures_of

__all__ = ["Evidence", "faults", "speaks_to_machines"]

BORNE_OUT = 0.31
"""Log-odds of a clause from which on it counts as borne out. Of ``benchmarks/claims.tsv`` it catches 39 of 42 false
sentences of the part ``dev``, by which it was chosen, and 41 of 49 of the part ``held``; but it sends back many
true ones (passes 16 of 26, and 9 of 42): a false sentence in a report costs more."""
_NAMES = frozenset(["nr", "nrt", "nrfg", "ns", "nt", "nz"])
_FORM = re.compile(r"[\n\r`*#<>{}\[\]\\|]|https?:|www\.|〔|[一二三四五六七八九十]是(?=.{4})")


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
    """Return the clauses that the orders do not bear out, one by one: what is put beside a true one is not truer."""
    asked = [claim for claim in claims_of(sentence) if claim.text not in evidence.stated]
    told = [text for text in map(_without_orders_to_machines, evidence.texts) if text]
    if not asked:
        return []
    said = Said(told, evidence.encoder, evidence.segmenter)
    if not said.clauses:
        return ["依据工单里没有可以对照的话"]
    found = []
    for claim in asked:
        if score(claim, said) < BORNE_OUT or unheard(claim, said):
            turned = negates(claim, said)
            found.append(f"“{claim.text}”{'与依据工单的意思相反' if turned else '在依据工单里找不到'}")
    return found


def _without_orders_to_machines(text: str) -> str:
    if not speaks_to_machines(text):
        return text
    return "。".join(clause for clause in plain_parts(text) if not speaks_to_machines(clause))
