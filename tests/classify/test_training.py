from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from hotspot.classify import evaluate_router, train_router
from hotspot.classify.evaluation import calibration_error, measure
from hotspot.classify.features import Features
from hotspot.classify.groups import near_duplicates
from hotspot.classify.linear import RIDGE, fit_mixture, fit_ridge, indicators
from hotspot.classify.router import Router
from hotspot.classify.table import read_frame, read_table
from hotspot.classify.training import choose_rows
from hotspot.errors import OrdersError

TEXTS = [
    "小区停水三天没人管",
    "学校周末违规补课",
    "楼下烧烤油烟扰民",
    "公司拖欠农民工工资",
    "路口红绿灯坏了",
    "停水好几天",
]


def test_held_out_scores_are_those_of_a_fit_without_the_group() -> None:
    _, block = Features.fit(TEXTS, min_texts=1)
    classes = np.array([0, 1, 2, 1, 2, 0])
    groups = np.array([0, 1, 2, 3, 4, 0])
    target = indicators(classes, 3)
    _, held_out = fit_ridge(block, target, groups)
    kernel = block.kernel(block).astype(float)
    penalty = RIDGE * np.trace(kernel) / len(TEXTS)
    for group in range(5):
        out, rest = np.flatnonzero(groups == group), np.flatnonzero(groups != group)
        solved = np.linalg.solve(kernel[np.ix_(rest, rest)] + penalty * np.eye(len(rest)), target[rest])
        assert np.allclose(held_out[out], kernel[np.ix_(out, rest)] @ solved, atol=1e-4)


def test_a_source_that_knows_gets_the_weight() -> None:
    rng = np.random.default_rng(0)
    classes = rng.integers(0, 3, 300)
    knows = indicators(classes, 3) + rng.normal(0, 0.3, (300, 3))
    noise = rng.normal(0, 0.3, (300, 3))
    found = fit_mixture(np.stack([knows, noise]), classes, [1.0, 1.0])
    assert found.weights[0] > 3 * found.weights[1]


def test_stored_features_hold_no_words() -> None:
    features, _ = Features.fit(TEXTS, min_texts=1)
    assert all(array.dtype.kind in "if" for array in features.to_arrays().values())


def test_near_duplicates_share_a_number() -> None:
    _, block = Features.fit([*TEXTS, "学校周末违规补课!!"], min_texts=1)
    groups = near_duplicates(block)
    assert groups[1] == groups[6]
    assert len(set(groups[:5])) == 5


def test_rare_labels_and_the_newest_rows_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hotspot.classify.training.MAX_ROWS", 100)
    monkeypatch.setattr("hotspot.classify.training._KEEP_OF_EACH", 5)
    created = pd.Series(pd.date_range("2020-01-01", periods=300))
    labels = pd.Series(["少见"] * 3 + ["常见"] * 297)
    rows = choose_rows(labels, created)
    assert len(rows) == 100
    assert {0, 1, 2, 299} <= set(rows.tolist())


def test_the_result_does_not_depend_on_the_order_of_the_rows(orders: pd.DataFrame) -> None:
    one = Router([train_router(orders, "department", validate=False).model])
    other = Router([train_router(orders.iloc[::-1], "department", validate=False).model])
    for text in TEXTS:
        a, b = one.suggest(text).department, other.suggest(text).department
        assert a.label == b.label
        assert abs(a.probability - b.probability) < 0.01


def test_validation_is_by_time_where_times_are_known(orders: pd.DataFrame) -> None:
    other = orders.assign(标题=[t[::-1] for t in orders["标题"]], 内容=[t[::-1] for t in orders["内容"]])
    timed = pd.concat([orders, other], ignore_index=True).sample(frac=1, random_state=0)
    timed["来电时间"] = pd.date_range("2022-01-01", periods=len(timed), freq="h").astype(str)
    found = train_router(timed, "department").evaluation
    assert found is not None
    assert "按时间" in found.how


def test_evaluation_tells_all_that_it_should(orders: pd.DataFrame) -> None:
    found = train_router(orders, "department").evaluation
    assert found is not None
    text = found.to_text()
    for part in ("首选正确率", "前三含正确", "宏平均F1", "ECE", "门槛", "各类", "说的把握与实际"):
        assert part in text
    assert found.coverage["coverage"].is_monotonic_decreasing
    assert found.to_svg().startswith("<svg")


def test_labels_that_the_model_does_not_know_count_as_wrong(router: Router, orders: pd.DataFrame) -> None:
    strange = orders.head(4).assign(承办单位="外星事务局")
    found = evaluate_router(router, strange, "department")
    assert found.unseen == ("外星事务局",)
    assert found.accuracy == 0


def test_figures_of_a_known_case() -> None:
    found = measure("x", "", ["a", "a", "b", "b"], [["a"], ["b"], ["b"], ["b"]], [0.9, 0.6, 0.9, 0.6])
    assert found.accuracy == 0.75
    assert found.surest_half == 1.0
    assert found.macro_f1 == pytest.approx((2 / 3 + 0.8) / 2)
    assert calibration_error(np.array([0.9, 0.9]), np.array([True, True])) == pytest.approx(0.1)


def test_a_text_and_a_label_are_enough(tmp_path: Path) -> None:
    file = tmp_path / "h.csv"
    file.write_text(
        "text,部门\n停水三天,供水\n违规补课,教育\n水管爆裂,供水\n学校收费,教育\n,教育\n有内容没标签,\n",
        encoding="utf-8",
    )
    done = train_router(file, "部门", validate=False)
    assert done.model.meta["rows"] == 4
    assert done.left_out == {"没有标签": 1, "没有内容": 1}


def test_all_of_one_label_is_refused() -> None:
    with pytest.raises(OrdersError, match="两种不同的标签"):
        train_router(pd.DataFrame({"text": TEXTS, "x": ["a"] * 6}), "x", validate=False)


def test_an_unknown_label_column_is_told_with_those_there_are() -> None:
    with pytest.raises(OrdersError, match=r"没有“乙”这一列.*甲"):
        read_frame(pd.DataFrame({"text": ["停水"], "甲": ["1"]}), "乙")


def test_no_text_column_is_told(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("甲,乙\n1,2\n", encoding="utf-8")
    with pytest.raises(OrdersError, match="找不到工单内容"):
        read_table(tmp_path / "x.csv")


def test_the_label_column_is_found_by_its_standard_name(orders: pd.DataFrame) -> None:
    assert read_frame(orders, "nature")["label"].iloc[0] == "咨询"
    assert read_frame(orders, "承办单位")["label"].iloc[0] == orders["承办单位"].iloc[0]
