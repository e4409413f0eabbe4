"""Put sentences together, and say how a place is spoken of."""

import re
from dataclasses import dataclass

from .model import Figure, Paragraph, Part, Sentence
from .month import Month
from .numbers import chinese_number, punctuate

__all__ = ["Place", "enumerated", "listed", "note", "paragraph", "place_of", "say"]

_END = re.compile(r"[\s\u3002;,!?\uff1b\uff0c\uff01\uff1f]+$")
_LEVELS = ("省", "市", "州", "盟", "县", "区", "旗")


@dataclass(frozen=True)
class Place:
    """Words for the place that reports.

    Attributes
    ----------
    we : str
        我县, 我市 …; 本地 where the settings do not say.
    units : str
        县直单位, 市直单位 …
    towns : str
        镇, or 镇、街道, as the units' names have it.
    """

    we: str
    units: str
    towns: str


def place_of(month: Month) -> Place:
    """Say how the month's place is spoken of."""
    office = month.settings.office
    level = office.region[-1:] if office.region[-1:] in _LEVELS else ""
    if not level and office.region_word[-1:] in _LEVELS:
        level = office.region_word[-1]
    we = office.region_word or (f"我{level}" if level else "本地")
    names = month.cases.loc[month.cases["group"] == "镇", "unit"]
    endings = [e for e in ("镇", "乡", "街道") if any(e in name[-6:] for name in names)]
    return Place(we, f"{level}直单位" if level else "部门", "、".join(endings) or "镇")


def say(*parts: Part | None, orders: tuple[str, ...] = (), quoted: bool = False) -> Sentence:
    """Make a sentence; half-width punctuation in its text becomes full-width, missing parts are left out."""
    kept = tuple(punctuate(p) if isinstance(p, str) else p for p in parts if p is not None)
    return Sentence(kept, orders, quoted)


def paragraph(*sentences: Sentence | None) -> tuple[Paragraph, ...]:
    """Make a paragraph of the sentences there are; no paragraph where there are none."""
    kept = tuple(s for s in sentences if s is not None)
    return (Paragraph(kept),) if kept else ()


def note(text: str) -> Paragraph:
    """Make a remark that tells what could not be said, and why."""
    return Paragraph((say(text),), note=True)


def listed(items: list[tuple[Part, ...]], separator: str = "、") -> tuple[Part, ...]:
    """Join items made of parts."""
    parts: list[Part] = []
    for i, item in enumerate(items):
        parts += ([separator] if i else []) + list(item)
    return tuple(parts)


def enumerated(sentences: list[Sentence]) -> tuple[Sentence, ...]:
    """Write sentences as 一是…;二是…, a single one without its number."""
    if len(sentences) == 1:
        return (_ended(sentences[0], "", "。"),)
    last = len(sentences)
    return tuple(_ended(s, f"{chinese_number(i)}是", "。" if i == last else ";") for i, s in enumerate(sentences, 1))


def _ended(sentence: Sentence, start: str, end: str) -> Sentence:
    parts = list(sentence.parts)
    if isinstance(parts[-1], str):
        parts[-1] = _END.sub("", parts[-1])
    return say(start or None, *parts, end, orders=sentence.orders, quoted=sentence.quoted)


def counted(name: str, figure: Figure, what: str = "") -> tuple[Part, ...]:
    """Write 公安局(124件), or 公安局(不满意13件)."""
    return (f"{name}({what}", figure, "件）")
