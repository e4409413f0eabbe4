"""Places and units that a text names, found by how such names are built, with no gazetteer."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache

from .._resources import word_list
from ..segment import Segmenter

__all__ = [
    "NAME_TAGS", "REGION", "find_places", "is_office", "is_somewhere", "name_among", "own_name", "places_of",
    "rank_places", "without_last_part", "words_for_kinds",
]  # fmt: skip

NAME_TAGS = frozenset(("ns", "nr", "nrt", "nrfg", "nz", "nt", "eng"))
"""jieba's tags of names: of places, persons, brands, bodies, and what is written in Latin letters."""

_TOKEN = re.compile(r"[\u4e00-\u9fffA-Za-z0-9]+")
REGION = re.compile(r".*(省|市|区|县|州|盟|旗|街道|街道办)$")
_LEADING_REGION = re.compile(
    r"^(?:[\u4e00-\u9fffA-Z][\u4e00-\u9fff\d]{0,3}?[省市县区])(?=[\u4e00-\u9fffA-Za-z0-9]{3,})"
)
_REGION_BEFORE = re.compile(r"^[\u4e00-\u9fffA-Z][\u4e00-\u9fff\d]{0,3}?[省市县区](?=..)")
_AUTHORITY = re.compile("政府|[省市县区镇乡党]委")
_NOWHERE = re.compile("(?:政府|党委|公司|集团|委员会|局|办|法院|检察院)$|^\\d+(?:路|号线)$")
"""Ends of the names of units and companies; bus and metro lines."""
_SETTLEMENT = re.compile("..(?:镇|乡|街道|村|社区|新城)$")
_LONGEST = 10
_UNIT = re.compile("(?:年|月|日|点|里|公里|米|栋|幢|楼|层|单元|号|期|岁|时)[多许]?")
_NUMERAL = re.compile(rf"[一二三四五六七八九十百千两几半多数好许]+.?|[每很众较最].+|\d+{_UNIT.pattern}")
_WHEN = re.compile(
    "(?:[今昨前明后当去][天日晚早年]|[上中下]午|早上|晚上|凌晨|傍晚|夜里|半夜|[上本下]个?[月周]|近日|最近|目前|现在)+"
)
_SAYING = "距离|咨询|反映|建议|影响|位于|地处|换乘"
_NO_PART = re.compile(f"..+[人者员]|.+们|.条|.*[到把被称说讲让给于在至从]|{_SAYING}")
"""Words that stand before a name and are no part of it: who (本地人), a measure (留条路), what is done with it, and
what the tagger joins to a noun before it (车把、人称)."""
_JOINED = re.compile(f"^(?:[说称讲把被给到去叫但且或跟该](?=.)|(?:[问是距及为据此]|{_SAYING})(?=..))")
"""What the tagger joins to the unknown name behind it (到宏步、距黄泥)."""
_NO_BEGINNING = frozenset(("vn", "b", "q", "l", "i"))
"""Tags of words that a name of several words does not begin with."""
_VERB = re.compile("[说称讲把被给到去找问查叫是在让对向经往从]")
_PART_TAGS = frozenset(("eng", "nr", "nrt", "ns", "nt", "nz", "nrfg", "ng", "vn", "zg", "an", *"nxmbsliazqjg"))


@cache
def _longest_suffix() -> int:
    return max(map(len, word_list("place_suffixes.txt")))


def find_places(tagged: Sequence[tuple[str, str]]) -> list[str]:
    """Return the names of places and units in a tagged text, in order of appearance, each once.

    A name is a known last part (小区, 路, 村, 中学, 公司 … in ``data/place_suffixes.txt``) with the nouns, names,
    numbers and unknown words before it. A last part alone ('小区') names nothing.

    Parameters
    ----------
    tagged : sequence of (str, str)
        Tokens with jieba's part-of-speech tags (`Segmenter.tag`).
    """
    found: dict[str, None] = {}
    for i in range(len(tagged)):
        core = _suffix_at(tagged, i)
        if core is not None:
            name = _extend_left(tagged, i, core)
            if _says_more_than(name, core):
                found[name] = None
    return [name for name in found if not any(name != other and name in other for other in found)]


def places_of(texts: Iterable[str], segmenter: Segmenter) -> list[list[str]]:
    """Return the places that each text names."""
    return [find_places(segmenter.tag(text)) for text in texts]


def without_last_part(place: str) -> str:
    """Return what sets a place apart: its name without the known last parts ('滨河' of '滨河小区')."""
    suffixes = word_list("place_suffixes.txt")
    longest = _longest_suffix()
    while True:
        ends = (place[-k:] for k in range(min(longest, len(place) - 1), 0, -1))
        last = next((end for end in ends if end in suffixes), "")
        if not last:
            return place
        place = place[: -len(last)]


def own_name(place: str, segmenter: Segmenter) -> str:
    """Return what of a place's name is its own; empty where that is one common word (大型, 水泥) or an authority."""
    name = _REGION_BEFORE.sub("", without_last_part(place))
    if len(name) < 2 or _AUTHORITY.search(name):
        return ""
    tagged = segmenter.tag(name)
    common = len(tagged) == 1 and tagged[0][1] not in NAME_TAGS | {"m", "x"}
    return "" if common else name


def is_somewhere(place: str, segmenter: Segmenter) -> bool:
    """Tell whether a name from `find_places` is of one place: of no unit, company or line, and no common word."""
    return not is_office(place) and (_SETTLEMENT.search(place) is not None or own_name(place, segmenter) != "")


def is_office(name: str) -> bool:
    """Tell whether a name from `find_places` is of a unit, a company or a bus or metro line."""
    return _NOWHERE.search(name) is not None


def words_for_kinds() -> frozenset[str]:
    """Return the words for kinds of places (学校, 路口), which name none."""
    return word_list("place_generic.txt") | word_list("place_suffixes.txt")


def _suffix_at(tagged: Sequence[tuple[str, str]], i: int) -> str | None:
    word, tag = tagged[i]
    if not _TOKEN.fullmatch(word) or word in word_list("place_lookalikes.txt"):
        return None
    suffixes = word_list("place_suffixes.txt")
    for length in range(min(len(word), _longest_suffix()), 1, -1):
        if word[-length:] in suffixes:
            return word[-length:]
    if word[-1] in suffixes and (len(word) == 1 or tag[0] in "nxj"):
        return word[-1]
    return None


def _extend_left(tagged: Sequence[tuple[str, str]], i: int, core: str) -> str:
    """Return the name that ends with a token: with the words before it that may be part of a name."""
    last = _without_joined(tagged[i][0])
    parts = [(last if _says_more_than(last, core) else tagged[i][0], tagged[i][1])]
    length = len(parts[0][0])
    for j in range(i - 1 if parts[0][0] == tagged[i][0] else -1, -1, -1):
        word, tag = tagged[j]
        length += len(word)
        counted = j > 0 and tagged[j - 1][1] == "m" and _UNIT.fullmatch(word)
        if length > _LONGEST or tag not in _PART_TAGS or counted or _stands_before(word):
            break
        own = _without_joined(word)
        parts.insert(0, (own, tag))
        if own != word:
            break
    while len(parts) > 2 and parts[0][1] in _NO_BEGINNING and _suffix_at(parts, 1) is None:
        del parts[0]
    return _LEADING_REGION.sub("", "".join(word for word, _ in parts))


def _stands_before(word: str) -> bool:
    """Tell whether a word stands before a name and is no part of it."""
    if word in word_list("place_generic.txt") or not _TOKEN.fullmatch(word):
        return True
    if len(word) > 1 and REGION.fullmatch(word):
        return True
    return any(pattern.fullmatch(word) for pattern in (_NUMERAL, _WHEN, _NO_PART))


def _without_joined(word: str) -> str:
    return _JOINED.sub("", word)


def _says_more_than(name: str, suffix: str) -> bool:
    head = name[: -len(suffix)] if name.endswith(suffix) else name
    generic = word_list("place_generic.txt")
    if name in generic or head in generic or (_VERB.match(name) and name[1:] in generic):
        return False
    return len(head) >= 2 or any(c.isdigit() for c in head) or (len(head) == 1 and len(suffix) > 1 and len(name) > 3)


def rank_places(places_of_orders: Iterable[Sequence[str]], most: int = 5) -> list[str]:
    """Return the places that most orders name, aliases merged.

    A name that ends another ('滨河苑', '伊景园滨河苑') is taken as the same place under the commoner name.
    """
    counts = Counter(place for places in places_of_orders for place in set(places))
    merged: dict[str, int] = {}
    for place, count in sorted(counts.items(), key=lambda pc: (-pc[1], pc[0])):
        name = name_among(merged, place) or place
        merged[name] = merged.get(name, 0) + count
    return [place for place, _ in sorted(merged.items(), key=lambda pc: (-pc[1], pc[0]))][:most]


def name_among(known: Iterable[str], place: str) -> str:
    """Return the first of the known names that is the same place, or ends like it; empty if none."""
    return next((k for k in known if len(min(k, place, key=len)) > 2 and (k.endswith(place) or place.endswith(k))), "")
