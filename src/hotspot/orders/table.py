"""Cells to the orders table: the standard columns, checked, masked, each refused row kept with its reason."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from ..errors import OrdersError
from ..privacy import mask_series
from .columns import labels, match_columns, standard_value
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

_TEXT_COLUMNS = ("channel", "department", "title", "text", "place", "reply")


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

    A frame that already is an orders table comes back as it is.
    """
    if list(frame.columns) == list(COLUMNS):
        return OrderFile(frame, _no_rejects(), "DataFrame", _frame_digest(frame), "table", {c: c for c in COLUMNS}, 0)
    return _build(frame_cells(frame), "DataFrame", _frame_digest(frame), columns)


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
    try:
        period = pd.Period(month, freq="M")
    except ValueError as error:
        raise OrdersError(f"月份“{month}”写法不对,应如 2022-06。") from error
    times = orders[counting_column(orders)]
    chosen = orders[times.dt.to_period("M") == period]
    if chosen.empty:
        months = times.dropna().dt.to_period("M").value_counts().sort_index()
        have = "、".join(f"{m}({n}件)" for m, n in months.items())
        raise OrdersError(f"{month} 没有工单(按{labels()[counting_column(orders)]}统计)。文件中有:{have or '无'}。")
    return chosen.reset_index(drop=True)


def counting_column(orders: pd.DataFrame) -> str:
    """Return the column that decides an order's month: 'closed' where any order has one, else 'created'."""
    return "closed" if orders["closed"].notna().any() else "created"


def _build(raw: RawTable, name: str, sha256: str, given: Mapping[str, str] | None) -> OrderFile:
    cells = raw.cells
    chosen = match_columns(list(cells.columns), given)
    if cells.empty:
        raise OrdersError(f"{name} 只有表头,没有工单。现有表头:{'、'.join(c for c in cells.columns if c)}。")
    cells = cells.loc[:, ~cells.columns.duplicated()]
    table = pd.DataFrame({c: cells[chosen[c]].str.strip() if c in chosen else "" for c in _raw_columns()}, index=cells.index)
    orders = _typed(table)
    reasons = _refuse(table, orders, raw)
    usable = orders[reasons == ""]
    once = usable[~usable.drop(columns="_key").duplicated()]
    latest = once.sort_values(["_key", "text", "title"]).groupby("order_id", sort=False).tail(1)
    contradicted = once.index.difference(latest.index)
    reasons[contradicted] = "编号与另一行相同但内容不同(已采用时间最晚的一行)"
    if latest.empty:
        raise OrdersError(f"{name} 里没有一行能用的工单:{_summary(reasons)}。请检查编号、时间、内容三列(现取自:{_taken(chosen)})。")
    refused = reasons[reasons != ""]
    rejected = pd.DataFrame({"row": refused.index, "order_id": table.loc[refused.index, "order_id"], "reason": refused})
    return OrderFile(
        orders=_finish(latest, table.loc[latest.index]),
        rejected=rejected.reset_index(drop=True),
        source=name,
        sha256=sha256,
        encoding=raw.encoding,
        columns=chosen,
        repeated=len(usable) - len(once),
    )


def _raw_columns() -> list[str]:
    return list(labels())


def _typed(table: pd.DataFrame) -> pd.DataFrame:
    orders = table.copy()
    for column in ("created", "closed"):
        orders[column] = parse_times(table[column])
    for column in ("nature", "satisfaction"):
        values = {v: standard_value(column, v) for v in table[column].unique()}
        orders[column] = table[column].map(values) if table[column].ne("").any() else ""
    for column in ("yellow_cards", "red_cards"):
        orders[column] = table[column].map(_count_of)
    orders["_key"] = orders["closed"].fillna(orders["created"])
    return orders


def _count_of(value: str) -> int:
    """Read a card cell: a number, or a tick ('是', '√', the word itself) for one."""
    if value.replace(".", "", 1).isdigit():
        return int(float(value))
    return int(value not in ("", "否", "无", "-", "—", "/"))


def _refuse(table: pd.DataFrame, orders: pd.DataFrame, raw: RawTable) -> pd.Series:
    """Say for each row why it cannot be used; empty where it can."""
    reasons = pd.Series("", index=table.index, dtype="str")
    unread_close = table["closed"].ne("") & orders["closed"].isna()
    for rows, reason in (
        (unread_close, "办结时间无法识别:" + table["closed"].str[:40]),
        (orders["created"].isna() & table["created"].ne(""), "来电时间无法识别:" + table["created"].str[:40]),
        (table["created"].eq(""), "没有来电时间"),
        (table["text"].eq("") & table["title"].eq(""), "没有内容"),
        (table["order_id"].eq(""), "没有编号"),
        (table.index.to_series().isin(list(raw.surplus)), "单元格比表头多(内容里可能有未加引号的分隔符)"),
    ):
        reasons[rows] = reason[rows] if isinstance(reason, pd.Series) else reason
    return reasons


def _finish(orders: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    """Mask the texts, replace callers by numbers, order the rows: the same table whatever the order of the file."""
    orders = orders.copy()
    names = table["caller_name"] if table["caller_name"].ne("").any() else None
    for column in _TEXT_COLUMNS:
        if column in ("title", "text", "place", "reply"):
            orders[column] = mask_series(orders[column].str[:MAX_TEXT], names)
    orders["text"] = orders["text"].where(orders["text"] != "", orders["title"])
    orders["caller"] = _callers(table)
    orders = orders.sort_values(["created", "order_id"], kind="stable").reset_index(drop=True)
    return orders[list(COLUMNS)].astype(COLUMNS)


def _callers(table: pd.DataFrame) -> pd.Series:
    """Number the callers by telephone, else by name as a user id; a bare '王先生' or '匿名' tells no two callers apart."""
    phone = table["caller_phone"].str.replace(r"\D", "", regex=True)
    by_phone = phone.where(phone.str.len() >= 7, "")
    name = table["caller_name"]
    by_name = name.where(name.str.fullmatch(r"[A-Za-z0-9_\-]{4,}"), "")
    key = by_phone.where(by_phone != "", by_name)
    numbers = {k: f"来电人{i:06d}" for i, k in enumerate(sorted(set(key) - {""}), 1)}
    return key.map(lambda k: numbers.get(k, ""))


def _no_rejects() -> pd.DataFrame:
    return pd.DataFrame({"row": pd.Series(dtype="int64"), "order_id": pd.Series(dtype="str"), "reason": pd.Series(dtype="str")})


def _frame_digest(frame: pd.DataFrame) -> str:
    return hashlib.sha256(frame.to_csv(index=False).encode()).hexdigest()


def _summary(reasons: pd.Series) -> str:
    counts = reasons.str.split(":").str[0].value_counts()
    return ";".join(f"{reason or '可用'} {n} 行" for reason, n in counts.items())


def _taken(chosen: Mapping[str, str]) -> str:
    return "、".join(f"{labels()[c]}←{chosen[c]}" for c in ("order_id", "created", "text"))
