"""Follow a source that grows: a file that is added to, or standard input; CSV with headings, or JSON lines.

A record is taken when its line is complete, quotes included; half a line is waited for. What cannot be a record is set
aside with a reason and the reading goes on behind it. A file that shrinks, is replaced or written anew is read again
from its beginning: orders that are in view already are known by their ids.
"""

import csv
import hashlib
import io
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import pandas as pd

from ..errors import OrdersError
from ..orders.columns import count_known_headings

__all__ = ["Batch", "FileTail", "Records"]

MOST_ROWS = 256
"""Records that are read together at the most."""
_MOST_LINES = 200  # of one record: a quote that is never closed must not swallow the rest
_HEADING_LINES = 20
_BLOCK = 1 << 20
_TAIL = 256
_DELIMITERS = ",\t;|"
_ENCODINGS = ("utf-8", "gb18030")


@dataclass(frozen=True)
class Batch:
    """Records that were complete together.

    Attributes
    ----------
    rows : pandas.DataFrame
        Cells under the source's headings.
    faults : dict of int to str
        Rows (from 1) that cannot be cells under these headings.
    lines : list of int
        Number of the source's line at which each row begins.
    bad : list of (int, str)
        Lines that are no record at all, and why.
    offset : int
        Bytes of the source up to the end of these records.
    headed : bool
        Whether all rows stand under one line of headings; JSON objects each bring their own.
    """

    rows: pd.DataFrame
    faults: dict[int, str] = field(default_factory=dict)
    lines: list[int] = field(default_factory=list)
    bad: list[tuple[int, str]] = field(default_factory=list)
    offset: int = 0
    headed: bool = True


class Records:
    """Turns bytes as they come into batches of records.

    Parameters
    ----------
    name : str
        What to call the source in messages.
    encoding : str, optional
        By default UTF-8, else GB18030, as the first lines have it.
    """

    def __init__(self, name: str, encoding: str | None = None) -> None:
        self.offset, self.line = 0, 0
        self._name, self._encoding = name, encoding
        self._pending = b""
        self._headings: list[str] | None = None
        self._delimiter = ","
        self._json = False

    def feed(self, data: bytes, *, last: bool = False) -> Iterator[Batch]:
        """Take bytes, and yield what is complete; with `last` an unfinished line counts as a line."""
        self._pending += data
        if self._pending.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise OrdersError(f"{self._name} 是 UTF-16 编码，无法边写边读。请让平台写成 UTF-8 或 GB18030。")
        if self._headings is None and not self._json and not self._find_headings(last):
            return
        while (batch := self._next(last)) is not None:
            yield batch

    def skip_to(self, offset: int, line: int) -> None:
        """Go on at a place that was reached before, once the headings are known."""
        self._pending, self.offset, self.line = b"", offset, line

    # --- lines -------------------------------------------------------------------------------------------------------

    def _take_line(self, last: bool, ahead: int) -> tuple[bytes, int] | None:
        """Return the complete line that starts at an offset into what is pending, and where it ends."""
        end = self._pending.find(b"\n", ahead)
        if end >= 0:
            return self._pending[ahead : end + 1], end + 1
        return (self._pending[ahead:], len(self._pending)) if last and ahead < len(self._pending) else None

    def _consume(self, length: int, lines: int) -> None:
        self._pending = self._pending[length:]
        self.offset += length
        self.line += lines

    def _decoded(self, line: bytes) -> str:
        """Decode a line; raises UnicodeDecodeError."""
        if self._encoding is None:
            for codec in _ENCODINGS:
                try:
                    text = line.decode(codec)
                except UnicodeDecodeError:
                    continue
                if not text.isascii():
                    self._encoding = codec
                return text.lstrip("\ufeff")
        return line.decode(self._encoding or _ENCODINGS[0]).lstrip("\ufeff")

    # --- headings ----------------------------------------------------------------------------------------------------

    def _find_headings(self, last: bool) -> bool:
        """Find the line of headings among the first lines, or that these are JSON lines; False: not there yet."""
        at = 0
        seen: list[str] = []
        while len(seen) < _HEADING_LINES and (taken := self._take_line(last, at)) is not None:
            raw, at = taken
            try:
                text = self._decoded(raw).strip("\r\n")
            except (UnicodeDecodeError, LookupError) as error:
                raise OrdersError(f"{self._name} 的编码读不出来。请用 --encoding 指明编码（如 gb18030）。") from error
            seen.append(text)
            if text.lstrip().startswith("{"):
                self._json = True
                return True
            delimiter = max(_DELIMITERS, key=lambda mark: _known(text, mark))
            if _known(text, delimiter) >= 2:
                self._delimiter = delimiter
                self._headings = [cell.strip() for cell in next(csv.reader([text], delimiter=delimiter))]
                self._consume(at, len(seen))
                return True
        if len(seen) >= _HEADING_LINES or (last and any(text.strip() for text in seen)):
            raise OrdersError(
                f"{self._name} 的前 {len(seen)} 行里没有认得的表头，也不是 JSON 行。"
                "应是带表头的 CSV（至少有编号、时间、内容三列），或每行一个 JSON 对象。"
            )
        return False

    # --- records -----------------------------------------------------------------------------------------------------

    def _next(self, last: bool) -> Batch | None:
        cells: list[dict[str, str]] = []
        faults: dict[int, str] = {}
        lines: list[int] = []
        bad: list[tuple[int, str]] = []
        used = False
        while len(cells) < MOST_ROWS:
            taken = self._record(last)
            if taken is None:
                break
            used = True
            number, content = taken
            if isinstance(content, str):
                bad.append((number, content))
            elif content:
                row, fault = content
                cells.append(row)
                lines.append(number)
                if fault:
                    faults[len(cells)] = fault
        if not used:
            return None
        headings = self._headings or list(dict.fromkeys(key for row in cells for key in row))
        rows = pd.DataFrame([[row.get(key, "") for key in headings] for row in cells], columns=headings, dtype="str")
        return Batch(rows, faults, lines, bad, self.offset, not self._json)

    def _record(self, last: bool) -> tuple[int, str | tuple[dict[str, str], str] | None] | None:
        """Take one record: its line, and its cells with what is wrong with them, or why it is none, or nothing."""
        raw, at, count = b"", 0, 0
        while True:
            taken = self._take_line(last, at)
            if taken is None:
                if not (last and raw):
                    return None
                return self._unclosed()
            part, at = taken
            raw, count = raw + part, count + 1
            if self._json or raw.count(b'"') % 2 == 0:
                break
            if count >= _MOST_LINES:
                return self._unclosed()
        number = self.line + 1
        self._consume(at, count)
        try:
            text = self._decoded(raw).strip("\r\n")
        except (UnicodeDecodeError, LookupError):
            return number, "编码读不通"
        if not text.strip():
            return number, None
        return number, self._from_json(text) if self._json else self._from_csv(text)

    def _unclosed(self) -> tuple[int, str]:
        """Set aside one line whose quote is never closed."""
        end = self._pending.find(b"\n") + 1 or len(self._pending)
        number = self.line + 1
        self._consume(end, 1)
        return number, "引号没有配对"

    def _from_csv(self, text: str) -> str | tuple[dict[str, str], str] | None:
        headings: Sequence[str] = self._headings or []
        try:
            cells = next(csv.reader(io.StringIO(text, newline=""), delimiter=self._delimiter))
        except csv.Error:
            return "不是完整的 CSV 行"
        if not any(cell.strip() for cell in cells):
            return None
        surplus = any(cell.strip() for cell in cells[len(headings) :])
        row = dict(zip(headings, [*cells, *[""] * (len(headings) - len(cells))], strict=False))
        return row, "单元格比表头多（内容里可能有未加引号的分隔符）" if surplus else ""

    def _from_json(self, text: str) -> str | tuple[dict[str, str], str]:
        try:
            value = json.loads(text)
        except (ValueError, RecursionError):
            return "不是完整的 JSON 对象"
        if not isinstance(value, dict) or not value:
            return "不是 JSON 对象"
        return {str(key): "" if cell is None else str(cell) for key, cell in value.items()}, ""


def _known(line: str, delimiter: str) -> int:
    return count_known_headings(cell.strip('" \ufeff\r\n') for cell in line.split(delimiter))


class FileTail:
    """Reads what is added to a file; tells when it was replaced.

    Parameters
    ----------
    path : pathlib.Path
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stream: BinaryIO | None = None
        self.offset = 0
        self._behind = b""

    def mark(self, offset: int) -> str:
        """Return what tells the content up to an offset from another: the digest of the bytes before it."""
        return hashlib.sha256(self._before(offset)).hexdigest()[:16]

    def _before(self, offset: int) -> bytes:
        try:
            with self._path.open("rb") as stream:
                stream.seek(max(0, offset - _TAIL))
                return stream.read(min(offset, _TAIL))
        except OSError:
            return b""

    def seek(self, offset: int, mark: str) -> bool:
        """Go on at an offset if the file still holds what it held before it; else stay at the beginning."""
        if self.mark(offset) != mark:
            return False
        self.offset, self._behind = offset, self._before(offset)
        return True

    def beginning(self) -> bytes:
        """Return the first block up to where the reading goes on."""
        with self._path.open("rb") as stream:
            return stream.read(min(self.offset, _BLOCK))

    def read(self) -> tuple[bytes, bool]:
        """Return the bytes that were added, at most a block of them, and whether the file was replaced before."""
        replaced = False
        try:
            if self._stream is not None and not self._is_same():
                self._stream.close()
                self._stream, self.offset, self._behind, replaced = None, 0, b"", True
            if self._stream is None:
                self._stream = self._path.open("rb")
            self._stream.seek(self.offset)
            data = self._stream.read(_BLOCK)
        except FileNotFoundError:
            return b"", replaced  # between the old file and the new
        except OSError as error:
            raise OrdersError(f"读不了 {self._path}（{error.strerror}）。请检查文件和权限。") from error
        self.offset += len(data)
        self._behind = (self._behind + data)[-_TAIL:]
        return data, replaced

    def _is_same(self) -> bool:
        """Say whether the open file is still the one at the path, and still holds what was read."""
        if self._stream is None:
            return False
        here, there = os.fstat(self._stream.fileno()), self._path.stat()
        if (here.st_ino, here.st_dev) != (there.st_ino, there.st_dev) or there.st_size < self.offset:
            return False
        self._stream.seek(self.offset - len(self._behind))
        return self._stream.read(len(self._behind)) == self._behind

    def close(self) -> None:
        """Close the file."""
        if self._stream is not None:
            self._stream.close()
            self._stream = None
