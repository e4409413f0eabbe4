"""Measure the watch: how soon a planted hotspot is told, false alarms, agreement with the batch, milliseconds an order.

    python benchmarks/watch.py [--orders FILE ...] [--seeds N] [--output FILE]

Agreement and speed: the two hand-written months, and each FILE, replayed in the order of their calls. Alarms: the
stationary replay deals a month's days out anew, so that nothing comes more often than by chance; the planted one then
moves the orders of one planted hotspot into four days in the middle of it.
"""

import argparse
import platform
import time
from pathlib import Path

import numpy as np
import pandas as pd

import hotspot
from hotspot.orders import OrderStream, orders_from_frame
from hotspot.settings import Settings
from hotspot.watch import Watch

ROOT = Path(__file__).parents[1]
MONTHS = {
    "wengyuan": (ROOT / "examples/wengyuan-2022-06/orders.csv", ROOT / "tests/data/wengyuan-2022-06-gold.csv"),
    "yunze": (ROOT / "tests/data/yunze-2023-11.csv", ROOT / "tests/data/yunze-2023-11-gold.csv"),
}
ALL = Settings.from_dict({"watch": {"window_days": 1000, "most_orders": 100_000}})
DAYS = 4


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


def planted(orders: pd.DataFrame, ids: list[str], seed: int) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    created = random.permutation(orders["created"].to_numpy())
    middle = orders["created"].quantile(0.6).normalize()
    moved = orders["order_id"].isin(ids).to_numpy()
    created[moved] = middle + pd.to_timedelta(random.integers(0, DAYS * 24 * 60, moved.sum()), unit="min")
    return redated(orders, created)


def bursts(observed: list) -> list:
    return [alarm for _, alarms in observed for alarm in alarms if alarm.kind != "险情"]


def first_alarm(orders: pd.DataFrame, ids: list[str]) -> str:
    """Tell how long after the first planted order the alarm came, and how many other alarms there were."""
    _, observed, _ = replay(orders)
    own = orders[orders["order_id"].isin(ids)]
    alarms = bursts(observed)
    right = [a for a in alarms if np.isin(a.orders, ids).mean() >= 0.5]
    wrong = len(alarms) - len(right)
    if not right:
        return f"missed ({len(ids)} orders); {wrong} other"
    when = pd.Timestamp(right[0].created)
    hours = (when - own["created"].min()).total_seconds() / 3600
    return f"{hours:.0f} h, order {(own['created'] <= when).sum()} of {len(ids)}; {len(right) - 1} again, {wrong} other"


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
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--output", type=Path)
    chosen = parser.parse_args()
    lines = ["# The watch", "", "Agreement with the batch on the same orders: adjusted Rand index / B-cubed F1.", ""]
    lines += [
        "| orders | as decided at once | live, before the end | at the end | ms an order: p50 / p99 | read one: ms |"
    ]
    lines += ["|---|---|---|---|---|---|"]
    sources = [(name, paths[0]) for name, paths in MONTHS.items()] + [(p.stem, p) for p in chosen.orders]
    for name, path in sources:
        orders = hotspot.read_orders(path)
        watch, observed, took = replay(orders)
        p50, p99 = np.percentile(took[10:], [50, 99])
        told = " | ".join(agreement(watch, observed, orders))
        lines.append(f"| {name} ({len(orders)}) | {told} | {p50:.1f} / {p99:.1f} | {speed_of_reading(path)} |")
        print(lines[-1], flush=True)
    lines += ["", "Planted hotspots, moved into four days: first alarm after the first planted order.", ""]
    lines += ["| hotspot | " + " | ".join(f"seed {s}" for s in range(chosen.seeds)) + " |"]
    lines += ["|---" * (chosen.seeds + 1) + "|"]
    false, days = 0, 0.0
    for name, (path, gold) in MONTHS.items():
        orders = hotspot.read_orders(path)
        for hotspot_name, rows in pd.read_csv(gold, dtype=str).groupby("hotspot"):
            ids = rows["order_id"].tolist()
            cells = [first_alarm(planted(orders, ids, seed), ids) for seed in range(chosen.seeds)]
            lines.append(f"| {name}: {hotspot_name} | " + " | ".join(cells) + " |")
            print(lines[-1], flush=True)
        for seed in range(100, 100 + 2 * chosen.seeds):
            replayed = stationary(orders, seed)
            false += len(bursts(replay(replayed)[1]))
            days += (replayed["created"].max() - replayed["created"].min()).days + 1
    lines += [
        "",
        f"False alarms in stationary replays: {false} in {days:.0f} days, {30 * false / max(days, 1):.2f} a month",
    ]
    lines[-1] += f" (the settings allow {ALL.watch.false_alarms:g})."
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
