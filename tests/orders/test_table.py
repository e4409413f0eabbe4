"""The orders table."""

from pathlib import Path

import pandas as pd
import pytest

from hotspot.errors import OrdersError
from hotspot.orders import COLUMNS, load_orders, orders_from_frame, select_month

EXAMPLE = Path(__file__).parents[2] / "examples" / "wengyuan-2022-06" / "orders.csv"


def test_same_table_whatever_the_row_order(example_month) -> None:
    raw = pd.read_csv(EXAMPLE, dtype="str", keep_default_na=False, encoding="utf-8-sig")
    shuffled = orders_from_frame(raw.sample(frac=1, random_state=3)).orders
    pd.testing.assert_frame_equal(shuffled, example_month.orders)


def test_contradicting_rows_are_settled_whatever_the_row_order() -> None:
    rows = pd.DataFrame(
        {"编号": ["A"] * 3, "时间": ["2022-06-01"] * 3, "内容": ["甲", "乙", "丙"], "答复": ["一", "二", "三"]}
    )
    tables = [orders_from_frame(rows.sample(frac=1, random_state=s)).orders for s in range(5)]
    for table in tables[1:]:
        pd.testing.assert_frame_equal(table, tables[0])


def test_columns_and_types(example_month) -> None:
    assert {c: str(t) for c, t in example_month.orders.dtypes.items()} == COLUMNS


def test_no_telephone_is_left(example_month) -> None:
    raw = pd.read_csv(EXAMPLE, dtype="str", keep_default_na=False, encoding="utf-8-sig")
    cells = " ".join(example_month.orders.select_dtypes("str").agg(" ".join))
    assert not [phone for phone in raw["联系电话"] if len(phone) > 6 and phone in cells]


def test_callers_by_telephone(written) -> None:
    phones = ["13800138000", "+86 138-0013-8000", "138****8000", "138****8001", "00000000000", "无", "A000102948"]
    rows = [f"A{i},2022-06-01,内容{i},{phone},{'A000102948' if i == 6 else '王先生'}" for i, phone in enumerate(phones)]
    callers = load_orders(written("编号,时间,内容,电话,来电人", *rows)).orders["caller"].tolist()
    assert callers[0] == callers[1] != ""
    assert len({*callers[:4]}) == 3
    assert callers[4:6] == ["", ""]
    assert callers[6] not in ("", *callers[:4])


@pytest.mark.parametrize("mask", "*＊xX×#●")
def test_callers_by_masked_telephones(mask: str, written) -> None:
    phones = [f"138{mask * 4}8000", f"138{mask * 4}8001", f"138{mask * 4}8000", mask * 11]
    rows = [f"A{i},2022-06-01,内容{i},{phone}" for i, phone in enumerate(phones)]
    callers = load_orders(written("编号,时间,内容,电话", *rows)).orders["caller"].tolist()
    assert callers[0] == callers[2] != callers[1] != ""
    assert callers[3] == ""


def test_names_of_the_name_column_are_masked_in_the_text(written) -> None:
    row = "A1,2022-06-01,罗建才家门口路灯坏了,罗建才"
    assert load_orders(written("编号,时间,内容,来电人", row)).orders["text"][0] == "〔姓名〕家门口路灯坏了"


def test_names_of_a_rare_surname_are_masked_in_the_text(written) -> None:
    row = "A1,2022-06-01,来电人汤建国说逯小燕家没水,逯小燕（汤建国代）"
    assert load_orders(written("编号,时间,内容,来电人", row)).orders["text"][0] == "来电人〔姓名〕说〔姓名〕家没水"


def test_month_by_closing_time(example_month) -> None:
    june = select_month(example_month.orders, "2022-06")
    assert len(june) == 694
    assert june["created"].min() < pd.Timestamp("2022-06-01")


@pytest.mark.parametrize("month", ["2022-6", "2022年6月", "202206", "2022/06"])
def test_months_as_people_write_them(example_month, month: str) -> None:
    assert len(select_month(example_month.orders, month)) == 694


@pytest.mark.parametrize("month", ["2022", "2022-13", "六月", "2022-06-05", ""])
def test_months_that_are_none(example_month, month: str) -> None:
    with pytest.raises(OrdersError, match="应如 2022-06"):
        select_month(example_month.orders, month)


def test_month_without_orders_names_those_there_are(example_month) -> None:
    with pytest.raises(OrdersError, match=r"2022-07 没有工单（按办结时间统计）。文件中有：2022-06\(694件\)"):
        select_month(example_month.orders, "2022-07")
