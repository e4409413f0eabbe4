"""The report as one HTML file: no network, charts to point at, hotspots to open down to their masked orders."""

import json
import re
from dataclasses import asdict
from importlib.resources import files

from .charts import colours_of
from .layout import block_problems, numbered_blocks
from .model import Block, Chart, Document, Figure, Paragraph
from .numbers import punctuate

__all__ = ["to_html"]

_MOST_ORDERS = 100
_NAMES = {
    "unit": "承办单位", "group": "单位类别", "nature": "性质", "rating": "评价", "surveyed": "列入调查",
    "channel": "来源渠道", "hotspot": "热点", "in_hotspot": "属于热点", "issue": "事项",
    "emergency": "险情", "urgent": "紧急险情", "incident": "同一险情",
    "speed": "办结快慢",
    "order_id": "工单",
}  # fmt: skip
_RULES = {
    "count": "{0}", "share": "{0} ÷ {1}", "complement": "1 - {0} ÷ {1}", "sum_share": "({0} + {1}) ÷ ({2} - {3})",
    "growth": "({0} - {1}) ÷ {1}", "decline": "({1} - {0}) ÷ {1}", "more": "{0} - {1}", "fewer": "{1} - {0}",
    "median_hours": "中位数", "span_hours": "办结时间 - 来电时间", "distinct": "不同取值数",
}  # fmt: skip


def to_html(document: Document) -> str:
    """Lay a report out as a self-contained HTML page.

    Parameters
    ----------
    document : Document
        The report.

    Returns
    -------
    str
        The page; it loads nothing.
    """
    import jinja2
    from markupsafe import Markup

    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True)
    environment.filters.update(number=_number, meaning=meaning)
    charts = [b for s in document.sections for b in s.blocks if isinstance(b, Chart)]
    return environment.from_string(_file("report.html.j2")).render(
        document=document,
        blocks=numbered_blocks,
        found=lambda section, block: block_problems(document, section, block),
        cited=_cited,
        height=_height,
        grouped=lambda table: any(span > 1 for _, span in table.groups),
        limit=_MOST_ORDERS,
        css=Markup(_file("report.css")),
        charts=Markup(_script_json([{**asdict(c), "colours": colours_of(c)} for c in charts])),
        chart_js=Markup(_file("vendor/chart.umd.min.js")),
        sortable_js=Markup(_file("vendor/sortable.min.js")),
        report_js=Markup(_file("report.js")),
    )


def _file(name: str) -> str:
    text = (files("hotspot.report") / "templates" / name).read_text(encoding="utf-8")
    return re.sub(r"\n//# sourceMappingURL=.*", "", text)


def _script_json(value: object) -> str:
    """Write JSON that can stand inside a script element: no '<', '>' or '&'."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _number(text: str) -> str:
    """Return what a figure sorts by."""
    return text.rstrip("%") or "0"


def meaning(figure: Figure) -> str:
    """Say what a figure counts and how, for its tooltip and the list of evidence."""
    conditions = []
    for count in figure.counts:
        where = " 且 ".join(f"{_NAMES.get(c, c)}={v}" for c, v in count.where) or "全部"
        table = "" if count.table == "orders" else "知识库 " if count.table == "knowledge" else f"{count.table} "
        conditions.append(f"[{table}{where}]")
    if figure.rule == "count":
        return punctuate(f"{figure.meaning}:{conditions[0]}")
    return punctuate(f"{figure.meaning}:") + _RULES[figure.rule].format(*conditions)


def _cited(block: Block) -> tuple[str, ...]:
    if not isinstance(block, Paragraph):
        return ()
    return tuple(dict.fromkeys(o for s in block.sentences for o in s.orders))


def _height(chart: Chart) -> int:
    if chart.kind == "line":
        return 40 + 72 * len(chart.series)
    return (60 if len(chart.series) > 1 else 30) + 28 * len(chart.labels)
