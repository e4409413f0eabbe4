"""Several calls about one emergency are one incident, told once."""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from ..detection.places import REGION, is_somewhere
from ..detection.tables import order_places
from ..segment import Segmenter
from .emergencies import Emergency

__all__ = ["Call", "Incident", "incidents_of", "is_again", "spots_of"]

DAY = pd.Timedelta(days=1)
"""So long an emergency goes on of which no more is known."""
_TOWNS = ("镇", "乡", "街道")


@dataclass(frozen=True)
class Incident:
    """An emergency with all calls about it.

    Attributes
    ----------
    calls : tuple of Emergency
        The one that it is told by first.
    """

    calls: tuple[Emergency, ...]

    @property
    def order_ids(self) -> tuple[str, ...]:
        """All its orders."""
        return tuple(call.order_id for call in self.calls)


def incidents_of(found: tuple[Emergency, ...], cases: pd.DataFrame, segmenter: Segmenter) -> tuple[Incident, ...]:
    """Put calls about one emergency together.

    Calls are about one if they are of one issue, name one spot (a town is none) or come from one caller, and the
    earlier was not settled when the later came. An issue alone does not tell: the families of three villages that are
    trapped by a flood may well be of one issue.

    Parameters
    ----------
    found : tuple of Emergency
        As `find_emergencies` ranks them.
    cases : pandas.DataFrame
        Orders with their issue; '' for none.
    segmenter : Segmenter

    Returns
    -------
    tuple of Incident
        In the order of their first calls in `found`.
    """
    rows = cases.set_index("order_id", drop=False).loc[[call.order_id for call in found]]
    listed = zip(found, rows.itertuples(index=False), spots_of(rows, segmenter), strict=True)
    calls = [(_call(order, spots, emergency), emergency) for emergency, order, spots in listed]
    groups: list[list[tuple[Call, Emergency]]] = []
    for call, emergency in sorted(calls, key=lambda each: (each[0].created, each[1].order_id)):
        same = next((group for group in groups if any(is_again(before, call) for before, _ in group)), None)
        if same is None:
            groups.append([(call, emergency)])
        else:
            same.append((call, emergency))
    rank = {call.order_id: at for at, call in enumerate(found)}
    incidents = [Incident(tuple(sorted((e for _, e in group), key=lambda e: rank[e.order_id]))) for group in groups]
    return tuple(sorted(incidents, key=lambda incident: rank[incident.calls[0].order_id]))


@dataclass(frozen=True)
class Call:
    """What tells whether two calls are about one emergency.

    Attributes
    ----------
    created : pandas.Timestamp
    issue, caller : str
        Empty where not known.
    spots : frozenset of str
        As `spots_of` finds them.
    until : pandas.Timestamp
        Up to when the emergency went on.
    """

    created: pd.Timestamp
    issue: str
    caller: str
    spots: frozenset[str]
    until: pd.Timestamp


def spots_of(orders: pd.DataFrame, segmenter: Segmenter) -> list[frozenset[str]]:
    """Return the spots below town level that each order names."""

    def is_spot(place: str) -> bool:
        return is_somewhere(place, segmenter) and not REGION.fullmatch(place) and not place.endswith(_TOWNS)

    return [frozenset(filter(is_spot, places)) for places in order_places(orders, segmenter)]


def is_again(before: Call, call: Call) -> bool:
    """Tell whether a call is about what an earlier one was about."""
    one_issue = call.issue != "" and call.issue == before.issue
    one_caller = call.caller != "" and call.caller == before.caller
    return one_issue and (one_caller or bool(call.spots & before.spots)) and call.created <= before.until


def _call(order: Any, spots: frozenset[str], emergency: Emergency) -> Call:
    """Return a call whose outcome may be known: it went on for a day at the least, and until it was settled."""
    until = order.created + DAY
    if pd.notna(order.closed):
        until = max(until, order.closed) if emergency.settled else pd.Timestamp.max
    return Call(order.created, order.issue, order.caller, spots, until)
