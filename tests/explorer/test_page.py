"""The page as a file: what it holds, and what it must not."""

import json
import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from typer.testing import CliRunner

import hotspot
from hotspot.cli import app
from hotspot.explorer.towns import towns_of
from hotspot.orders import orders_from_frame
from hotspot.privacy import mask
from hotspot.run import Run
from hotspot.settings import Settings

from .conftest import EXAMPLE, payload_in


def texts_in(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    held = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for each in held for text in texts_in(each)]


def test_nothing_unmasked_is_in_the_file(example_page: str) -> None:
    told = payload_in(example_page)
    ids = set(told["orders"]["id"])
    unmasked = [text for text in set(texts_in(told)) - ids if mask(text) != text]
    drafted = {h["title"] for h in told["hotspots"]} | {i["title"] for i in told["issues"]}
    assert [t for t in unmasked if t not in drafted or re.search(r"\d{7}", t)] == []
    around = re.sub(r'id="data">[^<]*', "", example_page)
    raw = pd.read_csv(EXAMPLE / "orders.csv", dtype=str, keep_default_na=False)
    everything = around + json.dumps(told, ensure_ascii=False)
    assert not [phone for phone in raw["联系电话"] if phone and phone in everything]


def test_what_stands_in_a_wrong_column_is_masked_too() -> None:
    frame = pd.DataFrame(
        {
            "工单编号": ["A1", "A2", "A3"],
            "来电时间": ["2022-06-01 08:00", "2022-06-02 08:00", "2022-06-03 08:00"],
            "诉求内容": ["路灯不亮，请修", "路灯全灭，请修", "水管漏水，请修"],
            "承办单位": ["住管局13812345678", "住管局", ""],
            "来源渠道": ["电话", "身份证11010519491231002X", ""],
        }
    )
    told = json.dumps(payload_in(hotspot.explore(hotspot.detect(frame))), ensure_ascii=False)
    assert "13812345678" not in told
    assert "11010519491231002X" not in told
    assert "住管局〔手机〕" in told


def test_the_page_asks_for_nothing(example_page: str) -> None:
    around = re.sub(r'id="data">[^<]*', "", example_page)
    assert "default-src 'none'" in around
    assert not re.search(r"<(?:script|img|iframe|link)[^>]+(?:src|href)=(?![\"']?data:)", around)
    assert around.count("<script") == around.count("</script>") == 2


def test_heat_is_the_sum_of_its_parts(example_payload: dict[str, Any]) -> None:
    for found in example_payload["hotspots"]:
        assert sum(p["points"] for p in found["points"]) == pytest.approx(found["heat"], abs=0.15)


def test_every_clause_keeps_its_orders(example_run: Run, example_payload: dict[str, Any]) -> None:
    ids = example_payload["orders"]["id"]
    for item, found in zip(example_run.focus.items, example_payload["hotspots"], strict=False):
        assert found["id"] == item.hotspot
        for clause, told in zip((item.lead, *item.demands), (found["lead"], *found["demands"]), strict=True):
            assert tuple(ids[row] for row in told["orders"]) == clause.orders


def test_the_same_orders_give_the_same_page(example_run: Run) -> None:
    shuffled = example_run.result.orders.sample(frac=1, random_state=3)
    settings = example_run.result.settings
    pages = {hotspot.explore(hotspot.detect(orders, settings)) for orders in (example_run.result.orders, shuffled)}
    assert len(pages) == 1


def test_fewer_hotspots_are_listed_when_asked(example_run: Run) -> None:
    told = payload_in(hotspot.explore(example_run.result, example_run.focus, top=2))
    assert len(told["hotspots"]) == 2
    assert told["all_hotspots"] == len(example_run.result.hotspots)
    assert max(told["orders"]["hotspot"]) == 1


def test_an_order_is_of_the_town_that_it_names() -> None:
    frame = pd.DataFrame(
        {
            "工单编号": list("abcde"),
            "来电时间": ["2022-06-01"] * 5,
            "诉求内容": ["官渡镇路口积水", "路口积水", "南岭镇学校门口", "没有写在哪里", "城镇建设问题"],
            "事发地址": ["", "南岭镇中心", "官渡镇一组", "", ""],
            "承办单位": ["公安局", "公安局", "官渡镇", "公安局", "南岭镇"],
        }
    )
    orders = orders_from_frame(frame).orders
    towns = dict(zip(orders["order_id"], towns_of(orders, Settings()), strict=True))
    assert towns == {"a": "官渡镇", "b": "南岭镇", "c": "官渡镇", "d": "", "e": "南岭镇"}


def test_command_says_which_file_to_open(tmp_path: Path) -> None:
    out = tmp_path / "六月.html"
    done = CliRunner().invoke(app, ["explore", str(EXAMPLE / "orders.csv"), "-m", "2022-06", "-o", str(out)])
    assert done.exit_code == 0, done.output
    assert f"请打开 {out}" in done.output
    assert len(payload_in(out.read_text("utf-8"))["orders"]["id"]) == 694
    assert out.stat().st_size < 2_000_000


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["-o", "页.docx"], "应以 .html 结尾"),
        (["-m", "2021-01"], "2021-01 没有工单"),
        (["-s", "无.toml"], "找不到设置"),
    ],
)
def test_command_tells_mistakes(arguments: list[str], said: str, tmp_path: Path) -> None:
    out = [] if "-o" in arguments else ["-o", str(tmp_path / "页.html")]
    done = CliRunner().invoke(app, ["explore", str(EXAMPLE / "orders.csv"), *arguments, *out])
    assert done.exit_code == 1
    assert said in done.output
    assert "Traceback" not in done.output
    assert list(tmp_path.iterdir()) == []
