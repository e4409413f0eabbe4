"""The annexed table: units by cards, natures, satisfaction and rate."""

from ..orders.columns import NATURES, RATINGS
from .model import Figure, Part, Query, Table
from .month import OTHER, UNSTATED, Month
from .numbers import month_name

__all__ = ["annex_table", "annex_title"]


def annex_title(month: Month) -> str:
    """Return the table's title."""
    office = month.settings.office
    where = f"{office.region}承办{office.hotline}" if office.hotline else f"{office.region}12345政务服务便民热线"
    return f"{where}{month_name(month.name)}工单办理情况表"


def annex_table(month: Month) -> Table | None:
    """Build the table, most orders first; None where the orders name no unit."""
    if "department" not in month.knows:
        return None
    natures = _columns(month, "nature", NATURES) if "nature" in month.knows else []
    ratings = _columns(month, "rating", RATINGS) if "satisfaction" in month.knows else []
    cards = [("黄牌", "yellow_cards"), ("红牌", "red_cards")] if "cards" in month.knows else []
    groups = [("职能承办部门", 1), ("工单总数", 1), *[(label, 1) for label, _ in cards]]
    columns = ["职能承办部门", "工单总数", *[label for label, _ in cards], *natures, *ratings]
    groups += [("工单分类", len(natures))] if natures else []
    groups += [("满意情况", len(ratings)), ("满意率", 1)] if ratings else []
    columns += ["满意率"] if ratings else []

    def row(label: str, where: Query) -> tuple[Part, ...]:
        cells: list[Part] = [label, month.count(f"{label}工单总数", *where)]
        cells += [_blank(month.count(f"{label}{name}", *where, total=column)) for name, column in cards]
        cells += [_blank(month.count(f"{label}{n}", *where, ("nature", n))) for n in natures]
        cells += [_blank(month.count(f"{label}{r}", *where, ("rating", r))) for r in ratings]
        if ratings:
            cells.append(month.satisfaction(f"{label}满意率", where) or "—")
        return tuple(cells)

    rows = [row(unit, (("unit", unit),)) for unit, _ in month.values("unit")]
    rows.append(row("总计", ()))
    return Table("annex", annex_title(month), tuple(groups), tuple(columns), tuple(rows), has_total=True)


def _columns(month: Month, column: str, known: tuple[str, ...]) -> list[str]:
    return [*known, *[v for v in (OTHER, UNSTATED) if month.number(((column, v),))]]


def _blank(figure: Figure) -> Figure:
    """Leave a zero blank in print, as such tables have it; it stays a figure and is checked as one."""
    return Figure("", figure.rule, figure.counts, figure.meaning) if figure.text == "0" else figure
