"""Compare detection with its peers in one run: hotspots on two hand-written months, issues on a gold set if given.

    python benchmarks/detection.py [--issues ORDERS GOLD] [--output FILE]

ORDERS is any orders file, GOLD a CSV with issue_id and message_id. Peers get the same words and the same vectors.
Printed as Markdown: for hotspots the F1 of the found group that fits each planted one best, the share of its orders
that belong there (precision), and how many planted ones are among the first seven; for issues B-cubed F1 and the share
found (some group with F1 of .5 or more).
"""

import argparse
import platform
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

import hotspot
from hotspot.embed import embed
from hotspot.segment import Segmenter

ROOT = Path(__file__).parents[1]
MONTHS = {
    "wengyuan": (
        ROOT / "examples/wengyuan-2022-06/orders.csv",
        ROOT / "tests/data/wengyuan-2022-06-gold.csv",
    ),
    "yunze": (ROOT / "tests/data/yunze-2023-11.csv", ROOT / "tests/data/yunze-2023-11-gold.csv"),
}
Labels = NDArray[np.int64]
"""Group of each order, -1 for none; group 0 ranks first."""
ROOM = 7


@dataclass(frozen=True)
class System:
    """A way to group orders into hotspots and, if it has a second level, into issues."""

    name: str
    hotspots: Callable[[pd.DataFrame], Labels]
    issues: Callable[[pd.DataFrame], Labels]


class LatentSemantic:
    """TF-IDF and truncated SVD behind the encoder interface: what there was before the sentence model."""

    name = "lsa"
    dimension = 128

    def encode(self, texts: list[str]) -> NDArray[np.float32]:
        from sklearn.decomposition import TruncatedSVD
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.preprocessing import normalize

        words = TfidfVectorizer(analyzer=Segmenter().topic_words, min_df=2, sublinear_tf=True).fit_transform(texts)
        size = min(self.dimension, min(words.shape) - 1)
        return normalize(TruncatedSVD(size, random_state=0).fit_transform(words)).astype(np.float32)


def documents(orders: pd.DataFrame) -> list[str]:
    return (orders["title"] + "。" + orders["text"]).tolist()


def by_size(labels: NDArray[np.int64], least: int = 2) -> Labels:
    """Renumber groups from the largest; smaller ones than `least` are none."""
    names, sizes = np.unique(labels[labels >= 0], return_counts=True)
    order = [name for name, size in sorted(zip(names, sizes, strict=True), key=lambda t: -t[1]) if size >= least]
    number = {name: i for i, name in enumerate(order)}
    return np.array([number.get(label, -1) for label in labels])


def ours(model: object = None) -> tuple[Callable[[pd.DataFrame], Labels], Callable[[pd.DataFrame], Labels]]:
    def fitted(orders: pd.DataFrame) -> hotspot.HotspotDetector:
        return hotspot.HotspotDetector(model=model).fit(orders)

    return (lambda orders: fitted(orders).labels_), (lambda orders: fitted(orders).issue_labels_)


def bertopic(least: int, seed: int = 0) -> Callable[[pd.DataFrame], Labels]:
    def run(orders: pd.DataFrame) -> Labels:
        from bertopic import BERTopic
        from hdbscan import HDBSCAN
        from sklearn.feature_extraction.text import CountVectorizer
        from umap import UMAP

        texts = documents(orders)
        model = BERTopic(
            umap_model=UMAP(n_neighbors=15, n_components=5, min_dist=0.0, metric="cosine", random_state=seed),
            hdbscan_model=HDBSCAN(min_cluster_size=least, prediction_data=True),
            vectorizer_model=CountVectorizer(analyzer=Segmenter().topic_words),
        )
        topics, _ = model.fit_transform(texts, embeddings=embed(texts, centre=True))
        return by_size(np.array(topics))

    return run


def average_linkage(cut: float, least: int) -> Callable[[pd.DataFrame], Labels]:
    def run(orders: pd.DataFrame) -> Labels:
        from scipy.cluster.hierarchy import fcluster, linkage
        from sklearn.feature_extraction.text import TfidfVectorizer

        texts = (orders["title"] + " " + orders["title"] + " " + orders["text"].str[:200]).tolist()
        weights = TfidfVectorizer(analyzer=Segmenter().words, min_df=2, sublinear_tf=True).fit_transform(texts)
        distance = np.clip(1 - (weights @ weights.T).toarray(), 0, None)
        tree = linkage(distance[np.triu_indices(len(texts), 1)].astype(np.float32), "average")
        return by_size(fcluster(tree, 1 - cut, "distance"), least)

    return run


def kmeans(orders: pd.DataFrame) -> Labels:
    from sklearn.cluster import KMeans

    groups = max(2, round(np.sqrt(len(orders) / 2)))
    return by_size(KMeans(groups, n_init=10, random_state=0).fit_predict(embed(documents(orders), centre=True)))


def systems() -> list[System]:
    return [
        System("hotspot", *ours()),
        System("hotspot, LSA for the sentence model", *ours(LatentSemantic())),
        System("BERTopic, packaged vectors", bertopic(8), bertopic(4)),
        System("BERTopic, another seed", bertopic(8, 1), bertopic(4, 1)),
        System("TF-IDF, average linkage", average_linkage(0.04, 8), average_linkage(0.18, 2)),
        System("KMeans, packaged vectors", kmeans, kmeans),
    ]


def fit_of(labels: Labels, orders: pd.DataFrame, gold: pd.DataFrame) -> tuple[float, float, int, int]:
    """Return mean best F1, mean precision, planted ones among the first seven with F1 of .4, and planted ones."""
    best = []
    for _, rows in gold.groupby("hotspot"):
        planted = orders["order_id"].isin(rows["order_id"]).to_numpy()
        scored = []
        for group in range(int(labels.max(initial=-1)) + 1):
            found = labels == group
            both = (found & planted).sum()
            scored.append((2 * both / (found.sum() + planted.sum()), both / found.sum(), group))
        best.append(max(scored, default=(0.0, 0.0, 99)))
    f1, precision, group = (np.array(part) for part in zip(*best, strict=True))
    return float(f1.mean()), float(precision.mean()), int(((group < ROOM) & (f1 >= 0.4)).sum()), len(best)


def issue_scores(labels: Labels, orders: pd.DataFrame, gold: pd.DataFrame) -> tuple[float, float]:
    """Return B-cubed F1 over the gold orders, all members of a group counted, and the share of issues found."""
    group = pd.Series(np.where(labels >= 0, labels, -2 - np.arange(len(labels))), index=orders["order_id"])
    size = group.value_counts()
    truth = gold.set_index(gold["message_id"].astype(str))["issue_id"]
    truth = truth[truth.map(truth.value_counts()) >= 4]
    found, precision, recall = [], [], []
    for _, ids in truth.groupby(truth).groups.items():
        hits = group.loc[ids].value_counts()
        p, r = hits / size[hits.index], hits / len(ids)
        found.append(float((2 * p * r / (p + r)).max()))
        precision += [v for value, n in zip(p, hits, strict=True) for v in [value] * n]
        recall += [v for value, n in zip(r, hits, strict=True) for v in [value] * n]
    p, r = np.mean(precision), np.mean(recall)
    return float(2 * p * r / (p + r)), float((np.array(found) >= 0.5).mean())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--issues", nargs=2, metavar=("ORDERS", "GOLD"))
    parser.add_argument("--output", type=Path)
    arguments = parser.parse_args()
    months = {name: (hotspot.read_orders(a), pd.read_csv(b)) for name, (a, b) in MONTHS.items()}
    issues = (hotspot.read_orders(arguments.issues[0]), pd.read_csv(arguments.issues[1])) if arguments.issues else None
    head = ["", *[f"{name}: F1 / precision / in first {ROOM}" for name in months], "issues: F1 / found", "seconds"]
    lines = ["| " + " | ".join(head) + " |", "|---" * len(head) + "|"]
    for system in systems():
        start = time.perf_counter()
        cells = []
        for orders, gold in months.values():
            f1, precision, first, planted = fit_of(system.hotspots(orders), orders, gold)
            cells.append(f"{f1:.2f} / {precision:.2f} / {first} of {planted}")
        cells.append("{:.3f} / {:.3f}".format(*issue_scores(system.issues(issues[0]), *issues)) if issues else "–")
        lines.append("| " + " | ".join([system.name, *cells, f"{time.perf_counter() - start:.0f}"]) + " |")
        print(lines[-1], file=sys.stderr)
    machine = f"{platform.machine()}, Python {platform.python_version()}, hotspot {hotspot.__version__}"
    text = "\n".join(["# Detection beside its peers", "", *lines, "", f"Machine: {machine}.", ""])
    print(text)
    if arguments.output:
        arguments.output.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
