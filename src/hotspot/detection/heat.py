"""Heat: the number that hotspots are ranked by, and its parts.

Each part lies within [0, 1] and is left out where the orders don't carry what it needs:

volume
    log(1 + callers) / log(1 + all callers of the month). Distinct callers, so that one caller's tenth call adds
    nothing; where callers are unknown, distinct texts.
focus
    1 - exp(-c / 6), c the mean evidence for a common subject between its orders, in standard deviations above chance:
    two matters thrown together are no hotspot, however many orders they have.
growth
    How far the orders crowd into one stretch of days beyond what the month's orders did: Kuiper's statistic V against
    the daily distribution of all orders, less its 95 % point under chance (1.747 / sqrt(orders); Stephens 1970, J. R.
    Stat. Soc. B 32), scaled to reach 1.
spread
    Effective number of places (the inverse Simpson index of the orders' first places), on the same log scale as volume.
urgency
    Share of orders that speak of danger to life or public safety (``data/urgency.txt``).
dissatisfaction
    Share of the evaluated orders that were judged 不满意.

Heat is their weighted mean times 100; the weights are settings.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache

import numpy as np
import pandas as pd

from .._resources import word_list
from ..settings import HeatWeights

__all__ = ["PARTS", "PART_NAMES", "crowding", "heat_of", "heat_parts", "heat_points"]

PART_NAMES = {
    "volume": "人数",
    "focus": "集中",
    "growth": "突发",
    "spread": "范围",
    "urgency": "紧急",
    "dissatisfaction": "不满",
}
"""What the parts are called where an analyst reads them."""
PARTS = tuple(PART_NAMES)
_KUIPER_95 = 1.747
_FOCUS_SCALE = 6.0


def heat_parts(
    orders: pd.DataFrame,
    month: pd.DataFrame,
    places: Sequence[str],
    *,
    cohesion: float,
    callers: int,
    month_callers: int,
) -> dict[str, float]:
    """Measure the parts of a hotspot's heat.

    Parameters
    ----------
    orders : pandas.DataFrame
        Orders of the hotspot, each text once.
    month : pandas.DataFrame
        All orders, each text once.
    places : sequence of str
        First place that each order names, empty where none.
    cohesion : float
        Mean evidence for a common subject between its orders, in standard deviations above chance.
    callers, month_callers : int
        Distinct callers of the hotspot and of the month.

    Returns
    -------
    dict of str to float
        Those of `PARTS` that can be measured, each within [0, 1].
    """
    scale = np.log1p(max(month_callers, 1))
    parts = {"volume": float(np.log1p(callers) / scale)}
    parts["focus"] = float(1 - np.exp(-max(cohesion, 0.0) / _FOCUS_SCALE))
    parts["growth"] = crowding(orders["created"], month["created"])
    counts = np.array(list(Counter(p for p in places if p).values()), dtype=float)
    effective = 1 / float(((counts / counts.sum()) ** 2).sum()) if len(counts) else 0.0
    parts["spread"] = min(1.0, float(np.log1p(effective) / scale))
    urgent = (orders["title"] + orders["text"]).str.contains(_urgency())
    parts["urgency"] = float(urgent.mean())
    judged = orders["satisfaction"].isin(["满意", "基本满意", "不满意"])
    if month["satisfaction"].isin(["满意", "基本满意", "不满意"]).any():
        parts["dissatisfaction"] = float(orders["satisfaction"].eq("不满意").sum() / max(judged.sum(), 1))
    return parts


@cache
def _urgency() -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, sorted(word_list("urgency.txt"), key=lambda w: (-len(w), w)))))


def crowding(times: pd.Series, month: pd.Series) -> float:
    """Return how far times crowd into one stretch of days beyond what the month's did, within [0, 1]; 0 by chance."""
    days = pd.date_range(month.min().normalize(), month.max().normalize(), freq="D")
    if len(days) < 2 or len(times) < 2:
        return 0.0
    of_all = month.dt.normalize().value_counts().reindex(days, fill_value=0).to_numpy()
    of_these = times.dt.normalize().value_counts().reindex(days, fill_value=0).to_numpy()
    difference = np.cumsum(of_these / of_these.sum() - of_all / of_all.sum())
    kuiper = max(float(difference.max()), 0.0) - min(float(difference.min()), 0.0)
    chance = min(_KUIPER_95 / np.sqrt(len(times)), 1.0)
    return float(max(0.0, (kuiper - chance) / (1 - chance))) if chance < 1 else 0.0


def heat_of(parts: Mapping[str, float], weights: HeatWeights) -> float:
    """Return the weighted mean of the parts that there are, times 100, to one decimal."""
    each = {name: getattr(weights, name) for name in parts}
    total = sum(each.values())
    return round(100 * sum(each[name] * value for name, value in parts.items()) / total, 1) if total else 0.0


def heat_points(hotspots: pd.DataFrame, weights: HeatWeights) -> pd.DataFrame:
    """Return the points of heat that each part gives.

    Parameters
    ----------
    hotspots : pandas.DataFrame
        Rows of `DetectionResult.hotspots`.
    weights : HeatWeights
        What they were found with.

    Returns
    -------
    pandas.DataFrame of float64
        A column for each of `PARTS`, NaN where it could not be measured; a row's points add up to its heat.
    """
    each = np.array([getattr(weights, part) for part in PARTS])
    values = hotspots[[f"heat_{part}" for part in PARTS]].to_numpy(dtype=float)
    total = np.where(np.isnan(values), 0, each).sum(axis=1, keepdims=True)
    points = 100 * values * each / np.where(total > 0, total, 1)
    return pd.DataFrame(points, columns=list(PARTS), index=hotspots.index)
