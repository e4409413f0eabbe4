"""Hotspots that most of many trees agree on."""

import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp
from scipy.special import softmax

from hotspot.detection import hotspots
from hotspot.detection.hotspots import find_hotspots, joined, settled
from hotspot.detection.membership import Membership
from hotspot.detection.subjects import SubjectEvidence, subject_graph
from hotspot.settings import DetectSettings

SUBJECTS = (range(15), range(15, 30))


ALONE = np.arange(60)


def membership_of(vectors: np.ndarray, likely: np.ndarray, days: list[int], strings: np.ndarray) -> Membership:
    """Texts with no units and nothing that is key for the month."""
    count = len(vectors)
    created = pd.Timestamp("2022-06-01") + pd.to_timedelta(days, unit="D")
    orders = pd.DataFrame({"department": [""] * count, "created": created})
    no_words = sp.csr_matrix((count, count), dtype=np.float64)
    evidence = SubjectEvidence(orders, vectors, no_words, likely, np.zeros((count, 1), dtype=np.float32))
    return Membership(evidence, subject_graph(evidence), sp.csr_matrix(strings), likely, orders["department"])


def two_subjects() -> Membership:
    draw = np.random.default_rng(0)
    directions = np.eye(8)[:2].repeat(15, axis=0)
    vectors = np.vstack([directions, draw.normal(size=(30, 8))]) + draw.normal(scale=0.2, size=(60, 8))
    vectors = vectors - vectors.mean(axis=0)
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    likely = softmax(4 * vectors, axis=1)
    strings = np.vstack([np.eye(2).repeat(15, axis=0), np.zeros((30, 2))])  # a word of each subject
    return membership_of(vectors, likely, list(range(30)) * 2, strings)


@pytest.mark.parametrize("work", [hotspots.WORK, 0])
def test_two_subjects_come_out_as_two_hotspots(monkeypatch: pytest.MonkeyPatch, work: int) -> None:
    monkeypatch.setattr(hotspots, "WORK", work)  # by many trees, and by one as in a very large month
    found = find_hotspots(two_subjects(), ALONE, ALONE, DetectSettings())
    groups = [set(np.flatnonzero(found == number).tolist()) for number in range(found.max() + 1)]
    for subject in map(set, SUBJECTS):
        assert max(len(subject & group) / len(subject | group) for group in groups) > 0.6


def test_an_issue_stays_whole() -> None:
    issues = np.concatenate([np.repeat([0, 1, 2], 5), np.arange(3, 48)])
    found = find_hotspots(two_subjects(), ALONE, issues, DetectSettings())
    for issue in range(3):
        assert len(set(found[issues == issue].tolist())) == 1


def test_nothing_in_common_is_no_hotspot() -> None:
    draw = np.random.default_rng(1)
    vectors = draw.normal(size=(60, 64))
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    membership = membership_of(vectors, np.zeros((60, 1), dtype=np.float32), [0] * 60, np.zeros((60, 1)))
    assert (find_hotspots(membership, ALONE, ALONE, DetectSettings()) == -1).mean() > 0.8


def test_a_hotspot_must_be_as_alike_as_the_settings_say() -> None:
    found = find_hotspots(two_subjects(), ALONE, ALONE, DetectSettings(hotspot_similarity=99))
    assert (found == -1).all()


def test_what_is_in_the_wrong_hotspot_goes_to_the_right_one_or_to_none() -> None:
    membership = two_subjects()
    right = np.repeat([0, 1, -1], [15, 15, 30])
    swapped = right.copy()
    swapped[[0, 15]], swapped[30] = [1, 0], 0
    found = settled(swapped, membership, ALONE, 8)
    assert (found == settled(right, membership, ALONE, 8)).mean() > 0.9
    assert found[0] == 0 and found[15] != 0 and found[30] == -1
    assert (found == right).mean() > 0.7
    assert (settled(swapped, membership, ALONE, 61) == -1).all()
    assert (settled(np.full(60, -1), membership, ALONE, 8) == -1).all()


def test_what_shares_nothing_but_its_days_is_no_hotspot(monkeypatch: pytest.MonkeyPatch) -> None:
    membership = two_subjects()
    right = np.repeat([0, 1, -1], [15, 15, 30])
    group = np.flatnonzero(settled(right, membership, ALONE, 8) == 0)
    least = membership.evidence.cohesion(group, besides_time=True)
    monkeypatch.setattr(hotspots, "COHERENT", least + 10)
    assert (settled(right, membership, ALONE, 8) == -1).all()


def test_halves_of_a_subject_are_joined_and_two_subjects_are_not() -> None:
    membership = two_subjects()
    halves = np.repeat([0, 1, 2, -1], [8, 7, 15, 30])
    found = joined(halves, membership)
    assert set(found[:15].tolist()) == {0}
    assert set(found[15:30].tolist()) == {2}
    assert (found[30:] == -1).all()
    assert (joined(np.full(60, -1), membership) == -1).all()
