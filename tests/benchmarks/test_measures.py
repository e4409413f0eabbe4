import pandas as pd
import pytest

measures = pytest.importorskip("peers.measures")


def grouped(*labels: int) -> pd.Series:
    return pd.Series(labels, index=[f"n{i}" for i in range(len(labels))])


GOLD = pd.Series(["a"] * 4 + ["b"] * 4, index=[f"n{i}" for i in range(8)])


def test_the_gold_itself_scores_full_marks() -> None:
    score = measures.score_hotspots(grouped(0, 0, 0, 0, 1, 1, 1, 1, -1, -1), GOLD)
    assert (score.f1, score.precision, score.good, score.first, score.planted) == (1, 1, 2, 2, 2)
    assert score.none == pytest.approx(0.2)
    issues = measures.score_issues(grouped(0, 0, 0, 0, 1, 1, 1, 1), GOLD)
    assert (issues.f1, issues.precision, issues.recall, issues.found) == (1, 1, 1, 1)


def test_one_group_for_two_planted_hotspots_counts_once_among_the_first() -> None:
    score = measures.score_hotspots(grouped(*[0] * 8), GOLD)
    assert score.f1 == pytest.approx(2 * 4 / (8 + 4))
    assert (score.precision, score.good, score.first) == (0.5, 0, 1)


def test_a_group_ranked_below_the_first_seven_is_not_among_them() -> None:
    labels = grouped(7, 7, 7, 7, 6, 6, 6, 6, 0, 1, 2, 3, 4, 5)
    assert measures.score_hotspots(labels, GOLD).first == 1


def test_orders_in_no_group_are_no_group() -> None:
    score = measures.score_hotspots(grouped(*[-1] * 8), GOLD)
    assert (score.f1, score.precision, score.first, score.none) == (0, 0, 0, 1)
    issues = measures.score_issues(grouped(*[-1] * 8), GOLD)
    assert (issues.precision, issues.recall, issues.found) == (1, 0.25, 0)


def test_b_cubed_counts_all_members_of_a_group() -> None:
    """Two gold orders each with a stranger: precision 1/2 for those, recall 1/4 or 3/4."""
    score = measures.score_issues(grouped(0, 0, 0, -1, 1, 1, 1, 1, 0), GOLD)
    assert score.precision == pytest.approx((3 * 3 / 4 + 1 + 4) / 8)
    assert score.recall == pytest.approx((3 * 3 / 4 + 1 / 4 + 4) / 8)
    assert score.found == 1


def test_gold_orders_that_a_system_lacks_are_missed() -> None:
    labels = grouped(0, 0, 0, 0, 1, 1, 1, 1).drop(["n4", "n5"])
    assert measures.score_hotspots(labels, GOLD).f1 == pytest.approx((1 + 2 * 2 / (2 + 4)) / 2)
    assert measures.score_issues(labels, GOLD).recall < 1


def test_agreement_looks_at_the_orders_that_both_have() -> None:
    whole = grouped(0, 0, 0, 1, 1, 1, -1, -1)
    part = pd.Series([5, 5, 3, 3, -1], index=["n0", "n1", "n3", "n4", "n6"])
    assert measures.agreement(whole, part) == measures.Agreement(1.0, 1.0)
    lost = measures.agreement(whole, grouped(0, 0, 0, -1, -1, -1, -1, -1))
    assert 0 < lost.alone < 1 and 0 < lost.together < 1
    assert measures.mean_agreement([whole]) is None
