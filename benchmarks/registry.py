"""Whether the registry knows a hotspot again, and whether it takes another for it.

Each month with planted hotspots is dealt out at random into halves and thirds, which are registered as months that
follow one another: ``python benchmarks/registry.py``. What should keep its identity: a planted theme that is a hotspot
in both parts; and, as there are few planted ones, every two hotspots whose orders are one hotspot when the whole month
is detected at once. What should not: hotspots of which these are different. Last, each county's month is registered
after another's.
"""

import argparse
import tempfile
from collections import Counter
from dataclasses import astuple, dataclass
from itertools import combinations, pairwise
from pathlib import Path

import numpy as np
import pandas as pd

import hotspot
from peers.datasets import DataSet, find_months

ROOT = Path(__file__).parents[1]


@dataclass
class Tally:
    themes: int = 0
    themes_kept: int = 0
    pairs: int = 0
    pairs_kept: int = 0
    matches: int = 0
    judged: int = 0
    wrong: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(*(a + b for a, b in zip(astuple(self), astuple(other), strict=True)))


def majority(labels: pd.Series) -> str:
    """Return the label that more than half of the orders have; empty: none."""
    top = Counter(labels).most_common(1)[0]
    return top[0] if 2 * top[1] > len(labels) else ""


def deal(orders: pd.DataFrame, parts: int, seed: int) -> list[pd.DataFrame]:
    part = np.random.default_rng(seed).permutation(len(orders)) % parts
    dealt = [orders[part == i].reset_index(drop=True) for i in range(parts)]
    for each in dealt:
        each.attrs = orders.attrs
    return dealt


def described(result: hotspot.DetectionResult, theme: pd.Series, whole: pd.Series, topics: pd.Series) -> pd.DataFrame:
    """Say of each hotspot its planted theme, the whole month's hotspot that it is of, and its topic."""
    rows = []
    for name in result.hotspots["hotspot"]:
        ids = result.orders_of(name)["order_id"]
        rows.append((majority(ids.map(theme).fillna("")), majority(ids.map(whole)), topics[name], len(ids)))
    return pd.DataFrame(rows, columns=["theme", "whole", "topic", "orders"])


def count(tally: Tally, first: pd.DataFrame, second: pd.DataFrame) -> None:
    for theme in sorted({*first["theme"]} & {*second["theme"]} - {""}):
        of_first, of_second = ({*t.loc[t["theme"].eq(theme), "topic"]} for t in (first, second))
        tally.themes += 1
        tally.themes_kept += bool(of_first & of_second)
    for whole in sorted({*first["whole"]} & {*second["whole"]} - {""}):
        of_first, of_second = ({*t.loc[t["whole"].eq(whole), "topic"]} for t in (first, second))
        tally.pairs += 1
        tally.pairs_kept += bool(of_first & of_second)
    both = first.merge(second, on="topic")
    tally.matches += len(both)
    judged = both[both["whole_x"].ne("") & both["whole_y"].ne("")]
    tally.judged += len(judged)
    tally.wrong += int(judged["whole_x"].ne(judged["whole_y"]).sum())


def dealt_out(month: DataSet, detected: hotspot.DetectionResult, parts: int, seeds: int) -> Tally:
    """Return what was counted of one month, dealt out so many times."""
    orders, theme = month.orders, month.gold
    whole = detected.assignments.set_index("order_id")["hotspot"]
    tally = Tally()
    for seed in range(seeds):
        with tempfile.TemporaryDirectory() as folder:
            registry = hotspot.Registry(folder)
            tables = []
            for i, part in enumerate(deal(orders, parts, 100 * parts + seed)):
                result = hotspot.detect(part)
                known = registry.record(result, f"2024-{i + 1:02d}").set_index("hotspot")["topic"]
                tables.append(described(result, theme, whole, known))
            for first, second in combinations(tables, 2):
                count(tally, first, second)
    return tally


def line(name: str, tally: Tally) -> str:
    return (
        f"| {name} | {tally.themes_kept}/{tally.themes} | {tally.pairs_kept}/{tally.pairs} "
        f"| {tally.matches} | {tally.wrong}/{tally.judged} |"
    )


def other_counties(detected: dict[str, hotspot.DetectionResult]) -> list[str]:
    """Tell what hotspots of one county's month are taken for topics of the month of the county before it."""
    lines = []
    for before, month in pairwise(detected):
        first, second = detected[before], detected[month]
        with tempfile.TemporaryDirectory() as folder:
            registry = hotspot.Registry(folder)
            registry.record(first, "2024-01")
            known = registry.record(second, "2024-02").set_index("hotspot")["topic"]
            then = registry.hotspots("2024-01")
        titles = dict(zip(second.hotspots["hotspot"], second.hotspots["title"], strict=True))
        taken = [
            f"“{registry_title(first, then, topic)}”与“{titles[name]}”"
            for name, topic in known.items()
            if topic in set(then["topic"])
        ]
        told = f"{month} 接在 {before} 之后：{len(known)} 个热点中有 {len(taken)} 个被认作前一个县的话题"
        lines.append(f"- {told}。{'；'.join(taken)}")
    return lines


def registry_title(result: hotspot.DetectionResult, known: pd.DataFrame, topic: str) -> str:
    name = known.loc[known["topic"].eq(topic), "hotspot"].iloc[0]
    return str(result.hotspots.loc[result.hotspots["hotspot"].eq(name), "title"].iloc[0])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--out", type=Path, default=ROOT / "benchmarks" / "results" / "registry.md")
    chosen = parser.parse_args()
    months = find_months()
    detected = {month.name: hotspot.detect(month.orders) for month in months}
    lines = [
        f"# 登记册能不能认出同一个热点（hotspot {hotspot.__version__}）",
        "",
        "| 月份 | 埋设的热点保持编号 | 整月同属一个热点的保持编号 | 认作同一话题的 | 其中整月不属一个热点的 |",
        "|---|---|---|---|---|",
    ]
    total = Tally()
    for month in months:
        for parts in (2, 3):
            tally = dealt_out(month, detected[month.name], parts, chosen.seeds)
            total += tally
            lines.append(line(f"{month.name}，分成 {parts} 份 × {chosen.seeds} 次", tally))
    lines += [line("合计", total), "", *other_counties(detected), ""]
    chosen.out.write_text("\n".join(lines), encoding="utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
