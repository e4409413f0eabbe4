"""The commands: detect with a registry and guidance, registry, guide."""

import json
import re
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from hotspot.cli import app

GOLD = Path(__file__).parents[1] / "data" / "yunze-2023-11-gold.csv"
ORDERS = Path(__file__).parents[1] / "data" / "yunze-2023-11.csv"


def run(*arguments: object, code: int = 0) -> str:
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert result.exit_code == code, result.output
    assert "Traceback" not in result.output
    return result.output


@pytest.fixture(scope="module")
def halves(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Write two months: every other order of a month, and the rest a month later."""
    folder = tmp_path_factory.mktemp("months")
    orders = pd.read_csv(ORDERS, dtype=str, keep_default_na=False)
    paths = []
    for i, month in enumerate(("2023-11", "2023-12")):
        part = orders.iloc[i::2].copy()
        part["受理时间"] = [f"{month}-{max(1, int(day[8:10]) - 2):02d}{day[10:]}" for day in part["受理时间"]]
        paths.append(folder / f"{month}.csv")
        part.to_csv(paths[-1], index=False)
    return paths


def planted(folder: Path, theme: str) -> str:
    """Return the hotspot of a run that most orders of a planted theme are in."""
    assigned = pd.read_csv(folder / "assignments.csv", keep_default_na=False)
    gold = pd.read_csv(GOLD).set_index("order_id")["hotspot"]
    inside = assigned[assigned["hotspot"].ne("") & assigned["order_id"].map(gold).eq(theme)]
    return str(inside["hotspot"].value_counts().index[0])


@pytest.fixture(scope="module")
def story(halves: list[Path], tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """Register a month, say what is to be done, register the next."""
    home = tmp_path_factory.mktemp("office")
    registry = home / "登记册"
    said = [run("detect", halves[0], "--registry", registry, "--out", home / "11")]
    first = pd.read_csv(home / "11" / "hotspots.csv")
    said.append(run("registry", "name", first["topic"][0], "公共交通", "--registry", registry))
    pair = [planted(home / "11", theme) for theme in ("欠薪", "焚烧")]
    said.append(run("guide", "merge", pair[0], pair[1].lower(), "--run", home / "11", "--registry", registry))
    said.append(run("guide", "watch", "路灯", "--registry", registry))
    said.append(run("guide", "ignore", "外星人", "--registry", registry))
    said.append(run("detect", halves[1], "--registry", registry, "--out", home / "12"))
    return home, said


def test_two_months(story: tuple[Path, list[str]]) -> None:
    home, said = story
    assert "还没有更早的月份" in said[0] or "没有更早的月份" in said[0]
    assert "与 2023-11 对照" in said[-1]
    first, second = (pd.read_csv(home / month / "hotspots.csv", keep_default_na=False) for month in ("11", "12"))
    assert set(first["status"]) == {""}
    assert set(second["status"]) <= {"新出现", "上升", "持续", "回落", "再次出现"}
    kept = set(first["topic"]) & set(second["topic"])
    assert kept
    named = second[second["topic_name"].eq("公共交通")]
    assert set(named["title"]) <= {"公共交通"}
    topics = pd.read_csv(home / "12" / "topics.csv", keep_default_na=False).set_index("topic")
    assert set(topics.index) == set(first["topic"]) | set(second["topic"])
    assert topics.loc[sorted(kept), ["2023-11", "2023-12"]].gt(0).all().all()


def test_the_record_tells_of_guidance(story: tuple[Path, list[str]]) -> None:
    home, said = story
    record = json.loads((home / "12" / "run.json").read_text("utf-8"))
    assert [(g["kind"], g["applied"]) for g in record["guidance"]] == [
        ("ignore", False),
        ("together", True),
        ("watch", True),
    ]
    assert record["registry"]["compared_with"] == "2023-11"
    assert str(home) not in (home / "12" / "run.json").read_text("utf-8")
    assert "这条本月没有用上" in said[-1]
    watched = pd.read_csv(home / "12" / "hotspots.csv", keep_default_na=False)["watched"]
    assert "路灯" in set(watched)


def test_the_same_again_gives_the_same_files(story: tuple[Path, list[str]], halves: list[Path]) -> None:
    home, _ = story
    files = [*(home / "12").iterdir(), home / "登记册" / "registry.json"]
    before = {file: file.read_bytes() for file in files}
    run("detect", halves[1], "--registry", home / "登记册", "--out", home / "12")
    assert {file: file.read_bytes() for file in files} == before


def test_registry_commands(story: tuple[Path, list[str]], tmp_path: Path) -> None:
    home, _ = story
    listed = run("registry", "list", "--registry", home / "登记册")
    assert "公共交通" in listed
    assert "登记了 2 个月" in listed
    run("registry", "export", "--registry", home / "登记册", "--out", tmp_path / "t.csv", "--month", "2023-11")
    assert (tmp_path / "t.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    assert "写法不对" in run("registry", "list", "--registry", home / "登记册", "--month", "11月", code=1)


def test_guide_commands(story: tuple[Path, list[str]], tmp_path: Path) -> None:
    home, _ = story
    kept = tmp_path / "意见.toml"
    where = ("--run", home / "11", "--guidance", kept)
    assert "记下了 G1" in run("guide", "separate", "H01", "S0001", *where)
    assert "先前已经记下" in run("guide", "separate", "H01", "S0001", *where)
    assert "记下了 G2" in run("guide", "name", "S0002", "一件事", *where)
    topic = re.search(r"R\d{4}", run("registry", "list", "--registry", home / "登记册"))
    assert topic is not None
    assert "记下了 G3" in run("guide", "name", topic[0], "名称", "--registry", home / "登记册", "--guidance", kept)
    assert "共 3 条" in run("guide", "list", "--guidance", kept)
    run("guide", "remove", "G1", "G2", "--guidance", kept)
    assert "共 1 条" in run("guide", "list", "--guidance", kept)
    before = kept.read_bytes()
    assert "没有 G9" in run("guide", "remove", "G3", "G9", "--guidance", kept, code=1)
    assert kept.read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("registry", "list", "--registry", "没有"), "没有登记册"),
        (("registry", "merge", "R0001", "--registry", "没有"), "两个或几个"),
        (("guide", "name", "H01", "名", "--run", "没有"), "不是 hotspot detect 的结果文件夹"),
        (("guide", "name", "热点一", "名"), "不是编号"),
        (("guide", "name", "R0001", "名"), "请用 --registry"),
        (("guide", "ignore", "的"), "太短"),
        (("guide", "watch", " "), "是空的"),
        (("detect", ORDERS, "--guidance", "没有.toml"), "找不到意见文件"),
        (("detect", ORDERS, "--registry", "新册"), "请用 --month"),
    ],
)
def test_bad_calls(arguments: tuple[object, ...], says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert says in run(*arguments, code=1)
    assert not [file for file in tmp_path.rglob("*") if file.is_file()]


def test_no_such_hotspot(story: tuple[Path, list[str]], tmp_path: Path) -> None:
    home, _ = story
    where = ("--run", home / "11", "--guidance", tmp_path / "g.toml")
    assert "没有 H99" in run("guide", "name", "H99", "名", *where, code=1)
    assert "同一个" in run("guide", "merge", "H01", "H01", *where, code=1)
    assert not list(tmp_path.iterdir())


def test_a_damaged_registry_stops_before_the_work(tmp_path: Path) -> None:
    (tmp_path / "registry.json").write_text("{}")
    out = tmp_path / "out"
    assert "已损坏" in run("detect", ORDERS, "--month", "2023-11", "--registry", tmp_path, "--out", out, code=1)
    assert not out.exists()
    assert (tmp_path / "registry.json").read_text() == "{}"
