"""Count the planted demands that the draft tells.

The hand-written months carry, for each order of a planted hotspot, the demand that it was written for. The hotspot's
own orders are drafted, and a planted demand counts as told when some drafted demand speaks for it: half or more of the
orders that it names, *and* half or more of those that its words are drawn from, were written for it. Then the month is
detected, and the hotspot that fits the planted one best is drafted, with what strayed into it.

Months are detected, and their orders grouped, by weights that were learned from the other months; the months of
`models.train_matters.CLEAN`, from which nothing is learned, by the packaged ones.

Run: ``python benchmarks/draft.py [--most 7] [--show]``
"""

import argparse
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd

import hotspot
from hotspot.detection.known_subjects import KnownSubjects
from hotspot.draft.cause import Cause, common_cause
from hotspot.draft.demands import Demand, demands_of, word_rarity
from hotspot.draft.focus import FIRM, demand_sentence
from hotspot.draft.key_words import key_words
from hotspot.draft.phrases import brief_problems
from hotspot.draft.support import Backdrop
from hotspot.draft.titles import title_of
from hotspot.segment import Segmenter
from peers.datasets import ROOT, find_months
from peers.learned import learned_without, used

sys.path.insert(0, str(Path(__file__).parents[1] / "models"))
from train_demands import NOT_A_DEMAND, best_fit, fit, marked_pairs
from train_matters import CLEAN, read_gold

STRAY = "别的热点"


def told_demand(demand: Demand, planted: "pd.Series[str]") -> str | None:
    """Return the planted demand that most of a drafted one's orders and of its words' orders were written for."""
    labels = []
    for ids in (demand.orders, demand.sources):
        label, count = Counter(planted[list(ids)]).most_common(1)[0]
        labels.append(label if 2 * count >= len(ids) else None)
    return labels[0] if labels[0] == labels[1] else None


def _concerned(cause: Cause | None) -> tuple[str, ...]:
    return cause.concerned if cause else ()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument(
        "--most", type=int, default=hotspot.Settings().draft.demands, help="demands told of a hotspot at the most"
    )
    parser.add_argument("--show", action="store_true", help="print the demands")
    return parser.parse_args()


def main() -> None:
    """Print a line a hotspot (told from its own orders, and where the month is detected) and the share over all."""
    arguments = _arguments()
    encoder, segmenter = hotspot.load_encoder(), Segmenter()
    told_total = planted_total = right_total = named_total = 0
    detected_total = drawn_total = strayed_total = 0
    months = find_months()
    without = learned_without(ROOT / "build/quality")
    results = {}
    for month in months:
        with used(without.get(month.name, {})):
            results[month.name] = hotspot.detect(month.orders)
    learned = {name: marked_pairs(result, read_gold(name)) for name, result in results.items() if name not in CLEAN}
    for month in months:
        orders, result = month.orders, results[month.name]
        gold = read_gold(month.name).set_index("order_id")
        others = [pairs for name, hotspots in learned.items() if name != month.name for pairs in hotspots]
        weights = None if month.name in CLEAN else fit(others)
        rarity, backdrop = word_rarity(orders, segmenter), Backdrop(orders, encoder)
        subjects = KnownSubjects.of((orders["title"] + "。" + orders["text"]).tolist())
        for name, rows in gold.groupby("hotspot"):
            own = orders[orders["order_id"].isin(rows.index)].reset_index(drop=True)
            cause = common_cause(own, orders)
            demands = demands_of(
                own, rarity, encoder, segmenter, arguments.most, concerned=_concerned(cause), weights=weights
            )
            planted = set(rows["demand"]) - {NOT_A_DEMAND}
            told = {told_demand(demand, gold["demand"]) for demand in demands} & planted
            for demand in demands:
                label = told_demand(demand, gold["demand"])
                named_total += len(demand.orders)
                right_total += int(gold.loc[list(demand.orders), "demand"].eq(label).sum())
            fitting = best_fit(result, rows.index)
            firm = result.firmly_in(fitting, FIRM)
            label_of = gold["demand"].where(gold["hotspot"] == name).reindex(orders["order_id"]).fillna(STRAY)
            concerned = _concerned(common_cause(result.orders_of(fitting), orders))
            of_firm = demands_of(firm, rarity, encoder, segmenter, arguments.most, concerned=concerned, weights=weights)
            drawn = [told_demand(demand, label_of) for demand in of_firm]
            drawn_total += len(drawn)
            strayed_total += drawn.count(STRAY)
            told_total += len(told)
            planted_total += len(planted)
            known = subjects.shared_by(np.flatnonzero(orders["order_id"].isin(rows.index)))
            keys = key_words(own, rarity, segmenter, backdrop)
            title = title_of(own, cause, brief_problems(own, segmenter), backdrop, segmenter, known=known, keys=keys)
            kept = len(set(drawn) & planted)
            detected_total += kept
            print(f"{month.name}\t{name}\t{len(told)}/{len(planted)}\t{kept}\t{title.text}\ttrue of {title.share:.0%}")
            if arguments.show:
                for demand in demands:
                    label = told_demand(demand, gold["demand"])
                    print(f"    {len(demand.orders):3d} {demand_sentence(demand)}  [{label}]")
    print(f"told\t{told_total}/{planted_total}\t{told_total / planted_total:.2f}")
    print(f"told where the month is detected\t{detected_total}/{planted_total}\t{detected_total / planted_total:.2f}")
    print(f"demands there of orders that strayed in\t{strayed_total}/{drawn_total}")
    print(f"orders named for what they were written for\t{right_total}/{named_total}\t{right_total / named_total:.2f}")


if __name__ == "__main__":
    main()
