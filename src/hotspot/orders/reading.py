"""Bytes to rows of cells: what kind of file it is, how it is encoded, and where its headings stand."""

import csv
import io
import re
import sys
import zipfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from ..errors import OrdersError
from .columns import count_known_headings, has_required

_HEADING_SEARCH_ROWS = 20
_HEAD = 200_000
_ZIP, _OLE, _PARQUET = b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"PAR1"
_FOREIGN = {
    b"%PDF": " PDF 文件",
    b"\x89PNG": "图片",
    b"\xff\xd8\xff": "图片",
    b"GIF8": "图片",
    b"Rar!": "压缩包",
    b"7z\xbc\xaf": "压缩包",
    b"\x1f\x8b": "压缩包",
    b"SQLite format 3": "数据库",
}
_BOMS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "cp936": "gb18030", "ansi": "gb18030"}
_DELIMITERS = "\t,;|"
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f]")
_MARKUP = re.compile(r"\s*<(?:[a-zA-Z!?])|MIME-Version:")
_DATE = re.compile(r"\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}")
_MOST_DAMAGE = 0.1
_MAX_CELL = 2**31 - 1
_SHEET_STRIDE = 2**21  # no sheet has that many rows


@dataclass(frozen=True)
class RawTable:
    """The cells of a file as text.

    Attributes
    ----------
    cells : pandas.DataFrame
        One row a record, columns as headed in the file; the index tells records apart, `locate` where they stand.
    faults : dict of int to str
        Records that cannot be cells under these headings: index and reason, in Chinese.
    encoding : str
        How the text was decoded, or the kind of file.
    sheets : tuple of str
        Names of the sheets that were put together, if there were several.
    """

    cells: pd.DataFrame
    faults: dict[int, str]
    encoding: str
    sheets: tuple[str, ...] = field(default=())

    def locate(self, index: int) -> tuple[int, str]:
        """Return a record's row number as a spreadsheet shows it (from 1), and its sheet if there are several."""
        sheet, row = divmod(index, _SHEET_STRIDE)
        return row, self.sheets[sheet] if self.sheets else ""


def read_bytes(source: str | Path) -> bytes:
    """Return the bytes of a file, or of standard input for ``-``."""
    if str(source) == "-":
        return sys.stdin.buffer.read()
    path = Path(source)
    check_there(path)
    try:
        return path.read_bytes()
    except OSError as error:
        raise OrdersError(f"打不开文件：{path}({error.strerror})。如果它正在 Excel 中打开，请先关闭。") from error


def check_there(path: Path) -> None:
    """Refuse a path at which there is no file."""
    if not path.exists():
        raise OrdersError(f"找不到文件：{path}。请检查路径；文件名含空格时用引号括起来。")
    if path.is_dir():
        raise OrdersError(f"{path} 是文件夹，应给出一个工单文件（csv、tsv、xlsx、xls、parquet）。")


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
        raise OrdersError(f"{name} 是空文件。应是带表头的工单表（至少有编号、时间、内容三列）。")
    for mark, kind in _FOREIGN.items():
        if data.startswith(mark):
            raise OrdersError(f"{name} 其实是{kind}，不是工单表。支持 csv、tsv、xlsx、xls、parquet；请从平台重新导出。")
    if data.startswith(_PARQUET):
        return _from_parquet(data, name)
    if data.startswith((_ZIP, _OLE)):
        return _from_workbook(data, name, sheet)
    text, used = decode(data, name, encoding)
    if _MARKUP.match(text.lstrip("\ufeff")):
        raise OrdersError(
            f"{name} 其实是网页格式（平台导出的“假 Excel”）。请用 Excel/WPS 打开，另存为 xlsx 或 csv 后再用。"
        )
    rows, delimiter = _text_rows(text, name)
    table = _table_from_rows(rows, name, used)
    return _find_unclosed_quotes(table, name, delimiter)


def decode(data: bytes, name: str, encoding: str | None = None) -> tuple[str, str]:
    """Decode text strictly: the given encoding, else by byte-order mark, UTF-8, GB18030. Returns text and encoding.

    A stray control character is dropped; many mean that this is no text.
    """
    by_mark = next((codec for mark, codec in _BOMS.items() if data.startswith(mark)), None)
    given = _WIDER.get(encoding.strip().lower(), encoding.strip()) if encoding else by_mark
    stopped = []
    for codec in [given] if given else ["utf-8", "gb18030"]:
        try:
            text = data.decode(codec)
        except (LookupError, ValueError) as error:
            if not isinstance(error, UnicodeError):
                raise OrdersError(f"不认识的编码：{codec}。可用 utf-8、gb18030、big5、utf-16 等。") from error
            at = error.start if isinstance(error, UnicodeDecodeError) else 0
            line = data.count(b"\n", 0, at) + 1
            stopped.append(f"{codec.upper()}（第 {line} 行起读不通）")
            continue
        if _is_binary(text):
            break
        return _CONTROLS.sub("", text) if _CONTROLS.search(text) else text, codec
    if stopped and b"\0" not in data[:_HEAD]:
        raise OrdersError(
            f"{name} 的编码读不出来，试过 {'、'.join(stopped)}。请用 --encoding 指明编码（如 big5、utf-16）；"
            "若只有个别行读不通，多半是几个文件拼成的，请用 Excel/WPS 打开检查后另存为 UTF-8 的 csv。"
        )
    raise OrdersError(
        f"{name} 不是文本表格（含二进制内容）。支持 csv、tsv、xlsx、xls、parquet；请确认导出的格式。"
        "若是 UTF-16 文本，请加 --encoding utf-16-le。"
    )


def _is_binary(text: str) -> bool:
    head = text[:_HEAD]
    return len(_CONTROLS.findall(head)) * 20 > len(head)


def _text_rows(text: str, name: str) -> tuple[list[list[str]], str]:
    """Cut text into records by the delimiter that makes most headings known, else the commonest; tells which it was."""
    csv.field_size_limit(_MAX_CELL)
    head = text[:_HEAD].splitlines()[:_HEADING_SEARCH_ROWS] or [""]
    delimiter = max(_DELIMITERS, key=lambda d: (max(_known(line, d) for line in head), "\n".join(head).count(d)))
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)), delimiter
    except csv.Error as error:
        raise OrdersError(f"{name} 的内容不是完整的 csv({error})。请用 Excel/WPS 打开后另存为 csv 再用。") from error


def _known(line: str, delimiter: str) -> int:
    return count_known_headings(cell.strip('" \ufeff') for cell in line.split(delimiter))


def _find_unclosed_quotes(table: RawTable, name: str, delimiter: str) -> RawTable:
    """Mark records that hold others: a quote that is not closed swallows the lines up to the next one."""
    width = table.cells.shape[1]
    faults = dict(table.faults)
    swallowed: Counter[int] = Counter()
    for at in range(width):
        column = table.cells.iloc[:, at]
        for index, cell in column[column.str.contains("\n", regex=False)].items():
            lines = [line.split(delimiter) for line in cell.splitlines()[1:]]
            swallowed[int(str(index))] += sum(
                len(line) >= max(3, width - 1) and any(_DATE.match(c.strip(' "')) for c in line) for line in lines
            )
    for record, count in swallowed.items():
        if count:
            faults[record] = f"引号没有配对，后面 {count} 行被并进这一行"
    lost = sum(swallowed.values())
    if lost > _MOST_DAMAGE * (len(table.cells) + lost):
        first, count = min((i, n) for i, n in swallowed.items() if n)
        raise OrdersError(
            f"{name} 第 {first} 行的引号没有配对，后面 {count} 行都被并了进去。请改好引号，或从平台导出 xlsx 再用。"
        )
    return RawTable(table.cells, faults, table.encoding)


def _from_workbook(data: bytes, name: str, sheet: str | None) -> RawTable:
    sheets = _read_sheets(data, name, sheet)
    if not any(rows for rows, _ in sheets.values()):
        raise OrdersError(f"{name} 里没有任何数据。应是带表头的工单表。")
    best = max(sheets, key=lambda n: (_find_headings(sheets[n][0])[1], len(sheets[n][0])))
    tables = {
        n: _table_from_rows(rows, name, "excel", first) for n, (rows, first) in sheets.items() if any(map(any, rows))
    }
    headings = list(tables[best].cells.columns)
    alike = {n: table for n, table in tables.items() if list(table.cells.columns) == headings}
    others = [n for n, t in tables.items() if n not in alike and len(t.cells) and has_required(list(t.cells.columns))]
    if others:
        raise OrdersError(
            f"{name} 有几张表头不同的工作表都像工单表：{'、'.join([best, *others])}。请用 --sheet 指明用哪一张。"
        )
    return _joined(alike) if len(alike) > 1 else alike[best]


def _read_sheets(data: bytes, name: str, sheet: str | None) -> dict[str, tuple[list[list[str]], int]]:
    """Return each sheet's rows of cells and the number of its first row."""
    from python_calamine import CalamineError, CalamineWorkbook

    if data.startswith(_ZIP) and not _is_spreadsheet(data):
        raise OrdersError(f"{name} 是压缩包或别的文档，不是 Excel 工作簿。请先解压，或另存为 xlsx 后再用。")
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        if sheet and sheet not in book.sheet_names:
            raise OrdersError(f"{name} 中没有名为“{sheet}”的工作表；现有：{'、'.join(book.sheet_names)}。")
        found = {}
        for each in [sheet] if sheet else book.sheet_names:
            content = book.get_sheet_by_name(each)
            rows = [[_cell_text(c) for c in row] for row in content.to_python()]
            found[each] = (rows, (content.start or (0, 0))[0] + 1)
    except (CalamineError, OSError, ValueError) as error:
        raise OrdersError(
            f"{name} 不是能读的 Excel 文件（{error}）。可能已加密或损坏，请用 Excel/WPS 打开，另存为 xlsx 后再用。"
        ) from error
    return found


def _is_spreadsheet(data: bytes) -> bool:
    """Tell a workbook (xlsx, xlsm, xlsb, ods) from another zip file; a damaged one counts as a workbook."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return any(n.startswith("xl/") or n == "content.xml" for n in archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return True


def _joined(tables: dict[str, RawTable]) -> RawTable:
    """Put sheets with the same headings together: platforms cut long exports into several."""
    cells, faults = [], {}
    for number, table in enumerate(tables.values()):
        cells.append(table.cells.set_axis(table.cells.index + number * _SHEET_STRIDE, axis=0))
        faults.update({number * _SHEET_STRIDE + index: reason for index, reason in table.faults.items()})
    return RawTable(pd.concat(cells), faults, "excel", tuple(tables))


def _cell_text(value: object) -> str:
    """Write a spreadsheet cell as its user sees it: whole numbers without '.0', dates in ISO form."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return "" if value is None else str(value)


def _from_parquet(data: bytes, name: str) -> RawTable:
    try:
        frame = pd.read_parquet(io.BytesIO(data))
    except Exception as error:
        raise OrdersError(f"{name} 不是完整的 Parquet 文件（{type(error).__name__}）。请重新导出。") from error
    return frame_cells(frame)


def frame_cells(frame: pd.DataFrame) -> RawTable:
    """Return a DataFrame's cells as text, numbered from 1 as they stand; a named index counts as columns."""
    named = [name for name in frame.index.names if name is not None and name not in frame.columns]
    frame = frame.reset_index(named) if named else frame
    cells = frame.reset_index(drop=True).astype(object)
    cells = cells.where(cells.notna(), "").map(_cell_text).astype("str")
    cells.columns = pd.Index([str(c) for c in frame.columns], dtype=object)
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


def _table_from_rows(rows: list[list[str]], name: str, encoding: str, first: int = 1) -> RawTable:
    """Head rows of cells by the best row of headings; ``first`` is the number of the first row."""
    at, _ = _find_headings(rows)
    if at >= len(rows) or not any(cell.strip("\ufeff \t") for row in rows for cell in row):
        raise OrdersError(f"{name} 里没有任何数据。应是带表头的工单表。")
    headings = [re.sub(r"[\r\n\ufeff]+", "", h).strip() for h in rows[at]]
    while headings and not headings[-1]:
        headings.pop()
    body = {first + at + 1 + i: row for i, row in enumerate(rows[at + 1 :]) if any(cell.strip() for cell in row)}
    width = len(headings)
    faults = {n: _SURPLUS for n, row in body.items() if any(c.strip() for c in row[width:])}
    full = [[*row[:width], *[""] * (width - len(row))] for row in body.values()]
    return RawTable(pd.DataFrame(full, index=list(body), columns=headings, dtype="str"), faults, encoding)


_SURPLUS = "单元格比表头多（内容里可能有未加引号的分隔符）"
