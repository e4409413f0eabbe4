"""The map's layout: the same whatever the rows' order, hotspots together, large months too."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import hotspot
from hotspot.plot import map_positions
from hotspot.plot.positions import LANDMARKS

from .conftest import YUNZE


def purity(positions: pd.DataFrame, hotspots: pd.Series, neighbours: int = 5) -> float:
    """Return the mean share of an order's nearest on the map that are in its hotspot."""
    points = positions[["x", "y"]].to_numpy()
    away = ((points[:, None] - points[None]) ** 2).sum(axis=2)
    np.fill_diagonal(away, np.inf)
    nearest = np.argsort(away, axis=1)[:, :neighbours]
    names = hotspots.to_numpy()
    held = names != ""
    return float((names[nearest][held] == names[held][:, None]).mean())


def test_a_row_an_order_within_the_square(yunze) -> None:
    positions = map_positions(yunze)
    assert list(positions.columns) == ["order_id", "x", "y"]
    assert positions["order_id"].equals(yunze.orders["order_id"])
    assert positions[["x", "y"]].abs().to_numpy().max() == 1.0


def test_hotspots_lie_together(yunze) -> None:
    assert purity(map_positions(yunze), yunze.assignments["hotspot"]) > 0.85


def test_the_same_whatever_the_order_of_rows(yunze) -> None:
    rows = pd.read_csv(YUNZE, dtype="str").sample(frac=1, random_state=7)
    shuffled = hotspot.detect(hotspot.orders_from_frame(rows).orders)
    pd.testing.assert_frame_equal(map_positions(shuffled), map_positions(yunze), check_exact=True)


@pytest.mark.parametrize("count", [2, 3, 4, 5, 9])
def test_a_few_orders(yunze, count: int) -> None:
    few = replace(yunze, orders=yunze.orders.head(count), assignments=yunze.assignments.head(count))
    points = map_positions(few)[["x", "y"]].to_numpy()
    assert np.isfinite(points).all()
    assert len(np.unique(points, axis=0)) == count


def test_orders_that_say_the_same_share_a_spot(yunze) -> None:
    orders = yunze.orders.iloc[[0] * 6].reset_index(drop=True)
    same = replace(yunze, orders=orders, assignments=yunze.assignments.iloc[[0] * 6].reset_index(drop=True))
    assert not map_positions(same)[["x", "y"]].to_numpy().any()


def test_many_orders_are_put_among_landmarks(yunze, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hotspot.plot.positions.LANDMARKS", 150)
    assert len(yunze.orders) < LANDMARKS
    positions = map_positions(yunze)
    assert np.isfinite(positions[["x", "y"]].to_numpy()).all()
    assert purity(positions, yunze.assignments["hotspot"]) > 0.75
