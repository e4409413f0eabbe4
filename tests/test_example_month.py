"""The example month's margins: the whole annexed table that its office published."""

from pathlib import Path

import pandas as pd
import pytest

from hotspot.orders import select_month

ANNEX = pd.read_csv(Path(__file__).parent / "data" / "wengyuan-2022-06-annex.csv", dtype={"rate": "str"}).set_index(
    "unit"
)
NATURES = ["咨询", "投诉", "举报", "建议", "求助", "表扬"]
RATINGS = ["满意", "基本满意", "不满意", "未评价"]


@pytest.fixture(scope="module")
def june(example_month) -> pd.DataFrame:
    return select_month(example_month.orders, "2022-06")


def counted(june: pd.DataFrame, column: str, values: list[str]) -> pd.DataFrame:
    return pd.crosstab(june["department"], june[column]).reindex(index=ANNEX.index, columns=values, fill_value=0)


def test_nothing_was_set_aside(example_month) -> None:
    assert len(example_month.rejected) == example_month.repeated == 0


def test_the_fixture_adds_up_as_published() -> None:
    assert len(ANNEX) == 41
    assert ANNEX[["orders", *NATURES, *RATINGS]].sum().tolist() == [694, 17, 626, 7, 43, 0, 1, 49, 475, 91, 79]


def test_units(june) -> None:
    assert june["department"].value_counts().to_dict() == ANNEX["orders"].to_dict()


def test_natures_of_every_unit(june) -> None:
    assert counted(june, "nature", NATURES).to_numpy().tolist() == ANNEX[NATURES].to_numpy().tolist()


def test_ratings_of_every_unit(june) -> None:
    assert counted(june, "satisfaction", RATINGS).to_numpy().tolist() == ANNEX[RATINGS].to_numpy().tolist()


def test_rate_of_every_unit(june) -> None:
    unhappy = june["satisfaction"].eq("不满意").groupby(june["department"]).mean()
    published = ANNEX["rate"].str.rstrip("%").astype(float)
    assert ((1 - unhappy) * 100).reindex(ANNEX.index).to_numpy() == pytest.approx(published.to_numpy(), abs=0.0051)


def test_no_cards(june) -> None:
    assert june[["yellow_cards", "red_cards"]].sum().tolist() == [0, 0]


def test_special_channels(june) -> None:
    channels = june["channel"].value_counts()
    assert channels[["省政务服务平台", "中省网", "市长信箱"]].tolist() == [31, 1, 3]


def test_emergency_of_6_june(june) -> None:
    order = june[june["created"].dt.floor("min") == "2022-06-06 06:46"].iloc[0]
    assert order["department"] == "公路事务中心"
    assert "S41省道" in order["text"]
    assert "塌方" in order["title"]
    assert "七点多已清理完毕" in order["reply"]
    assert order["closed"] < pd.Timestamp("2022-06-06 08:00")


def test_every_order_is_its_own(june) -> None:
    assert june["order_id"].is_unique
    assert june["text"].is_unique
    assert june["text"].str.len().min() >= 10
