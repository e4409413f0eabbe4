"""Proofs: the orders' own words that bear a sentence out, clause by clause.

Whether other words say the same, no code of ours can tell. So the language model is asked anew, without what it wrote
before: for each clause it quotes the orders and says whether they bear it out (answers checked by questions of their
own: Dhuliawala et al. 2023, arXiv:2309.11495). Code holds it to that: a quotation must stand in the orders, and among
the sentences are some that are known to be false; a model that finds proof for one of those is not believed at all.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .._resources import data_text
from ..embed import Encoder, embed
from ..sampling import systematic_sample
from .language_model import LanguageModel, UnusableError

__all__ = ["Assertion", "clauses_of", "known_lies", "unproven"]

SHORTEST_QUOTATION = 4
"""Characters, signs left out."""
OTHERS = 200
"""Other orders among which one that says something else is looked for."""
_CLAUSE_END = re.compile("[,;:!?。，；：！？\n]+")
_SIGNS = re.compile(r"[\W_]+")
_VERDICTS = "核对"
_BORNE_OUT, _CONTRARY = "有", "反"


@dataclass(frozen=True)
class Assertion:
    """A sentence that must be borne out.

    Attributes
    ----------
    text : str
    texts : tuple of int
        Which of the texts at hand it may rest on.
    """

    text: str
    texts: tuple[int, ...]


def clauses_of(sentence: str) -> list[str]:
    """Return what a sentence says, from sign to sign: nothing is left out but signs."""
    return [piece.strip() for piece in _CLAUSE_END.split(sentence) if _bare(piece)]


def unproven(
    assertions: Mapping[str, Assertion], lies: Sequence[Assertion], texts: Sequence[str], model: LanguageModel
) -> dict[str, list[str]]:
    """Let a language model prove sentences, and hold it to its proofs.

    Parameters
    ----------
    assertions : mapping of str to Assertion
        What is to be proven.
    lies : sequence of Assertion
        Sentences known to be false, which are put among the others.
    texts : sequence of str
        Masked orders, and what our own code states.
    model : LanguageModel
        The one that is asked.

    Returns
    -------
    dict of str to list of str
        What is not proven of each sentence, in Chinese; nothing where all of it is.

    Raises
    ------
    UnusableError
        The model cannot be reached, answers with something else, or finds proof for a lie.
    """
    asked = _mixed(list(assertions.values()), lies)
    messages = [
        {"role": "system", "content": data_text("draft_check_prompt.txt")},
        {"role": "user", "content": json.dumps(_question(asked, texts), ensure_ascii=False)},
    ]
    verdicts = model.ask(messages)[1].get(_VERDICTS)
    if not isinstance(verdicts, dict):
        raise UnusableError("没有按要求核对")
    faults = {
        assertion: [
            fault
            for part, clause in enumerate(clauses_of(assertion.text), start=1)
            if (fault := _fault(clause, verdicts.get(f"{number}.{part}"), [texts[i] for i in assertion.texts]))
        ]
        for number, assertion in enumerate(asked, start=1)
    }
    if not all(faults[lie] for lie in lies):
        raise UnusableError("核对不可信，把工单里没有的话也当成有依据")
    return {name: faults[assertion] for name, assertion in assertions.items()}


def known_lies(titles: Sequence[str], others: Sequence[str], encoder: Encoder) -> list[str]:
    """Return sentences that orders surely do not say: that their matter is settled, and what others are about.

    Parameters
    ----------
    titles : sequence of str
        Of the orders; one at least.
    others : sequence of str
        Titles of other orders; the one least like theirs is taken.
    encoder : Encoder
        Sentence model.
    """
    lies = [f"{titles[0]}的问题已经全部解决"]
    told = [title for title in others if len(_bare(title)) >= SHORTEST_QUOTATION]
    if told:
        some = [told[i] for i in systematic_sample(len(told), OTHERS)]
        likeness = embed(some, encoder) @ embed(list(titles), encoder).T
        lies.append(some[int(likeness.max(axis=1).argmin())])
    return lies


def _mixed(assertions: Sequence[Assertion], lies: Sequence[Assertion]) -> list[Assertion]:
    """Put the lies among the others, evenly spread; what is said twice is asked once."""
    mixed = list(dict.fromkeys(assertions))
    step = len(mixed) // (len(lies) + 1)
    for i, lie in enumerate(lies):
        mixed.insert((i + 1) * step + i, lie)
    return list(dict.fromkeys(mixed))


def _question(asked: Sequence[Assertion], texts: Sequence[str]) -> dict[str, Any]:
    sentences = [
        {
            "句子": assertion.text,
            "分句": {f"{number}.{i}": clause for i, clause in enumerate(clauses_of(assertion.text), start=1)},
            "依据": [i + 1 for i in assertion.texts],
        }
        for number, assertion in enumerate(asked, start=1)
    ]
    return {"工单": [{"编号": i, "内容": text} for i, text in enumerate(texts, start=1)], "句子": sentences}


def _fault(clause: str, verdict: Any, texts: Sequence[str]) -> str:
    """Return what is wrong with the proof of a clause; empty where it holds."""
    said = verdict if isinstance(verdict, dict) else {}
    if said.get("结论") == _CONTRARY:
        return f"“{clause}”与依据工单的意思相反"
    quoted = said.get("引文")
    quotations = [_bare(q) for q in quoted if isinstance(q, str)] if isinstance(quoted, list) else []
    if said.get("结论") != _BORNE_OUT or not quotations:
        return f"“{clause}”在依据工单里找不到"
    whole = [_bare(text) for text in texts]
    stands = all(len(q) >= SHORTEST_QUOTATION and any(q in text for text in whole) for q in quotations)
    return "" if stands else f"“{clause}”的引文不是依据工单里的原话"


def _bare(text: str) -> str:
    return _SIGNS.sub("", text)
