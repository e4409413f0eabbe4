"""What a hostile or careless file gets: orders with the rest set aside, or one clear Chinese error."""

import io
import re

import pytest
from typer.testing import CliRunner

from hotspot.cli import app
from hotspot.errors import OrdersError
from hotspot.orders import load_orders

from . import HEADINGS, ROWS

WHOLE = "\n".join([HEADINGS, *ROWS]) + "\n"
BINARY = bytes(range(256)) * 20

REFUSED = {
    "empty": (b"", "空文件"),
    "blank lines": (b"\n\n \n", "空文件"),
    "mark only": (b"\xef\xbb\xbf", "没有任何数据"),
    "headings only": (HEADINGS.encode(), "只有表头，没有工单.*工单编号、来电时间"),
    "no headings": ("\n".join(ROWS).encode(), "缺少必需的列.*第一行若不是表头"),
    "prose": ("今天天气很好。\n我们去公园。\n".encode(), "缺少必需的列"),
    "big5": ("工單編號,來電時間,訴求內容\nA1,2022-06-01,路燈不亮\n".encode("big5"), "--encoding 指明编码"),
    "encodings mixed": (WHOLE.encode() + ROWS[0].encode("gb18030"), r"UTF-8\（第 5 行起读不通\）.*几个文件拼成"),
    "utf-16 without mark": (WHOLE.encode("utf-16-le"), "--encoding utf-16-le"),
    "binary": (BINARY, "不是文本表格"),
    "pdf": (b"%PDF-1.4\n%\xe2\xe3" + BINARY, "其实是 PDF"),
    "picture": (b"\x89PNG\r\n\x1a\n" + BINARY, "其实是图片"),
    "zip": (b"PK\x03\x04" + BINARY, "不是能读的 Excel 文件"),
    "old office file": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + BINARY, "不是能读的 Excel 文件"),
    "broken parquet": (b"PAR1" + BINARY, "不是完整的 Parquet"),
    "web page": (b"<html><table><tr><td>1</td></tr></table></html>", "网页格式"),
    "web page in gb2312": ('<meta charset="gb2312"><table>工单</table>'.encode("gb18030"), "网页格式"),
    "no date readable": (f"{HEADINGS}\nA1,昨天,路灯,路灯坏\nA2,6月,路灯,路灯坏\n".encode(), "来电时间无法识别 2 行"),
    "no text": (f"{HEADINGS}\nA1,2022-06-01,,\n".encode(), "没有内容 1 行"),
    "no id": (f"{HEADINGS}\n,2022-06-01,路灯,路灯坏\n".encode(), "没有编号 1 行"),
    "quote never closed": (
        f'{HEADINGS}\nA1,2022-06-01,路灯,"路灯坏\n'.encode() + "\n".join(ROWS * 5).encode(),
        "第 2 行的引号没有配对，后面 15 行",
    ),
}


@pytest.mark.parametrize(("content", "told"), REFUSED.values(), ids=REFUSED.keys())
def test_nothing_to_read_is_one_clear_error(written, content: bytes, told: str) -> None:
    with pytest.raises(OrdersError, match=told):
        load_orders(written(content))


@pytest.mark.parametrize("case", ["empty", "headings only", "binary", "no date readable", "pdf"])
def test_command_tells_an_error_in_a_line(written, tmp_path, case: str) -> None:
    result = CliRunner().invoke(app, ["detect", str(written(REFUSED[case][0])), "-o", str(tmp_path / "out")])
    assert result.exit_code == 1
    assert re.fullmatch("错误：.+", result.stderr.strip())
    assert "Traceback" not in result.output
    assert not (tmp_path / "out").exists()


def test_command_tells_a_missing_file(tmp_path) -> None:
    result = CliRunner().invoke(app, ["detect", str(tmp_path / "没有.xlsx"), "-o", str(tmp_path / "out")])
    assert result.exit_code == 1
    assert "找不到文件" in result.stderr


def test_folder_is_no_file(tmp_path) -> None:
    with pytest.raises(OrdersError, match="是文件夹"):
        load_orders(tmp_path)


def test_error_does_not_show_a_telephone(written) -> None:
    with pytest.raises(OrdersError) as caught:
        load_orders(written("A1,2022-06-01,王先生13800138000来电,路灯坏"))
    assert "13800138000" not in str(caught.value)
    assert "王先生" not in str(caught.value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_encodings_known_without_asking(written, encoding: str) -> None:
    assert load_orders(written(WHOLE.encode(encoding))).orders["order_id"].tolist() == ["A001", "A002", "A003"]


@pytest.mark.parametrize("encoding", ["big5", "utf-16-le", "gb2312"])
def test_encodings_that_are_named(written, encoding: str) -> None:
    text = "工單,時間,內容\nA1,2022-06-01,路燈不亮\n" if encoding == "big5" else "工单,时间,内容\nA1,2022-06-01,路灯\n"
    heads = text.splitlines()[0].split(",")
    columns = {"编号": heads[0], "来电时间": heads[1], "内容": heads[2]}
    file = load_orders(written(text.encode(encoding)), encoding=encoding, columns=columns)
    assert file.orders["order_id"].tolist() == ["A1"]


def test_unknown_encoding(written) -> None:
    with pytest.raises(OrdersError, match="不认识的编码：martian"):
        load_orders(written(WHOLE), encoding="martian")


@pytest.mark.parametrize("delimiter", ["\t", ";", "|"])
def test_other_delimiters(written, delimiter: str) -> None:
    assert len(load_orders(written(WHOLE.replace(",", delimiter))).orders) == 3


def test_delimiter_is_that_of_the_headings_not_of_the_texts(written) -> None:
    rows = [f"A{i},2022-06-01,标题,一;二;三;四;五;六;七" for i in range(5)]
    assert len(load_orders(written(HEADINGS, *rows)).orders) == 5


def test_one_row(written) -> None:
    assert len(load_orders(written(HEADINGS, ROWS[0])).orders) == 1


def test_repeated_rows_count_once(written) -> None:
    file = load_orders(written(HEADINGS, *[ROWS[0]] * 100))
    assert (len(file.orders), file.repeated, len(file.rejected)) == (1, 99, 0)


def test_huge_cell_is_cut_not_refused(written) -> None:
    file = load_orders(written(HEADINGS, ROWS[0], 'A9,2022-06-05,长,"' + "道路积水。" * 700_000 + '"'))
    assert file.orders["text"].str.len().max() == 20_000


def test_stray_control_characters_are_dropped(written) -> None:
    file = load_orders(written(WHOLE.replace("路灯坏了", "路\0灯坏\x07了")))
    assert "建设路路灯坏了" in file.orders["text"][0]


def test_ragged_rows(written) -> None:
    file = load_orders(written(WHOLE + "A4,2022-06-04,缺最后一格\nA5,2022-06-05,多,内容,里有,逗号\n"))
    assert file.orders["order_id"].tolist() == ["A001", "A002", "A003", "A4"]
    assert file.rejected["row"].tolist() == [6]
    assert "比表头多" in file.rejected["reason"][0]


def test_quote_that_swallows_a_row_is_set_aside(written) -> None:
    many = [f"B{i:03},2022-06-05,井盖,井盖丢失第{i}处" for i in range(40)]
    broken = ['C1,2022-06-06,路灯,"路灯坏了', 'C2,2022-06-07,井盖,"井盖丢了"']
    file = load_orders(written(HEADINGS, *many, *broken, *many))
    assert file.rejected["order_id"].tolist() == ["C1"]
    assert "后面 1 行被并进这一行" in file.rejected["reason"][0]


def test_lines_and_commas_within_a_quoted_text_are_no_damage(written) -> None:
    file = load_orders(written(HEADINGS, 'A1,2022-06-01,路灯,"一,二,三,四\n自2022-05-01起,坏了,没人修,请处理"'))
    assert file.rejected.empty
    assert file.orders["text"][0].startswith("一,二")


def test_same_heading_twice_takes_the_filled_cell(written) -> None:
    file = load_orders(
        written("工单编号,来电时间,诉求内容,诉求内容", "A1,2022-06-01,,路灯坏了", "A2,2022-06-02,井盖丢失,")
    )
    assert file.orders["text"].tolist() == ["路灯坏了", "井盖丢失"]


def test_filled_column_goes_before_an_empty_one_of_a_better_name(written) -> None:
    file = load_orders(written("工单编号,来电时间,登记时间,内容", "A1,,2022-06-01,路灯坏了", "A2,,2022-06-02,井盖丢失"))
    assert file.columns["created"] == "登记时间"
    assert len(file.orders) == 2


@pytest.mark.parametrize("row", ["合计,,,3", "合计:3件,,,", ",,合计,3", "总计 3,,,"])
def test_totals_row_is_said_to_be_one(written, row: str) -> None:
    file = load_orders(written(WHOLE + row))
    assert file.rejected["reason"].tolist() == ["是合计行，不是工单"]


def test_order_that_speaks_of_a_total_is_an_order(written) -> None:
    assert load_orders(written(HEADINGS, "A1,2022-06-01,合计收费不明,合计收费不明")).rejected.empty


def test_same_id_with_other_content_keeps_the_later(written) -> None:
    late = "A001,2022-06-09 08:00:00,路灯,催办"
    file = load_orders(written(HEADINGS, late, *ROWS))
    assert file.orders.set_index("order_id").loc["A001", "text"] == "催办"
    assert file.rejected.to_dict("records") == [
        {"row": 3, "order_id": "A001", "reason": "编号与第 2 行相同但内容不同（已采用时间较晚的第 2 行）"}
    ]


def test_same_id_at_the_same_time_is_not_said_to_be_later(written) -> None:
    file = load_orders(written(HEADINGS, "A7,2022-06-09 08:00:00,路灯,不亮", "A7,2022-06-09 08:00:00,路灯,又灭了"))
    (reason,) = file.rejected["reason"]
    assert "时间较晚" not in reason
    assert reason.startswith("编号和时间与第 ")


def test_leading_zeros_and_wrapped_ids(written) -> None:
    rows = ["000123,2022-06-01,路灯,路灯坏", '"=""00045""",2022-06-01,井盖,井盖丢', "'0007,2022-06-01,水,停水"]
    assert set(load_orders(written(HEADINGS, *rows)).orders["order_id"]) == {"000123", "00045", "0007"}


def test_ids_in_scientific_notation_are_no_ids(written) -> None:
    file = load_orders(written(WHOLE + "2.02206E+13,2022-06-01,路灯,路灯坏"))
    assert file.rejected["row"].tolist() == [5]
    assert "科学记数" in file.rejected["reason"][0]


def test_words_for_nothing_are_nothing(written) -> None:
    file = load_orders(written(HEADINGS, "A1,2022-06-01,#REF!,路灯坏", "A2,2022-06-01,null,NaN", *ROWS))
    assert file.orders.set_index("order_id").loc["A1", "title"] == ""
    assert file.rejected["reason"].tolist() == ["没有内容"]


def test_open_orders_are_read_and_unreadable_closing_times_set_aside(written) -> None:
    file = load_orders(
        written(
            "工单编号,来电时间,办结时间,内容",
            "A1,2022-06-01,未办结,路灯坏",
            "A2,2022-06-01,2022-06-31,井盖丢",
            "A3,2022-06-01,2022-06-03,停水",
        )
    )
    assert file.orders["order_id"].tolist() == ["A1", "A3"]
    assert file.rejected["reason"].tolist() == ["办结时间无法识别：2022-06-31"]


def test_reasons_carry_no_telephone(written) -> None:
    file = load_orders(written(WHOLE + "A9,联系电话13800138000,路灯,路灯坏"))
    assert "13800138000" not in file.rejected["reason"][0]


def test_unknown_natures_stay_known_ones_are_folded(written) -> None:
    heads = "工单编号,来电时间,工单类型,诉求内容,满意度"
    file = load_orders(written(heads, "A1,2022-06-01,噪声类,吵,五星", "A2,2022-06-01,感谢,谢谢,非常满意"))
    assert file.orders["nature"].tolist() == ["噪声类", "表扬"]
    assert file.orders["satisfaction"].tolist() == ["五星", "满意"]


def test_card_cells(written) -> None:
    cells = ["2", "是", "", "否", "1次", "0", "未发", "无", "99999999999999999999", "²"]
    rows = [f"A{i},2022-06-01,内容{i},{cell}" for i, cell in enumerate(cells)]
    orders = load_orders(written("工单编号,来电时间,内容,黄牌", *rows)).orders
    assert orders["yellow_cards"].tolist() == [2, 1, 0, 0, 1, 0, 0, 0, 1, 2]


def test_standard_input(written, monkeypatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(WHOLE.encode("gb18030"))))
    file = load_orders("-")
    assert (file.source, len(file.orders)) == ("标准输入", 3)
