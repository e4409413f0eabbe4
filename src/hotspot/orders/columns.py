"""Headings and values as platforms write them, and the standard ones they stand for (``data/columns.toml``)."""

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from .._resources import data_text
from ..errors import OrdersError

REQUIRED = ("order_id", "created", "text")
"""Columns that an order cannot be without."""


@cache
def _tables() -> dict[str, Any]:
    return tomllib.loads(data_text("columns.toml"))


@cache
def labels() -> dict[str, str]:
    """Return the Chinese name of each standard column."""
    return dict(_tables()["labels"])


def _key(heading: str) -> str:
    """Fold a heading for comparison: no space, no bracketed remark, lower case."""
    return re.sub(r"[\s_]|[((【\[].*?[))】\]]", "", heading).lower()


@cache
def _headings() -> dict[str, tuple[str, int]]:
    """Map each known heading to its standard column and its place in that column's list (earlier is better)."""
    known: dict[str, tuple[str, int]] = {}
    for column, names in _tables()["headings"].items():
        for rank, name in enumerate(names):
            known.setdefault(_key(name), (column, rank))
    return known


def count_known_headings(cells: Iterable[str]) -> int:
    """Count how many different standard columns a row of cells could head."""
    known = _headings()
    return len({known[_key(c)][0] for c in cells if _key(c) in known})


def match_columns(headings: Sequence[str], given: Mapping[str, str] | None = None) -> dict[str, str]:
    """Map standard columns to the headings of a table.

    Parameters
    ----------
    headings : sequence of str
        The table's own headings.
    given : mapping of str to str, optional
        Standard column (its English or Chinese name) to heading, as the user says; goes before the alias table.

    Returns
    -------
    dict of str to str
        Standard column to heading, for those found.

    Raises
    ------
    OrdersError
        A given heading is not in the table, a given column is unknown, or a required column is not found.
    """
    by_label = {label: column for column, label in labels().items()}
    chosen: dict[str, str] = {}
    for wanted, heading in (given or {}).items():
        column = wanted if wanted in labels() else by_label.get(wanted)
        if column is None:
            raise OrdersError(f"不认识的列名“{wanted}”。可写:{'、'.join(labels().values())}。")
        if heading not in headings:
            raise OrdersError(f"表中没有“{heading}”这一列。现有表头:{_join(headings)}。")
        chosen[column] = heading
    taken = set(chosen.values())
    found: dict[str, tuple[int, str]] = {}
    for heading in headings:
        if heading in taken or _key(heading) not in _headings():
            continue
        column, rank = _headings()[_key(heading)]
        if column not in chosen and (column not in found or rank < found[column][0]):
            found[column] = (rank, heading)
    chosen.update({column: heading for column, (_, heading) in found.items()})
    if "text" not in chosen and "title" in chosen:
        chosen["text"] = chosen["title"]
    missing = [column for column in REQUIRED if column not in chosen]
    if missing:
        wanted = ";".join(f"{labels()[c]}({'/'.join(_tables()['headings'][c][:4])}等)" for c in missing)
        hint = " ".join(f"--column {labels()[c]}=你的表头" for c in missing)
        raise OrdersError(f"缺少必需的列:{wanted}。现有表头:{_join(headings)}。可这样指明:{hint}")
    return chosen


def _join(headings: Sequence[str]) -> str:
    shown = [h for h in headings if h][:30]
    return ("、".join(shown) or "(空)") + (" 等" if len(headings) > len(shown) else "")


@cache
def _values(column: str) -> dict[str, str]:
    return {_key(v): standard for standard, values in _tables()["values"][column].items() for v in values}


def standard_value(column: str, value: str) -> str:
    """Return the standard form of a value of 'nature' or 'satisfaction'; unknown values stay as they are."""
    return _values(column).get(_key(value), value.strip())
