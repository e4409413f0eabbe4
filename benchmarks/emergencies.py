"""Measure what the report takes for an emergency, against marks made by hand.

`tests/data/emergencies.csv` names, of the hand-written months' orders, those that tell of a danger to life and limb
that goes on at the call and asks for someone to come at once (是, with its kind), and those that could be taken either
way (两可: a danger that has been there for long, grows slowly, or has just passed); all others are not. Precision and
recall leave those out that may be taken either way.

Run: ``python benchmarks/emergencies.py [--show]``
"""

import argparse
from pathlib import Path

import pandas as pd

from hotspot.report.emergencies import emergency_in
from peers.datasets import find_months

MARKS = Path(__file__).parents[1] / "tests" / "data" / "emergencies.csv"


def judged() -> pd.DataFrame:
    """Return the months' orders with what was marked and what was found in each."""
    months = [m.orders.assign(month=m.name) for m in find_months()]
    orders = pd.concat(months).drop_duplicates("order_id")
    marks = pd.read_csv(MARKS, dtype=str, keep_default_na=False)
    orders = orders.merge(marks, how="left", on="order_id").fillna({"emergency": "否", "kind": ""})
    scores = [emergency_in(t, b) for t, b in zip(orders["title"], orders["text"], strict=True)]
    return orders.assign(found=[s.kind if s else "" for s in scores], clause=[s.clause if s else "" for s in scores])


def main() -> None:
    """Print a line a month and one over all."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--show", action="store_true", help="print what was missed and what was found in vain")
    arguments = parser.parse_args()
    orders = judged()
    sure = orders[orders["emergency"] != "两可"]
    for name, group in [*sure.groupby("month"), ("all", sure)]:
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
