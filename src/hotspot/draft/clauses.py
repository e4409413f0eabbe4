"""Clauses of an order: what is the matter, and what is asked for, in words that a report can carry.

A call-taker's summary and a resident's own long post are cut alike; what is told in the first person, with a tone, a
name or the date of one order is told as fact or not at all.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import pandas as pd

from .._resources import word_list
from ..detection.places import find_places
from ..segment import Segmenter
from .grammar import (
    goes_on,
    is_elsewhere,
    is_here,
    is_setting,
    leaves_open,
    says_something,
    turns,
    without_adverbs,
    without_le,
)
from .standing import standing
from .wording import cut_openings, half_width, names_trouble, written

__all__ = [
    "COMMA",
    "LONGEST",
    "TALK",
    "TITLE",
    "Statement",
    "can_be_printed",
    "condensed",
    "cut_lead_in",
    "plain_parts",
    "problem_statements",
    "request_statements",
    "sentences_of",
    "statements_of",
    "titles_of",
]

SHORTEST, SHORTEST_AFTER, SHORTEST_REQUEST, LONGEST = 5, 4, 4, 26
"""Characters of a statement, of one told after another; of two told as one, at the most `LONGEST` and a comma."""
TITLE, SUMMARY, TALK = 1.0, 0.5, 0.0
"""How well a title, a call-taker's summary in the third person, and a resident's own words suit a report."""
ALONE = -0.6
"""Standing from which on a clause of a body is told that names no trouble."""
COMMA = "\uff0c"
_SENTENCE_END = re.compile(r"[。!?;\n~]+|(?<=[^\d])\.{2,}|……|(?<=[\u4e00-\u9fff])\.(?=[\u4e00-\u9fff])")
_CLAUSE_END = re.compile(r"[,:]+|——+")
_WHO = r"(?:〔姓名〕|市民|来电人|来访人|诉求人|群众|网民|网友|居民|村民|业主|家长|患者家属|家属|住户|其|本人|我们?)"
_LEAD_IN = re.compile(
    rf"^(?:{_WHO})?(?:[(][^)]*[)])?(?:第[二三四五六七八九十\d]+次|再次|多次|又|曾|现)?(?:来电|来信|来访|致电)?(?:要|想)?"
    r"(?:反[映应]|表示|称其|称|投诉|举报|控告|咨询|询问|说|讲|诉|求助|建议|认为|担心|质疑|要问|指出|强调)+(?![为赞职重心明清法讼究])[:,]?"
)
_REPORTER = re.compile(
    r"^(?:(?![对向跟给让])[\u4e00-\u9fff\dA-Za-z]){0,8}?(?:〔姓名〕|住户|业主|家长|市民|村民|居民|先生|女士|学生|工人|患者|群众|网友|[商农租]户|[种养]植?殖?户|[果菜烟茶棉瓜]农|女工|职工|游客|车主|读者|乘客)"
    r"(?:等|们)?(?:反映|表示|称|说|讲|投诉|举报|来电)+(?![为赞职重心明法])[:,]?"
)
_SEEN = re.compile(
    r"^[\u4e00-\u9fff\d]{0,14}?(?<![没未难被不易])(?:看到|看见|发现|得知)(?![后时过的]|问题|之)(?=[\u4e00-\u9fff\d]{5})"
)
"""Where and when the caller noticed what he tells."""
_CALL = re.compile(rf"^{_WHO}?(?:第[二三四五六七八九十\d]+次|再次|多次|又)?(?:来电|来信|致电)$")
_CONNECTIVE = re.compile(
    r"^(?:但是|但|而且|并且|因为|由于|所以|因此|于是|然后|其中|另外|此外|同时|而|且|并(?![线列轨排])|却|仍|再|又|还(?![款贷迁钱建清房耕林田])|也|"
    r"都(?!市)|就(?![医读业餐诊地近职学])|结果|现在|目前|现(?![金场象有浇])|至今|如今|近日|近期|最近|已经|已|当时|随后|之后|后来|其实|只是|"
    r"不过|尤其|甚至|故(?![障意])|特(?![别殊困种色])|还有|等于|可是|可(?![燃能以用见行怜])|这样|这下|今年|连日|"
    r"称(?![重职])|说(?![明法])|关于|有关(?!部门|单位)|反映|投诉|举报|加上|导致|致使|造成|使得|引发|引起|以致|从而)+"
    r"(?=[\u4e00-\u9fffA-Za-z\d])"
)
_REQUEST = re.compile(
    r"^(?:故|因此|所以|现|强烈|特|恳切|诚恳|来电人|市民|村民|居民|业主|家长|〔姓名〕|其|也|还|并|再次|急|只|就|我们?|大家)*"
    r"(?:希望|要求|请求|恳请|恳求|建议|盼望?|期望|望|咨询|询问|想问|请问|请)+(?!病假|假|人吃饭|客)"
)
_ASKED_WITHIN = re.compile(
    "(?<=[\u4e00-\u9fff]{4})(?:要求|请求|希望|急盼|急求|咨询|恳请|求助|(?<![需追诉征寻力谋讲苛])求(?![职学医生证偿])(?=[\u4e00-\u9fff]{2}))"
)
_URGING = re.compile("(?:强烈|急切|迫切|恳切|诚恳|再次|多次|联名|一致|集体|纷纷|在此|特此|特|现)+$")
_PERSONAL = re.compile(
    "[我咱俺你您]|本人|自己|自家|人家|他|她|老公|老婆|婆婆|公公|妈|爸|爷爷|奶奶|阿婆|儿子|女儿|孙|丈夫|妻子|媳妇|叔|舅|姑|"
    "姨|弟|哥|姐|妹|邻居|隔壁|老伴|老娘|老父|父亲|母亲|父母|对象|亲戚|朋友|老乡|家里"
)
_NO_FACT = re.compile(
    "来电|来信|致电|热线|^(?:是|可能|大概|也许|不要|别|要|得|去|来|找|爬|跑|以往|以前|从前|原先|往年|过去|上次|此前|老办法|老规矩|将来|别人|人家|里面|后面|前面|眼看)|^所有|"
    "^、|虽|^[一二三四五六七八九][、是]|^[问能]|(.)不\\1|有没有|是否|能否|可否|如何|还是|谁|哪|多少|几时|何时|为何|"
    "(?:说|讲|称|问|答|回复|答复|告知|反映|表示|觉得|认为)$|^[被把给让叫]|[这那]|^(?:真如|假如|如果|要是|如|若|一旦|倘若|万一|只要|即使|哪怕|除了)(?!.*[就都也])|^(?:比如|例如|尽管|既然)|(?<![没未])(?:听说|据说|据称|(?:朋友圈|网上|群里|外面|大家|有人)都?[说讲传])|(?<![特级性区个类差辨识分告离])别(?:让|把|再|给|说|光|总|老|动|拿|用|往)|了没(?:有)?$|多[大久长远高]$|没事$|不要紧$|没关系$|(?:备好|备齐|交齐|办齐|齐全|照做)了?$|^(?:老?(?:同学|同事|朋友(?!圈))|战友|闺蜜|亲戚|老乡)|^(?:谢谢|感谢|表扬|点赞|路过|途经)|不仅|不但|不光|倒是|时候$|的话|不如[留设改建装修给把让拿去直早]|又不是|要[填修建装改换补清拆]$|(?<![学访慰顾疑质审查])问(?![题诊询责世答卷])|几[天日](?:到账|办好|办完)|^(?:出了事|趁)|^(?!.*[都也一]).*没有$|多久[出能到办才可]|^(?:装|加装|增设|设|建|修建|搞|开)(?:个|一[个条处座些]|几[个条处座]|些)|(?:邻居|工友|同事|旁人|熟人|路人)[都也]?[说讲称]|建议|希望|要求|盼|请[^假教]|拜托|麻烦|求求|行不行"
)
_SPEECH = re.compile(
    "[说讲称问听骂哭喊吓想]|^[有连]|询问|咨询|反映|投诉|理解|感谢|明白|打算|准备|愿意|同意|答复|回复|告知|觉得|认为|以为|知道|心里|良心|[他她它]们?"
)
_TONE = re.compile(
    "[!?“”\"'‘’()〔〕【】\\[\\]#@~…、]{2,}|[!?“”\"'‘’()〔〕【】\\[\\]#@~…\U0001f300-\U0001faff]|[吗呢吧啊呀啦咯喔哦嘛哈哎唉呜噢哟]|"
    "口口声声|说得好听|光说|糊弄|好意思|何必|何苦|什么|怎么|凭什么|难道|到底|究竟|居然|竟然|简直|真是|太|如此|死人|啥|咋|咁|嘅|佢|冇|仔"
)
_ALLOWED_COUNT = re.compile("(?:只有|仅有|只|仅)一[个名位条台把处家]|一[半边起律切样直时刀片]")
_ONE_ONLY = re.compile(
    "[我咱俺你您〔〕]|先生|女士|小姐|大[爷妈娘叔]|阿[婆公姨伯]|老[太头汉]|[昨今][天日晚早夜]|[刚方]才|此刻|^大家|^听|婆婆|女儿|儿子|老[公婆]|^[一二三两几]?[个帮]人|(?<!其)他(?!人)|她|父亲(?!节)|母亲(?![节河])|爷爷|奶奶|公公|丈夫|妻子|媳妇|爸|妈|哥哥|姐姐|弟弟|妹妹|烧[到了]?(?:3[6-9]|4[0-2])|"
    "叔叔|舅|姑[父妈姑]|[伯婶嫂侄]|阿姨|姨[父妈]|岳[父母]|外甥|亲家|夫妻俩|两口子|老两口|娘俩|爷俩|一家[三四五六七]口|一家老小"
)
"""Persons and moments of one order: a report speaks for many, and is read a month later."""
_DATED = re.compile(
    r"\d|[今昨前明后][天早晚日年]|上[周月午]|下[周月午]|周[一二三四五六日]|凌晨|中午|傍晚|"
    r"[一二三四五六七八九十百千万两几俩半]+[多来几]?(?:点|时|个|天|年|次|块|元|万|人|斤|亩|头|只|户|栋|间|辆|台|条|趟|回|遍|口|名|位|米|公里|桶|层|把|根)"
)
_ROAD = re.compile(r"[SGXYsgxy]?\d{2,3}(?:国道|省道|县道|乡道|线)|\d+路(?:公交)?|[SG]\d+|12345")
_LOCATIVE = re.compile(
    "^(?:村委会?|路段|那段路|段|站(?=地铁)|附近|门口|门前|里面|内|里|旁边?|边上|后面|前面|处|口|一带|的|至|到|通往|上|下|有|等)+"
)
_NOT_ASKING = re.compile("(?:按照?|根据|依照|的|合理|被|没|没有|不|未|符合|达到|达不到|满足|任何|拒绝|提出)$")
_WHOM = re.compile(
    r"^(?:贵?(?:有关|相关|职能|主管|承办)?(?:部门|单位|政府)|政府部门|热线办?|领导们?|上级|市里|县里|镇里|能不能|可不可以|能否|可否|能够|"
    r"能(?!够|不能)|可以|可(?!不可|否|以)|尽快|尽早|"
    r"是否(?:可以|能够|可|能)|早日|及时|立即|立刻|抓紧|帮忙|帮助|协助|务必|一定|真正)+(?=\w{4})(?![、与及]|和(?![解谐平睦])|以及|会同|联合)"
)
"""Who is asked, left out; not where it is the first of several ('镇里和林业站')."""
_ENQUIRY = re.compile("咨询|询问|想问|请问")
_WISHED = re.compile("^.{0,6}(?:能不能|能否|可否|可不可以)")
_POLITE = re.compile("^([^看查问测验核定]*)(?:能不能够?|可不可以|能否|可否|是否(?:可以|能够?))")
"""Not what is to be looked at ('看看稻子还能不能救')."""
_QUESTION = re.compile("如何|何时|几时|多少|为何|哪")
_ANSWERED = re.compile("明确|说明|告知|告诉|查明|公布|公示|公开|答复|回复|解释|了解|核实|讲清|弄清|搞清|查清|研究")
_NUMBERED = re.compile(r"^(?:\d{1,2}|[一二三四五六七八九十])[、.]")
_UNFINISHED = re.compile(
    "(?:过程中|期间|(?<![及准按临小课工学定平])时|之前|之后|(?<![先今以善售前背])后|的同时|基础上|情况下|前提下|范围内|时间内|之余|(?<![初高集其一二三四五六七八九十])中)$|^(?:按照?|根据|依照|依据|针对|对于)[^,\uff0c]*(?:制度|规定|法规|法律|政策|要求|标准|条例|精神|情况|问题)$"
)
_TALE = re.compile(
    "^(?:或|则|不(?!再|要|得)|均|亦|才)|并未|未果|无果|除外$|没有(?:结果|下文)|(?:置之)?不理$|被拒绝?$|遭拒$"
)
"""What begins in the middle, or tells how an earlier request ended."""
_NOTHING_ASKED = re.compile(
    "^(?:(?:[\u4e00-\u9fff]{0,4}(?:部门|局|单位|政府|街道|社区)|学校|校方|医院|物业|公司))?"
    "(?:查看|核查|核实|调查|了解|介入|处理结果|结果|出面|帮忙|给予?|予以|作出|讨|定|开|[个句一下]|书面|明确|正面|妥善|依法|公正|公平|合理|绿色|答复|回复|说法|准话|准信|交代|"
    "公道|规矩|口子|评评?理|处理|解决|协调|重视|关注|[此该]事|问题|好|[跟向]大家[讲说])+$"
)
"""A request that something be done or answered, and not what."""
_PRONOUN = re.compile("它|(?<!其)他们?(?!人)|她")
_ADDRESSED = re.compile(
    "^(?:[\u4e00-\u9fff]{0,6}(?:政府|部门|局|委|办|厅|单位|街道|社区|公安|城管|领导|媒体|公司|物业|学校|上级)[、与和及]?)+$"
)
"""A request that only says of whom."""
_AFTERTHOUGHT = re.compile(
    "[,\uff0c](?:哪怕|不要|别|不然|否则|免得|省得|再这么|好让).*$|(?:[,\uff0c]?(?:万分|不胜|十分|非常)?感[谢激]|为[感盼荷谢])[\u4e00-\u9fff]{0,3}$"
)
"""What ends a request and asks for nothing, thanks among it."""


@dataclass(frozen=True)
class Statement:
    """A clause that one order says.

    Attributes
    ----------
    text : str
        The clause or two, condensed, with no end sign.
    order_id : str
        The order that says it.
    style : float
        How well its kind of text suits a report: `TITLE`, `SUMMARY` or `TALK`.
    loose : bool
        It passed only the softer of the filters.
    """

    text: str
    order_id: str
    style: float = 0.0
    loose: bool = False


def statements_of(orders: pd.DataFrame, segmenter: Segmenter) -> tuple[list[Statement], list[Statement]]:
    """Return the problems and the requests that orders state in tellable words.

    A clause of a body that passes only the softer filters is told where it says that something is wrong: mostly it has
    one household's circumstances.

    Returns
    -------
    tuple of list of Statement
        Problems, requests.
    """
    problems: dict[tuple[str, str], Statement] = {}
    requests: dict[tuple[str, str], Statement] = {}
    for order_id, title, text in zip(orders["order_id"], orders["title"], orders["text"], strict=True):
        style = TALK if re.search("[我咱俺你]|本人", text) else SUMMARY
        for told, manner in ((sentences_of(title), TITLE), (sentences_of(text), style)):
            for clause in request_statements(told):
                requests.setdefault((order_id, clause), Statement(clause, order_id, manner))
            for loose in (False, True):
                for clause in problem_statements(told, segmenter, loose=loose):
                    if not loose or manner == TITLE or names_trouble(clause):
                        problems.setdefault((order_id, clause), Statement(clause, order_id, manner, loose))
    return _worth_telling(list(problems.values())), list(requests.values())


def titles_of(orders: pd.DataFrame, segmenter: Segmenter) -> list[Statement]:
    """Return the titles of orders that can be printed, whether or not they say something of something."""
    found = []
    for order_id, title in zip(orders["order_id"], orders["title"], strict=True):
        told = condensed(_CALLED.sub("", next(iter(sentences_of(title)), ""))).replace(",", COMMA)
        if SHORTEST <= len(told) <= LONGEST and can_be_printed(told) and not _NO_TITLE.search(told):
            found.append(Statement(told, order_id, TITLE))
    return [statement for statement in found if len(segmenter.topic_words(statement.text)) > 1]


def _worth_telling(problems: list[Statement]) -> list[Statement]:
    """Leave out what a body says by the way ('派出所立了案'): it names no trouble, and does not stand alone."""
    by_the_way = [s for s in problems if s.style < TITLE and not names_trouble(s.text)]
    stands = standing([s.text for s in by_the_way], "problem")
    left_out = {(s.order_id, s.text) for s, stand in zip(by_the_way, stands, strict=True) if stand < ALONE}
    return [s for s in problems if (s.order_id, s.text) not in left_out]


def sentences_of(text: str) -> list[str]:
    """Return the sentences of a text, their signs half-width and their end signs left out."""
    return [sentence for sentence in _SENTENCE_END.split(half_width(text)) if sentence.strip()]


def problem_statements(sentences: Iterable[str], segmenter: Segmenter, *, loose: bool = False) -> list[str]:
    """Return the clauses of sentences that state a fact and can stand in a report, and two in a row as one.

    A clause that names no trouble and that the next one takes back is not told without it: '孩子学会了憋气' is no
    complaint, '孩子学会了憋气，老师没了' is.
    """
    found: dict[str, None] = {}
    for sentence in sentences:
        facts = _facts(sentence)
        before = ""
        for fact, following in pairwise([*facts, ""]):
            clause = without_le(without_adverbs(condensed(fact), segmenter), segmenter)
            shortest = SHORTEST_AFTER if before else SHORTEST
            if not _is_a_fact(clause, segmenter, loose, shortest):
                before = ""
                continue
            joined = before + COMMA + clause
            shorter = _without_place(clause, segmenter) or clause
            if not turns(following, clause):
                if before and len(joined) <= LONGEST + 1 and (names_trouble(before) or names_trouble(clause)):
                    found[joined] = None
                if len(clause) >= SHORTEST and not goes_on(clause):
                    found |= dict.fromkeys([clause, shorter])
            before = shorter if len(clause) >= SHORTEST else ""
    return list(found)


def _is_a_fact(clause: str, segmenter: Segmenter, loose: bool, shortest: int = SHORTEST) -> bool:
    """Tell whether a clause says something of something, whole, and as it is."""
    return (
        _tellable(clause, loose, shortest)
        and not (_NO_FACT.search(clause) or _UNFINISHED.search(clause) or leaves_open(clause) or is_setting(clause))
        and says_something(_ROAD.sub("公路", clause), segmenter)
    )


def plain_parts(text: str) -> list[str]:
    """Return the clauses of a text as they stand, those of a few characters left out."""
    parts = (part.strip() for s in sentences_of(text) for part in _CLAUSE_END.split(s))
    return [part for part in parts if len(part) >= SHORTEST - 1]


def _facts(sentence: str) -> Iterator[str]:
    """Yield the clauses of a sentence that speak of the place itself, up to where it begins to ask for something."""
    elsewhere = False
    for part in _CLAUSE_END.split(sentence.strip()):
        if _REQUEST.match(part.strip()):
            return
        elsewhere = is_elsewhere(part.strip()) or (elsewhere and not is_here(part.strip()))
        if elsewhere:
            yield ""
            continue
        pieces = _ASKED_WITHIN.split(part.strip(), maxsplit=1)
        yield _URGING.sub("", pieces[0])
        if len(pieces) > 1:
            return


def request_statements(sentences: Iterable[str]) -> list[str]:
    """Return what sentences ask for, without the word that asks; how far it could be told, `standing` says."""
    found: dict[str, None] = {}
    for sentence in sentences:
        parts = [part.strip() for part in _CLAUSE_END.split(sentence.strip())]
        for i, part in enumerate(parts):
            match = _REQUEST.match(part) or _asked_by_citizens(part)
            if match is None:
                continue
            asked = part[match.end() :]
            if (len(asked) < SHORTEST or _UNFINISHED.search(asked)) and i + 1 < len(parts):
                asked = asked + COMMA + parts[i + 1] if len(asked) > 1 else parts[i + 1]
            if _ENQUIRY.search(match.group()) and not _WISHED.search(asked):
                break
            asked = _AFTERTHOUGHT.sub("", _NUMBERED.sub("", asked))
            asked = _WHOM.sub("", written(_WHOM.sub("", condensed(asked, wish=True))))
            if not _ANSWERED.search(asked):
                asked = _POLITE.sub(r"\1", asked)
            if SHORTEST_REQUEST <= len(asked) <= LONGEST and _is_a_request(asked):
                found[asked] = None
            break
    return list(found)


def _is_a_request(asked: str) -> bool:
    """Tell whether what was asked for can be printed and is no question, no unfinished clause, no story."""
    if not can_be_printed(asked) or _citizens().search(asked) or _UNFINISHED.search(asked) or _TALE.search(asked):
        return False
    if _NOTHING_ASKED.search(asked) or _ADDRESSED.search(asked) or _PRONOUN.search(asked):
        return False
    question = _QUESTION.search(asked)
    return question is None or _ANSWERED.search(asked[: question.start()]) is not None


def _asked_by_citizens(part: str) -> "re.Match[str] | None":
    """Find where a clause begins to ask, unless it tells what someone else asks of the citizens."""
    match = _ASKED_WITHIN.search(part)
    if match is None or _NOT_ASKING.search(part[: match.start()]) or _actors().search(part[: match.start()]):
        return None
    return match


@cache
def _actors() -> re.Pattern[str]:
    return re.compile("|".join(sorted(word_list("draft_actors.txt"))))


@cache
def _citizens() -> re.Pattern[str]:
    return re.compile(f"^(?:{'|'.join(sorted(word_list('draft_citizens.txt')))})")


def cut_lead_in(clause: str) -> str:
    """Take away who reports and that he does ('市民反映', '再次投诉')."""
    return _LEAD_IN.sub("", clause) if not clause.startswith(("咨询", "建议")) else clause


_CALLED = re.compile("[,\uff0c]?(?:再次|再|又|多次|第[一二三四五六七八九十\\d]+次)(?:来电|来信|反映|投诉|致电)$")
_NO_TITLE = re.compile("来电|来信|热线|咨询|^[问求请]|[这那谁]|为何")
_WHY = re.compile(
    "(?<![道知问明清晓懂解])(?:为(?:什么|啥|何|么子)|凭(?:什么|啥|何)|(?:怎么|咋|咋个)(?=还[\u4e00-\u9fff]{2}|[老总又不没都就越只]|突然))"
)
"""A why-question takes for granted what it asks about: '打药前为啥不通知' says that they did not."""


def condensed(clause: str, *, wish: bool = False) -> str:
    """Return a clause without who reports it, what opens it and how it is joined to others, in written words."""
    clause = _WHY.sub("", re.sub(r"\s+", "", clause))
    if _CALL.match(clause):
        return ""
    clause = _LEAD_IN.sub("", _REPORTER.sub("", clause))
    clause = cut_openings(_SEEN.sub("", _CONNECTIVE.sub("", clause)), wish=wish)
    clause = written(cut_openings(_CONNECTIVE.sub("", clause), wish=wish))
    return clause.strip("、,。. ")


def can_be_printed(clause: str) -> bool:
    """Tell whether a clause speaks of more than one household and has no tone of talk."""
    return not (_ONE_ONLY.search(clause) or _TONE.search(clause))


def _tellable(clause: str, loose: bool, shortest: int) -> bool:
    if not shortest <= len(clause) <= LONGEST or not can_be_printed(clause):
        return False
    if loose:
        return True
    return (
        not _PERSONAL.search(clause)
        and not _SPEECH.search(clause)
        and not _DATED.search(_ALLOWED_COUNT.sub("", _ROAD.sub("", clause)))
    )


def _without_place(clause: str, segmenter: Segmenter) -> str | None:
    """Return a clause without the place that opens it, if it still says something of something."""
    for place in find_places(segmenter.tag(clause)):
        at = clause.find(place)
        if 0 <= at <= 4:
            rest = _LOCATIVE.sub("", clause[at + len(place) :])
            if _is_a_fact(rest, segmenter, loose=True):
                return rest
    return None
