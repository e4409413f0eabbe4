from pathlib import Path

import pandas as pd
import pytest

import hotspot
from hotspot.draft.cause import common_cause, main_role, main_third, main_towns
from hotspot.draft.demands import Demand, demands_of, word_rarity
from hotspot.draft.focus import demand_sentence
from hotspot.embed import Encoder
from hotspot.segment import Segmenter

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def segmenter() -> Segmenter:
    return Segmenter()


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return hotspot.load_encoder()


@pytest.fixture(scope="module")
def month() -> pd.DataFrame:
    return hotspot.read_orders(ROOT / "tests/data/yunze-2023-11.csv")


@pytest.fixture(scope="module")
def gold() -> pd.DataFrame:
    return pd.read_csv(ROOT / "tests/data/yunze-2023-11-gold.csv", dtype=str)


@pytest.fixture(scope="module")
def theme(month: pd.DataFrame, gold: pd.DataFrame) -> pd.DataFrame:
    own = gold.loc[gold["hotspot"] == "自来水", "order_id"]
    return month[month["order_id"].isin(own)].reset_index(drop=True)


@pytest.fixture(scope="module")
def demands(theme: pd.DataFrame, month: pd.DataFrame, encoder: Encoder, segmenter: Segmenter) -> list[Demand]:
    return demands_of(theme, word_rarity(month, segmenter), encoder, segmenter, 4)


def test_every_demand_has_words_and_evidence(demands: list[Demand], theme: pd.DataFrame) -> None:
    assert 2 <= len(demands) <= 4
    for demand in demands:
        assert demand_sentence(demand)
        assert set(demand.orders) <= set(theme["order_id"])
        sources = {s.order_id for s in (*demand.problems, demand.request, demand.inquiry) if s is not None}
        assert sources and sources <= set(demand.orders[: len(sources)])
        assert demand.request is None or len(sources) == 1  # nobody's request is put to another's problem


def test_no_two_demands_alike_and_no_signs_of_speech(demands: list[Demand]) -> None:
    told = [demand_sentence(demand) for demand in demands]
    assert len(set(told)) == len(told)
    for sentence in told:
        assert not set(sentence) & set("〔〕!?我你,;:")


def test_order_of_rows_does_not_matter(
    demands: list[Demand], theme: pd.DataFrame, month: pd.DataFrame, encoder: Encoder, segmenter: Segmenter
) -> None:
    shuffled = theme.sample(frac=1, random_state=7).reset_index(drop=True)
    assert demands_of(shuffled, word_rarity(month, segmenter), encoder, segmenter, 4) == demands


@pytest.mark.parametrize("orders", [1, 2, 3])
def test_few_orders(
    orders: int, theme: pd.DataFrame, month: pd.DataFrame, encoder: Encoder, segmenter: Segmenter
) -> None:
    few = theme.head(orders)
    for demand in demands_of(few, word_rarity(month, segmenter), encoder, segmenter, 4):
        assert set(demand.orders) <= set(few["order_id"])


def test_empty_titles(theme: pd.DataFrame, month: pd.DataFrame, encoder: Encoder, segmenter: Segmenter) -> None:
    assert demands_of(theme.assign(title=""), word_rarity(month, segmenter), encoder, segmenter, 4)


def test_nothing_tellable_gives_nothing(theme: pd.DataFrame, encoder: Encoder, segmenter: Segmenter) -> None:
    empty = theme.assign(title="", text="。")
    assert demands_of(empty, {}, encoder, segmenter, 4) == []


def test_facts_of_the_lead(month: pd.DataFrame) -> None:
    rain = month.head(12).assign(title="暴雨后房屋进水", text="村民反映房屋进水", department="", place="甲镇")
    others = month.iloc[12:].assign(title="路灯", text="路灯")
    cause = common_cause(rain, pd.concat([rain, others]))
    assert cause is not None and cause.words == "强降雨" and set(cause.orders) <= set(rain["order_id"])
    assert main_role(rain) == "村民"
    assert main_towns(rain, ("甲镇", "乙镇"), ()) == ["甲镇"]
    assert main_third(rain.assign(created=pd.Timestamp("2022-06-15"))) == ("中旬", len(rain))
    assert common_cause(others, month.iloc[:0]) is None


def test_the_third_of_a_month_is_of_one_month(month: pd.DataFrame) -> None:
    days = ["2022-05-18", "2022-05-19", "2022-06-02", *["2022-06-13"] * 7]
    orders = month.head(10).assign(created=pd.to_datetime(days))
    assert main_third(orders) == ("中旬", 7)
    assert main_third(orders.assign(created=pd.to_datetime([f"2022-06-{3 * i + 1:02d}" for i in range(10)]))) == ("", 0)


def test_a_demand_cites_orders_that_say_it(
    theme: pd.DataFrame, month: pd.DataFrame, encoder: Encoder, segmenter: Segmenter
) -> None:
    """Orders of another matter are not among those that a demand rests on, though its group may hold one."""
    other = month[~month["order_id"].isin(theme["order_id"])].head(len(theme) // 2)
    mixed = pd.concat([theme, other], ignore_index=True)
    demands = demands_of(mixed, word_rarity(month, segmenter), encoder, segmenter, 5)
    for demand in demands:
        assert demand.orders[: len(demand.sources)] == demand.sources
        assert len(demand.orders) <= len(mixed) / 2
    of_theme = [d for d in demands if set(d.sources) <= set(theme["order_id"])]
    cited = [order_id for demand in of_theme for order_id in demand.orders]
    assert sum(order_id in set(theme["order_id"]) for order_id in cited) >= 0.8 * len(cited) > 0


def test_some_rain_over_a_month_is_no_storm(month: pd.DataFrame) -> None:
    others = month.iloc[20:].assign(title="路灯", text="路灯")
    muddy = month.head(20).assign(title=["下雨天村道泥泞", "村道没有硬化"] * 10, text="")
    muddy.iloc[::10, muddy.columns.get_loc("title")] = "村道没有硬化"
    spread = muddy.assign(created=[pd.Timestamp("2023-11-01") + pd.Timedelta(days=1.5 * i) for i in range(20)])
    within_days = muddy.assign(created=[pd.Timestamp("2023-11-14") + pd.Timedelta(days=0.1 * i) for i in range(20)])
    assert common_cause(spread, pd.concat([spread, others])) is None
    assert common_cause(within_days, pd.concat([within_days, others])) is not None


@pytest.mark.parametrize(
    ("said", "cause", "brought"),
    [
        (["昨晚下雹子把玉米打烂了", "雹子砸破了房顶", "雹灾后保险不来定损"], "冰雹", "农作物受灾"),
        (["零下十几度水管冻裂", "水表冻住家里没水", "管道上冻断水三天"], "寒潮", "停水与水管冻裂"),
        (["霜打了果树绝收", "倒春寒冻坏了菜苗", "下霜后大棚全毁"], "霜冻", "农作物受冻"),
        (["积雪没人铲老人滑倒", "路面结冰车辆侧翻", "除雪只除大路出不去"], "降雪结冰", "道路湿滑受阻"),
        (["广告牌被风刮倒", "房顶铁皮刮跑", "七级风掀翻大棚"], "大风", "房屋设施受损"),
        (["天旱稻田干裂缺水", "大旱三个月没水浇地", "抗旱抽水没人管"], "干旱", "用水困难"),
        (["台风天树倒砸车", "台风过后停电", "台风把渔排打散"], "台风", "倒树砸物"),
        (["长跑比赛封路出不了门", "封路绕行没人指路", "封路堵在桥头"], "封路", "出行绕路"),
        (["封路施工要绕行十里", "半幅封闭堵死了", "围挡围着店铺没生意"], "封路施工", "出行绕路"),
    ],
)
def test_causes_in_the_words_of_callers(month: pd.DataFrame, said: list[str], cause: str, brought: str) -> None:
    others = month.iloc[12:].assign(title="路灯", text="路灯")
    own = month.head(12).assign(title=said * 4, text="", created=pd.Timestamp("2023-11-14"))
    found = common_cause(own, pd.concat([own, others]))
    assert found is not None and found.words == cause
    assert brought in found.consequences


@pytest.mark.parametrize("said", ["重大风险隐患没人排查", "小区雨水管堵塞", "银行账户被冻结", "隔离带护栏坏了"])
def test_words_that_only_look_like_a_cause_are_none(month: pd.DataFrame, said: str) -> None:
    others = month.iloc[12:].assign(title="路灯", text="路灯")
    own = month.head(12).assign(title=said, text="", created=pd.Timestamp("2023-11-14"))
    assert common_cause(own, pd.concat([own, others])) is None
    few = own.head(8).assign(title=["停电了", "停电了", "停电了", *["电费太高"] * 5])
    assert common_cause(few, pd.concat([few, others])) is None


def test_the_role_is_that_of_who_speaks_not_of_who_is_spoken_of(month: pd.DataFrame) -> None:
    orders = month.head(4).assign(title="", department="", place="")
    spoken_of = ["公交司机见人不停", "司机甩客", "司机边开边打电话", "司机态度差"]
    speaking = ["我是五年级学生的家长", "我们家长都不同意", "食堂的饭是凉的", "家长来电反映餐费太高"]
    assert main_role(orders.assign(text=spoken_of)) == "市民"
    assert main_role(orders.assign(text=speaking)) == "家长"


def test_words_that_all_orders_share_are_no_trouble(
    month: pd.DataFrame, encoder: Encoder, segmenter: Segmenter
) -> None:
    orders = month.head(4).assign(title="村道没有硬化", text="下雨天泥泞不堪，希望尽快硬化", place="")
    [demand] = demands_of(orders, word_rarity(orders, segmenter), encoder, segmenter, 1)
    assert "硬化" in demand_sentence(demand)


SINGLE = [
    "村口垃圾没人清运",
    "学校门口没有斑马线",
    "公交车晚点半小时",
    "路灯不亮三个月",
    "楼道电梯停用",
    "河边有人电鱼",
]


def test_what_one_order_says_is_told_after_what_several_say_and_not_of_a_large_hotspot(
    month: pd.DataFrame, encoder: Encoder, segmenter: Segmenter
) -> None:
    def told(several: int, most: int) -> list[int]:
        said = ["自来水发黄有异味"] * several + ["晚高峰水压太低"] * several + SINGLE
        text = [f"我家住{chr(0x4E00 + i)}号楼，希望尽快处理" for i in range(len(said))]
        orders = month.head(len(said)).assign(title=said, text=text, place="", department="", nature="")
        found = demands_of(orders, word_rarity(month, segmenter), encoder, segmenter, most)
        return [len(demand.orders) for demand in found]

    assert told(4, 2) == [4, 4]
    assert told(4, 3)[:2] == [4, 4] and told(4, 3)[2] < 4
    assert min(told(30, 3)) > 1


def test_what_the_cause_brought_is_told_before_what_it_did_not(encoder: Encoder, segmenter: Segmenter) -> None:
    told = ["村口公路被山洪冲断", "稻田被洪水淹没绝收", "货车把村道路面压坏"]
    orders = pd.DataFrame(
        [
            (f"{kind}{i}", said, f"{said}，来电人反映。", "", "")
            for kind, said in zip("ABC", told, strict=True)
            for i in "12"
        ],
        columns=["order_id", "title", "text", "department", "nature"],
    )
    orders["text"] += [f"第{i}次来电" for i in range(len(orders))]
    rained = demands_of(orders, {}, encoder, segmenter, 2, concerned=["A1", "A2", "B1", "B2"])
    assert {demand.orders[0][0] for demand in rained} == {"A", "B"}
    lorries = demands_of(orders, {}, encoder, segmenter, 1, concerned=["C1", "C2"])
    assert lorries[0].orders[0][0] == "C"
