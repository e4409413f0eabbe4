"""The Chinese font that pictures are drawn with."""

import pytest
from matplotlib import font_manager

from hotspot._fonts import chinese_font


@pytest.mark.usefixtures("with_font")
def test_a_font_installed_since_matplotlib_first_ran_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    known = [entry for entry in font_manager.fontManager.ttflist if entry.name.startswith("DejaVu")]
    monkeypatch.setattr(font_manager.fontManager, "ttflist", known)
    assert chinese_font.__wrapped__() == chinese_font()


def test_without_a_font_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(font_manager.fontManager, "ttflist", [])
    monkeypatch.setattr(font_manager, "findSystemFonts", list)
    assert chinese_font.__wrapped__() is None
