"""Learn how likely two orders of a hotspot ask for the same, and write ``src/hotspot/data/same_demand.toml``.

The marks are in ``tests/data/*-gold.csv``: the demand that each order of a planted hotspot was written for (columns
order_id, hotspot, demand). Pairs are of a hotspot's own orders, and of the orders that detection puts into it firmly,
as the draft reads them: what strayed in asks for nothing of it. The months of `train_matters.CLEAN` take no part:
what is learned is measured on them (``benchmarks/draft.py``).

Run: ``python models/train_demands.py``
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

import hotspot
from hotspot._logistic import Weights
from hotspot.draft.demands import word_rarity
from hotspot.draft.focus import FIRM
from hotspot.draft.likeness import WordCover
from hotspot.draft.same_demand import FEATURES, RECORDED, Values, features_of
from learning import learn, write
from train_matters import CLEAN, different_texts, month_names, read_gold, read_month

NOT_A_DEMAND = "其他"
STRENGTH = 1.0
"""Inverse strength of the regularization, of features in standard deviations."""


@dataclass(frozen=True)
class Pairs:
    """Pairs of orders of which it is known whether they ask for the same.

    Attributes
    ----------
    features : ndarray of float64, shape (m, 6)
    same : ndarray of bool, shape (m,)
    weights : ndarray of float64, shape (m,)
        A hotspot counts by more than the number of its orders, but by less than that of its pairs.
    """

    features: Values
    same: NDArray[np.bool_]
    weights: NDArray[np.float64]


def best_fit(result: hotspot.DetectionResult, planted: "pd.Index[str]") -> str:
    """Return the hotspot that has the highest F1 with the orders of a planted one."""
    counts = result.assignments["hotspot"].value_counts().drop("", errors="ignore")
    right = result.assignments[result.assignments["order_id"].isin(planted)]["hotspot"].value_counts()
    return str((2 * right.reindex(counts.index, fill_value=0) / (counts + len(planted))).idxmax())


def marked_pairs(result: hotspot.DetectionResult, marks: pd.DataFrame) -> list[Pairs]:
    """Pair the orders of a month's planted hotspots, as they are and as they were detected."""
    rarity = word_rarity(result.orders, result.segmenter)
    found = []
    for _, rows in marks.groupby("hotspot"):
        demand = rows.set_index("order_id")["demand"].replace(NOT_A_DEMAND, "")
        own = result.orders[result.orders["order_id"].isin(demand.index)]
        for orders in (own, result.firmly_in(best_fit(result, demand.index), FIRM)):
            texts = different_texts(orders)
            words = [result.segmenter.topic_words(text) for text in texts["title"] + "。" + texts["text"]]
            cover = WordCover(words, [], rarity, result.encoder).mutual(np.arange(len(texts)))
            asked = texts["order_id"].map(demand).fillna("").to_numpy(dtype=object)
            found.append(_pairs(features_of(texts, cover, result.encoder, result.segmenter), asked))
    return found


def _pairs(features: Values, asked: NDArray[np.object_]) -> Pairs:
    """Pair n orders by what each asks for; of two that ask for nothing there is nothing to learn."""
    first, second = np.triu_indices(len(asked), 1)
    known = (asked[first] != "") | (asked[second] != "")
    first, second = first[known], second[known]
    return Pairs(features[first, second], asked[first] == asked[second], np.full(len(first), len(asked) ** -0.5))


def fit(hotspots: Sequence[Pairs]) -> Weights:
    """Learn from hotspots, each shown twice: as it is, and as of a table that carries no more than texts."""
    of_texts = np.array([name not in RECORDED for name in FEATURES])
    features = np.concatenate([h.features * shown for shown in (True, of_texts) for h in hotspots])
    same, weights = (np.tile(np.concatenate([getattr(h, part) for h in hotspots]), 2) for part in ("same", "weights"))
    return learn(features, same, STRENGTH, weights)


def main() -> None:
    """Learn from all months but the clean ones."""
    names = [name for name in month_names() if name not in CLEAN]
    weights = fit(
        [pairs for name in names for pairs in marked_pairs(hotspot.detect(read_month(name)), read_gold(name))]
    )
    head = [
        "How much speaks for one demand of two orders; see draft/same_demand.py. Made by models/train_demands.py",
        f"from the marks of {len(names)} hand-made months: {', '.join(names)}.",
    ]
    write("same_demand.toml", head, FEATURES, weights)


if __name__ == "__main__":
    main()
