"""From files to a report: what the command does, for those who call it from Python."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from .._fonts import chinese_font
from ..errors import DetectionError, ModelError
from ..orders import OrderFile, load_orders, only_month, select_month
from ..orders.table import counting_column
from ..settings import Settings
from .build import Report, build_report
from .history import PastHotspot, PastMonth, load_history, split_keywords
from .knowledge import read_knowledge

__all__ = ["Inputs", "produce_report"]


@dataclass(frozen=True)
class Inputs:
    """The files and choices of a report.

    Attributes
    ----------
    orders : path
        Orders file; ``-`` for standard input.
    month : str
        Such as ``2022-06``; empty: the only month of the file.
    history : sequence of path
        Earlier months' orders or run records.
    knowledge : path or None
        Entries of the knowledge base.
    columns : dict
        Standard column to the file's heading, where the alias table does not know it.
    encoding : str or None
        Of the orders file.
    force : bool
        Whether a report that contradicts itself is made all the same.
    """

    orders: str | Path
    month: str = ""
    history: Sequence[str | Path] = ()
    knowledge: str | Path | None = None
    columns: dict[str, str] | None = None
    encoding: str | None = None
    force: bool = False


def produce_report(inputs: Inputs, settings: Settings, say: Callable[[str], None] = lambda _: None) -> Report:
    """Read, detect, draft, build and check.

    Parameters
    ----------
    inputs : Inputs
        Files and choices.
    settings : Settings
        All settings.
    say : callable
        Is told in Chinese what goes on.

    Returns
    -------
    Report
        Checked; `write_report` lays it out.

    Raises
    ------
    HotspotError
        As the parts raise it.
    """
    say("读取工单")
    columns = {**settings.columns, **(inputs.columns or {})}
    file = load_orders(inputs.orders, columns=columns, encoding=inputs.encoding)
    month = inputs.month or only_month(file.orders)
    orders = select_month(file.orders, month)
    say(f"归并 {len(orders)} 件工单中的热点")
    detected, focus, problem = _detect(orders, settings)
    written = None
    if settings.writer.enabled and detected is not None:
        from ..draft import rewrite_focus

        say("语言模型改写热点聚焦")
        written = rewrite_focus(focus, detected, settings.writer, settings.draft.hotspots)
        focus = written.focus
    history: dict[str, PastMonth] = {}
    notes = _notes(file, orders) + ((written.note,) if written is not None and written.note else ())
    if inputs.history:
        say("对照历史月份")
        history, remarks = load_history(
            inputs.history, month, settings, lambda past: _past_hotspots(past, settings), columns
        )
        notes += remarks
    knowledge = read_knowledge(inputs.knowledge, month) if inputs.knowledge is not None else None
    say("成文并核对")
    report = build_report(
        orders, month, settings, detected=detected, focus=focus, columns=frozenset(file.columns), knowledge=knowledge,
        history=history, notes=notes, problem=problem, force=inputs.force,
    )  # fmt: skip
    report.record["input"] = {"file": file.source, "sha256": file.sha256, "rejected": len(file.rejected)}
    report.record["hotspot"] = _version()
    if written is not None:
        report.record["writer"] = {**written.record, "note": written.note}
    return report


def _detect(orders: pd.DataFrame, settings: Settings) -> tuple[Any, Any, str]:
    from ..detection import detect
    from ..draft import Focus, draft_focus, title_hotspots

    try:
        detected = detect(orders, settings)
        drafted = draft_focus(detected, hotspots=len(detected.hotspots))
    except (DetectionError, ModelError) as error:
        return None, None, f"本月未能归并热点：{error}"
    title_hotspots(detected, drafted)
    return detected, Focus(drafted.items[: settings.draft.hotspots]), ""


def _past_hotspots(orders: pd.DataFrame, settings: Settings) -> tuple[PastHotspot, ...] | None:
    detected, _, _ = _detect(orders, settings)
    if detected is None:
        return None
    return tuple(
        PastHotspot(str(row.title), int(row.orders), tuple(split_keywords(row.keywords)))
        for row in detected.hotspots.itertuples()
    )


def _notes(file: OrderFile, orders: pd.DataFrame) -> tuple[str, ...]:
    notes = []
    if len(file.rejected):
        notes.append(f"工单表有 {len(file.rejected)} 行不能用，未计入（hotspot detect 会列出是哪些行、为什么）。")
    if counting_column(orders) != counting_column(file.orders):
        notes.append("本月工单没有办结时间，按来电时间统计。")
    if chinese_font() is None:
        notes.append("本机没有中文字体，Word 文件中未放图表。安装任一中文字体（如思源黑体、微软雅黑）后重做即可。")
    return tuple(notes)


def _version() -> str:
    from .. import __version__

    return __version__
