"""The optional writer: a language model rewrites the draft, and what it writes is held to the orders.

Only what a hotspot's masked orders say is sent, and only to the address in the settings. A sentence that breaks a rule
(`held`) or that the model, asked anew, cannot prove from the orders (`proofs`) is sent back once, with the reason, and
then dropped: the extractive sentence stands in its place. So it does wherever the model cannot be reached, answers with
something else, or finds proof for what is known to be false.
"""

import hashlib
import json
from collections.abc import Container
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

import pandas as pd

from .._resources import data_text
from ..detection.result import DetectionResult
from ..settings import WriterSettings
from .focus import Clause, Focus, FocusItem
from .held import faults, speaks_to_machines
from .language_model import LanguageModel, Message, UnusableError
from .proofs import Assertion, known_lies, unproven
from .support import Backdrop
from .titles import HALF

__all__ = ["Rewritten", "rewrite_focus"]

MOST_ORDERS, MOST_CHARACTERS = 30, 400
"""Orders of a hotspot that are sent, and characters of each."""
LONGEST = {"标题": 30, "导语": 160, "诉求": 80}
_TITLE, _LEAD, _DEMANDS = "标题", "导语", "诉求"
_Written = tuple[str, Clause | None]
"""A sentence, and the clause of the draft that it takes the place of; none for a title."""
_Wrong = dict[str, list[str]]
"""Why sentences were not taken, by part of the item."""
_INSTRUCTIONS = ("draft_prompt.txt", "draft_check_prompt.txt")


@dataclass(frozen=True)
class Rewritten:
    """A draft that a language model went over.

    Attributes
    ----------
    focus : Focus
        Every sentence either rewritten and borne out by its orders, or as it was.
    record : dict
        Model, host, checksum of the instructions, and what became of each sentence: ``sent_back`` and ``dropped`` with
        the reasons.
    note : str
        What the user should know, in Chinese; empty where all went well.
    """

    focus: Focus
    record: dict[str, Any]
    note: str


def rewrite_focus(focus: Focus, result: DetectionResult, settings: WriterSettings, hotspots: int) -> Rewritten:
    """Let a language model rewrite the hottest items of a draft, and hold it to their orders.

    Parameters
    ----------
    focus : Focus
        The extractive draft; it stands wherever the model fails.
    result : DetectionResult
        What it was drafted from.
    settings : WriterSettings
        Address, model and manners.
    hotspots : int
        How many items are rewritten; the others stay.

    Raises
    ------
    SettingsError
        The address or the model is missing.
    MissingExtraError
        The package ``openai`` is not installed.
    """
    model = LanguageModel(settings)
    backdrop = Backdrop(result.orders, result.encoder)
    items = list(focus.items)
    record: dict[str, Any] = {
        "model": settings.model,
        "host": urlsplit(settings.address).netloc.rpartition("@")[2],
        "instructions_sha256": hashlib.sha256("".join(map(data_text, _INSTRUCTIONS)).encode()).hexdigest(),
        "rewritten": 0,
        "sent_back": [],
        "dropped": [],
        "failed": [],
    }
    for i, item in enumerate(items[:hotspots]):
        try:
            items[i] = _Item(item, result, backdrop).rewritten(model, record)
        except UnusableError as error:
            record["failed"].append({"hotspot": item.hotspot, "why": str(error)})
            if model.unreachable:
                break
    return Rewritten(Focus(tuple(items)), record, _note(record))


def _note(record: dict[str, Any]) -> str:
    said = []
    if record["failed"]:
        names = "、".join(failed["hotspot"] for failed in record["failed"])
        said.append(f"语言模型没有改成（{names}：{record['failed'][0]['why']}），用的是从工单摘录的草稿。")
    if record["dropped"]:
        said.append(f"语言模型写的 {len(record['dropped'])} 句与工单对不上，没有采用，用的是摘录的原句。")
    return "".join(said)


class _Item:
    """One hotspot to be rewritten, with the orders that it is held to."""

    def __init__(self, item: FocusItem, result: DetectionResult, backdrop: Backdrop) -> None:
        own = result.orders_of(item.hotspot)
        plain = ~(own["title"] + "。" + own["text"]).map(speaks_to_machines).to_numpy(dtype=bool)
        self._item, self._result, self._backdrop = item, result, backdrop
        self._own = own[plain].set_index("order_id", drop=False)
        each = MOST_ORDERS // max(len(item.demands), 1)
        first = [order for clause in item.demands for order in clause.orders[:each]]
        ids = [order for order in dict.fromkeys([*first, *self._own.index]) if order in self._own.index]
        self._sent = self._own.loc[ids[:MOST_ORDERS]]

    def rewritten(self, model: LanguageModel, record: dict[str, Any]) -> FocusItem:
        """Return the item with each sentence that the model wrote and the orders bear out."""
        if self._own.empty:
            return self._item
        messages: list[Message] = [
            {"role": "system", "content": data_text("draft_prompt.txt")},
            {"role": "user", "content": json.dumps(self._material(), ensure_ascii=False)},
        ]
        text, answer = model.ask(messages)
        taken, wrong = self._sifted(answer, model)
        if wrong:
            record["sent_back"] += self._told(wrong)
            again = f"以下各句与工单对不上，请改正后重新输出整个 JSON 对象：{json.dumps(wrong, ensure_ascii=False)}"
            messages += [{"role": "assistant", "content": text}, {"role": "user", "content": again}]
            second, still = self._sifted(model.ask(messages)[1], model, only=frozenset(wrong))
            taken = {**second, **taken}
            record["dropped"] += self._told({**wrong, **still}, but=taken)
        record["rewritten"] += len(taken)
        return self._with(taken)

    def _told(self, wrong: _Wrong, but: Container[str] = ()) -> list[dict[str, Any]]:
        hotspot = self._item.hotspot
        return [{"hotspot": hotspot, "part": part, "why": why} for part, why in wrong.items() if part not in but]

    def _material(self) -> dict[str, Any]:
        item = self._item
        return {
            "草稿": {_TITLE: item.title, _LEAD: item.lead.text, _DEMANDS: [c.text for c in item.demands]},
            "工单": [
                {"标题": title, "内容": text[:MOST_CHARACTERS]}
                for title, text in zip(self._sent["title"], self._sent["text"], strict=True)
            ],
        }  # fmt: skip

    def _sifted(
        self, answer: dict[str, Any], model: LanguageModel, only: frozenset[str] | None = None
    ) -> tuple[dict[str, str], _Wrong]:
        """Part what the model wrote into what the orders bear out and what they do not, by part of the item."""
        taken: dict[str, str] = {}
        wrong: _Wrong = {}
        fair: dict[str, _Written] = {}
        for part, (text, clause) in self._written(answer).items():
            if only is not None and part not in only:
                continue
            sentence = text.strip().rstrip("。\uff1b;") if isinstance(text, str) else ""
            if sentence == (self._item.title if clause is None else clause.text):
                taken[part] = sentence
            elif reasons := self._faults(part, sentence, clause):
                wrong[part] = reasons
            else:
                fair[part] = sentence, clause
        for part, reasons in self._unproven(fair, model).items():
            if reasons:
                wrong[part] = reasons
            else:
                taken[part] = fair[part][0]
        return taken, wrong

    def _written(self, answer: dict[str, Any]) -> dict[str, tuple[Any, Clause | None]]:
        """Return the parts of an answer, each with the clause of the draft that it takes the place of."""
        demands = answer.get(_DEMANDS)
        said: dict[str, tuple[Any, Clause | None]] = {
            _TITLE: (answer.get(_TITLE), None),
            _LEAD: (answer.get(_LEAD), self._item.lead),
        }
        if self._item.hotspot in self._result.names:  # the user gave it
            del said[_TITLE]
        if isinstance(demands, list) and len(demands) == len(self._item.demands):
            said |= {f"{_DEMANDS}{i + 1}": pair for i, pair in enumerate(zip(demands, self._item.demands, strict=True))}
        return said

    def _faults(self, part: str, sentence: str, clause: Clause | None) -> list[str]:
        """Return the rules that a sentence breaks."""
        most = LONGEST[part.rstrip("0123456789")]
        if len(sentence) > most:
            return [f"超过 {most} 字"]
        ids = self._own.index if clause is None else [order for order in clause.orders if order in self._own.index]
        rows = self._own.loc[ids]
        stated = clause.text if clause is not None and part == _LEAD else ""
        found = faults(sentence, "。".join([*rows["title"], *rows["text"], stated]), self._result.segmenter)
        if part == _LEAD:
            return found + ([] if _same_facts(sentence, stated) else ["导语的数字、时间和地点应照抄草稿"])
        if part == _TITLE and not found:
            return self._title_faults(sentence, rows)
        return found

    def _title_faults(self, title: str, rows: pd.DataFrame) -> list[str]:
        if not title.endswith("问题"):
            return ["标题应以“问题”结尾"]
        parts = title.removesuffix("问题").removesuffix("等").split("、")
        share = float(self._backdrop.supported(parts, rows.reset_index(drop=True)).any(axis=0).mean())
        return [] if share >= HALF else [f"只有 {share:.0%} 的工单说到，标题应对一半以上的工单成立"]

    def _unproven(self, written: dict[str, _Written], model: LanguageModel) -> dict[str, list[str]]:
        """Return what of each sentence the model cannot prove; a lead may rest on what our own code states too."""
        if not written:
            return {}
        texts = [*(self._sent["title"] + "。" + self._sent["text"].str[:MOST_CHARACTERS]), self._item.lead.text]
        row_of = {order: row for row, order in enumerate(self._sent.index)}
        everything = tuple(range(len(self._sent)))

        def basis(part: str, clause: Clause | None) -> tuple[int, ...]:
            if clause is None:
                return everything
            if part == _LEAD:
                return (*everything, len(everything))
            return tuple(row_of[order] for order in clause.orders if order in row_of)

        assertions = {part: Assertion(text, basis(part, clause)) for part, (text, clause) in written.items()}
        return unproven(assertions, [Assertion(lie, everything) for lie in self._lies], texts, model)

    @cached_property
    def _lies(self) -> list[str]:
        orders = self._result.orders
        others = orders[~orders["order_id"].isin(self._own["order_id"])].sort_values("order_id")
        return known_lies(self._sent["title"].tolist(), others["title"].tolist(), self._result.encoder)

    def _with(self, taken: dict[str, str]) -> FocusItem:
        demands = tuple(
            replace(clause, text=taken.get(f"{_DEMANDS}{i + 1}", clause.text))
            for i, clause in enumerate(self._item.demands)
        )
        lead = replace(self._item.lead, text=taken.get(_LEAD, self._item.lead.text))
        return replace(self._item, title=taken.get(_TITLE, self._item.title), lead=lead, demands=demands)


def _same_facts(lead: str, stated: str) -> bool:
    """Tell whether a lead keeps what the draft states: its count, its third of the month, and how it ends."""
    facts = [part for part in stated.split("\uff0c") if any(c.isdigit() for c in part) or "涉及" in part]
    kept = [fact.removeprefix("热线共受理相关").removeprefix("主要涉及") for fact in facts]
    return lead.endswith("\uff1a") and all(fact in lead for fact in kept)
