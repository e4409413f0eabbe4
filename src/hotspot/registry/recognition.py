"""A month's hotspots described, and recognised as topics that are known."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..detection import DetectionResult
from ..signatures import Chance, Signature, distinguishing_words, evenly, example_texts, likeness, pooled, unit_mix
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
                examples=evenly(said, EXAMPLES),
                order_ids=tuple(orders["order_id"].iloc[at[:ORDER_IDS]]),
            )
        )
    return MonthRecord(
        len(orders), _daily(orders), evenly(list(dict.fromkeys(examples)), MONTH_EXAMPLES), tuple(hotspots)
    )


def _daily(orders: pd.DataFrame) -> dict[str, int]:
    counts = orders["created"].dropna().dt.strftime("%Y-%m-%d").value_counts().sort_index()
    return {str(day): int(count) for day, count in counts.items()}


def recognise(
    book: Book, name: str, month: MonthRecord, vectors: Mapping[str, NDArray[np.float32]], own: NDArray[np.float32]
) -> MonthRecord:
    """Give each hotspot of a month the topic that it is, or none if it is a new one.

    One to one, by the assignment whose likeness beyond what different topics reach by chance is greatest in all. Where
    the month was registered before, a hotspot with the same orders keeps its topic.

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
    from scipy.optimize import linear_sum_assignment

    known = {m: _signatures(book.months[m], vectors[m]) for m in book.months}
    new = _signatures(month, own)
    base = np.mean([own[0], *(vectors[m][0] for m in sorted(vectors) if m != name)], axis=0)
    topics = sorted({r.topic for m in book.months.values() for r in m.hotspots})
    if not topics or not new:
        return month
    entries = [_entry(book, topic, known) for topic in topics]
    recent = [known[m] for m in sorted(known)[-RECENT:] if m != name]
    chance = Chance.among([likeness(new, new, base), *(likeness(each, each, base) for each in recent)])
    least = chance.threshold(len(entries), LEVEL)
    beyond = np.maximum(likeness(new, entries, base) - least, 0) + 2 * _same_orders(book, name, month, topics)
    rows, columns = linear_sum_assignment(-beyond)
    found = {int(i): topics[j] for i, j in zip(rows, columns, strict=True) if beyond[i, j] > 0}
    return replace(month, hotspots=tuple(replace(r, topic=found.get(i, "")) for i, r in enumerate(month.hotspots)))


def _signatures(month: MonthRecord, vectors: NDArray[np.float32]) -> list[Signature]:
    rows = zip(month.hotspots, vectors[1:], strict=True)
    return [Signature(vector, record.words, record.units, record.texts) for record, vector in rows]


def _entry(book: Book, topic: str, known: Mapping[str, list[Signature]]) -> Signature:
    months = [(m, i) for m in sorted(book.months) for i, r in enumerate(book.months[m].hotspots) if r.topic == topic]
    return pooled([known[m][i] for m, i in months[-RECENT:]])


def _same_orders(book: Book, name: str, month: MonthRecord, topics: list[str]) -> NDArray[np.float64]:
    """Return the share of orders that each hotspot has in common with each topic's former record of this very month."""
    shares = np.zeros((len(month.hotspots), len(topics)))
    for record in book.months[name].hotspots if name in book.months else ():
        former = set(record.order_ids)
        for i, hotspot in enumerate(month.hotspots):
            both = len(former & set(hotspot.order_ids))
            share = both / (len(former | set(hotspot.order_ids)) or 1)
            shares[i, topics.index(record.topic)] = share if share > 0.5 else 0.0
    return shares
