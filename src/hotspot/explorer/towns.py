"""Which town an order is about, as far as it says so itself."""

import re

import pandas as pd

from ..report.month import is_town
from ..settings import Settings

__all__ = ["UNSTATED", "towns_of"]

UNSTATED = ""


def towns_of(orders: pd.DataFrame, settings: Settings) -> pd.Series:
    """Return each order's town.

    That of its unit if this is a town, else the town that its place names, else the first that its title or its text
    names. The towns are those of the settings; where there are none, the units that are towns by their names. A word of
    the text that only looks like a town's name is no evidence.

    Parameters
    ----------
    orders : pandas.DataFrame
        Orders table.
    settings : Settings
        Towns.

    Returns
    -------
    pandas.Series of str
        Rows as in `orders`; empty where an order names no town.
    """
    units = orders["department"]
    known = {unit for unit in units.unique() if unit and is_town(unit, settings)}
    names = sorted(known.union(settings.region.towns), key=lambda name: (-len(name), name))
    town = units.where(units.isin(known), UNSTATED)
    if not names:
        return town
    pattern = re.compile(f"({'|'.join(map(re.escape, names))})")
    for column in ("place", "title", "text"):
        named = orders[column].str.extract(pattern, expand=False).fillna(UNSTATED)
        town = town.where(town.ne(UNSTATED), named)
    return town
