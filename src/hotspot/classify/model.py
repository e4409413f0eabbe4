"""One trained target: what it predicts, what it rests on, and how it lies on disk.

A folder holds ``manifest.json`` (format, version, target, labels, calibration, sha256 of the other files),
``weights.safetensors`` and, for a model trained on an office's own history, ``memory.safetensors`` and
``orders.parquet`` (hashed features, labels, masked beginnings), from which feedback retrains it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .catalogue import TERRITORIAL, Catalogue, is_town
from .features import SELF_LIKENESS, Block, Features
from .linear import Mixture, softmax

__all__ = ["TOWN_BASE_WEIGHT", "UNKNOWN", "Head", "Memory", "Prediction", "TargetModel", "label_prior"]

FLOOR = 1e-4
"""Smallest probability that the base is taken to give a label it knows."""
UNKNOWN = 0.05
"""What stands for the base's opinion of a label that it does not know."""
TOWN_BASE_WEIGHT = 0.5
_FOLLOW_FROM, _FOLLOW_FULLY, _FOLLOW_SHARE = 0.35, 0.7, 0.9


@dataclass(frozen=True)
class Head:
    """Linear scores for a set of classes.

    Attributes
    ----------
    labels : tuple of str
        The c classes.
    sparse : ndarray of float32, shape (f, c)
        Weights of the hashed features.
    dense : ndarray of float32, shape (d, c)
        Weights of the sentence vectors.
    """

    labels: tuple[str, ...]
    sparse: NDArray[np.float32]
    dense: NDArray[np.float32]

    def scores(self, block: Block) -> NDArray[np.float64]:
        """Score texts: float64 (n, c)."""
        found = block.sparse @ self.sparse
        if block.dense.shape[1] == self.dense.shape[0]:
            found = found + block.dense @ self.dense
        return np.asarray(found, dtype=np.float64)


@dataclass(frozen=True)
class Memory:
    """The training orders as features, kept so that feedback can correct them.

    Attributes
    ----------
    block : Block
        Features of the n orders.
    orders : pandas.DataFrame
        order_id, label, excerpt (masked), created (datetime or NaT), source ('history' or 'feedback').
    outside : ndarray of float64, shape (s, n, c)
        What base and catalogue said of each order.
    base_town : ndarray of float64, shape (n,)
        The base's probability that a town handles it.
    """

    block: Block
    orders: pd.DataFrame
    outside: NDArray[np.float64]
    base_town: NDArray[np.float64]


@dataclass(frozen=True)
class Prediction:
    """Probabilities of n texts.

    Attributes
    ----------
    labels : tuple of str
        The classes.
    probabilities : ndarray of float64, shape (n, c)
        Each row sums to one.
    town : ndarray of float64, shape (n,)
        Probability that the town handles the order because of the place; zero where the model tells nothing of that.
    towns : tuple of str
        Concrete towns the model can tell apart.
    which_town : ndarray of float64, shape (n, t)
        Probabilities of these, given that a town handles it.
    """

    labels: tuple[str, ...]
    probabilities: NDArray[np.float64]
    town: NDArray[np.float64]
    towns: tuple[str, ...]
    which_town: NDArray[np.float64]


@dataclass(frozen=True)
class TargetModel:
    """A model of one target.

    Attributes
    ----------
    target : str
        'department', 'nature' or the name of any other label column.
    labels : tuple of str
        Classes by duty (towns set apart), in order.
    features : Features
    history : Head or None
        Scores learnt from labelled orders; None where there were none.
    mixture : Mixture
        Weights of the sources history, base and catalogue (those in use, in this order), and offsets.
    base : TargetModel or None
        The model that this one builds on.
    catalogue : Catalogue or None
        In use for the target 'department'.
    town_head : Head or None
        One column: handled by a town because of the place; calibrated by `town_fit`.
    town_fit : tuple of float
        Slope and intercept of the logistic calibration of the town score.
    which_head : Head or None
        Scores of the concrete towns.
    which_slope : float
        Calibration of these.
    threshold : float
        Below this probability the model abstains.
    prior : ndarray of float64, shape (c,)
        Share of each label in the history.
    memory : Memory or None
    meta : dict
        Rows, figures, versions: what a card tells.
    """

    target: str
    labels: tuple[str, ...]
    features: Features
    history: Head | None
    mixture: Mixture
    base: TargetModel | None = None
    catalogue: Catalogue | None = None
    town_head: Head | None = None
    town_fit: tuple[float, float] = (1.0, 0.0)
    which_head: Head | None = None
    which_slope: float = 8.0
    threshold: float = 0.5
    prior: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))
    memory: Memory | None = None
    meta: dict[str, Any] = field(default_factory=dict)

    def predict(self, texts: Sequence[str], block: Block | None = None) -> Prediction:
        """Return calibrated probabilities of raw texts."""
        block = self.features.transform(texts) if block is None else block
        base = self.base.predict(texts) if self.base else None
        sources = self.sources(texts, block, base)
        town = self._town(block, base.town if base else np.zeros(len(texts)))
        towns, which = self._which(block, len(texts))
        chances = self._follow_corrections(self.mixture.probabilities(sources), block)
        return Prediction(self.labels, chances, town, towns, which)

    def _follow_corrections(self, chances: NDArray[np.float64], block: Block) -> NDArray[np.float64]:
        """Give an order that is nearly the same as a corrected one the corrected label."""
        if self.memory is None:
            return chances
        orders = self.memory.orders
        rows = np.flatnonzero(((orders["source"] == "feedback") & orders["label"].isin(self.labels)).to_numpy())
        if not len(rows):
            return chances
        likeness = block.kernel(self.memory.block.take(rows)) / SELF_LIKENESS
        nearest = likeness.argmax(axis=1)
        share = np.clip((likeness.max(axis=1) - _FOLLOW_FROM) / (_FOLLOW_FULLY - _FOLLOW_FROM), 0, 1) * _FOLLOW_SHARE
        out = chances * (1 - share[:, None])
        at = [self.labels.index(orders["label"].iloc[rows[i]]) for i in nearest]
        out[np.arange(len(out)), at] += share
        return np.asarray(out)

    def sources(self, texts: Sequence[str], block: Block, base: Prediction | None) -> NDArray[np.float64]:
        """Return what each source says of each text: float64 (s, n, c)."""
        found: list[NDArray[np.float64]] = []
        if self.history is not None:
            found.append(self.history.scores(block))
        found += self.outside_sources(texts, base)
        return np.stack(found) if found else np.zeros((0, len(texts), len(self.labels)))

    def outside_sources(self, texts: Sequence[str], base: Prediction | None) -> list[NDArray[np.float64]]:
        """Return the sources that do not depend on this model's own history: base, catalogue."""
        found = []
        if base is not None:
            found.append(self._from_base(base))
        if self.catalogue is not None:
            found.append(self._from_catalogue(texts))
        return found

    @cached_property
    def _base_map(self) -> NDArray[np.float64]:
        """Share of each base label's probability that goes to each label here: (base labels, c)."""
        assert self.base is not None
        return label_map(self.base.labels, self.labels, self.catalogue, self.prior)

    def _from_base(self, base: Prediction) -> NDArray[np.float64]:
        logs = np.log(base.probabilities @ self._base_map + FLOOR)
        logs[:, self._base_map.sum(axis=0) == 0] = np.log(UNKNOWN)
        return np.asarray(logs)

    def _from_catalogue(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """Catalogue logits by label: the best of the units of the label's name, or of its kind, minus their mean."""
        assert self.catalogue is not None
        scores = self.catalogue.scores(texts)
        out = np.zeros((len(texts), len(self.labels)))
        for at, columns in enumerate(self._catalogue_columns):
            if columns:
                out[:, at] = scores[:, columns].max(axis=1)
        return out

    @cached_property
    def _catalogue_columns(self) -> list[list[int]]:
        assert self.catalogue is not None
        units = [u for u in self.catalogue.units if not is_town(u.name)]
        own = {u.name: at for at, u in enumerate(units)}
        aliases = {a: at for at, u in reversed(list(enumerate(units))) for a in u.aliases}
        taken = {own.get(label, aliases.get(label)) for label in self.labels}
        columns: list[list[int]] = []
        for label in self.labels:
            at = own.get(label, aliases.get(label))
            kind = self.catalogue.kind_of(label) or label
            same = [i for i, u in enumerate(units) if u.kind == kind and i not in taken]
            columns.append(([at] if at is not None else []) + (same if at is None or units[at].name == kind else []))
        return columns

    def _town(self, block: Block, base_town: NDArray[np.float64]) -> NDArray[np.float64]:
        if self.target != "department":
            return np.zeros(len(base_town))
        if self.town_head is None:
            return base_town
        slope, intercept = self.town_fit
        score = self.town_head.scores(block)[:, 0] + TOWN_BASE_WEIGHT * base_town
        return np.asarray(1 / (1 + np.exp(-(slope * score + intercept))))

    def _which(self, block: Block, n: int) -> tuple[tuple[str, ...], NDArray[np.float64]]:
        if self.which_head is None:
            return (), np.zeros((n, 0))
        return self.which_head.labels, softmax(self.which_slope * self.which_head.scores(block))

    def without_memory(self) -> TargetModel:
        """Return the model without its training orders."""
        return replace(self, memory=None)


def label_map(
    kinds: Sequence[str], labels: Sequence[str], catalogue: Catalogue | None, prior: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Spread the probability of general kinds over an office's own labels.

    Labels of one kind share its probability by their share in the history; the label that bears the kind's own name
    has the larger share where the history does not tell.
    """
    found = np.zeros((len(kinds), len(labels)))
    for at, label in enumerate(labels):
        kind = label if label in kinds else catalogue.kind_of(label) if catalogue else None
        if kind is not None and kind in kinds:
            share = prior[at] if len(prior) else 0.0
            found[list(kinds).index(kind), at] = share + (0.01 if label == kind else 0.003)
    total = found.sum(axis=1, keepdims=True)
    return np.asarray(np.divide(found, total, out=np.zeros_like(found), where=total > 0))


def label_prior(labels: Sequence[str], values: Sequence[str]) -> NDArray[np.float64]:
    """Return the share of each label among values."""
    counts = pd.Series(list(values), dtype=object).value_counts()
    shares = np.asarray([float(counts.get(label, 0)) for label in labels])
    return np.asarray(shares / max(shares.sum(), 1.0))


def is_territorial(label: str) -> bool:
    """Tell whether a label stands for a town."""
    return label == TERRITORIAL or is_town(label)
