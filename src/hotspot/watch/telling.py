"""What an alarm says, in a line."""

from collections.abc import Mapping
from typing import Any

__all__ = ["burst_line", "emergency_line"]

_LONGEST = 40


def burst_line(kind: str, facts: Mapping[str, Any]) -> str:
    """Return the line of a burst."""
    when = "今天" if facts["days"] == 1 else f"近 {facts['days']} 天"
    what = facts["title"] or "同一类诉求"
    about = "" if kind == "事项突增" else "一类的诉求"
    return (
        f"{kind}：“{_short(what)}”{about}{when}来了 {facts['orders']} 件，按平时约 {facts['expected']} 件"
        f"（纯属偶然的概率 {facts['p']:g}）{_part_of(facts)}"
    )


def emergency_line(facts: Mapping[str, Any], order: Mapping[str, Any]) -> str:
    """Return the line of an emergency."""
    place = f"{order['place']}，" if order["place"] else ""
    return f"险情：{facts['emergency']}。{place}{_short(facts['clause'])}（工单 {order['order_id']}）{_part_of(facts)}"


def _part_of(facts: Mapping[str, Any]) -> str:
    known = facts["topic"] or facts["hotspot"]
    return f"，属热点 {known}" if known else ""


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
