"""Earlier months: read from their orders or from the run record that a report leaves."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from ..errors import OrdersError
from ..orders import load_orders
from ..orders.table import counting_column
from ..settings import Settings
from .model import Query
from .month import Month, prepare_month

__all__ = ["PastHotspot", "PastMonth", "RunRecord", "load_history", "record_of", "wanted_months"]

RECORD_KIND = "hotspot-report"
RECORD_VERSION = 1
RunRecord = dict[str, Any]


@dataclass(frozen=True)
class PastHotspot:
    """A hotspot of an earlier month: what is needed to know it again."""

    title: str
    orders: int
    keywords: tuple[str, ...]


@dataclass(frozen=True)
class PastMonth:
    """Counts of an earlier month.

    Attributes
    ----------
    name : str
        Such as ``2022-05``.
    total : int
        Its orders.
    margins : mapping
        Number of orders by nature and by unit.
    hotspots : tuple of PastHotspot or None
        None where they are not known.
    """

    name: str
    total: int
    margins: Mapping[Query, int]
    hotspots: tuple[PastHotspot, ...] | None = None

    def number(self, where: Query = ()) -> int:
        """Count the orders that meet one condition, or all."""
        return self.margins.get(where, 0) if where else self.total

    def knows(self, column: str) -> bool:
        """Tell whether there are counts by a column."""
        return any(where[0][0] == column for where in self.margins)


def wanted_months(month: str) -> tuple[str, str]:
    """Return the month before and the same month a year ago."""
    period = pd.Period(month, freq="M")
    return str(period - 1), str(period - 12)


def load_history(
    paths: Iterable[str | Path],
    month: str,
    settings: Settings,
    detect: Callable[[pd.DataFrame], tuple[PastHotspot, ...] | None] | None = None,
    columns: Mapping[str, str] | None = None,
) -> tuple[dict[str, PastMonth], tuple[str, ...]]:
    """Read what the given files tell of the month before and of the same month a year ago.

    Parameters
    ----------
    paths : iterable of path
        Orders files, or run records (``.json``).
    month : str
        Month of the report.
    settings : Settings
        All settings.
    detect : callable, optional
        Finds the hotspots of a month's orders; without it those of orders files stay unknown.
    columns : mapping of str to str, optional
        As for `load_orders`.

    Returns
    -------
    tuple
        Months found by name, and notes on what could not be used.

    Raises
    ------
    OrdersError
        A file cannot be read.
    """
    wanted = wanted_months(month)
    found: dict[str, PastMonth] = {}
    notes: list[str] = []
    for path in paths:
        past = (
            _from_record(Path(path))
            if Path(path).suffix == ".json"
            else _from_orders(path, wanted, settings, detect, columns)
        )
        useful = [m for m in past if m.name in wanted]
        if not useful:
            have = "、".join(m.name for m in past) or "别的月份的工单"
            notes.append(f"{Path(path).name} 用不上：其中是{have}，需要 {wanted[0]} 或 {wanted[1]}。")
        found.update({m.name: m for m in useful})
    return found, tuple(notes)


def _from_orders(
    path: str | Path,
    wanted: tuple[str, str],
    settings: Settings,
    detect: Callable[[pd.DataFrame], tuple[PastHotspot, ...] | None] | None,
    columns: Mapping[str, str] | None,
) -> list[PastMonth]:
    file = load_orders(path, columns=columns)
    periods = file.orders[counting_column(file.orders)].dt.to_period("M").astype("str")
    past = []
    for name in wanted:
        orders = file.orders[periods == name].reset_index(drop=True)
        if orders.empty:
            continue
        month = prepare_month(orders, name, settings, frozenset(file.columns), select=False)
        hotspots = detect(orders) if detect is not None and name == wanted[0] else None
        past.append(PastMonth(name, month.total, _margins(month), hotspots))
    return past


def _margins(month: Month) -> dict[Query, int]:
    margins: dict[Query, int] = {}
    for known, column in (("nature", "nature"), ("department", "unit")):
        if known in month.knows:
            margins |= {((column, value),): n for value, n in month.values(column)}
    return margins


def record_of(month: Month, hotspots: pd.DataFrame | None, **extra: Any) -> RunRecord:
    """Make the run record of a report: what later months are compared with, and the audit trail."""
    margins = _margins(month)
    told = [] if hotspots is None else hotspots.to_dict("records")
    return {
        "kind": RECORD_KIND,
        "version": RECORD_VERSION,
        "month": month.name,
        "basis": month.basis,
        "total": month.total,
        "natures": {w[0][1]: n for w, n in margins.items() if w[0][0] == "nature"},
        "units": {w[0][1]: n for w, n in margins.items() if w[0][0] == "unit"},
        "hotspots": [
            {
                "title": month.titles.get(h["hotspot"], str(h["title"])),
                "orders": int(h["orders"]),
                "keywords": split_keywords(h.get("keywords", "")),
            }
            for h in told
        ],
        **extra,
    }


def split_keywords(value: object) -> list[str]:
    """Return keywords as a list, whether they come as one or joined."""
    if isinstance(value, str):
        return [w for w in value.replace(",", "、").replace(" ", "、").split("、") if w]
    return [str(w) for w in value] if isinstance(value, (list, tuple)) else []


def _from_record(path: Path) -> list[PastMonth]:
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise OrdersError(f"找不到历史记录：{path}。") from None
    except (OSError, ValueError) as error:
        raise OrdersError(f"{path.name} 不是有效的 JSON 记录（{error}）。") from error
    if isinstance(record, dict) and "counts" in record and "kind" not in record:
        return [_from_detection(record, path)]
    if not isinstance(record, dict) or record.get("kind") != RECORD_KIND:
        raise OrdersError(
            f"{path.name} 不是运行记录。应是 hotspot report 或 detect 写出的 run.json，或早先月份的工单表。"
        )
    if record.get("version") != RECORD_VERSION:
        raise OrdersError(
            f"{path.name} 的版本是 {record.get('version')}，本软件认得的是 {RECORD_VERSION}。请用早先月份的工单表代替。"
        )
    try:
        return [_past_of(record)]
    except (KeyError, TypeError, ValueError) as error:
        raise OrdersError(f"{path.name} 内容不全（{error}）。请用早先月份的工单表代替。") from error


def _from_detection(record: RunRecord, path: Path) -> PastMonth:
    """Take what ``hotspot detect`` leaves: the total, and the hotspots of the table beside its record."""
    month, total = record.get("month"), record["counts"].get("orders")
    if not month or not isinstance(total, int):
        raise OrdersError(f"{path.name} 没有写明月份（hotspot detect 时未加 --month）。请用那个月的工单表代替。")
    table = path.with_name("hotspots.csv")
    hotspots = None
    if table.is_file():
        rows = pd.read_csv(table, dtype="str", keep_default_na=False).to_dict("records")
        hotspots = tuple(PastHotspot(r["title"], int(r["orders"]), tuple(split_keywords(r["keywords"]))) for r in rows)
    return PastMonth(str(month), total, {}, hotspots)


def _past_of(record: RunRecord) -> PastMonth:
    total = int(record["total"])
    margins: dict[Query, int] = {}
    for key, column in (("natures", "nature"), ("units", "unit")):
        counts = {str(name): int(n) for name, n in record[key].items()}
        if counts and sum(counts.values()) != total:
            raise ValueError(f"{key} 合计 {sum(counts.values())}，总量 {total}")
        margins |= {((column, name),): n for name, n in counts.items()}
    hotspots = tuple(PastHotspot(h["title"], int(h["orders"]), tuple(h["keywords"])) for h in record["hotspots"])
    return PastMonth(str(record["month"]), total, margins, hotspots)
