"""A month's hotspots described, and recognised as topics that are known."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..detection import DetectionResult
from ..sampling import systematic_sample
from ..signatures import Chance, Signature, distinguishing_words, example_texts, likeness, pooled, unit_mix
from .book import Book, MonthRecord, TopicRecord

__all__ = ["describe", "recognise"]

EXAMPLES = 40
"""Texts of a hotspot that are kept."""
MONTH_EXAMPLES = 300
"""Texts of a month that are kept."""
ORDER_IDS = 1000
PLACES = 5
LEVEL = 0.05
"""Chance that a new hotspot is taken for a topic that is known."""
PART_LEVEL = 0.03
"""The same where the topic has a hotspot already, or the hotspot a topic: one being part of the other is rarer."""
RECENT = 12
"""Months of a topic that it is known by, and months whose hotspots tell how alike different ones are."""


def describe(result: DetectionResult) -> MonthRecord:
    """Say of a month's hotspots what they can be known again by; their topics are left open."""
    orders = result.orders
    cut = result.segmenter.topic_words
    whole = (orders["title"] + "。" + orders["text"]).tolist()
    words = [sorted(set(cut(text))) for text in whole]
    frequency = Counter(word for each in words for word in each)
    examples = np.array(example_texts(orders), dtype=object)
    names = result.assignments["hotspot"].to_numpy()
    hotspots = []
    for row in result.hotspots.to_dict("records"):
        at = np.flatnonzero(names == row["hotspot"])
        said = list(dict.fromkeys(examples[at]))
        hotspots.append(
            TopicRecord(
                topic="",
                hotspot=row["hotspot"],
                rank=int(row["rank"]),
                title=str(row["title"]),
                heat=float(row["heat"]),
                orders=len(at),
                texts=int(row["texts"]),
                callers=int(row["callers"]),
                daily=_daily(orders.iloc[at]),
                words=distinguishing_words([whole[i] for i in at], cut, frequency, len(orders)),
                units=unit_mix(orders["department"].iloc[at], orders["department"]),
                places=tuple(place for place in str(row["places"]).split("、")[:PLACES] if place),
                examples=tuple(said[i] for i in systematic_sample(len(said), EXAMPLES)),
                order_ids=tuple(orders["order_id"].iloc[at[:ORDER_IDS]]),
            )
        )
    of_month = list(dict.fromkeys(examples))
    some = tuple(of_month[i] for i in systematic_sample(len(of_month), MONTH_EXAMPLES))
    return MonthRecord(len(orders), _daily(orders), some, tuple(hotspots))


def _daily(orders: pd.DataFrame) -> dict[str, int]:
    counts = orders["created"].dropna().dt.strftime("%Y-%m-%d").value_counts().sort_index()
    return {str(day): int(count) for day, count in counts.items()}


def recognise(
    book: Book, name: str, month: MonthRecord, vectors: Mapping[str, NDArray[np.float32]], own: NDArray[np.float32]
) -> MonthRecord:
    """Give each hotspot of a month the topic that it is, or none if it is a new one.

    One to one, by the assignment whose likeness beyond what different topics reach by chance is greatest in all. A
    hotspot that is left over, and more like a topic than chance has it, is another part of that topic: what was one
    hotspot may be two in another month. A topic that is left over, and more like a hotspot than chance has it, is told
    within that hotspot. Where the month was registered before, a hotspot with the same orders keeps its topic, and a
    month that did not change keeps all.

    Parameters
    ----------
    book : Book
        What is known.
    name : str
        The month, such as ``2022-06``.
    month : MonthRecord
        From `describe`.
    vectors : mapping of str to ndarray of float32, shape (1 + hotspots, d)
        Of the known months (`storage.month_vectors`).
    own : ndarray of float32, shape (1 + hotspots, d)
        Of this month.
    """
    if name in book.months and _untold(book.months[name]) == _untold(month):
        return book.months[name]
    elsewhere = {r.topic for m, other in book.months.items() for r in other.hotspots if m != name}
    earlier = {r.topic for m, other in book.months.items() for r in other.hotspots if m < name}
    topics = sorted({r.topic for m in book.months.values() for r in m.hotspots})
    if not topics or not month.hotspots:
        return month
    known = {m: _signatures(book.months[m], vectors[m]) for m in book.months}
    new = _signatures(month, own)
    base = np.mean([own[0], *(vectors[m][0] for m in sorted(vectors) if m != name)], axis=0)
    recent = [known[m] for m in sorted(known)[-RECENT:] if m != name]
    chance = Chance.among([likeness(new, new, base), *(likeness(each, each, base) for each in recent)])
    entries = [_entry(book, topic, known) for topic in topics]
    alike = likeness(new, entries, base)
    beyond, part = (alike - chance.threshold(len(elsewhere), level) for level in (LEVEL, PART_LEVEL))
    found = _assigned(beyond, part, _same_orders(book, name, month, topics))
    within: dict[int, list[str]] = {}
    for j, topic in enumerate(topics):
        if topic in earlier and j not in found.values() and part[:, j].max() > 0:
            within.setdefault(int(part[:, j].argmax()), []).append(topic)
    hotspots = (
        replace(record, topic=topics[found[i]] if i in found else "", also=tuple(within.get(i, ())))
        for i, record in enumerate(month.hotspots)
    )
    return replace(month, hotspots=tuple(hotspots))


def _untold(month: MonthRecord) -> MonthRecord:
    """Return a month without what was recognised in it."""
    return replace(month, hotspots=tuple(replace(record, topic="", also=()) for record in month.hotspots))


def _assigned(beyond: NDArray[np.float64], part: NDArray[np.float64], same: Mapping[int, int]) -> dict[int, int]:
    """Return the topic of each hotspot that has one: that of the same orders, else one to one, else a share of one."""
    from scipy.optimize import linear_sum_assignment

    found = dict(same)
    rest = [i for i in range(len(beyond)) if i not in found]
    free = [j for j in range(beyond.shape[1]) if j not in found.values()]
    gain = np.maximum(beyond[np.ix_(rest, free)], 0)
    rows, columns = linear_sum_assignment(-gain)
    found |= {rest[i]: free[j] for i, j in zip(rows, columns, strict=True) if gain[i, j] > 0}
    found |= {i: int(part[i].argmax()) for i in rest if i not in found and part[i].max() > 0}
    return found


def _signatures(month: MonthRecord, vectors: NDArray[np.float32]) -> list[Signature]:
    rows = zip(month.hotspots, vectors[1:], strict=True)
    return [Signature(vector, record.words, record.units, record.texts) for record, vector in rows]


def _entry(book: Book, topic: str, known: Mapping[str, list[Signature]]) -> Signature:
    months = [(m, i) for m in sorted(book.months) for i, r in enumerate(book.months[m].hotspots) if r.topic == topic]
    return pooled([known[m][i] for m, i in months[-RECENT:]])


def _same_orders(book: Book, name: str, month: MonthRecord, topics: list[str]) -> dict[int, int]:
    """Return the topic of each hotspot that shares most of its orders with a former record of this very month."""
    found = {}
    for i, hotspot in enumerate(month.hotspots):
        now = set(hotspot.order_ids)
        for record in book.months[name].hotspots if name in book.months else ():
            before = set(record.order_ids)
            if 2 * len(now & before) > len(now | before):
                found[i] = topics.index(record.topic)
    return found
