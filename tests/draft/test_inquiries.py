"""What citizens ask to be told."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import hotspot
from hotspot.draft.demands import demands_of
from hotspot.draft.focus import demand_sentence
from hotspot.draft.inquiries import inquiries_of, inquiry
from hotspot.segment import Segmenter


@pytest.mark.parametrize(
    ("spoken", "told"),
    [
        ("灵活就业断交两年行不行", "灵活就业断交两年是否可行"),
        ("退休以后还能补交医保吗", "退休以后还能否补交医保"),
        ("养老卡外地坐车算不算", "养老卡外地坐车是否算"),
        ("建房审批有时间限制没有", "建房审批是否有时间限制"),
        ("新生儿上户口要啥材料", "新生儿上户口要哪些材料"),
        ("老年证怎么办", "老年证如何办理"),
        ("换锁芯在哪里备案", "换锁芯在何处备案"),
        ("旧楼加装扶手是不是免费", "旧楼加装扶手是否免费"),
        ("想提前还清贷款要几天", "提前还清贷款要几天"),
        ("跨省转学的手续", "跨省转学的手续"),
        ("高龄津贴还有没有", "高龄津贴是否还有"),
        ("路灯坏了半个月", None),
        ("这事到底谁来管", None),
        ("你们啥时候能办点实事", None),
        ("为何一直不修路灯", None),
    ],
)
def test_spoken_questions_are_put_as_a_report_puts_them(spoken: str, told: str | None) -> None:
    assert inquiry(spoken) == told


@given(st.text(alphabet="谁能不可以吗呢怎么办有没有是几时哪里啥多少补贴路灯社保行了", max_size=30))
def test_any_words_give_a_clause_that_can_be_governed_or_none(said: str) -> None:
    found = inquiry(said)
    assert found is None or (6 <= len(found) <= 26 and "吗" not in found and "啥" not in found)


def orders_of(*rows: tuple[str, str, str]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["诉求类型", "标题", "内容"])
    return hotspot.orders_from_frame(table.assign(编号=[f"A{i}" for i in range(len(rows))], 时间="2024-03-05")).orders


def test_a_complaint_in_the_form_of_a_question_is_no_inquiry_unless_it_says_that_it_asks() -> None:
    orders = orders_of(
        ("咨询", "独生子女奖励金能领几年", "来电人五十八岁。"),
        ("投诉", "噪音何时才能停", "工地夜里打桩。"),
        ("投诉", "停水没有通知", "三天没水，请问自来水公司何时恢复供水。"),
        ("投诉", "收费处态度差", "我问护士一句药能不能饭前吃，她不理人。"),
    )
    found = {(s.order_id, s.text) for s in inquiries_of(orders, Segmenter())}
    assert found == {("A0", "独生子女奖励金能领几年"), ("A2", "自来水公司何时恢复供水")}


def test_where_citizens_only_ask_the_draft_says_what() -> None:
    asked = ["高龄津贴满八十能领多少", "高龄津贴八十五岁发多少", "高龄津贴每月到账多少"]
    orders = orders_of(*(("咨询", title, f"来电人咨询{title}。") for title in asked))
    segmenter = Segmenter()
    demands = demands_of(orders, {}, hotspot.load_encoder(), segmenter, 5)
    assert demands and all(demand.inquiry and not demand.problems for demand in demands)
    assert all(demand_sentence(demand).removeprefix("询问") in asked for demand in demands)
