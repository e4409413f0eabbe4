"""A Chinese font for what matplotlib draws, found on the machine."""

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

    have = {entry.name for entry in font_manager.fontManager.ttflist}
    return next((name for name in _FONTS if name in have), None)
