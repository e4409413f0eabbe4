"""Pictures of what was found, one function each: for print and Word by matplotlib, for the screen by plotly.

`DetectionResult.plot` gives those of one result: ``result.plot.map()``, ``.days()``, ``.places()``, ``.units()``,
``.heat()``. What each shows and how it is set is in the file of its name; what they share is in ``_style``.
"""

from ._style import Picture
from .accessor import ResultPlots
from .changes import compare, compare_topics
from .confidence import reliability
from .crosses import plot_places, plot_units
from .days import plot_days
from .heat import plot_heat
from .orders_map import plot_map
from .positions import map_positions

__all__ = [
    "Picture",
    "ResultPlots",
    "compare",
    "compare_topics",
    "map_positions",
    "plot_days",
    "plot_heat",
    "plot_map",
    "plot_places",
    "plot_units",
    "reliability",
]
