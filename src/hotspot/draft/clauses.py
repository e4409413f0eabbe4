"""Clauses of an order: what is the matter, and what is asked for, in words that a report can carry.

A call-taker's summary and a resident's own long post are cut alike; what is told in the first person, with a tone, a name
or the date of one order is told as fact or not at all.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from ..segment import Segmenter

__all__ = ["Statement", "problem_statements", "request_statements", "statements_of"]

SHORTEST, LONGEST = 5, 26
_SENTENCE_END = re.compile(r"[。!?!?;;\n~]+|(?<=[^\d])\.{2,}|……")
_CLAUSE_END = re.compile(r"[,,::]+|——+")
_WHO = r"(?:〔姓名〕|市民|来电人|来访人|诉求人|群众|网民|网友|居民|村民|业主|家长|患者家属|家属|住户|其)"
_LEAD_IN = re.compile(
    rf"^(?:{_WHO})?(?:[((][^))]*[))])?(?:第[二三四五六七八九十\d]+次|再次|多次|又|曾)?(?:来电|来信|来访|致电)?"
    r"(?:反映|称其|称|表示|投诉|举报|咨询|询问|说|讲|诉|求助|建议|认为|担心|质疑|要问)+[::,,]?"
)
_CALL = re.compile(rf"^{_WHO}?(?:第[二三四五六七八九十\d]+次|再次|多次|又)?(?:来电|来信|致电)[::,,]?$")
_CONNECTIVE = re.compile(
    r"^(?:但是|但|而且|并且|因为|由于|所以|因此|于是|然后|其中|另外|此外|同时|而|且|并|却|仍|再|又|还|也|都|就|结果|"
    r"现在|目前|现|至今|如今|近日|近期|最近|一直|已经|已|当时|随后|之后|后来|其实|只是|不过|尤其|甚至|故|特|还有|等于|"
    r"可是|可|这样|这下|今年|去年|连日|本来|原本|说是|听说|据说|据称|称|说|关于|有关|反映|投诉|举报)+(?=[\u4e00-\u9fff])"
)
_REQUEST = re.compile(
    r"^(?:故|因此|所以|现|强烈|特|恳切|诚恳|来电人|市民|村民|居民|业主|家长|〔姓名〕|其|也|还|并|再次|急|只|就|我们?|大家)*"
    r"(希望|要求|请求|恳请|恳求|建议|盼望?|期望|望|咨询|询问|想问|请问|请)(?!病假|假|人吃饭|客)"
)
_PERSONAL = re.compile(r"[我咱俺你您]|本人|自己|自家|人家|他|她|老公|老婆|婆婆|公公|妈|爸|爷爷|奶奶|阿婆|儿子|女儿|孙|丈夫|妻子|媳妇|叔|舅|姑|姨|弟|哥|姐|妹")
_SPEECH = re.compile(r"来电|来信|致电|热线|^[一二三四五六七八九][、是]|^[问能]|能不能|有没有|是不是|会不会|要不要|谁|哪|多少|几时|(?:说|讲|称|问|答|回复|答复|告知|反映|表示)$")
_REPORTED = re.compile(r"^.{0,6}?(?:反映|表示|称|质问)(?!为|赞|职|重|心)")
_TONE = re.compile(r"[!?!?“”\"'‘’()()〔〕【】\[\]#@~…\U0001F300-\U0001FAFF]|[吗呢吧啊呀啦咯喔哦嘛哈哎唉呜]|什么|怎么|凭什么|难道|到底|究竟|居然|竟然|简直|真是|太")
_DATED = re.compile(r"\d|[今昨前明后][天早晚日年]|上[周月午]|下[周月午]|凌晨|[一二三四五六七八九十两几]+(?:点|时|个月|天|年|次|块|元|万|人|斤|亩|头|只|户|栋|间|辆|台|条)")
_PERSONAL_STYLE = re.compile(r"[我咱俺你]|本人")
_ROAD = re.compile(r"[SGXYsgxy]?\d{2,3}(?:国道|省道|县道|乡道|线)|\d+路(?:公交)?|[SG]\d+")
_ASKED_WITHIN = re.compile("(?<=[\u4e00-\u9fff]{4})(?:要求|请求|希望|盼|急盼|急求|咨询|恳请|求助|求(?=[\u4e00-\u9fff]{2}))")
_WHOM = re.compile(
    r"^(?:贵?(?:有关|相关|职能|主管)?(?:部门|单位|政府)|政府部门|热线办?|领导们?|上级|市里|县里|镇里|能够?|可以|可|尽快|尽早|早日|"
    r"及时|马上|立即|立刻|赶紧|赶快|抓紧|帮忙|帮助|协助)+(?=[\u4e00-\u9fff]{4})"
)
_QUESTION = re.compile("^[问能有是]|是否|有无|有没有|能否|可否|如何|还是|给个说法|^(?:部门|单位)负责$")


@dataclass(frozen=True)
class Statement:
    """A clause that one order says.

    Attributes
    ----------
    text : str
        The clause, condensed, with no end sign.
    order_id : str
        The order that says it.
    style : float
        How well its kind of text suits a report: 1 for a title, 0.5 for a call-taker's summary in the third person, 0
        for a resident's own words.
    """

    text: str
    order_id: str
    style: float = 0.0


def statements_of(
    orders: pd.DataFrame, segmenter: Segmenter
) -> tuple[list[Statement], list[Statement]]:
    """Return the problems and the requests that orders state in tellable words.

    Returns
    -------
    tuple of list of Statement
        Problems, requests.
    """
    problems: list[Statement] = []
    requests: list[Statement] = []
    for order_id, title, text in zip(orders["order_id"], orders["title"], orders["text"], strict=True):
        style = 0.0 if _PERSONAL_STYLE.search(text) else 0.5
        problems += [Statement(t, order_id, 1.0) for t in problem_statements([title], segmenter, title=True)]
        sentences = [s for s in _SENTENCE_END.split(text) if s.strip()]
        problems += [Statement(t, order_id, style) for t in problem_statements(sentences, segmenter)]
        requests += [Statement(t, order_id, style) for t in request_statements([title, *sentences])]
    return problems, requests


def problem_statements(sentences: Iterable[str], segmenter: Segmenter, *, title: bool = False) -> list[str]:
    """Return the clauses of sentences that state a fact and can stand in a report."""
    found = []
    for sentence in sentences:
        if not title and _REQUEST.match(sentence.strip()):
            continue
        for part in _CLAUSE_END.split(sentence):
            if _REQUEST.match(part.strip()):
                break
            clause = _condense(_ASKED_WITHIN.split(part, maxsplit=1)[0])
            if _tellable(clause) and not _SPEECH.search(clause) and not _DATED.search(_ROAD.sub("", clause)) and _is_a_statement(clause, segmenter):
                found.append(clause)
    return found


def request_statements(sentences: Iterable[str]) -> list[str]:
    """Return what sentences ask for, without the word that asks."""
    found: list[str] = []
    for sentence in sentences:
        parts = _CLAUSE_END.split(sentence.strip())
        for i, part in enumerate(parts):
            match = _REQUEST.match(part.strip()) or _ASKED_WITHIN.search(part.strip())
            if match is None:
                continue
            asked = part.strip()[match.end() :]
            if len(asked) < SHORTEST and i + 1 < len(parts):
                asked = asked + parts[i + 1].strip() if asked else parts[i + 1].strip()
            asked = _condense(_WHOM.sub("", asked))
            if _tellable(asked) and not _DATED.search(asked) and not _QUESTION.search(asked):
                found.append(asked)
            break
    return found


def _condense(clause: str) -> str:
    clause = clause.strip()
    if _CALL.match(clause):
        return ""
    clause = _LEAD_IN.sub("", clause)
    clause = _CONNECTIVE.sub("", _REPORTED.sub("", clause))
    clause = re.sub(r"(?:的)?(?:问题|情况|现象|一事)$", "", clause)
    return re.sub(r"\s+", "", clause).strip("、,。 ")


def _tellable(clause: str) -> bool:
    return SHORTEST <= len(clause) <= LONGEST and not _PERSONAL.search(clause) and not _TONE.search(clause)


def _is_a_statement(clause: str, segmenter: Segmenter) -> bool:
    """Tell whether a clause says something of something: a noun, then a verb or an adjective, and no loose end."""
    tagged = segmenter.tag(clause)
    tags = [tag for _, tag in tagged]
    noun = next((i for i, tag in enumerate(tags) if tag[0] in "nxjs" or tag in ("eng", "vn", "l", "i")), None)
    if noun is None or not any(tag[0] in "va" or tag in ("l", "i", "z", "zg") for tag in tags[noun + 1 :]):
        return False
    first, last = tags[0], tags[-1]
    return not (first[0] in "upcyqk" or first in ("d", "f") or last[0] in "pcrdq" or last in ("uj", "f", "m"))
