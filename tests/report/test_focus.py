"""What the section says beyond the hotspots that it tells of."""

import pandas as pd

from hotspot.report.focus import attach_hotspots, focus_section
from hotspot.report.model import Paragraph
from hotspot.report.month import prepare_month
from hotspot.settings import Settings

from .conftest import Clause, Detected, Focus, Item, make_orders


def test_the_other_hotspots_are_named_by_number() -> None:
    sizes = {"H1": 4, "H2": 2, "H3": 5, "H4": 3}  # by heat
    ids = [hotspot for hotspot, size in sizes.items() for _ in range(size)]
    orders = make_orders([{} for _ in ids])
    assignments = pd.DataFrame({"order_id": orders["order_id"], "issue": "", "hotspot": ids})
    hotspots = pd.DataFrame({"hotspot": list(sizes), "title": list(sizes), "orders": sizes.values()})
    detected = Detected(hotspots, pd.DataFrame(), assignments)
    focus = Focus((Item("H1", "H1", Clause("市民反映:"), ()),))
    month = prepare_month(orders, "2023-03", Settings())
    attach_hotspots(month, detected, focus)
    texts = [b.text for b in focus_section(month, detected, focus).blocks if isinstance(b, Paragraph)]
    assert texts[-1] == "此外\uff0c反映较多的还有\uff1a“H3”\uff085件\uff09、“H4”\uff083件\uff09、“H2”\uff082件\uff09。"
