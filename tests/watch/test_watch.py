"""The watch: one order after the other, and at the end what the batch finds."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import hotspot
from hotspot.orders import read_orders
from hotspot.settings import Settings
from hotspot.watch import Watch

from .conftest import MONTH, as_orders, with_burst

pytestmark = pytest.mark.slow

ALL = Settings.from_dict({"watch": {"window_days": 400}})


def replay(orders: pd.DataFrame, settings: Settings = ALL, step: int = 1, **more):
    with Watch(settings, **more) as watch:
        observed = []
        for start in range(0, len(orders), step):
            observed += watch.observe(orders.iloc[start : start + step])
        watch.settle()
    return watch, [p for p, _ in observed], [a for _, alarms in observed for a in alarms]


def test_at_the_end_the_live_issues_are_those_of_the_batch(month):
    watch, placements, _ = replay(month)
    batch = hotspot.detect(month, ALL).assignments
    assert [p.order_id for p in placements] == month["order_id"].tolist()
    live = batch["order_id"].map(watch.live.of_order).fillna("")
    pairs = pd.DataFrame({"live": live, "batch": batch["issue"]}).drop_duplicates()
    assert pairs["live"].is_unique
    assert pairs["batch"].is_unique


def test_what_comes_does_not_depend_on_how_it_is_handed_over(month):
    one, all_at_once = replay(month), replay(month, step=len(month))
    assert one[1] == all_at_once[1]
    assert one[2] == all_at_once[2]
    assert one[0].live == all_at_once[0].live


def test_live_decisions_agree_with_the_batch_for_the_most_part(month):
    from sklearn.metrics import adjusted_rand_score

    with Watch(ALL) as watch:
        list(watch.observe(month))
        before = dict(watch.live.of_order)
        watch.settle()
    now = watch.live.of_order
    ids = month["order_id"]
    assert adjusted_rand_score([now.get(i, i) for i in ids], [before.get(i, i) for i in ids]) > 0.6


def test_a_burst_is_told_within_a_day_and_the_background_is_not(shuffled):
    _, _, quiet = replay(shuffled)
    assert not [alarm for alarm in quiet if alarm.kind != "险情"]
    orders = with_burst(shuffled, "2023-11-20")
    _, _, alarms = replay(orders)
    bursts = [alarm for alarm in alarms if alarm.kind != "险情"]
    assert len(bursts) == 1
    alarm = bursts[0]
    assert pd.Timestamp(alarm.created) < pd.Timestamp("2023-11-21 08:00")
    assert sum(order.startswith("B") for order in alarm.orders) >= 4
    assert set(alarm.orders) <= set(orders["order_id"])
    assert "停水" in alarm.text


def test_an_emergency_is_told_once_for_a_matter(month):
    _, _, alarms = replay(month)
    urgent = [alarm for alarm in alarms if alarm.kind == "险情"]
    assert urgent
    assert all(len(alarm.orders) == 1 and alarm.facts["clause"] for alarm in urgent)
    assert len({alarm.alarm for alarm in alarms}) == len(alarms)


TRAPPED = "河水漫进来了,老人被困在二楼,水还在涨,请马上派船救人。"


def emergencies_of(calls: list[tuple[str, str, str]], state_of=lambda watch: watch.state()) -> list[str]:
    """Return which calls (village, time, caller) of one issue are told, the watch being interrupted before each."""
    told, state, view = [], None, None
    for at, (village, created, caller) in enumerate(calls):
        order = {"order_id": f"C{at}", "created": created, "title": "老人被困", "text": village + TRAPPED}
        with Watch(ALL) as watch:
            if state is not None:
                watch.restore(view, state)
            ((_, alarms),) = watch.observe(as_orders(pd.DataFrame([order | {"caller": caller}])))
            watch.live.of_order[f"C{at}"] = "E0001"
            told += [alarm.orders[-1] for alarm in alarms if alarm.kind == "险情"]
            state, view = state_of(watch), watch.orders()
    return told


def test_an_emergency_is_told_again_where_it_may_be_another():
    first, later = ("柳塘村", "2023-03-05 08:00", ""), ("柳塘村", "2023-03-05 09:00", "")
    assert emergencies_of([first, later]) == ["C0"]
    assert emergencies_of([first, ("桥头村", "2023-03-05 09:00", "")]) == ["C0", "C1"]
    assert emergencies_of([first, ("", "2023-03-05 09:00", "")]) == ["C0", "C1"]
    assert emergencies_of([first, ("柳塘村", "2023-03-06 09:00", "")]) == ["C0", "C1"]
    assert emergencies_of([("", "2023-03-05 08:00", "来电人000001"), ("", "2023-03-05 09:00", "来电人000001")]) == [
        "C0"
    ]


def test_a_state_of_an_older_version_is_read_and_silences_no_emergency():
    def older(watch):
        return replace(watch.state(), told_emergencies={"人员被困 E0001": 19421})

    calls = [("柳塘村", "2023-03-05 08:00", ""), ("桥头村", "2023-03-05 09:00", "")]
    assert emergencies_of(calls, older) == ["C0", "C1"]


def test_an_order_that_comes_again_yields_nothing_and_is_updated(month):
    with Watch(ALL) as watch:
        first = list(watch.observe(month.iloc[:3]))
        again = month.iloc[:3].assign(reply="已办")
        assert len(first) == 3
        assert list(watch.observe(again)) == []
        assert (watch.orders()["reply"] == "已办").all()


def test_what_is_old_leaves_the_view(month):
    settings = Settings.from_dict({"watch": {"window_days": 14, "most_orders": 100}})
    with Watch(settings) as watch:
        list(watch.observe(month))
        kept = watch.orders()
        assert len(kept) < 250
        assert set(watch.live.of_order) <= set(kept["order_id"])
        assert watch.settle() is not None


def test_history_is_in_view_and_tells_nothing(month):
    half = len(month) // 2
    watch, placements, _ = replay(month.iloc[half:], history=month.iloc[:half])
    assert len(placements) == len(month) - half
    assert len(watch.orders()) == len(month)
    joined = [p for p in placements if p.decision == "并入"]
    earlier = set(month["order_id"].iloc[:half])
    assert any(earlier & {o for o, i in watch.live.of_order.items() if i == p.issue} for p in joined)


def test_going_on_from_a_state_gives_the_same(month):
    cut = 200
    with Watch(ALL) as whole:
        expected = list(whole.observe(month))[cut:]
        whole.settle()
    with Watch(ALL) as first:
        list(first.observe(month.iloc[:cut]))
        first.settle()
        state, orders = first.state(), first.orders()
    with Watch(ALL) as second:
        second.restore(orders, state)
        found = list(second.observe(month.iloc[cut:]))
        second.settle()
    assert [p.order_id for p, _ in found] == [p.order_id for p, _ in expected]
    groups = [
        sorted(sorted(o for o, i in w.live.of_order.items() if i == name) for name in set(w.live.of_order.values()))
        for w in (whole, second)
    ]
    assert groups[0] == groups[1]


def test_a_mistyped_year_moves_nothing(month):
    stray = month.iloc[100:101].assign(order_id="X", created=pd.Timestamp("2099-01-01"))
    orders = pd.concat([month.iloc[:100], stray, month.iloc[100:]], ignore_index=True)
    orders.attrs.update(month.attrs)
    settings = Settings.from_dict({"watch": {"window_days": 60}})
    with Watch(settings) as watch:
        list(watch.observe(orders))
        assert len(watch.orders()) == len(orders)


@pytest.mark.parametrize("count", [0, 1])
def test_too_few_orders_are_no_error(month, count):
    with Watch() as watch:
        assert len(list(watch.observe(month.iloc[:count]))) == count
        assert watch.settle() is None


def test_ids_stay_when_all_is_found_anew(month):
    with Watch(ALL) as watch:
        list(watch.observe(month.iloc[:300]))
        watch.settle()
        before = dict(watch.live.of_order)
        list(watch.observe(month.iloc[300:]))
        watch.settle()
        after = watch.live.of_order
    same = np.mean([after.get(order) == issue for order, issue in before.items()])
    assert same > 0.8


def test_a_festival_that_is_told_of_in_many_ways_is_one_burst():
    """Of a month as it is: what crowds of callers have in common is the subject, hardly a word."""
    data = MONTH.parent
    orders = read_orders(data / "wuling-2024-09.csv")
    gold = pd.read_csv(data / "wuling-2024-09-gold.csv", dtype=str).set_index("order_id")["hotspot"]
    with Watch(ALL) as watch:
        observed = list(watch.observe(orders[orders["created"] < "2024-09-20"]))
    bursts = [alarm for _, alarms in observed for alarm in alarms if alarm.kind != "险情"]
    about = [gold.reindex(list(alarm.orders)).eq("古镇灯会").mean() >= 0.5 for alarm in bursts]
    assert any(about)
    first = bursts[about.index(True)]
    own = orders[orders["order_id"].map(gold) == "古镇灯会"]
    assert (own["created"] <= first.created).sum() <= 20
