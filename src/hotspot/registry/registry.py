"""A folder that keeps the identity of hotspots from month to month."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..detection import DetectionResult
from ..errors import RegistryError
from ..guidance import Guidance, Reference
from ..privacy import mask
from .book import Book, TopicRecord
from .recognition import describe, recognise
from .status import changes, month_before, statuses
from .storage import FILE, locked, mean_vectors, month_vectors, read_book, write_book

__all__ = ["Registry"]

_HOTSPOT_COLUMNS = ["hotspot", "topic", "status", "previous_orders", "topic_name"]
ABSENT = "未出现"


class Registry:
    """The topics of an office, month by month.

    Each hotspot of a month that is recorded is recognised as a topic that is known, or becomes a new one; a topic's id
    (``R0001`` …) is never given twice. Months may be recorded in any order, and again.

    Parameters
    ----------
    path : str or pathlib.Path
        Its folder; made when the first month is recorded.

    Raises
    ------
    RegistryError
        What is there is damaged, foreign or of a newer version.

    Examples
    --------
    >>> registry = hotspot.Registry("登记册")  # doctest: +SKIP
    >>> registry.record(hotspot.detect(orders), "2022-06")  # doctest: +SKIP
    >>> registry.history("R0001")  # doctest: +SKIP
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self._book = read_book(self.path) or Book()

    @classmethod
    def existing(cls, path: str | Path) -> "Registry":
        """Open a registry that must be there.

        Raises
        ------
        RegistryError
            There is none.
        """
        if not (Path(path) / FILE).exists() and not Path(path).is_file():
            raise RegistryError(
                f"{path} 里没有登记册（{FILE}）。登记册由 hotspot detect 工单表 --month 月份 --registry 文件夹 建立。"
            )
        return cls(path)

    @property
    def months(self) -> list[str]:
        """Names of the months recorded, in order."""
        return sorted(self._book.months)

    @property
    def has_names(self) -> bool:
        """Whether the user named any topic."""
        return any(topic.name for topic in self._book.topics.values())

    @property
    def topic_ids(self) -> list[str]:
        """Ids of the topics that stand by themselves, in order of their numbers."""
        return self._book.roots()

    def recognise(self, result: DetectionResult, month: str) -> dict[str, str]:
        """Say which known topic each hotspot is, writing nothing; new ones are left out.

        Returns
        -------
        dict of str to str
            Hotspot id to topic id.
        """
        described = describe(result)
        own = mean_vectors(described, result.encoder)
        found = recognise(self._book, _month(month), described, self._vectors(result), own)
        return {r.hotspot: self._book.root(r.topic) for r in found.hotspots if r.topic}

    def record(self, result: DetectionResult, month: str) -> pd.DataFrame:
        """Record a month's hotspots, in place of what was recorded of that month before.

        Parameters
        ----------
        result : DetectionResult
            Of all orders of the month; the titles are kept as they stand.
        month : str
            Such as ``2022-06``.

        Returns
        -------
        pandas.DataFrame
            As from `hotspots`.

        Raises
        ------
        RegistryError
            The registry is damaged, or another run does not let go of it.
        OutputError
            It cannot be written; what was there before is untouched.
        """
        month = _month(month)
        described = describe(result)
        own = mean_vectors(described, result.encoder)
        with locked(self.path):
            self._book = read_book(self.path) or Book()
            vectors = self._vectors(result)
            found = recognise(self._book, month, described, vectors, own)
            book = self._book.with_month(month, found)
            write_book(self.path, book, {**vectors, month: own}, result.encoder.name)
            self._book = book
        return self.hotspots(month)

    def _vectors(self, result: DetectionResult) -> dict[str, NDArray[np.float32]]:
        return month_vectors(self.path, self._book, result.encoder)

    def hotspots(self, month: str) -> pd.DataFrame:
        """Return what is known of a month's hotspots.

        Returns
        -------
        pandas.DataFrame
            hotspot, topic, status (新出现 上升 持续 回落 再次出现; empty where no earlier month is recorded),
            previous_orders (of the topic in the month recorded before; missing where none is), topic_name; hottest
            first.
        """
        book, month = self._book, self._known_month(month)
        before, status = month_before(book, month), statuses(book, month)
        then = book.counts(before) if before else {}
        rows = []
        for record in book.months[month].hotspots:
            topic = book.root(record.topic)
            previous = then.get(topic, 0) if before else pd.NA
            rows.append((record.hotspot, topic, status.get(topic, ""), previous, book.topics[topic].name))
        table = pd.DataFrame(rows, columns=_HOTSPOT_COLUMNS)
        return table.astype(dict.fromkeys(_HOTSPOT_COLUMNS, "str") | {"previous_orders": "Int64"})

    def topics(self, month: str | None = None) -> pd.DataFrame:
        """Return a line for every topic, with its history.

        Parameters
        ----------
        month : str, optional
            Month that the status is told for; by default the last one.

        Returns
        -------
        pandas.DataFrame
            topic, name, title (of its last month), status (未出现 where it was a hotspot in neither month), change_p
            (chance of such a change of its share of all orders; missing where there is nothing to compare), first and
            last month, and its orders in every month recorded (columns such as ``2022-06``), 0 where it was no
            hotspot.
        """
        book = self._book
        columns = ["topic", "name", "title", "status", "change_p", "first", "last", *self.months]
        if not book.months:
            return pd.DataFrame(columns=columns)
        chosen = self._known_month(month) if month else self.months[-1]
        status, before, now = statuses(book, chosen), month_before(book, chosen), book.counts(chosen)
        tested = changes(book, chosen)
        counts = {name: book.counts(name) for name in self.months}
        rows = []
        for topic in book.roots():
            seen = [name for name in self.months if topic in counts[name]]
            rows.append(
                {
                    "topic": topic,
                    "name": book.topics[topic].name,
                    "title": self.title(topic),
                    "status": status.get(topic, "" if topic in now or not before else ABSENT),
                    "change_p": round(tested[topic], 4) if topic in tested else None,
                    "first": seen[0] if seen else "",
                    "last": seen[-1] if seen else "",
                    **{name: counts[name].get(topic, 0) for name in self.months},
                }
            )
        return pd.DataFrame(rows, columns=columns).astype({"change_p": "float64"})

    def title(self, topic: str) -> str:
        """Return the title that a topic had when it was last a hotspot; of several in that month the hottest's."""
        last = self._last(topic)
        return last[0].title if last else ""

    def name_of(self, topic: str) -> str:
        """Return the name that the user gave a topic, empty if none."""
        return self._book.topics[self._book.root(topic)].name

    def month_before(self, month: str) -> str:
        """Return the last month recorded before a month, empty if none."""
        return month_before(self._book, _month(month))

    def label(self, topic: str) -> str:
        """Return the name that the user gave a topic, or else its title."""
        return self.name_of(topic) or self.title(topic)

    def examples(self, topic: str, before: str = "") -> tuple[str, ...]:
        """Return what some of a topic's orders said when it was last a hotspot (before a month), masked."""
        return tuple(text for record in self._last(topic, before) for text in record.examples)

    def reference(self, topic: str) -> Reference:
        """Refer to a topic, for `Guidance`."""
        last = self._last(topic)
        units = dict(last[0].units) if last else {}
        return Reference(label=self.label(topic), topic=self.root(topic), examples=self.examples(topic), units=units)

    def informed(self, guidance: Guidance, month: str) -> Guidance:
        """Return guidance in which topics are known by what was said of them before a month as well."""

        def now(reference: Reference) -> Reference:
            if reference.topic not in self._book.topics:
                return reference
            said = tuple(dict.fromkeys((*reference.examples, *self.examples(reference.topic, before=month))))
            return reference.model_copy(update={"topic": self.root(reference.topic), "examples": said})

        rules = tuple(rule.model_copy(update={"of": tuple(map(now, rule.of))}) for rule in guidance.rules)
        return guidance.model_copy(update={"rules": rules})

    def history(self, topic: str) -> pd.Series:
        """Return a topic's orders by month: every month recorded, 0 where it was no hotspot.

        Returns
        -------
        pandas.Series of int64
            Index: months (PeriodIndex).
        """
        root = self._book.root(topic)
        counts = [self._book.counts(name).get(root, 0) for name in self.months]
        return pd.Series(counts, pd.PeriodIndex(self.months, freq="M", name="month"), name=root, dtype="int64")

    def daily(self, topic: str) -> pd.Series:
        """Return a topic's orders by day of call, over the days of `daily_totals`.

        Returns
        -------
        pandas.Series of int64
            Index: days (DatetimeIndex).
        """
        counts = _summed([record.daily for _, record in self._records(topic)])
        return counts.reindex(self.daily_totals().index, fill_value=0).rename(self._book.root(topic))

    def daily_totals(self) -> pd.Series:
        """Return all orders of the months recorded by day of call: days with any.

        Returns
        -------
        pandas.Series of int64
            Index: days (DatetimeIndex).
        """
        return _summed([month.daily for month in self._book.months.values()]).rename("orders")

    def name(self, topic: str, name: str) -> None:
        """Give a topic a name that stays; an empty one takes it away."""
        clean = mask(" ".join(unicodedata.normalize("NFC", name).split()))
        self._change(lambda book: book.named(topic, clean))

    def merge(self, topic: str, *others: str) -> None:
        """Let topics be one, under the first one's id; hotspots that are any of them are this topic from now on."""

        def merged(book: Book) -> Book:
            for other in others:
                book = book.merged(topic, other)
            return book

        self._change(merged)

    def root(self, topic: str) -> str:
        """Return the id that a topic goes by, which is another's where it was merged."""
        return self._book.root(topic)

    def _change(self, change: Callable[[Book], Book]) -> None:
        with locked(self.path):
            self._book = change(read_book(self.path) or Book())
            write_book(self.path, self._book)

    def _records(self, topic: str) -> list[tuple[str, TopicRecord]]:
        root = self._book.root(topic)
        return [
            (month, record)
            for month in self.months
            for record in self._book.months[month].hotspots
            if self._book.root(record.topic) == root
        ]

    def _last(self, topic: str, before: str = "") -> list[TopicRecord]:
        """Return a topic's records of the last month that it was in: several where entries were merged."""
        records = [(month, record) for month, record in self._records(topic) if not before or month < before]
        last = max((month for month, _ in records), default="")
        return [record for month, record in records if month == last]

    def _known_month(self, month: str) -> str:
        name = _month(month)
        if name not in self._book.months:
            raise RegistryError(f"登记册里没有 {name}。已登记：{'、'.join(self.months) or '无'}。")
        return name


def _month(month: str) -> str:
    form = re.fullmatch(r"(\d{4})-(0[1-9]|1[0-2])", month)
    if form is None:
        raise RegistryError(f"月份“{month}”写法不对，应如 2022-06。")
    return month


def _summed(daily: Iterable[Mapping[str, int]]) -> pd.Series:
    totals: dict[str, int] = {}
    for each in daily:
        for day, count in each.items():
            totals[day] = totals.get(day, 0) + count
    days = sorted(totals)
    return pd.Series([totals[day] for day in days], pd.DatetimeIndex(days, name="day"), dtype="int64")
