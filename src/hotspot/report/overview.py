"""Section 一: how many orders, from where, of what nature, to whom."""

import pandas as pd

from ..orders.columns import NATURES
from .model import Block, Chart, Count, Figure, Heading, Part, Section, Sentence, Series
from .month import NO_UNIT, OTHER, UNSTATED, Month
from .numbers import chinese_number, duration, month_name
from .say import counted, listed, note, paragraph, place_of, say

__all__ = ["overview_section"]

_BASIS = {"closed": "办结时间", "created": "来电时间"}


def overview_section(month: Month, changes: tuple[Block, ...]) -> Section:
    """Build the section; `changes` are the blocks that compare with earlier months."""
    blocks: list[Block] = [*paragraph(_total(month), _channels(month), _handling(month))]
    blocks += [Heading("从性质来看"), *_natures(month)]
    blocks += [Heading("从承办单位来看"), *_units(month)]
    if changes:
        blocks += [Heading("从同比环比来看"), *changes]
    return Section("overview", "承办工单基本情况", tuple(blocks))


def _total(month: Month) -> Sentence:
    office = month.settings.office
    what = f"{office.hotline}转派的工单" if office.hotline else "12345政务服务便民热线工单"
    basis = f"件（以{_BASIS[month.basis]}为统计依据）。"
    return say(f"{month_name(month.name)},{place_of(month).we}共承办{what}", month.count("工单总量"), basis)


def _channels(month: Month) -> Sentence | None:
    report = month.settings.report
    if "channel" not in month.knows:
        return None
    present = dict(month.values("channel"))
    if report.special_channels:
        special = [c for c in report.special_channels if c in present]
    else:
        special = [c for c in present if c and c not in report.ordinary_channels]
    if not special:
        return None
    items: list[tuple[Part, ...]] = [(c, month.count(f"来源渠道为{c}", ("channel", c)), "件") for c in special[:8]]
    return say("其中来自特殊渠道的有：", *listed(items), "。")


def _handling(month: Month) -> Sentence | None:
    hours = month.cases["hours"].dropna()
    if len(hours) < month.settings.report.small_base or (hours < 0).any():
        return None
    figure = Figure(
        duration(float(hours.median())), "median_hours", (Count(total="hours"),), "从来电到办结用时的中位数"
    )
    return say("从来电到办结，半数工单用时不超过", figure, "。")


def _natures(month: Month) -> list[Block]:
    if "nature" not in month.knows:
        return [note("工单表没有性质一列，本项不作统计。")]
    order = {n: i for i, n in enumerate((*NATURES, OTHER, UNSTATED))}
    found = sorted(month.values("nature"), key=lambda item: (-item[1], order[item[0]]))
    items: list[tuple[Part, ...]] = []
    for name, _ in found:
        figure = month.count(f"性质为{name}", ("nature", name))
        share = month.share(f"{name}类占工单总量的比重", (("nature", name),))
        label = name + ("类" if name in NATURES else "性质")
        told: tuple[Part, ...] = (",占", share) if share else ()
        items.append((label, figure, "件", *told))
    start = "按件数由多到少，" if len(items) > 1 else "全部为"
    blocks: list[Block] = [*paragraph(say(start, *listed(items, ";"), "。"))]
    if len(found) > 1 and month.settings.report.charts:
        series = Series("工单数", tuple(n for _, n in found))
        blocks.append(Chart("natures", "各类性质工单数（件）", "bar", tuple(n for n, _ in found), (series,)))
    return blocks


def _units(month: Month) -> list[Block]:
    if "department" not in month.knows:
        return [note("工单表没有承办单位一列，本项不作统计。")]
    place = place_of(month)
    parts: list[Sentence | None] = [
        _ranking(month, "直", place.units),
        _ranking(month, "镇", f"各{place.towns}"),
        _without_unit(month),
    ]
    blocks: list[Block] = [*paragraph(*parts)]
    if month.settings.report.charts:
        blocks.append(_unit_chart(month))
    return blocks


def _ranking(month: Month, group: str, label: str) -> Sentence | None:
    ranked = month.values("unit", (("group", group),))
    if not ranked:
        return None
    named = _leading(ranked, month.settings.report.top_units)
    total = month.count(f"{label}承办的工单", ("group", group))
    share = month.share(f"{label}承办工单的比重", (("group", group),))
    items = [counted(unit, month.count(f"承办单位为{unit}", ("unit", unit))) for unit, _ in named]
    which = (
        "共有" if len(named) == len(ranked) else f"承办量居前{_rank_word(named, month.settings.report.top_units)}的是"
    )
    return say(f"{label}承办", total, "件，占", share, f",{which}:", *listed(items), "。")


def _leading(ranked: list[tuple[str, int]], top: int) -> list[tuple[str, int]]:
    """Return the first few, with up to two more that equal the last of them."""
    if len(ranked) <= top:
        return ranked
    tied = [item for item in ranked[top:] if item[1] == ranked[top - 1][1]]
    return ranked[:top] + (tied if len(tied) <= 2 else [])


def _rank_word(named: list[tuple[str, int]], top: int) -> str:
    return chinese_number(top) + ("位" if len(named) == top else "位（含并列）")


def _without_unit(month: Month) -> Sentence | None:
    if not month.number((("unit", NO_UNIT),)):
        return None
    return say("另有", month.count(NO_UNIT, ("unit", NO_UNIT)), "件未注明承办单位。")


def _unit_chart(month: Month, top: int = 15) -> Chart:
    ranked = month.values("unit")
    shown = [unit for unit, _ in ranked[:top]]
    if "satisfaction" in month.knows:
        series = tuple(
            Series(rating, tuple(month.number((("unit", u), ("rating", rating))) for u in shown))
            for rating in ("满意", "基本满意", "不满意", "未评价", OTHER)
            if month.number((("rating", rating),))
        )
        title = (
            f"承办量居前{len(shown)}位的单位及其满意情况（件）" if len(ranked) > top else "各单位承办量及满意情况（件）"
        )
        return Chart("units", title, "stacked", tuple(shown), series)
    numbers = tuple(n for _, n in ranked[:top])
    return Chart("units", "承办量居前的单位（件）", "stacked", tuple(shown), (Series("工单数", numbers),))


def daily_chart(month: Month, hotspots: list[tuple[str, str]]) -> Chart | None:
    """Chart the month's calls by day, with a line for each hotspot given as (id, title)."""
    days = month.cases["created"].dt.normalize()
    start = pd.Period(month.name, freq="M").start_time
    first = max(days.min(), start - pd.Timedelta(days=14))
    index = pd.date_range(first, days.max(), freq="D")
    if len(index) < 2:
        return None

    def by_day(rows: pd.Series) -> tuple[int, ...]:
        counts = rows.value_counts()
        return tuple(int(counts.get(day, 0)) for day in index)

    series = [Series("全部工单", by_day(days))]
    series += [Series(title, by_day(days[month.cases["hotspot"] == key])) for key, title in hotspots]
    early = int((days < first).sum())
    remark = f"另有{early}件来电早于图示时间。" if early else ""
    labels = tuple(f"{d.month}月{d.day}日" for d in index)
    return Chart("daily", "每日来电量与热点（件）", "line", labels, tuple(series), remark)
