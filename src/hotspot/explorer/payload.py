"""What the page shows, as plain columns: a value of each order, hotspot and issue, texts masked."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from .. import __version__
from ..detection.heat import PART_NAMES, heat_points
from ..detection.result import DetectionResult
from ..draft import Clause, Focus, FocusItem
from ..privacy import mask
from .towns import towns_of

__all__ = ["payload_of"]

MEANINGS = {
    "volume": "反映的人越多越高；同一人多次来电只计一人",
    "focus": "工单说的越是同一件事越高",
    "growth": "比全月工单更集中在几天里的程度",
    "spread": "涉及的地点越多越高",
    "urgency": "提到人身或公共安全危险的工单占比",
    "dissatisfaction": "已评价工单中不满意的占比",
}
"""What the parts of heat mean, as the page says it."""
GRID = 10_000
"""The map's coordinates are whole numbers up to this."""
_PLAIN = ("id", "title", "orders", "callers", "places", "keywords")


def payload_of(
    result: DetectionResult, focus: Focus, positions: pd.DataFrame, *, source: str = "", top: int | None = None
) -> dict[str, Any]:
    """Collect what the page shows.

    Parameters
    ----------
    result : DetectionResult
        The month.
    focus : Focus
        Drafted hotspots; those that are not drafted are shown without demands.
    positions : pandas.DataFrame
        order_id, x, y of every order.
    source : str, optional
        Name of the orders file.
    top : int, optional
        Hotspots that are shown; by default all.

    Returns
    -------
    dict
        Of JSON's types; the front-end's ``data.ts`` says what each entry is.
    """
    row_of = {order: row for row, order in enumerate(result.orders["order_id"])}
    shown = result.hotspots if top is None else result.hotspots.head(top)
    given = heat_points(shown, result.settings.heat)
    drafted = {item.hotspot: item for item in focus.items}
    return {
        "version": __version__,
        "source": mask(source),
        "region": result.settings.office.region,
        "all_hotspots": len(result.hotspots),
        "parts": [{"key": key, "name": name, "meaning": MEANINGS[key]} for key, name in PART_NAMES.items()],
        "hotspots": [
            _hotspot(row, drafted.get(row["hotspot"]), _points(row, points), row_of)
            for row, points in zip(shown.to_dict("records"), given.to_dict("records"), strict=True)
        ],
        "issues": [_issue(row) for row in result.issues.to_dict("records")],
        "orders": _orders(result, positions, list(shown["hotspot"])),
    }


def _orders(result: DetectionResult, positions: pd.DataFrame, hotspots: list[str]) -> dict[str, Any]:
    orders = result.orders
    placed = positions.set_index("order_id").loc[orders["order_id"]]
    facets = {
        "town": towns_of(orders, result.settings),
        "unit": orders["department"],
        "nature": orders["nature"],
        "channel": orders["channel"],
        "satisfaction": orders["satisfaction"],
    }
    return {
        **{name: _coded(values) for name, values in facets.items()},
        "id": orders["order_id"].tolist(),
        "created": _minutes(orders["created"]),
        "closed": _minutes(orders["closed"]),
        **{name: orders[name].tolist() for name in ("title", "text", "place", "reply")},
        "yellow": orders["yellow_cards"].tolist(),
        "red": orders["red_cards"].tolist(),
        "caller": _callers(orders["caller"]),
        "hotspot": _codes(result.assignments["hotspot"], hotspots),
        "issue": _codes(result.assignments["issue"], list(result.issues["issue"])),
        "x": _on_grid(placed["x"]),
        "y": _on_grid(placed["y"]),
    }


def _coded(values: pd.Series) -> dict[str, Any]:
    """Write a column as its different values, commonest first, and each row's number among them.

    These columns are not masked when orders are read: what stands in a wrong column may be a telephone number.
    """
    masked = values.map({value: mask(value) for value in values.unique()})
    counts = masked.value_counts()
    names = sorted(map(str, counts.index), key=lambda name: (name == "", -int(counts[name]), name))
    return {"names": names, "codes": _codes(masked, names)}


def _codes(values: pd.Series, names: Sequence[str]) -> list[int]:
    """Return each value's number among the names, -1 for one that is not among them."""
    codes: list[int] = pd.Index(list(names), dtype="str").get_indexer(pd.Index(values, dtype="str")).tolist()
    return codes


def _callers(callers: pd.Series) -> list[int]:
    """Return a number for each order's caller, -1 where unknown."""
    codes = pd.factorize(callers)[0].astype(np.int64)
    found: list[int] = np.where(callers.eq(""), -1, codes).tolist()
    return found


def _minutes(times: pd.Series) -> list[int | None]:
    """Return minutes since 1970 by the wall clock, None where there is no time."""
    return [None if pd.isna(t) else int(t.value // 60_000_000_000) for t in times.astype("datetime64[ns]")]


def _on_grid(values: pd.Series) -> list[int]:
    low, high = float(values.min()), float(values.max())
    scaled: list[int] = ((values - low) / max(high - low, 1e-9) * GRID).round().astype(int).tolist()
    return scaled


def _points(row: Mapping[Any, Any], points: Mapping[Any, float]) -> list[dict[str, float]]:
    """Return what each part that could be measured adds to a hotspot's heat: its value and its points."""
    return [
        {"part": part, "value": round(float(row[f"heat_{key}"]), 3), "points": round(points[key], 2)}
        for part, key in enumerate(PART_NAMES)
        if pd.notna(points[key])
    ]


def _hotspot(
    row: Mapping[Any, Any], item: FocusItem | None, points: list[dict[str, float]], row_of: Mapping[str, int]
) -> dict[str, Any]:
    return {
        **_common(row, "hotspot"),
        "heat": float(row["heat"]),
        "points": points,
        "lead": _clause(item.lead, row_of) if item else None,
        "demands": [_clause(clause, row_of) for clause in item.demands] if item else [],
        **_added(row),
    }


def _issue(row: Mapping[Any, Any]) -> dict[str, Any]:
    return _common(row, "issue")


def _common(row: Mapping[Any, Any], key: str) -> dict[str, Any]:
    plain = {"id": row[key], **{name: row[name] for name in _PLAIN if name != "id"}}
    days = {name: _day(row[name]) for name in ("first", "last", "peak")}
    return {**plain, **{name: _words(plain[name]) for name in ("places", "keywords")}, **days}


def _added(row: Mapping[Any, Any]) -> dict[str, Any]:
    """Return what is told of a hotspot where it is known: the registry's word, its people, its burst."""
    added: dict[str, Any] = {}
    for name in ("status", "topic", "topic_name"):
        if row.get(name):
            added[name] = mask(str(row[name]))
    if row.get("crowds"):
        added["crowds"] = _words(row["crowds"])
    if pd.notna(row.get("previous_orders")) and str(row.get("previous_orders", "")) != "":
        added["previous"] = int(row["previous_orders"])
    if pd.notna(row.get("burst_first")) and pd.notna(row.get("burst_last")):
        added["burst"] = [_day(row["burst_first"]), _day(row["burst_last"])]
    return added


def _words(joined: str) -> list[str]:
    return [word for word in joined.split("、") if word]


def _day(time: Any) -> int:
    """Return days since 1970."""
    return int(pd.Timestamp(time).value // 86_400_000_000_000)


def _clause(clause: Clause, row_of: Mapping[str, int]) -> dict[str, Any]:
    return {"text": clause.text, "orders": _rows(clause.orders, row_of)}


def _rows(orders: Iterable[str], row_of: Mapping[str, int]) -> list[int]:
    return [row_of[order] for order in orders if order in row_of]
