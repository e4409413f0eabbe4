"""The commands, as an analyst runs them."""

from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from hotspot._fonts import chinese_font
from hotspot.cli_report import app
from hotspot.report import produce
from hotspot.settings import load_settings

from .conftest import EXAMPLE, marked

runner = CliRunner()


@pytest.fixture
def stand_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the marked hotspots in the place of detection: these tests are about the report."""

    def detect(orders: pd.DataFrame, _: object) -> tuple[object, object, str]:
        return (*marked(orders), "") if len(orders) > 100 else (None, None, "本月未能归并热点:工单太少。")

    monkeypatch.setattr(produce, "_detect", detect)


@pytest.mark.usefixtures("stand_in")
def test_the_example_month(tmp_path: Path) -> None:
    arguments = ["report", str(EXAMPLE / "orders.csv"), "--settings", str(EXAMPLE / "settings.toml")]
    arguments += ["--knowledge", str(EXAMPLE / "knowledge.csv"), "--month", "2022-06"]
    outs = [str(tmp_path / f"报告{s}") for s in (".docx", ".html", ".md")]
    result = runner.invoke(app, [*arguments, *(x for o in outs for x in ("--out", o))])
    assert result.exit_code == 0, result.output
    assert all(Path(o).stat().st_size > 1000 for o in outs)
    assert ("注意" in result.output) == (chinese_font() is None), "without a font there are no charts, and it says so"
    assert "满意率为86.89%" in Path(outs[2]).read_text(encoding="utf-8")


@pytest.mark.usefixtures("stand_in")
def test_a_month_without_hotspots_says_why(tmp_path: Path) -> None:
    (tmp_path / "少.csv").write_text("编号,时间,内容\n1,2023-03-01,路灯不亮\n", encoding="utf-8")
    result = runner.invoke(app, ["report", str(tmp_path / "少.csv"), "-o", str(tmp_path / "r.md"), "--no-charts"])
    assert result.exit_code == 0, result.output
    assert "没有热线办全称，版头和落款空着" in result.output
    assert "文中有 6 处提示" in result.output
    assert "本月未能归并热点\uff1a工单太少。" in (tmp_path / "r.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "arguments", [["--date", "昨天"], ["-o", "表.csv/r.md"], ["--knowledge", "无.csv"], ["--history", "无.csv"]]
)
def test_what_cannot_be_used_is_told_before_the_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("表.csv").write_text("编号,时间,内容\n1,2023-03-01,甲\n", encoding="utf-8")
    monkeypatch.setattr(produce, "load_orders", lambda *_, **__: pytest.fail("the work had begun"))
    result = runner.invoke(app, ["report", "表.csv", *arguments])
    assert result.exit_code == 1
    assert "错误：" in result.output


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["无.csv"], "无.csv"),
        (["两月.csv", "-o", "r.md"], "工单分属 2 个月"),
        (["两月.csv", "-o", "r.pdf"], "不会写"),
        (["两月.csv", "-o", "r.md", "--template", "x.docx"], "只用于 Word"),
        (["两月.csv", "-o", "r.docx", "--template", "x.docx"], "找不到模板"),
        (["两月.csv", "-o", "r.md", "--column", "内容"], "写法不对"),
        (["两月.csv", "-o", "r.md", "--settings", "无.toml"], "找不到设置文件"),
        (["两月.csv", "-o", "r.md", "-m", "2023-03", "--date", "昨天"], "成文日期“昨天”写法不对"),
        (["两月.csv", "-o", "两月.csv/r.md"], "写不进"),
        (["两月.csv", "-o", "r.md", "--knowledge", "无.csv"], "找不到文件：无.csv"),
        (["两月.csv", "-o", "r.md", "-m", "2023-05"], "2023-05 没有工单"),
        (["两月.csv", "-o", "r.md", "-o", "r.md"], "重复"),
    ],
)
def test_faults_are_told_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("两月.csv").write_text("编号,时间,内容\n1,2023-03-01,甲\n2,2023-04-01,乙\n", encoding="utf-8")
    result = runner.invoke(app, ["report", *arguments])
    assert result.exit_code == 1
    assert "错误" in result.output
    assert message in result.output
    assert sorted(p.name for p in tmp_path.iterdir()) == ["两月.csv"]


def test_settings_init_asks(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    answers = '云泽县\n云泽"热线"办\n\n石阳镇、云泽街道\n0700-123\n'
    result = runner.invoke(app, ["settings", "init", str(path), "--template", str(tmp_path / "t.docx")], input=answers)
    assert result.exit_code == 0, result.output
    settings = load_settings(path)
    assert settings.office.name == '云泽"热线"办'
    assert settings.region.towns == ("石阳镇", "云泽街道")
    assert settings.office.contacts == {"电话": "0700-123"}
    assert (tmp_path / "t.docx").stat().st_size > 10_000
    again = runner.invoke(app, ["settings", "init", str(path), "--no-ask"])
    assert again.exit_code == 1
    assert "已经存在" in again.output


def test_settings_template_is_valid_and_all_defaults(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    assert runner.invoke(app, ["settings", "init", str(path), "--no-ask"]).exit_code == 0
    settings = load_settings(path)
    plain = load_settings(None)
    assert settings.report == plain.report
    assert settings.draft == plain.draft
