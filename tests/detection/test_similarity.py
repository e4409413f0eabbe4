"""Likeness of texts."""

import numpy as np
import pytest

from hotspot.detection.similarity import (
    character_ngrams,
    dense_neighbours,
    learn_lexicon,
    neighbour_graph,
    row_products,
)

TEXTS = ["滨河苑停水三天", "滨河苑又停水了", "广场舞噪音扰民", "广场舞声音太大"]


def test_ngrams_cross_no_sign() -> None:
    assert character_ngrams("停水，三天") == ["停水", "三天"]
    assert character_ngrams("滨河苑") == ["滨河", "河苑", "滨河苑"]


def test_shared_names_make_texts_alike() -> None:
    features = learn_lexicon(TEXTS, lambda text: [text[i : i + 2] for i in range(len(text) - 1)]).features
    likeness = (features @ features.T).toarray()
    assert likeness[0, 1] > 0.2
    assert likeness[2, 3] > 0.2
    assert likeness[0, 2] == 0
    assert np.all(likeness <= 1 + 1e-6)


def test_nothing_shared_gives_no_features_and_no_error() -> None:
    features = learn_lexicon(["甲乙", "丙丁"], list).features
    assert neighbour_graph(features).nnz == 0


def test_graph_is_symmetric_and_bounded() -> None:
    features = learn_lexicon(TEXTS * 3, lambda text: [text[i : i + 2] for i in range(len(text) - 1)]).features
    graph = neighbour_graph(features, neighbours=2)
    assert (graph != graph.T).nnz == 0
    assert graph.diagonal().sum() == 0


@pytest.mark.parametrize("block", [1, 3, 100])
def test_dense_neighbours_are_the_nearest(block: int) -> None:
    vectors = np.random.default_rng(0).normal(size=(9, 4)).astype(np.float32)
    rows, others = dense_neighbours(vectors, 3, block=block)
    likeness = vectors @ vectors.T
    np.fill_diagonal(likeness, -np.inf)
    for row in range(9):
        assert set(others[rows == row]) == set(np.argsort(-likeness[row])[:3])
    np.testing.assert_allclose(row_products(vectors, (rows, others), block=2), likeness[rows, others], rtol=1e-5)


@pytest.mark.parametrize("count", [0, 1])
def test_dense_neighbours_of_nothing(count: int) -> None:
    rows, others = dense_neighbours(np.zeros((count, 3), dtype=np.float32), 5)
    assert len(rows) == len(others) == 0
