"""Tell one emergency from its order's own words: what was reported, who went, how and when it ended."""

import re
from itertools import accumulate
from typing import Any

import pandas as pd

from .emergencies import Emergency, score_text, settled_cues
from .model import Count, Figure, Sentence
from .numbers import chinese_date, duration, moment
from .say import say

__all__ = ["tell_emergency"]

_MARKS = "\uff0c\uff1b\uff01\uff1f\uff1a\uff08\uff09"
_FOLD = str.maketrans(_MARKS, ",;!?:()")
_PICTURES = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\ufe0f\u200d~～]+")
_NAME = "〔姓名〕"
_SURNAMED = "(?!老)[\u4e00-\u9fff]{1,2}(?:先生|女士)"
_STARTS = r"(?:^|(?<=[,;。!?:]))"
_SAYS = "(?:反映|求助|咨询|投诉|自述|急?称|说)"
_WHO = f"(?:市民|来电人|群众|网民|村民|居民)?(?:{_NAME})?"
_OPENING = re.compile(
    rf"^急电[:,!]*|^{_WHO}(?:紧急|再次|第.次)?(?:来电(?!人)|致电|来信|自述){_SAYS}?[:,]?(?:称|说|其)?"
    rf"|^{_WHO}{_SAYS}[:,]?|^{_NAME}[:,]"
)
_PERSONS = (  # a masked name or a surname: left out before 'says' and where it is nobody's, else 其
    (re.compile(rf"(?:{_NAME}|{_STARTS}{_SURNAMED}){_SAYS}[:,]?"), ""),
    (re.compile(f"的{_NAME}"), "的市民"),
    (re.compile(f"{_NAME}的"), _NAME),
    (re.compile(rf"{_STARTS}(?:{_NAME}|{_SURNAMED})|(?<=[在让把被给到对跟和与向找叫咬撞砸]){_NAME}"), "其"),
    (re.compile(f"{_NAME}(?=[父母公婆妻儿女家老奶爷])"), "其"),
    (re.compile(_NAME), ""),
)
_DAYS = tuple(
    (re.compile(said), told)
    for said, told in (
        ("今天|今日", "当天"), ("今早|今晨", "当天早上"), ("今晚", "当晚"), ("昨晚", "前一晚"), ("昨夜", "前一天夜里"),
        ("昨天|昨日|昨儿", "前一天"), ("(?<!大)前天|前日", "两天前"), ("这会儿", "此时"),
    )
)  # fmt: skip
_EMPTY_TITLE = re.compile("(?:群众|市民|网民)?(?:来电|致电)?(?:求助|投诉|举报|建议|咨询|反映|诉求)(?:问题|情况)?")
_REQUEST = re.compile(
    r"^(?:[他她其我]们?)?(?:现|特|故|为此)?(?:急|想)?(?:希望|要求|请求|恳请|恳求|请|麻烦|盼|求|望|拜托)(?!问)(?:有关|相关)?"
    r"|^(?:能不能|能否|可否|可不可以)(?=.{0,4}(?:派|来|先|帮|安排))"
    r"|^叫(?=.{1,6}(?:赶紧|赶快|马上|快来))"
    r"|^(?:快|赶紧|赶快|马上|立即|尽快)(?!就|要)(?=.{0,3}(?:派|来|叫|安排|放(?![学假])|清|修|送))"
)
_ASKING = re.compile(
    "^(?:麻烦|拜托|求|盼|望|请求|恳请|恳求|请|叫|能不能|能否|可否|可不可以)(?!求)(?:各位|你们|您|领导)?"
)
_ASIDE = re.compile(
    r"^拜托.{0,3}$|^(?:谢谢|感谢|多谢|吓死|救命$|急(?![盼需求])|唉|天哪|你好|您好|领导)|〔(?:手机|电话|身份证|车牌|账号|银行卡|邮箱)〕|[?]"
    r"|(?:怎么|为什么|凭什么|到底|难道|是不是|心惊|害怕|看着都|睡不着|哭着)|^有.{1,8}也有"
)
_MEMBER = "(?:局|中心|镇|院|办|站|队|公司|所|大队|分局|委|校|县局|乡|街道)"
_FACTS_LENGTH = 72
_REQUEST_LENGTH = 48
_REPLY_LENGTH = 90


def tell_emergency(order: Any, emergency: Emergency, *, outcomes: bool = True) -> tuple[Sentence, ...]:
    """Tell an emergency.

    Parameters
    ----------
    order : row of the orders table, as `itertuples` gives it, with its unit
        The order.
    emergency : Emergency
        What was found in it.
    outcomes : bool, default True
        Whether the month's orders tell what became of them at all: then it is said of one that does not.

    Returns
    -------
    tuple of Sentence
        What was reported, and what was done, each resting on the order.
    """
    title, text = _clean(str(order.title)).strip(",;!。"), str(order.text)
    in_text = emergency.clause in text.translate(_FOLD)
    facts, request = condense(text, emergency.clause if in_text else score_text("", text).clause)
    headline = f"“{title}”:" if title and title not in facts and not _EMPTY_TITLE.fullmatch(title) else ""
    reported = f"{moment(order.created)}，市民反映{headline}{facts}" + (f",{request}" if request else "") + "。"
    sentences = [say(reported, orders=(emergency.order_id,), quoted=True)]
    done = condense_reply(str(order.reply), str(order.unit))
    if done:
        sentences.append(say(f"{order.unit}承办后反馈：{done}", orders=(emergency.order_id,), quoted=True))
    if emergency.hours is not None:
        sentences.append(_closing(order, emergency))
    elif not done and outcomes:
        sentences.append(say("工单未载明办理结果。"))
    return tuple(sentences)


def _closing(order: Any, emergency: Emergency) -> Sentence:
    same_day = order.closed.date() == order.created.date()
    time = moment(order.closed)
    when = "当日" + time.removeprefix(chinese_date(order.closed)) if same_day else time
    where = (("order_id", emergency.order_id),)
    figure = Figure(duration(emergency.hours or 0), "span_hours", (Count(where, total="hours"),), "从来电到办结用时")
    return say(f"工单于{when}办结，距来电", figure, "。", orders=(emergency.order_id,), quoted=True)


def _clean(text: str) -> str:
    """Fold the marks, drop pictures and spaces, and speak of people in the third person."""
    text = re.sub(r"\s+", "", _PICTURES.sub("", text.translate(_FOLD)))
    for person, told in _PERSONS:
        text = person.sub(told, text)
    return text


def condense(text: str, shown: str) -> tuple[str, str]:
    """Cut a text down to what happened and what is asked for.

    Parameters
    ----------
    text : str
        Of the order.
    shown : str
        The clause that shows the emergency; kept if it is in the text.

    Returns
    -------
    tuple of str
        Facts and request; the request may be empty.
    """
    folded = re.sub(r"\s+", "", _PICTURES.sub("", text.translate(_FOLD)))
    body = _clean(_OPENING.sub("", folded, count=1) or folded)
    key = _third_person(_clean(shown))
    request: list[str] = []
    facts: list[list[str]] = []
    for sentence in re.findall(r"[^。!?…\n]+[。!?…\n]*", body):
        asked = bool(request)  # once; what follows the first request in its sentence belongs to it
        told: list[str] = []
        for clause in re.findall(r"[^,;。!…\n]+", sentence):
            plain = _third_person(clause)
            aside = _ASIDE.search(clause) is not None and not (key and key in plain)
            if not aside and not (asked and _REQUEST.search(clause)):
                if request and not asked:
                    request.append(plain)
                elif _REQUEST.search(clause):
                    request.append(_as_request(clause))
                else:
                    told.append(plain)
        facts.append(told)
    return ",".join(_within(facts, key, _FACTS_LENGTH)), ",".join(_first(request, _REQUEST_LENGTH))


def _first(clauses: list[str], length: int) -> list[str]:
    """Take clauses from the first on while they fit, one at the least."""
    ends = list(accumulate(map(len, clauses)))
    return clauses[: max(1, sum(end <= length for end in ends))]


def _within(facts: list[list[str]], key: str, length: int) -> list[str]:
    """Take clauses from the first on while they fit, but whole sentences if any: half of one may say the contrary.

    Where the key clause would be cut off, start later, at a sentence if it can be.
    """
    clauses = [c for sentence in facts for c in sentence]
    ends = list(accumulate(map(len, facts)))
    at = next((i for i, c in enumerate(clauses) if key and (key in c or c in key)), 0)
    starts = [*(e for e in (0, *ends) if e <= at), *range(at + 1)]
    start = next((i for i in starts if sum(map(len, clauses[i : at + 1])) <= length), at)
    stop = start + len(_first(clauses[start:], length))
    return clauses[start : max((e for e in ends if at < e <= stop), default=stop)]


def _as_request(clause: str) -> str:
    wish = re.sub(r"^(?:[他她其我]们?)?(?:现|特|故|为此)?(?:急|想)?", "", clause)
    wish = _ASKING.sub("希望", wish)
    if not re.match(r"希望|要求", wish):
        wish = "希望" + wish
    return _third_person(re.sub(r"(?:好不好|行不行|啊|吧|呀|啦)$", "", wish))


def _third_person(clause: str) -> str:
    for said, told in _DAYS:
        clause = said.sub(told, clause)
    clause = re.sub(r"来电人", "其", clause)
    clause = re.sub(r"我们(?=[村组镇这一两二三四五六七八九十几])|我(?=[们]?[村镇县])", "", clause)
    clause = re.sub(r"(?:我们|我)的?", "其", clause)
    return re.sub(r"(?:啊|呀|啦|吧|呢|哦)$", "", clause)


def condense_reply(reply: str, unit: str) -> str:
    """Cut a reply down to what was done, its 'we' replaced by the unit's name."""
    clean = re.sub(rf"(?:我|本){_MEMBER}", "该单位", _clean(reply))
    sentences = [s for s in re.split(r"[。!]", clean) if s and not re.search(r"满意|感谢您|谢谢|认可", s)]
    if not sentences:
        return ""
    first = next((i for i, s in enumerate(sentences) if settled_cues().search(s)), 0)
    kept = sentences[first]
    for sentence in sentences[first + 1 :]:
        if len(kept) + len(sentence) > _REPLY_LENGTH:
            break
        kept += "。" + sentence
    return kept.rstrip(",;") + "。"


def row_of(cases: pd.DataFrame, order_id: str) -> Any:
    """Return an order as a row with its columns as attributes."""
    return next(cases[cases["order_id"] == order_id].itertuples(index=False))
