"""The watch: orders as they come, each put to its issue, and what bursts or is urgent told at once."""

from .alarms import Alarm
from .engine import Watch, WatchState
from .live import Placement

__all__ = ["Alarm", "Placement", "Watch", "WatchState"]
