from dataclasses import replace
from pathlib import Path

import pytest

import hotspot
from hotspot.detection import detect
from hotspot.detection.result import DetectionResult
from hotspot.draft import Focus, draft_focus

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def result() -> DetectionResult:
    return detect(hotspot.read_orders(ROOT / "tests/data/yunze-2023-11.csv"))


@pytest.fixture(scope="module")
def focus(result: DetectionResult) -> Focus:
    return draft_focus(result, hotspots=3)


def test_every_clause_rests_on_the_hotspots_own_orders(result: DetectionResult, focus: Focus) -> None:
    assert len(focus.items) == 3
    for item in focus.items:
        own = set(result.orders_of(item.hotspot)["order_id"])
        assert item.title.endswith("问题")
        for clause in (item.lead, *item.demands):
            assert clause.orders and set(clause.orders) <= own
        assert set(item.lead.orders) == own


def test_markdown_numbers_its_demands_and_notes(focus: Focus) -> None:
    told = focus.to_markdown(evidence=True)
    assert "一是" in told and "[^1]: 依据工单" in told
    assert "[^" not in focus.to_markdown(evidence=False)
    assert Focus(()).to_markdown().count("没有达到热点标准") == 1
    for item in focus.items:
        assert item.text.endswith("。") and "\uff1a一是" in item.text


def test_the_lead_counts_the_orders_of_the_part_of_the_month_that_it_names(
    result: DetectionResult, focus: Focus
) -> None:
    told = 0
    for item in focus.items:
        days = result.orders_of(item.hotspot)["created"].dt.day
        for name, first, last in (("上旬", 1, 10), ("中旬", 11, 20), ("下旬", 21, 31)):
            count = int(days.between(first, last).sum())
            if f"其中{name}" in item.lead.text:
                told += 1
                assert f"，其中{name}{count}件" in item.lead.text
            elif name in item.lead.text:
                assert count == len(days)
    assert told


def test_praise_is_no_demand(result: DetectionResult) -> None:
    hotspot_id = result.hotspots["hotspot"].iloc[0]
    told = draft_focus(result, hotspots=1).items[0].demands[0].orders[0]
    praised = replace(result, orders=result.orders.assign(nature="投诉"))
    praised.orders.loc[praised.orders["order_id"].eq(told), "nature"] = "表扬"
    assert told in set(result.orders_of(hotspot_id)["order_id"])
    assert not any(told in clause.orders for clause in draft_focus(praised, hotspots=1).items[0].demands)
    only_praise = replace(result, orders=result.orders.assign(nature="表扬"))
    assert draft_focus(only_praise, hotspots=1).items[0].demands
