"""The user's guidance, applied to what was found."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..embed import Encoder, embed
from ..guidance import Guidance, Reference, Rule
from ..segment import Segmenter
from ..signatures import Chance, Signature, distinguishing_words, example_texts, likeness, unit_mix
from .known_subjects import KnownSubjects

__all__ = ["Guide", "Outcome", "without_words"]

LEVEL = 0.05
"""Chance that another hotspot is taken for the one that a rule is about."""
SAMPLE = 500
"""Groups at the most from which it is read how alike different ones are."""
_MOSTLY = 0.5
"""Share of an issue or a hotspot from which on it is mostly of some texts."""
Rows = NDArray[np.int64]


@dataclass(frozen=True)
class Outcome:
    """What became of a rule in a run.

    Attributes
    ----------
    rule : Rule
    applied : bool
    note : str
        What was done, or why nothing was.
    """

    rule: Rule
    applied: bool
    note: str


def without_words(texts: pd.DataFrame, words: Sequence[str]) -> pd.DataFrame:
    """Return orders whose titles and texts lack the ignored words, for comparison only."""
    changed = texts.copy()
    for word in words:
        for column in ("title", "text"):
            changed[column] = changed[column].str.replace(word, " ", regex=False)
    return changed


class Guide:
    """Applies guidance to the groups found among t texts.

    Parameters
    ----------
    guidance : Guidance
    orders : pandas.DataFrame
        Orders table, n rows.
    text_number : ndarray of int64, shape (n,)
        Which text each order says.
    texts : pandas.DataFrame
        The first order of each text, t rows.
    known : KnownSubjects
        Of the texts.
    encoder : Encoder
    segmenter : Segmenter
    min_hotspot : int
        Fewest texts that a part split off is still a hotspot with.

    Attributes
    ----------
    lowest, hotspots : ndarray of int64, shape (t,)
        After `apply`: the lowest node of each text (an issue, or a text by itself), and its hotspot, -1 for none.
    names : dict of str to dict of int to str
        For 'hotspot' and 'issue': one text of each that was given a name, and the name.
    watched : dict of int to str
        One text of each hotspot that was watched for, and what for.
    outcomes : list of Outcome
        What became of each rule.
    """

    def __init__(
        self,
        guidance: Guidance,
        orders: pd.DataFrame,
        text_number: Rows,
        texts: pd.DataFrame,
        *,
        known: KnownSubjects,
        encoder: Encoder,
        segmenter: Segmenter,
        min_hotspot: int,
    ) -> None:
        self.guidance = guidance
        self._text_of = dict(zip(orders["order_id"], text_number.tolist(), strict=True))
        self._whole = texts["title"] + "。" + texts["text"]
        self._said = example_texts(texts)
        self._departments = texts["department"]
        self._known = known
        self._encoder = encoder
        self._words = segmenter.words
        self._topic_words = cache(segmenter.topic_words)
        self._min_hotspot = min_hotspot
        self.names: dict[str, dict[int, str]] = {"hotspot": {}, "issue": {}}
        self.watched: dict[int, str] = {}
        self._watched: dict[int, str] = {}
        self.outcomes: list[Outcome] = []

    def apply(self, lowest: Rows, hotspots: Rows) -> None:
        """Apply every rule: words first (done when the texts were compared), then what is apart, together, watched."""
        self.lowest, self.hotspots = lowest.copy(), hotspots.copy()
        for rule in self.guidance.of_kind("ignore"):
            held = bool(self._whole.str.contains(rule.text, regex=False).any())
            self._note(rule, held, "比较时没有看这个词。" if held else "本月没有工单提到这个词。")
        for rule in self.guidance.of_kind("apart"):
            self._apart(rule)
        found = {  # before anything is merged: what was said is about the things as they were
            rule.id: [self._find(reference) for reference in rule.of]
            for rule in (*self.guidance.of_kind("together"), *self.guidance.of_kind("name"))
        }
        for rule in self.guidance.of_kind("together"):
            self._together(rule, found[rule.id])
        for rule in self.guidance.of_kind("watch"):
            self._watch(rule)
        for rule in self.guidance.of_kind("name"):
            self._name(rule, found[rule.id][0])
        for number, phrase in self._watched.items():
            rows = np.flatnonzero(self.hotspots == number)
            if len(rows):
                self.watched[int(rows[0])] = phrase
        self.hotspots = _from_zero(self.hotspots)

    def _note(self, rule: Rule, applied: bool, note: str) -> None:
        self.outcomes.append(Outcome(rule, applied, note))

    def _groups(self, kind: str) -> list[Rows]:
        """Return the texts of every hotspot, or of every issue of several texts."""
        numbers = self.hotspots if kind == "hotspot" else self.lowest
        order = np.argsort(numbers, kind="stable")
        starts = np.flatnonzero(np.diff(numbers[order], prepend=-2))
        groups = np.split(order, starts[1:])
        return [rows for rows in groups if numbers[rows[0]] >= 0 and (kind == "hotspot" or len(rows) > 1)]

    def _seeds(self, reference: Reference) -> Rows:
        """Return the texts that the orders of a reference say, where most of them are of this month."""
        present = [self._text_of[i] for i in reference.orders if i in self._text_of]
        some = present if 2 * len(present) > len(reference.orders) else []
        return np.array(sorted(set(some)), dtype=np.int64)

    def _find(self, reference: Reference) -> Rows:
        """Return the texts of what a reference is to in this month; none where there is no such thing.

        By its orders, where they are of this month: the hotspots or issues that they are most of, or else the one that
        most of them are in, or else themselves. By what they say in other months: the hotspot or issue that is most
        alike, if it is more so than different ones are by chance.
        """
        groups, seeds = self._groups(reference.kind), self._seeds(reference)
        if len(seeds):
            inside = [int(np.isin(rows, seeds).sum()) for rows in groups]
            chosen = [rows for rows, n in zip(groups, inside, strict=True) if 2 * n > len(rows)]
            if not chosen and groups and 2 * max(inside) > len(seeds):
                chosen = [groups[int(np.argmax(inside))]]
            return np.unique(np.concatenate(chosen)) if chosen else seeds
        if not groups or not reference.examples:
            return np.empty(0, dtype=np.int64)
        alike, least = self._likeness([self._by_examples(reference)], groups)
        best = int(alike[0].argmax())
        return groups[best] if alike[0, best] > least else np.empty(0, dtype=np.int64)

    def _likeness(self, known: Sequence[Signature], groups: Sequence[Rows]) -> tuple[NDArray[np.float64], float]:
        """Return how alike known things are to groups, and what different ones reach by chance."""
        found = [self._signature(rows) for rows in groups]
        return likeness(known, found, self._base), self._least(found)

    def _least(self, found: Sequence[Signature]) -> float:
        """Return the likeness that the nearest of so many different things exceeds by chance."""
        some = found[:: len(found) // SAMPLE + 1]
        return Chance.among([likeness(some, some, self._base)]).threshold(len(found), LEVEL)

    def _signature(self, rows: Rows) -> Signature:
        units = unit_mix(self._departments.iloc[rows], self._departments)
        return self._described([self._said[i] for i in rows], self._vectors[rows], units)

    def _by_examples(self, reference: Reference) -> Signature:
        return self._described(reference.examples, embed(reference.examples, self._encoder), reference.units)

    def _described(self, texts: Sequence[str], vectors: NDArray[np.float32], units: Mapping[str, float]) -> Signature:
        words = distinguishing_words(texts, self._topic_words, self._frequency, len(self._said))
        return Signature(vectors.mean(axis=0, dtype=np.float64).astype(np.float32), words, units)

    @cached_property
    def _vectors(self) -> NDArray[np.float32]:
        return embed(self._said, self._encoder)

    @cached_property
    def _base(self) -> NDArray[np.float32]:
        mean: NDArray[np.float32] = self._vectors.mean(axis=0, dtype=np.float64).astype(np.float32)
        return mean

    @cached_property
    def _frequency(self) -> Counter[str]:
        return Counter(word for text in self._said for word in set(self._topic_words(text)))

    def _apart(self, rule: Rule) -> None:
        """Split every group that holds orders of two things that are not to be merged.

        Two issues may stay in one hotspot; a hotspot and what does not belong to it may not.
        """
        split = 0
        issues_only = all(reference.kind == "issue" for reference in rule.of)
        for first, second in combinations(rule.of, 2):
            for kind in ("issue",) if issues_only else ("hotspot", "issue"):
                groups = self._groups(kind)
                least = self._least([self._signature(rows) for rows in groups])
                parts = [part for rows in groups if len(part := self._smaller_part(rows, first, second, least))]
                for part in parts:
                    self._divide(part, kind)
                split += len(parts)
        known = [len(self._seeds(r)) > 0 or len(self._find(r)) > 0 for r in rule.of]
        if split:
            self._note(rule, True, f"已分开（拆开 {split} 处）。")
        elif all(known):
            self._note(rule, True, "本来就是分开的。")
        else:
            self._note(rule, False, self._missing(rule, known))

    def _smaller_part(self, rows: Rows, first: Reference, second: Reference, least: float) -> Rows:
        """Tell the texts of a group that are of one thing from those of another; none where it does not hold both.

        Texts whose orders were referred to are what they were said to be; others go to what they are more alike. In
        other months both parts must be more like their own than different things are by chance.
        """
        none = rows[:0]
        of_month = [self._seeds(reference) for reference in (first, second)]
        smaller = 0 if len(of_month[0]) <= len(of_month[1]) else 1
        of_month[1 - smaller] = np.setdiff1d(of_month[1 - smaller], of_month[smaller])
        seeds = [np.intersect1d(rows, of) for of in of_month]
        if all(map(len, of_month)) and not all(map(len, seeds)):
            return none
        known = [
            self._signature(s) if len(s) else self._by_examples(r) for s, r in zip(seeds, (first, second), strict=True)
        ]
        direction = _unit(known[0].vector - self._base) - _unit(known[1].vector - self._base)
        of_first = (self._vectors[rows] - self._base) @ direction > 0
        of_first = (of_first | np.isin(rows, seeds[0])) & ~np.isin(rows, seeds[1])
        parts = [rows[of_first], rows[~of_first]]
        if not all(map(len, parts)):
            return none
        if not all(map(len, seeds)):
            alike = likeness(known, [self._signature(part) for part in parts], self._base)
            own, other = np.diag(alike), np.diag(alike[:, ::-1])
            if not ((own > least) & (own > other)).all():
                return none
        return min(parts, key=lambda part: (len(part), part.tolist()))

    def _divide(self, part: Rows, kind: str) -> None:
        """Take a part out of its hotspot or issue, and out of issues that it shares with what stays."""
        if kind == "hotspot":
            self.hotspots[part] = self.hotspots.max() + 1 if len(part) >= self._min_hotspot else -1
        for node in np.unique(self.lowest[part]):
            inside = part[self.lowest[part] == node]
            if len(inside) < (self.lowest == node).sum():
                self.lowest[inside] = self.lowest.max() + 1

    def _together(self, rule: Rule, found: Sequence[Rows]) -> None:
        """Make one of what several references are to: a hotspot, or an issue where all are issues."""
        if sum(len(rows) > 0 for rows in found) < 2:
            self._note(rule, False, self._missing(rule, [len(rows) > 0 for rows in found]))
            return
        rows = np.unique(np.concatenate(found))
        issues_only = all(reference.kind == "issue" for reference in rule.of)
        numbers = self.lowest if issues_only else self.hotspots
        if len(set(numbers[rows].tolist())) == 1 and numbers[rows[0]] >= 0:
            self._note(rule, True, "本来就在一起。")
            return
        in_hotspots = self.hotspots[rows][self.hotspots[rows] >= 0]
        if issues_only:
            self.lowest[rows] = self.lowest.max() + 1
            self.hotspots[rows] = _commonest(in_hotspots) if len(in_hotspots) else -1
        else:
            self._move(rows, _commonest(in_hotspots) if len(in_hotspots) else int(self.hotspots.max(initial=-1)) + 1)
        self._note(rule, True, f"已合为一个（{len(rows)} 条）。")

    def _move(self, rows: Rows, hotspot: int) -> None:
        """Put texts into a hotspot; those that stay behind in an issue of theirs become one of their own."""
        self.hotspots[rows] = hotspot
        for node in np.unique(self.lowest[rows]):
            outside = np.flatnonzero((self.lowest == node) & (self.hotspots != hotspot))
            if len(outside):
                self.lowest[outside] = self.lowest.max() + 1

    def _watch(self, rule: Rule) -> None:
        """Flag the hotspot that is what is watched for, or make one of the orders about it."""
        about = self._about(rule.text)
        if not len(about):
            self._note(rule, False, "本月没有工单提到它。")
            return
        hotspot = self._same_topic(about)
        new = hotspot < 0
        if new:
            hotspot = int(self.hotspots.max(initial=-1)) + 1
            self._move(about, hotspot)
        else:
            self._move(about[self.hotspots[about] < 0], hotspot)
        said = self._watched.get(hotspot)
        self._watched[hotspot] = f"{said}、{rule.text}" if said else rule.text
        self._note(rule, True, f"提到的有 {len(about)} 条，{'单列为热点' if new else '已是热点，作了标记'}。")

    def _about(self, phrase: str) -> Rows:
        """Return the texts that hold all words of one way to say it, and whole issues that are mostly of these."""
        whole = self._whole
        held = np.zeros(len(whole), dtype=bool)
        for way in phrase.split("、"):
            words = self._words(way) or [way]
            held |= np.logical_and.reduce([whole.str.contains(w, regex=False).to_numpy() for w in words])
        share = np.bincount(self.lowest, weights=held) / np.maximum(np.bincount(self.lowest), 1)
        return np.flatnonzero(held | (share[self.lowest] > _MOSTLY))

    def _same_topic(self, rows: Rows) -> int:
        """Return the hotspot that is the same topic as some texts; -1 for none.

        They are most of it, or it holds most of them and what else it holds is of their subject, in other words. Its
        likeness to them does not tell: a few orders on lifts are as like the other orders on an estate as a few that
        say 'hail' are like those that only tell of the damage.
        """
        groups = self._groups("hotspot")
        sharing = [i for i, group in enumerate(groups) if np.isin(group, rows).any()]
        if not sharing:
            return -1
        alike, least = self._likeness([self._signature(rows)], groups)
        best = max(sharing, key=lambda i: (alike[0, i], -i))
        group, inside = groups[best], np.isin(groups[best], rows)
        most_of_it, most_of_them = inside.mean() > _MOSTLY, inside.sum() > _MOSTLY * len(rows)
        same = most_of_it or (most_of_them and self._of_one_subject(group[inside], group[~inside]))
        return int(self.hotspots[group[0]]) if same and alike[0, best] > least else -1

    def _of_one_subject(self, rows: Rows, others: Rows) -> bool:
        """Tell whether other texts are of one known subject alone, the one that some texts are most of."""
        subjects = self._known.shared_by(others).names
        return len(subjects) == 1 and subjects == self._known.shared_by(rows).names[:1]

    def _name(self, rule: Rule, rows: Rows) -> None:
        reference = rule.of[0]
        numbers = self.hotspots if reference.kind == "hotspot" else self.lowest
        rows = rows[numbers[rows] >= 0]
        if not len(rows):
            self._note(rule, False, self._missing(rule, [False]))
            return
        group = _commonest(numbers[rows])
        self.names[reference.kind][int(np.flatnonzero(numbers == group)[0])] = rule.text
        self._note(rule, True, "已用这个名称。")

    @staticmethod
    def _missing(rule: Rule, known: Sequence[bool]) -> str:
        absent = "、".join(f"“{r.label}”" for r, there in zip(rule.of, known, strict=True) if not there)
        return f"本月没有{absent}。"


def _unit(vector: NDArray[np.float32]) -> NDArray[np.float32]:
    length = float(np.linalg.norm(vector))
    return vector / length if length > 1e-9 else vector


def _from_zero(numbers: Rows) -> Rows:
    """Return hotspots numbered without gaps."""
    result = np.full(len(numbers), -1, dtype=np.int64)
    result[numbers >= 0] = np.unique(numbers[numbers >= 0], return_inverse=True)[1]
    return result


def _commonest(numbers: Rows) -> int:
    present, counts = np.unique(numbers, return_counts=True)
    return int(present[counts.argmax()])
