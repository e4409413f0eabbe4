"""Compare detection with its peers: one command, one table of quality, stability, seconds and memory.

    python benchmarks/quality.py [--issues ORDERS GOLD] [--output FILE]
    python benchmarks/quality.py --ablation [--issues ORDERS GOLD] [--output FILE]
    python benchmarks/quality.py --read ORDERS

The hand-written months of the repository are always measured. ORDERS is any orders file, GOLD a CSV with issue_id and
message_id. The peers' packages are the extra `bench` (turftopic, which asks for an old rich, goes in by
`pip install --no-deps turftopic igraph texttable`); a peer whose package is missing is left out with a word.
Every system runs in a process of its own. What peers gave is kept under build/quality, so that only what changed runs
again. `--ablation` compares this library with itself less one part at a time. `--read` prints the 30 hottest issues of
a file with three masked orders each, to be read: whether each is one real issue is for a reader to say.
"""

import argparse
import os
import platform
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import TypeVar

import numpy as np

import hotspot
from hotspot.sampling import systematic_sample
from peers.ablation import ablations
from peers.datasets import ROOT, DataSet, find_months, issue_set
from peers.measures import (
    FIRST,
    GOOD,
    MATCH,
    Agreement,
    HotspotScore,
    IssueScore,
    mean_agreement,
    score_hotspots,
    score_issues,
)
from peers.runner import DROPS, EVERY, SEEDS, SHUFFLED, WHOLE, Outcome, Runner, all_systems
from peers.systems import System
from peers.systems import peers as all_peers

Score = HotspotScore | IssueScore
Named = TypeVar("Named", System, DataSet)
READ, SHOWN = 30, 3
NONE = "–"


@dataclass(frozen=True)
class Measured:
    """What was measured of a system on a data set.

    Attributes
    ----------
    score : HotspotScore or IssueScore, optional
        None where the system did not run; `problem` says why.
    seeds, draws : dict of str to Agreement
        By level, between seeds, and of each draw with the whole.
    same : bool
        Whether shuffled rows give the very same groups in the same ranks.
    shuffled : Agreement, optional
        Of the groups for shuffled rows with those for rows in order.
    processor, seconds, memory : float
        As in `Outcome`.
    choice : object
        Setting that was used.
    problem : str
    """

    score: Score | None = None
    seeds: Mapping[str, Agreement] = field(default_factory=dict)
    draws: Mapping[str, Agreement] = field(default_factory=dict)
    same: bool = False
    shuffled: Agreement | None = None
    processor: float = 0.0
    seconds: float = 0.0
    memory: float = 0.0
    choice: object = None
    problem: str = ""


def measure(runner: Runner, system: System, dataset: DataSet, runs: Sequence[str]) -> Measured:
    """Run a system on a data set; of several settings take the one that scores best on the gold."""
    if dataset.level not in system.levels:
        return Measured(problem=NONE)
    wanted = [run for run in runs if system.seeded or run not in SEEDS]
    choices = system.choices.get(dataset.level, (None,))
    best = choices[0]
    if len(choices) > 1:
        tried = {choice: runner.run(system, dataset, choice, [WHOLE]) for choice in choices}
        scores = {choice: _score(outcome, dataset) for choice, outcome in tried.items()}
        best = max(choices, key=lambda choice: scores[choice].main if scores[choice] else -1.0)
    outcome = runner.run(system, dataset, best, wanted)
    score = _score(outcome, dataset)
    if score is None:
        return Measured(problem=outcome.problem)
    found = outcome.groupings
    levels = list(found[WHOLE])
    whole, shuffled = found[WHOLE][dataset.level], found.get(SHUFFLED, {}).get(dataset.level)
    seeds = {n: mean_agreement([found[r][n] for r in (WHOLE, *SEEDS) if r in found]) for n in levels}
    draws = {n: mean_agreement([found[r][n] for r in DROPS if r in found], found[WHOLE][n]) for n in levels}
    return Measured(
        score=score,
        seeds={level: value for level, value in seeds.items() if value},
        draws={level: value for level, value in draws.items() if value},
        same=shuffled is not None and whole.equals(shuffled.reindex(whole.index)),
        shuffled=None if shuffled is None else mean_agreement([shuffled], whole),
        processor=outcome.processor,
        seconds=outcome.seconds,
        memory=outcome.memory,
        choice=best,
    )


def _score(outcome: Outcome, dataset: DataSet) -> Score | None:
    if outcome.problem:
        return None
    labels = outcome.groupings[WHOLE][dataset.level]
    return (score_hotspots if dataset.level == "hotspots" else score_issues)(labels, dataset.gold)


Table = dict[str, dict[str, Measured]]
"""By system, by data set."""


def overview(table: Table, sets: Sequence[DataSet]) -> list[str]:
    """Return the one table: a row a system."""
    head = ["system", *(f"{s.name}: {'F1, good, first' if s.level == 'hotspots' else 'F1, found'}" for s in sets)]
    head += ["precision", "in none", "seeds", "5% less: hotspots", "5% less: issues", "shuffled", "CPU s", "MB"]
    rows = []
    for name, by_set in table.items():
        done = {s: m for s in sets if (m := by_set[s.name]).score}
        months = [m.score for m in done.values() if isinstance(m.score, HotspotScore)]
        rows.append([
            name,
            *(_quality(by_set[s.name]) for s in sets),
            _mean([score.precision for score in months]),
            _mean([score.none for score in months]),
            _mean([m.seeds[s.level].alone for s, m in done.items() if s.level in m.seeds]),
            *(_mean([m.draws[n].alone for s, m in done.items() if s.level == n and n in m.draws])
              for n in ("hotspots", "issues")),
            _same(list(done.values())),
            f"{sum(m.processor for m in done.values()):.0f}" if done else NONE,
            f"{max(m.memory for m in done.values()):.0f}" if done else NONE,
        ])  # fmt: skip
    return _markdown(head, rows)


def details(table: Table, dataset: DataSet) -> list[str]:
    """Return a table of all that was measured on one data set."""
    if dataset.level == "hotspots":
        head = ["system", "F1", "precision", "forced", f"≥ {GOOD}", f"first {FIRST}", "in none"]
    else:
        head = ["system", "F1", "precision", "recall", "found", "in none"]
    head += ["seeds", "5% less: hotspots", "5% less: issues", "shuffled", "CPU s", "clock s", "MB", "setting"]
    rows = []
    for name, by_set in table.items():
        m = by_set[dataset.name]
        s = m.score
        if s is None:
            rows.append([name, m.problem, *[NONE] * (len(head) - 2)])
            continue
        if isinstance(s, HotspotScore):
            row = [_two(s.f1), _two(s.precision), _two(1 - s.precision), f"{s.good}/{s.planted}"]
            row += [f"{s.first}/{s.planted}", _two(s.none)]
        else:
            row = [_three(s.f1), _three(s.precision), _three(s.recall), _three(s.found), _two(s.none)]
        row += [_both(m.seeds.get(dataset.level)), *(_both(m.draws.get(level)) for level in ("hotspots", "issues"))]
        row += ["same" if m.same else _both(m.shuffled), f"{m.processor:.1f}", f"{m.seconds:.1f}", f"{m.memory:.0f}"]
        rows.append([name, *row, NONE if m.choice is None else f"{m.choice}"])
    return _markdown(head, rows)


def _quality(m: Measured) -> str:
    if isinstance(m.score, HotspotScore):
        return f"{m.score.f1:.2f}, {m.score.good}/{m.score.planted}, {m.score.first}/{m.score.planted}"
    return f"{m.score.f1:.3f}, {m.score.found:.3f}" if m.score else m.problem


def _same(measured: list[Measured]) -> str:
    known = [m for m in measured if m.shuffled]
    return "same" if known and all(m.same for m in known) else _mean([m.shuffled.alone for m in known if m.shuffled])


def _mean(values: list[float]) -> str:
    return _two(float(np.mean(values))) if values else NONE


def _both(value: Agreement | None) -> str:
    return f"{value.alone:.2f} / {value.together:.2f}" if value else NONE


def _two(value: float) -> str:
    return f"{value:.2f}"


def _three(value: float) -> str:
    return f"{value:.3f}"


def _markdown(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    return ["| " + " | ".join(cells) + " |" for cells in (head, ["---"] * len(head), *rows)]


def report(title: str, table: Table, sets: Sequence[DataSet], threads: int) -> str:
    """Return the results as Markdown, with what the columns mean and the machine."""
    lines = [f"# {title}", "", *overview(table, sets), "", NOTES, ""]
    for dataset in sets:
        size = f"{len(dataset.orders)} orders, {dataset.gold.nunique()} gold {dataset.level}"
        lines += [f"## {dataset.name}: {size}", "", *details(table, dataset), ""]
    packages = ("bertopic", "umap-learn", "hdbscan", "top2vec", "turftopic", "tomotopy", "scikit-learn", "numpy")
    known = [f"{name} {found}" for name in packages if (found := _version(name))]
    machine = f"{_processor()}, {os.cpu_count()} cores, {threads} threads each; Python {platform.python_version()}"
    return "\n".join([*lines, f"Machine: {machine}; hotspot {hotspot.__version__}, {', '.join(known)}.", ""])


NOTES = f"""\
Hotspots: F1 of the group that fits each planted hotspot best (mean), planted ones that reach {GOOD} (good), and those
with a group of F1 ≥ {MATCH} among the first {FIRST} ranks (first; peers rank by size). Precision: share of the orders
of these groups that belong there; the rest were forced into them. Issues: B-cubed F1, and gold issues found (a group
of F1 ≥ {MATCH}). In none: share of the orders that are in no group, on the months. Seeds, 5% less, shuffled: adjusted
Rand index between three seeds, between all orders and a random 5% fewer (three draws, over the orders in both), and
between rows in order and shuffled; an order in no group counts as a group of its own (in the tables below, behind the
stroke: all orders in no group count as one group). CPU s: processor's seconds from orders in memory to groups in a
process of its own, imports and models included, added up over the sets (other work on the machine does not count, as
it does by the clock); MB: peak resident memory of that process, the most of all sets.
\\* The setting that scores best on the gold itself: an upper bound that no user could reach but by chance."""


def _version(package: str) -> str:
    try:
        return version(package)
    except ImportError:
        return ""


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    names = [line.split(":", 1)[1].strip() for line in info.read_text().splitlines() if line.startswith("model name")] \
        if info.is_file() else []  # fmt: skip
    return names[0] if names else platform.machine()


def read_aloud(path: Path) -> None:
    """Print the hottest issues of a file, with masked orders from the front, the middle and the end of each."""
    result = hotspot.detect(hotspot.read_orders(path))
    for row in result.issues.head(READ).itertuples():
        orders = result.orders_of(str(row.issue))
        print(f"\n{row.issue} {row.title}({row.orders} orders, {row.callers} callers; {row.places})")
        for at in systematic_sample(len(orders), SHOWN):
            order = orders.iloc[at]
            print(f"  {order['order_id']} {order['title']}: {' '.join(order['text'].split())[:160]}")


def main() -> int:
    """Run what the command line asks for; return 1 where a system failed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--issues", nargs=2, type=Path, action="append", default=[], metavar=("ORDERS", "GOLD"))
    parser.add_argument("--ablation", action="store_true", help="this library less one part at a time")
    parser.add_argument("--read", type=Path, metavar="ORDERS", help="print the hottest issues and stop")
    parser.add_argument("--only", nargs="+", metavar="SYSTEM", help="only systems whose name contains one of these")
    parser.add_argument("--sets", nargs="+", metavar="SET", help="only data sets whose name contains one of these")
    parser.add_argument("--threads", type=int, default=2, help="threads that every system may use (default: 2)")
    parser.add_argument("--limit", type=float, default=900, help="seconds after which a run is given up")
    parser.add_argument("--fresh", action="store_true", help="run again what is kept from earlier runs")
    parser.add_argument("--output", type=Path, help="write the Markdown here too")
    arguments = parser.parse_args()
    if arguments.read:
        read_aloud(arguments.read)
        return 0
    sets = _asked([*_issue_sets(arguments.issues), *find_months()], arguments.sets)
    own = all_systems()["hotspot"]
    systems = _asked([own, *(ablations() if arguments.ablation else all_peers())], arguments.only)
    runner = Runner(ROOT / "build/quality", arguments.threads, arguments.limit, arguments.fresh)
    table: Table = {system.name: {} for system in systems}
    for system in systems:
        for dataset in sets:
            runs = [run for run in EVERY if not arguments.ablation or run in (WHOLE, *DROPS)]
            measured = measure(runner, system, dataset, runs)
            table[system.name][dataset.name] = measured
            print(f"{system.name} | {dataset.name} | {_quality(measured)} | {measured.seconds:.0f} s", file=sys.stderr)
    title = "What each part of detection adds" if arguments.ablation else "Detection beside its peers"
    text = report(title, table, sets, arguments.threads)
    print(text)
    if arguments.output:
        arguments.output.write_text(text, "utf-8")
    return int(any(m.problem.startswith("failed") for by_set in table.values() for m in by_set.values()))


def _issue_sets(pairs: Sequence[Sequence[Path]]) -> list[DataSet]:
    found = []
    for orders, gold in pairs:
        if orders.is_file() and gold.is_file():
            found.append(issue_set(orders, gold))
        else:
            print(f"no issues measured: {orders} or {gold} is not there", file=sys.stderr)
    return found


def _asked(named: list[Named], parts: list[str] | None) -> list[Named]:
    return [each for each in named if not parts or any(part.lower() in each.name.lower() for part in parts)]


if __name__ == "__main__":
    sys.exit(main())
