"""What became of each topic since the month before."""

from collections.abc import Mapping

import numpy as np

from .book import Book

__all__ = [
    "ABSORBED", "CONTINUING", "FADED", "NEW", "RETURNED", "RISING", "changes", "month_before", "share_change",
    "statuses",
]  # fmt: skip

NEW, RISING, CONTINUING, FADED, RETURNED = "新出现", "上升", "持续", "回落", "再次出现"
ABSORBED = "并入其他热点"
LEVEL = 0.05
"""Share of false alarms among the topics that are said to rise or fall (false discovery rate)."""


def month_before(book: Book, month: str) -> str:
    """Return the last registered month before a month, or an empty string: a month that is missing tells nothing."""
    return max((name for name in book.months if name < month), default="")


def statuses(book: Book, month: str) -> dict[str, str]:
    """Say of every topic that stands by itself what it is in a month.

    新出现 where no earlier month had it; 再次出现 where one had, but not the month before; 上升 or 回落 where its
    orders rose or fell and its share of all orders changed beyond chance; 回落 also where it was a hotspot in the month
    before and is none now; else 持续. Topics of earlier months than that which are no hotspot now are left out; and
    where no earlier month is registered, nothing can be said of any.
    """
    before = month_before(book, month)
    if not before:
        return {}
    now, then = book.counts(month), book.counts(before)
    earlier = {topic for name in book.months if name < before for topic in book.counts(name)}
    changed = changes(book, month)
    result = {topic: RETURNED if topic in earlier else NEW for topic in now.keys() - then.keys()}
    within = {book.root(topic) for record in book.months[month].hotspots for topic in record.also}
    result |= {topic: ABSORBED if topic in within else FADED for topic in then.keys() - now.keys()}
    for topic, p in changed.items():
        moved = now[topic] - then[topic] if p <= LEVEL else 0
        result[topic] = RISING if moved > 0 else FADED if moved < 0 else CONTINUING
    return result


def changes(book: Book, month: str) -> dict[str, float]:
    """Return the p-value of the change of share of each topic that was there in a month and in the one before it."""
    before = month_before(book, month)
    if not before:
        return {}
    now, then = book.counts(month), book.counts(before)
    both = {topic: (then[topic], now[topic]) for topic in sorted(now.keys() & then.keys())}
    return share_change(both, book.months[before].orders, book.months[month].orders)


def share_change(counts: Mapping[str, tuple[int, int]], before: int, now: int) -> dict[str, float]:
    """Test whether topics' shares of all orders changed.

    Two Poisson counts are compared given their sum (the conditional binomial test: Przyborowski & Wilenski 1940,
    Biometrika 31), exact for small counts; the p-values are adjusted for the number of topics (Benjamini & Hochberg
    1995, J. R. Stat. Soc. B 57).

    Parameters
    ----------
    counts : mapping of str to (int, int)
        Orders of each topic in the month before and now.
    before, now : int
        All orders of the two months.

    Returns
    -------
    dict of str to float
        Adjusted two-sided p-values.
    """
    from scipy.stats import binomtest, false_discovery_control

    if not counts:
        return {}
    share = now / (before + now)
    values = [float(binomtest(after, first + after, share).pvalue) for first, after in counts.values()]
    adjusted = false_discovery_control(np.clip(values, 0.0, 1.0))
    return dict(zip(counts, map(float, adjusted), strict=True))
