"""Put the report together from a month's orders and what was found in them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import pandas as pd

from ..errors import ReportError
from ..settings import Settings
from .annex import annex_table, annex_title
from .checks import check_document
from .comparison import changes
from .focus import Detected, FocusLike, attach_hotspots, focus_section
from .handling import attach_emergencies, emergency_section, satisfaction_section
from .history import PastMonth, RunRecord, record_of
from .knowledge import knowledge_section
from .model import Closing, Document, Paragraph, Section, Topic, TopicOrder
from .month import Month, prepare_month
from .numbers import chinese_number, month_name, punctuate
from .overview import overview_section

__all__ = ["Report", "build_report"]


@dataclass(frozen=True)
class Report:
    """A finished report: the document, the month behind it, and the record for later months.

    Attributes
    ----------
    document : Document
        What the faces lay out.
    month : Month
        The orders, with the columns they were counted by.
    record : dict
        What `load_history` reads of it next month.
    """

    document: Document
    month: Month = field(repr=False)
    record: RunRecord = field(repr=False)


def build_report(
    orders: pd.DataFrame,
    month: str,
    settings: Settings | None = None,
    *,
    detected: Detected | None = None,
    focus: FocusLike | None = None,
    columns: frozenset[str] | None = None,
    knowledge: pd.DataFrame | None = None,
    history: Mapping[str, PastMonth] | None = None,
    notes: tuple[str, ...] = (),
    problem: str = "",
    force: bool = False,
) -> Report:
    """Build a month's report and check it.

    Parameters
    ----------
    orders : pandas.DataFrame
        Orders table; the month's are taken.
    month : str
        Such as ``2022-06``.
    settings : Settings, optional
        All settings.
    detected, focus : optional
        What `hotspot.detect` and `hotspot.draft_focus` gave for the month's orders.
    columns : frozenset of str, optional
        Standard columns that the file had (`OrderFile.columns`); tells an empty column from a missing one.
    knowledge : pandas.DataFrame, optional
        As `read_knowledge` gives it.
    history : mapping of str to PastMonth, optional
        As `load_history` gives it.
    notes : tuple of str
        Remarks for the analyst, shown after the text.
    problem : str
        Why there is no detection.
    force : bool
        Whether a report that contradicts itself is built all the same, its problems marked.

    Raises
    ------
    OrdersError
        No order lies in the month.
    ReportError
        The report contradicts itself and `force` is false.
    """
    settings = settings or Settings()
    history = history or {}
    ready = prepare_month(orders, month, settings, columns)
    attach_hotspots(ready, detected, focus)
    emergencies = attach_emergencies(ready)
    hotspots = detected.hotspots if detected is not None else None
    sections = (
        overview_section(ready, changes(ready, history, hotspots)),
        focus_section(ready, detected, focus, problem),
        emergency_section(ready, emergencies),
        satisfaction_section(ready, detected.issues if detected is not None else None),
        knowledge_section(ready, knowledge),
    )
    document = _document(ready, sections, notes)
    problems = check_document(document, ready, knowledge, history)
    if problems and not force:
        listing = "\n".join(f"{i}. {p}" for i, p in enumerate(problems, 1))
        raise ReportError(
            f"报告有 {len(problems)} 处前后不一，未写出：\n{listing}\n核对数据后重做，或加 --force 写出并在文中标明。"
        )
    return Report(replace(document, problems=problems), ready, record_of(ready, hotspots))


def _document(month: Month, sections: tuple[Section, ...], notes: tuple[str, ...]) -> Document:
    report, office = month.settings.report, month.settings.office
    numbered = tuple(replace(s, heading=f"{chinese_number(i)}、{s.heading}") for i, s in enumerate(sections, 1))
    blocks = [b for s in sections for b in s.blocks]
    cited = {o for b in blocks if isinstance(b, Topic) for o in b.orders}
    cited |= {o for b in blocks if isinstance(b, Paragraph) for s in b.sentences for o in s.orders}
    return Document(
        head=report.head or office.name,
        red_head=report.red_head,
        title=_title(month),
        month=month.name,
        sections=numbered,
        annex=annex_table(month),
        closing=_closing(month),
        orders=_topic_orders(month.cases, cited),
        notes=tuple(map(punctuate, notes)),
    )


def _title(month: Month) -> tuple[str, ...]:
    report, office = month.settings.report, month.settings.office
    year, number = month.name.split("-")
    if report.title:
        values = {"region": office.region, "hotline": office.hotline, "year": year, "month": str(int(number))}
        try:
            return tuple(report.title.format(**values).split("\n"))
        except (KeyError, IndexError, ValueError) as error:
            raise ReportError(
                f"设置 report.title 里的“{error}”认不得。可用：{{region}}、{{hotline}}、{{year}}、{{month}}。"
            ) from error
    first = f"{office.region}承办{office.hotline}" if office.hotline else f"{office.region}12345政务服务便民热线"
    return first, f"{month_name(month.name)}工作情况报告"


def _closing(month: Month) -> Closing:
    report, office = month.settings.report, month.settings.office
    signature = office.name + (f"({report.seal})" if report.seal and office.name else "")
    lines = [
        ("抄送", ",".join(report.copy_to)),
        ("发", ",".join(report.send_to)),
        ("编辑单位", report.editor or office.name),
        *office.contacts.items(),
    ]
    shown = tuple((k, punctuate(v) if k in ("抄送", "发") else v) for k, v in lines if v)
    return Closing(punctuate(signature), written_date(report.date), annex_title(month), shown)


def written_date(text: str) -> str:
    """Write the date under the signature as Chinese documents do; without one, room for it."""
    if not text:
        return "\u3000\u3000\u3000\u3000年\u3000月\u3000日"
    try:
        date = pd.Timestamp(text)
    except ValueError as error:
        raise ReportError(f"成文日期“{text}”写法不对，应如 2022-07-29。") from error
    return f"{date.year}年{date.month}月{date.day}日"


def _topic_orders(cases: pd.DataFrame, ids: set[str]) -> dict[str, TopicOrder]:
    rows = cases[cases["order_id"].isin(ids)].sort_values(["created", "order_id"])
    return {
        str(r.order_id): TopicOrder(
            str(r.order_id), f"{r.created:%Y-%m-%d %H:%M}", str(r.unit), str(r.title), str(r.text)
        )
        for r in rows.itertuples()
    }
