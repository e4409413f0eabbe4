"""``result.plot``: the pictures of one result."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .crosses import plot_places, plot_units
from .days import plot_days
from .heat import plot_heat
from .orders_map import plot_map

if TYPE_CHECKING:
    import pandas as pd
    from plotly.graph_objects import Figure as ScreenFigure

    from ..detection import DetectionResult
    from ._style import Picture

__all__ = ["ResultPlots"]


@dataclass(frozen=True)
class ResultPlots:
    """The pictures of a result, each returning its figure.

    For print and Word a matplotlib figure of an A4 page's text width (``figure.savefig("图.png")``); with
    ``interactive=True`` a plotly figure for the screen (``figure.show()``, ``figure.write_html("图.html")``).

    Parameters
    ----------
    result : DetectionResult
    """

    result: "DetectionResult"

    def map(
        self, *, hotspots: int = 30, positions: "pd.DataFrame | None" = None, interactive: bool = False
    ) -> "Picture | ScreenFigure":
        """Draw the orders as a map of meaning, hotspots named: `plot_map`."""
        return plot_map(self.result, hotspots=hotspots, positions=positions, interactive=interactive)

    def days(self, *, hotspots: int = 10, emergencies: int = 5, interactive: bool = False) -> "Picture | ScreenFigure":
        """Draw the month by day, with each hotspot's burst and the emergencies: `plot_days`."""
        return plot_days(self.result, hotspots=hotspots, emergencies=emergencies, interactive=interactive)

    def places(self, *, hotspots: int = 12, places: int = 15, interactive: bool = False) -> "Picture | ScreenFigure":
        """Draw which places each hotspot is about: `plot_places`."""
        return plot_places(self.result, hotspots=hotspots, places=places, interactive=interactive)

    def units(self, *, units: int = 20, interactive: bool = False) -> "Picture | ScreenFigure":
        """Draw what each unit's orders were: `plot_units`."""
        return plot_units(self.result, units=units, interactive=interactive)

    def heat(self, *, hotspots: int = 15, interactive: bool = False) -> "Picture | ScreenFigure":
        """Draw the heat of the hotspots and its parts: `plot_heat`."""
        return plot_heat(self.result, hotspots=hotspots, interactive=interactive)
