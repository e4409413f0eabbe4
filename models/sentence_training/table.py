"""The table: started from the teachers' word vectors, fitted to their sentence vectors, shared among rare words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Space:
    """Where teachers meet: their vectors less their mean, weighted, side by side, turned onto the main axes.

    Attributes
    ----------
    means : tuple of ndarray of float32, shape (t,)
        What is subtracted from each teacher's vectors.
    weights : tuple of float
        How much each teacher counts in a cosine.
    axes : ndarray of float32, shape (sum of t, d)
        Orthonormal columns.
    """

    means: tuple[Floats, ...]
    weights: tuple[float, ...]
    axes: Floats

    def project(self, vectors: Sequence[Floats]) -> Floats:
        """Map one array of each teacher, (n, t), to (n, d), not of unit length."""
        return np.asarray(_side_by_side(vectors, self.means, self.weights) @ self.axes, dtype=np.float32)


def fit_space(vectors: Sequence[Floats], weights: Sequence[float], dimension: int, remove: int = 0) -> Space:
    """Find the space of `dimension` axes from the teachers' sentence vectors, the first `remove` axes left out."""
    means = tuple(v.mean(axis=0) for v in vectors)
    joined = _side_by_side(vectors, means, weights).astype(np.float64)
    values, axes = np.linalg.eigh(joined.T @ joined)
    order = np.argsort(-values)[remove : remove + dimension]
    axes = axes[:, order]
    axes *= np.sign(axes[np.abs(axes).argmax(axis=0), np.arange(axes.shape[1])])
    return Space(means, tuple(weights), axes.astype(np.float32))


def _side_by_side(vectors: Sequence[Floats], means: Sequence[Floats], weights: Sequence[float]) -> Floats:
    parts = []
    for v, mean, weight in zip(vectors, means, weights, strict=True):
        centred = v - mean
        length = np.linalg.norm(centred, axis=1, keepdims=True)
        parts.append(np.sqrt(weight) * centred / np.maximum(length, 1e-9))
    return np.concatenate(parts, axis=1, dtype=np.float32)


@dataclass(frozen=True)
class Bags:
    """Texts as bags of token ids, end to end.

    Attributes
    ----------
    ids : ndarray of int64, shape (total,)
        Token ids of all texts; the unknown token is left out.
    starts : ndarray of int64, shape (n + 1,)
        Text i has ``ids[starts[i]:starts[i + 1]]``.
    """

    ids: NDArray[np.int64]
    starts: NDArray[np.int64]

    def __len__(self) -> int:
        """Return how many texts there are."""
        return len(self.starts) - 1

    def take(self, rows: NDArray[np.int64]) -> tuple[torch.Tensor, torch.Tensor]:
        """Return (ids, offsets) of some texts as tensors for an embedding bag."""
        lengths = (self.starts[1:] - self.starts[:-1])[rows]
        offsets = np.concatenate([[0], np.cumsum(lengths)])
        within = np.arange(offsets[-1]) - np.repeat(offsets[:-1], lengths)
        ids = self.ids[np.repeat(self.starts[rows], lengths) + within]
        return torch.from_numpy(ids), torch.from_numpy(offsets[:-1])


def make_bags(texts: Sequence[str], encode: Callable[[Sequence[str]], list[list[int]]]) -> Bags:
    """Tokenize texts."""
    lists = [[i for i in ids if i] for ids in encode(texts)]
    starts = np.concatenate([[0], np.cumsum([len(ids) for ids in lists])]).astype(np.int64)
    return Bags(np.array([i for ids in lists for i in ids], dtype=np.int64), starts)


@dataclass(frozen=True)
class Recipe:
    """What can be chosen about the fit; the defaults are what measured best.

    Attributes
    ----------
    epochs, batch, rate : int, int, float
        Adam, its rate falling linearly to a tenth.
    relation : float
        Weight of the loss that asks for the teachers' cosines in a batch, beside the one that asks for their vectors.
    contrast : float
        Weight of the loss that asks each title to find its own body among a batch.
    sif : float
        A word of probability p starts with the length ``sif / (sif + p)``.
    drop : float
        Share of tokens left out at random.
    seed : int
        Of the order of texts and of what is dropped.
    """

    epochs: int = 2
    batch: int = 256
    rate: float = 1e-3
    relation: float = 1.0
    contrast: float = 0.0
    sif: float = 1e-3
    drop: float = 0.0
    seed: int = 12345


@dataclass
class Fit:
    """A fitted table and how it got there: one entry of `history` for each epoch."""

    rows: Floats
    history: list[dict[str, float]] = field(default_factory=list)


def start_rows(words: Floats, probability: Floats, sif: float) -> Floats:
    """Turn projected word vectors into first rows: unit length times the word's SIF weight."""
    length = np.linalg.norm(words, axis=1, keepdims=True)
    weight = sif / (sif + probability)
    return np.asarray(words / np.maximum(length, 1e-9) * weight[:, None], dtype=np.float32)


def share_rows(rows: Floats, own: int) -> tuple[NDArray[np.int64], Floats]:
    """Give each row past the first `own` the nearest of those, with the length that keeps its projection.

    Returns
    -------
    mapping : ndarray of int64, shape (n,)
    weights : ndarray of float32, shape (n,)
    """
    mapping = np.arange(len(rows), dtype=np.int64)
    weights = np.ones(len(rows), dtype=np.float32)
    length = np.maximum(np.linalg.norm(rows, axis=1), 1e-9)
    unit = rows / length[:, None]
    for first in range(own, len(rows), 2048):
        cosines = unit[first : first + 2048] @ unit[:own].T
        best = cosines.argmax(axis=1)
        here = slice(first, first + 2048)
        mapping[here] = best
        weights[here] = length[here] / length[best] * np.maximum(cosines.max(axis=1), 0)
    return mapping, weights


def fit_rows(
    rows: Floats,
    mapping: NDArray[np.int64],
    weights: Floats,
    bags: Bags,
    targets: Floats,
    recipe: Recipe,
    pairs: tuple[Bags, Bags] | None = None,
    measure: Callable[[Floats], dict[str, float]] | None = None,
) -> Fit:
    """Fit rows so that the mean of a text's rows points where the teachers' vector of the text does.

    Parameters
    ----------
    rows : ndarray of float32, shape (r, d)
        Start.
    mapping, weights : ndarray, shape (v,)
        Row and factor of each token.
    bags : Bags
        n texts.
    targets : ndarray of float32, shape (n, d)
        Where they should point.
    pairs : (Bags, Bags), optional
        Titles and their own bodies, for `Recipe.contrast`.
    measure : callable, optional
        Called with the rows after every epoch; what it returns goes into the history.
    """
    torch.manual_seed(recipe.seed)
    torch.use_deterministic_algorithms(True)
    random = np.random.default_rng(recipe.seed)
    table = torch.nn.Parameter(torch.from_numpy(rows.copy()))
    to_row, factor = torch.from_numpy(mapping), torch.from_numpy(weights)
    goal = functional.normalize(torch.from_numpy(targets), dim=1)
    optimiser = torch.optim.Adam([table], lr=recipe.rate)
    steps = recipe.epochs * (len(bags) // recipe.batch)
    schedule = torch.optim.lr_scheduler.LinearLR(optimiser, 1.0, 0.1, max(steps, 1))

    def embed(texts: Bags, chosen: NDArray[np.int64]) -> torch.Tensor:
        ids, offsets = texts.take(chosen)
        share = factor[ids]
        if recipe.drop:
            share = share * torch.from_numpy((random.random(len(ids)) >= recipe.drop).astype(np.float32))
        summed = functional.embedding_bag(to_row[ids], table, offsets, mode="sum", per_sample_weights=share)
        return functional.normalize(summed, dim=1)

    fit = Fit(rows)
    for _ in range(recipe.epochs):
        order = random.permutation(len(bags))
        total, count = 0.0, 0
        for first in range(0, len(order) - recipe.batch + 1, recipe.batch):
            chosen = order[first : first + recipe.batch]
            found, wanted = embed(bags, chosen), goal[torch.from_numpy(chosen)]
            loss = (1 - (found * wanted).sum(dim=1)).mean()
            if recipe.relation:
                loss = loss + recipe.relation * _relation_loss(found, wanted)
            if recipe.contrast and pairs is not None:
                some = random.integers(0, len(pairs[0]), recipe.batch)
                loss = loss + recipe.contrast * _contrast_loss(embed(pairs[0], some), embed(pairs[1], some))
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
            total, count = total + float(loss.detach()), count + 1
        now = table.detach().numpy().copy()
        fit.history.append({"loss": total / max(count, 1), **(measure(now) if measure else {})})
        fit.rows = now
    return fit


def _relation_loss(found: torch.Tensor, wanted: torch.Tensor) -> torch.Tensor:
    difference = found @ found.T - wanted @ wanted.T
    return (difference**2).sum(dim=1).mean()


def _contrast_loss(one: torch.Tensor, other: torch.Tensor, temperature: float = 0.07) -> torch.Tensor:
    scores = one @ other.T / temperature
    own = torch.arange(len(scores))
    return (functional.cross_entropy(scores, own) + functional.cross_entropy(scores.T, own)) / 2
