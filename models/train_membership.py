"""Learn how likely an order is of a hotspot's subject, and write ``src/hotspot/data/membership.toml``.

The planted hotspots of the hand-made months say which orders are of one subject (``tests/data/*-gold.csv``). Each month
is detected up to the agreement of the trees; of the group that fits a planted hotspot best, its texts and those near to
it are asked whether they were planted in it. A month is shown twice, the second time without units: a table may have
none. The months of `CLEAN` take no part: what is learned is measured on them.

Run: ``python models/train_membership.py``
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

import hotspot
from hotspot._logistic import Weights
from hotspot.detection.comparison import Comparison
from hotspot.detection.hotspots import agreed_groups, kernels_of
from hotspot.detection.membership import FEATURES, Membership
from hotspot.segment import Segmenter
from hotspot.settings import DetectSettings
from learning import learn, write
from train_matters import CLEAN, different_texts, month_names, read_gold, read_month

LEAST_FIT = 0.4
"""F1 from which on a group is of the subject of a planted hotspot."""
STRENGTH = 0.3
"""Inverse strength of the regularization, of features in standard deviations."""


class Texts(NamedTuple):
    """The texts of a month that were asked for: features of shape (m, 9), and whether they were planted, (m,)."""

    features: NDArray[np.float64]
    planted: NDArray[np.bool_]


def marked_texts(orders: pd.DataFrame, gold: pd.DataFrame) -> list[Texts]:
    """Detect the groups of a month with and without its units, and say of the texts in question what was planted."""
    return [_marked(shown, gold) for shown in (orders, orders.assign(department=""))]


def _marked(orders: pd.DataFrame, gold: pd.DataFrame) -> Texts:
    texts, segmenter = different_texts(orders), Segmenter()
    comparison = Comparison(texts, segmenter, hotspot.load_encoder())
    membership = Membership.of(comparison, texts, segmenter)
    groups = agreed_groups(membership.graph, kernels_of(comparison.likeness().told), DetectSettings())
    hotspots = texts["order_id"].map(gold.set_index("order_id")["hotspot"]).fillna("").to_numpy(dtype=object)
    features, planted = [], []
    for name in sorted(set(hotspots) - {""}):
        own = hotspots == name
        fit = [2 * (own & (groups == n)).sum() / (own.sum() + (groups == n).sum()) for n in range(groups.max() + 1)]
        if max(fit) < LEAST_FIT:
            continue
        group = np.flatnonzero(groups == int(np.argmax(fit)))
        asked = np.concatenate([group, membership.near(group)])
        features.append(membership.features(asked, group))
        planted.append(own[asked])
    return Texts(np.concatenate(features), np.concatenate(planted))


def fit(shown: Sequence[Texts]) -> Weights:
    """Learn from texts in question."""
    features, planted = (np.concatenate(parts) for parts in zip(*shown, strict=True))
    return learn(features, planted, STRENGTH)


def main() -> None:
    """Learn from all months but the clean ones."""
    names = [name for name in month_names() if name not in CLEAN]
    weights = fit([some for name in names for some in marked_texts(read_month(name), read_gold(name))])
    head = [
        "How much speaks for an order's being of a hotspot's subject; see detection/membership.py. Made by",
        f"models/train_membership.py from the planted hotspots of {len(names)} hand-made months: {', '.join(names)}.",
    ]
    write("membership.toml", head, FEATURES, weights)


if __name__ == "__main__":
    main()
