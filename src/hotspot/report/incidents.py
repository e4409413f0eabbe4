"""Several calls about one emergency are one incident, told once."""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from ..detection.places import REGION, is_somewhere
from ..detection.tables import order_places
from ..segment import Segmenter
from .emergencies import Emergency

__all__ = ["Incident", "incidents_of"]

_DAY = pd.Timedelta(days=1)
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
    spots = [
        {p for p in places if is_somewhere(p, segmenter) and not REGION.fullmatch(p) and not p.endswith(_TOWNS)}
        for places in order_places(rows, segmenter)
    ]
    calls = [_Call(*each) for each in zip(found, rows.itertuples(index=False), spots, strict=True)]
    groups: list[list[_Call]] = []
    for call in sorted(calls, key=lambda call: (call.order.created, call.emergency.order_id)):
        same = next((group for group in groups if any(_is_again(before, call) for before in group)), None)
        if same is None:
            groups.append([call])
        else:
            same.append(call)
    rank = {call.order_id: at for at, call in enumerate(found)}
    incidents = [Incident(tuple(sorted((c.emergency for c in g), key=lambda e: rank[e.order_id]))) for g in groups]
    return tuple(sorted(incidents, key=lambda incident: rank[incident.calls[0].order_id]))


@dataclass(frozen=True)
class _Call:
    emergency: Emergency
    order: Any
    spots: set[str]


def _is_again(before: _Call, call: _Call) -> bool:
    """Tell whether a call is about what an earlier one was about."""
    one_issue = call.order.issue != "" and call.order.issue == before.order.issue
    one_caller = call.order.caller != "" and call.order.caller == before.order.caller
    return one_issue and (one_caller or bool(call.spots & before.spots)) and _goes_on(before, call)


def _goes_on(before: _Call, call: _Call) -> bool:
    """Tell whether an earlier call was not settled when the later came; without its outcome for a day."""
    order = before.order
    if call.order.created <= order.created + _DAY:
        return True
    return pd.notna(order.closed) and (not before.emergency.settled or call.order.created <= order.closed)
