"""Workbooks, Parquet and DataFrames."""

import datetime as dt
import io
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from openpyxl import Workbook

from hotspot.errors import HotspotError, OrdersError
from hotspot.orders import COLUMNS, load_orders, orders_from_frame
from hotspot.orders.reading import parse

from . import HEADINGS, ROWS

HEADS = HEADINGS.split(",")


def saved(path: Path, **sheets: list[list[object]]) -> Path:
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def rows(*numbers: int) -> list[list[object]]:
    return [list(ROWS[i].split(",")) for i in numbers]


def test_title_rows_above_and_totals_below(tmp_path) -> None:
    path = tmp_path / "a.xlsx"
    book = Workbook()
    book.active.append(["某县12345工单明细表"])
    book.active.merge_cells("A1:D1")
    book.active.append(["导出时间:2022-07-01"])
    for row in [HEADS, *rows(0, 1, 2), ["合计", None, None, 3]]:
        book.active.append(row)
    book.save(path)
    file = load_orders(path)
    assert len(file.orders) == 3
    assert file.rejected[["row", "order_id"]].to_numpy().tolist() == [[7, "合计"]]


def test_row_numbers_count_empty_rows_on_top(tmp_path) -> None:
    book = Workbook()
    for column, value in enumerate(HEADS, 1):
        book.active.cell(4, column, value)
    book.active.cell(5, 1, "A1")
    for column, value in enumerate(ROWS[0].split(","), 1):
        book.active.cell(6, column, value)
    book.save(tmp_path / "a.xlsx")
    assert load_orders(tmp_path / "a.xlsx").rejected["row"].tolist() == [5]


def test_ending_does_not_matter(tmp_path) -> None:
    path = saved(tmp_path / "a.xlsx", 工单=[HEADS, *rows(0)])
    assert len(load_orders(path.rename(tmp_path / "a.csv")).orders) == 1


def test_sheet_with_orders_is_found(tmp_path) -> None:
    path = saved(tmp_path / "a.xlsx", 说明=[["本表由平台导出"]], 工单=[HEADS, *rows(0, 1)])
    assert len(load_orders(path).orders) == 2


def test_sheets_with_the_same_headings_are_put_together(tmp_path) -> None:
    path = saved(
        tmp_path / "a.xlsx", 上旬=[HEADS, *rows(0)], 下旬=[HEADS, *rows(1, 2), ["A9", None, "无时间", "无时间"]]
    )
    file = load_orders(path)
    assert len(file.orders) == 3
    assert file.rejected.to_numpy().tolist() == [[4, "A9", "没有来电时间（工作表“下旬”）"]]
    assert len(load_orders(path, sheet="下旬").orders) == 2


def test_sheets_with_other_headings_are_asked_about(tmp_path) -> None:
    other = [["编号", "日期", "内容"], ["B1", "2022-06-01", "停水"]]
    path = saved(tmp_path / "a.xlsx", 工单=[HEADS, *rows(0)], 台账=other)
    with pytest.raises(OrdersError, match=r"工单、台账.*--sheet"):
        load_orders(path)
    assert load_orders(path, sheet="台账").orders["order_id"].tolist() == ["B1"]
    with pytest.raises(OrdersError, match="没有名为“别的”的工作表；现有：工单、台账"):
        load_orders(path, sheet="别的")


def test_cells_keep_their_meaning(tmp_path) -> None:
    content = [
        HEADS,
        [12345678, dt.datetime(2022, 6, 1, 8, 0), "路灯", "路灯坏了"],
        [12345679.0, dt.date(2022, 6, 2), "噪音", "工地噪音"],
        ["0012", 44715.5, "停水", "停水了"],
        [20220606123456789.0, "2022-06-04", "水", "水"],
    ]
    file = load_orders(saved(tmp_path / "a.xlsx", 工单=content))
    assert file.orders["order_id"].tolist() == ["12345678", "12345679", "0012"]
    assert file.orders["created"].dt.strftime("%d %H").tolist() == ["01 08", "02 00", "03 12"]
    assert "科学记数" in file.rejected["reason"][0]


def test_empty_workbook(tmp_path) -> None:
    with pytest.raises(OrdersError, match="没有任何数据"):
        load_orders(saved(tmp_path / "a.xlsx", 空=[]))


def test_other_zip_files_are_named(tmp_path) -> None:
    import zipfile

    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("orders.csv", HEADINGS)
    with pytest.raises(OrdersError, match="压缩包"):
        load_orders(tmp_path / "a.zip")


@pytest.mark.parametrize("seed", range(40))
def test_damaged_workbook_is_an_error_or_a_table(tmp_path, seed: int) -> None:
    data = bytearray(saved(tmp_path / "a.xlsx", 工单=[HEADS, *rows(0, 1, 2)]).read_bytes())
    chance = np.random.default_rng(seed)
    for at in chance.integers(4, len(data), 5):
        data[at] = chance.integers(256)
    try:
        assert len(parse(bytes(data[: chance.integers(100, len(data))] if seed % 3 == 0 else data), "a").cells) <= 3
    except HotspotError as error:
        assert str(error)


def frame() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "工单编号": [1, 2, 3],
            "来电时间": pd.to_datetime(["2022-06-01 08:00", "2022-06-02 09:00", None]),
            "办结时间": pd.to_datetime(["2022-06-05", None, None]),
            "性质": pd.Categorical(["投诉类", None, "咨询"]),
            "诉求内容": ["路灯坏", "井盖丢", np.nan],
            "黄牌": [1.0, np.nan, 0.0],
        }
    )


def test_frame_and_parquet_read_alike(tmp_path) -> None:
    frame().to_parquet(tmp_path / "a.parquet")
    given, stored = orders_from_frame(frame()), load_orders(tmp_path / "a.parquet")
    pd.testing.assert_frame_equal(given.orders, stored.orders)
    assert given.orders["order_id"].tolist() == ["1", "2"]
    assert given.orders["closed"].isna().tolist() == [False, True]
    assert given.orders["nature"].tolist() == ["投诉", ""]
    assert given.orders["yellow_cards"].tolist() == [1, 0]
    assert given.rejected["row"].tolist() == [3]


def test_frame_with_its_id_as_index_and_times_with_a_zone() -> None:
    table = frame().head(2).set_index("工单编号")
    table["来电时间"] = table["来电时间"].dt.tz_localize("UTC")
    orders = orders_from_frame(table).orders
    assert orders["order_id"].tolist() == ["1", "2"]
    assert orders["created"].dt.hour.tolist() == [16, 17]


def test_own_table_comes_back_as_it_is_and_a_copied_one_is_masked() -> None:
    orders = orders_from_frame(frame()).orders
    assert orders_from_frame(orders).orders is orders
    foreign = pd.DataFrame(orders.to_dict("list"))
    foreign["text"] = "王女士13800138000来电"
    again = orders_from_frame(foreign).orders
    assert again["text"].unique().tolist() == ["〔姓名〕〔手机〕来电"]
    assert again.dtypes.astype(str).tolist() == list(COLUMNS.values())


def test_csv_of_a_frame_reads_the_same(tmp_path) -> None:
    buffer = io.BytesIO()
    frame().to_csv(buffer, index=False)
    (tmp_path / "a.csv").write_bytes(buffer.getvalue())
    pd.testing.assert_frame_equal(load_orders(tmp_path / "a.csv").orders, orders_from_frame(frame()).orders)
