"""What the command says of a command line that it cannot read."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from hotspot.cli import app

run = CliRunner()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["detect"], "缺少“工单表”"),
        (["learn"], "缺少选项 --feedback"),
        (["detect", "a.csv", "--frob"], "没有 --frob 这个选项"),
        (["detect", "a.csv", "--out"], "选项 --out 后面缺少值"),
        (["detect", "a.csv", "--top", "x"], "--top 的值不能用：应是数字"),
        (["detect", "a.csv", "--top", "0"], "--top 的值不能用："),
        (["suggest", "停水", "--prefer", "x"], "--prefer 的值不能用：“x”不在"),
        (["suggest", "停水", "--json=1"], "选项 --json 后面不带值"),
        (["suggest", "停水", "三天"], "多出了“三天”"),
        (["frob"], "没有“frob”这个命令"),
    ],
)
def test_mistakes_are_told_in_chinese(arguments: list[str], says: str) -> None:
    result = run.invoke(app, arguments)
    assert result.exit_code == 2
    assert says in result.output
    assert not re.search("Error|Usage|Try|Missing|Invalid|No such|Option ", result.output)


def test_a_near_miss_is_named() -> None:
    assert "没有“detct”这个命令。是不是 detect？" in run.invoke(app, ["detct"]).output
    said = run.invoke(app, ["registry", "list", "--mont", "2024-05"]).output
    assert "没有 --mont 这个选项。是不是 --month？" in said
    assert "用法：" in said and "--help" in said


def commands(group: Any, *path: str) -> Iterator[tuple[str, ...]]:
    yield path
    for name, command in getattr(group, "commands", {}).items():
        yield from commands(command, *path, name)


@pytest.mark.parametrize("path", [*commands(get_command(app))], ids=" ".join)
def test_help_is_chinese(path: tuple[str, ...]) -> None:
    said = run.invoke(app, [*path, "--help"]).output
    assert said.startswith("用法：")
    assert "选项：\n" in said and "显示这份说明。" in said
    assert not re.search(
        r"Usage|OPTIONS|COMMAND|Options|Arguments|Commands|Show this|required|default|<str|<path|<int|<list|x[<>]=",
        said,
    )


def test_help_tells_defaults_and_bounds() -> None:
    said = " ".join(run.invoke(app, ["suggest", "--help"]).output.split())
    assert "用法：root suggest [选项] 文本" in said
    assert "工单内容。 [必填]" in said
    assert "列几个。 [默认：3；1 至 10]" in said
    assert "话题 …" in run.invoke(app, ["registry", "merge", "--help"]).output


def test_a_question_left_open_ends_in_chinese(tmp_path: Path) -> None:
    result = run.invoke(app, ["settings", "init", str(tmp_path / "s.toml")], input="")
    assert result.exit_code == 1
    assert "已中止" in result.output
    assert not list(tmp_path.iterdir())


def test_what_is_right_ends_well() -> None:
    assert run.invoke(app, ["--version"]).exit_code == 0
    assert "detect" in run.invoke(app, []).output


@pytest.mark.parametrize("command", ["detect", "explore"])
def test_a_place_that_takes_no_file_is_told_before_the_work(command: str, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    result = run.invoke(app, [command, "无.csv", "--out", str(tmp_path / "file" / "x.html")])
    assert "写不进" in result.output
