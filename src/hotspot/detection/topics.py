"""A real BERTopic object over the hotspots."""

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..embed import embed

if TYPE_CHECKING:
    from .result import DetectionResult

__all__ = ["fit_topic_model"]


def fit_topic_model(result: "DetectionResult") -> Any:
    """Fit a BERTopic whose topics are a result's hotspots.

    BERTopic's own steps that would look for clusters are given the ones found (its 'manual topic modelling'); words,
    representative documents and charts are BERTopic's.

    Parameters
    ----------
    result : DetectionResult

    Returns
    -------
    bertopic.BERTopic
        Topics numbered by size as BERTopic does, each labelled with its hotspot's id and title; -1 holds the orders in
        no hotspot.
    """
    from bertopic import BERTopic
    from bertopic.backend import BaseEmbedder
    from bertopic.cluster import BaseCluster
    from bertopic.dimensionality import BaseDimensionalityReduction
    from bertopic.vectorizers import ClassTfidfTransformer
    from sklearn.feature_extraction.text import CountVectorizer

    class Embedder(BaseEmbedder):  # type: ignore[misc]
        def embed(self, documents: list[str], verbose: bool = False) -> NDArray[np.float32]:
            return embed(documents, result.encoder)

    documents = (result.orders["title"] + "。" + result.orders["text"]).tolist()
    ranks = {name: rank - 1 for rank, name in zip(result.hotspots["rank"], result.hotspots["hotspot"], strict=True)}
    labels = [ranks.get(name, -1) for name in result.assignments["hotspot"]]
    model = BERTopic(
        language="multilingual",
        embedding_model=Embedder(),
        umap_model=BaseDimensionalityReduction(),
        hdbscan_model=BaseCluster(),
        vectorizer_model=CountVectorizer(tokenizer=result.segmenter.topic_words, token_pattern=None, lowercase=False),
        ctfidf_model=ClassTfidfTransformer(reduce_frequent_words=True),
        calculate_probabilities=False,
    )
    topics, _ = model.fit_transform(documents, embeddings=embed(documents, result.encoder, centre=True), y=labels)
    hotspot_of_topic = dict(zip(topics, result.assignments["hotspot"], strict=True))
    titles = dict(zip(result.hotspots["hotspot"], result.hotspots["title"], strict=True))
    model.set_topic_labels(
        {topic: f"{name} {titles[name]}" if name else "未归入热点" for topic, name in hotspot_of_topic.items()}
    )
    return model
