"""The labelled orders that systems are measured on."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

import pandas as pd

import hotspot

__all__ = ["ROOT", "DataSet", "digest", "find_months", "issue_set"]

ROOT = Path(__file__).parents[2]
Level = Literal["hotspots", "issues"]
SMALLEST_ISSUE = 4
"""Gold issues of fewer orders are not scored."""


@dataclass(frozen=True)
class DataSet:
    """Orders with a gold: to each order that is in one, its issue or hotspot.

    Attributes
    ----------
    name : str
    level : {"hotspots", "issues"}
        What the gold groups.
    path, gold_path : pathlib.Path
        Orders file, and a CSV of order ids and groups.
    """

    name: str
    level: Level
    path: Path
    gold_path: Path

    @cached_property
    def orders(self) -> pd.DataFrame:
        """Orders table: read, checked and masked."""
        return hotspot.read_orders(self.path)

    @cached_property
    def gold(self) -> pd.Series:
        """Group of each labelled order, by order id."""
        table = pd.read_csv(self.gold_path, dtype="str")
        if self.level == "hotspots":
            return table.set_index("order_id")["hotspot"]
        issues = table.drop_duplicates("message_id").set_index("message_id")["issue_id"]
        return issues[issues.map(issues.value_counts()) >= SMALLEST_ISSUE]


def find_months() -> list[DataSet]:
    """Return the hand-written months: the example's, and every orders file in tests/data with a gold beside it."""
    example = ROOT / "examples/wengyuan-2022-06/orders.csv"
    months = []
    for gold in sorted((ROOT / "tests/data").glob("*-gold.csv")):
        name = gold.name.removesuffix("-gold.csv")
        orders = gold.with_name(f"{name}.csv")
        months.append(DataSet(name, "hotspots", orders if orders.is_file() else example, gold))
    return months


def issue_set(orders: Path, gold: Path) -> DataSet:
    """Return a set with a gold of issues: columns issue_id and message_id."""
    return DataSet(orders.stem, "issues", orders, gold)


def digest(paths: Iterable[Path]) -> str:
    """Return the sha256 of files and of their names, the same in whatever order they come."""
    made = hashlib.sha256()
    for path in sorted(paths):
        made.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return made.hexdigest()
