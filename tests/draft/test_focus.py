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
