"""Headings and values."""

import pandas as pd
import pytest

from hotspot.errors import OrdersError
from hotspot.orders.columns import NATURES, PRAISE, columns_by_values, match_columns, standard_value


def test_headings_of_several_platforms() -> None:
    chosen = match_columns(["留言编号", "留言用户", "留言主题", "留言时间", "留言详情", "反对数"])
    assert chosen == {
        "order_id": "留言编号",
        "caller_name": "留言用户",
        "title": "留言主题",
        "created": "留言时间",
        "text": "留言详情",
    }


@pytest.mark.parametrize(
    "heading", ["工单编号(必填)", "工单编号\uff08必填\uff09", "*工单编号", "工单 编号", "ORDER_ID"]
)
def test_headings_with_remarks(heading: str) -> None:
    assert match_columns([heading, "时间", "内容"])["order_id"] == heading


def test_title_stands_in_for_a_text() -> None:
    assert match_columns(["编号", "时间", "标题"])["text"] == "标题"


def test_given_columns_go_first() -> None:
    assert match_columns(["编号", "时间", "内容", "详细"], {"内容": "详细"})["text"] == "详细"
    assert match_columns(["编号", "时间", "内容", "详细"], {"text": "详细"})["text"] == "详细"


def test_given_columns_must_exist() -> None:
    with pytest.raises(OrdersError, match="没有“别的”这一列。现有表头：编号、时间"):
        match_columns(["编号", "时间"], {"内容": "别的"})
    with pytest.raises(OrdersError, match="不认识的列名“天气”。可写：编号、来电时间"):
        match_columns(["编号", "时间"], {"天气": "编号"})


def test_missing_columns_are_named_with_what_to_do() -> None:
    with pytest.raises(
        OrdersError, match=r"来电时间\(来电时间/受理时间.*现有表头：编号、内容.*--column 来电时间=你的表头"
    ):
        match_columns(["编号", "内容"])


def test_natures_and_ratings_under_other_headings_are_found_by_their_values() -> None:
    cells = pd.DataFrame(
        {
            "编号": ["1", "2", "3", "4"],
            "类别": ["投诉", "咨询类", "", "求决"],
            "办得如何": ["满意", "不满意", "满意", ""],
            "领域": ["城乡建设", "投诉", "教育", "咨询"],
            "渠道": ["投诉", "投诉", "投诉", "投诉"],
        }
    )
    assert columns_by_values(cells, {"order_id": "编号"}) == {"nature": "类别", "satisfaction": "办得如何"}
    assert columns_by_values(cells, {"order_id": "编号", "nature": "渠道", "satisfaction": "领域"}) == {}


def test_values() -> None:
    assert standard_value("nature", "揭发控告") == "举报"
    assert standard_value("nature", "投诉\uff08消费\uff09") == "投诉"
    assert standard_value("satisfaction", "") == "未评价"
    assert standard_value("nature", " 别的 ") == "别的"


def test_praise_is_the_last_of_the_natures() -> None:
    assert NATURES[-1] == PRAISE
    assert {standard_value("nature", f"{nature}类") for nature in NATURES} == set(NATURES)
