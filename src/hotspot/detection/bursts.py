"""Bursts: stretches of days in which a matter came more often than it should have.

Two tests, both scan statistics over all windows of 1 to `LONGEST` days; a window's significance is that of the best of
all windows, so looking at many of them costs nothing:

`scan_month`
    Needs no history. Were the matter no burst, its orders would be a random draw from the month's orders: given the
    number of all orders on each day its daily counts are multivariate hypergeometric. The space-time permutation scan
    (Kulldorff et al. 2005, PLoS Medicine 2:e59) with time as its only dimension; busy days and holidays, on which all
    orders come more or less often, cancel out.
`scan_history`
    Against what an office's own past lets one expect. The matter's share of all orders has a gamma posterior, its daily
    counts the Poisson-gamma (negative binomial) predictive of that, wider by the day-to-day spread of its past: a
    matter seen three times, or never, is expected with the doubt that three or no orders leave. The score is the
    expectation-based Poisson scan (Neill 2009, International Journal of Forecasting 25).

p-values are Monte Carlo ranks (Dwass 1957), so never too small by more than the draw allows; the draw depends on the
counts alone.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

__all__ = ["Burst", "Forecast", "burst_facts", "daily_counts", "find_burst", "forecast", "scan_history", "scan_month"]

LONGEST = 14
"""Days of the longest window."""
DRAWS = 999
LEAST_P = 0.01
"""What is called a burst in the tables."""
FEWEST = 3
"""Orders below which nothing is called a burst."""
LEAST_HISTORY = 28
"""Days of history below which the month itself is the better measure."""
_PRIOR = 0.5  # Jeffreys' prior of a Poisson rate: half an order seen
_WIDEST = 5.0
_DOUBT = 2.0
_WEEKDAY = 20.0  # orders after which a weekday's own level counts as much as that of all days

Counts = NDArray[np.int64]
Values = NDArray[np.float64]
Score = Callable[[Values, Values], Values]


@dataclass(frozen=True)
class Burst:
    """The window that stands out most.

    Attributes
    ----------
    first, last : int
        Its first and last day, as positions in the counts.
    observed : int
        Orders within it.
    expected : float
        Orders that were to be expected within it.
    p : float
        Probability that chance alone makes any window stand out as much; within (0, 1].
    """

    first: int
    last: int
    observed: int
    expected: float
    p: float


@dataclass(frozen=True)
class Forecast:
    """What the past lets one expect of each day.

    Attributes
    ----------
    level : ndarray of float64, shape (days,)
        Orders of all other matters on each day, times how much likelier this one is on its weekday than on others.
    shape, rate : float
        The gamma posterior of the matter's orders for one other order.
    spread : float
        Variance of a day's own rate about 1: 0 where days differ no more than by chance.
    """

    level: Values
    shape: float
    rate: float
    spread: float

    @property
    def expected(self) -> Values:
        """Expected orders of each day."""
        return self.level * (self.shape / self.rate)

    def draw(self, random: np.random.Generator, draws: int) -> Counts:
        """Draw daily counts: int64 (draws, days)."""
        mean = random.gamma(self.shape, 1 / self.rate, (draws, 1)) * self.level
        if self.spread > 0:
            mean = mean * random.gamma(1 / self.spread, self.spread, mean.shape)
        return random.poisson(mean)


def daily_counts(
    days: NDArray[np.datetime64], callers: NDArray[np.int64], chosen: NDArray[np.bool_]
) -> tuple[pd.DatetimeIndex, Counts, Counts]:
    """Count callers by day: those of the chosen orders, and of all.

    One who calls three times a day about one matter counts once for that day.

    Parameters
    ----------
    days : ndarray of datetime64[D], shape (n,)
    callers : ndarray of int64, shape (n,)
    chosen : ndarray of bool, shape (n,)

    Returns
    -------
    pandas.DatetimeIndex
        Every day from the first to the last order of all; of a gap in which no order came (a mistyped year makes long
        ones) only `LONGEST` days, which no window bridges.
    tuple of two ndarray of int64, shape (days,)
        Of the chosen, and of all; the first is never more than the second.
    """
    with_orders = np.unique(days.astype("datetime64[D]"))
    near = with_orders[:, None] + np.arange(LONGEST + 1)
    every = pd.DatetimeIndex(np.unique(near[near <= with_orders[-1]]))
    at = every.get_indexer(pd.DatetimeIndex(days.astype("datetime64[D]")))

    def count(rows: NDArray[np.bool_]) -> Counts:
        pairs = np.unique(np.stack([at[rows], callers[rows]]), axis=1)
        return np.bincount(pairs[0], minlength=len(every)).astype(np.int64)

    own = count(chosen)
    return every, own, own + count(~chosen)


def find_burst(
    counts: Counts,
    totals: Counts,
    days: pd.DatetimeIndex,
    *,
    history: pd.Series | None = None,
    history_totals: pd.Series | None = None,
) -> Burst | None:
    """Find the burst of a matter, against its history if there is enough of it, else against the month.

    Parameters
    ----------
    counts, totals : ndarray of int64, shape (days,)
        Orders of the matter, and of all, on each day.
    days : pandas.DatetimeIndex
        The days.
    history, history_totals : pandas.Series of int64, optional
        Day to orders of the matter and of all, before and beside these days; days of the month are left out.

    Returns
    -------
    Burst or None
        The most likely one whatever its p; None where no window holds more orders than expected.
    """
    if history is not None and history_totals is not None:
        before = history_totals[history_totals.index < days[0]]
        if len(before) >= LEAST_HISTORY and before.sum():
            past = history.reindex(before.index, fill_value=0)
            return scan_history(counts, forecast(past, before, totals - counts, days))
    return scan_month(counts, totals)


def burst_facts(
    days: NDArray[np.datetime64],
    callers: NDArray[np.int64],
    chosen: NDArray[np.bool_],
    *,
    history: pd.Series | None = None,
    history_totals: pd.Series | None = None,
) -> dict[str, Any]:
    """Return a table's columns on the burst of some of a month's orders: empty where none is significant.

    Parameters
    ----------
    days, callers, chosen : ndarray, shape (n,)
        As in `daily_counts`.
    history, history_totals : pandas.Series, optional
        As in `find_burst`.

    Returns
    -------
    dict
        burst_first, burst_last (days, NaT), burst_expected (callers, to one decimal, NaN), burst_p (NaN).
    """
    every, counts, totals = daily_counts(days, callers, chosen)
    burst = find_burst(counts, totals, every, history=history, history_totals=history_totals)
    if burst is None or burst.p >= LEAST_P:
        return {"burst_first": pd.NaT, "burst_last": pd.NaT, "burst_expected": np.nan, "burst_p": np.nan}
    return {
        "burst_first": every[burst.first],
        "burst_last": every[burst.last],
        "burst_expected": round(burst.expected, 1),
        "burst_p": round(burst.p, 4),
    }


def scan_month(counts: Counts, totals: Counts, *, draws: int = DRAWS) -> Burst | None:
    """Scan a month's daily counts against the days of all orders.

    Parameters
    ----------
    counts : ndarray of int64, shape (days,)
        Orders of the matter.
    totals : ndarray of int64, shape (days,)
        All orders, those of the matter included.
    draws : int
        Random months that the real one is ranked among.

    Returns
    -------
    Burst or None
        None where there is nothing to compare: fewer than `FEWEST` orders, fewer than two days, or no other orders.
    """
    number, total = int(counts.sum()), int(totals.sum())
    if number < FEWEST or number == total or len(counts) < 2:
        return None
    expected = totals.astype(np.float64) * (number / total)
    # Kulldorff: no window longer than half of the time
    longest = min(LONGEST, max(1, len(counts) // 2))

    def score(found: Values, due: Values) -> Values:
        return _excess(found, due) + _deficit(number - found, number - due)

    drawn = _random(counts, totals).multivariate_hypergeometric(totals, number, size=draws, method="marginals")
    return _best(counts, expected, drawn, longest, score)


def scan_history(counts: Counts, due: Forecast, *, draws: int = DRAWS) -> Burst | None:
    """Scan daily counts against a forecast.

    Parameters
    ----------
    counts : ndarray of int64, shape (days,)
    due : Forecast
        Of the same days.
    draws : int
        Courses drawn from the forecast that the real one is ranked among.
    """
    if counts.sum() < FEWEST:
        return None
    drawn = due.draw(_random(counts), draws)
    return _best(counts, due.expected, drawn, min(LONGEST, len(counts)), _excess_over)


def forecast(past: pd.Series, past_totals: pd.Series, others: Counts, days: pd.DatetimeIndex) -> Forecast:
    """Learn from a matter's past what to expect of it.

    Parameters
    ----------
    past, past_totals : pandas.Series of int64
        Day to orders of the matter, and of all; same index.
    others : ndarray of int64, shape (days,)
        Orders of all other matters on the days to be forecast: on a holiday fewer call about this one too.
    days : pandas.DatetimeIndex
        The days to be forecast.
    """
    seen = past.to_numpy(dtype=np.float64)
    beside = np.maximum(past_totals.to_numpy(dtype=np.float64) - seen, 0)
    weekday = _weekday(past.index)
    share = float(seen.sum() / max(beside.sum(), 1.0))
    level = _weekday_levels(seen, beside * share, weekday)
    due = beside * share * level[weekday]
    # by moments: variance = mean + spread * mean ** 2; two standard errors are added, since a spread taken for too
    # small makes bursts out of nothing
    square = max(float((due**2).sum()), 1e-9)
    spread = (float(((seen - due) ** 2 - due).sum()) + _DOUBT * np.sqrt(2 * square)) / square
    spread = float(np.clip(spread, 0.0, _WIDEST))
    worth = 1 + spread * square / max(float(due.sum()), 1e-9)  # days that differ say less about their mean
    shape, rate = _PRIOR + float(seen.sum()) / worth, max(float(beside.sum()), 1.0) / worth
    return Forecast(others * level[_weekday(days)], shape, rate, spread)


def _weekday(days: pd.Index) -> NDArray[np.int64]:
    return pd.DatetimeIndex(days).day_of_week.to_numpy(dtype=np.int64)


def _weekday_levels(seen: Values, due: Values, weekday: NDArray[np.int64]) -> Values:
    """Return how much likelier the matter is among a weekday's orders, drawn towards 1 where little is known."""
    of_matter = np.bincount(weekday, weights=seen, minlength=7)
    of_all = np.bincount(weekday, weights=due, minlength=7)
    levels: Values = (of_matter + _WEEKDAY) / (of_all + _WEEKDAY)
    return levels


def _random(*values: NDArray[np.int64]) -> np.random.Generator:
    """Return a generator that depends on the counts alone."""
    return np.random.default_rng([int(v) & 0xFFFFFFFF for part in values for v in part])


def _windows(values: NDArray[np.generic], length: int) -> Values:
    """Return the sums over all windows of a length: array of shape (..., days + 1 - length)."""
    summed = np.cumsum(values, axis=-1, dtype=np.float64)
    first = np.concatenate([np.zeros((*summed.shape[:-1], 1)), summed[..., :-length]], axis=-1)
    sums: Values = summed[..., length - 1 :] - first
    return sums


def _excess(found: Values, due: Values) -> Values:
    """Return found * log(found / due) where more was found than was due, else minus infinity."""
    with np.errstate(divide="ignore", invalid="ignore"):
        value = found * np.log(found / due)
    return np.where(found > due, value, -np.inf)


def _deficit(found: Values, due: Values) -> Values:
    with np.errstate(divide="ignore", invalid="ignore"):
        value = found * np.log(found / due)
    return np.where(found > 0, value, 0.0)


def _excess_over(found: Values, due: Values) -> Values:
    return _excess(found, due) - (found - due)


def _best(counts: Counts, expected: Values, drawn: Counts, longest: int, score: Score) -> Burst | None:
    """Find the window of the highest score, and rank it among those of the random courses."""
    best, first, length = -np.inf, 0, 0
    highest = np.full(len(drawn), -np.inf)
    for days in range(1, longest + 1):
        due = _windows(expected, days)
        scores = score(_windows(counts, days), due)
        if scores.max() > best:  # of equal ones the shortest, then the earliest
            best, first, length = float(scores.max()), int(scores.argmax()), days
        highest = np.maximum(highest, score(_windows(drawn, days), due).max(axis=1))
    if not np.isfinite(best):
        return None
    p = (1 + int((highest >= best - 1e-9).sum())) / (1 + len(highest))
    window = slice(first, first + length)
    return Burst(first, first + length - 1, int(counts[window].sum()), float(expected[window].sum()), p)
