"""What several tests share: the example month, and small order files."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

from hotspot._fonts import FONT_ADVICE, chinese_font
from hotspot.orders import OrderFile, load_orders

settings.register_profile("untimed", deadline=None)  # a slow machine is no failure
settings.load_profile("untimed")

EXAMPLE = Path(__file__).parents[1] / "examples" / "wengyuan-2022-06" / "orders.csv"


@pytest.fixture(scope="session")
def example_month() -> OrderFile:
    return load_orders(EXAMPLE)


@pytest.fixture
def with_font() -> None:
    """Skip where the machine has no Chinese font: a bare Linux has none."""
    if chinese_font() is None:
        pytest.skip(FONT_ADVICE)


@pytest.fixture
def written(tmp_path: Path) -> Callable[..., Path]:
    """Write a file: bytes as they are, or lines of text."""

    def write(*content: bytes | str, name: str = "orders.csv", encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        parts = [part if isinstance(part, bytes) else f"{part}\n".encode(encoding) for part in content]
        path.write_bytes(b"".join(parts))
        return path

    return write
