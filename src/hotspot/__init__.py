"""Find what citizens are really complaining about in a month of 12345 work orders, and draft the report.

>>> import hotspot
>>> orders = hotspot.read_orders("工单.csv")  # doctest: +SKIP
>>> result = hotspot.detect(orders)  # doctest: +SKIP
>>> print(hotspot.draft_focus(result).to_markdown())  # doctest: +SKIP
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from .embed import embed, load_encoder  # at once: the module has the function's name, and would take its place

__version__ = "0.1.0"

if TYPE_CHECKING:
    from . import plot as plot
    from .classify import Router, evaluate_router, train_router
    from .detection import DetectionResult, HotspotDetector, detect
    from .draft import Focus, draft_focus, title_hotspots
    from .errors import HotspotError
    from .explorer import explore
    from .guidance import Guidance, load_guidance
    from .orders import load_orders, orders_from_frame, read_orders, select_month
    from .privacy import mask
    from .registry import Registry
    from .settings import Settings, load_settings
    from .watch import Watch

_HOMES = {
    "DetectionResult": "detection",
    "Focus": "draft",
    "Guidance": "guidance",
    "HotspotDetector": "detection",
    "HotspotError": "errors",
    "Registry": "registry",
    "Router": "classify",
    "Settings": "settings",
    "Watch": "watch",
    "detect": "detection",
    "draft_focus": "draft",
    "evaluate_router": "classify",
    "explore": "explorer",
    "load_guidance": "guidance",
    "load_orders": "orders",
    "load_settings": "settings",
    "mask": "privacy",
    "orders_from_frame": "orders",
    "read_orders": "orders",
    "select_month": "orders",
    "title_hotspots": "draft",
    "train_router": "classify",
}

__all__ = [
    "DetectionResult",
    "Focus",
    "Guidance",
    "HotspotDetector",
    "HotspotError",
    "Registry",
    "Router",
    "Settings",
    "Watch",
    "detect",
    "draft_focus",
    "embed",
    "evaluate_router",
    "explore",
    "load_encoder",
    "load_guidance",
    "load_orders",
    "load_settings",
    "mask",
    "orders_from_frame",
    "read_orders",
    "select_month",
    "title_hotspots",
    "train_router",
]


def __getattr__(name: str) -> Any:
    """Import what is asked for when it is asked for: ``import hotspot`` itself loads nothing heavy."""
    if name == "plot":  # a room of its own: hotspot.plot.compare(...)
        return import_module(".plot", __name__)
    if name not in _HOMES:
        raise AttributeError(f"module 'hotspot' has no attribute {name!r}")
    value = getattr(import_module(f".{_HOMES[name]}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__, "plot"})
