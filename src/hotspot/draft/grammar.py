"""Grammar of a clause: whether it says something of something, what it leaves open, and what the next one turns round.

Words and parts of speech only: whether what is said matters, `hotspot.draft.standing` and the orders tell.
"""

import re
from collections.abc import Sequence

from ..segment import Segmenter
from .wording import names_trouble

__all__ = [
    "goes_on",
    "is_elsewhere",
    "is_here",
    "is_setting",
    "leaves_open",
    "says_something",
    "turns",
    "without_adverbs",
    "without_le",
]

_TALK_ADVERBS = frozenset("又也都就还竟却")
_NEGATIONS = frozenset(["不", "没", "没有", "被"])
_RESULTS = frozenset("走掉到满完坏断倒起开上下出进住着成死光破穿错烂翻")
"""How a verb of two characters ends that no noun after it makes its attribute."""
_VOICES = frozenset("被把")
_NEGATED = re.compile("[不没无未]")
_ELSEWHERE = re.compile(
    "^(?:人家|别人|(?:别的?|其他的?|其它|兄弟|外)(?:省|市|县|区|乡|镇|村|地方|城市|小区|学校|医院|单位)|"
    "(?:邻近?|隔壁)(?:省|市|县|乡|镇|村)|外地(?![车人客户游牌来口工籍的货司老学号]))"
)
_HERE = re.compile("^(?:但|可(?!以)|却|而|唯独|偏偏|只有|就)|[这本]|我们|咱")
_TURN = re.compile(
    "^(?:但是?|可是?(?!以|能|否|见)|然而|却|结果|不料|不想|谁知|哪知|没想到|岂料|偏偏|反而|反倒)|"
    "[\u4e00-\u9fff]{2}(?:却|反而|反倒|不认)|(?:没有?|无)了?$"
)
"""How a clause begins or ends that takes back what the one before led to expect."""
_CORRECTION = re.compile("^(?:而?是|就是|只是|换成|改成|改为|变成|成了)")
_ONCE = re.compile("原来(?!的)|原本|本来|原先|从前|以前")
_GOES_ON = re.compile("^(?:改成|换成|变成|成了|改为|改到|没有?[^的]{1,6}[没无])")
_PREMISE = re.compile(
    "^(?:国家|上级|文件|政策|[\u4e00-\u9fff]{0,3}(?:公告|合同|广告|宣传单|小票|收据))[上里中]?[都也]?"
    "(?:让|鼓励|提倡|号召|规定|写|讲|说|承诺|约定|明确)"
)
_REPORTED = re.compile("(?:说(?![明服法])|讲(?![台座])|(?<![名职简])称(?![重职号])|承诺|答应|保证(?!金)|通知)(.*)")
_IMPOSED = re.compile("[只才另须得要收加补扣停]")
_OPEN = re.compile(
    "[写说讲贴称](?:着|了|是|的)?(?:不?[行能让准]|不?可以|不?允许)$|"  # what may not be done?
    "[人者户们](?:没有?|无)(?:别|其[他它])?(?:处|地方|地)[买卖去放停住坐倒]$|"  # to buy what?
    "^[交送寄递退转还]给|"  # what is given stood before
    "(?:反倒|反而|却)(?:没有?|不是|不)$|"
    "(?<![特级性区个类差分])别[处的]|^(?:对方|此事|该事)|"
    "^(?:平时|平常|一直|一心)?(?:想(?!象)|喜欢|爱(?!心)|舍不得|嫌|打算|准备|愿意|盼)|"  # who?
    "^(?:身[上高]|头发|个子|衣袋|口袋|手[上里]|头上|脚上|穿)|"
    "^(?:眼[球睛角]|耳朵|鼻子|牙齿|门牙|嗓子|喉咙|脸[上颊]|额头|胳膊|肩膀|后背|尾椎|肋骨|手指|手掌|膝盖|小腿|脚[踝趾]|[狗猫]爪子)|"
    "^(?:上头|下头|里头|外头|跟前|对面|旁边)|"  # beside what?
    "[在到](?:上|下|里|外|前|后)[头面边]$|"
    "[户家人叔东板](?:死活|就是|偏|都)?(?:不肯|不愿意?|不同意|死活不|怕[\u4e00-\u9fff]{2,5}不肯)[签换给退认接交搬让卖买拆]$|"
    "才(?:给|肯|让|准|能)[开办接签收过批发退]$|"
    "([抢买领等找约盼])了[\u4e00-\u9fff]*[没未]\\1[到着上]?$"
)
"""What a clause must have before it: an object, an antecedent, or the person whose mind or body it speaks of."""


def without_adverbs(clause: str, segmenter: Segmenter) -> str:
    """Take away the adverbs that only hold talk together ('又', '也', '都'), not those that join two predicates.

    Examples
    --------
    >>> without_adverbs("门口也没有路灯", Segmenter())
    '门口没有路灯'
    >>> without_adverbs("班车说停就停", Segmenter())
    '班车说停就停'
    """
    if "连" in clause:
        return clause
    tagged = segmenter.tag(clause)
    kept, said = [], False
    for i, (word, tag) in enumerate(tagged):
        if said or not i or word not in _TALK_ADVERBS or not _before_verb(tagged, i):
            kept.append(word)
        said = said or tag[0] in "vaiz" or word.startswith("一")
    return "".join(kept)


def without_le(clause: str, segmenter: Segmenter) -> str:
    """Take away the '了' that ends a clause, but not from a bare verb ('坏了') or a negation ('不涨了' is not '不涨').

    Examples
    --------
    >>> without_le("花生全烂在地里了", Segmenter())
    '花生全烂在地里'
    >>> without_le("门口路灯坏了", Segmenter())
    '门口路灯坏了'
    """
    if clause == "了" or not clause.endswith("了") or _NEGATED.search(clause):
        return clause
    before, tag = segmenter.tag(clause[:-1])[-1]
    return clause if len(before) == 1 and tag[0] in "va" else clause[:-1]


def _before_verb(tagged: Sequence[tuple[str, str]], i: int) -> bool:
    """Tell whether the word at `i` is followed by a verb or a negation."""
    return i + 1 < len(tagged) and (tagged[i + 1][1] in ("v", "a") or tagged[i + 1][0] in _NEGATIONS)


def says_something(clause: str, segmenter: Segmenter) -> bool:
    """Tell whether a clause has a noun, then a predicate or a word for trouble, and no loose beginning or end."""
    tagged = segmenter.tag(clause)
    tags = [tag for _, tag in tagged]
    noun = next((i for i, tag in enumerate(tags) if tag[0] in "nxjs" or tag in ("eng", "vn", "l", "i")), None)
    if noun is None or not (
        any(names_trouble(word) for word, _ in tagged[noun + 1 :])
        or any(_is_predicate(tagged, i, segmenter) for i in range(noun + 1, len(tagged)))
    ):
        return False
    first, last = tags[0], tags[-1]
    if _is_a_thing_with_a_clause(tagged):
        return False
    opens = first[0] not in "upcyqkrm" and first not in ("d", "f", "zg")
    return opens and last[0] not in "pcrdqm" and last not in ("uj", "f", "ud")


def _is_a_thing_with_a_clause(tagged: Sequence[tuple[str, str]]) -> bool:
    """Tell whether a clause only names a thing by what is done to it: '门上贴的公告' says nothing of the notice."""
    at = max((i for i, (word, _) in enumerate(tagged) if word == "的"), default=0)
    before, after = tagged[: at - 1], tagged[at + 1 :]
    if at < 2 or tagged[at - 1][1] != "v" or any(tag[0] == "v" or word in _VOICES for word, tag in before):
        return False
    return _ends_in_nouns(after) and not names_trouble("".join(word for word, _ in after))


def _is_predicate(tagged: Sequence[tuple[str, str]], i: int, segmenter: Segmenter) -> bool:
    """Tell whether the word at `i` is a verb, an adjective or an idiom that no noun after it makes its attribute."""
    word, tag = tagged[i]
    after = tagged[i + 1][1] if i + 1 < len(tagged) else ""
    if word in _VOICES or (tag[0] in "va" and word[-1] in _RESULTS):
        return True
    if tag[0] in "il":
        return segmenter.tag(word[-2:])[-1][1][0] != "n"
    if tag == "vn":
        return not after and tagged[i - 1][1][0] != "a"
    if tag[0] == "v":
        return len(word) == 1 or not _ends_in_nouns(tagged[i + 1 :])
    return tag[0] in "az" and tag != "an" and after[:1] not in ("n", "v")


def _ends_in_nouns(tagged: Sequence[tuple[str, str]]) -> bool:
    return bool(tagged) and all(tag[0] in "ns" or tag in ("vn", "an", "l") for _, tag in tagged)


def leaves_open(clause: str) -> bool:
    """Tell whether a clause needs what stood before it: an antecedent, an object, the person it speaks of."""
    return _OPEN.search(clause) is not None


def goes_on(clause: str) -> bool:
    """Tell whether a clause says what became of something, or what it lacks, that only the one before it names."""
    return _GOES_ON.search(clause) is not None


def is_elsewhere(clause: str) -> bool:
    """Tell whether a clause says how well it goes in another place; so do those after it, till one `is_here` again."""
    return _ELSEWHERE.search(clause) is not None and not names_trouble(clause)


def is_here(clause: str) -> bool:
    """Tell whether a clause comes back from another place to the one spoken of."""
    return _HERE.search(clause) is not None


def is_setting(clause: str) -> bool:
    """Tell whether a clause tells the past, a rule or a promise, and no trouble: not what is the matter."""
    if names_trouble(clause):
        return False
    if _ONCE.search(clause) or _PREMISE.search(clause):
        return True
    reported = _REPORTED.search(clause)
    return reported is not None and not _IMPOSED.search(reported.group(1))


def turns(clause: str, before: str) -> bool:
    """Tell whether a clause takes back what the one before it said, or says what is, where that says what is not."""
    if "不是" in before and _CORRECTION.search(clause):
        return True
    return not names_trouble(before) and _TURN.search(clause) is not None
