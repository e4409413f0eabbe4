"""What this library learned from the hand-written months, learned again without the month that it is measured on."""

import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import numpy as np

from hotspot._logistic import Weights
from hotspot.detection import matters, membership

from .datasets import ROOT, digest

sys.path.insert(0, str(ROOT / "models"))
import train_matters
import train_membership

__all__ = ["Learned", "learned_without", "used"]

Learned = Mapping[str, tuple[float, list[float]]]
"""By module of the library, the constant and the slopes of what it learned."""
MODULES = {"matters": matters, "membership": membership}


@cache
def learned_without(folder: Path) -> dict[str, Learned]:
    """Return, by month, what is learned from the others; of a month that teaches nothing there is nothing to leave out.

    Parameters
    ----------
    folder : pathlib.Path
        Where it is kept, once learned, for as long as the library's code is the same: it takes minutes.
    """
    kept = folder / f"learned-{_digest()}.json"
    if kept.is_file():
        return dict(json.loads(kept.read_text("utf-8")))
    names = [name for name in train_matters.month_names() if name not in train_matters.CLEAN]
    months = {name: train_matters.read_month(name) for name in names}
    pairs = {n: train_matters.marked_pairs(orders, train_matters.read_marks(n)) for n, orders in months.items()}
    texts = {n: train_membership.marked_texts(orders, train_matters.read_gold(n)) for n, orders in months.items()}
    learned: dict[str, Learned] = {}
    for name in names:
        others = [other for other in names if other != name]
        fitted = {
            "matters": train_matters.fit([pairs[other] for other in others]),
            "membership": train_membership.fit([shown for other in others for shown in texts[other]]),
        }
        learned[name] = {key: (constant, slopes.tolist()) for key, (constant, slopes) in fitted.items()}
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_text(json.dumps(learned), "utf-8")
    return learned


def _digest() -> str:
    """Digest of what decides what is learned."""
    files = [
        *(ROOT / "src/hotspot").rglob("*.py"),
        *(ROOT / "src/hotspot/data").glob("*"),
        *(ROOT / "models").glob("*.py"),
    ]
    return digest([*files, *(ROOT / "tests/data").glob("*.csv")])[:24]


@contextmanager
def used(learned: Learned) -> Iterator[None]:
    """Put what was learned in the place of what is packaged."""
    packaged = {name: MODULES[name].packaged for name in learned}
    try:
        for name, (constant, slopes) in learned.items():
            weights = Weights(constant, np.array(slopes))
            MODULES[name].packaged = lambda weights=weights: weights
        yield
    finally:
        for name, old in packaged.items():
            MODULES[name].packaged = old
