"""Random months: rows and columns add up, rates lie within [0, 1], nothing divides by zero."""

import pandas as pd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hotspot.report import build_report
from hotspot.report.model import Figure
from hotspot.settings import Settings

from .conftest import make_orders

UNITS = ["公安局", "城关镇", "河西街道", "教育局", "", "12345热线办", "第一中学"]
NATURES = ["咨询", "投诉", "举报", "建议", "求助", "表扬", "", "政策解读"]
RATINGS = ["满意", "基本满意", "不满意", "未评价", "", "无法评价"]

order = st.fixed_dictionaries(
    {
        "department": st.sampled_from(UNITS),
        "nature": st.sampled_from(NATURES),
        "satisfaction": st.sampled_from(RATINGS),
        "channel": st.sampled_from(["电话", "市长信箱", ""]),
        "yellow_cards": st.integers(0, 2),
        "red_cards": st.integers(0, 1),
        "created": st.datetimes(pd.Timestamp("2023-03-01"), pd.Timestamp("2023-03-20")).map(pd.Timestamp),
        "hours": st.one_of(st.none(), st.floats(0, 240)),
        "text": st.sampled_from(["路灯不亮", "老人被困在楼上,马上派船!", "村口塌方堵路,正在滑,救援!", "发票问题"]),
        "reply": st.sampled_from(["", "已派人到场清理完毕,恢复通行。", "暂无法处理。"]),
    }
)


def table(rows: list[dict[str, object]], closes: bool) -> pd.DataFrame:
    for row in rows:
        hours = row.pop("hours")
        closed = row["created"] + pd.Timedelta(hours=hours) if closes and hours is not None else pd.NaT  # type: ignore[operator]
        row["closed"] = closed if closed is pd.NaT or closed < pd.Timestamp("2023-04-01") else pd.NaT
    return make_orders(rows)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(order, min_size=1, max_size=40), st.booleans(), st.sampled_from(["not_dissatisfied", "rated"]))
def test_any_month_adds_up(rows: list[dict[str, object]], closes: bool, formula: str) -> None:
    orders = table([dict(r) for r in rows], closes)
    if orders["closed"].notna().any():
        orders = orders[orders["closed"].notna()]
    chosen = Settings.from_dict({"report": {"satisfaction_formula": formula}})
    report = build_report(orders, "2023-03", chosen)
    annex = report.document.annex
    if annex is None:
        assert (orders["department"] == "").all()
        return
    numbers = [[int(c.text or 0) for c in r[1:] if isinstance(c, Figure) and "%" not in c.text] for r in annex.rows]
    columns = list(zip(*numbers, strict=True))
    assert all(sum(c[:-1]) == c[-1] for c in columns)
    assert columns[0][-1] == len(orders)
    for row in annex.rows:
        if annex.columns[-1] == "满意率" and isinstance(row[-1], Figure):
            assert 0 <= float(row[-1].text.rstrip("%")) <= 100
