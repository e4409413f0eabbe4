"""Cells to the orders table: the standard columns, checked, masked, each refused row kept with its reason."""

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from ..errors import OrdersError
from ..privacy import mask, mask_series
from .columns import columns_by_values, labels, match_columns, standard_value
from .dates import parse_times
from .reading import RawTable, frame_cells, parse, read_bytes

COLUMNS: dict[str, str] = {
    "order_id": "str",
    "created": "datetime64[us]",
    "closed": "datetime64[us]",
    "channel": "str",
    "nature": "str",
    "department": "str",
    "title": "str",
    "text": "str",
    "place": "str",
    "reply": "str",
    "satisfaction": "str",
    "yellow_cards": "int64",
    "red_cards": "int64",
    "caller": "str",
}
"""Columns of the orders table and their dtypes; a text column that the source lacks holds empty strings."""

MAX_TEXT = 20_000
"""Characters of a text that are kept; what follows a longer one's end says nothing more about its matter."""

_MASKED_COLUMNS = ("title", "text", "place", "reply")
_MARK = "hotspot"  # in DataFrame.attrs: made by this module, so checked and masked
_NOTHING = frozenset(["null", "NULL", "Null", "None", "none", "nan", "NaN", "NaT", "<NA>", "undefined", "\\N"])
_NOTHING |= {"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!"}
_NOT_YET = frozenset(
    ["-", "--", "—", "——", "/", "无", "暂无", "未办结", "办理中", "待办", "处理中", "未完成", "待办结"]
)
_LOST_ID = re.compile(r"\d(?:\.\d+)?[eE]\+\d+")
_TOTAL = re.compile("(?:合计|总计|小计|共计|总数|汇总)(?![\u4e00-\u9fff])")
_INVISIBLE = "[\u200b-\u200f\u2028-\u202e\u2060\ufeff]"


@dataclass(frozen=True)
class OrderFile:
    """An orders file, read.

    Attributes
    ----------
    orders : pandas.DataFrame
        One row an order, columns as in `COLUMNS`, sorted by created and order_id, texts masked.
    rejected : pandas.DataFrame
        Rows that cannot be used: row (as a spreadsheet numbers it), order_id, reason.
    source : str
        Name of the file.
    sha256 : str
        Checksum of its bytes.
    encoding : str
        How its text was decoded, or the kind of file.
    columns : dict of str to str
        Standard column to the heading it was read from.
    repeated : int
        Rows left out because they repeat another row in every cell that is used.
    """

    orders: pd.DataFrame
    rejected: pd.DataFrame
    source: str
    sha256: str
    encoding: str
    columns: dict[str, str]
    repeated: int


def load_orders(
    source: str | Path,
    *,
    columns: Mapping[str, str] | None = None,
    encoding: str | None = None,
    sheet: str | None = None,
) -> OrderFile:
    """Read an orders file with all there is to say about it.

    Parameters
    ----------
    source : str or pathlib.Path
        CSV, TSV, XLSX, XLS or Parquet; ``-`` for standard input.
    columns : mapping of str to str, optional
        Standard column (English or Chinese name) to the file's heading, where the alias table does not know it.
    encoding : str, optional
        Encoding of a text file; by default UTF-8, else strict GB18030.
    sheet : str, optional
        Sheet of a workbook.

    Raises
    ------
    OrdersError
        Nothing can be read: the message shows what was found and what is expected.
    """
    name = "标准输入" if str(source) == "-" else Path(source).name
    data = read_bytes(source)
    raw = parse(data, name, encoding=encoding, sheet=sheet)
    return _build(raw, name, hashlib.sha256(data).hexdigest(), columns)


def read_orders(
    source: str | Path,
    *,
    columns: Mapping[str, str] | None = None,
    encoding: str | None = None,
    sheet: str | None = None,
) -> pd.DataFrame:
    """Read an orders file into the orders table (`load_orders` tells what was set aside as well).

    Returns
    -------
    pandas.DataFrame
        Columns as in `COLUMNS`.
    """
    return load_orders(source, columns=columns, encoding=encoding, sheet=sheet).orders


def orders_from_frame(frame: pd.DataFrame, *, columns: Mapping[str, str] | None = None) -> OrderFile:
    """Check and mask a DataFrame that holds orders under any known headings.

    An orders table as this library returns it comes back as it is.
    """
    own = {c: c for c in COLUMNS}
    if list(frame.columns) == list(COLUMNS) and frame.attrs.get(_MARK) == "masked":
        return OrderFile(frame, _no_rejects(), "DataFrame", _frame_digest(frame), "table", own, 0)
    return _build(frame_cells(frame), "DataFrame", _frame_digest(frame), columns)


class OrderStream:
    """Orders that come a few at a time: checked, masked, and numbered alike over all of them.

    Parameters
    ----------
    name : str
        What to call the source in messages.
    columns : mapping of str to str, optional
        As in `load_orders`.

    Notes
    -----
    What a caller is known by stays in memory only and is written nowhere.
    """

    def __init__(self, name: str, columns: Mapping[str, str] | None = None) -> None:
        self._name = name
        self._columns = columns
        self._callers: dict[str, str] = {}

    def read(self, rows: pd.DataFrame, faults: Mapping[int, str] | None = None) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Read rows that came together.

        Parameters
        ----------
        rows : pandas.DataFrame
            Cells under the source's own headings; at least one row.
        faults : mapping of int to str, optional
            Rows, numbered from 1, that cannot be cells under these headings, and why.

        Returns
        -------
        orders : pandas.DataFrame
            Orders table in order of arrival, its index the rows' numbers from 1; may have no rows, and an order
            that came again with other content twice.
        rejected : pandas.DataFrame
            row (number from 1), order_id, reason.

        Raises
        ------
        OrdersError
            A required column is not among the headings.
        """
        raw = frame_cells(rows)
        checked = _check(RawTable(raw.cells, dict(faults or {}), raw.encoding), self._name, self._columns, updates=True)
        table = checked.table.loc[checked.latest.index]
        keys = _caller_keys(table)
        for key in keys:
            if key and key not in self._callers:
                self._callers[key] = caller_number(len(self._callers) + 1)
        return marked(_masked(checked.latest, table, keys.map(lambda k: self._callers.get(k, "")))), checked.rejected


def select_month(orders: pd.DataFrame, month: str) -> pd.DataFrame:
    """Return the orders of one month, counted by closing time where the table has any, else by time of call.

    Parameters
    ----------
    orders : pandas.DataFrame
        Orders table.
    month : str
        Such as ``2022-06``.

    Raises
    ------
    OrdersError
        The month is not of that form, or no order lies in it.
    """
    form = re.fullmatch(
        r"(\d{4})(?:[-/.年]?(0[1-9]|1[0-2])|[-/.年]([1-9]))月?", unicodedata.normalize("NFKC", month).strip()
    )
    if form is None:
        raise OrdersError(f"月份“{month}”写法不对，应如 2022-06。")
    period = pd.Period(year=int(form[1]), month=int(form[2] or form[3]), freq="M")
    times = orders[counting_column(orders)]
    chosen: pd.DataFrame = orders[times.dt.to_period("M") == period]
    if chosen.empty:
        month = str(period)
        have = _told(_months(orders)) or "无"
        raise OrdersError(f"{month} 没有工单（按{labels()[counting_column(orders)]}统计）。文件中有：{have}。")
    return chosen.reset_index(drop=True)


def only_month(orders: pd.DataFrame) -> str:
    """Return the month of orders that are all of a single one, such as ``2022-06``.

    Raises
    ------
    OrdersError
        There are several: the message lists them.
    """
    months = _months(orders)
    if len(months) == 1:
        return str(months.index[0])
    raise OrdersError(
        f"工单分属 {len(months)} 个月：{_told(months)}。请用 --month 指明要写哪个月，例如 --month {months.idxmax()}。"
    )


def months_note(orders: pd.DataFrame) -> str:
    """Say that orders are of several months, which, and how to choose one; nothing where they are of one."""
    months = _months(orders)
    if len(months) < 2:
        return ""
    return (
        f"工单分属 {len(months)} 个月：{_told(months)}，这次合在一起归并，草稿里的“本月”和上中下旬不分是哪个月。"
        f"只做一个月请加 --month，例如 --month {months.idxmax()}。"
    )


def _months(orders: pd.DataFrame) -> pd.Series:
    """Return the number of orders of each month."""
    months: pd.Series = orders[counting_column(orders)].dropna().dt.to_period("M").value_counts().sort_index()
    return months


def _told(months: pd.Series) -> str:
    return "、".join(f"{month}({count}件)" for month, count in months.items())


def counting_column(orders: pd.DataFrame) -> str:
    """Return the column that decides an order's month: 'closed' where any order has one, else 'created'."""
    return "closed" if orders["closed"].notna().any() else "created"


@dataclass(frozen=True)
class _Checked:
    """Rows that can be used, typed but not yet masked, and those that cannot."""

    table: pd.DataFrame
    latest: pd.DataFrame
    rejected: pd.DataFrame
    reasons: pd.Series
    chosen: dict[str, str]
    repeated: int


def _build(raw: RawTable, name: str, sha256: str, given: Mapping[str, str] | None) -> OrderFile:
    checked = _check(raw, name, given)
    if checked.latest.empty:
        raise OrdersError(
            f"{name} 里没有一行能用的工单：{_summary(checked.reasons)}。"
            f"请检查编号、时间、内容三列（现取自：{_taken(checked.chosen)}）。"
        )
    table = checked.table.loc[checked.latest.index]
    orders = _masked(checked.latest, table, _callers(table))
    orders = orders.sort_values(["created", "order_id"], kind="stable").reset_index(drop=True)
    return OrderFile(
        orders=marked(orders),
        rejected=checked.rejected,
        source=name,
        sha256=sha256,
        encoding=raw.encoding,
        columns=checked.chosen,
        repeated=checked.repeated,
    )


def _check(raw: RawTable, name: str, given: Mapping[str, str] | None, *, updates: bool = False) -> _Checked:
    """Check rows; `updates` lets an order that stands there again with other content through, too."""
    cells = _merge_namesakes(raw.cells)
    chosen = match_columns(list(cells.columns), given, [c for c in cells.columns if not cells[c].str.strip().any()])
    chosen |= columns_by_values(cells, chosen)
    if cells.empty:
        raise OrdersError(f"{name} 只有表头，没有工单。现有表头：{'、'.join(c for c in cells.columns if c)}。")
    table = pd.DataFrame({c: _clean(cells[chosen[c]]) if c in chosen else "" for c in labels()}, index=cells.index)
    orders = _typed(table)
    reasons = _refuse(table, orders, raw)
    usable = orders[reasons == ""]
    once = usable[~usable.drop(columns="_key").duplicated()]
    latest = once if updates else once.drop(index=_contradicted(once, raw, reasons))
    refused = reasons[reasons != ""]
    places = [raw.locate(int(i)) for i in refused.index]
    rejected = pd.DataFrame(
        {
            "row": pd.Series([row for row, _ in places], dtype="int64"),
            "order_id": table.loc[refused.index, "order_id"].reset_index(drop=True),
            "reason": [r + (f"（工作表“{s}”）" if s else "") for r, (_, s) in zip(refused, places, strict=True)],
        }
    ).astype({"reason": "str"})
    return _Checked(table, latest, rejected, reasons, chosen, len(usable) - len(once))


def _merge_namesakes(cells: pd.DataFrame) -> pd.DataFrame:
    """Return a table whose headings differ: of columns of one name the first filled cell counts."""
    if not cells.columns.has_duplicates:
        return cells
    merged = {}
    for heading in cells.columns.unique():
        same = cells.loc[:, cells.columns == heading]
        merged[heading] = same.iloc[:, 0]
        for at in range(1, same.shape[1]):
            merged[heading] = merged[heading].where(merged[heading].str.strip() != "", same.iloc[:, at])
    return pd.DataFrame(merged)


def _clean(cells: pd.Series) -> pd.Series:
    """Strip cells of blanks, invisible characters and what exports put around or instead of a value."""
    if cells.str.contains(_INVISIBLE, regex=True).any():
        cells = cells.str.replace(_INVISIBLE, "", regex=True)
    cells = cells.str.strip()
    if cells.str.startswith(("=", "'")).any():  # ="00123" and '00123 keep Excel from reading a number
        cells = cells.str.replace(r'^="([^"]*)"$', r"\1", regex=True).str.replace(r"^'(?=[=+\-@\d])", "", regex=True)
    return cells.where(~cells.isin(_NOTHING), "")


def _contradicted(once: pd.DataFrame, raw: RawTable, reasons: pd.Series) -> pd.Index:
    """Return the rows whose order id stands with other content in a later order too, and say so in the reasons."""
    twice = once[once.duplicated("order_id", keep=False)]
    twice = twice.sort_values(["_key", *twice.columns.drop("_key")], kind="stable")
    last = twice.groupby("order_id", sort=False).tail(1)
    adopted = dict(zip(last["order_id"], last.index, strict=True))
    out = twice.index.difference(last.index)
    for index in out:
        kept = adopted[twice.loc[index, "order_id"]]
        row, _ = raw.locate(kept)
        if twice.loc[index, "_key"] == twice.loc[kept, "_key"]:
            reasons[index] = f"编号和时间与第 {row} 行相同但内容不同，分不出先后（已采用第 {row} 行，请核对）"
        else:
            reasons[index] = f"编号与第 {row} 行相同但内容不同（已采用时间较晚的第 {row} 行）"
    return out


def _typed(table: pd.DataFrame) -> pd.DataFrame:
    orders = table.copy()
    for column in ("created", "closed"):
        orders[column] = parse_times(table[column].where(~table[column].isin(_NOT_YET), ""))
    for column in ("nature", "satisfaction"):
        values = {v: standard_value(column, v) for v in table[column].unique()}
        orders[column] = table[column].map(values) if table[column].ne("").any() else ""
    for column in ("yellow_cards", "red_cards"):
        orders[column] = table[column].map(_count_of)
    orders["_key"] = orders["closed"].fillna(orders["created"])
    return orders


def _count_of(value: str) -> int:
    """Read a card cell: a number, or a tick ('是', '√', the word itself) for one."""
    number = re.match(r"[0-9]{1,4}(?![0-9])", unicodedata.normalize("NFKC", value))
    if number:
        return int(number.group())
    return int(
        value not in ("", "否", "无", "没有", "×", "-", "--", "—", "/", "N", "n", "False") and value[0] not in "未没不"
    )


def _refuse(table: pd.DataFrame, orders: pd.DataFrame, raw: RawTable) -> pd.Series:
    """Say for each row why it cannot be used; empty where it can."""
    reasons = pd.Series("", index=table.index, dtype="str")
    closed = table["closed"].where(~table["closed"].isin(_NOT_YET), "")
    total = table[["order_id", "created", "title", "text"]].apply(lambda column: column.str.match(_TOTAL)).any(axis=1)
    lost = table["order_id"].str.fullmatch(_LOST_ID)
    for rows, reason in (
        (closed.ne("") & orders["closed"].isna(), "办结时间无法识别："),
        (orders["created"].isna() & table["created"].ne(""), "来电时间无法识别："),
        (table["created"].eq(""), "没有来电时间"),
        (table["text"].eq("") & table["title"].eq(""), "没有内容"),
        (table["order_id"].eq(""), "没有编号"),
        (lost, "编号已被 Excel 改成科学记数，认不出是哪一件（导出前请把编号列设为文本）"),
        (total & orders["created"].isna(), "是合计行，不是工单"),
    ):
        reasons = reasons.mask(rows, reason)
    for column, start in ((closed, "办结"), (table["created"], "来电")):
        unread = reasons == f"{start}时间无法识别："
        # what stands in a wrong column may be a telephone number
        reasons = reasons.mask(unread, reasons + column[unread].str[:40].map(mask))
    for index, reason in raw.faults.items():
        reasons[index] = reason
    return reasons


def _masked(orders: pd.DataFrame, table: pd.DataFrame, callers: pd.Series) -> pd.DataFrame:
    """Mask the texts and put numbers for the callers."""
    orders = orders.copy()
    names = table["caller_name"] if table["caller_name"].ne("").any() else None
    for column in _MASKED_COLUMNS:
        orders[column] = mask_series(orders[column].str[:MAX_TEXT], names)
    orders["text"] = orders["text"].where(orders["text"] != "", orders["title"])
    orders["caller"] = callers
    return orders


def marked(orders: pd.DataFrame) -> pd.DataFrame:
    """Say of orders that were checked and masked that they are: give them the table's columns, types and mark."""
    orders = orders[list(COLUMNS)].astype(COLUMNS)
    orders.attrs[_MARK] = "masked"
    return orders


def _callers(table: pd.DataFrame) -> pd.Series:
    """Replace callers by numbers, the same whatever the order of the rows."""
    key = _caller_keys(table)
    order = {k: caller_number(i) for i, k in enumerate(sorted(set(key) - {""}), 1)}
    return key.map(lambda k: order.get(k, ""))


def caller_number(number: int) -> str:
    """Return what stands for a caller."""
    return f"来电人{number:06d}"


def _caller_keys(table: pd.DataFrame) -> pd.Series:
    """Tell callers apart by telephone, else by user id; a bare '王先生' tells no two apart."""
    numbers = {value: _phone_key(value) for value in table["caller_phone"].unique()}
    by_phone = table["caller_phone"].map(numbers)
    name = table["caller_name"]
    by_name = name.where(name.str.fullmatch(r"[A-Za-z0-9_\-]{4,}|来电人\d{6}"), "")
    keys: pd.Series = by_phone.where(by_phone != "", by_name)
    return keys


def _phone_key(value: str) -> str:
    """Return what tells one telephone from another: its digits, or all of it where some are masked; else empty."""
    text = re.sub(r"(?<=[\dxX×#●•])[xX×#●•]", "*", unicodedata.normalize("NFKC", value))
    digits = re.sub(r"\D", "", text)
    if re.fullmatch(r"(?:00)?86(1\d{10})", digits):
        digits = digits[-11:]
    if "*" in text and len(digits) >= 4:
        return re.sub(r"[^\d*]", "", text)
    return digits if len(digits) >= 7 and len(set(digits)) > 1 else ""


def _no_rejects() -> pd.DataFrame:
    return pd.DataFrame(
        {"row": pd.Series(dtype="int64"), "order_id": pd.Series(dtype="str"), "reason": pd.Series(dtype="str")}
    )


def _frame_digest(frame: pd.DataFrame) -> str:
    return hashlib.sha256(frame.to_csv(index=False).encode()).hexdigest()


def _summary(reasons: pd.Series) -> str:
    counts = reasons.str.split("\uff1a").str[0].value_counts(sort=False)
    return ";".join(f"{reason} {n} 行" for reason, n in counts.items())


def _taken(chosen: Mapping[str, str]) -> str:
    return "、".join(f"{labels()[c]}←{chosen[c]}" for c in ("order_id", "created", "text"))
