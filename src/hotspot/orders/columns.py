"""Headings and values as platforms write them, and the standard ones they stand for (``data/columns.toml``)."""

import re
import tomllib
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache
from typing import Any

import pandas as pd

from .._resources import data_text
from ..errors import OrdersError
from ..privacy import mask

REQUIRED = ("order_id", "created", "text")
"""Columns that an order cannot be without."""
NEARLY_ALL = 0.95
"""Share of a column's filled cells that must be natures or ratings for it to be taken for one under another heading."""


@cache
def _tables() -> dict[str, Any]:
    return tomllib.loads(data_text("columns.toml"))


NATURES: tuple[str, ...] = tuple(_tables()["values"]["nature"])
"""What an order can be: an enquiry, a complaint, a report, a proposal, a call for help, praise."""
PRAISE = "表扬"
RATINGS: tuple[str, ...] = tuple(_tables()["values"]["satisfaction"])
"""How satisfied a caller can be, the most first, and not rated."""


@cache
def labels() -> dict[str, str]:
    """Return the Chinese name of each standard column."""
    return dict(_tables()["labels"])


def _key(heading: str) -> str:
    """Fold a heading for comparison: half width, no space, no bracketed remark, no mark of duty, lower case."""
    return re.sub(r"[\s_*:]|[(【\[].*?[)】\]]", "", unicodedata.normalize("NFKC", heading)).lower()


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


def has_required(headings: Sequence[str]) -> bool:
    """Tell whether headings name an order's id, time and text."""
    known = {_headings().get(_key(h), ("", 0))[0] for h in headings}
    return {"order_id", "created"} <= known and bool({"text", "title"} & known)


def match_columns(
    headings: Sequence[str], given: Mapping[str, str] | None = None, empty: Collection[str] = ()
) -> dict[str, str]:
    """Map standard columns to the headings of a table.

    Parameters
    ----------
    headings : sequence of str
        The table's own headings.
    given : mapping of str to str, optional
        Standard column (its English or Chinese name) to heading, as the user says; goes before the alias table.
    empty : collection of str, optional
        Headings of columns without any content: taken only where no other column will do.

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
            raise OrdersError(f"不认识的列名“{wanted}”。可写：{'、'.join(labels().values())}。")
        if heading not in headings:
            raise OrdersError(f"表中没有“{heading}”这一列。现有表头：{_join(headings)}。")
        chosen[column] = heading
    found: dict[str, tuple[bool, int, str]] = {}
    for heading in headings:
        column, rank = _headings().get(_key(heading), ("", 0))
        if not column or column in chosen or heading in chosen.values():
            continue
        found[column] = min(found.get(column, (True, len(_headings()), "")), (heading in empty, rank, heading))
    chosen.update({column: heading for column, (_, _, heading) in found.items()})
    if "text" not in chosen and "title" in chosen:
        chosen["text"] = chosen["title"]
    missing = [column for column in REQUIRED if column not in chosen]
    if missing:
        wanted = ";".join(f"{labels()[c]}({'/'.join(_tables()['headings'][c][:4])}等)" for c in missing)
        hint = " ".join(f"--column {labels()[c]}=你的表头" for c in missing)
        strange = "" if found else "表头若是乱码，请用 --encoding 指明编码（如 big5）；第一行若不是表头，请补上。"
        raise OrdersError(f"缺少必需的列：{wanted}。现有表头：{_join(headings)}。{strange}可这样指明：{hint}")
    return chosen


def columns_by_values(cells: pd.DataFrame, chosen: Mapping[str, str]) -> dict[str, str]:
    """Find the columns of natures and of ratings under headings that name neither ('类别'), by what stands in them.

    Parameters
    ----------
    cells : pandas.DataFrame of str
        A table; its headings differ.
    chosen : mapping of str to str
        Standard column to heading, of the columns found by heading.

    Returns
    -------
    dict of str to str
        Standard column to the first heading whose filled cells nearly all are values of it, of two kinds or more.
    """
    free = [heading for heading in cells.columns if heading not in chosen.values()]
    found: dict[str, str] = {}
    for column in _tables()["values"]:
        for heading in free if column not in chosen else ():
            counts = cells[heading].str.strip().value_counts().drop("", errors="ignore")
            known = {value: _values(column)[_key(value)] for value in counts.index if _key(value) in _values(column)}
            if len(set(known.values())) > 1 and counts[list(known)].sum() >= NEARLY_ALL * counts.sum():
                found.setdefault(column, heading)
    return found


def _join(headings: Sequence[str]) -> str:
    """List headings; where a file has none they are an order's cells: masked, and cut short."""
    shown = [mask(h[:20]) + "…" * (len(h) > 20) for h in headings if h][:30]
    return ("、".join(shown) or "（空）") + (" 等" if len(headings) > 30 else "")


@cache
def _values(column: str) -> dict[str, str]:
    return {_key(v): standard for standard, values in _tables()["values"][column].items() for v in values}


def standard_value(column: str, value: str) -> str:
    """Return the standard form of a value of 'nature' or 'satisfaction'; unknown values stay as they are."""
    return _values(column).get(_key(value), value.strip())
