"""Sections 三 and 四: emergencies; cards, satisfaction and what follows from them."""

from fractions import Fraction

import pandas as pd

from ..orders.columns import RATINGS
from ..segment import Segmenter
from .emergencies import find_emergencies
from .incidents import Incident, incidents_of
from .model import Block, Paragraph, Part, Section, Sentence
from .month import OTHER, Month
from .numbers import percent
from .say import counted, listed, note, paragraph, say
from .suggestions import below_threshold, suggestions
from .telling import row_of, tell_emergency

__all__ = ["attach_emergencies", "emergency_section", "satisfaction_section"]


def attach_emergencies(month: Month) -> tuple[Incident, ...]:
    """Find the emergencies and add to the cases: emergency (its kind), urgent, incident (its first call) and speed.

    What detection says of the cases comes before (`attach_hotspots`).
    """
    found = find_emergencies(month.cases)
    limit = month.settings.report.slow_hours
    kinds = {e.order_id: e.kind for e in found}
    cases = month.cases
    cases["emergency"] = pd.Series([kinds.get(o, "") for o in cases["order_id"]], index=cases.index, dtype="str")
    cases["urgent"] = ["是" if k else "否" for k in cases["emergency"]]
    cases["speed"] = ["" if pd.isna(h) else "快" if h <= limit else "慢" for h in cases["hours"]]
    incidents = incidents_of(found, cases, Segmenter(month.settings.words.user_words))
    first = {order_id: each.order_ids[0] for each in incidents for order_id in each.order_ids}
    cases["incident"] = pd.Series([first.get(o, "") for o in cases["order_id"]], index=cases.index, dtype="str")
    return incidents


def emergency_section(month: Month, found: tuple[Incident, ...]) -> Section:
    """Build section 三."""
    heading = "应急处置情况"
    if not found:
        kinds = "人员被困、走失、火情、燃气泄漏、断线漏电、塌方、道路阻断、群体中毒等"
        return Section("emergency", heading, (Paragraph((say(f"本月工单中未发现反映{kinds}紧急险情的工单。"),)),))
    most = month.settings.report.emergencies
    outcomes = bool({"reply", "closed"} & month.knows)
    chosen = "险情较重、处置较快" if outcomes else "险情较重"
    some = say(f"下面列出{chosen}的几件。") if 0 < most < len(found) else None
    blocks: list[Block] = [*paragraph(_kinds(month), _speed(month), some)]
    for incident in found[:most]:
        emergency = incident.calls[0]
        told = tell_emergency(row_of(month.cases, emergency.order_id), emergency, outcomes=outcomes)
        blocks += paragraph(*told, _calls(month, incident))
    if not outcomes:
        blocks.append(note("工单表没有办理结果和办结时间，险情如何处置请补写。"))
    return Section("emergency", heading, tuple(blocks))


def _calls(month: Month, incident: Incident) -> Sentence | None:
    """Say how many calls told of an incident, where it was more than one."""
    if len(incident.calls) == 1:
        return None
    number = month.count("反映同一险情的工单", ("incident", incident.order_ids[0]))
    return say("反映这起险情的工单共", number, "件。", orders=incident.order_ids)


def _kinds(month: Month) -> Sentence:
    urgent = (("urgent", "是"),)
    kinds = month.values("emergency", urgent)
    items = [counted(kind, month.count(f"险情：{kind}", ("emergency", kind))) for kind, _ in kinds]
    return say("本月反映紧急险情的工单有", month.count("紧急险情工单", *urgent), "件，其中", *listed(items), "。")


def _speed(month: Month) -> Sentence | None:
    quick, slow = (("urgent", "是"), ("speed", "快")), (("urgent", "是"), ("speed", "慢"))
    if not (month.number(quick) + month.number(slow)):
        return None
    hours = f"{month.settings.report.slow_hours:g}小时"
    parts: list[Part] = []
    if month.number(quick):
        parts += [month.count(f"{hours}内办结的险情", *quick), f"件在{hours}内办结"]
    if month.number(slow):
        units = month.values("unit", slow)[: month.settings.report.top_units]
        items: list[tuple[Part, ...]] = [
            (u, month.count(f"{u}超过{hours}的险情", ("unit", u), *slow), "件") for u, _ in units
        ]
        parts += ["," if parts else "", month.count(f"超过{hours}的险情", *slow), f"件超过{hours}"]
        parts += [",其中较多的是", *listed(items)] if len(units) > 1 else []
    return say(*parts, "。")


def satisfaction_section(month: Month, issues: pd.DataFrame | None) -> Section:
    """Build section 四."""
    blocks: list[Block] = [_cards(month)]
    if "satisfaction" in month.knows:
        blocks += paragraph(_survey(month))
        blocks += paragraph(_below(month))
    else:
        blocks.append(note("工单表没有满意度一列，本月满意率不作统计。"))
    advice = suggestions(month, issues)
    if advice:
        blocks.append(Paragraph((say("意见建议："), *advice)))
    return Section("satisfaction", "红黄牌和满意率情况", tuple(blocks))


def _cards(month: Month) -> Paragraph:
    if "cards" not in month.knows:
        return note("工单表没有红黄牌列，本月红黄牌情况不作统计。")
    total = month.count("工单总量")
    if not month.number(total="yellow_cards") + month.number(total="red_cards"):
        return Paragraph((say("本月承办的", total, "件工单均未被发放黄牌、红牌。"),))
    parts: list[Part] = []
    for column, label in (("yellow_cards", "黄牌"), ("red_cards", "红牌")):
        number = month.count(f"{label}数", total=column)
        by_unit = month.cases.groupby("unit")[column].sum()
        units = sorted(((n, u) for u, n in by_unit.items() if n), key=lambda x: (-x[0], str(x[1])))
        items: list[tuple[Part, ...]] = [
            (f"{u}(", month.count(f"{u}{label}数", ("unit", str(u)), total=column), "张）") for _, u in units
        ]
        parts += [";" if parts else "", f"{label}", number, "张", *([":", *listed(items)] if items else [])]
    return Paragraph((say("本月承办的", total, "件工单中，共发放", *parts, "。"),))


def _survey(month: Month) -> Sentence:
    items: list[tuple[Part, ...]] = [(r, month.count(f"评价为{r}", ("rating", r)), "件") for r in RATINGS]
    if month.number((("rating", OTHER),)):
        items.append((OTHER, month.count("评价为其他", ("rating", OTHER)), "件"))
    rate = month.satisfaction("满意率")
    formula = {
        "not_dissatisfied": "按调查总数减去不满意数后占调查总数的比重计算",
        "rated": "按满意与基本满意之和占已评价数的比重计算",
    }[month.settings.report.satisfaction_formula]
    surveyed = month.count("发起满意率调查", ("surveyed", "是"))
    tail: list[Part] = [",满意率为", rate, f"({formula})。"] if rate else [",没有可计算满意率的评价。"]
    return say(
        "本月对办结的" if month.basis == "closed" else "本月对",
        surveyed,
        "件工单开展了满意率调查，其中",
        *listed(items),
        *tail,
    )


def _below(month: Month) -> Sentence | None:
    if "department" not in month.knows:
        return None
    report = month.settings.report
    line = percent(Fraction(str(report.satisfaction_threshold)), report)
    low = below_threshold(month)
    sizes = [n for _, n in month.values("unit", (("surveyed", "是"),))]
    if max(sizes, default=0) < report.threshold_orders:
        return say(f"各单位调查工单均不足{report.threshold_orders}件，不作单位间比较。")
    basis = f"调查工单不少于{report.threshold_orders}件的单位中，"
    if not low:
        return say(f"{basis}没有满意率低于{line}的单位。")
    items: list[tuple[Part, ...]] = []
    for unit in low:
        rate = month.satisfaction(f"{unit}满意率", (("unit", unit),))
        bad = month.count(f"{unit}不满意", ("unit", unit), ("rating", "不满意"))
        all_of = month.count(f"{unit}调查工单", ("unit", unit), ("surveyed", "是"))
        items.append((f"{unit}(", *([rate] if rate else []), ",", all_of, "件中不满意", bad, "件）"))
    return say(f"{basis}满意率低于{line}的有：", *listed(items), "。")
