"""The texts in view, kept so that a new one is compared with all of them at once.

The evidence is that of the batch (`detection.comparison.Comparison`): words and strings of characters weighed by how
rare they are, and which of them stand in names, the meaning of titles and of problems told without the names, and the
address, unit and caller of the first order that said the text. It grows by one text at a time: rarity follows every
text that comes, and what a text shares with others is looked up in inverted lists, so that only texts with something
in common are touched.
"""

from array import array
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..detection.aspects import aspects_of, comparison_text, telling_title
from ..detection.comparison import SAME_NAME, problem_likeness, told_alike
from ..detection.known_subjects import KnownSubjects
from ..detection.matters import Evidence, same_matter
from ..detection.similarity import COMMON, COMMON_TEXTS, LEAST, NEIGHBOURS, character_ngrams
from ..embed import Encoder, load_encoder, seen_from
from ..segment import Segmenter

__all__ = ["LiveIndex", "Query", "Shared"]

Values = NDArray[np.float64]
_TOLD, _NAME = 1, 2  # of a term in a text: it stands outside of names, it is part of the name of where it happens
_VECTORS = ("title", "whole", "title_problem", "problem")


class Query:
    """What a new text is compared by.

    Parameters
    ----------
    order : mapping of str to object
        A row of an orders table.
    segmenter : Segmenter
    encoder : Encoder

    Attributes
    ----------
    words, characters : Terms
        Its words and strings of characters.
    vectors : dict of str to ndarray of float32, shape (d,)
        Of its title, of all it says, and of the problem in both; unit length or zero.
    packaged : ndarray of float32, shape (d,)
        Vector of all it says by the packaged sentence model, in which known subjects are read.
    carried : Carried
        What its order carries besides.
    """

    def __init__(self, order: Mapping[str, Any], segmenter: Segmenter, encoder: Encoder) -> None:
        title, text = str(order["title"]), str(order["text"])
        self.carried = Carried(
            frozenset(character_ngrams(str(order["place"]))), str(order["department"]), str(order["caller"])
        )
        telling = telling_title(title, segmenter)
        compared, aspects = comparison_text(telling, text), aspects_of(telling, text, segmenter)
        self.words = Terms(Counter(segmenter.words(compared)), frozenset(segmenter.words(aspects.problem)), frozenset())
        self.characters = Terms(
            Counter(character_ngrams(compared)), frozenset(character_ngrams(aspects.problem)), aspects.names
        )
        problems = aspects.problem_said
        made = encoder.encode([telling or text, f"{title}。{text}", *problems])
        self.vectors = dict(zip(_VECTORS, made, strict=True))
        packaged = load_encoder()
        self.packaged = made[1] if encoder is packaged else packaged.encode([f"{title}。{text}"])[0]
        self.vectors |= {
            name: np.zeros_like(made[0]) for name, said in zip(_VECTORS[2:], problems, strict=True) if not said
        }


class Carried(NamedTuple):
    """What an order carries besides its text: strings of characters of its address, its unit, its caller."""

    address: frozenset[str]
    unit: str
    caller: str


class Terms(NamedTuple):
    """Terms of a text: how often each stands in it, which stand outside of names, and which are part of one."""

    counts: Counter[str]
    told: Collection[str]
    names: Collection[str]

    def kind(self, term: str) -> int:
        """Return what a term is in the text."""
        return _TOLD * (term in self.told) + _NAME * (term in self.names)


class Shared(NamedTuple):
    """What a new text shares with each text in view: arrays of shape (n,), within [0, 1].

    Attributes
    ----------
    words : ndarray of float64
        Rare words and strings.
    problem : ndarray of float64
        The part of it that stands outside of names, in both.
    its_names, their_names : ndarray of float64
        The part of it that is a name in the new text, and in the other.
    """

    words: Values
    problem: Values
    its_names: Values
    their_names: Values


class LiveIndex:
    """Texts in the order of their coming: row i is the i-th that was added and not yet left out."""

    def __init__(self, dimension: int) -> None:
        self._words, self._characters = _Lists(), _Lists()
        self._vectors = {name: _Vectors(dimension) for name in _VECTORS}
        self._subjects = _Subjects()
        self._names: list[frozenset[str]] = []
        self._carried: list[Carried] = []

    def __len__(self) -> int:
        return self._words.count

    def add(self, query: Query) -> int:
        """Add a text; returns its row."""
        self._words.add(query.words)
        self._characters.add(query.characters)
        for name, vector in query.vectors.items():
            self._vectors[name].add(vector)
        self._subjects.add(query.packaged)
        self._names.append(frozenset(query.characters.names))
        self._carried.append(query.carried)
        return len(self) - 1

    def keep(self, rows: NDArray[np.int64]) -> None:
        """Leave out all texts but these rows, ascending; they are numbered anew."""
        self._words.keep(rows)
        self._characters.keep(rows)
        for vectors in self._vectors.values():
            vectors.keep(rows)
        self._subjects.keep(rows)
        self._names = [self._names[row] for row in rows]
        self._carried = [self._carried[row] for row in rows]

    def refresh(self) -> None:
        """Weigh the texts in view by how rare their terms are now, and read their subjects anew."""
        self._words.refresh()
        self._characters.refresh()
        self._subjects.refresh()

    def shared(self, query: Query) -> Shared:
        """Return what each text shares with a new one."""
        both = self._words.cosines(query.words) + self._characters.cosines(query.characters)
        return Shared(*np.minimum(both / 2, 1.0))

    def same_matter(self, query: Query, shared: Shared, subject: Values) -> Values:
        """Return how likely each text is of one matter with a new one, as the batch says: shape (n,), mostly zeros.

        Parameters
        ----------
        query : Query
        shared : Shared
            From `shared`.
        subject : ndarray of float64, shape (n,)
            From `subject`.
        """
        value = np.where(shared.words >= LEAST, shared.words, 0.0)
        if len(value) > NEIGHBOURS:
            value[value < np.partition(value, -NEIGHBOURS)[-NEIGHBOURS]] = 0.0
        near = np.flatnonzero(value)
        title, in_title, in_whole = (
            self._vectors[name].cosines(query.vectors[name], near) for name in ("title", "title_problem", "problem")
        )
        problem = problem_likeness(in_title, in_whole)
        carried = [self._carried[row] for row in near]
        evidence = Evidence(
            told=told_alike(value[near], shared.problem[near], title, problem, self._elsewhere(query, shared, near)),
            names=np.maximum(value[near] - shared.problem[near], 0),
            problem=problem,
            meaning=self._vectors["whole"].cosines(query.vectors["whole"], near),
            subject=subject[near],
            place=self._same_address(query, near),
            unit=np.array([one.unit == query.carried.unit != "" for one in carried], dtype=bool),
            caller=np.array([one.caller == query.carried.caller != "" for one in carried], dtype=bool),
        )
        likely = np.zeros(len(value))
        likely[near] = same_matter(evidence, carries_more=self._carries_more(query))
        return likely

    def _same_address(self, query: Query, near: NDArray[np.int64]) -> Values:
        """Return the share of an address that the other order says, the larger of both: shape (len(near),)."""
        mine = query.carried.address
        said = mine | query.characters.counts.keys()
        saying = np.zeros(len(near))
        for string in mine:
            in_text = np.isin(near, self._characters.rows(string))
            saying += in_text | np.array([string in self._carried[row].address for row in near], dtype=bool)
        theirs = [self._carried[row].address for row in near]
        said_of_theirs = [len(address & said) / max(len(address), 1) for address in theirs]
        return np.maximum(saying / max(len(mine), 1), np.array(said_of_theirs, dtype=np.float64))

    def _carries_more(self, query: Query) -> bool:
        return any(one.unit or one.address for one in (query.carried, *self._carried))

    def _elsewhere(self, query: Query, shared: Shared, near: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Tell which of the texts name places as the new one does, but others."""
        said = np.maximum(shared.its_names[near], shared.their_names[near]) >= SAME_NAME
        if not self._characters.tells_any(query.characters.names, new=1):
            return np.zeros(len(near), dtype=bool)
        named = np.array([self._characters.tells_any(self._names[row]) for row in near], dtype=bool)
        return np.asarray(named & ~said)

    def meaning(self, query: Query) -> Values:
        """Return each text's likeness in meaning: shape (n,)."""
        return self._vectors["whole"].cosines(query.vectors["whole"])

    def subject(self, query: Query) -> Values:
        """Return how far each text's likely subjects are those of the new one: shape (n,)."""
        return self._subjects.overlap(query.packaged)


class _Rows:
    """Rows of numbers that grow at the end."""

    def __init__(self, rows: NDArray[np.float32]) -> None:
        self._held = np.concatenate([rows, np.zeros((max(64, len(rows)), rows.shape[1]), dtype=np.float32)])
        self.count = len(rows)

    @property
    def values(self) -> NDArray[np.float32]:
        return self._held[: self.count]

    def add(self, row: NDArray[np.float32]) -> None:
        if self.count == len(self._held):
            self._held = np.concatenate([self._held, np.zeros_like(self._held)])
        self._held[self.count] = row
        self.count += 1


class _Vectors:
    """Unit vectors, compared as seen from their common mean."""

    def __init__(self, dimension: int) -> None:
        self._rows = _Rows(np.zeros((0, dimension), dtype=np.float32))
        self._sum = np.zeros(dimension)

    def add(self, vector: NDArray[np.float32]) -> None:
        self._rows.add(vector)
        self._sum += vector

    def keep(self, rows: NDArray[np.int64]) -> None:
        kept = self._rows.values[rows]
        self._rows = _Rows(kept)
        self._sum = kept.sum(axis=0, dtype=np.float64)

    def centred(self) -> NDArray[np.float32]:
        """Return the vectors as seen from their mean, of unit length again: shape (n, d)."""
        return seen_from((self._sum / max(self._rows.count, 1)).astype(np.float32), self._rows.values)

    def centre(self, vector: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return a new vector as seen from the mean of all and itself: shape (1, d)."""
        return seen_from(self._mean_with(vector), vector[None])

    def _mean_with(self, vector: NDArray[np.float32]) -> NDArray[np.float32]:
        mean: NDArray[np.float32] = ((self._sum + vector) / (self._rows.count + 1)).astype(np.float32)
        return mean

    def cosines(self, vector: NDArray[np.float32], rows: NDArray[np.int64] | None = None) -> Values:
        held = self._rows.values if rows is None else self._rows.values[rows]
        if not len(held) or not vector.any():
            return np.zeros(len(held))
        mean = self._mean_with(vector)
        own = vector - mean
        lengths = np.einsum("ij,ij->i", held, held) - 2 * (held @ mean) + mean @ mean
        length = np.sqrt(np.maximum(lengths, 0)) * np.linalg.norm(own)
        dot = held @ own - mean @ own
        known = (length > 1e-6) & held.any(axis=1)  # a text that says nothing is like none
        return np.asarray(np.where(known, dot / np.maximum(length, 1e-6), 0.0), dtype=np.float64)


class _Subjects:
    """How likely each known subject is for each text, as roots: the products of two are Bhattacharyya's coefficient."""

    def __init__(self) -> None:
        self._vectors = _Vectors(load_encoder().dimension)
        self._roots = _Rows(_roots(self._vectors.centred()))

    def add(self, vector: NDArray[np.float32]) -> None:
        self._roots.add(_roots(self._vectors.centre(vector))[0])
        self._vectors.add(vector)

    def keep(self, rows: NDArray[np.int64]) -> None:
        self._vectors.keep(rows)
        self._roots = _Rows(self._roots.values[rows])

    def refresh(self) -> None:
        self._roots = _Rows(_roots(self._vectors.centred()))

    def overlap(self, vector: NDArray[np.float32]) -> Values:
        return np.asarray(self._roots.values @ _roots(self._vectors.centre(vector))[0], dtype=np.float64)


def _roots(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.sqrt(KnownSubjects.of((), vectors).likely)


class _Lists:
    """Inverted lists: for each term the texts that hold it, how much of each it is, and of what kind there."""

    def __init__(self) -> None:
        self.count = 0
        self._ids: dict[str, int] = {}
        self._rows: list[array[int]] = []
        self._weights: list[array[float]] = []
        self._kinds: list[array[int]] = []
        self._square = np.zeros(64)

    def add(self, terms: Terms) -> None:
        row = self.count
        if row == len(self._square):
            self._square = np.concatenate([self._square, np.zeros_like(self._square)])
        self.count += 1
        own = 0.0
        for term, times in terms.counts.items():
            at = self._ids.setdefault(term, len(self._ids))
            if at == len(self._rows):
                self._rows.append(array("i"))
                self._weights.append(array("f"))
                self._kinds.append(array("b"))
            rows, weight = self._rows[at], 1 + float(np.log(times))
            rows.append(row)
            self._weights[at].append(weight)
            self._kinds[at].append(terms.kind(term))
            if 2 <= len(rows) <= self._most():
                rarity = self._rarity(len(rows)) ** 2
                own += rarity * weight**2
                if len(rows) == 2:  # now it tells something of the first text, too
                    self._square[rows[0]] += rarity * self._weights[at][0] ** 2
        self._square[row] = own

    def cosines(self, terms: Terms) -> Values:
        """Return each text's cosine and its parts, in the order of `Shared`: shape (4, n)."""
        square, squares = 0.0, self._square[: self.count].copy()
        rows: list[NDArray[np.int32]] = []
        parts: list[NDArray[np.float32]] = []
        theirs: list[NDArray[np.int8]] = []
        own: list[int] = []
        for term, times in terms.counts.items():
            at = self._ids.get(term)
            if at is None or not 1 <= len(self._rows[at]) < self._most():
                continue
            rarity = self._rarity(len(self._rows[at]) + 1)
            weight = (1 + float(np.log(times))) * rarity
            square += weight**2
            if len(self._rows[at]) == 1:  # a second text that holds it makes it tell something of the first
                squares[self._rows[at][0]] += (rarity * self._weights[at][0]) ** 2
            rows.append(np.frombuffer(self._rows[at], dtype=np.int32))
            parts.append(np.frombuffer(self._weights[at], dtype=np.float32) * np.float32(weight * rarity))
            theirs.append(np.frombuffer(self._kinds[at], dtype=np.int8))
            own.append(terms.kind(term))
        if not rows:
            return np.zeros((4, self.count))
        row, part, kind = np.concatenate(rows), np.concatenate(parts), np.concatenate(theirs)
        mine = np.repeat(np.array(own, dtype=np.int8), [len(some) for some in rows])
        chosen = (np.ones(len(row)), kind & mine & _TOLD, (mine & _NAME) > 0, (kind & _NAME) > 0)
        dots = np.stack([np.bincount(row, weights=part * some, minlength=self.count) for some in chosen])
        length = np.sqrt(square * squares)
        return np.where(length > 0, dots / np.maximum(length, 1e-12), 0.0)

    def tells_any(self, terms: Iterable[str], new: int = 0) -> bool:
        """Tell whether any of the terms is in two texts or more, of which so many are new, and not in too many."""
        texts = (len(self._rows[self._ids[term]]) + new for term in terms if term in self._ids)
        return any(2 <= count <= self._most() for count in texts)

    def rows(self, term: str) -> NDArray[np.int32]:
        """Return the texts that hold a term."""
        at = self._ids.get(term)
        return np.empty(0, dtype=np.int32) if at is None else np.array(self._rows[at], dtype=np.int32)

    def refresh(self) -> None:
        self._square = np.zeros(max(64, 2 * self.count))
        for rows, weights in zip(self._rows, self._weights, strict=True):
            if 2 <= len(rows) <= self._most():
                self._square[np.frombuffer(rows, dtype=np.int32)] += (
                    self._rarity(len(rows)) * np.frombuffer(weights, dtype=np.float32)
                ) ** 2

    def keep(self, rows: NDArray[np.int64]) -> None:
        place = np.full(self.count, -1, dtype=np.int32)
        place[rows] = np.arange(len(rows))
        lists = zip(list(self._ids), self._rows, self._weights, self._kinds, strict=True)
        self._ids, self._rows, self._weights, self._kinds, self.count = {}, [], [], [], len(rows)
        for term, held, weights, kinds in lists:
            moved = place[np.frombuffer(held, dtype=np.int32)]
            stays = moved >= 0
            if stays.any():
                self._ids[term] = len(self._rows)
                self._rows.append(array("i", moved[stays].tobytes()))
                self._weights.append(array("f", np.frombuffer(weights, dtype=np.float32)[stays].tobytes()))
                self._kinds.append(array("b", np.frombuffer(kinds, dtype=np.int8)[stays].tobytes()))
        self.refresh()

    def _most(self) -> float:
        return max(COMMON * (self.count + 1), COMMON_TEXTS)

    def _rarity(self, texts: int) -> float:
        """Return the smoothed inverse document frequency, as scikit-learn's."""
        return float(np.log((1 + max(self.count, texts)) / (1 + texts)) + 1)
