"""Tell one emergency from its order's own words: what was reported, who went, how and when it ended."""

import re
from typing import Any

import pandas as pd

from .emergencies import Emergency, settled_cues
from .model import Count, Figure, Sentence
from .numbers import chinese_date, duration, moment
from .say import say

__all__ = ["tell_emergency"]

_MARKS = "\uff0c\uff1b\uff01\uff1f\uff1a\uff08\uff09"
_FOLD = str.maketrans(_MARKS, ",;!?:()")
_PICTURES = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\ufe0f\u200d~～]+")
_WHO = "(?:市民|来电人|群众|网民|村民|居民|〔姓名〕)"
_OPENING = re.compile(
    rf"^{_WHO}?(?:紧急|再次|第.次)?(?:来电(?!人)|致电|来信|自述)(?:反映|求助|咨询|投诉|称|说)?[:,]?(?:称|说|其)?"
    rf"|^{_WHO}(?:反映|求助|咨询|投诉|称|说)[:,]?|^(?:反映|求助)[:,]?|^〔姓名〕[:,]?"
)
_REQUEST = re.compile(
    r"^(?:现|特|故|为此)?(?:急)?(?:希望|要求|请求|恳请|恳求|请|麻烦|盼|求|望|拜托)(?!问)(?:有关|相关)?"
    r"|^(?:快|赶紧|赶快|马上|立即|尽快)(?=.{0,3}(?:派|来|叫|安排|放|清|修|送))"
)
_ASIDE = re.compile(
    r"^拜托.{0,3}$|^(?:谢谢|感谢|多谢|吓死|急(?![盼需求])|唉|天哪|你好|您好|领导)|〔(?:手机|电话|身份证|车牌|账号|银行卡|邮箱)〕|[?]"
    r"|(?:怎么|为什么|凭什么|到底|难道|是不是|心惊|害怕|看着都|睡不着|哭着)|^有.{1,8}也有"
)
_CONTINUES = re.compile("^(?:把|并|再|最好|先|送|派|帮|给)")
_MEMBER = "(?:局|中心|镇|院|办|站|队|公司|所|大队|分局|委|校|县局|乡|街道)"
_FACTS_LENGTH = 56
_REPLY_LENGTH = 90


def tell_emergency(order: Any, emergency: Emergency) -> tuple[Sentence, ...]:
    """Tell an emergency.

    Parameters
    ----------
    order : row of the orders table, as `itertuples` gives it, with its unit
        The order.
    emergency : Emergency
        What was found in it.

    Returns
    -------
    tuple of Sentence
        What was reported, and what was done, each resting on the order.
    """
    facts, request = condense(str(order.text), emergency.clause)
    title = _clean(str(order.title)).strip(",;!。")
    headline = f"“{title}”:" if title and title not in facts else ""
    reported = f"{moment(order.created)}，市民反映{headline}{facts}" + (f",{request}" if request else "") + "。"
    sentences = [say(reported, orders=(emergency.order_id,), quoted=True)]
    done = condense_reply(str(order.reply), str(order.unit))
    if done:
        sentences.append(say(f"{order.unit}承办后反馈：{done}", orders=(emergency.order_id,), quoted=True))
    if emergency.hours is not None:
        sentences.append(_closing(order, emergency))
    elif not done:
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
    text = _PICTURES.sub("", text.translate(_FOLD))
    text = re.sub(r"〔姓名〕(?=[父母公婆妻儿女家老奶爷])", "其", text).replace("〔姓名〕", "")
    return re.sub(r"\s+", "", text)


def _clauses(text: str) -> list[str]:
    return [c for c in re.split(r"[,;!。…\n]+|(?<=[?])", text) if c]


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
    request = ""
    facts: list[str] = []
    open_request = False
    for clause in _clauses(_subject_kept(_clean(text))):
        if _REQUEST.search(clause) and not _ASIDE.search(clause):
            open_request = not request
            request = request or _as_request(clause)
        elif open_request and _CONTINUES.search(clause):
            request += "," + _third_person(clause)
        elif not _ASIDE.search(clause):
            facts.append(_third_person(clause))
            open_request = False
    return ",".join(_within(facts, _third_person(_clean(shown)), _FACTS_LENGTH)), request


def _subject_kept(text: str) -> str:
    """Drop '市民来电反映' from the start, and a masked name before '父亲' becomes 其."""
    rest = _OPENING.sub("", text, count=1)
    return rest or text


def _within(facts: list[str], key: str, length: int) -> list[str]:
    """Take clauses from the first on while they fit; where the key clause would be cut off, start later."""
    start = 0
    at = next((i for i, c in enumerate(facts) if key in c or c in key), 0)
    while start < at and sum(map(len, facts[start : at + 1])) > length:
        start += 1
    chosen: list[str] = []
    for clause in facts[start:]:
        if chosen and sum(map(len, chosen)) + len(clause) > length:
            break
        chosen.append(clause)
    return chosen


def _as_request(clause: str) -> str:
    wish = re.sub(r"^(?:现|特|故|为此|急)", "", clause)
    wish = re.sub(r"^(?:麻烦|拜托|求|盼|望|请求|恳请|恳求|请)(?!求)(?:各位|你们|您|领导)?", "希望", wish)
    if not re.match(r"希望|要求", wish):
        wish = "希望" + wish
    return _third_person(re.sub(r"(?:好不好|行不行|啊|吧|呀|啦)$", "", wish))


def _third_person(clause: str) -> str:
    clause = re.sub(r"来电人", "其", clause)
    clause = re.sub(r"我们(?=[村组镇这])|我(?=[们]?[村镇县])", "", clause)
    clause = re.sub(r"我们|我", "其", clause)
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
