"""The optional writer: a language model rewrites the draft, and what it writes is held to the orders.

Only what a hotspot's masked orders say is sent, and only to the address in the settings. A sentence that says what its
orders do not is sent back once, with the reason, and then dropped: the extractive sentence stands in its place. So it
does wherever the model cannot be reached or answers with something else.
"""

import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

import pandas as pd

from .._resources import data_text
from ..detection.result import DetectionResult
from ..errors import MissingExtraError, SettingsError
from ..settings import WriterSettings
from .focus import Clause, Focus, FocusItem
from .held import Evidence, faults, speaks_to_machines
from .support import Backdrop
from .titles import HALF

__all__ = ["Rewritten", "rewrite_focus"]

MOST_ORDERS, MOST_CHARACTERS = 30, 400
"""Orders of a hotspot that are sent, and characters of each."""
LONGEST = {"标题": 30, "导语": 160, "诉求": 80}
_TITLE, _LEAD, _DEMANDS = "标题", "导语", "诉求"


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


class _UnusableError(Exception):
    """The model could not be reached, or answered with something else."""


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
    model = _Model(settings)
    backdrop = Backdrop(result.orders, result.encoder)
    items = list(focus.items)
    record: dict[str, Any] = {
        "model": settings.model,
        "host": urlsplit(settings.address).netloc.rpartition("@")[2],
        "instructions_sha256": hashlib.sha256(data_text("draft_prompt.txt").encode()).hexdigest(),
        "rewritten": 0,
        "sent_back": [],
        "dropped": [],
        "failed": [],
    }
    for i, item in enumerate(items[:hotspots]):
        try:
            items[i] = _Item(item, result, backdrop).rewritten(model, record)
        except _UnusableError as error:
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


class _Model:
    """A model behind an OpenAI-compatible address."""

    def __init__(self, settings: WriterSettings) -> None:
        if not settings.address or not settings.model:
            raise SettingsError("要用语言模型改写，请在设置的 [writer] 一节写明 address（地址）和 model（模型名）。")
        try:
            import openai
        except ImportError:
            raise MissingExtraError("openai", "writer") from None
        self._settings = settings
        self._errors = openai
        self._client = openai.OpenAI(
            base_url=settings.address,
            api_key=(os.environ.get(settings.key_env, "") if settings.key_env else "") or "-",
            timeout=settings.timeout,
            max_retries=settings.retries,
            http_client=openai.DefaultHttpxClient(follow_redirects=False, trust_env=False),
        )
        self.unreachable = False

    def ask(self, messages: Sequence[dict[str, str]]) -> tuple[str, dict[str, Any]]:
        """Return what the model answers, as it stands and as an object."""
        settings = self._settings
        try:
            sent: Any = list(messages)
            answer = self._client.chat.completions.create(
                model=settings.model, messages=sent, temperature=settings.temperature, seed=settings.seed
            )
            text = str(answer.choices[0].message.content or "")
        except self._errors.APITimeoutError:
            self.unreachable = True
            raise _UnusableError(f"{settings.timeout:g} 秒没有答复") from None
        except self._errors.APIConnectionError:
            self.unreachable = True
            raise _UnusableError("连不上设置里的地址") from None
        except self._errors.APIStatusError as error:
            self.unreachable = error.status_code in (401, 403, 404)
            raise _UnusableError(f"对方答复 {error.status_code}") from None
        except Exception:  # a server that only looks like one: the client fails in ways of its own
            raise _UnusableError("答复读不懂") from None
        return text, _object(text)


def _object(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text[text.index("{") : text.rindex("}") + 1])
    except ValueError:
        raise _UnusableError("答复不是要求的格式") from None
    if not isinstance(found, dict):
        raise _UnusableError("答复不是要求的格式")
    return found


class _Item:
    """One hotspot to be rewritten, with the orders that it is held to."""

    def __init__(self, item: FocusItem, result: DetectionResult, backdrop: Backdrop) -> None:
        own = result.orders_of(item.hotspot)
        plain = ~(own["title"] + "。" + own["text"]).map(speaks_to_machines).to_numpy(dtype=bool)
        self._item, self._result, self._backdrop = item, result, backdrop
        self._own = own[plain].set_index("order_id", drop=False)

    def rewritten(self, model: _Model, record: dict[str, Any]) -> FocusItem:
        """Return the item with each sentence that the model wrote and the orders bear out."""
        if self._own.empty:
            return self._item
        messages = [
            {"role": "system", "content": data_text("draft_prompt.txt")},
            {"role": "user", "content": json.dumps(self._material(), ensure_ascii=False)},
        ]
        text, answer = model.ask(messages)
        taken, wrong = self._sifted(answer)
        if wrong:
            record["sent_back"] += self._told(wrong)
            why = json.dumps({part: reasons for part, (_, reasons) in wrong.items()}, ensure_ascii=False)
            again = f"以下各句与工单对不上，请改正后重新输出整个 JSON 对象：{why}"
            messages += [{"role": "assistant", "content": text}, {"role": "user", "content": again}]
            second, wrong = self._sifted(model.ask(messages)[1])
            taken = {**second, **taken}
            wrong = {part: found for part, found in wrong.items() if part not in taken}
            record["dropped"] += self._told(wrong)
        record["rewritten"] += len(taken)
        return self._with(taken)

    def _told(self, wrong: dict[str, tuple[str, list[str]]]) -> list[dict[str, Any]]:
        return [{"hotspot": self._item.hotspot, "part": part, "why": reasons} for part, (_, reasons) in wrong.items()]

    def _material(self) -> dict[str, Any]:
        first = [order for clause in self._item.demands for order in clause.orders[:6]]
        ids = [order for order in dict.fromkeys([*first, *self._own.index]) if order in self._own.index]
        rows = self._own.loc[ids[:MOST_ORDERS]]
        item = self._item
        return {
            "草稿": {_TITLE: item.title, _LEAD: item.lead.text, _DEMANDS: [c.text for c in item.demands]},
            "工单": [
                {"标题": title, "内容": text[:MOST_CHARACTERS]}
                for title, text in zip(rows["title"], rows["text"], strict=True)
            ],
        }  # fmt: skip

    def _sifted(self, answer: dict[str, Any]) -> tuple[dict[str, str], dict[str, tuple[str, list[str]]]]:
        """Part what the model wrote into what the orders bear out and what they do not, by part of the item."""
        demands = answer.get(_DEMANDS)
        said: dict[str, tuple[Any, Clause | None]] = {
            _TITLE: (answer.get(_TITLE), None),
            _LEAD: (answer.get(_LEAD), self._item.lead),
        }
        if self._item.hotspot in self._result.names:  # the user gave it
            del said[_TITLE]
        if isinstance(demands, list) and len(demands) == len(self._item.demands):
            said |= {f"{_DEMANDS}{i + 1}": pair for i, pair in enumerate(zip(demands, self._item.demands, strict=True))}
        taken, wrong = {}, {}
        for part, (text, clause) in said.items():
            sentence = text.strip().rstrip("。\uff1b;") if isinstance(text, str) else ""
            left_alone = sentence == (self._item.title if clause is None else clause.text)
            reasons = [] if left_alone else self._faults(part, sentence, clause)
            if reasons:
                wrong[part] = (sentence, reasons)
            else:
                taken[part] = sentence
        return taken, wrong

    def _faults(self, part: str, sentence: str, clause: Clause | None) -> list[str]:
        most = LONGEST[part.rstrip("0123456789")]
        if len(sentence) > most:
            return [f"超过 {most} 字"]
        ids = self._own.index if clause is None else [order for order in clause.orders if order in self._own.index]
        rows = self._own.loc[ids]
        stated = clause.text if clause is not None and part == _LEAD else ""
        texts = tuple(rows["title"] + "。" + rows["text"])
        found = faults(sentence, Evidence(texts, stated, self._result.encoder, self._result.segmenter))
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
