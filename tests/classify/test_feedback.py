import json
import shutil
from pathlib import Path

import pandas as pd
import pytest

from hotspot._resources import model_path
from hotspot.classify import Router, learn
from hotspot.errors import ModelError, OrdersError

NEW = "无人机在小区上空低空飞行偷拍,影响居民生活"


@pytest.fixture
def copy(trained: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(trained, tmp_path / "m"))


def rows(*values: tuple[str, ...]) -> pd.DataFrame:
    return pd.DataFrame(list(values), columns=["order_id", "right", "who", "when", "text"])


def test_a_correction_changes_the_answer_and_is_logged(copy: Path) -> None:
    before = Router([*load(copy)]).suggest("楼下烧烤摊油烟扰民").department.label
    done = learn(copy, rows(("城管局0", "生态环境局", "张科", "2022-07-01", "")))
    assert before == "城管局"
    assert done.changed[["order_id", "before", "after"]].to_numpy().tolist() == [["城管局0", "城管局", "生态环境局"]]
    answer = (
        Router([*load(copy)]).suggest("投诉:楼下烧烤摊油烟扰民\n市民来电反映楼下烧烤摊油烟扰民,希望处理。").department
    )
    assert "生态环境局" in [c.label for c in answer.choices]
    log = [json.loads(line) for line in (copy / "feedback.jsonl").read_text(encoding="utf-8").splitlines()]
    assert (log[0]["order_id"], log[0]["before"], log[0]["right"]) == ("城管局0", "城管局", "生态环境局")


def load(folder: Path) -> list:  # type: ignore[type-arg]
    from hotspot.classify.storage import load_model

    return [load_model(folder)]


def test_a_new_order_with_a_new_label(copy: Path) -> None:
    done = learn(copy, rows(("N1", "低空经济办", "", "2022-07-01", NEW)))
    assert done.changed["kind"].tolist() == ["新工单"]
    answer = Router([*load(copy)]).suggest(NEW).department
    assert answer.label == "低空经济办"


def test_the_log_only_grows(copy: Path) -> None:
    learn(copy, rows(("城管局0", "生态环境局", "甲", "2022-07-01", "")))
    learn(copy, rows(("城管局0", "城管局", "乙", "2022-07-02", "")))
    lines = (copy / "feedback.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["who"] for line in lines] == ["甲", "乙"]


def test_feedback_that_contradicts_itself_is_told_and_the_latest_counts(copy: Path) -> None:
    done = learn(
        copy,
        rows(("城管局0", "水利局", "甲", "2022-07-03", ""), ("城管局0", "住建局", "乙", "2022-07-01", "")),
    )
    assert done.contradictions[["labels", "kept"]].to_numpy().tolist() == [["水利局、住建局", "水利局"]]
    assert done.changed["after"].tolist() == ["水利局"]


def test_rows_that_cannot_be_used_are_listed(copy: Path) -> None:
    done = learn(
        copy,
        rows(
            ("", "水利局", "", "", ""),
            ("无此件", "水利局", "", "", ""),
            ("城管局0", "", "", "", ""),
            ("城管局1", "水利局", "", "", ""),
        ),
    )
    assert len(done.unusable) == 3
    assert done.changed["order_id"].tolist() == ["城管局1"]


def test_texts_come_from_the_orders_file(copy: Path, tmp_path: Path) -> None:
    orders = tmp_path / "o.csv"
    orders.write_text(f"工单编号,来电时间,内容\nN2,2022-07-01,{NEW}\n", encoding="utf-8")
    assert len(learn(copy, rows(("N2", "低空经济办", "", "", "")), orders=orders).changed) == 1


def test_nothing_usable_changes_nothing(copy: Path) -> None:
    before = (copy / "manifest.json").read_bytes()
    with pytest.raises(OrdersError, match="没有一行能用"):
        learn(copy, rows(("无此件", "水利局", "", "", "")))
    assert (copy / "manifest.json").read_bytes() == before


def test_a_shipped_model_cannot_be_corrected() -> None:
    with pytest.raises(ModelError, match="先用 hotspot train"):
        learn(model_path("department"), rows(("1", "水利局", "", "", NEW)))


def test_missing_columns_are_told(copy: Path) -> None:
    with pytest.raises(OrdersError, match="缺少：right"):
        learn(copy, pd.DataFrame({"order_id": ["1"]}))
