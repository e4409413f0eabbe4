"""Train a model of one label column on an office's own orders, building on what ships with the package."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..errors import OrdersError
from .catalogue import TERRITORIAL, Catalogue, general_catalogue
from .features import Block, Features
from .groups import near_duplicates
from .linear import Mixture, fit_mixture, fit_ridge, indicators
from .model import TOWN_BASE_WEIGHT, UNKNOWN, Head, Memory, TargetModel, is_territorial, label_prior

__all__ = ["MAX_ROWS", "Said", "TrainingSet", "ask", "choose_rows", "fit_model", "prepare", "untrained_model"]

MAX_ROWS = 6000
"""Rows used at most: the newest, and of rare labels all. Training time grows with the cube."""
_KEEP_OF_EACH = 60
_START = {"history": 6.0, "base": 0.8, "catalogue": 0.35}


@dataclass(frozen=True)
class TrainingSet:
    """Labelled orders with their features.

    Attributes
    ----------
    texts, labels : list of str, length n
    block : Block
    groups : ndarray of int, shape (n,)
        Near-duplicates share a number.
    """

    texts: list[str]
    labels: list[str]
    block: Block
    groups: NDArray[np.intp]

    def take(self, rows: NDArray[np.intp]) -> TrainingSet:
        """Return some of the orders."""
        return TrainingSet(
            [self.texts[i] for i in rows], [self.labels[i] for i in rows], self.block.take(rows), self.groups[rows]
        )


def prepare(
    texts: Sequence[str], labels: Sequence[str], features: Features | None = None
) -> tuple[Features, TrainingSet]:
    """Compute features and near-duplicate groups of labelled texts."""
    if features is None:
        features, block = Features.fit(texts)
    else:
        block = features.transform(texts)
    return features, TrainingSet(list(texts), list(labels), block, near_duplicates(block))


def choose_rows(labels: pd.Series, created: pd.Series) -> NDArray[np.intp]:
    """Choose at most `MAX_ROWS` rows: of every label its newest few, then the newest of all."""
    order = (
        created.reset_index(drop=True).sort_values(ascending=False, na_position="last", kind="stable").index.to_numpy()
    )
    if len(order) <= MAX_ROWS:
        return np.arange(len(order))
    rank = (
        labels.reset_index(drop=True)
        .iloc[order]
        .groupby(labels.reset_index(drop=True).iloc[order])
        .cumcount()
        .to_numpy()
    )
    preferred = np.concatenate([order[rank < _KEEP_OF_EACH], order[rank >= _KEEP_OF_EACH]])
    return np.sort(preferred[:MAX_ROWS])


def fit_model(
    target: str,
    features: Features,
    data: TrainingSet,
    *,
    base: TargetModel | None = None,
    catalogue: Catalogue | None = None,
    orders: pd.DataFrame | None = None,
    towns_from: NDArray[np.bool_] | None = None,
    said: Said | None = None,
) -> TargetModel:
    """Fit history, town heads and calibration.

    Parameters
    ----------
    target : str
        'department', 'nature' or any other label column.
    features : Features
        What `data` was computed with.
    data : TrainingSet
        n labelled orders, n at least 2.
    base : TargetModel, optional
        A model to build on; it must not have seen the orders.
    catalogue : Catalogue, optional
        Duty catalogue, for the target 'department'; by default the general one.
    orders : pandas.DataFrame, optional
        Columns of `Memory.orders`, kept with the model for feedback.
    towns_from : ndarray of bool, shape (n,), optional
        Rows that tell whether a town handles an order; all by default.
    said : Said, optional
        What base and catalogue say of the orders, where their texts are no longer at hand.

    Raises
    ------
    OrdersError
        Fewer than two labels.
    """
    territorial = np.asarray([target == "department" and is_territorial(v) for v in data.labels])
    if territorial.all():
        territorial[:] = False  # an office that sends orders to towns only: they are its units
    duty_rows = np.flatnonzero(~territorial)
    duty = data.take(duty_rows)
    if target == "department":
        catalogue = catalogue or general_catalogue()
    labels = tuple(_label_order(duty.labels, catalogue))
    if len(set(data.labels)) < 2 or not labels:
        raise OrdersError(f"训练至少要有两种不同的标签；现在只有：{'、'.join(sorted(set(data.labels))) or '无'}。")
    prior = label_prior(labels, duty.labels)
    none = Mixture(np.zeros(0), np.zeros(0))
    shell = TargetModel(target, labels, features, None, none, base=base, catalogue=catalogue, prior=prior)
    said = said.for_labels(labels) if said is not None else ask(shell, data.texts)
    classes = np.asarray([labels.index(v) for v in duty.labels], dtype=np.intp)
    outside = said.outside[:, duty_rows]
    starts = _starts(shell)
    before = (
        fit_mixture(outside, classes, starts[1:]).probabilities(outside)
        if len(outside)
        else np.tile(prior, (len(classes), 1))
    )
    dual, held_out = fit_ridge(duty.block, indicators(classes, len(labels)) - before, duty.groups)
    sources = np.concatenate([held_out[None], outside])
    mixture = fit_mixture(sources, classes, starts)
    model = replace(
        shell,
        history=_head(labels, duty.block, dual),
        mixture=mixture,
        memory=Memory(data.block, orders, said.outside, said.base_town) if orders is not None else None,
        threshold=choose_threshold(mixture.probabilities(sources), classes),
        meta=_meta(data),
    )
    if not territorial.any():
        return model
    seen = np.ones(len(territorial), dtype=bool) if towns_from is None else towns_from
    return _fit_towns(model, data.take(np.flatnonzero(seen)), territorial[seen], said.base_town[seen])


@dataclass(frozen=True)
class Said:
    """What base and catalogue say of n orders.

    Attributes
    ----------
    labels : tuple of str
        The c labels the columns are for.
    outside : ndarray of float64, shape (s, n, c)
    base_town : ndarray of float64, shape (n,)
    """

    labels: tuple[str, ...]
    outside: NDArray[np.float64]
    base_town: NDArray[np.float64]

    def for_labels(self, labels: tuple[str, ...]) -> Said:
        """Return the same for other labels; of a label that was not asked about, nothing is known."""
        if labels == self.labels:
            return self
        s, n, _ = self.outside.shape
        out = np.full((s, n, len(labels)), np.log(UNKNOWN))
        for at, label in enumerate(labels):
            if label in self.labels:
                out[:, :, at] = self.outside[:, :, self.labels.index(label)]
        return Said(labels, out, self.base_town)


def ask(model: TargetModel, texts: Sequence[str]) -> Said:
    """Ask a model's base and catalogue about texts."""
    base = model.base.predict(texts) if model.base else None
    found = model.outside_sources(texts, base)
    outside = np.stack(found) if found else np.zeros((0, len(texts), len(model.labels)))
    return Said(model.labels, outside, base.town if base is not None else np.zeros(len(texts)))


def untrained_model(base: TargetModel | None, catalogue: Catalogue) -> TargetModel:
    """Return the department model of day one: a catalogue and, if given, the shipped model; no history."""
    labels = tuple(catalogue.names)
    features = (
        base.features if base else Features(np.zeros(0, np.int64), np.zeros(0, np.float32), np.zeros(0, np.float32))
    )
    weights = [1.0, 0.35] if base else [0.8]
    return TargetModel(
        target="department",
        labels=labels,
        features=features,
        history=None,
        mixture=Mixture(np.asarray(weights), np.zeros(len(labels))),
        base=base,
        catalogue=catalogue,
        meta={"rows": 0},
    )


def choose_threshold(probabilities: NDArray[np.float64], classes: NDArray[np.intp], wanted: float = 0.5) -> float:
    """Choose the probability below which to abstain: where fewer than half of such predictions are right."""
    top = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == classes
    for threshold in np.arange(0.2, 0.6, 0.05):
        band = (top >= threshold) & (top < threshold + 0.1)
        if band.sum() >= 10 and right[band].mean() >= wanted:
            return float(round(threshold, 2))
    return wanted


def _label_order(values: Sequence[str], catalogue: Catalogue | None) -> list[str]:
    """Labels of the history, then units of the office's own catalogue that the history has no order of."""
    seen = sorted(set(values))
    if catalogue is None or catalogue.general:
        return seen
    known = set(seen)
    return seen + [name for name in catalogue.names if name not in known]


def _starts(model: TargetModel) -> list[float]:
    starts = [_START["history"]]
    if model.base is not None:
        starts.append(_START["base"])
    if model.catalogue is not None:
        starts.append(_START["catalogue"])
    return starts


def _head(labels: tuple[str, ...], block: Block, dual: NDArray[np.float64]) -> Head:
    return Head(
        labels, np.asarray(block.sparse.T @ dual, dtype=np.float32), np.asarray(block.dense.T @ dual, dtype=np.float32)
    )


def _fit_towns(
    model: TargetModel, data: TrainingSet, territorial: NDArray[np.bool_], base_town: NDArray[np.float64]
) -> TargetModel:
    """Fit 'does a town handle it because of the place', and which of the towns."""
    from sklearn.linear_model import LogisticRegression

    dual, held_out = fit_ridge(data.block, territorial[:, None].astype(np.float64), data.groups)
    score = held_out[:, 0] + TOWN_BASE_WEIGHT * base_town
    slope, intercept = 1.0, -10.0
    if 0 < territorial.sum() < len(territorial):
        fit = LogisticRegression(C=10.0).fit(score[:, None], territorial)
        slope, intercept = float(fit.coef_[0, 0]), float(fit.intercept_[0])
    model = replace(model, town_head=_head((TERRITORIAL,), data.block, dual), town_fit=(slope, intercept))
    rows = np.flatnonzero([v != TERRITORIAL and t for v, t in zip(data.labels, territorial, strict=True)])
    towns = tuple(sorted({data.labels[i] for i in rows}))
    if len(towns) < 2:
        return model
    concrete = data.take(rows)
    classes = np.asarray([towns.index(v) for v in concrete.labels], dtype=np.intp)
    dual, held_out = fit_ridge(concrete.block, indicators(classes, len(towns)), concrete.groups)
    slope = float(fit_mixture(held_out[None], classes, [6.0]).weights[0])
    return replace(model, which_head=_head(towns, concrete.block, dual), which_slope=slope)


def _meta(data: TrainingSet) -> dict[str, Any]:
    counts = pd.Series(data.labels, dtype=object).value_counts()
    return {"rows": len(data.labels), "labels": {str(k): int(v) for k, v in counts.items()}}
