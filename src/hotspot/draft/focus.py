"""The 热点聚焦 section: each hotspot with its title, its lead and its demands, every clause with its orders."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from ..detection.known_subjects import SharedSubject
from ..detection.places import is_somewhere
from ..detection.result import DetectionResult
from ..orders.columns import PRAISE
from ..segment import Segmenter
from ..settings import Settings
from .cause import Cause, common_cause, main_role, main_third, main_towns
from .demands import Demand, demands_of, word_rarity
from .inquiries import ASKED
from .issue_titles import typical_title
from .key_words import key_words
from .phrases import brief_problems
from .support import Backdrop
from .titles import led_by_place, title_of

__all__ = ["Clause", "Focus", "FocusItem", "draft_focus", "title_hotspots"]

FIRM = 0.6
"""How likely an order must belong to its hotspot for demands to be drawn from it: what strayed in speaks for others."""
_MONTH = pd.Timedelta(days=62)
_ORDINALS = "一二三四五六七八九十"
_COMMA, _SEMICOLON, _COLON = "\uff0c", "\uff1b", "\uff1a"


@dataclass(frozen=True)
class Clause:
    """A sentence of the draft and the orders that it rests on.

    Attributes
    ----------
    text : str
    orders : tuple of str
        Order ids, those that its words are drawn from first; never empty.
    """

    text: str
    orders: tuple[str, ...]


@dataclass(frozen=True)
class FocusItem:
    """One hotspot of the section.

    Attributes
    ----------
    hotspot : str
        Its id.
    title : str
    lead : Clause
        When, where and who.
    demands : tuple of Clause
        What is asked for, without '一是'.
    """

    hotspot: str
    title: str
    lead: Clause
    demands: tuple[Clause, ...]

    @property
    def text(self) -> str:
        """The paragraph as it stands in the report."""
        told = _SEMICOLON.join(f"{_ORDINALS[i]}是{clause.text}" for i, clause in enumerate(self.demands))
        return f"{self.lead.text}{told}。"


@dataclass(frozen=True)
class Focus:
    """The drafted section.

    Attributes
    ----------
    items : tuple of FocusItem
        Hottest first.
    """

    items: tuple[FocusItem, ...]

    def to_markdown(self, evidence: bool = True) -> str:
        """Write the section as Markdown.

        Parameters
        ----------
        evidence : bool, default True
            Add a footnote with the order ids behind each clause.
        """
        lines = ["# 热点聚焦", ""]
        notes: list[str] = []

        def note(clause: Clause) -> str:
            if not evidence:
                return ""
            notes.append(f"[^{len(notes) + 1}]: 依据工单 {len(clause.orders)} 件：{'、'.join(clause.orders)}")
            return f"[^{len(notes)}]"

        if not self.items:
            lines += ["本期没有达到热点标准的问题。", ""]
        for number, item in enumerate(self.items):
            lines += [f"## （{_ORDINALS[number] if number < len(_ORDINALS) else number + 1}）{item.title}", ""]
            body = item.lead.text + note(item.lead)
            for i, clause in enumerate(item.demands):
                end = "。" if i + 1 == len(item.demands) else _SEMICOLON
                body += f"{_ORDINALS[i]}是{clause.text}{note(clause)}{end}"
            lines += [body, ""]
        return "\n".join([*lines, *notes]).rstrip() + "\n"


def draft_focus(result: DetectionResult, settings: Settings | None = None, *, hotspots: int | None = None) -> Focus:
    """Draft the 热点聚焦 section from a detection.

    Parameters
    ----------
    result : DetectionResult
    settings : Settings, optional
        Number of hotspots and demands, names of towns; by default those of the detection.
    hotspots : int, optional
        How many hotspots to draft, before the settings.

    Returns
    -------
    Focus
        Every clause drawn from orders, whose ids it carries.
    """
    settings = settings or result.settings
    rarity = word_rarity(result.orders, result.segmenter)
    backdrop = Backdrop(result.orders, result.encoder)
    rows = result.hotspots.head(settings.draft.hotspots if hotspots is None else hotspots)
    items = [_draft_item(result, row, rarity, backdrop, settings) for _, row in rows.iterrows()]
    watched = dict(zip(rows["hotspot"], rows["watched"], strict=True)) if "watched" in rows else {}
    titles = Counter(item.title for item in items)
    return Focus(tuple(_titled_apart(item, titles, watched.get(item.hotspot, "")) for item in items))


def _titled_apart(item: FocusItem, titles: Mapping[str, int], watched: str) -> FocusItem:
    """Title a hotspot by what it is watched for where another has its title: the rest of what it was taken from."""
    return replace(item, title=f"{watched}等问题") if watched and titles[item.title] > 1 else item


def title_hotspots(result: DetectionResult, focus: Focus) -> None:
    """Give the hotspots of a result the titles of a draft, in place of their most typical orders'.

    Parameters
    ----------
    result : DetectionResult
        Its ``hotspots`` are changed; those not drafted keep their title, or a name that the user gave.
    focus : Focus
        From `draft_focus`.
    """
    titles = {**result.names, **{item.hotspot: item.title for item in focus.items}}
    result.hotspots["title"] = result.hotspots["hotspot"].map(titles).fillna(result.hotspots["title"])


def _draft_item(
    result: DetectionResult, row: "pd.Series", rarity: Mapping[str, float], backdrop: Backdrop, settings: Settings
) -> FocusItem:
    hotspot = str(row["hotspot"])
    orders = result.orders_of(hotspot).reset_index(drop=True)
    cause = common_cause(orders, result.orders)
    demands = demands_of(
        _asking(result.firmly_in(hotspot, FIRM)), rarity, result.encoder, result.segmenter, settings.draft.demands,
        concerned=cause.concerned if cause else (),
    )  # fmt: skip
    clauses = tuple(Clause(demand_sentence(demand), demand.orders) for demand in demands)
    title = result.names.get(hotspot) or _title(result, row, orders, cause, backdrop, rarity=rarity)
    return FocusItem(hotspot, title, _lead(orders, cause, _somewhere(row, result.segmenter), settings), clauses)


def _asking(orders: pd.DataFrame) -> pd.DataFrame:
    """Leave out what is praised, which is no demand, unless nothing else is said."""
    asking = orders["nature"].ne(PRAISE)
    return orders[asking] if asking.any() else orders


def _title(
    result: DetectionResult,
    row: "pd.Series",
    orders: pd.DataFrame,
    cause: Cause | None,
    backdrop: Backdrop,
    *,
    rarity: Mapping[str, float],
) -> str:
    subjects, aspects, places = (_listed(row[column]) for column in ("subject", "aspects", "places"))
    known = SharedSubject(subjects, aspects, float(row["subject_share"]), str(row["field"]), float(row["field_share"]))
    problems = brief_problems(orders, result.segmenter)
    keys = key_words(orders, rarity, result.segmenter, backdrop)
    title = title_of(orders, cause, problems, backdrop, result.segmenter, known=known, keys=keys).text
    if not title:
        title = f"{typical_title(orders, result.encoder, result.segmenter).removesuffix('问题')}等问题"
    return led_by_place(title, places, orders)


def _listed(names: str) -> tuple[str, ...]:
    return tuple(filter(None, names.split("、")))


def _somewhere(row: "pd.Series", segmenter: Segmenter) -> tuple[str, ...]:
    return tuple(place for place in _listed(row["places"]) if is_somewhere(place, segmenter))


def _lead(orders: pd.DataFrame, cause: Cause | None, places: Sequence[str], settings: Settings) -> Clause:
    where = main_towns(orders, settings.region.towns, places)
    third, count = main_third(orders)
    all_in_it = count == len(orders)
    parts = [
        f"{_period(orders)}{third if all_in_it else ''}",
        f"受{cause.words}影响" if cause else "",
        f"热线共受理相关工单{len(orders)}件",
        f"其中{third}{count}件" if third and not all_in_it else "",
        f"主要涉及{'、'.join(where)}{'等地' if len(where) > 1 else ''}" if where else "",
        f"{main_role(orders)}反映的主要诉求有{_COLON}",
    ]
    sources = [*(cause.orders if cause else ()), *orders["order_id"]]
    return Clause(_COMMA.join(part for part in parts if part), tuple(dict.fromkeys(sources)))


def _period(orders: pd.DataFrame) -> str:
    """Speak of a month only where the orders came within one, and the days before it in which the first were taken."""
    return "本月" if orders["created"].max() - orders["created"].min() <= _MONTH else "本期"


def demand_sentence(demand: Demand) -> str:
    """Put a demand into words: what is the matter, then what is asked for; or what citizens ask to be told."""
    parts = [statement.text for statement in demand.problems]
    parts += [f"希望{demand.request.text}"] if demand.request else []
    parts += [f"{ASKED}{demand.inquiry.text}"] if demand.inquiry else []
    return _COMMA.join(parts)
