"""What the command says of a command line that it cannot read."""

import re
from pathlib import Path

import pytest
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
        (["suggest", "停水", "三天"], "多出了“三天”"),
        (["frob"], "没有“frob”这个命令"),
    ],
)
def test_mistakes_are_told_in_chinese(arguments: list[str], says: str) -> None:
    result = run.invoke(app, arguments)
    assert result.exit_code == 2
    assert says in result.output
    assert not re.search("Error|Usage|Try|Missing|Invalid|No such|Option ", result.output)


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
