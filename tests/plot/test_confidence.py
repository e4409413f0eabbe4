"""The reliability picture shows the evaluation's own figures."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binomtest

from hotspot.classify.evaluation import Evaluation, measure
from hotspot.errors import PlotError
from hotspot.plot import reliability
from hotspot.plot.confidence import interval

from .test_pictures import png, words


@pytest.fixture(scope="module")
def evaluation() -> Evaluation:
    draw = np.random.default_rng(5)
    said = draw.uniform(0.2, 1, 400)
    truth = ["甲" if right else "乙" for right in draw.uniform(size=400) < said]
    return measure("department", "给定的文件", truth, [["甲", "乙", "丙"]] * 400, said.tolist())


def test_figures_are_the_evaluations(evaluation: Evaluation) -> None:
    picture = reliability(evaluation)
    told = words(picture)
    assert f"首选正确 {evaluation.accuracy:.1%}" in told
    assert f"校准误差 {evaluation.ece:.3f}" in told
    dots = picture.axes[0].collections[-1].get_offsets()
    bins = evaluation.reliability[evaluation.reliability["orders"] > 0]
    assert np.allclose(dots, bins[["said", "right"]].to_numpy())
    assert sorted(int(t.get_text()) for t in picture.axes[0].texts if t.get_text().isdigit()) == sorted(bins["orders"])


def test_the_same_bytes_and_an_interactive_twin(evaluation: Evaluation) -> None:
    assert png(reliability(evaluation)) == png(reliability(evaluation))
    assert len(reliability(evaluation, interactive=True).data) == 3


def test_intervals_are_wilsons() -> None:
    counts, shares = np.array([5.0, 20.0, 20.0, 400.0]), np.array([0.0, 0.5, 1.0, 0.3])
    low, high = interval(shares, counts)
    for count, share, a, b in zip(counts, shares, low, high, strict=True):
        exact = binomtest(round(count * share), int(count)).proportion_ci(0.95, "wilson")
        assert (a, b) == pytest.approx((exact.low, exact.high), abs=1e-4)


def test_a_single_order(evaluation: Evaluation) -> None:
    one = measure("性质", "给定的文件", ["投诉"], [["投诉"]], [0.9])
    assert "性质建议" in words(reliability(one))
    assert png(reliability(one))


def test_nothing_evaluated(evaluation: Evaluation) -> None:
    empty = replace(evaluation, reliability=pd.DataFrame(columns=evaluation.reliability.columns))
    with pytest.raises(PlotError, match="没有工单"):
        reliability(empty)
