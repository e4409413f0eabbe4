"""Wording: a spoken clause made one that a report can carry, by taking words away and by a table of written ones."""

import re
from functools import cache

from .._resources import data_lines, word_list

__all__ = ["HALF_WIDTH", "cut_openings", "half_width", "names_trouble", "people", "written"]

HALF_WIDTH = str.maketrans("\uff0c\uff1b\uff1a\uff01\uff1f\uff08\uff09", ",;:!?()")
"""Full-width signs to half-width ones: clauses are cut on the latter and told with the former."""

_NUMBER = "[\\d一二三四五六七八九十百千万两几半][\\d一二三四五六七八九十百千万两几半.多来余]*"
_DAY = (
    r"(?:\d{2,4}年)?\d{1,2}月(?:\d{1,2}[日号]?)?(?:份|底|初|中旬|上旬|下旬)?|\d{1,2}[日号]|"
    "[今昨前当][天日晚早夜年]|上个?(?:月|周|星期|礼拜)[一二三四五六日天]?|这个?(?:月|周|星期|几天|两天|段时间)|近[日期]|近?(?:几天|两天|些天)|"
    "连日|连续|刚刚|刚才|刚|前几[天日]"
)
_HOUR = (
    "周[一二三四五六日末]|(?:晚上|夜里|夜间)(?=\\d)|(?:大)?清早|一早|早上|上午|中午|下午|傍晚|凌晨|"
    rf"{_NUMBER}(?:点|时)(?:{_NUMBER}分?)?(?:钟|左右|许|多|半)*"
)
"""Times that come again every day or week."""
_TIME = re.compile(
    f"^(?:(?>(?:从|自|于|在|到|至|约)?(?:{_DAY}|{_HOUR}|以来|开始|起|左右|至今|到现在|,))(?!(?:以|之)[前后内]|[前内]|期间))+"
)
_OF_A_DAY = re.compile(_DAY)
_UNIT = "(?:个|名|位|亩|头|只|户|栋|间|辆|台|条|棵|箱|家|块|元|斤|吨|米|公里|株|套|层|处|张|人|万)"
_COUNT = re.compile(
    f"^(?:约|近|大约|整整|共|全部|超过)?{_NUMBER}{_UNIT}+(?:多|余|的)?(?![\u4e00-\u9fff]{{1,5}}{_NUMBER}{_UNIT})"
)
"""How much of one thing; of several ('五亩番薯八亩水稻') the first count goes no more than the others."""
_WHOSE = re.compile(
    "^(?:(?:我们|咱们|俺们|我|咱|俺|本人|自己|自家|其|该|来电人|诉求人|市民)(?:所在|家)?的?|(?:家住|居住|地处|位于|住(?![建管房院户宅宿所处进]))在?)(?=[\u4e00-\u9fff])"
)
_POINTING = ["此类", "这类", "这一", "这种", "这些", "类似", "上述", "以上", "实际", "真实", "具体", "特殊"]
_END = re.compile(
    f"(?<![成有出是无该])(?<!{')(?<!'.join(_POINTING)})(?:的)?(?:问题|情况|现象|一事|事宜|等|控告书|投诉书|举报信)$"
)
_OBJECT = re.compile(
    "(?:有|存在|出现|发生|面临|属于|解决|处理|整治|治理|查处|协调|改善|缓解|关注|重视|反映|了解|说明|引起|涉及).*(?:问题|情况|现象|事宜)$|的[^的]+问题$"
)
"""What a verb before it governs is no mere label: '解决道路硬化问题', '有严重质量问题'; nor is '停车场的收费问题'."""
SHORTEST = 4


@cache
def _table() -> tuple[tuple[str, str], ...]:
    lines = (line.partition("=") for line in data_lines("draft_written.txt"))
    pairs = [(spoken, said) for spoken, sign, said in lines if sign]
    return tuple(sorted(pairs, key=lambda pair: (-len(pair[0]), pair[0])))


@cache
def _spoken() -> re.Pattern[str]:
    return re.compile("|".join(re.escape(spoken) for spoken, _ in _table()))


@cache
def _trouble() -> re.Pattern[str]:
    return re.compile("|".join(re.escape(word) for word in sorted(word_list("draft_trouble.txt"))))


def people() -> frozenset[str]:
    """Return the words for those who call and for those who are called to account."""
    return word_list("draft_citizens.txt") | word_list("roles.txt") | word_list("draft_actors.txt")


def names_trouble(clause: str) -> bool:
    """Tell whether a clause says that something is wrong (``data/draft_trouble.txt``)."""
    return _trouble().search(clause) is not None


def half_width(text: str) -> str:
    """Write the signs of a text half-width."""
    return text.translate(HALF_WIDTH)


def written(clause: str) -> str:
    """Put spoken words into written ones (``data/draft_written.txt``), nothing else."""
    table = dict(_table())
    return _spoken().sub(lambda match: table[match.group()], clause)


def cut_openings(clause: str, *, wish: bool = False) -> str:
    """Take away what opens a clause and holds for one order only (when, how many, whose), and its loose end.

    Of a wish only the days go, and the hours of such a day: other hours and numbers are what is wished for.

    Examples
    --------
    >>> cut_openings("昨天下午三亩花生全烂在地里了")
    '花生全烂在地里了'
    >>> cut_openings("晚上十点后停止施工", wish=True)
    '晚上十点后停止施工'
    """
    before = None
    while before != clause:
        before = clause
        when = _TIME.match(clause)
        one_day = when is not None and (not wish or _OF_A_DAY.search(when.group()))
        for pattern, applies in ((_TIME, one_day), (_COUNT, not wish), (_WHOSE, True)):
            shorter = pattern.sub("", clause) if applies else clause
            if len(shorter) >= SHORTEST:
                clause = shorter
        if not _OBJECT.search(clause):
            clause = _END.sub("", clause)
    return clause
