"""The orders in view: their texts once each, their days, callers and units, and the issue that each text is in."""

import re
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..detection.issues import SIGNS
from ..orders import COLUMNS
from ..orders.table import marked
from .index import LiveIndex, Query

__all__ = ["View"]

_RIPE = 3  # a time is believed when so many orders are as late: one mistyped year moves nothing
Rows = NDArray[np.int64]


class View:
    """Orders in order of arrival, and the index of what they say.

    Attributes
    ----------
    index : LiveIndex
        The different texts.
    row_of : dict of str to int
        Order id to row.
    names : list of str
        Issue ids by number.
    """

    def __init__(self, dimension: int) -> None:
        self.index = LiveIndex(dimension)
        self.row_of: dict[str, int] = {}
        self.names: list[str] = []
        self._orders: list[dict[str, Any]] = []
        self._numbers: dict[str, int] = {}
        self._row_of_text: dict[str, int] = {}
        self._callers: dict[str, int] = {"": -1}
        self._units: dict[str, int] = {}
        self._unknown = -1
        self._columns = {name: _Column() for name in ("text", "day", "caller", "unit")}
        self._label = _Column()

    def __len__(self) -> int:
        return len(self._orders)

    @property
    def text(self) -> Rows:
        """Text of each order: its row in the index."""
        return self._columns["text"].values

    @property
    def day(self) -> Rows:
        """Day of each order, in days since 1970."""
        return self._columns["day"].values

    @property
    def caller(self) -> Rows:
        """Number of each order's caller; each unknown one has a number of its own."""
        return self._columns["caller"].values

    @property
    def label(self) -> Rows:
        """Number of each text's issue in `names`, -1 for none."""
        return self._label.values

    def same_unit(self, unit: str) -> NDArray[np.bool_]:
        """Tell which orders went to a unit."""
        return np.asarray(self._columns["unit"].values == self._units.get(unit, -1))

    def order(self, row: int) -> dict[str, Any]:
        """Return the order in a row."""
        return self._orders[row]

    def text_of(self, order: Mapping[str, Any]) -> int | None:
        """Return the text in view that says the very same, in whatever signs."""
        return self._row_of_text.get(_folded(order))

    def add(self, order: dict[str, Any], query: Query) -> int:
        """Add an order; returns its row."""
        row, folded = len(self._orders), _folded(order)
        if folded not in self._row_of_text:
            self._row_of_text[folded] = self.index.add(query)
            self._label.add(-1)
        self._unknown -= 1
        caller = str(order["caller"])
        self._columns["text"].add(self._row_of_text[folded])
        self._columns["day"].add(int(np.datetime64(order["created"], "D").astype(np.int64)))
        self._columns["caller"].add(self._callers.setdefault(caller, len(self._callers)) if caller else self._unknown)
        self._columns["unit"].add(self._unit(str(order["department"])))
        self.row_of[str(order["order_id"])] = row
        self._orders.append(order)
        return row

    def _unit(self, unit: str) -> int:
        return self._units.setdefault(unit, len(self._units)) if unit else -2

    def update(self, order: dict[str, Any]) -> None:
        """Put a newer state of an order in its place; what it says is compared again when all is found anew."""
        self._orders[self.row_of[str(order["order_id"])]] = order

    def put(self, text: int, issue: str) -> list[str]:
        """Put a text and so all orders that say it to an issue; returns their ids."""
        if issue not in self._numbers:
            self._numbers[issue] = len(self.names)
            self.names.append(issue)
        self.label[text] = self._numbers[issue]
        return [str(self._orders[row]["order_id"]) for row in np.flatnonzero(self.text == text)]

    def put_all(self, issue_of_order: Mapping[str, str]) -> None:
        """Put all orders to their issues; those not named are in none."""
        self.names, self._numbers = [], {}
        self.label[:] = -1
        for order, row in self.row_of.items():
            issue = issue_of_order.get(order)
            if issue:
                at = self._numbers.setdefault(issue, len(self.names))
                if at == len(self.names):
                    self.names.append(issue)
                self.label[self.text[row]] = at

    def today(self) -> int:
        """Return the day it is, by the orders."""
        return int(np.partition(self.day, -_RIPE)[-_RIPE]) if len(self) >= _RIPE else int(self.day.max(initial=0))

    def span(self) -> int:
        """Return how many days the orders in view cover."""
        return self.today() - int(np.partition(self.day, _RIPE - 1)[_RIPE - 1]) + 1 if len(self) >= _RIPE else 1

    def leave_out_old(self, days: int, most: int) -> list[str]:
        """Leave out orders older than so many days, and the oldest of too many; returns their ids."""
        kept = np.flatnonzero(self.day > self.today() - days)
        if len(kept) > most:
            latest = kept[np.argsort(self.day[kept], kind="stable")[-most:]]
            kept = np.sort(latest)
        if len(kept) == len(self):
            return []
        gone = [str(self._orders[row]["order_id"]) for row in np.setdiff1d(np.arange(len(self)), kept)]
        texts, moved = np.unique(self.text[kept], return_inverse=True)
        place = {int(old): new for new, old in enumerate(texts)}
        self._row_of_text = {key: place[old] for key, old in self._row_of_text.items() if old in place}
        self.index.keep(texts.astype(np.int64))
        self._label = _Column(self.label[texts])
        self._columns = {name: _Column(column.values[kept]) for name, column in self._columns.items()}
        self._columns["text"] = _Column(moved.astype(np.int64))
        self._orders = [self._orders[row] for row in kept]
        self.row_of = {str(order["order_id"]): row for row, order in enumerate(self._orders)}
        return gone

    def table(self) -> pd.DataFrame:
        """Return the orders in view as an orders table, in order of arrival."""
        return marked(pd.DataFrame(self._orders, columns=list(COLUMNS)))


class _Column:
    """Whole numbers that grow at the end."""

    def __init__(self, values: Rows | None = None) -> None:
        given = np.empty(0, dtype=np.int64) if values is None else values
        self._held = np.concatenate([given, np.zeros(max(64, len(given)), dtype=np.int64)])
        self._count = len(given)

    @property
    def values(self) -> Rows:
        return self._held[: self._count]

    def add(self, value: int) -> None:
        if self._count == len(self._held):
            self._held = np.concatenate([self._held, np.zeros_like(self._held)])
        self._held[self._count] = value
        self._count += 1


def _folded(order: Mapping[str, Any]) -> str:
    """Return what an order says without its signs, as the batch tells repeats (`detection.issues.merge_repeats`)."""
    return re.sub(SIGNS, "", str(order["title"]) + str(order["text"]))
