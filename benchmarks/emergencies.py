"""Measure what the report takes for an emergency, against marks made by hand.

`tests/data/emergencies.csv` names, of the hand-written months' orders, those that tell of a danger to life and limb
that goes on at the call and asks for someone to come at once (是, with its kind), and those that could be taken either
way (两可: a danger that has been there for long, grows slowly, or has just passed); all others are not. Precision and
recall leave those out that may be taken either way.

What is found was learned from most of the months: figures on those say little, and those of months left out are in
``models/emergency/README.md``. The months of `train_emergency.NO_PART` are clean. A month in which nothing is marked is
left out.

Run: ``python benchmarks/emergencies.py [--show] [month ...]``
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from hotspot.report.emergencies import emergency_in
from peers.datasets import find_months

sys.path.insert(0, str(Path(__file__).parents[1] / "models"))
from train_emergency import NO_PART

MARKS = Path(__file__).parents[1] / "tests" / "data" / "emergencies.csv"


def judged(names: Sequence[str] = ()) -> pd.DataFrame:
    """Return the orders of some months, or of all that are marked, with what was marked and what was found in each."""
    marks = pd.read_csv(MARKS, dtype=str, keep_default_na=False)
    months = [m.orders.assign(month=m.name) for m in find_months() if not names or m.name in names]
    marked = [month for month in months if month["order_id"].isin(marks["order_id"]).any()]
    orders = pd.concat(marked).drop_duplicates("order_id")
    orders = orders.merge(marks, how="left", on="order_id").fillna({"emergency": "否", "kind": ""})
    scores = [emergency_in(t, b) for t, b in zip(orders["title"], orders["text"], strict=True)]
    return orders.assign(found=[s.kind if s else "" for s in scores], clause=[s.clause if s else "" for s in scores])


def main() -> None:
    """Print a line a month and one over all."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--show", action="store_true", help="print what was missed and what was found in vain")
    parser.add_argument("months", nargs="*", help="names of months; all that are marked where none is given")
    arguments = parser.parse_args()
    orders = judged(arguments.months)
    sure = orders[orders["emergency"] != "两可"]
    clean = sure["month"].isin(NO_PART)
    parts = [(name, group) for name, group in (("learned from", sure[~clean]), ("clean", sure[clean])) if len(group)]
    for name, group in [*sure.groupby("month"), *parts]:
        marked, found = group["emergency"] == "是", group["found"] != ""
        right = int((marked & found).sum())
        kinds = int((marked & (group["found"] == group["kind"])).sum())
        print(
            f"{name:18} precision {right}/{found.sum()} = {right / max(1, found.sum()):.2f}   "
            f"recall {right}/{marked.sum()} = {right / max(1, marked.sum()):.2f}   kind right {kinds}"
        )
    either = orders[orders["emergency"] == "两可"]
    print(f"may be taken either way: {int((either['found'] != '').sum())} of {len(either)} found")
    if arguments.show:
        wrong = sure[(sure["emergency"] == "是") != (sure["found"] != "")].sort_values(["emergency", "order_id"])
        for row in wrong.itertuples():
            print(f"{row.emergency} {row.kind}>{row.found} {row.order_id} {row.title} | {row.text[:90]} | {row.clause}")


if __name__ == "__main__":
    main()
