"""Evidence for a common subject, and hotspots cut from the tree."""

import numpy as np
import pandas as pd
import scipy.sparse as sp

from hotspot.detection.subjects import LEAST_DEVIATION, SubjectEvidence

GENERATOR = np.random.default_rng(0)


def month(units: list[str], days: list[int]) -> pd.DataFrame:
    return pd.DataFrame({"department": units, "created": pd.Timestamp("2022-06-01") + pd.to_timedelta(days, unit="D")})


def unit_rows(matrix: np.ndarray) -> np.ndarray:
    centred = matrix - matrix.mean(axis=0)
    return (centred / np.linalg.norm(centred, axis=1, keepdims=True)).astype(np.float32)


def no_words(count: int) -> sp.csr_matrix:
    return sp.csr_matrix((count, count), dtype=np.float64)


def no_subjects(count: int) -> np.ndarray:
    return np.zeros((count, 1), dtype=np.float32)


def no_keys(count: int) -> np.ndarray:
    return np.zeros((count, 1), dtype=np.float32)


def test_a_rare_unit_tells_more_than_a_common_one_and_none_tells_nothing() -> None:
    units = ["水务局"] * 2 + ["公安局"] * 20 + [""] * 8
    vectors = unit_rows(GENERATOR.normal(size=(30, 16)))
    flat = np.zeros_like(vectors)
    evidence = SubjectEvidence(month(units, [1] * 30), flat, no_words(30), no_subjects(30), no_keys(30))
    rare, common, none, different = evidence.at((np.array([0, 2, 22, 0]), np.array([1, 3, 23, 2])))
    assert rare > common > different
    assert none == different


def test_evidence_without_units_or_dates_is_meaning_alone() -> None:
    vectors = unit_rows(GENERATOR.normal(size=(40, 16)))
    evidence = SubjectEvidence(month([""] * 40, [3] * 40), vectors, no_words(40), no_subjects(40), no_keys(40))
    pairs = np.triu_indices(40, 1)
    meaning = np.einsum("ij,ij->i", vectors[pairs[0]], vectors[pairs[1]])
    assert np.corrcoef(evidence.at(pairs), meaning)[0, 1] > 0.999


def test_a_burst_brings_its_orders_together() -> None:
    count = 100
    like = np.eye(6)[0] * 3 + GENERATOR.normal(scale=0.5, size=(40, 6))
    vectors = unit_rows(np.vstack([like, GENERATOR.normal(size=(60, 6))]))
    days = [15] * 40 + list(range(30)) * 2
    evidence = SubjectEvidence(month([""] * count, days), vectors, no_words(count), no_subjects(count), no_keys(count))
    burst = evidence._burst
    assert burst[:40].mean() > 0.3
    assert burst[40:].mean() < 0.1  # those that merely happen to come on the busy day are in no burst


def test_the_same_known_subject_speaks_for_a_common_one_and_an_unknown_one_tells_nothing() -> None:
    likely = np.repeat(np.eye(3, dtype=np.float32), 10, axis=0)
    likely[20:] = 0
    evidence = SubjectEvidence(
        month([""] * 30, [3] * 30), np.zeros((30, 4), np.float32), no_words(30), likely, no_keys(30)
    )
    same, different, unknown = evidence.at((np.array([0, 0, 20]), np.array([1, 10, 21])))
    assert same > different
    assert unknown == different


def test_where_nothing_bursts_time_tells_little_and_what_only_came_together_does_not_hold_together() -> None:
    count = 120
    vectors = unit_rows(GENERATOR.normal(size=(count, 32)))
    days = GENERATOR.integers(0, 30, count).tolist()
    evidence = SubjectEvidence(month([""] * count, days), vectors, no_words(count), no_subjects(count), no_keys(count))
    weight, part, mean, deviation = evidence._burst_part
    values = weight * (part(np.triu_indices(count, 1)) - mean) / deviation
    assert deviation == LEAST_DEVIATION and values.std() < 0.9
    together = np.flatnonzero(np.array(days) < 8)
    assert abs(evidence.cohesion(together, besides_time=True)) < 0.5


def test_what_is_key_for_both_speaks_for_a_common_subject_and_more_of_it_tells_no_more() -> None:
    keys = no_keys(30)
    keys[:4, 0] = [1.5, 1.5, 3.0, 3.0]
    vectors = np.zeros((30, 4), np.float32)
    evidence = SubjectEvidence(month([""] * 30, [3] * 30), vectors, no_words(30), no_subjects(30), keys)
    little, much, most, none = evidence.at((np.array([0, 0, 2, 0]), np.array([1, 2, 3, 20])))
    assert none < little < much < most < much * 2
