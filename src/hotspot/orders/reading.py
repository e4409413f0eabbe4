"""Bytes to rows of cells: what kind of file it is, how it is encoded, and where its headings stand."""

import csv
import io
import sys
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from ..errors import OrdersError
from .columns import count_known_headings

_HEADING_SEARCH_ROWS = 20
_ZIP, _OLE, _PARQUET, _PDF = b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"PAR1", b"%PDF"
_BOMS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_MAX_CELL = 2**31 - 1


@dataclass(frozen=True)
class RawTable:
    """The cells of a file as text.

    Attributes
    ----------
    cells : pandas.DataFrame
        One row a record, columns as headed in the file; index: the row number as a spreadsheet shows it (from 1).
    surplus : dict of int to int
        Rows that have more cells than there are headings: row number and number of cells.
    encoding : str
        How the text was decoded, or the kind of file.
    """

    cells: pd.DataFrame
    surplus: dict[int, int]
    encoding: str


def read_bytes(source: str | Path) -> bytes:
    """Return the bytes of a file, or of standard input for ``-``."""
    if str(source) == "-":
        return sys.stdin.buffer.read()
    path = Path(source)
    if not path.exists():
        raise OrdersError(f"找不到文件:{path}。请检查路径;文件名含空格时用引号括起来。")
    if path.is_dir():
        raise OrdersError(f"{path} 是文件夹,应给出一个工单文件(csv、tsv、xlsx、xls、parquet)。")
    try:
        return path.read_bytes()
    except OSError as error:
        raise OrdersError(f"打不开文件:{path}({error.strerror})。如果它正在 Excel 中打开,请先关闭。") from error


def parse(data: bytes, name: str, *, encoding: str | None = None, sheet: str | None = None) -> RawTable:
    """Turn the bytes of an orders file into cells.

    The kind of file follows from its first bytes, not from its name: platforms export spreadsheets under wrong endings.

    Parameters
    ----------
    data : bytes
        Content of the file.
    name : str
        What to call the file in messages.
    encoding : str, optional
        Encoding of a text file. By default UTF-8, then strict GB18030; never guessed from statistics.
    sheet : str, optional
        Sheet of a workbook; by default the one whose headings are best known.

    Raises
    ------
    OrdersError
        The file is empty, is no table, or its encoding is unknown.
    """
    if not data.strip():
        raise OrdersError(f"{name} 是空文件。应是带表头的工单表(至少有编号、时间、内容三列)。")
    if data.startswith(_PARQUET):
        return _from_parquet(data, name)
    if data.startswith((_ZIP, _OLE)):
        return _from_workbook(data, name, sheet)
    text, used = decode(data, name, encoding)
    if text.lstrip()[:200].lower().startswith(("<html", "<!doctype html", "<table", "<?xml")):
        raise OrdersError(f"{name} 其实是网页格式(平台导出的“假 Excel”)。请用 Excel/WPS 打开,另存为 xlsx 或 csv 后再用。")
    return _table_from_rows(_text_rows(text, name), name, used)


def decode(data: bytes, name: str, encoding: str | None = None) -> tuple[str, str]:
    """Decode text strictly: the given encoding, else by byte-order mark, UTF-8, GB18030. Returns text and encoding."""
    by_mark = next((codec for mark, codec in _BOMS.items() if data.startswith(mark)), None)
    for codec in [encoding] if encoding else [by_mark] if by_mark else ["utf-8", "gb18030"]:
        try:
            text = data.decode(codec)
        except LookupError as error:
            raise OrdersError(f"不认识的编码:{codec}。可用 utf-8、gb18030、big5、utf-16 等。") from error
        except UnicodeDecodeError:
            continue
        if data.startswith(_PDF) or _looks_binary(text):
            break
        return text, codec
    else:
        tried = encoding or by_mark or "UTF-8 和 GB18030"
        raise OrdersError(f"{name} 按 {tried} 都读不出来。请用 --encoding 指明编码(如 big5、utf-16),或另存为 UTF-8 的 csv。")
    raise OrdersError(f"{name} 不是文本表格(含二进制内容)。支持 csv、tsv、xlsx、xls、parquet;请确认导出的格式。")


def _looks_binary(text: str) -> bool:
    head = text[:100_000]
    strange = sum(c < " " and c not in "\t\r\n\x0b\x0c\x1a" for c in head)
    return strange > max(0, len(head) // 1000)


def _text_rows(text: str, name: str) -> list[list[str]]:
    head = "\n".join(text.splitlines()[:_HEADING_SEARCH_ROWS])
    delimiter = max("\t,;|", key=head.count)
    csv.field_size_limit(_MAX_CELL)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise OrdersError(f"{name} 的内容不是完整的 csv({error})。请用 Excel/WPS 打开后另存为 csv 再用。") from error


def _from_workbook(data: bytes, name: str, sheet: str | None) -> RawTable:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        names = [sheet] if sheet else book.sheet_names
        if sheet and sheet not in book.sheet_names:
            raise OrdersError(f"{name} 中没有名为“{sheet}”的工作表;现有:{'、'.join(book.sheet_names)}。")
        sheets = [[[_cell_text(c) for c in row] for row in book.get_sheet_by_name(n).to_python()] for n in names]
    except CalamineError as error:
        raise OrdersError(f"{name} 不是能读的 Excel 文件({error})。可能已加密或损坏,请另存为 xlsx 后再用。") from error
    if not any(sheets):
        raise OrdersError(f"{name} 里没有任何数据。应是带表头的工单表。")
    best = max(sheets, key=lambda rows: (_find_headings(rows)[1], len(rows)))
    return _table_from_rows(best, name, "excel")


def _cell_text(value: object) -> str:
    """Write a spreadsheet cell as its user sees it: whole numbers without '.0', dates in ISO form."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return "" if value is None else str(value)


def _from_parquet(data: bytes, name: str) -> RawTable:
    try:
        frame = pd.read_parquet(io.BytesIO(data))
    except Exception as error:
        raise OrdersError(f"{name} 不是完整的 Parquet 文件({type(error).__name__})。请重新导出。") from error
    return frame_cells(frame)


def frame_cells(frame: pd.DataFrame) -> RawTable:
    """Return a DataFrame's cells as text, numbered from 1 as they stand."""
    cells = frame.reset_index(drop=True).astype(object)
    cells = cells.where(cells.notna(), "").map(_cell_text).astype("str")
    cells.columns = [str(c) for c in frame.columns]
    cells.index = pd.RangeIndex(1, len(cells) + 1)
    return RawTable(cells, {}, "table")


def _find_headings(rows: list[list[str]]) -> tuple[int, int]:
    """Return the row that holds most known headings, and how many; title rows above it are passed over."""
    known = [count_known_headings(row) for row in rows[:_HEADING_SEARCH_ROWS]]
    if not known:
        return 0, 0
    best = max(range(len(known)), key=lambda i: (known[i], -i))
    if known[best] >= 2:
        return best, known[best]
    return next((i for i, row in enumerate(rows) if any(c.strip() for c in row)), 0), known[best]


def _table_from_rows(rows: list[list[str]], name: str, encoding: str) -> RawTable:
    at, _ = _find_headings(rows)
    if at >= len(rows):
        raise OrdersError(f"{name} 里没有任何数据。应是带表头的工单表。")
    headings = [h.strip().lstrip("\ufeff") for h in rows[at]]
    while headings and not headings[-1]:
        headings.pop()
    body = {at + 2 + i: row for i, row in enumerate(rows[at + 1 :]) if any(cell.strip() for cell in row)}
    width = len(headings)
    surplus = {number: len(row) for number, row in body.items() if any(c.strip() for c in row[width:])}
    full = [[*row[:width], *[""] * (width - len(row))] for row in body.values()]
    return RawTable(pd.DataFrame(full, index=list(body), columns=headings, dtype="str"), surplus, encoding)
