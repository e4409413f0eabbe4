"""Calls about one emergency are told once; emergencies that are merely alike each by themselves."""

import pandas as pd
import pytest

from hotspot.report.emergencies import find_emergencies
from hotspot.report.incidents import incidents_of
from hotspot.report.model import Paragraph
from hotspot.report.month import prepare_month
from hotspot.segment import Segmenter
from hotspot.settings import Settings

from .conftest import Detected, make_orders
from .test_emergencies import section_on_emergencies

TRAPPED = {
    "title": "老人被困",
    "text": "柳塘村河水漫进来了,老人被困在二楼,水还在涨,请马上派船。",
    "created": "2023-03-05 08:00",
    "closed": "2023-03-05 20:00",
    "reply": "已派船将老人转移。",
}
AGAIN = TRAPPED | {"text": "柳塘村的老人还被困在楼上,水越来越高,快来救人。", "created": "2023-03-05 09:30"}


def groups(*rows: dict[str, object], issues: tuple[str, ...] = ("S0001", "S0001")) -> list[set[str]]:
    orders = make_orders(list(rows)).assign(issue=list(issues))
    return [set(each.order_ids) for each in incidents_of(find_emergencies(orders), orders, Segmenter())]


def test_calls_from_one_spot_about_one_issue_are_one_incident() -> None:
    assert groups(TRAPPED, AGAIN) == [{"T0000", "T0001"}]


@pytest.mark.parametrize(
    "change",
    [
        {"text": "桥头村河水漫进来了,老人被困在二楼,水还在涨,请马上派船。"},
        {"text": "河水漫进来了,老人被困在二楼,水还在涨,请马上派船。"},
        {"created": "2023-03-09 09:30", "closed": "2023-03-09 12:00"},
    ],
)
def test_another_spot_and_what_came_after_it_was_settled_is_another(change: dict[str, object]) -> None:
    assert len(groups(TRAPPED, AGAIN | change)) == 2
    assert len(groups(TRAPPED, AGAIN, issues=("S0001", ""))) == 2


def test_a_town_is_no_spot() -> None:
    told = [{**TRAPPED, "text": f"清水镇{p}河水漫进来了,老人被困在二楼,请马上派船。"} for p in ("东边", "西边")]
    assert len(groups(*told)) == 2


def test_one_caller_who_calls_until_it_is_settled_tells_of_one() -> None:
    first = TRAPPED | {"text": "河水漫进来了,老人被困在二楼,请马上派船。", "caller": "来电人000001"}
    later = first | {"created": "2023-03-08 08:00", "closed": "2023-03-08 10:00"}
    assert len(groups(first | {"reply": "道路不通,暂无法处理。"}, later)) == 1
    assert len(groups(first, later)) == 2


def test_the_section_tells_an_incident_once_with_all_its_calls() -> None:
    orders = make_orders([TRAPPED, AGAIN, TRAPPED | {"text": "桥头村老人被困在二楼,水还在涨,请马上派船。"}])
    placed = pd.DataFrame({"order_id": orders["order_id"], "issue": ["S0001"] * 3, "hotspot": ""})
    month = prepare_month(orders, "2023-03", Settings())
    none = pd.DataFrame({"hotspot": [], "title": []})
    section = section_on_emergencies(month, Detected(none, none, placed))
    told = [block for block in section.blocks if isinstance(block, Paragraph)]
    assert told[0].text.startswith("本月反映紧急险情的工单有3件")
    assert [paragraph.text.endswith("反映这起险情的工单共2件。") for paragraph in told[1:]] == [True, False]
    assert set(told[1].sentences[-1].orders) == {"T0000", "T0001"}
