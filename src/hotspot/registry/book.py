"""What a registry holds: months, the hotspots of each, and the topics that they belong to."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from types import MappingProxyType
from typing import Any, Self

from ..errors import RegistryError

__all__ = ["Book", "MonthRecord", "Topic", "TopicRecord"]

_ID = re.compile(r"R\d{4,}")
_MONTH = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True)
class TopicRecord:
    """A topic in one month: the hotspot that it was.

    Attributes
    ----------
    topic : str
        Id of the entry that the hotspot was recognised as.
    hotspot : str
        Id of the hotspot in its month.
    rank, orders, texts, callers : int
    title : str
    heat : float
    daily : mapping of str to int
        Orders by day of call.
    words, units : mapping of str to float
        As in `signatures.Signature`.
    places : tuple of str
        Names of places, those that most orders name first.
    examples : tuple of str
        What some of its orders say, masked: its vector is computed from them.
    order_ids : tuple of str
        Its orders; of a large one the first `ORDER_IDS`.
    also : tuple of str
        Ids of other entries that are told within this hotspot.
    """

    topic: str
    hotspot: str
    rank: int
    title: str
    heat: float
    orders: int
    texts: int
    callers: int
    daily: Mapping[str, int]
    words: Mapping[str, float]
    units: Mapping[str, float]
    places: tuple[str, ...]
    examples: tuple[str, ...]
    order_ids: tuple[str, ...]
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class MonthRecord:
    """A month: its orders in all, and its hotspots.

    Attributes
    ----------
    orders : int
    daily : mapping of str to int
        Orders by day of call.
    examples : tuple of str
        What some of all its orders say: the base from which its hotspots' vectors are taken.
    hotspots : tuple of TopicRecord
        Hottest first.
    """

    orders: int
    daily: Mapping[str, int]
    examples: tuple[str, ...]
    hotspots: tuple[TopicRecord, ...]


@dataclass(frozen=True)
class Topic:
    """An entry of the registry.

    Attributes
    ----------
    name : str
        Given by the user; empty: none.
    merged_into : str
        Id of the topic that it is one with; empty: it stands by itself.
    """

    name: str = ""
    merged_into: str = ""


@dataclass(frozen=True)
class Book:
    """All that a registry holds.

    Attributes
    ----------
    next_number : int
        Number of the next new topic: numbers are never given twice.
    topics : mapping of str to Topic
        By id.
    months : mapping of str to MonthRecord
        By name, such as ``2022-06``.
    """

    next_number: int = 1
    topics: Mapping[str, Topic] = field(default_factory=lambda: MappingProxyType({}))
    months: Mapping[str, MonthRecord] = field(default_factory=lambda: MappingProxyType({}))

    def root(self, topic: str) -> str:
        """Return the topic that an entry is one with.

        Raises
        ------
        RegistryError
            There is no such topic.
        """
        if topic not in self.topics:
            known = "、".join(sorted(self.topics)[:10]) or "无"
            raise RegistryError(f"登记册里没有话题 {topic}。已有：{known}{' 等' if len(self.topics) > 10 else ''}。")
        return self.topics[topic].merged_into or topic

    def roots(self) -> list[str]:
        """Return the topics that stand by themselves, in order of their numbers."""
        return [topic for topic in sorted(self.topics, key=_number) if not self.topics[topic].merged_into]

    def counts(self, month: str) -> dict[str, int]:
        """Return the orders of each topic in a month, entries that are one counted together."""
        totals: dict[str, int] = {}
        for record in self.months[month].hotspots:
            root = self.root(record.topic)
            totals[root] = totals.get(root, 0) + record.orders
        return totals

    def with_month(self, name: str, month: MonthRecord) -> Self:
        """Return a book with a month added or replaced; a hotspot with no topic gets a new one.

        A topic that was born in a month that is now replaced, and that nothing speaks of any more, is forgotten.
        """
        topics, number = dict(self.topics), self.next_number
        hotspots = []
        for record in month.hotspots:
            topic = record.topic
            if not topic:
                topic, number = f"R{number:04d}", number + 1
                topics[topic] = Topic()
            hotspots.append(replace(record, topic=topic))
        months = {**self.months, name: replace(month, hotspots=tuple(hotspots))}
        spoken_of = {t for m in months.values() for r in m.hotspots for t in (r.topic, *r.also)}
        spoken_of |= {t for t, entry in topics.items() if entry.name or entry.merged_into}
        spoken_of |= {entry.merged_into for entry in topics.values()}
        kept = {t: entry for t, entry in topics.items() if t in spoken_of}
        return replace(self, next_number=number, topics=kept, months=months)

    def named(self, topic: str, name: str) -> Self:
        """Return a book in which a topic has a name; an empty one takes it away."""
        root = self.root(topic)
        return replace(self, topics={**self.topics, root: replace(self.topics[root], name=name)})

    def merged(self, topic: str, other: str) -> Self:
        """Return a book in which two topics are one, under the id of the first.

        Raises
        ------
        RegistryError
            They are the same, or there is no such topic.
        """
        first, second = self.root(topic), self.root(other)
        if first == second:
            raise RegistryError(f"{topic} 和 {other} 已经是同一个话题（{first}），不用再合并。")
        name = self.topics[first].name or self.topics[second].name
        below = {t: Topic("", first) for t, entry in self.topics.items() if second in {t, entry.merged_into}}
        return replace(self, topics={**self.topics, first: replace(self.topics[first], name=name), **below})

    def to_json(self) -> dict[str, Any]:
        """Return plain values."""
        return asdict(replace(self, topics=dict(self.topics), months=dict(self.months)))

    @classmethod
    def from_json(cls, values: Any) -> Self:
        """Check plain values and make a book of them.

        Raises
        ------
        KeyError, TypeError, ValueError
            They are no book.
        """
        topics = {_checked(_ID, t): Topic(str(e["name"]), str(e["merged_into"])) for t, e in values["topics"].items()}
        months = {_checked(_MONTH, name): _month(month) for name, month in values["months"].items()}
        book = cls(int(values["next_number"]), topics, months)
        named = {t for month in months.values() for r in month.hotspots for t in (r.topic, *r.also)}
        named |= {entry.merged_into for entry in topics.values()} - {""}
        if not named <= topics.keys() or any(_number(t) >= book.next_number for t in topics):
            raise ValueError("话题编号前后不一")
        if any(entry.merged_into and topics[entry.merged_into].merged_into for entry in topics.values()):
            raise ValueError("话题的合并关系不对")
        return book


def _number(topic: str) -> int:
    return int(topic[1:])


def _checked(form: re.Pattern[str], value: str) -> str:
    if not form.fullmatch(value):
        raise ValueError(f"“{value}”不是该有的写法")
    return value


def _month(values: Any) -> MonthRecord:
    return MonthRecord(
        int(values["orders"]),
        _daily(values["daily"]),
        tuple(map(str, values["examples"])),
        tuple(_record(each) for each in values["hotspots"]),
    )


def _record(values: Any) -> TopicRecord:
    return TopicRecord(
        topic=_checked(_ID, values["topic"]),
        hotspot=str(values["hotspot"]),
        rank=int(values["rank"]),
        title=str(values["title"]),
        heat=float(values["heat"]),
        orders=int(values["orders"]),
        texts=int(values["texts"]),
        callers=int(values["callers"]),
        daily=_daily(values["daily"]),
        words={str(w): float(v) for w, v in values["words"].items()},
        units={str(u): float(v) for u, v in values["units"].items()},
        places=tuple(map(str, values["places"])),
        examples=tuple(map(str, values["examples"])),
        order_ids=tuple(map(str, values["order_ids"])),
        also=tuple(map(str, values["also"])),
    )


def _daily(values: Any) -> dict[str, int]:
    return {_checked(_DAY, day): int(count) for day, count in values.items()}
