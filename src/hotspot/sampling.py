"""Systematic samples: what stands for many without chance."""

import numpy as np
from numpy.typing import NDArray

__all__ = ["systematic_sample"]


def systematic_sample(count: int, size: int) -> NDArray[np.int64]:
    """Return the places of at most `size` of `count` things, evenly spaced from the first to the last."""
    return np.linspace(0, count - 1, min(count, size)).astype(np.int64)
