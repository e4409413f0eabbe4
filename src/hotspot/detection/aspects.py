"""What a text speaks of, in two parts: the names in it, and the problem that is told without them.

Orders of one matter share both: the place (or unit, product, line, person) and the problem. Thrown together, a name
outweighs the problem, for it is far rarer, and an estate with five troubles passes for one matter.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ..segment import Segmenter
from .places import NAME_TAGS, REGION, find_places, own_name, without_last_part
from .similarity import character_ngrams

__all__ = ["BODY", "Aspects", "aspects_of", "comparison_text", "telling_title"]

BODY = 300
"""Characters of a body that are compared: what the matter is stands in front, what it led to comes behind."""
BODY_PLACES = 2
"""Places of the body that stand for those of a title that names none: where it happens is told first."""
_BLANK = "\u3000"
_HAN = re.compile(r"[\u4e00-\u9fff]")
_NO_PROBLEM = NAME_TAGS | {"m", "x"}

Tagged = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Aspects:
    """A text in its parts.

    Attributes
    ----------
    title_names : frozenset of str
        Strings of characters of the names of places in the title.
    names : frozenset of str
        The same; of a title without any, those of the places that the body names first.
    title_problem, problem : str
        Title, and title and body, with every character of a name blank.
    """

    title_names: frozenset[str]
    names: frozenset[str]
    title_problem: str
    problem: str

    @property
    def problem_said(self) -> tuple[str, str]:
        """Return `title_problem` and `problem` with what is blank left out: what a sentence model reads."""
        return self.title_problem.replace(_BLANK, "").strip(), self.problem.replace(_BLANK, "").strip()


def telling_title(title: str, segmenter: Segmenter) -> str:
    """Return a title; empty if it tells nothing of the matter (咨询, 群众来电反映): it would make all calls alike."""
    return title if segmenter.topic_words(title) else ""


def comparison_text(title: str, text: str) -> str:
    """Return title, title again and the beginning of the body: a title says it in the fewest words."""
    return f"{title} {title} {_body(title, text)}"


def aspects_of(title: str, text: str, segmenter: Segmenter) -> Aspects:
    """Part a text into names and problem.

    Parameters
    ----------
    title, text : str
        An order's.
    segmenter : Segmenter
    """
    body = _body(title, text)
    tagged = segmenter.tag(title), segmenter.tag(body)
    in_title, in_body = map(find_places, tagged)
    title_names, body_names = (
        [name for place in places if (name := own_name(place, segmenter))] for places in (in_title, in_body)
    )
    title_problem, body_problem = (_without_names(some, (*in_title, *in_body)) for some in tagged)
    of_title = _strings(title_names)
    return Aspects(
        title_names=of_title,
        names=of_title or _strings(body_names[:BODY_PLACES]),
        title_problem=title_problem,
        problem=f"{title_problem} {body_problem}",
    )


def _body(title: str, text: str) -> str:
    """Return the beginning of a body; nothing where it only says the title again."""
    return "" if text == title else text[:BODY]


def _strings(names: Sequence[str]) -> frozenset[str]:
    """Return two and three characters in a row of names: aliases of one place share some."""
    return frozenset(character_ngrams(" ".join(names)))


def _without_names(tagged: Tagged, places: Sequence[str]) -> str:
    """Blank names, regions, numbers and signs; of a place what sets it apart: its last part (学校) stays."""
    said = "".join(word if _tells(word, tag) else _BLANK * len(word) for word, tag in tagged)
    whole = "".join(word for word, _ in tagged)
    for place in places:
        length = len(without_last_part(place))
        at = whole.find(place)
        while at >= 0:
            said = said[:at] + _BLANK * length + said[at + length :]
            at = whole.find(place, at + 1)
    return said


def _tells(word: str, tag: str) -> bool:
    return tag not in _NO_PROBLEM and bool(_HAN.search(word)) and not REGION.fullmatch(word)
