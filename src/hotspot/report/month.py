"""The month's orders with what the report counts them by, and the figures made from them."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property

import pandas as pd

from ..orders import select_month
from ..orders.columns import NATURES, RATINGS
from ..orders.table import counting_column
from ..settings import Settings
from .model import Count, Figure, Query, Rule
from .numbers import percent

__all__ = ["NO_UNIT", "OTHER", "UNSTATED", "Month", "is_town", "prepare_month"]

OTHER = "其他"
UNSTATED = "未注明"
NO_UNIT = "未注明单位"
_TOWN_ENDINGS = ("镇", "乡", "街道", "街道办", "街道办事处", "镇政府", "乡政府", "镇人民政府", "乡人民政府", "苏木")
_NOT_TOWNS = ("城镇", "乡镇")


@dataclass(frozen=True)
class Month:
    """A month of orders, ready to be counted.

    Attributes
    ----------
    name : str
        Such as ``2022-06``.
    basis : str
        ``closed`` or ``created``: the time that decides which orders belong to the month.
    cases : pandas.DataFrame
        The orders with text columns to count by: unit, group (镇 or 直), nature, rating, channel, hotspot, in_hotspot,
        issue, emergency, incident, speed; and the numbers hours, yellow_cards, red_cards.
    knows : frozenset of str
        Which of department, nature, channel, satisfaction, cards, closed, reply the orders tell at all.
    settings : Settings
        All settings.
    margins : mapping
        Counts by columns, filled as they are asked for.
    titles : dict
        Title of each hotspot, by its id.
    """

    name: str
    basis: str
    cases: pd.DataFrame
    knows: frozenset[str]
    settings: Settings
    margins: dict[tuple[str, ...], Mapping[tuple[str, ...], int]] = field(default_factory=dict, repr=False)
    titles: dict[str, str] = field(default_factory=dict, repr=False)

    @cached_property
    def total(self) -> int:
        """Number of orders."""
        return len(self.cases)

    def number(self, where: Query = (), total: str = "") -> int:
        """Count the orders that meet all conditions, or sum a column over them."""
        if total:
            rows = self.cases
            for column, value in where:
                rows = rows[rows[column] == value]
            return int(rows[total].sum())
        columns = tuple(column for column, _ in where)
        if not columns:
            return self.total
        if columns not in self.margins:
            grouped = self.cases.groupby(list(columns), sort=False).size()
            keys = [k if isinstance(k, tuple) else (k,) for k in grouped.index]
            self.margins[columns] = dict(zip(keys, map(int, grouped), strict=True))
        return self.margins[columns].get(tuple(value for _, value in where), 0)

    def values(self, column: str, where: Query = ()) -> list[tuple[str, int]]:
        """Return a column's values with their counts, most first, equal ones by the settings' order, then by name."""
        rows = self.cases
        for name, value in where:
            rows = rows[rows[name] == value]
        order = {unit: i for i, unit in enumerate(self.settings.report.unit_order)}
        counts = Counter(rows[column].tolist())
        return sorted(counts.items(), key=lambda item: (-item[1], order.get(item[0], len(order)), item[0]))

    def count(self, meaning: str, *where: tuple[str, str], total: str = "") -> Figure:
        """Make the figure of a count."""
        return Figure(str(self.number(where, total)), "count", (Count(where, total=total),), meaning)

    def share(self, meaning: str, where: Query, base: Query = ()) -> Figure | None:
        """Make the figure of a share; None where its base is empty."""
        below = self.number(base)
        if below == 0:
            return None
        text = percent(Fraction(self.number(where), below), self.settings.report)
        return Figure(text, "share", (Count(where), Count(base)), meaning)

    def satisfaction(self, meaning: str, where: Query = ()) -> Figure | None:
        """Make the satisfaction rate by the settings' formula; None where its denominator is empty."""
        value, counts = self.satisfaction_value(where), self._satisfaction_counts(where)
        if value is None:
            return None
        rule: Rule = "complement" if self.settings.report.satisfaction_formula == "not_dissatisfied" else "sum_share"
        return Figure(percent(value, self.settings.report), rule, counts, meaning)

    def satisfaction_value(self, where: Query = ()) -> Fraction | None:
        """Return the exact satisfaction rate."""
        numbers = [self.number(c.where) for c in self._satisfaction_counts(where)]
        if len(numbers) == 2:
            bad, base = numbers
            return Fraction(base - bad, base) if base else None
        good, fair, surveyed, silent = numbers
        return Fraction(good + fair, surveyed - silent) if surveyed > silent else None

    def _satisfaction_counts(self, where: Query) -> tuple[Count, ...]:
        surveyed = (*where, ("surveyed", "是"))
        if self.settings.report.satisfaction_formula == "not_dissatisfied":
            return Count((*where, ("rating", "不满意"))), Count(surveyed)
        return (
            Count((*where, ("rating", "满意"))),
            Count((*where, ("rating", "基本满意"))),
            Count(surveyed),
            Count((*where, ("rating", "未评价"))),
        )


def is_town(unit: str, settings: Settings) -> bool:
    """Tell whether a unit is a town: by the settings' list, else by its ending."""
    if settings.region.towns:
        return unit in settings.region.towns
    return unit.endswith(_TOWN_ENDINGS) and not unit.endswith(_NOT_TOWNS)


def prepare_month(
    orders: pd.DataFrame, month: str, settings: Settings, columns: frozenset[str] | None = None, *, select: bool = True
) -> Month:
    """Select a month's orders and add the columns that the report counts by.

    Parameters
    ----------
    orders : pandas.DataFrame
        Orders table.
    month : str
        Such as ``2022-06``.
    settings : Settings
        Towns and the like.
    columns : frozenset of str, optional
        Standard columns that the file had; by default those that hold anything.
    select : bool
        False where `orders` are the month's already.

    Raises
    ------
    OrdersError
        No order lies in the month.
    """
    basis = counting_column(orders)
    cases = (select_month(orders, month) if select else orders).reset_index(drop=True).copy()
    knows = _known(cases, columns)
    cases["unit"] = cases["department"].where(cases["department"] != "", NO_UNIT)
    cases["group"] = [UNSTATED if u == NO_UNIT else "镇" if is_town(u, settings) else "直" for u in cases["unit"]]
    cases["nature"] = _standard(cases["nature"], NATURES)
    cases["rating"] = _standard(cases["satisfaction"].replace("", "未评价"), RATINGS) if "satisfaction" in knows else ""
    cases["surveyed"] = "是" if "satisfaction" in knows else "否"
    cases["hours"] = (cases["closed"] - cases["created"]).dt.total_seconds() / 3600
    return Month(month, basis, cases, knows, settings)


def _known(cases: pd.DataFrame, columns: frozenset[str] | None) -> frozenset[str]:
    """Say which columns tell anything; a column of cards tells even where it holds zeros only."""
    known = {c for c in ("department", "nature", "channel", "satisfaction", "reply") if (cases[c] != "").any()}
    if cases["closed"].notna().any():
        known.add("closed")
    cards = {"yellow_cards", "red_cards"}
    if columns is None or cards & columns or cases[sorted(cards)].to_numpy().any():
        known.add("cards")
    return frozenset(known)


def _standard(values: pd.Series, known: tuple[str, ...]) -> pd.Series:
    return values.map(lambda v: v if v in known else UNSTATED if v == "" else OTHER).astype("str")
