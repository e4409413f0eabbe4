"""Titles of hotspots: a place or subject that half of the orders share, and the problems that most of them tell.

Where orders tell one thing in many words of their own, no phrase of theirs is a title; the known subject is.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..detection.known_subjects import NO_SUBJECT, SharedSubject
from ..detection.places import find_places, is_office, words_for_kinds
from ..detection.similarity import character_ngrams
from ..segment import Segmenter
from .cause import Cause
from .standing import standing
from .support import Backdrop
from .wording import names_trouble, people

__all__ = ["Title", "led_by_place", "title_of"]

HALF = 0.5
"""Share of a hotspot's orders that its title must be true of."""
MOST_PHRASES, MOST_SUBJECTS = 2, 3
NEW = 0.06
"""Share of the orders that a further phrase or subject must add."""
NEARLY_ALL = 0.9
"""Share of the orders that leaves no room for an 'and others'."""
FEWEST, COMMON = 2, 0.1
"""Orders that a subject is named by: this many, and this share."""
KNOWN, NAMED = 0.4, 0.25
"""Share of the orders that must speak of a known subject, in whatever words; share that must name an aspect of it."""
FEW = 0.3
"""Share of the orders that may be of the known subject below which key words stand for it."""
SPOKEN = 0.8
"""Share of the orders that must speak of each of two key words for these to be told in place of several subjects."""
SOME = 0.25
"""Share of the orders that must hold the words of a phrase, or may be of a known subject, for it to be told."""
PLACED = 0.6
"""Share of the orders that must name a place for the title to begin with it."""
STANDING = 0.2
"""Weight of how well a phrase stands alone, beside the share of the orders that say it."""
SHORTEST = 4
_NOUNS = ("n", "nz", "nt", "l", "j")


@dataclass(frozen=True)
class Title:
    """A title and what it is true of.

    Attributes
    ----------
    text : str
    share : float
        Share of the hotspot's orders that it is true of.
    """

    text: str
    share: float


def title_of(
    orders: pd.DataFrame,
    cause: Cause | None,
    statements: Sequence[str],
    backdrop: Backdrop,
    segmenter: Segmenter,
    *,
    known: SharedSubject = NO_SUBJECT,
    keys: Sequence[str] = (),
) -> Title:
    """Make the title of a hotspot.

    A cause that half of the orders come from and what it brought ('强降雨引发水灾、塌方问题'); or else problems that
    half of them tell in these very words; or else the known subject ('供电服务方面停电与跳闸等问题'); or else the field
    that half are of and its subjects ('消费维权方面预付卡与商家跑路、健身房与瑜伽馆等问题'); or else the problems that
    half tell in other words; or else the cause; or else what many speak of, a known subject or the problems that
    most tell, led by the noun that half are about; or else the field. Where few orders may be of the known subject, key
    words stand for it ('交通秩序方面国道、大车等问题'), and where there are none the field alone: what one order says
    is no title for all.

    Parameters
    ----------
    orders : pandas.DataFrame
        The hotspot's orders.
    cause : Cause or None
        From `common_cause`.
    statements : sequence of str
        Short clauses and phrases of the orders that state a problem.
    backdrop : Backdrop
        Of the month.
    segmenter : Segmenter
        Word cutter.
    known : SharedSubject
        Known subject of the hotspot (`KnownSubjects.shared_by`).
    keys : sequence of str
        Its key words (`key_words`).
    """
    orders = orders.sort_values("order_id").reset_index(drop=True)
    share = _share_of_cause(cause, orders, backdrop) if cause else 0.0
    if cause and share >= HALF and cause.consequences:
        return Title(f"{cause.words}引发{'、'.join(cause.consequences[:2])}问题", share)
    problems, told = _problems(sorted(set(statements)), orders, backdrop, segmenter)
    verbatim = bool(problems) and min(_named(problem, orders, segmenter) for problem in problems) >= HALF
    spoken = _spoken_of(known, orders, backdrop)
    return (
        (None if verbatim else _keyed(known, keys, orders, backdrop) or _known(known, spoken, keys, orders, segmenter))
        or _told_by_half(problems, float(told.mean()))
        or (Title(_caused(cause, problems), share) if cause else None)
        or (Title(f"{'、'.join(known.names)}等问题", spoken) if spoken > SOME and known.share >= SOME else None)
        or _told_by_most(problems, told, orders, backdrop, segmenter)
        or _vague(known, spoken)
    )


def led_by_place(title: str, places: Sequence[str], orders: pd.DataFrame) -> str:
    """Put the place before a title that most of the orders name, if there is one ('丽景新城工厂与设备噪声问题').

    Parameters
    ----------
    title : str
    places : sequence of str
        Names of the hotspot's places, the commonest first; of units and companies among them none is put.
    orders : pandas.DataFrame
        The hotspot's orders.
    """
    said = orders["title"] + "。" + orders["text"] + "。" + orders["place"]
    shared = [place for place in places if not is_office(place) and _held(place, said) >= PLACED]
    if not shared or shared[0] in title:
        return title
    problems = title.partition("方面")[2]  # the place stands for the subject
    return shared[0] + (problems if len(problems) > len("等问题") else title)


def _told_by_half(problems: Sequence[str], told: float) -> Title | None:
    """Return the title made of problems that half of the orders tell."""
    if not problems or told < HALF:
        return None
    return Title(f"{'、'.join(problems)}{'等' if told < NEARLY_ALL else ''}问题", told)


def _vague(known: SharedSubject, spoken: float) -> Title:
    """Return the title that the field makes, or subjects of some orders where there is none; empty if nothing is."""
    if known.field:
        return Title(f"{known.field}等方面问题", known.field_share)
    said = 2 * spoken - known.share >= COMMON
    return Title(f"{'、'.join(known.names)}等问题" if said and known.share >= SOME else "", spoken)


def _caused(cause: Cause, problems: Sequence[str]) -> str:
    """Return what a cause is titled by: what it brought, or what is told, or the cause alone."""
    if cause.consequences:
        return f"{cause.words}引发{'、'.join(cause.consequences[:2])}等问题"
    return _led(cause.words, "、".join(problems)) if problems else f"{cause.words}等问题"


def _told_by_most(
    problems: Sequence[str],
    told: NDArray[np.bool_],
    orders: pd.DataFrame,
    backdrop: Backdrop,
    segmenter: Segmenter,
) -> Title | None:
    """Return the title made of problems that less than half of the orders tell."""
    if not problems:
        return None
    subjects, held = _subjects(orders, backdrop, segmenter)
    listed = "、".join(problems)
    if len(subjects) != 1:  # several subjects say less than what went wrong, even if that is not half of it
        return Title(f"{listed}等问题", float(told.mean()))
    return Title(_led(subjects[0], listed), float(held.mean()))


def _known(
    known: SharedSubject, spoken: float, keys: Sequence[str], orders: pd.DataFrame, segmenter: Segmenter
) -> Title | None:
    """Return the title that a known subject makes if enough orders speak of it, or else the field that half are of."""
    if len(known.names) == 1 and known.share >= FEW and spoken >= KNOWN:
        name = known.names[0]
        named = [aspect for aspect in known.aspects if _aspect_named(aspect, name, orders, segmenter) >= NAMED]
        if not named and known.share < HALF:  # key words tell of what else the orders may be
            said = orders["title"] + "。" + orders["text"]
            named = [key for key in keys if not _pairs(key) & _pairs(name) and _held(key, said) >= NAMED]
        if named:
            return Title(f"{name}方面{'、'.join(_apart(named))}等问题", spoken)
        if spoken >= HALF:
            return Title(f"{name}问题", spoken)
    if known.field_share < HALF:
        return None
    subjects = list(known.names) if known.share >= SOME else []
    if len(subjects) < 2 and known.share < HALF:  # a lone subject that less than half are of says less than key words
        subjects = _apart(keys) or subjects
    told = f"{'、'.join(subjects)}等" if subjects else ""
    return Title(f"{known.field}方面{told}问题", known.field_share)


def _apart(names: Sequence[str]) -> list[str]:
    """Return the names that have no two characters in a row of one before them."""
    kept: list[str] = []
    for name in names:
        if not any(_pairs(name) & _pairs(other) for other in kept):
            kept.append(name)
    return kept


def _pairs(text: str) -> set[str]:
    return set(character_ngrams(text, (2,)))


def _better_told(known: SharedSubject, keys: Sequence[str], orders: pd.DataFrame, backdrop: Backdrop) -> bool:
    """Tell whether two key words say more than several subjects, of the first of which less than half are."""
    if known.share >= HALF or len(_apart(keys)) < 2:
        return False
    return float(backdrop.supported(_apart(keys)[:2], orders).mean(axis=1).min()) >= SPOKEN


def _keyed(known: SharedSubject, keys: Sequence[str], orders: pd.DataFrame, backdrop: Backdrop) -> Title | None:
    """Return the title that key words make where few orders may be of the known subject: they or the field hold.

    So they do where several subjects are told and most orders speak of each of the first two key words.
    """
    several = len(known.names) > 1 and known.share >= SOME
    if not keys or not (_better_told(known, keys, orders, backdrop) if several else known.share < FEW):
        return None
    keys = _apart(keys)
    if known.field_share >= HALF:
        return Title(f"{known.field}方面{'、'.join(keys)}等问题", known.field_share)
    said = orders["title"] + "。" + orders["text"]
    named = said.str.contains("|".join(map(re.escape, keys))).to_numpy()
    share = float((named | backdrop.supported(keys, orders).any(axis=0)).mean())
    return Title(f"{'、'.join(keys)}等问题", share) if share >= HALF else None


def _spoken_of(known: SharedSubject, orders: pd.DataFrame, backdrop: Backdrop) -> float:
    """Return the share of the orders that speak of the first known subject: they say it, and it is likely."""
    if not known.names:
        return 0.0
    return (float(backdrop.supported(known.names[:1], orders).mean()) + known.share) / 2


def _named(phrase: str, orders: pd.DataFrame, segmenter: Segmenter) -> float:
    """Return the share of the orders that hold the rarest word of a phrase; all of it where it is only one and others.

    '物业不给看' has one word that names a topic, which says nothing of whether it is shown.
    """
    said = orders["title"] + "。" + orders["text"]
    words = segmenter.topic_words(phrase)
    return min(_held(word, said) for word in (words if len(words) > 1 else [phrase]))


def _aspect_named(aspect: str, subject: str, orders: pd.DataFrame, segmenter: Segmenter) -> float:
    """Return the share of the orders that hold the commonest word that an aspect adds to its subject."""
    said = orders["title"] + "。" + orders["text"]
    added = [word for word in segmenter.topic_words(aspect) if word not in subject]
    return max((_held(word, said) for word in added), default=0.0)


def _led(subject: str, problems: str) -> str:
    """Put a subject before its problems."""
    return f"{problems}等问题" if subject in problems else f"{subject}方面{problems}等问题"


def _share_of_cause(cause: Cause, orders: pd.DataFrame, backdrop: Backdrop) -> float:
    """Return the share of the orders that name a cause or what it brings, or speak of it in other words."""
    named = orders["order_id"].isin(cause.concerned).to_numpy()
    return float((named | backdrop.supported([cause.words, *cause.consequences], orders).any(axis=0)).mean())


def _problems(
    texts: Sequence[str], orders: pd.DataFrame, backdrop: Backdrop, segmenter: Segmenter
) -> tuple[list[str], NDArray[np.bool_]]:
    """Return the phrases that together most orders say, and which do; none names a place that half do not."""
    said = orders["title"] + "。" + orders["text"]
    texts = sorted({_without_rare_place(text, said, segmenter) for text in texts})
    common = {text: _named(text, orders, segmenter) for text in texts}
    enough = max(SOME, FEWEST / len(said))
    texts = [text for text in texts if len(text) >= SHORTEST and common[text] >= enough]
    worth = STANDING * standing(texts, "problem") + np.array([min(common[t], HALF) for t in texts])
    return _cover(texts, backdrop.supported(texts, orders), worth, MOST_PHRASES, 1.0)


def _without_rare_place(text: str, said: "pd.Series[str]", segmenter: Segmenter) -> str:
    """Take away a place that half of the orders do not name, with what stands before it."""
    for place in find_places(segmenter.tag(text)):
        if _held(place, said) < HALF:
            text = text[text.find(place) + len(place) :]
    return text


def _subjects(orders: pd.DataFrame, backdrop: Backdrop, segmenter: Segmenter) -> tuple[list[str], NDArray[np.bool_]]:
    """Return the nouns that together half of the orders are about, and which are."""
    said = orders["title"] + "。" + orders["text"]
    held = Counter(noun for text in said for noun in _nouns(text, segmenter))
    enough = max(FEWEST, COMMON * len(orders))
    common = {noun for noun, count in held.items() if count >= enough} - segmenter.stop_words - words_for_kinds()
    somebody = tuple(people())
    nouns = sorted(noun for noun in common if not noun.endswith(somebody) and not names_trouble(noun))
    named = np.array([_held(noun, said) for noun in nouns])
    return _cover(nouns, backdrop.supported(nouns, orders), named, MOST_SUBJECTS, HALF)


def _held(words: str, said: "pd.Series[str]") -> float:
    """Return the share of the orders that hold some words."""
    return float(said.str.contains(words, regex=False).mean())


def _nouns(text: str, segmenter: Segmenter) -> set[str]:
    return {word for word, tag in segmenter.tag(text) if tag in _NOUNS and len(word) > 1}


def _cover(
    texts: Sequence[str], supported: NDArray[np.bool_], worth: NDArray[np.float64], most: int, enough: float
) -> tuple[list[str], NDArray[np.bool_]]:
    """Choose texts one after the other, each for the orders that it adds, none with two characters of one chosen."""
    held = np.zeros(supported.shape[1], dtype=bool)
    words = [_pairs(text) for text in texts]
    chosen: list[int] = []
    while texts and len(chosen) < most and held.mean() < enough:
        gain = (supported & ~held).mean(axis=1)
        gain[[any(words[i] & words[c] for c in chosen) for i in range(len(texts))]] = 0
        best = int(np.argmax(np.round(np.where(gain >= NEW, gain + worth, -2), 6)))
        if gain[best] < NEW:
            break
        chosen.append(best)
        held = held | supported[best]
    return [texts[i] for i in chosen], held
