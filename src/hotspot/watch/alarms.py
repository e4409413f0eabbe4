"""Alarms: a matter that bursts, an emergency that comes.

Bursts are tested for whenever an order comes, on groups of two kinds: the orders of its issue, and the orders nearest
to it by what they are about whatever their issue, since callers put one trouble in many ways. Neither is made with a
look at the time; so, were there no burst, the days of its orders would be a random draw from the days of all orders in
view. How many of the group came within the last days is then hypergeometric, and no rate needs to be known. It is a
prospective scan (Kulldorff 2001, J. R. Stat. Soc. A 164) in its permutation form (Kulldorff et al. 2005, PLoS Medicine
2:e59); the second kind of group is the k-nearest-neighbour test of interaction (Jacquez 1996, Statistics in Medicine
15). The order that has just come is left out: it always came today.

The level keeps the false alarms down to what the settings say. That many windows were looked at is accounted for
exactly, not by multiplying: the windows are nested, so the counts of a group from the widest to the narrowest are a
Markov chain, and the probability that any of them is so extreme is a short sum. Groups are added up, and a test is
significant below (false alarms a month) / (orders a month). By linearity of expectation that bounds the mean number of
false alarms, however the tests depend.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..settings import WatchSettings

__all__ = ["Alarm", "Finding", "Recent", "find_burst_now", "level_of"]

WINDOWS = np.array([1, 2, 4, 7, 14])
"""Lengths in days of the windows that end today."""
NEIGHBOURS = (10, 20)
"""How many nearest orders are groups."""
MONTH = 30.0
FEWEST_ORDERS = 30
"""Orders in view below which it is too early to say what is usual."""
Rows = NDArray[np.int64]


@dataclass(frozen=True)
class Recent:
    """Days and callers of the orders in view.

    Attributes
    ----------
    days : ndarray of int64, shape (n,)
        Day of each order, in whole days.
    callers : ndarray of int64, shape (n,)
        Number of each order's caller; unknown callers have numbers of their own.
    """

    days: Rows
    callers: Rows

    def once(self, rows: Rows) -> Rows:
        """Leave one order of each caller and day."""
        _, first = np.unique(np.stack([self.days[rows], self.callers[rows]]), axis=1, return_index=True)
        return rows[np.sort(first)]


@dataclass(frozen=True)
class Finding:
    """A burst that ends today.

    Attributes
    ----------
    group : int
        Which of the groups it is of.
    window : int
        Its length in days.
    rows : ndarray of int64
        Orders in it, without the one that has just come.
    expected : float
        Orders that were to be expected, that one included.
    p : float
        Probability that chance alone makes any window of any group as extreme; over 1 means 1.
    """

    group: int
    window: int
    rows: Rows
    expected: float
    p: float


@dataclass(frozen=True)
class Alarm:
    """What is told at once.

    Attributes
    ----------
    alarm : str
        Id: ``A0001`` …
    kind : str
        事项突增 (an issue bursts), 同类突增 (orders on one subject do), or 险情 (an emergency).
    created : str
        Time of the order that set it off.
    text : str
        The line that is shown.
    orders : tuple of str
        The order ids that it rests on; the last is that of the order that set it off.
    facts : dict
        issue, title, hotspot, topic; of a burst days, callers, expected, p; of an emergency its kind, clause and
        urgency.
    """

    alarm: str
    kind: str
    created: str
    text: str
    orders: tuple[str, ...]
    facts: dict[str, Any]


def level_of(settings: WatchSettings, orders: int, days: float) -> float:
    """Return the level of significance that keeps false alarms to what the settings say.

    Parameters
    ----------
    settings : WatchSettings
    orders : int
        Orders in view.
    days : float
        Days that they came in.
    """
    tests = orders / max(days, 1.0) * MONTH
    return settings.false_alarms / max(tests, FEWEST_ORDERS)


def find_burst_now(
    recent: Recent, groups: Sequence[Rows], today: int, caller: int, *, least_callers: int, level: float
) -> Finding | None:
    """Find the window ending today in which orders of one of the groups crowd the most.

    Parameters
    ----------
    recent : Recent
        Orders in view, without the one that has just come.
    groups : sequence of ndarray of int64
        Rows of the orders that may be of one matter with the one that has just come: nested or not.
    today, caller : int
        Day and caller of that order.
    least_callers : int
        Fewest callers of a burst, this one included.
    level : float
        Significance that a burst must have.

    Returns
    -------
    Finding or None
        None where none is significant in a window that holds so many callers.
    """
    before = recent.once(np.flatnonzero(recent.days <= today))
    if len(before) < FEWEST_ORDERS:
        return None
    of_all = (recent.days[before][:, None] > today - WINDOWS).sum(axis=0)
    groups = [recent.once(group[recent.days[group] <= today]) for group in groups]
    least, where = np.inf, (0, 0)
    for number, rows in enumerate(groups):
        inside = recent.days[rows][:, None] > today - WINDOWS
        callers = np.array([len({*recent.callers[rows[part]].tolist(), caller}) for part in inside.T])
        tails = _tail(inside.sum(axis=0), len(before), of_all, len(rows))
        tails[callers < least_callers] = np.inf
        if tails.min() < least:
            least, where = float(tails.min()), (number, int(tails.argmin()))
    if least > level:  # more groups and windows only make it likelier by chance
        return None
    p = sum(_any_tail(least, len(before), of_all, len(rows)) for rows in groups)
    if p > level:
        return None
    rows, window = groups[where[0]], int(WINDOWS[where[1]])
    expected = (len(rows) + 1) * (int(of_all[where[1]]) + 1) / (len(before) + 1)
    return Finding(where[0], window, rows[recent.days[rows] > today - window], float(expected), p)


def _tail(found: Rows, orders: int, marked: Rows, drawn: int) -> NDArray[np.float64]:
    """Return the probability of finding so many marked orders or more among those drawn from all."""
    from scipy.stats import hypergeom

    return np.asarray(hypergeom.sf(found - 1, orders, marked, drawn), dtype=np.float64)


def _any_tail(least: float, orders: int, marked: Rows, drawn: int) -> float:
    """Return the probability that a draw is found in any of the nested windows as often as has a tail so small.

    Of the orders in a window those of the next narrower one are again a random draw; a course ends in the first window
    in which it is that extreme, and what is left in the end never was.
    """
    from scipy.stats import hypergeom

    found = np.arange(drawn + 1)
    usual = _tail(found[:, None], orders, marked[None, :], drawn) > least
    found = found[: int(usual.sum(axis=0).max())]
    usual = usual[: len(found)]
    left = hypergeom.pmf(found, orders, marked[-1], drawn) * usual[:, -1]
    for window in range(len(marked) - 2, -1, -1):
        narrower = hypergeom.pmf(found[None, :], marked[window + 1], marked[window], found[:, None])
        left = (left @ np.nan_to_num(narrower)) * usual[:, window]  # no more can be drawn than there are
    return max(1 - float(left.sum()), least)
