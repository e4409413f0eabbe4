"""The two hand-written months, detected once."""

from pathlib import Path

import pytest

import hotspot
from hotspot._fonts import FONT_ADVICE, chinese_font

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
def _font() -> None:
    if chinese_font() is None:
        pytest.skip(FONT_ADVICE)
