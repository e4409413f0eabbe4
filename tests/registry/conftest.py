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
        return self.hotspots_of(month, theme)[0]

    def hotspots_of(self, month: str, theme: str) -> list[str]:
        """Return the hotspots that hold a tenth or more of a theme's orders, the largest part first."""
        assigned = self.results[month].assignments.set_index("order_id")["hotspot"]
        inside = assigned[assigned.index.map(self.theme).isin([theme])]
        counts = inside[inside.ne("")].value_counts()
        return [str(hotspot) for hotspot in counts.index[counts >= 0.1 * len(inside)]]


@pytest.fixture(scope="session")
def months() -> Months:
    """Make five months of the example month.

    Half of its other orders and most of the planted ones each, but 发热门诊 is left out of the second, with all else
    that patients say there, comes back with a third and then with all; 水灾 hardly comes in the fifth.
    """
    orders = hotspot.read_orders(ORDERS)
    theme = pd.read_csv(GOLD).set_index("order_id")["hotspot"]
    of_order = orders["order_id"].map(theme).fillna("")
    flood, fever, other = (of_order.eq(name).to_numpy() for name in ("水灾", "发热门诊", ""))
    patients = orders["department"].isin(["人民医院", "卫生健康局", "医保局"]).to_numpy()
    draw = np.random.default_rng(300)
    half, four = draw.permutation(len(orders)) % 2 == 0, draw.permutation(len(orders)) % 4
    chosen = {
        "2024-01": (half & other) | (four != 0) & (flood | fever),
        "2024-02": (~half & other & ~patients) | (four != 1) & flood,
        "2024-03": (half & other) | (four != 2) & flood | fever & (np.cumsum(fever) % 3 == 0),
        "2024-04": (~half & other) | (four != 3) & flood | fever,
        "2024-05": (~half & other) | flood & (np.cumsum(flood) % 9 == 0),
    }
    results = {}
    for name, rows in chosen.items():
        part = orders[rows].reset_index(drop=True)
        part.attrs = orders.attrs
        results[name] = hotspot.detect(part)
    return Months(results, theme)
