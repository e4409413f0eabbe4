import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from hotspot.classify import Router, train_router
from hotspot.classify.router import suggestions_table
from hotspot.errors import OrdersError

NOISE = "小区楼下烧烤店每晚营业到凌晨,油烟很大"


def test_shipped_models_answer_both_questions() -> None:
    answer = Router.load().suggest("咨询一下养老保险断缴了怎么补缴")
    assert answer.nature.label == "咨询"
    assert answer.department.label == "人社局"
    assert not answer.department.abstain
    assert answer.department.evidence.duties


def test_what_speaks_for_a_department_is_no_number_and_no_stop_word() -> None:
    answer = Router.load().suggest("小区的电梯坏了半个月没人修,物业说没有钱,老人一个人下不了楼。")
    words = answer.department.evidence.words
    assert "电梯" in words
    assert not {"半个", "一个", "没有", "老人"} & set(words)


def test_the_words_of_asking_speak_for_a_nature() -> None:
    words = Router.load().suggest("咨询一下公交卡丢了怎么补办,要等几天").nature.evidence.words
    assert {"咨询", "怎么"} <= set(words)
    assert not {"一下", "几天"} & set(words)


def test_probabilities_are_ranked_and_sum_to_at_most_one(router: Router) -> None:
    answer = router.suggest(NOISE, k=5).department
    chances = [c.probability for c in answer.choices]
    assert len(chances) == 5
    assert chances == sorted(chances, reverse=True)
    assert sum(chances) <= 1.001


def test_same_answer_every_time_and_in_any_company(router: Router) -> None:
    alone = router.suggest(NOISE)
    among = router.suggest_texts(["学校违规补课", NOISE, "水管爆了停水"])[1]
    assert alone == among


def test_evidence_names_similar_orders_of_the_history(router: Router) -> None:
    found = router.suggest("楼下烧烤摊油烟扰民").department.evidence.orders
    assert found
    assert found[0]["label"] == "城管局"
    assert set(found[0]) == {"order_id", "label", "likeness", "excerpt"}


@pytest.mark.parametrize("text", ["", "水", "。。。!!", "?"])
def test_too_short_a_text_is_no_ground_for_a_suggestion(router: Router, text: str) -> None:
    answer = router.suggest(text).department
    assert answer.abstain
    assert "内容太短" in answer.reason
    assert answer.choices


def test_a_text_of_20000_characters(router: Router) -> None:
    answer = router.suggest("学校周末违规补课收费。" * 2000).department
    assert answer.label == "教育局"


@pytest.mark.parametrize(
    "text",
    [
        "学校 school 违规 boost 补课 fee ¥100 收费😀",
        "學校週末違規補課收費",
        "ＡＢＣ小区停水３天",
        "\x00\x01停水停水停水",
    ],
)
def test_mixed_scripts(router: Router, text: str) -> None:
    assert 0 <= router.suggest(text).department.probability <= 1


def test_a_text_must_be_text(router: Router) -> None:
    with pytest.raises(OrdersError, match="应是文字"):
        router.suggest(3)  # type: ignore[arg-type]


def test_suggest_many_keeps_every_row_in_order(router: Router, orders: pd.DataFrame) -> None:
    shuffled = orders.sample(frac=1, random_state=1)
    table = router.suggest_many(shuffled)
    assert table["order_id"].tolist() == shuffled["工单编号"].tolist()
    wanted = ["order_id", "nature", "nature_p", "department", "department_p", "department_2", "department_2_p"]
    assert list(table.columns[:7]) == wanted
    assert {"town", "evidence", "abstain", "reason"} <= set(table.columns)


def test_rows_without_a_text_are_kept_and_abstained_on(router: Router) -> None:
    table = router.suggest_many(pd.DataFrame({"id": ["1", "2"], "text": ["小区停水三天", ""]}))
    assert table["order_id"].tolist() == ["1", "2"]
    assert "department" in table["abstain"][1]


def test_a_label_never_seen_can_be_suggested_from_the_catalogue(orders: pd.DataFrame, tmp_path: Path) -> None:
    duties = tmp_path / "目录.csv"
    duties.write_text(
        "单位,关键词,示例\n公安局,,\n城管局,,\n低空经济办,无人机、低空飞行,无人机在小区上空乱飞\n", encoding="utf-8"
    )
    model = train_router(orders, "department", catalogue=duties, validate=False).model
    assert "低空经济办" in model.labels
    assert "低空经济办" in [c.label for c in Router([model]).suggest("无人机在小区上空乱飞扰民").department.choices]


def test_a_department_with_one_order(orders: pd.DataFrame) -> None:
    one = pd.DataFrame([["x1", "湿地公园候鸟被捕", "有人张网捕鸟", "湿地中心", "投诉"]], columns=orders.columns)
    done = train_router(pd.concat([orders, one]), "department")
    assert "湿地中心" in done.model.labels
    assert done.evaluation is not None
    assert "湿地中心" in done.evaluation.unseen or done.evaluation.n == len(orders) + 1


def test_towns_are_suggested_by_place(orders: pd.DataFrame, tmp_path: Path) -> None:
    duties = tmp_path / "目录.csv"
    duties.write_text("单位,所辖地点\n公安局,\n东河镇,上村、下坪村\n西山镇,石桥村\n", encoding="utf-8")
    model = train_router(orders, "department", catalogue=duties, validate=False).model
    answer = Router([model]).suggest("下坪村进村路坑洼不平").department
    assert (answer.town, answer.evidence.place) == ("东河镇", "下坪村")
    assert Router([model], prefer="town").suggest("石桥村停水").department.label == "西山镇"
    assert Router([model], prefer="duty").suggest("石桥村停水").department.label != "西山镇"


def test_personal_data_is_masked_before_it_is_kept(orders: pd.DataFrame, tmp_path: Path) -> None:
    rows = orders.copy()
    rows.loc[rows.index[0], "标题"] = "13800138000 我叫王建国,反映停水"
    train_router(rows, "department", out=tmp_path / "m", validate=False)
    kept = pd.read_parquet(tmp_path / "m" / "orders.parquet")["excerpt"].str.cat()
    assert "13800138000" not in kept
    assert "王建国" not in kept


def test_two_processes_read_one_model(trained: Path) -> None:
    answer = f"Router.load({str(trained)!r}).suggest({NOISE!r}).department.choices"
    code = f"from hotspot.classify import Router; print({answer})"
    runs = [subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) for _ in range(2)]
    outputs = [run.communicate(timeout=120)[0] for run in runs]
    assert outputs[0] == outputs[1] != ""


def test_table_of_suggestions_of_another_target(orders: pd.DataFrame) -> None:
    model = train_router(orders.rename(columns={"工单类型": "紧急程度"}), "紧急程度", validate=False).model
    router = Router([model])
    table = suggestions_table(["1"], router.suggest_texts([NOISE]), router.targets)
    assert {"紧急程度", "紧急程度_p", "紧急程度_2"} <= set(table.columns)
    assert np.isclose(table["紧急程度_p"][0], router.suggest(NOISE).targets["紧急程度"].probability)
