"""A Chinese font for what matplotlib draws, found on the machine."""

from contextlib import suppress
from functools import cache

__all__ = ["FONT_ADVICE", "chinese_font"]

_FONTS = (
    "Noto Sans CJK SC", "Source Han Sans SC", "Source Han Sans CN", "Microsoft YaHei", "SimHei", "PingFang SC",
    "Hiragino Sans GB", "WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "Noto Sans CJK JP", "Noto Serif CJK SC", "SimSun",
    "STHeiti", "Droid Sans Fallback",
)  # fmt: skip

FONT_ADVICE = (
    "本机没有可用的中文字体，图上的汉字会变成方框。请安装一种，如思源黑体（Debian、Ubuntu: "
    "apt install fonts-noto-cjk）、微软雅黑或黑体，装好后重新运行。"
)


@cache
def chinese_font() -> str | None:
    """Return the name of a Chinese font that matplotlib finds; None where there is none."""
    from matplotlib import font_manager

    manager = font_manager.fontManager
    found = _first_of({entry.name for entry in manager.ttflist})
    if found is None:
        # matplotlib remembers the fonts that its first run saw: what was installed upon our advice is none of them.
        for path in sorted(set(font_manager.findSystemFonts()) - {entry.fname for entry in manager.ttflist}):
            with suppress(OSError, RuntimeError):  # no font that it can read
                manager.addfont(path)
        found = _first_of({entry.name for entry in manager.ttflist})
    return found


def _first_of(names: set[str]) -> str | None:
    return next((name for name in _FONTS if name in names), None)
