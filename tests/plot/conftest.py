"""The two hand-written months, detected once."""

from pathlib import Path

import pytest

import hotspot

YUNZE = Path(__file__).parents[1] / "data" / "yunze-2023-11.csv"


@pytest.fixture(scope="package")
def wengyuan(example_month) -> hotspot.DetectionResult:
    return hotspot.detect(example_month.orders)


@pytest.fixture(scope="package")
def yunze() -> hotspot.DetectionResult:
    return hotspot.detect(hotspot.read_orders(YUNZE))


@pytest.fixture(scope="package")
def tiny(example_month) -> hotspot.DetectionResult:
    """Two orders, no hotspot."""
    return hotspot.detect(example_month.orders.iloc[[0, 400]].reset_index(drop=True))


@pytest.fixture(autouse=True)
def _font(with_font: None) -> None:
    """Every picture has Chinese on it."""
