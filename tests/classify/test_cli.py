from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from hotspot import cli_classify
from hotspot.cli_classify import app

run = CliRunner()


@pytest.fixture
def file(tmp_path: Path, orders: pd.DataFrame) -> Path:
    path = tmp_path / "orders.csv"
    orders.to_csv(path, index=False, encoding="utf-8-sig")
    return path


def test_train_classify_evaluate_learn(file: Path, tmp_path: Path) -> None:
    model, out = tmp_path / "m", tmp_path / "out.csv"
    trained = run.invoke(
        app, ["train", str(file), "--target", "承办单位", "--out", str(model), "--picture", str(tmp_path / "p.svg")]
    )
    assert trained.exit_code == 0, trained.output
    assert "首选正确率" in trained.output
    assert (tmp_path / "p.svg").read_text(encoding="utf-8").startswith("<svg")

    done = run.invoke(app, ["classify", str(file), "--model", str(model), "--out", str(out)])
    assert done.exit_code == 0, done.output
    table = pd.read_csv(out, dtype=str)
    assert table["order_id"].tolist() == pd.read_csv(file, dtype=str)["工单编号"].tolist()
    assert {
        "nature",
        "nature_p",
        "department",
        "department_p",
        "department_2",
        "department_3",
        "town",
        "evidence",
        "abstain",
    } <= set(table)

    assert "ECE" in run.invoke(app, ["evaluate", str(file), "--model", str(model)]).output

    feedback = tmp_path / "f.csv"
    feedback.write_text("工单编号,正确单位,操作人,时间\n城管局0,生态环境局,张科,2022-07-01\n", encoding="utf-8")
    taught = run.invoke(app, ["learn", "--feedback", str(feedback), "--model", str(model)])
    assert "城管局0：城管局 → 生态环境局" in taught.output


def test_suggest_as_text_and_json() -> None:
    text = run.invoke(app, ["suggest", "咨询养老保险怎么补缴"])
    assert "承办单位：人社局" in text.output
    assert '"department"' in run.invoke(app, ["suggest", "咨询养老保险怎么补缴", "--json"]).output


def test_catalogue_init_and_check(tmp_path: Path) -> None:
    path = tmp_path / "目录.csv"
    assert run.invoke(app, ["catalogue", "init", str(path)]).exit_code == 0
    assert "没有问题" in run.invoke(app, ["catalogue", "check", str(path)]).output
    again = run.invoke(app, ["catalogue", "init", str(path)])
    assert again.exit_code == 1
    day_one = run.invoke(app, ["suggest", "小区停水三天", "--catalogue", str(path)])
    assert "水利局" in day_one.output


@pytest.mark.parametrize(
    "arguments",
    [
        ["classify", "none.csv", "--out", "x.csv"],
        ["train", "none.csv", "--out", "m"],
        ["suggest", "停水", "--model", "none"],
    ],
)
def test_errors_are_chinese_and_no_traceback(arguments: list[str]) -> None:
    result = run.invoke(app, arguments)
    assert result.exit_code == 1
    assert "错误：找不到" in result.output
    assert "Traceback" not in result.output


def test_an_unknown_kind_of_output_is_told(file: Path, tmp_path: Path) -> None:
    result = run.invoke(app, ["classify", str(file), "--out", str(tmp_path / "x.doc")])
    assert "不能写成" in result.output


def test_results_have_a_name_of_their_own(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(file.parent)
    trained = run.invoke(app, ["train", str(file), "--no-validate"])
    assert "--model 承办单位模型" in trained.output
    for _ in range(2):
        assert run.invoke(app, ["classify", str(file), "--model", "承办单位模型"]).exit_code == 0
    Path("派单建议.csv").write_text("别人的表\n", encoding="utf-8")
    refused = run.invoke(app, ["classify", str(file)])
    assert refused.exit_code == 1
    assert "没有覆盖" in refused.output
    assert Path("派单建议.csv").read_text(encoding="utf-8") == "别人的表\n"


def test_a_missing_extra_tells_the_command(file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli_classify, "find_spec", lambda _: None)
    result = run.invoke(app, ["classify", str(file), "--out", str(tmp_path / "x.xlsx")])
    assert 'pip install "hotspot-12345[xlsx]"' in result.output


def test_a_workbook_holds_no_formula(tmp_path: Path) -> None:
    orders = pd.DataFrame({"编号": ["=1+1"], "时间": ["2022-06-01"], "内容": ["小区停水三天没人管"]})
    orders.to_csv(tmp_path / "o.csv", index=False)
    assert run.invoke(app, ["classify", str(tmp_path / "o.csv"), "--out", str(tmp_path / "x.xlsx")]).exit_code == 0
    assert pd.read_excel(tmp_path / "x.xlsx", engine="openpyxl")["order_id"][0] == "'=1+1"


def test_a_foreign_folder_is_refused_before_training(file: Path, tmp_path: Path) -> None:
    (tmp_path / "m").mkdir()
    (tmp_path / "m" / "照片.jpg").touch()
    result = run.invoke(app, ["train", "无.csv", "--out", str(tmp_path / "m")])
    assert "不是模型文件夹" in result.output
