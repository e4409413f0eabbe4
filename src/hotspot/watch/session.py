"""A watch from source to folder: read what comes, place it, write and tell."""

import sys
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from ..errors import OrdersError
from ..orders import OrderStream, read_orders
from ..privacy import mask
from ..settings import Settings
from .alarms import Alarm
from .engine import Watch
from .folder import Rejected, WatchFolder
from .follow import Batch, FileTail, Records
from .live import Placement

__all__ = ["Inputs", "Told", "run_watch"]


@dataclass(frozen=True)
class Inputs:
    """What the command was given.

    Attributes
    ----------
    source : str
        File that orders are added to; ``-`` for standard input.
    out : pathlib.Path
        Folder of the watch.
    once : bool
        Read what is there, find all issues anew at the end, and stop.
    history, registry : str or None
        Earlier orders; the registry's folder.
    columns : mapping of str to str
    encoding, model : str or None
    """

    source: str
    out: Path
    once: bool = False
    history: str | None = None
    registry: str | None = None
    columns: Mapping[str, str] | None = None
    encoding: str | None = None
    model: str | None = None


@dataclass(frozen=True)
class Told:
    """Where the watch tells of what it does.

    Attributes
    ----------
    placed : callable
        Called with each placement and its alarms.
    said : callable
        Called with a Chinese line on the source: bad lines, a file replaced, going on after a break.
    """

    placed: Callable[[Placement, list[Alarm]], None]
    said: Callable[[str], None]


@dataclass
class Counts:
    """How much came.

    Attributes
    ----------
    orders, alarms, rejected : int
    """

    orders: int = 0
    alarms: int = 0
    rejected: int = 0


def run_watch(inputs: Inputs, settings: Settings, told: Told) -> Counts:
    """Watch a source until it ends, or until the user interrupts (KeyboardInterrupt ends it cleanly).

    Raises
    ------
    HotspotError
        The source can't be read, the folder can't be written or is in use.
    """
    if inputs.source != "-" and not Path(inputs.source).is_file():
        raise OrdersError(f"找不到文件：{inputs.source}。请检查路径；从标准输入读时写 -。")
    history = read_orders(inputs.history, columns=settings.columns) if inputs.history else None
    folder = WatchFolder(inputs.out)
    try:
        fresh = not (inputs.out / "state.jsonl").exists()
        with Watch(settings, history=history if fresh else None, registry=inputs.registry, model=inputs.model) as watch:
            return _Session(inputs, settings, told, folder, watch).run()
    finally:
        folder.close()


class _Session:
    def __init__(self, inputs: Inputs, settings: Settings, told: Told, folder: WatchFolder, watch: Watch) -> None:
        self._inputs, self._told, self._folder, self._watch = inputs, told, folder, watch
        self._settings = settings
        self._name = "标准输入" if inputs.source == "-" else Path(inputs.source).name
        self._stream = OrderStream(self._name, {**settings.columns, **(inputs.columns or {})})
        self._counts = Counts()
        self._place: dict[str, Any] = {}
        self._taken_over = watch.result
        self._begun, self._whole = False, False

    def run(self) -> Counts:
        try:
            self._begin()
            for batch in self._batches():
                self._whole = False
                self._take(batch)
                self._whole = True
            if self._inputs.once or self._inputs.source == "-":
                self._watch.settle()
        except KeyboardInterrupt:
            self._told.said("已停止。下次用同一个输出文件夹，会接着看。")
        if self._whole:
            self._folder.save(self._watch, self._place)
        elif self._begun:  # what was noted of the batch is placed when the watch goes on
            self._folder.write_issues(self._watch)
        return self._counts

    def _begin(self) -> None:
        resumed = self._folder.resume(self._watch)
        self._begun = True
        if resumed is not None:
            self._place = resumed.place
            self._told.said(f"接着上次：已有 {len(self._watch.orders())} 件工单在看。")
            if len(resumed.orders):
                self._told.said(
                    f"上次停下时读进来还没看的 {len(resumed.orders)} 件，现在补看；上次没来得及显示的提醒在下面。"
                )
            self._reject(resumed.rejected)
            self._observe(resumed.orders, resumed.told)
        self._folder.save(self._watch, self._place)
        self._taken_over = self._watch.result
        self._whole = True

    def _take(self, batch: Batch) -> None:
        orders, rejected = self._read(batch)
        self._folder.remember(orders, rejected, self._place)
        self._reject(rejected)
        self._observe(orders)
        if self._watch.result is not self._taken_over:
            self._taken_over = self._watch.result
            self._folder.save(self._watch, self._place)

    def _reject(self, rejected: list[Rejected]) -> None:
        for line, _, reason in rejected:
            self._told.said(f"第 {line} 行不能用：{reason}")
        self._folder.write_rejected(rejected)
        self._counts.rejected += len(rejected)

    def _observe(self, orders: pd.DataFrame, told: Collection[tuple[str, str]] = ()) -> None:
        """Place orders; each is shown with its alarms, but those told before, and written at once."""
        for placement, raised in self._watch.observe(orders):
            alarms = [alarm for alarm in raised if (alarm.kind, alarm.orders[-1]) not in told]
            self._told.placed(placement, alarms)
            self._folder.write_placed(placement, alarms)
            self._counts.orders += 1
            self._counts.alarms += len(alarms)

    def _read(self, batch: Batch) -> tuple[pd.DataFrame, list[Rejected]]:
        bad = [(line, "", reason) for line, reason in batch.bad]
        if batch.rows.empty:
            return self._watch.orders().iloc[:0], bad
        try:
            orders, rejected = self._stream.read(batch.rows, batch.faults)
        except OrdersError:
            if batch.headed:
                raise
            return self._watch.orders().iloc[:0], sorted(
                [*bad, *((n, "", "缺少编号、时间或内容") for n in batch.lines)]
            )
        bad += [
            (batch.lines[row - 1], mask(order_id), reason)
            for row, order_id, reason in rejected.itertuples(index=False, name=None)
        ]
        return orders, sorted(bad)

    # --- source ------------------------------------------------------------------------------------------------------

    def _batches(self) -> Iterator[Batch]:
        if self._inputs.source == "-":
            yield from self._from_stdin()
        else:
            yield from self._from_file(Path(self._inputs.source))

    def _from_stdin(self) -> Iterator[Batch]:
        records = Records(self._name, self._inputs.encoding)
        read = getattr(sys.stdin.buffer, "read1", sys.stdin.buffer.read)
        while data := read(1 << 16):
            yield from records.feed(data)
        yield from records.feed(b"", last=True)

    def _from_file(self, path: Path) -> Iterator[Batch]:
        tail, records = FileTail(path), Records(self._name, self._inputs.encoding)
        self._go_on(tail, records)
        try:
            while True:
                data, replaced = tail.read()
                if replaced:
                    self._told.said(f"{self._name} 被替换或清空了，从头读起（已看过的工单不再重复）。")
                    records = Records(self._name, self._inputs.encoding)
                for batch in records.feed(data, last=self._inputs.once and not data):
                    self._place = {"offset": records.offset, "line": records.line, "mark": tail.mark(records.offset)}
                    yield batch
                if not data:
                    if self._inputs.once:
                        return
                    time.sleep(self._settings.watch.poll_seconds)
        finally:
            tail.close()

    def _go_on(self, tail: FileTail, records: Records) -> None:
        """Skip what was read before the break, if the file still holds it; the headings are read again."""
        place = self._place
        if not place.get("offset") or not tail.seek(place["offset"], place["mark"]):
            return
        next(records.feed(tail.beginning()), None)
        records.skip_to(place["offset"], place["line"])
