"""The page: one HTML file that holds its script, its styles and its data, and loads nothing."""

import base64
import hashlib
import json
import zlib
from importlib.resources import files
from typing import TYPE_CHECKING

from ..detection.result import DetectionResult

if TYPE_CHECKING:
    from ..draft import Focus

__all__ = ["explore"]


def explore(result: DetectionResult, focus: "Focus | None" = None, *, source: str = "", top: int | None = None) -> str:
    """Make the page in which to look around in a month: hotspots, map, days and masked orders.

    Parameters
    ----------
    result : DetectionResult
        What was found.
    focus : Focus, optional
        The drafted hotspots; by default all are drafted.
    source : str, optional
        Name of the orders file, said in the page.
    top : int, optional
        Hotspots that are listed; by default all.

    Returns
    -------
    str
        The HTML of the page; written as UTF-8 it opens by a double click, offline, in any browser since 2020.

    Examples
    --------
    >>> Path("热点.html").write_text(hotspot.explore(hotspot.detect(orders)), encoding="utf-8")  # doctest: +SKIP
    """
    from ..draft import draft_focus
    from ..plot import map_positions
    from .payload import payload_of

    if focus is None:
        focus = draft_focus(result, hotspots=len(result.hotspots) if top is None else top)
    return page_of(payload_of(result, focus, map_positions(result), source=source, top=top))


def page_of(payload: dict[str, object]) -> str:
    """Put the data into the page.

    The data stand in it compressed, as base64: no text of an order is ever markup, whatever it holds. The content
    policy lets run the one script and the one style sheet whose digests it names, and nothing be loaded.
    """
    import jinja2
    from markupsafe import Markup

    script, style = _static("explorer.js"), _static("explorer.css")
    template = (files("hotspot.explorer") / "templates" / "page.html.j2").read_text(encoding="utf-8")
    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined)
    return environment.from_string(template).render(
        script=Markup(script),
        style=Markup(style),
        script_digest=_digest(script),
        style_digest=_digest(style),
        data=_packed(payload),
    )


def _static(name: str) -> str:
    return (files("hotspot.explorer") / "static" / name).read_text(encoding="utf-8")


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _packed(payload: dict[str, object]) -> str:
    text = json.dumps(payload, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return base64.b64encode(zlib.compress(text.encode("utf-8", "replace"), 9)).decode()
