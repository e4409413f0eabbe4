"""Inquiries: what citizens ask to be told, as a report puts it: '询问火化补助标准是多少'.

Some orders want no trouble mended: they ask what holds. Their questions are drawn from the orders like
problems and requests; a spoken question is put as a clause that '询问' can govern ('停缴行吗' as '停缴是否可行').
"""

import re
from collections.abc import Iterable

import pandas as pd

from ..segment import Segmenter
from .clauses import LONGEST, TALK, TITLE, Statement, can_be_printed, condensed, sentences_of
from .wording import people

__all__ = ["ASKED", "inquiries_of", "inquiry"]

ASKED = "询问"
"""How a report puts an inquiry."""
NATURE = "咨询"
SHORTEST = 6
_LEAD = re.compile(
    "^[^,]{0,8}?(?:咨询|询问|请问|想问问?|问问|问|想知道|想了解|打听|想打听)(?:一下|下)?(?![题诊责世答卷了清到过])[:,]?"
)
"""Words that open a question."""
_BARE = re.compile("(?<![请想询])问$")
"""Who stands after it is asked, not the hotline ('问护士一句')."""
_CLAUSE_END = re.compile("[,:?]+|——+")
_PUT = tuple(
    (re.compile(spoken), told)
    for spoken, told in (
        ("(?:啥|什么)时[候间]|几时|何时候", "何时"),
        ("多长时间|好久(?=能|才|可)", "多久"),
        ("[到去上](?:哪里|哪儿|哪(?=[办买报领交填登找查看])|哪$)", "到何处"),
        ("在(?:哪里|哪儿|哪(?=[办买报领交填登找查看])|哪$)", "在何处"),
        ("哪里|哪儿", "何处"),
        ("哪个(?=[出管付交])", "谁"),
        ("(?<=[证照户记案续险款贴保])(?:怎么|咋个?)办$", "如何办理"),
        ("(?:怎么|咋个?)办$", "如何处理"),
        ("怎么样?|咋个?|怎样", "如何"),
        ("啥|什么(?!样)", "哪些"),
        ("[能可]不[能可]够?|可不可以", "能否"),
        ("(有[^有]{1,8})没有?$", r"是否\1"),
        ("是不是", "是否"),
        ("^想(?!象)", ""),
        ("(还?)有没有|有无", r"是否\1有"),
        ("行不行$|[成中]不[成中]$|得不得行$", "是否可行"),
        ("好不好$|对不对$|合不合理$", ""),
        (r"(还|也|都)?(?<!差)([\u4e00-\u9fff])不\2(?!起)", r"是否\1\2"),
        ("(?:行|可以|成)吗$", "是否可行"),
        ("能([^能吗]+)吗$", r"能否\1"),
        ("可以([^吗]+)吗$", r"可否\1"),
        ("是真的吗$", "是否属实"),
        ("(还[有能要给是]|会|算|有|是|要|需要|给|包括|影响)([^吗会算有是要给]+|)吗$", r"是否\1\2"),
        ("(?:呢|呀|啊|啦)$", ""),
    )
)
"""Spoken questions and how they stand after '询问'; in this order."""
_OPEN = re.compile("多少|多[久大高]|几[个年月天岁点号次级]|谁|何|哪|能否|可否|是否|还是")
_TOPIC = re.compile(
    "(?:政策|规定|条件|手续|流程|程序|标准|办法|时间|地点|范围|要求|材料|途径|渠道|额度|待遇|比例|期限|进度|进展|资格|规划|名单)$"
)
"""What one can ask about without a question: '询问异地备案手续'."""
_HANGS = re.compile("^[能是可如何哪多几要需去在从到有还]")
"""How a question begins whose subject stands before it."""
_NO_INQUIRY = re.compile(
    "为何|凭|吗|难道|到底|究竟|何必|何苦|何在|谁(?:来|去)?(?:管|负责|想|说|信|敢|知道)|(?:有人|无人|没人|是否有人)管|何时是|还是(?:不|没|无)|"
    "如何(?:还|就|不|没|老|又|都|这|那|能|敢|好意思)|如何了?$|不知|无论|不管|不论|[你您他她这那]"
)
"""Complaints in the form of questions, and clauses that only hold the words of one."""


def inquiry(clause: str) -> str | None:
    """Return a spoken question as a clause that '询问' can govern; None if it is no question, or a complaint.

    Examples
    --------
    >>> inquiry("交满十五年现在停缴行吗")
    '交满十五年现在停缴是否可行'
    >>> inquiry("烘干有补贴没有")
    '烘干是否有补贴'
    >>> inquiry("这事到底谁来管")
    """
    for spoken, told in _PUT:
        clause = spoken.sub(told, clause)
    asks = _OPEN.search(clause) or _TOPIC.search(clause)
    if asks is None or not SHORTEST <= len(clause) <= LONGEST or _NO_INQUIRY.search(clause):
        return None
    return clause if can_be_printed(clause) else None


def inquiries_of(orders: pd.DataFrame, segmenter: Segmenter) -> list[Statement]:
    """Return what orders ask to be told: those of the nature 咨询, and those that say that they ask.

    Parameters
    ----------
    orders : pandas.DataFrame
        Orders table.
    segmenter : Segmenter
        Word cutter.

    Returns
    -------
    list of Statement
        Their texts are as `ASKED` governs them, without it.
    """
    found: dict[tuple[str, str], Statement] = {}
    for order_id, title, text, nature in zip(
        orders["order_id"], orders["title"], orders["text"], orders["nature"], strict=True
    ):
        of_title = _asked(sentences_of(title), always=nature == NATURE)
        of_body = (c for c in _asked(sentences_of(text), always=False) if not _HANGS.search(c))
        for clauses, manner, fewest in ((of_title, TITLE, 2), (of_body, TALK, 3)):
            for clause in clauses:
                if len(segmenter.topic_words(clause)) >= fewest:
                    found.setdefault((order_id, clause), Statement(clause, order_id, manner))
    return list(found.values())


def _asked(sentences: Iterable[str], *, always: bool) -> Iterable[str]:
    """Yield the inquiries of sentences; unless `always`, of clauses only that say that they ask."""
    for sentence in sentences:
        for part in _CLAUSE_END.split(sentence):
            lead = _LEAD.match(part.strip())
            told = part.strip()[lead.end() if lead else 0 :]
            if not (lead or always) or (lead and _BARE.search(lead.group()) and told.startswith(tuple(people()))):
                continue
            asked = inquiry(condensed(told))
            if asked is not None:
                yield asked
