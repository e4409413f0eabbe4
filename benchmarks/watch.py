"""Measure the watch: which bursts are told and how soon, false alarms, agreement with the batch, milliseconds an order.

    python benchmarks/watch.py [--orders FILE ...] [--seeds N] [--output FILE]

Bursts: the hand-written months, each replayed in the order of its calls, with nothing known of the time before.
A planted hotspot bursts when a week of it holds 60 % of its orders, twice what was to be expected and not by chance. It
is told by the first alarm of which half of the orders are its. False alarms: the same months with their days dealt out
anew, so that nothing comes more often than by chance. Agreement and speed: two of the months, and each FILE.
"""

import argparse
import platform
import time
from pathlib import Path

import numpy as np
import pandas as pd

import hotspot
from hotspot.detection.bursts import scan_month
from hotspot.orders import OrderStream, orders_from_frame
from hotspot.settings import Settings
from hotspot.watch import Alarm, Watch

ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "examples/wengyuan-2022-06/orders.csv"
AGREEING = ("wengyuan-2022-06", "yunze-2023-11")
ALL = Settings.from_dict({"watch": {"window_days": 1000, "most_orders": 100_000}})
DAYS, SHARE, TIMES, LEAST_P = 7, 0.6, 2, 0.01
"""What makes a planted hotspot a burst."""


def replay(orders: pd.DataFrame, settings: Settings = ALL) -> tuple[Watch, list, list[float]]:
    """Observe orders one by one: the watch, what it said, and the milliseconds of this thread's work on each."""
    took, observed = [], []
    with Watch(settings) as watch:
        for row in range(len(orders)):
            one = orders.iloc[row : row + 1]
            start = time.thread_time()
            observed += list(watch.observe(one))
            took.append(1000 * (time.thread_time() - start))
        watch.before = dict(watch.live.of_order)
        watch.settle()
    return watch, observed, took


def agreement(watch: Watch, observed: list, orders: pd.DataFrame) -> list[str]:
    """Compare what was decided at once, the live state before the end and that at the end with the batch."""
    batch = hotspot.detect(orders, ALL).assignments
    made = {}
    for placement, _ in observed:
        made |= dict.fromkeys([placement.order_id, *placement.partners], placement.issue)
    given = [issue or order for order, issue in zip(batch["order_id"], batch["issue"], strict=True)]
    told = []
    for state in (made, watch.before, watch.live.of_order):
        labels = [state.get(order) or order for order in batch["order_id"]]
        told.append(scores(labels, given))
    return told


def scores(labels: list[str], given: list[str]) -> str:
    from sklearn.metrics import adjusted_rand_score

    frame = pd.DataFrame({"a": labels, "b": given})
    both = frame.groupby(["a", "b"])["a"].transform("size")
    precision = (both / frame.groupby("a")["a"].transform("size")).mean()
    recall = (both / frame.groupby("b")["b"].transform("size")).mean()
    return f"{adjusted_rand_score(given, labels):.2f} / {2 * precision * recall / (precision + recall):.2f}"


def redated(orders: pd.DataFrame, created: np.ndarray) -> pd.DataFrame:
    frame = orders.assign(created=created, closed=pd.NaT)
    attrs = orders.attrs
    frame = frame.sort_values(["created", "order_id"]).reset_index(drop=True)
    frame.attrs.update(attrs)
    return orders_from_frame(frame).orders


def stationary(orders: pd.DataFrame, seed: int) -> pd.DataFrame:
    return redated(orders, np.random.default_rng(seed).permutation(orders["created"].to_numpy()))


def bursts(observed: list) -> list:
    return [alarm for _, alarms in observed for alarm in alarms if alarm.kind != "险情"]


def months() -> dict[str, tuple[pd.DataFrame, pd.Series]]:
    """Return each month's orders, and the planted hotspot of each order id."""
    found = {}
    for gold in sorted((ROOT / "tests/data").glob("*-gold.csv")):
        name = gold.name.removesuffix("-gold.csv")
        file = gold.with_name(f"{name}.csv")
        planted = pd.read_csv(gold, dtype=str).drop_duplicates("order_id").set_index("order_id")["hotspot"]
        found[name] = hotspot.read_orders(file if file.exists() else EXAMPLE), planted
    return found


def bursting(orders: pd.DataFrame, planted: pd.Series) -> dict[str, str]:
    """Return the planted hotspots that burst, and the days of their fullest week."""
    day = orders["created"].to_numpy(dtype="datetime64[D]").astype(np.int64)
    first, day = day.min(), day - day.min()
    totals = np.bincount(day)
    of_order = orders["order_id"].map(planted)
    found = {}
    for name in sorted(planted.unique()):
        counts = np.bincount(day[(of_order == name).to_numpy()], minlength=len(totals))
        week = np.ones(DAYS, dtype=np.int64)
        held, due = np.convolve(counts, week, "valid"), np.convolve(totals, week, "valid") * counts.sum() / totals.sum()
        at = int(held.argmax())
        burst = scan_month(counts, totals)
        if held[at] >= max(SHARE * counts.sum(), TIMES * due[at]) and burst is not None and burst.p <= LEAST_P:
            begin = pd.Timestamp(int(first) + at, unit="D")
            found[name] = f"{held[at]} of {counts.sum()} in the week from {begin:%m-%d} (day {at + 1})"
    return found


def of_alarm(alarm: Alarm, planted: pd.Series) -> str:
    """Return the planted hotspot that half of an alarm's orders are of; empty where there is none."""
    counts = planted.reindex(list(alarm.orders)).value_counts()
    return str(counts.index[0]) if len(counts) and counts.iloc[0] * 2 >= len(alarm.orders) else ""


def told(orders: pd.DataFrame, planted: pd.Series, alarms: list, name: str) -> str:
    """Say at which of its orders a planted hotspot is told first, and how many hours after the first of them."""
    right = [alarm for alarm in alarms if of_alarm(alarm, planted) == name]
    if not right:
        return "missed"
    own = orders[orders["order_id"].map(planted) == name]
    at = int(np.flatnonzero(orders["order_id"] == right[0].orders[-1])[0])
    hours = (pd.Timestamp(right[0].created) - own["created"].min()).total_seconds() / 3600
    return f"order {(own.index <= at).sum()}, after {hours:.0f} h; {len(right) - 1} again"


def measure_bursts(
    name: str, orders: pd.DataFrame, planted: pd.Series, alarms: list, lines: list[str]
) -> tuple[int, int, int]:
    """Add a line for each burst; returns how many there are, how many are told, and alarms about nothing planted."""
    found = {hotspot_name: told(orders, planted, alarms, hotspot_name) for hotspot_name in bursting(orders, planted)}
    about = [of_alarm(alarm, planted) for alarm in alarms]
    others = sum(each not in found and each != "" for each in about)
    for hotspot_name, days in bursting(orders, planted).items():
        lines.append(f"| {name} | {hotspot_name}: {days} | {found[hotspot_name]} |")
    lines.append(f"| {name} | other alarms | {others} about other planted hotspots, {about.count('')} about none |")
    print("\n".join(lines[-len(found) - 1 :]), flush=True)
    return len(found), sum(each != "missed" for each in found.values()), about.count("")


def speed_of_reading(path: Path) -> str:
    raw = pd.read_csv(path, dtype=str, keep_default_na=False).head(60)
    stream, took = OrderStream(path.name), []
    for row in range(len(raw)):
        start = time.thread_time()
        stream.read(raw.iloc[row : row + 1])
        took.append(1000 * (time.thread_time() - start))
    return f"{np.median(took):.0f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--orders", nargs="*", default=[], type=Path)
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--output", type=Path)
    chosen = parser.parse_args()
    lines = ["# The watch", "", "Bursts of planted hotspots, nothing known of the time before the month.", ""]
    lines += ["| month | burst | first alarm |", "|---|---|---|"]
    kept, sums, orders_of_all = {}, np.zeros(3, dtype=np.int64), 0
    for name, (orders, planted) in months().items():
        kept[name] = orders, replay(orders)
        sums += measure_bursts(name, orders, planted, bursts(kept[name][1][1]), lines)
        orders_of_all += len(orders)
    per_thousand = 1000 * sums[2] / orders_of_all
    lines += [
        "",
        f"Told: {sums[1]} of {sums[0]}. About no planted hotspot: {sums[2]}, {per_thousand:.1f} in 1,000 orders.",
    ]
    print(lines[-1], flush=True)
    false, days = 0, 0.0
    for orders, _ in kept.values():
        for seed in range(100, 100 + chosen.seeds):
            replayed = stationary(orders, seed)
            false += len(bursts(replay(replayed)[1]))
            days += (replayed["created"].max() - replayed["created"].min()).days + 1
            print(f"shuffled: {false} in {days:.0f} days", flush=True)
    rate, each = 30 * false / max(days, 1), 1000 * false / max(chosen.seeds * orders_of_all, 1)
    lines += [
        f"With their days dealt out anew: {false} false alarms in {days:.0f} days, {rate:.2f} a month (the",
        f"settings allow {ALL.watch.false_alarms:g}), {each:.1f} in 1,000 orders.",
        "",
        "Agreement with the batch on the same orders: adjusted Rand index / B-cubed F1.",
        "",
        "| orders | as decided at once | live, before the end | at the end | ms an order: p50 / p99 | read one: ms |",
        "|---|---|---|---|---|---|",
    ]
    given = {path.stem: path for path in chosen.orders}
    for name in (*AGREEING, *given):
        orders = kept[name][0] if name in kept else hotspot.read_orders(given[name])
        watch, observed, took = kept[name][1] if name in kept else replay(orders)
        p50, p99 = np.percentile(took[10:], [50, 99])
        path = given.get(name, ROOT / f"tests/data/{name}.csv")
        read = speed_of_reading(path if path.exists() else EXAMPLE)
        agreed = " | ".join(agreement(watch, observed, orders))
        lines.append(f"| {name} ({len(orders)}) | {agreed} | {p50:.1f} / {p99:.1f} | {read} |")
        print(lines[-1], flush=True)
    machine = f"Machine: {platform.machine()}, Python {platform.python_version()}, hotspot {hotspot.__version__}"
    lines += [
        "",
        f"{machine}. Milliseconds are the processor time of the thread that places the orders; finding all anew",
    ]
    lines += ["goes on in another, and a replay, faster than any month, waits for it where a real month would not."]
    text = "\n".join(lines) + "\n"
    print(text)
    if chosen.output:
        chosen.output.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
