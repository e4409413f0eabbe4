"""The exceptions of the library, in one tree.

    HotspotError
    ├── OrdersError          an orders file or table that cannot be used
    ├── SettingsError        a settings file or value that cannot be used
    ├── ModelError           a model folder that is missing, damaged or foreign
    ├── MissingExtraError    an optional package is not installed
    ├── DetectionError       orders from which no hotspots can be computed
    ├── RegistryError        a registry of topics that is damaged, foreign or in use
    ├── ReportError          a report that contradicts itself or cannot be laid out
    ├── WatchError           the folder of a watch is damaged, foreign or in use
    ├── PlotError            a picture for which the data or a Chinese font is missing
    └── OutputError          results that could not be written

Every message says what was found, what was expected and what to do, in Chinese: it is what an analyst reads.
"""

__all__ = [
    "DetectionError",
    "HotspotError",
    "MissingExtraError",
    "ModelError",
    "OrdersError",
    "OutputError",
    "PlotError",
    "RegistryError",
    "ReportError",
    "SettingsError",
    "WatchError",
]


class HotspotError(Exception):
    """Anything that this library raises on purpose."""


class OrdersError(HotspotError):
    """An orders file or table cannot be used."""


class SettingsError(HotspotError):
    """A settings file or one of its values cannot be used."""


class ModelError(HotspotError):
    """A model folder is missing, damaged or foreign."""


class MissingExtraError(HotspotError):
    """An optional package is needed and not installed.

    Parameters
    ----------
    package : str
        Import name of what is missing.
    extra : str
        The extra of ``hotspot-12345`` that installs it.
    """

    def __init__(self, package: str, extra: str) -> None:
        super().__init__(f'缺少可选组件 {package}。请执行：pip install "hotspot-12345[{extra}]"')


class DetectionError(HotspotError):
    """Hotspots cannot be computed from these orders."""


class RegistryError(HotspotError):
    """A registry of topics is damaged, foreign or in use."""


class WatchError(HotspotError):
    """The folder of a watch is damaged, foreign or in use."""


class ReportError(HotspotError):
    """A report contradicts itself, or cannot be laid out."""


class PlotError(HotspotError):
    """A picture cannot be drawn: what it shows is not in the data, or there is no Chinese font."""


class OutputError(HotspotError):
    """A result could not be written; what was there before is untouched."""
