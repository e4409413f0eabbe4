"""What is said of a topic, on small books; the test of change under chance."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspot.errors import RegistryError
from hotspot.registry.book import Book, MonthRecord, TopicRecord
from hotspot.registry.status import share_change, statuses


def record(topic: str, orders: int) -> TopicRecord:
    return TopicRecord(topic, "H01", 1, "标题", 1.0, orders, orders, orders, {}, {}, {}, (), (), ())


def book(**months: dict[str, int]) -> Book:
    """Make a book of months of 600 orders: topic to its orders; names such as m01."""
    made = Book()
    known = sorted({topic for counts in months.values() for topic in counts})
    for topic in known:  # number them
        made = made.with_month("2000-01", MonthRecord(0, {}, (), (record("", 1),)))
        assert topic in made.topics
        made = made.named(topic, "名")
    made = replace(made, months={})
    for name, counts in months.items():
        records = tuple(record(topic, n) for topic, n in counts.items())
        made = made.with_month(f"2024-{name[1:]}", MonthRecord(600, {}, (), records))
    return made


def test_each_word() -> None:
    made = book(
        m01={"R0001": 20, "R0002": 20, "R0005": 20},
        m02={"R0001": 20, "R0003": 20, "R0004": 60, "R0006": 10},
        m03={"R0001": 60, "R0002": 20, "R0003": 22, "R0004": 12, "R0007": 8},
    )
    assert statuses(made, "2024-03") == {
        "R0001": "上升",
        "R0002": "再次出现",
        "R0003": "持续",
        "R0004": "回落",
        "R0006": "回落",
        "R0007": "新出现",
    }
    assert statuses(made, "2024-01") == {}


def test_small_counts_are_not_called_a_rise() -> None:
    made = book(m01={"R0001": 3}, m02={"R0001": 6})  # twice as many
    assert statuses(made, "2024-02") == {"R0001": "持续"}


def test_a_rise_that_all_orders_share_is_none() -> None:
    made = book(m01={"R0001": 30}, m02={"R0001": 60})
    grown = {**made.months, "2024-02": replace(made.months["2024-02"], orders=1200)}
    assert statuses(made, "2024-02") == {"R0001": "上升"}
    assert statuses(replace(made, months=grown), "2024-02") == {"R0001": "持续"}


def test_merged_topics_are_counted_together() -> None:
    made = book(m01={"R0001": 10, "R0002": 10}, m02={"R0002": 20})
    assert statuses(made, "2024-02") == {"R0001": "回落", "R0002": "持续"}
    assert statuses(made.merged("R0001", "R0002"), "2024-02") == {"R0001": "持续"}


def test_what_is_told_within_another_hotspot_has_not_faded() -> None:
    made = book(m01={"R0001": 20, "R0002": 20}, m02={"R0001": 45})
    whole = replace(made.months["2024-02"].hotspots[0], also=("R0002",))
    told = made.with_month("2024-02", replace(made.months["2024-02"], hotspots=(whole,)))
    assert statuses(made, "2024-02")["R0002"] == "回落"
    assert statuses(told, "2024-02")["R0002"] == "并入其他热点"
    assert Book.from_json(told.to_json()) == told


def test_merging_twice_leaves_one_root() -> None:
    made = book(m01={"R0001": 1, "R0002": 2, "R0003": 3}).merged("R0001", "R0002").merged("R0003", "R0001")
    assert {made.root(t) for t in ("R0001", "R0002", "R0003")} == {"R0003"}
    assert made.counts("2024-01") == {"R0003": 6}
    assert Book.from_json(made.to_json()) == made
    with pytest.raises(RegistryError):
        made.merged("R0001", "R0002")


def test_false_alarms_are_as_rare_as_is_said() -> None:
    draw = np.random.default_rng(0)
    alarms = []
    for _ in range(300):
        rates = draw.uniform(5, 60, 12)
        counts = {str(i): (int(a), int(b)) for i, (a, b) in enumerate(zip(*draw.poisson([rates, rates]), strict=True))}
        counts = {t: c for t, c in counts.items() if sum(c)}
        alarms.append(min(share_change(counts, 700, 700).values()) <= 0.05)
    assert np.mean(alarms) <= 0.07  # where nothing changed, the chance of any alarm in a month; 0.05 and noise


def test_real_changes_are_found() -> None:
    draw = np.random.default_rng(1)
    found = [
        share_change({"a": (int(draw.poisson(20)), int(draw.poisson(50))), "b": (30, 31)}, 700, 700)["a"] <= 0.05
        for _ in range(200)
    ]
    assert np.mean(found) >= 0.9


@given(st.dictionaries(st.sampled_from("abcdef"), st.tuples(st.integers(1, 500), st.integers(1, 500)), max_size=6))
def test_p_values(counts: dict[str, tuple[int, int]]) -> None:
    values = share_change(counts, 1000, 1500)
    assert values.keys() == counts.keys()
    assert all(0 <= p <= 1 for p in values.values())
    turned = share_change({t: (b, a) for t, (a, b) in counts.items()}, 1500, 1000)
    assert values == pytest.approx(turned)


@given(st.lists(st.lists(st.booleans(), max_size=5), max_size=8))
def test_ids_are_never_given_twice(plan: list[list[bool]]) -> None:
    """Months replaced over and over by new hotspots or none."""
    made, seen = Book(), set()
    for i, new in enumerate(plan):
        before = made.next_number
        made = made.with_month(f"2024-{1 + i % 3:02d}", MonthRecord(9, {}, (), tuple(record("", 1) for _ in new)))
        fresh = {f"R{n:04d}" for n in range(before, made.next_number)}
        assert len(fresh) == len(new)
        assert not fresh & seen
        seen |= fresh
        assert {r.topic for m in made.months.values() for r in m.hotspots} == set(made.topics)
        assert Book.from_json(made.to_json()) == made
