"""Bursts: what the tests promise is measured on months drawn at random, and no window is told that was not there."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspot.detection.bursts import LONGEST, burst_facts, daily_counts, find_burst, scan_month

DAYS = pd.date_range("2022-06-01", periods=30)
WEEK = np.where(DAYS.day_of_week < 5, 1.3, 0.5)
PAST = pd.date_range("2021-12-01", "2022-05-31")
PAST_WEEK = np.where(PAST.day_of_week < 5, 1.3, 0.5)


def random_month(random, number):
    totals = random.poisson(20 * WEEK)
    return random.multivariate_hypergeometric(totals, number), totals


def with_burst(counts, totals, first, extra, random):
    counts, totals = counts.copy(), totals.copy()
    for day in first + random.integers(0, 4, extra):
        counts[day] += 1
        totals[day] += 1
    return counts, totals


def p_of(burst):
    return 1.0 if burst is None else burst.p


@pytest.mark.parametrize("number", [3, 10, 50])
def test_chance_makes_no_more_bursts_than_p_says(number):
    random = np.random.default_rng(number)
    p = np.array([p_of(scan_month(*random_month(random, number), draws=199)) for _ in range(300)])
    assert (p <= 0.05).mean() <= 0.05 + 2.33 * np.sqrt(0.05 * 0.95 / len(p))
    assert (p <= 0.2).mean() <= 0.2 + 2.33 * np.sqrt(0.2 * 0.8 / len(p))


@pytest.mark.parametrize(("rate", "spread"), [(0.02, 0), (0.3, 0), (2.0, 0), (2.0, 0.5)])
def test_chance_makes_no_more_bursts_against_history(rate, spread):
    random = np.random.default_rng(int(rate * 100 + spread * 7))

    def level(days):
        return random.gamma(1 / spread, spread, days) if spread else np.ones(days)

    p = []
    for _ in range(200):
        past = pd.Series(random.poisson(rate * PAST_WEEK * level(len(PAST))), PAST)
        past_totals = past + random.poisson(20 * PAST_WEEK)
        counts = random.poisson(rate * WEEK * level(len(DAYS)))
        totals = counts + random.poisson(20 * WEEK)
        p.append(p_of(find_burst(counts, totals, DAYS, history=past, history_totals=past_totals)))
    assert (np.array(p) <= 0.05).mean() <= 0.05 + 2.33 * np.sqrt(0.05 * 0.95 / len(p))


def test_a_planted_burst_is_found_where_it_is():
    random = np.random.default_rng(1)
    found = 0
    for trial in range(50):
        first = trial % 26
        counts, totals = with_burst(*random_month(random, 10), first, 14, random)
        burst = scan_month(counts, totals)
        found += burst is not None and burst.p < 0.01 and burst.first <= first + 3 and burst.last >= first
    assert found >= 48


def test_history_finds_a_burst_that_fills_the_month():
    random = np.random.default_rng(2)
    past = pd.Series(random.poisson(0.2, len(PAST)), PAST)
    past_totals = past + random.poisson(20 * PAST_WEEK)
    counts = np.full(30, 2)
    totals = counts + random.poisson(20 * WEEK)
    against_itself = scan_month(counts, totals)
    burst = find_burst(counts, totals, DAYS, history=past, history_totals=past_totals)
    assert p_of(against_itself) > 0.05
    assert burst is not None
    assert burst.p < 0.01
    assert burst.expected < burst.observed / 4


def test_what_history_knows_as_seasonal_by_weekday_is_no_burst():
    random = np.random.default_rng(3)
    mondays = PAST.day_of_week == 0
    past = pd.Series(np.where(mondays, random.poisson(12, len(PAST)), 0), PAST)
    past_totals = past + random.poisson(20 * PAST_WEEK)
    counts = np.where(DAYS.day_of_week == 0, 12, 0)
    totals = counts + random.poisson(20 * WEEK)
    assert p_of(scan_month(counts, totals)) < 0.05
    assert p_of(find_burst(counts, totals, DAYS, history=past, history_totals=past_totals)) > 0.05


def test_a_matter_never_seen_before_is_expected_with_doubt():
    past_totals = pd.Series(20, PAST)
    past = pd.Series(0, PAST)
    counts = np.zeros(30, dtype=np.int64)
    totals = np.full(30, 20)
    counts[10] = 2
    assert find_burst(counts, totals, DAYS, history=past, history_totals=past_totals) is None
    counts[10] = 6
    burst = find_burst(counts, totals + counts, DAYS, history=past, history_totals=past_totals)
    assert burst is not None
    assert burst.p < 0.01
    assert (burst.first, burst.last, burst.observed) == (10, 10, 6)


def test_too_short_a_history_leaves_the_month_to_itself():
    short = PAST[-10:]
    counts, totals = with_burst(*random_month(np.random.default_rng(4), 10), 5, 20, np.random.default_rng(5))
    history = {"history": pd.Series(0, short), "history_totals": pd.Series(20, short)}
    assert find_burst(counts, totals, DAYS, **history) == scan_month(counts, totals)


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=1, max_size=40))
def test_the_window_told_holds_what_is_told(pairs):
    counts, others = (np.array(each) for each in zip(*pairs, strict=True))
    totals = counts + others
    burst = scan_month(counts, totals, draws=19)
    if burst is None:
        return
    window = slice(burst.first, burst.last + 1)
    assert burst.observed == counts[window].sum()
    assert burst.expected == pytest.approx(totals[window].sum() * counts.sum() / totals.sum())
    assert burst.observed > burst.expected
    assert 1 <= burst.last - burst.first + 1 <= min(LONGEST, max(1, len(counts) // 2))
    assert 0 < burst.p <= 1
    assert burst == scan_month(counts, totals, draws=19)


@given(st.permutations(range(12)))
def test_the_order_of_rows_does_not_matter(order):
    days = np.array("2022-06-01", dtype="datetime64[D]") + np.array([0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 8, 9])
    callers = np.arange(12)
    chosen = np.arange(12) < 4
    at = np.array(order)
    assert str(burst_facts(days, callers, chosen)) == str(burst_facts(days[at], callers[at], chosen[at]))


def test_a_caller_counts_once_a_day():
    days = np.array(["2022-06-01"] * 4 + ["2022-06-03"], dtype="datetime64[D]")
    every, counts, totals = daily_counts(days, np.array([7, 7, 8, 9, 7]), np.array([True, True, True, False, True]))
    assert list(every.day) == [1, 2, 3]
    assert counts.tolist() == [2, 0, 1]
    assert totals.tolist() == [3, 0, 1]


def test_a_mistyped_year_makes_no_long_month():
    days = np.array(["2022-06-01", "2022-06-03", "2099-01-01", "2099-01-02"], dtype="datetime64[D]")
    every, counts, totals = daily_counts(days, np.arange(4), np.array([True, True, False, True]))
    assert len(every) == 3 + LONGEST + 2
    assert every[-1] == pd.Timestamp("2099-01-02")
    assert counts[[0, 2, -1]].tolist() == [1, 1, 1]
    assert totals.sum() == 4


def test_the_tables_tell_the_burst_of_a_hotspot(example_month):
    from hotspot import detect

    hotspots = detect(example_month.orders).hotspots
    told = hotspots[hotspots["burst_p"].notna()]
    assert len(told)
    assert (told["burst_p"] < 0.01).all()
    assert (told["burst_first"] <= told["burst_last"]).all()
    assert (told["first"] <= told["burst_first"]).all()
    assert hotspots["burst_first"].dtype.kind == "M"
    assert hotspots.loc[hotspots["burst_p"].isna(), "burst_first"].isna().all()
