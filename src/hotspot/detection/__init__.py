"""Detection: a month of orders to issues and hotspots."""

from .detector import HotspotDetector, detect
from .guided import Outcome
from .result import DetectionResult

__all__ = ["DetectionResult", "HotspotDetector", "Outcome", "detect"]
