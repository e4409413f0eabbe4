"""What the trainers of small logistic regressions share: to learn one, and to write it into the package."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hotspot._logistic import Weights

__all__ = ["ROOT", "learn", "write"]

ROOT = Path(__file__).parents[1]


def learn(
    features: NDArray[np.float64],
    labels: NDArray[np.bool_],
    strength: float,
    weights: NDArray[np.float64] | None = None,
) -> Weights:
    """Learn a logistic regression; `strength` is that of features in standard deviations, inverse."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import StandardScaler

    scaler = StandardScaler().fit(features)
    model = LogisticRegression(C=strength, max_iter=1000).fit(scaler.transform(features), labels, weights)
    slopes = model.coef_[0] / scaler.scale_
    return Weights(float(model.intercept_[0] - slopes @ scaler.mean_), slopes)


def write(name: str, head: Sequence[str], features: Sequence[str], weights: Weights) -> None:
    """Write weights into the package's data, below comments that say what they are, and print them."""
    constant, slopes = weights
    lines = [
        *(f"# {line}" for line in head),
        f"constant = {constant:.4f}",
        "",
        "[weights]",
        *(f"{feature} = {slope:.4f}" for feature, slope in zip(features, slopes, strict=True)),
    ]
    (ROOT / "src/hotspot/data" / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(lines))
