"""What a detection gives."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pandas as pd

from ..embed import Encoder
from ..errors import SettingsError
from ..guidance import Reference, make_reference
from ..segment import Segmenter
from ..settings import Settings
from ..signatures import example_texts, unit_mix
from .guided import Outcome

if TYPE_CHECKING:
    from ..plot import ResultPlots

__all__ = ["DetectionResult"]


@dataclass(frozen=True)
class DetectionResult:
    """The issues and hotspots of a month.

    Attributes
    ----------
    orders : pandas.DataFrame
        The orders table that they were found in, sorted by time and id.
    hotspots : pandas.DataFrame
        A line a hotspot, hottest first: rank, hotspot (id), title, heat, heat_volume … heat_dissatisfaction (its parts,
        0 to 1), orders, texts (distinct), callers, issues, first, last, peak (days),
        burst_first, burst_last (days), burst_expected, burst_p (from `bursts`; empty where there is none), places,
        crowds (people that they speak of), keywords (joined by 、), subject (one or two that
        hotlines everywhere hear of), aspects of the first, subject_share (for what share of the texts the first is
        likely), field and field_share (the same of the field of life that they are of).
    issues : pandas.DataFrame
        A line an issue: issue (id), title, orders, texts, callers, first, last, peak, places, crowds,
        keywords, hotspot.
    assignments : pandas.DataFrame
        order_id, issue, hotspot of every order, empty where it is in none, and belonging: how likely it
        belongs to its hotspot (`membership`), 0 to 1, NaN where it is in none; rows as in `orders`.
    settings : Settings
        What it was found with.
    encoder : Encoder
        The sentence model.
    segmenter : Segmenter
        The word cutter.
    distinct_texts : int
        How many different things the orders say: a text that several orders repeat counts once.
    names : mapping of str to str
        Titles that the user gave hotspots and issues, by id: they go before any that is drafted.
    guidance : tuple of Outcome
        What became of each thing that the user said.
    """

    orders: pd.DataFrame
    hotspots: pd.DataFrame
    issues: pd.DataFrame
    assignments: pd.DataFrame
    settings: Settings
    encoder: Encoder = field(repr=False)
    segmenter: Segmenter = field(repr=False)
    distinct_texts: int
    names: Mapping[str, str] = field(default_factory=dict)
    guidance: tuple[Outcome, ...] = ()

    def orders_of(self, hotspot: str) -> pd.DataFrame:
        """Return the orders of a hotspot or an issue by its id."""
        column = "hotspot" if hotspot.startswith("H") else "issue"
        return self.orders[self.assignments[column].eq(hotspot).to_numpy()]

    def firmly_in(self, hotspot: str, least: float) -> pd.DataFrame:
        """Return the orders of a hotspot whose `belonging` is `least` or more; all of them if none is so firm."""
        orders = self.orders_of(hotspot)
        firm = self.assignments.loc[orders.index, "belonging"] >= least
        return orders[firm] if firm.any() else orders

    def reference(self, name: str) -> Reference:
        """Refer to a hotspot or an issue by its id, for `Guidance`: in other months it is known by what it says.

        Raises
        ------
        SettingsError
            There is no such hotspot or issue.
        """
        kind = "hotspot" if name.startswith("H") else "issue"
        table = self.hotspots if kind == "hotspot" else self.issues
        found = table[table[kind].eq(name)].to_dict("records")
        if not found:
            raise SettingsError(f"没有 {name}。现有：{'、'.join(table[kind].head(12)) or '无'}。")
        orders = self.orders_of(name)
        units = unit_mix(orders["department"], self.orders["department"])
        topic = str(found[0].get("topic", ""))
        return make_reference(
            str(found[0]["title"]), kind, orders["order_id"], example_texts(orders), units=units, topic=topic
        )

    @cached_property
    def topic_model(self) -> Any:
        """A fitted `bertopic.BERTopic` whose topics are the hotspots, for its own charts and methods.

        Each topic is labelled with its hotspot's id and title; -1 holds the orders in no hotspot. Made when first asked
        for: bertopic takes seconds to import.
        """
        from .topics import fit_topic_model

        return fit_topic_model(self)

    @property
    def plot(self) -> "ResultPlots":
        """The pictures of this result: ``result.plot.map()``, ``.days()``, ``.places()``, ``.units()``, ``.heat()``."""
        from ..plot import ResultPlots

        return ResultPlots(self)
