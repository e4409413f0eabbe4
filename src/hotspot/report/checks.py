"""The report checks itself: every figure is counted anew from the rows, every number and cited order looked up.

Nothing here uses what the sections were made with: counts come from plain passes over the rows.
"""

import re
import statistics
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Any

import pandas as pd

from ..orders.columns import NATURES, RATINGS
from ..settings import Settings
from .history import PastMonth
from .model import Chart, Count, Document, Figure, Paragraph, Part, Problem, Sentence, Table, Topic
from .month import OTHER, UNSTATED, Month
from .numbers import duration, month_name, percent, punctuate

__all__ = ["check_document"]

_NUMBER = re.compile(r"\d+(?:\.\d+)?")


class _Rows:
    """Counts from rows, one pass for each set of columns."""

    def __init__(self, month: Month, knowledge: pd.DataFrame | None, history: Mapping[str, PastMonth]) -> None:
        self.tables: dict[str, list[Any]] = {"orders": month.cases.to_dict("records")}
        if knowledge is not None:
            self.tables["knowledge"] = knowledge.to_dict("records")
        self.history = history
        self._seen: dict[tuple[str, tuple[str, ...], str], Counter[tuple[Any, ...]]] = {}

    def number(self, count: Count) -> int:
        if count.table in self.history:
            return self._past(self.history[count.table], count)
        columns = tuple(column for column, _ in count.where)
        key = (count.table, columns, count.total)
        if key not in self._seen:
            seen: Counter[tuple[Any, ...]] = Counter()
            for row in self.tables[count.table]:
                seen[tuple(row[c] for c in columns)] += int(row[count.total]) if count.total else 1
            self._seen[key] = seen
        return self._seen[key][tuple(value for _, value in count.where)]

    def column(self, count: Count) -> list[Any]:
        rows = (r for r in self.tables[count.table] if all(r[c] == v for c, v in count.where))
        return [r[count.total] for r in rows]

    @staticmethod
    def _past(past: PastMonth, count: Count) -> int:
        if count.where and count.where[0][0] == "hotspot":
            return sum(h.orders for h in past.hotspots or () if h.title == count.where[0][1])
        return past.number(count.where)


def _expected(figure: Figure, rows: _Rows, settings: Settings) -> str:
    """Return what a figure must say; raises ValueError where it cannot be said at all."""
    if figure.rule in ("median_hours", "span_hours"):
        hours = [h for h in rows.column(figure.counts[0]) if pd.notna(h)]
        return duration(float(statistics.median(hours)))
    if figure.rule == "distinct":
        return str(len({v for v in rows.column(figure.counts[0]) if v != ""}))
    a, *rest = (rows.number(count) for count in figure.counts)
    if figure.rule == "count":
        return str(a)
    b = rest[0]
    if figure.rule in ("growth", "more") and a <= b:
        raise ValueError(f"说是增加，实际由{b}变为{a}")
    if figure.rule in ("decline", "fewer") and a >= b:
        raise ValueError(f"说是减少，实际由{b}变为{a}")
    if figure.rule in ("more", "fewer"):
        return str(abs(a - b))
    return percent(_ratio(figure.rule, a, rest), settings.report)


def _ratio(rule: str, a: int, rest: list[int]) -> Fraction:
    below = rest[1] - rest[2] if rule == "sum_share" else rest[0]
    above = {
        "share": a,
        "complement": rest[0] - a,
        "sum_share": a + rest[0],
        "growth": a - rest[0],
        "decline": rest[0] - a,
    }[rule]
    if below <= 0:
        raise ValueError("分母为零")
    ratio = Fraction(above, below)
    if rule not in ("growth", "decline") and not 0 <= ratio <= 1:
        raise ValueError(f"比重 {above}/{below} 不在 0 与 1 之间")
    return ratio


def check_document(
    document: Document,
    month: Month,
    knowledge: pd.DataFrame | None = None,
    history: Mapping[str, PastMonth] | None = None,
) -> tuple[Problem, ...]:
    """List what in a report does not agree with the orders or with itself.

    Parameters
    ----------
    document : Document
        The report.
    month : Month
        The orders it was made from.
    knowledge : pandas.DataFrame, optional
        Entries of the knowledge base.
    history : mapping of str to PastMonth, optional
        Earlier months.

    Returns
    -------
    tuple of Problem
        Empty where all agrees.
    """
    rows = _Rows(month, knowledge, history or {})
    known = _known_text(document, month, history or {})
    words = {str(row["order_id"]): row for row in rows.tables["orders"]}
    problems: list[Problem] = []
    for section, sentence in _sentences(document):
        problems += [
            Problem(section, sentence.text, m) for m in _figure_messages(sentence.figures, rows, month.settings)
        ]
        problems += [Problem(section, sentence.text, m) for m in _order_messages(sentence, words)]
        problems += [Problem(section, sentence.text, m) for m in _number_messages(sentence, known, words)]
    for section, table in _tables(document):
        problems += _table_problems(section, table, rows, month.settings)
    for part in document.sections:
        charts = [block for block in part.blocks if isinstance(block, Chart)]
        problems += [p for chart in charts for p in _chart_problems(part.heading, chart, rows)]
    if document.annex is None and "department" in month.knows:
        problems.append(Problem("附件", "", "工单有承办单位，却没有附表"))
    repeated = [i for i, n in Counter(str(r["order_id"]) for r in rows.tables["orders"]).items() if n > 1]
    if repeated:
        problems.append(Problem("附件", repeated[0], f"{len(repeated)} 个工单编号重复计数"))
    return tuple(problems)


def _sentences(document: Document) -> Iterator[tuple[str, Sentence]]:
    for section in document.sections:
        for block in section.blocks:
            if isinstance(block, Paragraph):
                yield from ((section.heading, s) for s in block.sentences)
            elif isinstance(block, Topic):
                yield section.heading, block.lead
                yield from ((section.heading, s) for s in block.demands)


def _tables(document: Document) -> Iterator[tuple[str, Table]]:
    if document.annex is not None:
        yield "附件", document.annex
    for section in document.sections:
        yield from ((section.heading, b) for b in section.blocks if isinstance(b, Table))


def _figure_messages(figures: Iterable[Figure], rows: _Rows, settings: Settings) -> list[str]:
    messages = []
    for figure in figures:
        try:
            expected = _expected(figure, rows, settings)
        except (ValueError, KeyError, statistics.StatisticsError) as error:
            messages.append(f"{figure.meaning}:{error}")
            continue
        if (figure.text or "0") != expected:
            messages.append(f"{figure.meaning}写的是{figure.text or '空'}，重新统计是{expected}")
    return messages


def _order_messages(sentence: Sentence, words: Mapping[str, Any]) -> list[str]:
    absent = [o for o in sentence.orders if o not in words]
    messages = [f"引用的工单不在本月：{'、'.join(absent[:5])}"] if absent else []
    if sentence.quoted and not sentence.orders and sentence.text:
        messages.append("没有依据的工单")
    return messages


def _known_text(document: Document, month: Month, history: Mapping[str, PastMonth]) -> list[str]:
    """Names and constants whose digits are no figures, longest first."""
    settings = month.settings
    names = {"12345", month_name(month.name), *map(month_name, history), settings.office.hotline, settings.office.name}
    names |= {
        settings.office.region,
        settings.office.region_word,
        f"{settings.report.slow_hours:g}小时",
        f"{settings.report.threshold_orders}件",
    }
    names.add(percent(Fraction(str(settings.report.satisfaction_threshold)), settings.report))
    for column in ("unit", "channel"):
        names |= set(month.cases[column])
    names |= set(month.titles.values())
    names |= {h.title for past in history.values() for h in past.hotspots or ()}
    names |= {b.heading for s in document.sections for b in s.blocks if isinstance(b, Topic)}
    return sorted({punctuate(n) for n in names if re.search(r"\d", n)}, key=lambda n: (-len(n), n))


def _number_messages(sentence: Sentence, known: list[str], words: Mapping[str, Any]) -> list[str]:
    """Say which numbers stand in a sentence as bare text without being known or told by its orders."""
    text = "\0".join(p for p in sentence.parts if isinstance(p, str))
    numbers = [] if sentence.quoted else _NUMBER.findall(_without(text, known))
    if sentence.quoted:
        told: set[str] = set()
        for order in sentence.orders:
            told |= _numbers_of(words[order]) if order in words else set()
        told |= _counts_of(sentence, words)
        numbers = [n for n in _NUMBER.findall(_without(text, known)) if n not in told]
    elif sentence.orders or numbers:
        quoted = {n for o in sentence.orders if o in words for n in _numbers_of(words[o])}
        numbers = [n for n in numbers if n not in quoted]
    where = "其工单" if sentence.orders else "统计"
    return [f"数字{n}在{where}中找不到" for n in dict.fromkeys(numbers)]


def _counts_of(sentence: Sentence, words: Mapping[str, Any]) -> set[str]:
    """Return how many orders a sentence rests on, and how many of them came in the third of a month that it names."""
    days = [words[o]["created"] for o in sentence.orders if o in words]
    thirds = Counter((day.year, day.month, "上中下"[min((day.day - 1) // 10, 2)]) for day in days)
    named = {part for *_, part in thirds if f"{part}旬" in sentence.text}
    return {str(len(sentence.orders)), *(str(n) for (*_, part), n in thirds.items() if part in named)}


def _without(text: str, known: list[str]) -> str:
    for name in known:
        text = text.replace(name, "")
    return text


def _numbers_of(row: Mapping[str, Any]) -> set[str]:
    told = " ".join(str(row[c]) for c in ("title", "text", "place", "reply", "department", "channel"))
    numbers = set(_NUMBER.findall(told))
    for column in ("created", "closed"):
        time = row[column]
        if pd.notna(time):
            numbers |= {str(x) for x in (time.year, time.month, time.day, time.hour, time.minute)}
    return numbers


def _table_problems(section: str, table: Table, rows: _Rows, settings: Settings) -> list[Problem]:
    problems = []
    for row in table.rows:
        figures = [c for c in row if isinstance(c, Figure)]
        excerpt = " ".join(_cell(c) for c in row)
        problems += [Problem(section, excerpt, m) for m in _figure_messages(figures, rows, settings)]
    if table.name == "annex":
        problems += _sum_problems(section, table)
    return problems


def _cell(part: Part) -> str:
    return part if isinstance(part, str) else part.text or "0"


def _sum_problems(section: str, table: Table) -> list[Problem]:
    """Add up the printed numbers, row by row and column by column."""
    problems = []
    groups = {"工单分类": (*NATURES, OTHER, UNSTATED), "满意情况": (*RATINGS, OTHER, UNSTATED)}
    spans, at = {}, 0
    for label, width in table.groups:
        spans[label] = range(at, at + width)
        at += width
    for row in table.rows:
        total = int(_cell(row[1]))
        for label in groups:
            if label in spans and sum(int(_cell(row[i])) for i in spans[label]) != total:
                problems.append(Problem(section, _cell(row[0]), f"{label}各列之和不等于工单总数{total}"))
    numeric = [i for i, name in enumerate(table.columns) if i and name != "满意率"]
    for i in numeric if table.has_total else []:
        body = sum(int(_cell(row[i])) for row in table.rows[:-1])
        if body != int(_cell(table.rows[-1][i])):
            problems.append(Problem(section, table.columns[i], f"各行之和{body}不等于总计{_cell(table.rows[-1][i])}"))
    return problems


def _chart_problems(section: str, chart: Chart, rows: _Rows) -> list[Problem]:
    """Check that a chart's bars are what the rows say; the daily chart may leave out days before it starts."""
    column = {"natures": "nature", "units": "unit"}.get(chart.name)
    problems = []
    for i, label in enumerate(chart.labels if column else ()):
        drawn = sum(series.values[i] for series in chart.series)
        counted = rows.number(Count(((str(column), label),)))
        if drawn != counted:
            problems.append(Problem(section, chart.title, f"图中{label}为{drawn}，统计为{counted}"))
    if chart.name == "daily" and sum(chart.series[0].values) > rows.number(Count()):
        problems.append(Problem(section, chart.title, "图中工单多于本月总量"))
    return problems
