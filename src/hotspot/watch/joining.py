"""When a new text belongs to an issue: learned from what the batch decided about the texts in view.

Every text in view is taken out and shown again as if it were new: how likely is it of one matter with the nearest
issue, and with the nearest text in no issue? Whether the batch had it there says what a new text like it should do.
So the live decision follows the batch as its evidence and thresholds change, and knows the style of the office's texts.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd
import scipy.sparse as sp
from numpy.typing import NDArray

from ..detection.comparison import Comparison
from ..embed import Encoder
from ..segment import Segmenter
from ..settings import DetectSettings

__all__ = ["JoinRule", "features_of", "learn_rule"]

FEWEST = 20
"""Examples of either kind without which nothing is learned."""
Values = NDArray[np.float64]


@dataclass(frozen=True)
class JoinRule:
    """Weights of two logistic decisions; above 0 means yes.

    Attributes
    ----------
    issue : tuple of float
        For joining an issue: constant, mean probability with its texts, the highest, log of their number.
    pair : tuple of float
        For making an issue with a text that is in none: constant, probability.
    """

    issue: tuple[float, float, float, float]
    pair: tuple[float, float]

    @classmethod
    def from_settings(cls, settings: DetectSettings) -> "JoinRule":
        """Return the rule before anything is learned: the batch's own threshold of mean probability."""
        return cls((-settings.same_matter, 1.0, 0.0, 0.0), (-settings.same_matter, 1.0))

    @classmethod
    def from_weights(cls, issue: Sequence[float], pair: Sequence[float]) -> "JoinRule":
        """Make a rule of four weights and two."""
        return cls((issue[0], issue[1], issue[2], issue[3]), (pair[0], pair[1]))

    def joins(self, mean: Values, highest: Values, size: Values) -> Values:
        """Return how clearly a text belongs to issues: shape as given."""
        value: Values = features_of(mean, highest, size) @ np.array(self.issue)
        return value

    def pairs(self, probability: float) -> bool:
        """Tell whether a text makes an issue with another."""
        return self.pair[0] + self.pair[1] * probability > 0

    def to_dict(self) -> dict[str, list[float]]:
        """Return plain values that JSON can hold."""
        return {name: list(value) for name, value in asdict(self).items()}


def features_of(mean: Values, highest: Values, size: Values) -> Values:
    """Return the features of the first decision: shape (m, 4)."""
    return np.stack([np.ones_like(mean), mean, highest, np.log(size)], axis=-1)


def learn_rule(
    texts: pd.DataFrame,
    issue: Sequence[str],
    segmenter: Segmenter,
    encoder: Encoder,
    settings: DetectSettings,
) -> JoinRule:
    """Learn from a batch result when a text joins.

    Parameters
    ----------
    texts : pandas.DataFrame
        Orders table of different texts, n rows.
    issue : sequence of str
        Issue of each text, empty for none.
    segmenter : Segmenter
    encoder : Encoder
    settings : DetectSettings
        For what there are too few examples of.
    """
    rule = JoinRule.from_settings(settings)
    if len(texts) < FEWEST:
        return rule
    graph = Comparison(texts, segmenter, encoder).likeness().matter
    labels, names = pd.factorize(pd.Series(list(issue)).where(lambda s: s != ""))
    placed, sizes = labels >= 0, np.bincount(labels[labels >= 0], minlength=max(len(names), 1))
    issue_weights = _learned(*_issue_examples(graph, labels, sizes), rule.issue) if placed.any() else rule.issue
    return JoinRule.from_weights(issue_weights, _learned(*_pair_examples(graph, labels, sizes), rule.pair))


def _issue_examples(
    graph: sp.csr_matrix, labels: NDArray[np.int64], sizes: NDArray[np.int64]
) -> tuple[Values, NDArray[np.bool_]]:
    """Return each text's features with its nearest issue (itself taken out of it), and whether it is in that one."""
    features, joined = [], []
    for row in range(graph.shape[0]):
        part = slice(graph.indptr[row], graph.indptr[row + 1])
        near, value = labels[graph.indices[part]], graph.data[part]
        value, near = value[near >= 0], near[near >= 0]
        if not len(near):
            continue
        found = np.unique(near)
        left = sizes[found] - (found == labels[row])
        found, left = found[left > 1], left[left > 1]
        if not len(found):
            continue
        mean = np.array([value[near == one].sum() for one in found]) / left
        best = int(mean.argmax())
        features.append((mean[best], value[near == found[best]].max(), left[best]))
        joined.append(found[best] == labels[row])
    mean, highest, size = np.array(features, dtype=np.float64).reshape(-1, 3).T
    return features_of(mean, highest, size), np.array(joined, dtype=bool)


def _pair_examples(
    graph: sp.csr_matrix, labels: NDArray[np.int64], sizes: NDArray[np.int64]
) -> tuple[Values, NDArray[np.bool_]]:
    """Return each single or paired text's probability with the nearest other such one, and whether they are a pair."""
    small = (labels < 0) | (sizes[labels] == 2)
    features, paired = [], []
    for row in np.flatnonzero(small):
        part = slice(graph.indptr[row], graph.indptr[row + 1])
        near, value = graph.indices[part], graph.data[part]
        free = small[near] & ((labels[near] < 0) | (labels[near] == labels[row]))
        if free.any():
            best = int(value[free].argmax())
            features.append((1.0, value[free][best]))
            paired.append(labels[row] >= 0 and labels[near[free][best]] == labels[row])
    return np.array(features, dtype=np.float64).reshape(-1, 2), np.array(paired, dtype=bool)


def _learned(features: Values, answers: NDArray[np.bool_], given: tuple[float, ...]) -> tuple[float, ...]:
    """Fit a logistic decision; the one given stands where either answer is rare."""
    from sklearn.linear_model import LogisticRegression

    if answers.sum() < FEWEST or (~answers).sum() < FEWEST:
        return given
    model = LogisticRegression(C=100.0, max_iter=1000).fit(features[:, 1:], answers)
    return (float(model.intercept_[0]), *(float(weight) for weight in model.coef_[0]))
