"""Orders that come a few at a time are read as those of a whole file."""

from itertools import pairwise

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspot.errors import OrdersError
from hotspot.orders import OrderStream, orders_from_frame

ROWS = pd.DataFrame(
    {
        "工单编号": [f"A{i}" for i in range(8)],
        "来电时间": [f"2023-11-0{i + 1} 08:00:00" for i in range(8)],
        "联系电话": [f"1380000{1000 + i % 3}" for i in range(8)],
        "内容": [f"第{i}栋停水,请打13800001234找张伟国" for i in range(8)],
    }
)


@given(st.sets(st.integers(1, 7)))
def test_however_the_rows_come_they_are_the_same_orders(cuts):
    stream = OrderStream("来件")
    bounds = [0, *sorted(cuts), len(ROWS)]
    parts = [stream.read(ROWS.iloc[a:b])[0] for a, b in pairwise(bounds)]
    together = pd.concat(parts, ignore_index=True)
    pd.testing.assert_frame_equal(together, orders_from_frame(ROWS).orders, check_like=False)


def test_order_of_arrival_is_kept_and_a_bad_row_told():
    rows = ROWS.iloc[[3, 0, 5]].copy()
    rows.iloc[1, 1] = "不详"
    orders, rejected = OrderStream("来件").read(rows, {3: "单元格比表头多"})
    assert orders["order_id"].tolist() == ["A3"]
    assert orders.index.tolist() == [1]
    assert rejected["row"].tolist() == [2, 3]
    assert "13800001234" not in orders["text"].iloc[0]


def test_all_rows_bad_is_no_error_but_missing_columns_are():
    orders, rejected = OrderStream("来件").read(ROWS.assign(来电时间="?"))
    assert orders.empty
    assert len(rejected) == len(ROWS)
    with pytest.raises(OrdersError, match="缺少必需的列"):
        OrderStream("来件").read(ROWS[["工单编号", "内容"]])


def test_an_update_comes_through_and_a_repeat_does_not():
    rows = pd.concat([ROWS.iloc[:2], ROWS.iloc[:1], ROWS.iloc[1:2].assign(内容="又停水了")])
    orders, rejected = OrderStream("来件").read(rows)
    assert orders["order_id"].tolist() == ["A0", "A1", "A1"]
    assert rejected.empty
