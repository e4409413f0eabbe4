"""How good a grouping is, and how much two groupings agree.

A grouping is a Series of int64 by order id: the group of each order, -1 for none; at the level of hotspots group 0
ranks first.
"""

from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd
from sklearn.metrics import adjusted_rand_score

__all__ = ["Agreement", "HotspotScore", "IssueScore", "agreement", "mean_agreement", "score_hotspots", "score_issues"]

FIRST = 7
"""Ranks that a leader reads."""
MATCH = 0.5
"""F1 from which on a group is taken for a gold one."""
GOOD = 0.7


@dataclass(frozen=True)
class HotspotScore:
    """How well planted hotspots are found.

    Attributes
    ----------
    f1 : float
        Mean over the planted hotspots of the F1 of the group that fits best.
    precision : float
        Share of the orders of these groups that belong there; 1 less this are forced into them.
    good : int
        Planted hotspots with an F1 of `GOOD` or more.
    first : int
        Planted hotspots whose group has an F1 of `MATCH` or more and one of the `FIRST` ranks; a group counts once.
    planted : int
        Number of planted hotspots.
    none : float
        Share of all orders that are in no group.
    """

    f1: float
    precision: float
    good: int
    first: int
    planted: int
    none: float

    @property
    def main(self) -> float:
        """What a setting is chosen by where the gold may choose."""
        return self.f1


@dataclass(frozen=True)
class IssueScore:
    """How well gold issues are found.

    Attributes
    ----------
    f1, precision, recall : float
        B-cubed, over the gold orders; all members of a group count in precision (Amigó et al. 2009, Information
        Retrieval 12).
    found : float
        Share of the gold issues for which some group has an F1 of `MATCH` or more.
    none : float
        Share of all orders that are in no group.
    """

    f1: float
    precision: float
    recall: float
    found: float
    none: float

    @property
    def main(self) -> float:
        """What a setting is chosen by where the gold may choose."""
        return self.f1


@dataclass(frozen=True)
class Agreement:
    """How far two groupings of the same orders agree (adjusted Rand index, Hubert and Arabie 1985).

    Attributes
    ----------
    alone : float
        With every order that is in no group as a group of its own.
    together : float
        With all orders that are in no group as one group.
    """

    alone: float
    together: float


def score_hotspots(labels: pd.Series, gold: pd.Series) -> HotspotScore:
    """Score a grouping against planted hotspots; gold orders that it lacks count as missed."""
    best = []
    for _, ids in gold.groupby(gold).groups.items():
        groups = labels[labels.isin(labels.reindex(ids).dropna().unique()) & (labels >= 0)]
        size = groups.value_counts()
        hits = groups[groups.index.isin(ids)].value_counts().reindex(size.index, fill_value=0)
        f1 = 2 * hits / (size + len(ids))
        fits = [(float(f1[g]), -int(g), int(hits[g]), int(size[g])) for g in size.index]
        best.append(max(fits, default=(0.0, 1, 0, 0)))
    f1s = np.array([f1 for f1, *_ in best])
    taken = sum(size for *_, size in best)
    return HotspotScore(
        f1=float(f1s.mean()),
        precision=sum(hits for *_, hits, _ in best) / taken if taken else 0.0,
        good=int((f1s >= GOOD).sum()),
        first=len({minus for f1, minus, *_ in best if f1 >= MATCH and -FIRST < minus <= 0}),
        planted=len(best),
        none=float((labels < 0).mean()),
    )


def score_issues(labels: pd.Series, gold: pd.Series) -> IssueScore:
    """Score a grouping against gold issues; gold orders that it lacks count as alone."""
    group = _alone(labels.reindex(labels.index.union(gold.index), fill_value=-1))
    size = group.value_counts()
    precision, recall, found = [], [], []
    for _, ids in gold.groupby(gold).groups.items():
        hits = group.loc[ids].value_counts()
        p, r = hits / size[hits.index], hits / len(ids)
        found.append(float((2 * p * r / (p + r)).max()) >= MATCH)
        precision.append(np.repeat(p.to_numpy(), hits))
        recall.append(np.repeat(r.to_numpy(), hits))
    p, r = float(np.concatenate(precision).mean()), float(np.concatenate(recall).mean())
    return IssueScore(2 * p * r / (p + r), p, r, float(np.mean(found)), float((labels < 0).mean()))


def agreement(first: pd.Series, second: pd.Series) -> Agreement:
    """Compare two groupings over the orders that both have."""
    both = first.index.intersection(second.index)
    first, second = first[both], second[both]
    return Agreement(
        float(adjusted_rand_score(_alone(first), _alone(second))), float(adjusted_rand_score(first, second))
    )


def mean_agreement(groupings: list[pd.Series], reference: pd.Series | None = None) -> Agreement | None:
    """Return the mean agreement of each grouping with the reference, or without one of each two; None for no pair."""
    pairs = [(reference, g) for g in groupings] if reference is not None else list(combinations(groupings, 2))
    each = [agreement(a, b) for a, b in pairs]
    if not each:
        return None
    return Agreement(float(np.mean([a.alone for a in each])), float(np.mean([a.together for a in each])))


def _alone(labels: pd.Series) -> pd.Series:
    """Give every order that is in no group a group of its own."""
    return labels.where(labels >= 0, -1 - np.arange(len(labels)))
