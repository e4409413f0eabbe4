"""What a watch leaves behind, and goes on from after a break.

``assignments.csv``, ``alerts.jsonl`` and ``rejected.csv`` only grow: a line an order, an alarm, a bad line.
``issues.csv`` is the present state, written anew as a whole. ``state.jsonl`` is the watch's memory: its first line is
the state when it was last written as a whole, then a line for each order that was in view, then a line for each batch
of orders since, written before anything else is. An alarm is shown, then written, then the placement of its order is:
after an end at any moment the watch goes on with the first order whose placement was not written, so that no alarm
stays untold; one that was shown at that very moment may be shown again. All of it is masked.
"""

import csv
import io
import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from ..errors import OutputError, WatchError
from ..orders import COLUMNS
from ..orders.table import marked
from ..output import csv_bytes, write_files
from .alarms import Alarm
from .engine import Watch, WatchState
from .live import Placement

__all__ = ["Resumed", "WatchFolder"]

VERSION = 1
_TIME = "%Y-%m-%d %H:%M:%S.%f"
_PLACEMENT = ["order_id", "created", "issue", "title", "hotspot", "topic", "likeness", "decision", "partners"]
_REJECTED = ["line", "order_id", "reason"]
Rejected = tuple[int, str, str]


@dataclass(frozen=True)
class Resumed:
    """What a watch goes on from.

    Attributes
    ----------
    place : dict
        Where in the source the reading goes on.
    orders : pandas.DataFrame
        Orders that were noted but not placed.
    rejected : list of (int, str, str)
        Bad lines that were noted but not told.
    told : frozenset of (str, str)
        Kind of each alarm that was told, and the order that set it off.
    """

    place: dict[str, Any]
    orders: pd.DataFrame
    rejected: list[Rejected]
    told: frozenset[tuple[str, str]]


class WatchFolder:
    """The folder of a watch.

    Parameters
    ----------
    path : pathlib.Path
        Made if need be.

    Raises
    ------
    WatchError
        Another watch uses it, or its state is damaged or of another version.
    OutputError
        It cannot be written to.
    """

    def __init__(self, path: Path) -> None:
        from filelock import FileLock, Timeout

        self.path = path
        try:
            path.mkdir(parents=True, exist_ok=True)
            self._lock = FileLock(path / ".lock", timeout=0)
            self._lock.acquire()
        except Timeout:
            raise WatchError(f"{path} 正由另一个 hotspot watch 使用。请先停掉它，或用 -o 换一个文件夹。") from None
        except OSError as error:
            raise OutputError(
                f"写不进 {path}（{error.strerror}）。请检查权限和磁盘空间，或用 -o 换一个文件夹。"
            ) from error

    def close(self) -> None:
        """Let others use the folder."""
        self._lock.release()

    # --- memory ------------------------------------------------------------------------------------------------------

    def resume(self, watch: Watch) -> "Resumed | None":
        """Bring a watch to where the last one ended; None where there was none.

        Orders whose placement was written are placed again and yield nothing: what they set off was shown and written
        before it. Those that were noted but not placed, and bad lines not yet told, are handed back.
        """
        file = self.path / "state.jsonl"
        if not file.exists():
            return None
        _cut_unfinished(file)
        try:
            lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
            first = lines[0]
            if first["version"] != VERSION:
                raise WatchError(f"{file} 是另一版本写的（{first['version']}，应为 {VERSION}）。请用 -o 换一个文件夹。")
            size = int(first["orders"])
            watch.restore(_table(lines[1 : 1 + size]), WatchState(**first["state"]))
        except (OSError, ValueError, KeyError, TypeError, IndexError) as error:
            raise WatchError(f"{file} 已损坏（{error}）。请用 -o 换一个文件夹，或删掉这个文件重新开始。") from error
        noted = lines[1 + size :]
        placed, rejected = (
            _column(self.path / "assignments.csv", "order_id"),
            _column(self.path / "rejected.csv", "line"),
        )
        orders = _table([order for line in noted for order in line["orders"]])
        done = orders["order_id"].isin(placed)
        for _ in watch.observe(marked(orders[done])):
            pass
        alarms = _lines(self.path / "alerts.jsonl")
        watch.number_alarms_after(max((int(a["alarm"][1:]) for a in alarms if a["orders"][-1] in placed), default=0))
        return Resumed(
            place=noted[-1]["place"] if noted else first["place"],
            orders=marked(orders[~done].reset_index(drop=True)),
            rejected=[tuple(row) for line in noted for row in line["rejected"] if str(row[0]) not in rejected],
            told=frozenset((alarm["kind"], alarm["orders"][-1]) for alarm in alarms),
        )

    def remember(self, orders: pd.DataFrame, rejected: Sequence[Rejected], place: dict[str, Any]) -> None:
        """Note a batch of orders before it is placed."""
        line = {"orders": _plain(orders), "rejected": [list(each) for each in rejected], "place": place}
        self._append("state.jsonl", json.dumps(line, ensure_ascii=False) + "\n")
        _sync(self.path / "state.jsonl")

    def save(self, watch: Watch, place: dict[str, Any]) -> None:
        """Write the state and the issues of now as a whole; what was placed until then is safe on the disk before."""
        for name in ("assignments.csv", "alerts.jsonl", "rejected.csv"):
            _sync(self.path / name)
        orders = _plain(watch.orders())
        first = {"version": VERSION, "state": asdict(watch.state()), "orders": len(orders), "place": place}
        lines = [json.dumps(each, ensure_ascii=False) + "\n" for each in (first, *orders)]
        write_files(self.path, {"state.jsonl": "".join(lines)})
        self.write_issues(watch)

    # --- results -----------------------------------------------------------------------------------------------------

    def write_issues(self, watch: Watch) -> None:
        """Write the issues of now as a whole."""
        if len(watch.orders()):
            write_files(self.path, {"issues.csv": csv_bytes(issue_list(watch))})

    def write_placed(self, placement: Placement, alarms: Iterable[Alarm]) -> None:
        """Append an order's alarms, then its placement: where this is, those are."""
        self._append("alerts.jsonl", "".join(json.dumps(asdict(each), ensure_ascii=False) + "\n" for each in alarms))
        self._append_csv("assignments.csv", _PLACEMENT, [_placement_row(placement)])

    def write_rejected(self, rejected: Sequence[Rejected]) -> None:
        """Append bad lines: their number, order id and reason."""
        self._append_csv("rejected.csv", _REJECTED, [list(row) for row in rejected])

    def _append_csv(self, name: str, headings: list[str], rows: list[list[Any]]) -> None:
        if not rows:
            return
        one_line = [[cell.replace("\n", " ") if isinstance(cell, str) else cell for cell in row] for row in rows]
        frame = pd.DataFrame(one_line, columns=headings)
        head, content = csv_bytes(frame).decode("utf-8").split("\n", 1)
        self._append(name, content, head + "\n")

    def _append(self, name: str, content: str, head: str = "") -> None:
        """Append whole lines; to an empty file a head first."""
        if not content:
            return
        file = self.path / name
        try:
            _cut_unfinished(file)
            with file.open("ab") as stream:
                lines = content if stream.tell() else head + content
                stream.write(lines.encode("utf-8", "replace"))
        except OSError as error:
            raise OutputError(
                f"写不进 {file}（{error.strerror}）。如果文件正在 Excel 中打开，请先关闭；也请检查磁盘空间。"
            ) from error


def issue_list(watch: Watch) -> pd.DataFrame:
    """Return the live issues: issue, title, hotspot, hotspot_title, topic, orders, last, order_ids; largest first."""
    orders, live = watch.orders(), watch.live
    placed = orders.assign(issue=[live.of_order.get(order, "") for order in orders["order_id"]])
    rows = []
    for issue, group in placed[placed["issue"] != ""].groupby("issue"):
        name, hotspot = str(issue), live.hotspot.get(str(issue), "")
        rows.append(
            {
                "issue": name,
                "title": live.title.get(name, ""),
                "hotspot": hotspot,
                "hotspot_title": live.title.get(hotspot, ""),
                "topic": live.topic.get(hotspot, ""),
                "orders": len(group),
                "last": f"{group['created'].max():%Y-%m-%d %H:%M:%S}",
                "order_ids": "、".join(group["order_id"]),
            }
        )
    columns = ["issue", "title", "hotspot", "hotspot_title", "topic", "orders", "last", "order_ids"]
    return pd.DataFrame(rows, columns=columns).sort_values(["orders", "issue"], ascending=[False, True], kind="stable")


def _placement_row(placement: Placement) -> list[Any]:
    return [*(getattr(placement, name) for name in _PLACEMENT[:-1]), "、".join(placement.partners)]


def _plain(orders: pd.DataFrame) -> list[dict[str, Any]]:
    """Return orders as plain values."""
    frame = orders.copy()
    for column in ("created", "closed"):
        frame[column] = ["" if pd.isna(time) else f"{time:{_TIME}}" for time in frame[column]]
    return [{str(k): v for k, v in row.items()} for row in frame.to_dict("records")]


def _table(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Return the orders table of plain values that `_plain` made of one."""
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    for column in ("created", "closed"):
        frame[column] = pd.to_datetime(frame[column].replace("", None), format=_TIME)
    return marked(frame)


def _column(file: Path, name: str) -> frozenset[str]:
    _cut_unfinished(file)
    content = file.read_text(encoding="utf-8-sig") if file.exists() else ""
    return frozenset(row[name].removeprefix("'") for row in csv.DictReader(io.StringIO(content, newline="")))


def _lines(file: Path) -> list[dict[str, Any]]:
    _cut_unfinished(file)
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()] if file.exists() else []


def _sync(file: Path) -> None:
    """Have what was appended to a file on the disk, should the power go."""
    if file.exists():
        with file.open("ab") as stream:
            os.fsync(stream.fileno())


def _cut_unfinished(file: Path) -> None:
    """Cut off a last line that was not finished: its writer was stopped in the middle."""
    if not file.exists():
        return
    with file.open("rb+") as stream:
        size = stream.seek(0, os.SEEK_END)
        if not size:
            return
        stream.seek(size - 1)
        if stream.read(1) == b"\n":
            return
        stream.seek(0)
        stream.truncate(stream.read().rfind(b"\n") + 1)
