"""What has changed since earlier months, each change with its base."""

import json
from pathlib import Path

import pandas as pd
import pytest

from hotspot.errors import OrdersError
from hotspot.report import Report, build_report, load_history, write_report
from hotspot.report.comparison import match_hotspots
from hotspot.report.history import PastHotspot, PastMonth, wanted_months
from hotspot.report.model import Paragraph
from hotspot.settings import Settings

from .conftest import Clause, Detected, Focus, Item, make_orders


def month_of(counts: dict[tuple[str, str], int], when: str) -> pd.DataFrame:
    rows: list[dict[str, object]] = []
    for (unit, nature), number in counts.items():
        rows += [{"department": unit, "nature": nature, "created": when}] * number
    return make_orders([{**r, "order_id": f"{when}-{i}"} for i, r in enumerate(rows)])


NOW = {("公安局", "投诉"): 40, ("城关镇", "投诉"): 20, ("教育局", "咨询"): 2}
THEN = {("公安局", "投诉"): 30, ("城关镇", "投诉"): 32, ("教育局", "咨询"): 2}


def compared(history: dict[str, PastMonth], detected: Detected | None = None, focus: Focus | None = None) -> str:
    orders = month_of(NOW, "2023-03-05 10:00")
    report = build_report(orders, "2023-03", Settings(), detected=detected, focus=focus, history=history)
    return "\n".join(b.text for b in report.document.sections[0].blocks if isinstance(b, Paragraph))


def test_months_that_are_compared_with() -> None:
    assert wanted_months("2023-01") == ("2022-12", "2022-01")


def test_changes_from_orders_of_the_month_before(tmp_path: Path) -> None:
    month_of(THEN, "2023-02-05 10:00").to_parquet(tmp_path / "二月.parquet")
    history, notes = load_history([tmp_path / "二月.parquet"], "2023-03", Settings())
    assert notes == ()
    said = compared(history)
    assert "与上月\uff082023年2月\uff0c64件\uff09相比\uff0c工单总量减少2件\uff0c环比下降3.13%" in said
    assert "公安局由30件变为40件" in said
    assert "城关镇由32件变为20件" in said
    assert "教育局" not in said.split("按单位看")[1].split("。")[0]


def test_a_small_base_is_said_to_be_small() -> None:
    past = PastMonth("2022-03", 12, {(("nature", "投诉"),): 10, (("nature", "咨询"),): 2})
    said = compared({"2022-03": past})
    assert "与上年同月\uff082022年3月\uff0c12件\uff09相比" in said
    assert "同比增长416.67%\uff08基数较小\uff0c幅度仅供参考\uff09" in said


def test_nothing_before_gives_no_percentage() -> None:
    said = compared({"2023-02": PastMonth("2023-02", 0, {})})
    assert "增加62件。" in said
    assert "环比增长" not in said


def test_no_history_no_comparison() -> None:
    assert "相比" not in compared({})


def hotspots() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "hotspot": ["A", "B", "C"],
            "title": ["小区停水问题", "校车停运问题", "供暖不热问题"],
            "orders": [20, 10, 8],
            "keywords": ["停水、水压、水管", "校车、停运、接送", "供暖、暖气、温度"],
        }
    )


PAST = (
    PastHotspot("供暖温度不达标问题", 30, ("供暖", "暖气", "温度")),
    PastHotspot("小区频繁停水", 9, ("停水", "水管")),
    PastHotspot("拖欠工资", 12, ("工资", "拖欠", "农民工")),
)


def test_hotspots_are_known_again() -> None:
    assert match_hotspots(hotspots(), PAST) == {0: 1, 2: 0}


def test_hotspots_new_rising_falling_faded() -> None:
    orders = month_of(NOW, "2023-03-05 10:00")
    keys = ["A"] * 20 + ["B"] * 10 + ["C"] * 8 + [""] * (len(orders) - 38)
    assignments = pd.DataFrame({"order_id": orders["order_id"], "issue": "", "hotspot": keys})
    detected = Detected(hotspots(), pd.DataFrame({"issue": [], "title": []}), assignments)
    focus = Focus((Item("A", "小区停水问题", Clause("市民反映:", (str(orders["order_id"][0]),)), ()),))
    past = PastMonth("2023-02", 64, {(("nature", "投诉"),): 64}, PAST)
    said = compared({"2023-02": past}, detected, focus)
    assert "新出现的有\uff1a校车停运问题\uff0810件\uff09" in said
    assert "上升的有\uff1a小区停水问题\uff08由9件变为20件\uff09" in said
    assert "回落的有\uff1a供暖不热问题\uff08由30件变为8件\uff09" in said
    assert "已不突出的有\uff1a拖欠工资\uff08上月12件\uff09" in said


def test_a_report_leaves_a_record_that_the_next_month_reads(example: Report, tmp_path: Path) -> None:
    write_report(example, [tmp_path / "报告.md"])
    history, notes = load_history([tmp_path / "报告.run.json"], "2022-07", Settings())
    assert notes == ()
    past = history["2022-06"]
    assert past.total == 694
    assert past.number((("unit", "公安局"),)) == 124
    assert past.hotspots is not None
    assert [h.title for h in past.hotspots] == ["强降雨引发水灾问题", "发热门诊候诊问题"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "不是有效的 JSON"),
        ("[]", "不是运行记录"),
        ('{"kind": "hotspot-report", "version": 9}', "版本是 9"),
        ('{"kind": "hotspot-report", "version": 1}', "内容不全"),
        (
            json.dumps(
                {"kind": "hotspot-report", "version": 1, "month": "2023-02"}
                | {"total": 5, "natures": {"投诉": 4}, "units": {}}
            ),
            "合计 4",
        ),
    ],
)
def test_bad_records(tmp_path: Path, content: str, message: str) -> None:
    (tmp_path / "坏.json").write_text(content, encoding="utf-8")
    with pytest.raises(OrdersError, match=message):
        load_history([tmp_path / "坏.json"], "2023-03", Settings())


def test_a_record_of_detection_is_read_with_its_table(tmp_path: Path) -> None:
    record = {"month": "2023-02", "counts": {"orders": 64}}
    (tmp_path / "run.json").write_text(json.dumps(record), encoding="utf-8")
    hotspots().assign(rank=[1, 2, 3]).to_csv(tmp_path / "hotspots.csv", index=False)
    past = load_history([tmp_path / "run.json"], "2023-03", Settings())[0]["2023-02"]
    assert past.total == 64
    assert past.hotspots is not None
    assert past.hotspots[0] == PastHotspot("小区停水问题", 20, ("停水", "水压", "水管"))
    (tmp_path / "run.json").write_text(json.dumps({**record, "month": ""}), encoding="utf-8")
    with pytest.raises(OrdersError, match="没有写明月份"):
        load_history([tmp_path / "run.json"], "2023-03", Settings())


def test_a_file_of_other_months_is_noted(tmp_path: Path) -> None:
    month_of(THEN, "2021-02-05 10:00").to_parquet(tmp_path / "旧.parquet")
    history, notes = load_history([tmp_path / "旧.parquet"], "2023-03", Settings())
    assert history == {}
    assert "旧.parquet 用不上" in notes[0]
