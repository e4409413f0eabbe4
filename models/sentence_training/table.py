"""The table: started from the teachers' word vectors, fitted to their sentence vectors, shared among rare words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

Floats = NDArray[np.float32]
_SHORTEST_HALF = 4
Pair = tuple[int, list[int], list[int]]
"""Number of a message, and the token ids of two parts of it."""


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
        Orthogonal columns.
    """

    means: tuple[Floats, ...]
    weights: tuple[float, ...]
    axes: Floats

    def project(self, vectors: Sequence[Floats]) -> Floats:
        """Map one array of each teacher, (n, t), to (n, d), not of unit length."""
        return np.asarray(_side_by_side(vectors, self.means, self.weights) @ self.axes, dtype=np.float32)


@dataclass(frozen=True)
class Axes:
    """Which main axes of the teachers' space are kept.

    Attributes
    ----------
    dimension : int
        How many.
    remove : int
        So many of the first are left out.
    sharpen : float
        Each is scaled by its variance to this power: above 0, what most texts differ in counts more.
    """

    dimension: int
    remove: int = 0
    sharpen: float = 0.0


def fit_space(vectors: Sequence[Floats], weights: Sequence[float], axes: Axes) -> Space:
    """Find the teachers' common space from their sentence vectors."""
    means = tuple(v.mean(axis=0) for v in vectors)
    joined = _side_by_side(vectors, means, weights).astype(np.float64)
    values, turn = np.linalg.eigh(joined.T @ joined)
    order = np.argsort(-values)[axes.remove : axes.remove + axes.dimension]
    turn = turn[:, order] * (values[order] / values[order].mean()) ** axes.sharpen
    turn *= np.sign(turn[np.abs(turn).argmax(axis=0), np.arange(turn.shape[1])])
    return Space(means, tuple(weights), turn.astype(np.float32))


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


def make_bags(ids: Sequence[Sequence[int]]) -> Bags:
    """Lay token ids end to end, without the unknown token (0)."""
    known = [[i for i in text if i] for text in ids]
    starts = np.concatenate([[0], np.cumsum([len(text) for text in known])]).astype(np.int64)
    return Bags(np.array([i for text in known for i in text], dtype=np.int64), starts)


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
        Weight of the loss that asks each half of a message to find the other among a batch.
    temperature : float
        Of that loss.
    sif : float
        A word of probability p starts with the length ``sif / (sif + p)``.
    drop : float
        Share of tokens left out at random.
    seed : int
        Of the order of texts and of what is dropped.
    """

    epochs: int = 4
    batch: int = 512
    rate: float = 2e-3
    relation: float = 4.0
    contrast: float = 0.2
    temperature: float = 0.1
    sif: float = 1e-3
    drop: float = 0.3
    seed: int = 12345


@dataclass
class Fit:
    """A fitted table and how it got there: what was measured before the first epoch and after each."""

    rows: Floats
    history: list[dict[str, float]] = field(default_factory=list)


@dataclass(frozen=True)
class Start:
    """How the table starts: a word of probability p counts ``sif / (sif + p)``; `ridge` is a share of the variance."""

    sif: float
    ridge: float


@dataclass(frozen=True)
class Tokens:
    """Which row a token has, and by what it is multiplied; arrays of shape (tokens,)."""

    mapping: NDArray[np.int64]
    weights: Floats


@dataclass(frozen=True)
class Halves:
    """Pairs of texts that speak of one matter and share no word: halves of a message, or a message and its reply.

    Attributes
    ----------
    one, other : Bags
        k texts each.
    message : ndarray of int64, shape (k,)
        Which message both are of.
    """

    one: Bags
    other: Bags
    message: NDArray[np.int64]


@dataclass(frozen=True)
class Lesson:
    """What is learnt from: texts, where each should point (n, d), and halves of messages."""

    bags: Bags
    wanted: Floats
    halves: Halves


def unit(vectors: Floats) -> Floats:
    """Scale rows to unit length."""
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(length, 1e-9), dtype=np.float32)


def append_words(bags: Bags, count: int) -> Bags:
    """Add the `count` commonest words to the texts, each as a text of its own."""
    ids = np.arange(1, count + 1)
    return Bags(np.concatenate([bags.ids, ids]), np.concatenate([bags.starts, bags.starts[-1] + ids]))


def make_halves(messages: Sequence[Sequence[Sequence[int]]], times: int, seed: int, longest: int = 4) -> Halves:
    """Cut each message `times` times into two halves of at most `longest` clauses, in random order.

    A word of both halves is left out of one of them: what is left to learn from is that words which speak of the same
    matter belong together, not that the same word does (inverse cloze task, Lee et al. 2019, without its overlap).

    Parameters
    ----------
    messages : sequence
        Of each message its clauses, each the ids of its tokens.
    times, seed, longest : int
    """
    random = np.random.default_rng(seed)

    def draw() -> Iterator[Pair]:
        for number, clauses in enumerate(messages):
            if len(clauses) < 3:
                continue
            for _ in range(times):
                order, middle = random.permutation(len(clauses)), len(clauses) // 2
                left = [word for i in order[: min(middle, longest)] for word in clauses[i]]
                right = [word for i in order[middle : middle + longest] for word in clauses[i]]
                yield number, left, right

    return _halves(draw(), random)


def make_answers(
    answers: Sequence[tuple[int, Sequence[Sequence[int]], Sequence[Sequence[int]]]],
    times: int,
    seed: int,
    longest: int = 4,
) -> Halves:
    """Set at most `longest` clauses of a message beside as many of its reply, `times` times, without common words.

    Parameters
    ----------
    answers : sequence of (int, sequence, sequence)
        The message's number, its clauses and those of the reply, each the ids of its tokens.
    times, seed, longest : int
    """
    random = np.random.default_rng(seed)

    def draw() -> Iterator[Pair]:
        for number, said, replied in answers:
            for _ in range(times):
                left = [word for i in random.permutation(len(said))[:longest] for word in said[i]]
                right = [word for i in random.permutation(len(replied))[:longest] for word in replied[i]]
                yield number, left, right

    return _halves(draw(), random)


def _halves(drawn: Iterable[Pair], random: np.random.Generator) -> Halves:
    """Keep what is long enough without common words; what is left out is drawn between one pair and the next."""
    one, other, message = [], [], []
    for number, *both in drawn:
        left, right = _without_common(*both, random)
        if min(len(left), len(right)) >= _SHORTEST_HALF:
            one.append(left)
            other.append(right)
            message.append(number)
    return Halves(make_bags(one), make_bags(other), np.array(message, dtype=np.int64))


def join_halves(first: Halves, second: Halves) -> Halves:
    """Put the pairs of both behind each other."""
    return Halves(
        _join_bags(first.one, second.one),
        _join_bags(first.other, second.other),
        np.concatenate([first.message, second.message]),
    )


def _join_bags(first: Bags, second: Bags) -> Bags:
    starts = np.concatenate([first.starts, first.starts[-1] + second.starts[1:]])
    return Bags(np.concatenate([first.ids, second.ids]), starts)


def _without_common(left: list[int], right: list[int], random: np.random.Generator) -> tuple[list[int], list[int]]:
    """Leave each word of both out of one of them."""
    for word in sorted(set(left) & set(right)):
        if random.random() < 0.5:
            left = [w for w in left if w != word]
        else:
            right = [w for w in right if w != word]
    return left, right


def own_found(halves: Halves, vectors: Floats) -> float:
    """Return the share of halves whose other one is nearer than those of all other messages; one pair a message."""
    one, other = embed_bags(halves.one, vectors), embed_bags(halves.other, vectors)
    mean = np.concatenate([one, other]).mean(axis=0)
    nearest = (unit(one - mean) @ unit(other - mean).T).argmax(axis=1)
    return float((nearest == np.arange(len(nearest))).mean())


def embed_bags(bags: Bags, vectors: Floats) -> Floats:
    """Embed texts with a vector for each token: n texts to (n, d), unit length."""
    starts = torch.from_numpy(bags.starts[:-1])
    summed = functional.embedding_bag(torch.from_numpy(bags.ids), torch.from_numpy(vectors), starts, mode="sum")
    return unit(summed.numpy())


def start_rows(words: Floats, probability: Floats, start: Start, bags: Bags, targets: Floats) -> Floats:
    """Map the teachers' word vectors so that the weighted mean of a text's words is near the text's target.

    Parameters
    ----------
    words : ndarray of float32, shape (v, t)
        Word vectors of all teachers, side by side.
    probability : ndarray of float32, shape (v,)
    start : Start
    bags : Bags
        n texts over ids 1 to v: id i is word i - 1. Larger ids (other spellings) are left out.
    targets : ndarray of float32, shape (n, d)
        Of unit length.

    Returns
    -------
    ndarray of float32, shape (v, d)
    """
    weight = start.sif / (start.sif + probability)
    place = np.where(bags.ids <= len(words), bags.ids - 1, len(words))
    share = np.append(weight, 0).astype(np.float32)
    vectors = np.append(unit(words - words.mean(axis=0)), np.zeros((1, words.shape[1]), np.float32), axis=0)
    vectors[:-1] -= _bag_means(vectors, share, place, bags).mean(axis=0)
    inputs = unit(_bag_means(vectors, share, place, bags)).astype(np.float64)
    gram = inputs.T @ inputs
    penalty = start.ridge * np.trace(gram) / len(gram) * np.eye(len(gram))
    turn = np.linalg.solve(gram + penalty, inputs.T @ targets.astype(np.float64))
    rows = vectors[:-1] @ turn * weight[:, None]
    return np.asarray(rows / np.linalg.norm(rows, axis=1).mean(), dtype=np.float32)


def _bag_means(vectors: Floats, weight: Floats, place: NDArray[np.int64], bags: Bags) -> Floats:
    """Weighted mean of the vectors of each text."""
    ids, starts = torch.from_numpy(place), torch.from_numpy(bags.starts[:-1])
    share = torch.from_numpy(weight)[ids]
    summed = functional.embedding_bag(ids, torch.from_numpy(vectors), starts, mode="sum", per_sample_weights=share)
    total = np.add.reduceat(np.append(share.numpy(), np.float32(0)), bags.starts[:-1])
    return np.asarray(summed.numpy() / np.maximum(total, 1e-9)[:, None], dtype=np.float32)


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
    rows: Floats, tokens: Tokens, lesson: Lesson, recipe: Recipe, measure: Callable[[Floats], dict[str, float]]
) -> Fit:
    """Fit rows so that the mean of a text's rows points where the teachers' vector of the text does.

    Parameters
    ----------
    rows : ndarray of float32, shape (r, d)
        Start.
    tokens : Tokens
        Row and factor of each token.
    lesson : Lesson
        n texts with their targets.
    recipe : Recipe
    measure : callable
        Called with the rows before the first and after every epoch; what it returns goes into the history.
    """
    torch.manual_seed(recipe.seed)
    torch.use_deterministic_algorithms(True)
    random = np.random.default_rng(recipe.seed)
    table = torch.nn.Parameter(torch.from_numpy(rows.copy()))
    to_row, factor = torch.from_numpy(tokens.mapping), torch.from_numpy(tokens.weights)
    goal = torch.from_numpy(lesson.wanted)
    optimiser = torch.optim.Adam([table], lr=recipe.rate)
    steps = recipe.epochs * (len(lesson.bags) // recipe.batch)
    schedule = torch.optim.lr_scheduler.LinearLR(optimiser, 1.0, 0.1, max(steps, 1))

    def embed(texts: Bags, chosen: NDArray[np.int64]) -> torch.Tensor:
        ids, offsets = texts.take(chosen)
        share = factor[ids]
        if recipe.drop:
            share = share * torch.from_numpy((random.random(len(ids)) >= recipe.drop).astype(np.float32))
        summed = functional.embedding_bag(to_row[ids], table, offsets, mode="sum", per_sample_weights=share)
        return functional.normalize(summed, dim=1)

    def loss_of(chosen: NDArray[np.int64]) -> torch.Tensor:
        found, wanted = embed(lesson.bags, chosen), goal[torch.from_numpy(chosen)]
        loss = (1 - (found * wanted).sum(dim=1)).mean()
        if recipe.relation:
            loss = loss + recipe.relation * _relation_loss(found, wanted)
        if recipe.contrast:
            halves = lesson.halves
            some = random.choice(len(halves.message), min(recipe.batch, len(halves.message)), replace=False)
            message = torch.from_numpy(halves.message[some])
            one, other = embed(halves.one, some), embed(halves.other, some)
            loss = loss + recipe.contrast * _contrast_loss(one, other, message, recipe.temperature)
        return loss

    fit = Fit(rows, [measure(rows)])
    for _ in range(recipe.epochs):
        order = random.permutation(len(lesson.bags))
        losses = []
        for first in range(0, len(order) - recipe.batch + 1, recipe.batch):
            loss = loss_of(order[first : first + recipe.batch])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
            losses.append(float(loss.detach()))
        fit.rows = table.detach().numpy().copy()
        fit.history.append({"loss": float(np.mean(losses)), **measure(fit.rows)})
    return fit


def _relation_loss(found: torch.Tensor, wanted: torch.Tensor) -> torch.Tensor:
    """Mean squared difference of cosines, in units of their spread among unlike texts."""
    difference = found @ found.T - wanted @ wanted.T
    return 10 * (difference**2).mean()


def _contrast_loss(one: torch.Tensor, other: torch.Tensor, message: torch.Tensor, temperature: float) -> torch.Tensor:
    """Cross-entropy of finding the other half among a batch, both ways; the same message again does not count."""
    own = torch.arange(len(message))
    again = (message[:, None] == message) & (own[:, None] != own)
    scores = (one @ other.T / temperature).masked_fill(again, -1e4)
    return (functional.cross_entropy(scores, own) + functional.cross_entropy(scores.T, own)) / 2
