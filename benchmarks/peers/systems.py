"""The systems that are compared, each a function from orders to groups.

Peers see the same words (`Segmenter.topic_words`) and the same vectors (the packaged sentence model) as this library.
How many groups they make is their own choice where they make one. Where they must be told, two rows stand side by
side: a stated rule, and the setting out of `choices` that scores best on the gold itself, which no user could know.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

import hotspot
from hotspot.embed import embed
from hotspot.segment import Segmenter

from .datasets import Level

__all__ = ["Grouping", "System", "documents", "ours", "peers"]

Grouping = dict[Level, pd.Series]
"""By level, the group of each order by order id, -1 for none; group 0 ranks first."""
Group = Callable[[pd.DataFrame, Level, int, Any], Grouping]
"""From orders, level, seed and setting to groups."""
LEAST: Mapping[Level, int] = {"hotspots": 8, "issues": 2}
"""Fewest orders of a group, as this library has it."""
CUTS = (0.02, 0.04, 0.06, 0.08, 0.1, 0.14, 0.18, 0.22, 0.26, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6)
ORDERS_A_GROUP: Mapping[Level, tuple[int, ...]] = {"hotspots": (12, 18, 25, 40, 60), "issues": (3, 5, 8, 12, 25)}
RULE = 25
"""Orders to a group where nothing better is known."""
UNIT_SCALE = 0.7
"""Length of the unit's one-hot code beside vectors of length 1."""


@dataclass(frozen=True)
class System:
    """A way to group orders.

    Attributes
    ----------
    name : str
    group : callable
    packages : tuple of str
        Distributions that it needs, beyond this library's own.
    choices : mapping of level to tuple
        Settings of which the best by the gold is reported; none: `group` makes its own choice.
    seeded : bool
        Whether a seed changes what it gives.
    levels : tuple of str
        Levels that it is measured on: a sampler of a thousand topics would take hours.
    needs_units : bool
        Whether orders must carry their department.
    own : bool
        Whether it is this library, whole or in part.
    knobs : tuple of str
        Names in this library that are set aside for it.
    """

    name: str
    group: Group
    packages: tuple[str, ...] = ()
    choices: Mapping[Level, tuple[Any, ...]] = field(default_factory=dict)
    seeded: bool = False
    levels: tuple[Level, ...] = ("hotspots", "issues")
    needs_units: bool = False
    own: bool = False
    knobs: tuple[str, ...] = ()


def ours(model: Any = None) -> Group:
    """Return this library at its default settings."""

    def group(orders: pd.DataFrame, level: Level, seed: int, choice: Any) -> Grouping:
        fitted = hotspot.HotspotDetector(model=model).fit(orders)
        ids = fitted.result_.assignments["order_id"].to_numpy()
        return {
            "hotspots": pd.Series(fitted.labels_, index=ids),
            "issues": pd.Series(fitted.issue_labels_, index=ids),
        }

    return group


def peers() -> list[System]:
    """Return the systems to compare with, the best known first."""
    umap = ("bertopic", "umap-learn", "hdbscan")
    rule = dict.fromkeys(LEAST, (RULE,))
    cuts = dict.fromkeys(LEAST, CUTS)
    return [
        System("BERTopic, defaults", _peer(_bertopic_defaults), umap, seeded=True),
        System("BERTopic, jieba, centred vectors", _peer(_bertopic), umap, seeded=True),
        System("the same, with the unit", _peer(_bertopic_units), umap, seeded=True, needs_units=True),
        System("Top2Vec", _peer(_top2vec), ("top2vec", "umap-learn", "hdbscan"), seeded=True),
        System("turftopic KeyNMF", _peer(_keynmf), ("turftopic",), seeded=True),
        System("LDA, n/25 topics", _peer(_lda), ("tomotopy",), rule, seeded=True),
        System("LDA, best number*", _peer(_lda), ("tomotopy",), ORDERS_A_GROUP, seeded=True, levels=("hotspots",)),
        System("KMeans, n/25 groups", _peer(_kmeans), (), rule, seeded=True),
        System("KMeans, best number*", _peer(_kmeans), (), ORDERS_A_GROUP, seeded=True),
        System("TF-IDF, average linkage, best cut*", _peer(_tfidf_linkage), (), cuts),
        System("LSA, average linkage, best cut*", _peer(_lsa_linkage), (), cuts),
        System("vectors, average linkage, best cut*", _peer(_vector_linkage), (), cuts),
    ]


def documents(orders: pd.DataFrame) -> list[str]:
    """Return what each order says: title and text."""
    return (orders["title"] + "。" + orders["text"]).tolist()


def _peer(find: Callable[[pd.DataFrame, Level, int, Any], NDArray[np.int64]]) -> Group:
    """Rank the groups of a peer by size, and drop those of fewer orders than this library would report."""

    def group(orders: pd.DataFrame, level: Level, seed: int, choice: Any) -> Grouping:
        labels = pd.Series(find(orders, level, seed, choice), index=orders["order_id"].to_numpy())
        sizes = labels[labels >= 0].value_counts()
        large = sizes[sizes >= LEAST[level]]
        rank = {name: place for place, name in enumerate(sorted(large.index, key=lambda name: (-large[name], name)))}
        return {level: labels.map(rank).fillna(-1).astype(np.int64)}

    return group


def _bertopic_defaults(orders: pd.DataFrame, level: Level, seed: int, choice: Any) -> NDArray[np.int64]:
    """Take BERTopic as it comes: it sets no seed. There is no model hub, so the packaged model is its embedder."""
    from bertopic import BERTopic
    from bertopic.backend import BaseEmbedder

    class Packaged(BaseEmbedder):  # type: ignore[misc]
        def embed(self, documents: list[str], verbose: bool = False) -> NDArray[np.float32]:
            return embed(documents)

    model = BERTopic(language="multilingual", embedding_model=Packaged())
    topics, _ = model.fit_transform(documents(orders))
    return np.array(topics)


def _bertopic(
    orders: pd.DataFrame, level: Level, seed: int, choice: Any, vectors: NDArray[np.float32] | None = None
) -> NDArray[np.int64]:
    from bertopic import BERTopic
    from hdbscan import HDBSCAN
    from sklearn.feature_extraction.text import CountVectorizer
    from umap import UMAP

    texts = documents(orders)
    least = 4 if level == "issues" else LEAST[level]
    model = BERTopic(
        umap_model=UMAP(n_neighbors=15, n_components=5, min_dist=0.0, metric="cosine", random_state=seed),
        hdbscan_model=HDBSCAN(min_cluster_size=least, prediction_data=True),
        vectorizer_model=CountVectorizer(analyzer=Segmenter().topic_words),
    )
    topics, _ = model.fit_transform(texts, embeddings=embed(texts, centre=True) if vectors is None else vectors)
    return np.array(topics)


def _bertopic_units(orders: pd.DataFrame, level: Level, seed: int, choice: Any) -> NDArray[np.int64]:
    units = pd.get_dummies(orders["department"].replace("", pd.NA)).to_numpy(dtype=np.float32)
    return _bertopic(
        orders, level, seed, choice, np.hstack([embed(documents(orders), centre=True), UNIT_SCALE * units])
    )


def _top2vec(orders: pd.DataFrame, level: Level, seed: int, choice: Any) -> NDArray[np.int64]:
    """Run Top2Vec; its floor of 50 occurrences of a word would leave a small month no words."""
    from top2vec import Top2Vec

    model = Top2Vec(
        documents(orders),
        embedding_model=embed,
        tokenizer=Segmenter().topic_words,
        min_count=2,
        umap_args={"n_neighbors": 15, "n_components": 5, "metric": "cosine", "random_state": seed},
    )
    return np.asarray(model.doc_top, dtype=np.int64)


def _keynmf(orders: pd.DataFrame, level: Level, seed: int, choice: Any) -> NDArray[np.int64]:
    from sentence_transformers import SentenceTransformer
    from sklearn.feature_extraction.text import CountVectorizer
    from turftopic import KeyNMF

    from hotspot._resources import model_path

    model = KeyNMF(
        "auto",
        encoder=SentenceTransformer(str(model_path("sentence-zh")), device="cpu", local_files_only=True),
        vectorizer=CountVectorizer(analyzer=Segmenter().topic_words, min_df=2),
        random_state=seed,
    )
    return _strongest(model.fit_transform(documents(orders)))


def _lda(orders: pd.DataFrame, level: Level, seed: int, choice: int) -> NDArray[np.int64]:
    import tomotopy

    segmenter = Segmenter()
    words = [segmenter.topic_words(text) for text in documents(orders)]
    model = tomotopy.LDAModel(k=max(2, len(orders) // choice), min_df=2, seed=seed)
    held = [i for i, each in enumerate(words) if each and model.add_doc(each) is not None]
    model.train(300, workers=1)
    labels = np.full(len(orders), -1, dtype=np.int64)
    labels[held] = [document.get_topics(1)[0][0] for document in model.docs]
    return labels


def _strongest(weights: NDArray[np.floating[Any]]) -> NDArray[np.int64]:
    """Return each row's strongest column, -1 where all are zero."""
    return np.where(weights.max(axis=1) > 0, weights.argmax(axis=1), -1)


def _kmeans(orders: pd.DataFrame, level: Level, seed: int, choice: int) -> NDArray[np.int64]:
    from sklearn.cluster import KMeans

    groups = max(2, len(orders) // choice)
    found: NDArray[np.int64] = KMeans(groups, n_init=5, random_state=seed).fit_predict(
        embed(documents(orders), centre=True)
    )
    return found


def _tfidf_linkage(orders: pd.DataFrame, level: Level, seed: int, choice: float) -> NDArray[np.int64]:
    from sklearn.feature_extraction.text import TfidfVectorizer

    texts = (orders["title"] + " " + orders["title"] + " " + orders["text"].str[:200]).tolist()
    weights = TfidfVectorizer(analyzer=Segmenter().words, min_df=2, sublinear_tf=True).fit_transform(texts)
    return _average_linkage((weights @ weights.T).toarray(), choice)


def _lsa_linkage(orders: pd.DataFrame, level: Level, seed: int, choice: float) -> NDArray[np.int64]:
    from sklearn.decomposition import TruncatedSVD
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.preprocessing import normalize

    vectorizer = TfidfVectorizer(analyzer=Segmenter().topic_words, min_df=2, sublinear_tf=True)
    weights = vectorizer.fit_transform(documents(orders))
    vectors = normalize(TruncatedSVD(min(128, min(weights.shape) - 1), random_state=0).fit_transform(weights))
    return _average_linkage(vectors @ vectors.T, choice)


def _vector_linkage(orders: pd.DataFrame, level: Level, seed: int, choice: float) -> NDArray[np.int64]:
    vectors = embed(documents(orders), centre=True)
    return _average_linkage(vectors @ vectors.T, choice)


def _average_linkage(likeness: NDArray[np.floating[Any]], cut: float) -> NDArray[np.int64]:
    from scipy.cluster.hierarchy import fcluster, linkage

    distance = np.clip(1 - likeness, 0, None)[np.triu_indices(len(likeness), 1)]
    return fcluster(linkage(distance, "average"), 1 - cut, "distance").astype(np.int64)
