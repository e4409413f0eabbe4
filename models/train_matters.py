"""Learn how likely two orders are of one matter, and write ``src/hotspot/data/same_matter.toml``.

The marks are in ``tests/data/*-issues.csv``: which orders of a hand-made month are one matter, read by somebody who saw
no result of the software (columns order_id, issue, sure; matters that readers may differ about teach nothing). The
months of `CLEAN` take no part: what is learned is measured on them (``benchmarks/matters.py``).

Run: ``python models/train_matters.py``
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

import hotspot
from hotspot._logistic import Weights
from hotspot.detection.comparison import Comparison, carries_more
from hotspot.detection.issues import merge_repeats
from hotspot.detection.matters import FEATURES, Evidence, features_of
from hotspot.segment import Segmenter
from learning import ROOT, learn, write

CLEAN = (
    "chaxi-2024-07",
    "chengxi-2024-07",
    "guyang-2025-03",
    "haita-2024-04",
    "hongtan-2024-04",
    "laihong-2025-03",
    "shuchuan-2023-09",
)
"""Months that nothing is learned from."""
BARE = 1.0
"""Weight of each pair's second showing, without address, unit and caller: a table may carry only texts."""
STRENGTH = 1.0
"""Inverse strength of the regularization, of features in standard deviations."""


@dataclass(frozen=True)
class Pairs:
    """The marked pairs of one month.

    Attributes
    ----------
    evidence : Evidence
        Of m pairs.
    carries_more : bool
        Whether the month has units or addresses.
    same : ndarray of bool, shape (m,)
        Whether both orders are of one matter.
    weights : ndarray of float64, shape (m,)
        A matter counts by the number of its orders, not of its pairs; 0 where readers may differ.
    """

    evidence: Evidence
    carries_more: bool
    same: NDArray[np.bool_]
    weights: NDArray[np.float64]


def different_texts(orders: pd.DataFrame) -> pd.DataFrame:
    """Return the orders of a month that are compared: the first of those that say the same."""
    orders = orders.sort_values(["created", "order_id"], kind="stable").reset_index(drop=True)
    return orders[~pd.Series(merge_repeats(orders)).duplicated()].reset_index(drop=True)


def marked_pairs(orders: pd.DataFrame, marks: pd.DataFrame) -> Pairs:
    """Compare the orders of a month as detection does, and say of each pair what the reader said."""
    texts = different_texts(orders)
    pairs, evidence = Comparison(texts, Segmenter(), hotspot.load_encoder()).evidence()
    marks = marks.set_index("order_id")
    issue = texts["order_id"].map(marks["issue"]).fillna("").to_numpy(dtype=object)
    sure = texts["order_id"].map(marks["sure"]).eq("1").to_numpy()
    size = pd.Series(issue).map(pd.Series(issue).value_counts()).to_numpy(dtype=np.float64)
    first, second = pairs
    same = (issue[first] == issue[second]) & (issue[first] != "")
    weights = np.where(same, 2 / np.maximum(size[first] - 1, 1), 1.0)
    weights[same & ~(sure[first] & sure[second])] = 0
    return Pairs(evidence, carries_more(texts), same, weights)


def fit(months: Sequence[Pairs]) -> Weights:
    """Learn from months."""
    shown = [(features_of(m.evidence, carries_more=m.carries_more), m.same, m.weights) for m in months]
    shown += [(features_of(m.evidence.of_texts_alone(), carries_more=False), m.same, BARE * m.weights) for m in months]
    features, same, weights = (np.concatenate(parts) for parts in zip(*shown, strict=True))
    return learn(features, same, STRENGTH, weights)


def month_names() -> list[str]:
    """Return the names of the months that have marks."""
    return sorted(path.name.removesuffix("-issues.csv") for path in (ROOT / "tests/data").glob("*-issues.csv"))


def read_marks(name: str) -> pd.DataFrame:
    """Return the marks of a month: columns order_id, issue, sure."""
    return pd.read_csv(ROOT / f"tests/data/{name}-issues.csv", dtype=str)


def read_gold(name: str) -> pd.DataFrame:
    """Return the orders of a month's planted hotspots: columns order_id, hotspot, demand."""
    return pd.read_csv(ROOT / f"tests/data/{name}-gold.csv", dtype=str)


def read_month(name: str) -> pd.DataFrame:
    """Return the orders of a month."""
    path = ROOT / f"tests/data/{name}.csv"
    return hotspot.read_orders(path if path.is_file() else ROOT / f"examples/{name}/orders.csv")


def main() -> None:
    """Learn from all months but the clean ones."""
    names = [name for name in month_names() if name not in CLEAN]
    weights = fit([marked_pairs(read_month(name), read_marks(name)) for name in names])
    head = [
        "How much speaks for one matter of two orders; see detection/matters.py. Made by models/train_matters.py",
        f"from the marks of {len(names)} hand-made months: {', '.join(names)}.",
    ]
    write("same_matter.toml", head, FEATURES, weights)


if __name__ == "__main__":
    main()
