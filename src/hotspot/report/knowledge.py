"""Section 五: what was put into the knowledge base, from the user's own table."""

from collections import Counter
from pathlib import Path

import pandas as pd

from ..errors import OrdersError
from ..orders.dates import parse_times
from ..orders.reading import frame_cells, parse, read_bytes
from .model import Count, Figure, Section
from .month import UNSTATED, Month
from .numbers import chinese_number
from .say import counted, listed, note, paragraph, say

__all__ = ["knowledge_section", "read_knowledge"]

_UNIT_HEADINGS = ("承办单位", "上传单位", "单位", "部门", "职能承办部门", "department", "unit")
_DATE_HEADINGS = ("上传日期", "上传时间", "日期", "时间", "入库时间", "date", "time")


def read_knowledge(source: str | Path | pd.DataFrame, month: str) -> pd.DataFrame:
    """Read the table of knowledge-base entries and keep the month's.

    Parameters
    ----------
    source : path or pandas.DataFrame
        A row an entry; a column names the unit, another may hold its date.
    month : str
        Such as ``2022-06``; entries of other months are left out, entries without a date column all count.

    Returns
    -------
    pandas.DataFrame
        Column unit, one row an entry.

    Raises
    ------
    OrdersError
        No column names the unit, or a date cannot be read.
    """
    if isinstance(source, pd.DataFrame):
        cells, name = frame_cells(source).cells, "知识库表"
    else:
        name = Path(source).name
        cells = parse(read_bytes(source), name).cells
    unit = next((c for c in _UNIT_HEADINGS if c in cells.columns), None)
    if unit is None:
        raise OrdersError(
            f"{name} 没有单位一列。现有表头：{'、'.join(cells.columns)}；应有：{'、'.join(_UNIT_HEADINGS[:5])} 之一。"
        )
    date = next((c for c in _DATE_HEADINGS if c in cells.columns), None)
    if date is not None:
        times = parse_times(cells[date].str.strip())
        unread = cells.index[times.isna()]
        if len(unread):
            raise OrdersError(
                f"{name} 有 {len(unread)} 行的日期认不出，例如第 {unread[0]} 行的“{cells[date][unread[0]]}”。"
            )
        cells = cells[times.dt.to_period("M") == pd.Period(month, freq="M")]
    units = cells[unit].str.strip()
    return pd.DataFrame({"unit": units.where(units != "", UNSTATED)}).reset_index(drop=True)


def knowledge_section(month: Month, knowledge: pd.DataFrame | None) -> Section:
    """Build the section."""
    heading = "知识库上传情况"
    if knowledge is None:
        return Section("knowledge", heading, (note("未提供知识库上传记录，本节从略。"),))
    if knowledge.empty:
        return Section("knowledge", heading, paragraph(say("本月没有知识库上传记录。")))
    ranked = sorted(Counter(knowledge["unit"]).items(), key=lambda item: (-item[1], item[0]))
    top = ranked[: month.settings.report.top_units]
    total = Figure(str(len(knowledge)), "count", (Count(table="knowledge"),), "知识库上传总量")
    items = [
        (*counted(u, Figure(str(n), "count", (Count((("unit", u),), "knowledge"),), f"{u}知识库上传"))[:2], "条）")
        for u, n in top
    ]
    which = f",上传较多的前{chinese_number(len(top))}家是：" if len(ranked) > len(top) else ",其中："
    return Section(
        "knowledge", heading, paragraph(say("本月各单位向知识库上传条目", total, "条", which, *listed(items), "。"))
    )
