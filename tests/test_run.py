"""A run of the main job, its files and its command."""

import hashlib
import json
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from hotspot.cli import app
from hotspot.run import run_detection, write_run
from hotspot.settings import Settings, load_settings

ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "examples" / "wengyuan-2022-06"
OTHER = ROOT / "tests" / "data" / "yunze-2023-11.csv"
FILES = {"hotspots.csv", "issues.csv", "assignments.csv", "focus.md", "run.json"}


def test_writes_its_files_with_an_audit_trail(tmp_path: Path) -> None:
    run = run_detection(OTHER, Settings())
    written = write_run(run, tmp_path)
    assert {path.name for path in written} == FILES
    record = json.loads((tmp_path / "run.json").read_text("utf-8"))
    assert record["input"]["sha256"] == hashlib.sha256(OTHER.read_bytes()).hexdigest()
    assert record["counts"]["orders"] == 367
    assigned = pd.read_csv(tmp_path / "assignments.csv", keep_default_na=False)
    assert len(assigned) == 367
    assert record["counts"]["orders_in_hotspots"] == assigned["hotspot"].ne("").sum()
    titles = pd.read_csv(tmp_path / "hotspots.csv")["title"]
    assert titles.notna().all()


def test_same_bytes_for_shuffled_rows(tmp_path: Path) -> None:
    table = pd.read_csv(OTHER, dtype=str)
    outputs = []
    for name, rows in (("a", table), ("b", table.sample(frac=1, random_state=3))):
        source = tmp_path / f"{name}.csv"
        rows.to_csv(source, index=False)
        write_run(run_detection(source, Settings()), tmp_path / name)
        outputs.append({file: (tmp_path / name / file).read_bytes() for file in FILES - {"run.json"}})
    assert outputs[0] == outputs[1]


def test_every_note_cites_orders_of_the_file(tmp_path: Path) -> None:
    run = run_detection(EXAMPLE / "orders.csv", load_settings(EXAMPLE / "settings.toml"), month="2022-06")
    ids = set(run.result.orders["order_id"])
    for item in run.focus.items:
        members = set(run.result.orders_of(item.hotspot)["order_id"])
        for clause in (item.lead, *item.demands):
            assert clause.orders
            assert set(clause.orders) <= members <= ids
    write_run(run, tmp_path, hotspots=2)
    text = (tmp_path / "focus.md").read_text("utf-8")
    assert text.count("\n## ") == 2
    assert "〔" not in text.replace("〔2022〕", "")
    write_run(run, tmp_path, hotspots=2, evidence=False)
    assert "[^1]" not in (tmp_path / "focus.md").read_text("utf-8")


def test_command(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["detect", str(OTHER), "--out", str(tmp_path / "out"), "--top", "3"])
    assert result.exit_code == 0, result.output
    assert "名次" in result.output
    assert {path.name for path in (tmp_path / "out").iterdir()} == FILES


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["没有.csv"], "找不到文件"),
        ([str(OTHER), "--month", "2022-13"], "写法不对"),
        ([str(OTHER), "--month", "2020-01"], "没有工单"),
        ([str(OTHER), "--column", "内容"], "写法不对"),
        ([str(OTHER), "--column", "内容=没有这列"], "没有这列"),
        ([str(OTHER), "--settings", "没有.toml"], "找不到设置文件"),
        ([str(OTHER), "--model", "/没有/这个模型"], "模型"),
    ],
)
def test_bad_calls_get_one_line_and_no_traceback(arguments: list[str], says: str, tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["detect", *arguments, "--out", str(tmp_path / "out")])
    assert result.exit_code == 1
    assert says in result.output
    assert "Traceback" not in result.output
    assert not (tmp_path / "out").exists()


def test_a_table_of_several_months_is_told_of(tmp_path: Path) -> None:
    table = pd.read_csv(OTHER, dtype=str).head(60)
    table["受理时间"] = ["2023-10-09 08:00"] * 20 + ["2023-11-09 08:00"] * 40
    table.to_csv(tmp_path / "两月.csv", index=False)
    calls = ["detect", str(tmp_path / "两月.csv"), "--out", str(tmp_path / "out")]
    both = CliRunner().invoke(app, calls)
    assert "2 个月" in both.output
    assert "2023-10(20件)、2023-11(40件)" in both.output
    assert "--month 2023-11" in both.output
    assert "2023-10(20件)" in json.loads((tmp_path / "out" / "run.json").read_text("utf-8"))["note"]
    one = CliRunner().invoke(app, [*calls, "--month", "2023-11"])
    assert "2 个月" not in one.output
    assert "note" not in json.loads((tmp_path / "out" / "run.json").read_text("utf-8"))
