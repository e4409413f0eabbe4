"""What a watch leaves behind, and goes on from after a break.

``assignments.csv``, ``alerts.jsonl`` and ``rejected.csv`` only grow: a line an order, an alarm, a bad line.
``issues.csv`` is the present state, written anew as a whole. ``state.jsonl`` is the watch's memory: its first line is
the state when it was last written as a whole, then a line for each order that was in view, then a line for each batch
of orders since, written before anything else is: what a sudden end cuts off is completed from it, and nothing is told
twice. All of it is masked.
"""

import csv
import io
import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import asdict
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

__all__ = ["WatchFolder"]

VERSION = 1
_TIME = "%Y-%m-%d %H:%M:%S.%f"
_PLACEMENT = ["order_id", "created", "issue", "title", "hotspot", "topic", "likeness", "decision", "partners"]
_REJECTED = ["line", "order_id", "reason"]
Observed = tuple[Placement, list[Alarm]]


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

    def resume(self, watch: Watch) -> dict[str, Any] | None:
        """Bring a watch to where the last one ended, complete the files, and return its place in the source."""
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
        place: dict[str, Any] = first["place"]
        for line in lines[1 + size :]:
            if line["orders"]:
                self.write_results(list(watch.observe(_table(line["orders"]))), known=True)
            self.write_rejected(line["rejected"], known=True)
            place = line["place"]
        return place

    def remember(self, orders: pd.DataFrame, rejected: Sequence[tuple[int, str, str]], place: dict[str, Any]) -> None:
        """Note a batch of orders before it is placed."""
        line = {"orders": _plain(orders), "rejected": [list(each) for each in rejected], "place": place}
        self._append("state.jsonl", json.dumps(line, ensure_ascii=False) + "\n")

    def save(self, watch: Watch, place: dict[str, Any]) -> None:
        """Write the state and the issues of now as a whole."""
        orders = _plain(watch.orders())
        first = {"version": VERSION, "state": asdict(watch.state()), "orders": len(orders), "place": place}
        lines = [json.dumps(each, ensure_ascii=False) + "\n" for each in (first, *orders)]
        write_files(self.path, {"state.jsonl": "".join(lines), "issues.csv": csv_bytes(issue_list(watch))})

    # --- results -----------------------------------------------------------------------------------------------------

    def write_results(self, observed: Iterable[Observed], *, known: bool = False) -> None:
        """Append placements and alarms; with `known` those that are there already are left out."""
        observed = list(observed)
        ids = _column(self.path / "assignments.csv", "order_id") if known else frozenset()
        told = _ids(self.path / "alerts.jsonl", "alarm") if known else frozenset()
        rows = [_placement_row(p) for p, _ in observed if not (known and p.order_id in ids)]
        alarms = [asdict(a) for _, each in observed for a in each if a.alarm not in told]
        self._append_csv("assignments.csv", _PLACEMENT, rows)
        self._append("alerts.jsonl", "".join(json.dumps(alarm, ensure_ascii=False) + "\n" for alarm in alarms))

    def write_rejected(self, rejected: Sequence[Sequence[Any]], *, known: bool = False) -> None:
        """Append bad lines: their number, order id and reason."""
        there = _column(self.path / "rejected.csv", "line") if known else frozenset()
        self._append_csv("rejected.csv", _REJECTED, [list(row) for row in rejected if str(row[0]) not in there])

    def _append_csv(self, name: str, headings: list[str], rows: list[list[Any]]) -> None:
        if not rows:
            return
        new = not (self.path / name).exists()
        frame = pd.DataFrame(rows, columns=headings)
        content = csv_bytes(frame).decode("utf-8-sig")
        self._append(name, ("\ufeff" + content) if new else content.split("\n", 1)[1])

    def _append(self, name: str, content: str) -> None:
        if not content:
            return
        file = self.path / name
        try:
            if file.exists():
                _cut_unfinished(file)
            with file.open("ab") as stream:
                stream.write(content.encode("utf-8", "replace"))
                stream.flush()
                os.fsync(stream.fileno())
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
    if not file.exists():
        return frozenset()
    _cut_unfinished(file)
    reader = csv.DictReader(io.StringIO(file.read_text(encoding="utf-8-sig"), newline=""))
    return frozenset(row[name].removeprefix("'") for row in reader)


def _ids(file: Path, name: str) -> frozenset[str]:
    if not file.exists():
        return frozenset()
    _cut_unfinished(file)
    return frozenset(json.loads(line)[name] for line in file.read_text(encoding="utf-8").splitlines())


def _cut_unfinished(file: Path) -> None:
    """Cut off a last line that was not finished: its writer was stopped in the middle."""
    with file.open("rb+") as stream:
        size = stream.seek(0, os.SEEK_END)
        if not size:
            return
        stream.seek(size - 1)
        if stream.read(1) == b"\n":
            return
        stream.seek(0)
        stream.truncate(stream.read().rfind(b"\n") + 1)
