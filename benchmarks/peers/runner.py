"""Each system in a process of its own: its seconds and its peak memory are its own, and what it gave is kept.

As a script this is that process: a job as JSON comes in on standard input, a result goes to the file that it names.
"""

import hashlib
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

if __name__ == "__main__":  # as a script, find the package that this file is in
    sys.path.insert(0, str(Path(__file__).parents[1]))

from hotspot.embed import embed, load_encoder
from hotspot.segment import Segmenter
from peers.ablation import ablations
from peers.datasets import ROOT, DataSet, Level, digest
from peers.learned import Learned, learned_without, used
from peers.systems import Grouping, System, documents, ours, peers

__all__ = ["EVERY", "Job", "Outcome", "Runner", "all_systems"]

WHOLE, SHUFFLED = "whole", "shuffled"
SEEDS = ("seed 1", "seed 2")
DROPS = ("draw 0", "draw 1", "draw 2")
EVERY = (WHOLE, SHUFFLED, *SEEDS, *DROPS)
DROPPED = 0.05
"""Share of the orders that a draw leaves out."""
ALWAYS = ("numpy", "scipy", "scikit-learn", "model2vec", "rjieba")
SHARED = ("detection", "orders", "data")
"""Folders of the library that detection rests on, beside the files at its top."""


@dataclass(frozen=True)
class Job:
    """One system on one data set with one setting.

    Attributes
    ----------
    system, dataset : str
        Their names.
    orders : str
        Path of the orders.
    level : {"hotspots", "issues"}
    choice : object
        Setting, of those that the system names; None: its own.
    runs : tuple of str
        Of `EVERY`, ``whole`` first: the one that is timed.
    """

    system: str
    dataset: str
    orders: str
    level: Level
    choice: Any
    runs: tuple[str, ...]


@dataclass(frozen=True)
class Outcome:
    """What came of a job.

    Attributes
    ----------
    groupings : dict of str to dict
        By run, the groups at each level that the system gives.
    processor, seconds : float
        Processor's and clock's seconds of the first run, from orders in memory to groups, imports and models included.
        Other work on the machine adds to the clock's.
    memory : float
        Peak resident memory of the process after it, in MB.
    problem : str
        Why there are no groups; empty where there are.
    """

    groupings: dict[str, Grouping]
    processor: float = 0.0
    seconds: float = 0.0
    memory: float = 0.0
    problem: str = ""


def all_systems() -> dict[str, System]:
    """Return every system by its name: this library, its peers, and this library with a part taken away."""
    return {system.name: system for system in (System("hotspot", ours(), own=True), *peers(), *ablations())}


class Runner:
    """Runs jobs, each in its own process, and keeps what they gave.

    What a peer gave is found again as long as its input (texts, words, vectors, units), its version, this folder's code
    and the machine are the same; what this library gave, as long as its own code is.

    Parameters
    ----------
    folder : pathlib.Path
        Where results are kept.
    threads : int
        Threads that every library may use.
    limit : float
        Seconds after which a job is given up.
    fresh : bool
        Whether to run again what is kept.
    """

    def __init__(self, folder: Path, threads: int, limit: float, fresh: bool = False) -> None:
        self.folder, self.threads, self.limit, self.fresh = folder, threads, limit, fresh

    def _learned(self, job: Job, system: System) -> Learned:
        """Return what the library learned without the month of a job."""
        if not system.own or job.level != "hotspots":
            return {}
        return learned_without(self.folder).get(job.dataset, {})

    def run(self, system: System, dataset: DataSet, choice: Any, runs: Sequence[str]) -> Outcome:
        """Run a system on a data set, or find what it gave before."""
        absent = [name for name in system.packages if _version(name) is None]
        if absent:
            return Outcome({}, problem=f"{absent[0]} not installed")
        if system.needs_units and not dataset.orders["department"].ne("").any():
            return Outcome({}, problem="no units")
        job = Job(system.name, dataset.name, str(dataset.path), dataset.level, choice, tuple(runs))
        learned = self._learned(job, system)
        kept = self.folder / f"{self._key(job, learned, system, dataset)}.json"
        if self.fresh or not kept.is_file():
            problem = self._start(job, kept, learned)
            if problem:
                return Outcome({}, problem=problem)
        return _read(kept)

    def _start(self, job: Job, kept: Path, learned: Learned) -> str:
        """Run a job's process; return why there is no result, or nothing."""
        kept.parent.mkdir(parents=True, exist_ok=True)
        threads = str(self.threads)
        names = ("OMP", "OPENBLAS", "MKL", "NUMBA", "RAYON")
        environment = os.environ | {f"{name}_NUM_THREADS": threads for name in names}
        environment |= {"TOKENIZERS_PARALLELISM": "false", "PYTHONWARNINGS": "ignore"}
        with tempfile.TemporaryDirectory() as scratch:
            made = Path(scratch) / "result.json"
            known = {"result": str(made), "encoder": load_encoder().name, "learned": learned}
            text = json.dumps(asdict(job) | known)
            try:
                done = subprocess.run(
                    [sys.executable, __file__], input=text, env=environment, timeout=self.limit,
                    capture_output=True, text=True, check=False,
                )  # fmt: skip
            except subprocess.TimeoutExpired:
                return f"over {self.limit:.0f} s"
            if done.returncode or not made.is_file():
                print(done.stderr[-2000:], file=sys.stderr)
                return f"failed: {(done.stderr.strip().splitlines() or ['no word'])[-1][:120]}"
            kept.write_bytes(made.read_bytes())
        return ""

    def _key(self, job: Job, learned: Learned, system: System, dataset: DataSet) -> str:
        versions = {name: _version(name) for name in (*ALWAYS, *system.packages)}
        seen = [_source(), _library() if system.own else "", _input(dataset)]
        machine = [platform.machine(), platform.python_version(), os.cpu_count(), self.threads]
        parts = [asdict(job) | {"orders": ""}, learned, versions, seen, machine]
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:24]


def _read(path: Path) -> Outcome:
    stored = json.loads(path.read_text("utf-8"))
    groupings = {
        run: {level: pd.Series(labels, dtype="float64").dropna().astype(np.int64) for level, labels in levels.items()}
        for run, levels in stored["groupings"].items()
    }
    return Outcome(groupings, stored["processor"], stored["seconds"], stored["memory"])


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


@cache
def _source() -> str:
    """Digest of what decides a job's result in this folder."""
    return digest(Path(__file__).with_name(name) for name in ("systems.py", "runner.py", "learned.py"))


@cache
def _library() -> str:
    """Digest of this library as far as detection rests on it, and of its ablations."""
    source = ROOT / "src/hotspot"
    files = [*source.glob("*.py"), *(f for name in SHARED for f in (source / name).rglob("*.*"))]
    files += [Path(__file__).with_name("ablation.py"), *(ROOT / "models/sentence-zh").glob("*.*")]
    return digest(path for path in files if path.suffix != ".pyc")


@cache
def _input(dataset: DataSet) -> str:
    """Digest of what a peer sees of a data set: texts, words, vectors and units."""
    texts = documents(dataset.orders)
    segmenter = Segmenter()
    seen = [dataset.orders["order_id"].tolist(), dataset.orders["department"].tolist(), texts]
    seen += [[segmenter.topic_words(text) for text in texts], [segmenter.words(text) for text in texts]]
    digest = hashlib.sha256(json.dumps([*seen, load_encoder().name], ensure_ascii=False).encode())
    digest.update(embed(texts).tobytes())
    return digest.hexdigest()


def _peak_memory() -> float:
    """Return this process's peak resident memory in MB.

    Linux's VmHWM is this program's own; getrusage would count what the parent held when it forked.
    """
    status = Path("/proc/self/status")
    if status.is_file():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)


def _orders_of(run: str, orders: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """Return the orders and the seed of a run; which orders a draw leaves out hangs on their ids alone."""
    kind, _, number = run.partition(" ")
    if run == SHUFFLED:
        return orders.sample(frac=1, random_state=1).reset_index(drop=True), 0
    if kind == "draw":
        ids = np.sort(orders["order_id"].to_numpy(dtype=str))
        left_out = np.random.default_rng(int(number)).choice(ids, round(DROPPED * len(ids)), replace=False)
        return orders[~orders["order_id"].isin(left_out)].reset_index(drop=True), 0
    return orders, int(number or 0)


def _work(job: dict[str, Any]) -> None:
    """Carry out a job and write its result."""
    import hotspot

    system = all_systems()[job["system"]]
    orders = hotspot.read_orders(job["orders"])
    groupings: dict[str, Any] = {}
    spent: dict[str, float] = {}
    for run in job["runs"]:
        given, seed = _orders_of(run, orders)
        start, busy = time.perf_counter(), time.process_time()
        with used(job["learned"]):
            found = system.group(given, job["level"], seed, job["choice"])
        if run == WHOLE:
            spent = {"processor": time.process_time() - busy, "seconds": time.perf_counter() - start}
            spent["memory"] = _peak_memory()
        groupings[run] = {level: {str(i): int(g) for i, g in labels.items()} for level, labels in found.items()}
    if load_encoder().name != job["encoder"]:
        raise RuntimeError(f"the sentence model is now {load_encoder().name}, no longer {job['encoder']}: start again")
    Path(job["result"]).write_text(json.dumps(spent | {"groupings": groupings}), "utf-8")


if __name__ == "__main__":
    _work(json.load(sys.stdin))
