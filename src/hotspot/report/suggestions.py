"""意见建议: what the month's own figures ask for. No fixed phrase: where nothing stands out, nothing is said."""

import pandas as pd

from .model import Sentence
from .month import NO_UNIT, Month
from .say import enumerated, say

__all__ = ["below_threshold", "suggestions"]

_MOST = 4
_HOTSPOT_SHARE = 0.1
_CHANCE = 0.05
"""The dissatisfied are said to be concentrated in a hotspot where chance would put so many there more seldom."""
_SILENT_SHARE = 0.1
_REPEATED = 4


def suggestions(month: Month, issues: pd.DataFrame | None) -> tuple[Sentence, ...]:
    """Draw the suggestions that the month's figures support, most pressing first.

    Parameters
    ----------
    month : Month
        With hotspots and emergencies attached.
    issues : pandas.DataFrame or None
        Issues as detection found them.

    Returns
    -------
    tuple of Sentence
        Numbered; empty where nothing stands out.
    """
    found = [_cards(month), _low_units(month), _slow(month), _hotspot(month), _silent(month), _repeated(month, issues)]
    kept = [sentence for sentence in found if sentence is not None][:_MOST]
    return enumerated(kept) if kept else ()


def below_threshold(month: Month) -> list[str]:
    """Return the units whose rate is below the threshold and rests on enough orders, lowest first."""
    report = month.settings.report
    low = []
    for unit, number in month.values("unit", (("surveyed", "是"),)):
        rate = month.satisfaction_value((("unit", unit),))
        if unit == NO_UNIT or number < report.threshold_orders or rate is None:
            continue
        if float(rate) < report.satisfaction_threshold:
            low.append((rate, unit))
    return [unit for _, unit in sorted(low)]


def _cards(month: Month) -> Sentence | None:
    cards = month.cases["yellow_cards"] + month.cases["red_cards"]
    units = sorted(set(month.cases.loc[cards > 0, "unit"]) - {NO_UNIT})
    if not units:
        return None
    orders = tuple(month.cases.loc[cards > 0, "order_id"])
    return say(f"{_some(units)}应对照被发牌的工单查明超期环节，完善接单、催办和延期申请的内部流程", orders=orders)


def _low_units(month: Month) -> Sentence | None:
    if not {"satisfaction", "department"} <= month.knows:
        return None
    low = below_threshold(month)
    if not low:
        return None
    rows = month.cases[month.cases["unit"].isin(low) & (month.cases["rating"] == "不满意")]
    return say(
        f"满意率偏低的{_some(low, 3)}应逐件回访不满意工单，弄清市民不满意的是结果、时效还是态度，"
        "能解决的限期解决，一时解决不了的说明原因和期限", orders=tuple(rows["order_id"]),
    )  # fmt: skip


def _slow(month: Month) -> Sentence | None:
    slow = (("urgent", "是"), ("speed", "慢"))
    if not month.number(slow):
        return None
    hours = f"{month.settings.report.slow_hours:g}小时"
    rows = month.cases[(month.cases["urgent"] == "是") & (month.cases["speed"] == "慢")]
    return say(
        "紧急险情", month.count("紧急险情工单", ("urgent", "是")), "件中有", month.count(f"超过{hours}的险情", *slow),
        f"件办结超过{hours}，建议对险情工单先处置后补单，并单独记录到场时间", orders=tuple(rows["order_id"]),
    )  # fmt: skip


def _hotspot(month: Month) -> Sentence | None:
    """Name the hotspot with the most dissatisfied callers, if it holds a good part of them, and more than its share.

    Had the callers' judgement nothing to do with the matter, their number would be hypergeometric.
    """
    from scipy.stats import hypergeom

    bad = month.number((("rating", "不满意"),))
    ranked = [
        (hotspot, number)
        for hotspot, number in month.values("hotspot", (("rating", "不满意"),))
        if hotspot and hypergeom.sf(number - 1, month.total, month.number((("hotspot", hotspot),)), bad) <= _CHANCE
    ]
    if not ranked or ranked[0][1] < max(3, _HOTSPOT_SHARE * bad):
        return None
    key = ranked[0][0]
    title = month.titles.get(key, key)
    where = (("hotspot", key), ("rating", "不满意"))
    units = [u for u, _ in month.values("unit", (("hotspot", key),)) if u != NO_UNIT][:2]
    who = f",建议由承办较多的{'、'.join(units)}牵头" if units else ",建议"
    rows = month.cases[(month.cases["hotspot"] == key) & (month.cases["rating"] == "不满意")]
    return say(
        "不满意工单", month.count("评价为不满意", ("rating", "不满意")), "件中有",
        month.count(f"热点“{title}”不满意", *where),
        f"件集中在“{title}”{who}统一答复口径、公布办理进度，避免市民反复来电", orders=tuple(rows["order_id"]),
    )  # fmt: skip


def _silent(month: Month) -> Sentence | None:
    silent, surveyed = (("rating", "未评价"),), (("surveyed", "是"),)
    if not month.number(surveyed) or month.number(silent) < _SILENT_SHARE * month.number(surveyed):
        return None
    share = month.share("未评价占调查总数", silent, surveyed)
    if share is None or month.number(silent) == month.number(surveyed):
        return None
    return say(
        "未评价工单", month.count("未评价", *silent), "件，占调查总数的", share,
        ",承办单位办结后应主动联系市民核实办理效果，提高有效评价的比重",
    )  # fmt: skip


def _repeated(month: Month, issues: pd.DataFrame | None) -> Sentence | None:
    """Name the issue outside all hotspots that most orders are about."""
    if issues is None:
        return None
    ranked = [(i, n) for i, n in month.values("issue", (("in_hotspot", "否"),)) if i and n >= _REPEATED]
    if not ranked or "title" not in issues.columns:
        return None
    titles = dict(zip(issues["issue"], issues["title"], strict=True))
    key = ranked[0][0]
    orders = tuple(month.cases.loc[month.cases["issue"] == key, "order_id"])
    number = month.count(f"事项“{titles.get(key, key)}”", ("issue", key))
    return say(
        f"“{titles.get(key, key)}”一事有",
        number,
        "件工单反映，建议承办单位作为一件事集中办理，避免逐件答复",
        orders=orders,
    )


def _some(names: list[str], top: int = 4) -> str:
    return "、".join(names[:top]) + ("等单位" if len(names) > top else "")
