"""Hotspots that most of many trees agree on."""

import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp
from scipy.special import softmax

from hotspot.detection import hotspots
from hotspot.detection.hotspots import _settled, find_hotspots
from hotspot.detection.subjects import SubjectEvidence, subject_graph
from hotspot.settings import DetectSettings

SUBJECTS = (range(15), range(15, 30))


NO_KEYS = np.zeros((60, 1), dtype=np.float32)


ALONE = np.arange(60)


def evidence_of_two_subjects() -> SubjectEvidence:
    draw = np.random.default_rng(0)
    directions = np.eye(8)[:2].repeat(15, axis=0)
    vectors = np.vstack([directions, draw.normal(size=(30, 8))]) + draw.normal(scale=0.2, size=(60, 8))
    vectors = vectors - vectors.mean(axis=0)
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    likely = softmax(4 * vectors, axis=1)
    days = pd.to_timedelta(list(range(30)) * 2, unit="D")
    orders = pd.DataFrame({"department": [""] * 60, "created": pd.Timestamp("2022-06-01") + days})
    return SubjectEvidence(orders, vectors, sp.csr_matrix((60, 60), dtype=np.float64), likely, NO_KEYS)


@pytest.mark.parametrize("work", [hotspots.WORK, 0])
def test_two_subjects_come_out_as_two_hotspots(monkeypatch: pytest.MonkeyPatch, work: int) -> None:
    monkeypatch.setattr(hotspots, "WORK", work)  # by many trees, and by one as in a very large month
    found = find_hotspots(evidence_of_two_subjects(), ALONE, ALONE, DetectSettings())
    groups = [set(np.flatnonzero(found == number).tolist()) for number in range(found.max() + 1)]
    for subject in map(set, SUBJECTS):
        assert max(len(subject & group) / len(subject | group) for group in groups) > 0.6


def test_an_issue_stays_whole() -> None:
    issues = np.concatenate([np.repeat([0, 1, 2], 5), np.arange(3, 48)])
    found = find_hotspots(evidence_of_two_subjects(), ALONE, issues, DetectSettings())
    for issue in range(3):
        assert len(set(found[issues == issue].tolist())) == 1


def test_nothing_in_common_is_no_hotspot() -> None:
    draw = np.random.default_rng(1)
    vectors = draw.normal(size=(60, 64))
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    orders = pd.DataFrame({"department": [""] * 60, "created": pd.Timestamp("2022-06-01")}, index=range(60))
    evidence = SubjectEvidence(
        orders, vectors, sp.csr_matrix((60, 60), dtype=np.float64), np.zeros((60, 1), dtype=np.float32), NO_KEYS
    )
    assert (find_hotspots(evidence, ALONE, ALONE, DetectSettings()) == -1).mean() > 0.8


def test_a_hotspot_must_be_as_alike_as_the_settings_say() -> None:
    found = find_hotspots(evidence_of_two_subjects(), ALONE, ALONE, DetectSettings(hotspot_similarity=99))
    assert (found == -1).all()


def test_what_is_in_the_wrong_hotspot_goes_to_the_right_one_or_to_none() -> None:
    evidence = evidence_of_two_subjects()
    right = np.repeat([0, 1, -1], [15, 15, 30])
    swapped = right.copy()
    swapped[[0, 15]], swapped[30] = [1, 0], 0
    graph, alone = subject_graph(evidence), np.arange(60)
    settled = _settled(swapped, evidence, graph, alone, 8)
    assert (settled == _settled(right, evidence, graph, alone, 8)).mean() > 0.9
    assert settled[0] == 0 and settled[15] != 0 and settled[30] == -1
    assert (settled == right).mean() > 0.7
    assert (_settled(swapped, evidence, graph, alone, 61) == -1).all()
    assert (_settled(np.full(60, -1), evidence, graph, alone, 8) == -1).all()


def test_what_shares_nothing_but_its_days_is_no_hotspot(monkeypatch: pytest.MonkeyPatch) -> None:
    evidence = evidence_of_two_subjects()
    right = np.repeat([0, 1, -1], [15, 15, 30])
    graph, alone = subject_graph(evidence), np.arange(60)
    least = evidence.cohesion(np.flatnonzero(_settled(right, evidence, graph, alone, 8) == 0), besides_time=True)
    monkeypatch.setattr(hotspots, "COHERENT", least + 10)
    assert (_settled(right, evidence, graph, alone, 8) == -1).all()
