"""Months to report on: the example's, with hotspots as a person marked them, and small made-up ones."""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest

from hotspot.orders import OrderFile, load_orders
from hotspot.orders.table import COLUMNS
from hotspot.report import Report, build_report, read_knowledge
from hotspot.settings import Settings, load_settings

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "wengyuan-2022-06"
FLOOD = {
    "房屋农作物受损补助": "房屋和农作物受淹,希望补助",
    "国道坑槽爆胎赔偿": "106国道坑槽致车辆爆胎,要求赔偿",
}
FEVER = {"医护不足候诊久": "夜间医生少、候诊久,希望增派人手", "高热未优先": "高热患者没有优先诊治"}


@dataclass(frozen=True)
class Clause:
    text: str
    orders: tuple[str, ...] = ()


@dataclass(frozen=True)
class Item:
    hotspot: str
    title: str
    lead: Clause
    demands: tuple[Clause, ...]


@dataclass(frozen=True)
class Focus:
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Detected:
    hotspots: pd.DataFrame
    issues: pd.DataFrame
    assignments: pd.DataFrame


def make_orders(rows: list[dict[str, object]]) -> pd.DataFrame:
    """Make an orders table; what a row leaves out is filled in."""
    plain: dict[str, object] = dict.fromkeys(COLUMNS, "") | {"yellow_cards": 0, "red_cards": 0, "closed": pd.NaT}
    filled = [
        plain
        | {"order_id": f"T{i:04d}", "created": "2023-03-05 09:00", "title": "路灯不亮", "text": "路灯不亮,请修。"}
        | row
        for i, row in enumerate(rows)
    ]
    return pd.DataFrame(filled)[list(COLUMNS)].astype(COLUMNS)


def marked(orders: pd.DataFrame) -> tuple[Detected, Focus]:
    """The example's two hotspots as a person marked them, in place of detection and draft."""
    gold = pd.read_csv(ROOT / "tests" / "data" / "wengyuan-2022-06-gold.csv", dtype="str")
    keys = {"水灾": "H1", "发热门诊": "H2"}
    hotspot = {o: keys[h] for o, h in zip(gold["order_id"], gold["hotspot"], strict=True)}
    demand = dict(zip(gold["order_id"], gold["demand"], strict=True))
    ids = list(orders["order_id"])
    assignments = pd.DataFrame(
        {"order_id": ids, "issue": [demand.get(o, "") for o in ids], "hotspot": [hotspot.get(o, "") for o in ids]}
    )
    numbers = assignments["hotspot"].value_counts()
    titles = {"H1": "强降雨引发水灾问题", "H2": "发热门诊候诊问题"}
    hotspots = pd.DataFrame(
        {
            "rank": [1, 2],
            "hotspot": ["H1", "H2"],
            "title": list(titles.values()),
            "orders": [int(numbers[h]) for h in titles],
            "keywords": ["洪水、塌方、坑槽", "门诊、发热、排队"],
        }
    )
    issues = pd.DataFrame({"issue": sorted(set(demand.values())), "title": sorted(set(demand.values()))})

    def of(name: str) -> tuple[str, ...]:
        return tuple(sorted(gold.loc[gold["demand"] == name, "order_id"]))

    items = tuple(
        Item(
            key,
            titles[key],
            Clause("市民反映的诉求主要有:", tuple(sorted(gold.loc[gold["hotspot"] == name, "order_id"]))),
            tuple(Clause(text, of(d)) for d, text in told.items()),
        )
        for name, key, told in (
            ("水灾", "H1", FLOOD),
            ("发热门诊", "H2", FEVER),
        )
    )
    return Detected(hotspots, issues, assignments), Focus(items)


@pytest.fixture(scope="session")
def example_file() -> OrderFile:
    return load_orders(EXAMPLE / "orders.csv")


@pytest.fixture(scope="session")
def example_settings() -> Settings:
    return load_settings(EXAMPLE / "settings.toml")


@pytest.fixture(scope="session")
def example(example_file: OrderFile, example_settings: Settings) -> Report:
    detected, focus = marked(example_file.orders)
    return build_report(
        example_file.orders,
        "2022-06",
        example_settings,
        detected=detected,
        focus=focus,
        columns=frozenset(example_file.columns),
        knowledge=read_knowledge(EXAMPLE / "knowledge.csv", "2022-06"),
    )
