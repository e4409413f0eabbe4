"""The month as one web page to look around in: hotspots, map, days, orders, all following the same filters."""

from .page import explore

__all__ = ["explore"]
