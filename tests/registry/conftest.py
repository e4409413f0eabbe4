"""Months for the registry: the example month dealt out, its planted hotspots left out or multiplied."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import hotspot

ROOT = Path(__file__).parents[2]
GOLD = ROOT / "tests" / "data" / "wengyuan-2022-06-gold.csv"
ORDERS = ROOT / "examples" / "wengyuan-2022-06" / "orders.csv"


@dataclass(frozen=True)
class Months:
    """Detections by month, and the planted theme of each order."""

    results: dict[str, hotspot.DetectionResult]
    theme: pd.Series

    def hotspot_of(self, month: str, theme: str) -> str:
        """Return the hotspot that holds most of a theme's orders."""
        assigned = self.results[month].assignments.set_index("order_id")["hotspot"]
        inside = assigned[assigned.ne("") & assigned.index.map(self.theme).isin([theme])]
        return str(inside.value_counts().index[0])


@pytest.fixture(scope="session")
def months() -> Months:
    """Make five months of the example month.

    A third of it each, but 发热门诊 is left out of the second, 水灾 comes three times as often in the fourth, and
    hardly in the fifth.
    """
    orders = hotspot.read_orders(ORDERS)
    theme = pd.read_csv(GOLD).set_index("order_id")["hotspot"]
    of_order = orders["order_id"].map(theme).fillna("")
    third = np.random.default_rng(300).permutation(len(orders)) % 3
    flood, fever = of_order.eq("水灾"), of_order.eq("发热门诊")
    few_floods = flood & (flood.cumsum() % 9 == 0)
    chosen = {
        "2024-01": third == 0,
        "2024-02": (third == 1) & ~fever,
        "2024-03": third == 2,
        "2024-04": flood | (third == 0),
        "2024-05": (third == 1) & ~flood | few_floods,
    }
    results = {}
    for name, rows in chosen.items():
        part = orders[rows].reset_index(drop=True)
        part.attrs = orders.attrs
        results[name] = hotspot.detect(part)
    return Months(results, theme)
