"""How likely an order is of a hotspot's subject."""

import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp

from hotspot._logistic import Weights
from hotspot.detection.membership import FEATURES, Membership
from hotspot.detection.subjects import SubjectEvidence, subject_graph

COUNT = 40
GROUP = np.arange(10)
OF_IT, OTHER = 10, 30
"""A text that is like the group but not in it, and one that is like the others."""


def membership(units: list[str] | None = None, weights: Weights | None = None) -> Membership:
    """Twenty texts of one subject and twenty of many, each with a string of its half and one of its own."""
    draw = np.random.default_rng(0)
    vectors = np.vstack([np.eye(8)[:1].repeat(20, axis=0), draw.normal(size=(20, 8))])
    vectors += draw.normal(scale=0.2, size=vectors.shape)
    vectors -= vectors.mean(axis=0)
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    orders = pd.DataFrame({"department": units or [""] * COUNT, "created": pd.Timestamp("2022-06-01")})
    half = np.repeat(np.eye(2), 20, axis=0)
    strings, likely = sp.csr_matrix(np.hstack([half, np.eye(COUNT)])), half.astype(np.float32)
    no_words, no_keys = sp.csr_matrix((COUNT, COUNT)), np.zeros((COUNT, 1), dtype=np.float32)
    evidence = SubjectEvidence(orders, vectors, no_words, likely, no_keys)
    return Membership(evidence, subject_graph(evidence), strings, likely, orders["department"], weights=weights)


@pytest.mark.parametrize("feature", [name for name in FEATURES if name not in ("keys", "unit")])
def test_each_feature_is_higher_for_a_text_of_the_subject(feature: str) -> None:
    told = membership().features(np.array([OF_IT, OTHER]), GROUP)[:, FEATURES.index(feature)]
    assert told[0] > told[1]


def test_what_is_of_the_subject_is_likelier_than_what_is_not() -> None:
    likely = membership().probability(np.arange(COUNT), GROUP)
    assert ((likely > 0) & (likely < 1)).all()
    assert likely[:20].min() > likely[20:].max()


def test_what_a_text_says_itself_does_not_speak_for_it() -> None:
    """A stray that is put into the group is as unlikely there as it was outside."""
    held = membership()
    outside = held.probability(np.array([OTHER]), GROUP)[0]
    inside = held.probability(np.array([OTHER]), np.append(GROUP, OTHER))[0]
    assert inside < held.probability(np.array([OF_IT]), GROUP)[0] / 2
    assert inside == pytest.approx(outside, abs=0.1)


def test_a_unit_that_the_month_rarely_has_tells_and_none_tells_nothing() -> None:
    units = ["水务局"] * 11 + ["公安局"] * 25 + [""] * 4
    told = membership(units).features(np.array([OF_IT, OTHER, COUNT - 1]), GROUP)[:, FEATURES.index("unit")]
    assert told[0] > 0 > told[1]
    assert told[2] == 0
    assert (membership().features(np.arange(COUNT), GROUP)[:, FEATURES.index("unit")] == 0).all()


def test_near_are_those_with_some_of_the_group_among_their_nearest() -> None:
    near = membership().near(GROUP)
    assert OF_IT in near
    assert not np.isin(near, GROUP).any()


def test_weights_may_be_given() -> None:
    none = Weights(0.0, np.zeros(len(FEATURES)))
    assert (membership(weights=none).probability(np.arange(COUNT), GROUP) == 0.5).all()
