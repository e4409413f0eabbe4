"""The live issues: which order is in which, under ids that stay when all is found anew."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import pandas as pd

from ..detection import DetectionResult

__all__ = ["LiveIssues", "Placement", "same_groups"]


@dataclass
class LiveIssues:
    """Issues and hotspots in view.

    Attributes
    ----------
    of_order : dict of str to str
        Order id to issue id; orders in no issue are left out.
    title : dict of str to str
        Of issues and hotspots.
    hotspot : dict of str to str
        Issue id to the hotspot that it is part of.
    topic : dict of str to str
        Hotspot id to the topic of the registry that it is.
    made : dict of str to int
        How many ids were given, by their first letter.
    """

    of_order: dict[str, str] = field(default_factory=dict)
    title: dict[str, str] = field(default_factory=dict)
    hotspot: dict[str, str] = field(default_factory=dict)
    topic: dict[str, str] = field(default_factory=dict)
    made: dict[str, int] = field(default_factory=dict)

    def new(self, letter: str, title: str) -> str:
        """Give the next id: ``E`` for issues, ``G`` for hotspots."""
        self.made[letter] = self.made.get(letter, 0) + 1
        name = f"{letter}{self.made[letter]:04d}"
        self.title[name] = title
        return name

    def adopt(self, result: DetectionResult, topics: Mapping[str, str]) -> None:
        """Take over what the batch found, under the ids that its issues and hotspots had.

        Orders that came after the batch began stay where they are, or go where most of their issue went.

        Parameters
        ----------
        result : DetectionResult
        topics : mapping of str to str
            The batch's hotspot ids to topics of the registry.
        """
        assigned = result.assignments
        placed = {name: dict(zip(assigned["order_id"], assigned[name], strict=True)) for name in ("issue", "hotspot")}
        before = {order: self.of_order.get(order, "") for order in placed["issue"]}
        issues = self._names("E", before, placed["issue"], result.issues, "issue")
        was_hotspot = {order: self.hotspot.get(issue, "") for order, issue in before.items()}
        hotspots = self._names("G", was_hotspot, placed["hotspot"], result.hotspots, "hotspot")
        gone = _successors(before, {order: issues.get(issue, "") for order, issue in placed["issue"].items()})
        later = {order: gone.get(issue, issue) for order, issue in self.of_order.items() if order not in before}
        self.of_order = {order: issues[issue] for order, issue in placed["issue"].items() if issue}
        self.of_order |= {order: issue for order, issue in later.items() if issue}
        self.hotspot = {
            issues[issue]: hotspots[hotspot]
            for issue, hotspot in zip(result.issues["issue"], result.issues["hotspot"], strict=True)
            if hotspot
        }
        self.topic = {hotspots[hotspot]: topic for hotspot, topic in topics.items()}
        kept = set(self.of_order.values()) | set(hotspots.values())
        self.title = {name: title for name, title in self.title.items() if name in kept}

    def _names(
        self, letter: str, before: Mapping[str, str], now: Mapping[str, str], found: pd.DataFrame, column: str
    ) -> dict[str, str]:
        """Return the live id of each group that the batch found, and note its title."""
        names = same_groups(before, now)
        for group, title in zip(found[column], found["title"], strict=True):
            if group not in names:
                names[group] = self.new(letter, title)
            self.title[names[group]] = title
        return names

    def forget(self, orders: Iterable[str]) -> None:
        """Leave out orders that are no longer in view."""
        for order in orders:
            self.of_order.pop(order, None)


@dataclass(frozen=True)
class Placement:
    """Where an order was put when it came.

    Attributes
    ----------
    order_id, created : str
    issue : str
        Id of the issue; empty where it is in none.
    title : str
        Of the issue.
    hotspot, topic : str
        The hotspot that the issue is part of, and the registry's topic that this is; empty where unknown.
    likeness : float
        Mean probability of one matter with the issue's texts, or with the order that it makes a new one with.
    decision : str
        并入 (joined an issue), 新事项 (made one), or 单独 (in none).
    partners : tuple of str
        Orders that it made the new issue with.
    """

    order_id: str
    created: str
    issue: str
    title: str
    hotspot: str
    topic: str
    likeness: float
    decision: str
    partners: tuple[str, ...]


def same_groups(before: Mapping[str, str], now: Mapping[str, str]) -> dict[str, str]:
    """Say which of the former groups each of the new ones is: the one that it shares most orders with, each once.

    Parameters
    ----------
    before, now : mapping of str to str
        Order to group, empty for none; the same orders.

    Returns
    -------
    dict of str to str
        New group to former; those without one are left out.
    """
    both = pd.Series([(now[order], before[order]) for order in now if now[order] and before[order]], dtype=object)
    found: dict[str, str] = {}
    taken: set[str] = set()
    counts = both.value_counts()
    for new, old in sorted(counts.index, key=lambda pair: (-counts[pair], pair)):
        if new not in found and old not in taken:
            found[new] = old
            taken.add(old)
    return found


def _successors(before: Mapping[str, str], now: Mapping[str, str]) -> dict[str, str]:
    """Return where most of each former issue's orders are now; empty where they are in none."""
    frame = pd.DataFrame({"before": before, "now": now})
    frame = frame[frame["before"] != ""]
    return {str(old): str(group.mode().min()) for old, group in frame.groupby("before")["now"]}
