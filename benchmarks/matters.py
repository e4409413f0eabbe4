"""Measure which orders of a month are taken for one matter, against marks made by reading.

`tests/data/*-issues.csv` names, of the hand-written months' orders, those that one official would handle as one matter:
the same street lamp, a second call about it, several workers of one employer. Matters that readers may differ about
count neither way. Each month is scored with weights that were learned from the others; nothing was learned from the
months of `models.train_matters.CLEAN`, whose marks are those of the people who wrote them.

Two baselines are cut, for each month, where they score best on its own marks.

Run: ``python benchmarks/matters.py [--show]``
"""

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

import hotspot
from hotspot.detection.comparison import Comparison
from hotspot.detection.issues import find_issues
from hotspot.segment import Segmenter
from peers.systems import peers

sys.path.insert(0, str(Path(__file__).parents[1] / "models"))
from train_matters import CLEAN, Pairs, different_texts, fit, marked_pairs, month_names, read_marks, read_month

BASELINES = ("TF-IDF, average linkage, best cut*", "vectors, average linkage, best cut*")


class Score(NamedTuple):
    """How groups of orders agree with the marks.

    Attributes
    ----------
    right, wrong, missed : int
        Pairs of orders; what readers may differ about is left out.
    groups, pure : int
        Groups found, and those of which all orders are marked as one matter.
    found, marked : int
        Matters of which two orders or more are together, and all.
    """

    right: int
    wrong: int
    missed: int
    groups: int
    pure: int
    found: int
    marked: int

    @property
    def f1(self) -> float:
        """F1 of the pairs."""
        return 2 * self.right / max(2 * self.right + self.wrong + self.missed, 1)

    def line(self, name: str) -> str:
        """Return a row of the table."""
        return (
            f"| {name} | {self.right / max(self.right + self.wrong, 1):.2f} | "
            f"{self.right / max(self.right + self.missed, 1):.2f} | {self.f1:.2f} | {self.pure} of {self.groups} | "
            f"{self.found} of {self.marked} |"
        )


def score(group_of: "pd.Series[str]", marks: pd.DataFrame) -> Score:
    """Score groups (a name of each order's, by order id; empty for none) against the marks of the same orders."""
    marks = marks[marks["order_id"].isin(group_of.index)]
    marks = marks[marks["issue"].duplicated(keep=False)]
    issue = marks.set_index("order_id")["issue"]
    sure = issue[marks["sure"].eq("1").to_numpy()]
    grouped = group_of[group_of != ""]
    found, either, true = _pairs(grouped), _pairs(issue), _pairs(sure)
    of_order, groups = issue.to_dict(), grouped.groupby(grouped).groups.values()
    together = [Counter(grouped[grouped.index.isin(ids)]) for ids in sure.groupby(sure).groups.values()]
    return Score(
        right=len(found & true),
        wrong=len(found - either),
        missed=len(true - found),
        groups=len(groups),
        pure=sum(len({of_order.get(order, order) for order in ids}) == 1 for ids in groups),
        found=sum(max(counts.values(), default=0) > 1 for counts in together),
        marked=sure.nunique(),
    )


def _pairs(group_of: "pd.Series[str]") -> set[tuple[str, str]]:
    groups = group_of.groupby(group_of).groups.values()
    return {pair for ids in groups for pair in combinations(sorted(ids), 2)}


def total(scores: Sequence[Score]) -> Score:
    """Add scores up."""
    return Score(*(sum(values) for values in zip(*scores, strict=True)))


def ours(name: str, learned: dict[str, Pairs]) -> "pd.Series[str]":
    """Return the issues of a month, by weights that know nothing of it."""
    texts = different_texts(read_month(name))
    comparison = Comparison(texts, Segmenter(), hotspot.load_encoder())
    weights = fit([pairs for other, pairs in learned.items() if other != name])
    issues = find_issues(comparison, comparison.likeness(weights), hotspot.Settings().detect)
    return _named(texts, issues)


def _named(texts: pd.DataFrame, groups: Sequence[Sequence[int]]) -> "pd.Series[str]":
    names = np.full(len(texts), "", dtype=object)
    for number, rows in enumerate(groups):
        names[list(rows)] = str(number)
    return pd.Series(names, index=texts["order_id"])


def baseline(system: str, texts: pd.DataFrame, marks: pd.DataFrame) -> Score:
    """Return the best score of a baseline over its cuts."""
    found = next(each for each in peers() if each.name == system)
    labels: list[NDArray[np.int64]] = [
        found.group(texts, "issues", 0, cut)["issues"].to_numpy() for cut in found.choices["issues"]
    ]
    named = (pd.Series(np.where(one >= 0, one.astype(str), ""), index=texts["order_id"]) for one in labels)
    return max((score(one, marks) for one in named), key=lambda scored: scored.f1)


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--show", action="store_true", help="print the issues that are not of one matter")
    arguments = parser.parse_args()
    learned = {name: marked_pairs(read_month(name), read_marks(name)) for name in month_names() if name not in CLEAN}
    print(
        "| month | pairs right | of all | F1 | issues wholly of one matter | matters found |\n|---|---|---|---|---|---|"
    )
    scores: dict[str, Score] = {}
    for name in month_names():
        group_of, marks = ours(name, learned), read_marks(name)
        scores[name] = score(group_of, marks)
        print(scores[name].line(name + (" (clean)" if name in CLEAN else "")), flush=True)
        if arguments.show:
            _show(group_of, marks, read_month(name).set_index("order_id")["title"])
    for kind, names in (("the others", [n for n in scores if n not in CLEAN]), ("clean", list(CLEAN))):
        print(total([scores[name] for name in names]).line(f"**{kind}, this library**"))
        texts = {name: different_texts(read_month(name)) for name in names}
        for system in BASELINES:
            best = [baseline(system, texts[name], read_marks(name)) for name in names]
            print(total(best).line(f"{kind}, {system}"), flush=True)


def _show(group_of: "pd.Series[str]", marks: pd.DataFrame, title: "pd.Series[str]") -> None:
    of_order = marks.set_index("order_id")["issue"].to_dict()
    for _, ids in group_of[group_of != ""].groupby(group_of).groups.items():
        if len({of_order.get(order, order) for order in ids}) > 1:
            print("    " + " | ".join(f"{title[order]} [{of_order.get(order, '')}]" for order in ids))


if __name__ == "__main__":
    main()
