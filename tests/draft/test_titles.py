from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import hotspot
from hotspot.detection import detect
from hotspot.detection.known_subjects import KnownSubjects, SharedSubject
from hotspot.detection.result import DetectionResult
from hotspot.draft import draft_focus, issue_titles
from hotspot.draft.cause import Cause, common_cause
from hotspot.draft.demands import UNFIT
from hotspot.draft.issue_titles import clean_title
from hotspot.draft.phrases import brief_problems
from hotspot.draft.standing import standing
from hotspot.draft.support import Backdrop
from hotspot.draft.titles import HALF, KNOWN, Title, led_by_place, title_of
from hotspot.segment import Segmenter

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def segmenter() -> Segmenter:
    return Segmenter()


@pytest.fixture(scope="module")
def month() -> pd.DataFrame:
    return hotspot.read_orders(ROOT / "tests/data/yunze-2023-11.csv")


@pytest.fixture(scope="module")
def result(month: pd.DataFrame) -> DetectionResult:
    return detect(month)


def titled(orders: pd.DataFrame, month: pd.DataFrame, segmenter: Segmenter) -> Title:
    backdrop = Backdrop(month, hotspot.load_encoder())
    return title_of(orders, common_cause(orders, month), brief_problems(orders, segmenter), backdrop, segmenter)


def test_headlines_stand_and_tales_do_not() -> None:
    headlines = ["西湖路夜市噪音扰民", "开发商拖延办理房产证", "小区电梯长期故障", "公司拖欠农民工工资"]
    tales = ["他们又把我推出来", "去了两趟就没人管了", "然后说要等到下个月", "一边哭着一边说这样下去"]
    assert min(standing(headlines, "problem")) > max(standing(tales, "problem"))
    wishes = ["派人清理", "增派人手", "尽快修复路面", "公布检测报告"]
    no_wishes = ["离职后多少天内要申请", "拿身份证去大厅办理", "是市政管还是街道管"]
    assert min(standing(wishes, "request")) > UNFIT["request"] > max(standing(no_wishes, "request"))
    assert standing([], "request").shape == (0,)


def test_support_is_what_the_month_does_not_say_anyhow(month: pd.DataFrame) -> None:
    lights = month.head(6).assign(title="路灯不亮", text="村里路灯不亮", order_id=[f"L{i}" for i in range(6)])
    backdrop = Backdrop(pd.concat([month, lights]), hotspot.load_encoder())
    supported = backdrop.supported(["路灯不亮", "拖欠工资"], lights)
    assert supported.shape == (2, 6) and supported[0].all() and not supported[1].any()
    others = backdrop.supported(["路灯不亮"], month)
    assert others.mean() < 0.1
    assert backdrop.supported([], lights).shape == (0, 6)


def test_a_title_tells_what_half_of_the_orders_say(month: pd.DataFrame, segmenter: Segmenter) -> None:
    said = ["电梯故障", "小区电梯故障", "电梯故障停运", "电梯故障无人维修", "二号楼电梯故障", "居民反映电梯故障"]
    orders = month.head(6).assign(title=said, text=said, order_id=[f"W{i}" for i in range(6)], place="", department="")
    title = titled(orders, pd.concat([month, orders]), segmenter)
    assert "电梯故障" in title.text
    assert title.text.endswith("问题") and title.share >= HALF


def test_what_orders_tell_in_words_of_their_own_is_titled_by_the_known_subject(
    month: pd.DataFrame, segmenter: Segmenter
) -> None:
    said = ["空调一开就跳闸", "夜里全村停了电", "变压器带不动", "电压低灯泡发红", "检修停电没有通知", "一天断三回"]
    orders = month.head(6).assign(title=said, text=said, order_id=[f"P{i}" for i in range(6)], place="", department="")
    backdrop = Backdrop(pd.concat([month, orders]), hotspot.load_encoder())
    problems = brief_problems(orders, segmenter)
    title = title_of(
        orders, None, problems, backdrop, segmenter, known=SharedSubject(("供电服务",), ("停电与跳闸",), 0.5)
    )
    assert title.text.startswith("供电服务") and title.share >= KNOWN
    other = title_of(orders, None, problems, backdrop, segmenter, known=SharedSubject(("养犬管理",), (), 0.5))
    assert "养犬" not in other.text  # the orders do not speak of it


def test_what_no_single_subject_is_true_of_is_titled_by_its_field(month: pd.DataFrame, segmenter: Segmenter) -> None:
    said = ["果树冻坏了没人管", "化肥是假的", "收割机叫不到", "甘蔗卖不出去", "水渠淤塞浇不上", "保险定损太低"]
    orders = month.head(6).assign(title=said, text=said, order_id=[f"F{i}" for i in range(6)], place="", department="")
    backdrop = Backdrop(pd.concat([month, orders]), hotspot.load_encoder())
    known = KnownSubjects.of(orders["text"].tolist()).shared_by(np.arange(len(orders)))
    title = title_of(orders, None, brief_problems(orders, segmenter), backdrop, segmenter, known=known)
    assert title.text.startswith("农业生产方面") and title.share >= HALF


def test_a_place_that_few_name_is_left_out(month: pd.DataFrame, segmenter: Segmenter) -> None:
    said = [f"{place}小区电梯故障" for place in ("阳光水岸", "锦绣豪庭", "御景湾", "时代广场", "金桂华府", "翠湖雅苑")]
    orders = month.head(6).assign(title=said, text=said, order_id=[f"E{i}" for i in range(6)], place="", department="")
    title = titled(orders, pd.concat([month, orders]), segmenter)
    assert "电梯" in title.text
    assert not any(name[:4] in title.text for name in said)


def test_titles_do_not_hang_on_the_order_of_rows(
    result: DetectionResult, month: pd.DataFrame, segmenter: Segmenter
) -> None:
    own = result.orders_of("H02")
    shuffled = own.sample(frac=1, random_state=3)
    assert titled(own, month, segmenter) == titled(shuffled, month.sample(frac=1, random_state=4), segmenter)


@pytest.mark.parametrize(
    ("said", "cleaned"),
    [
        ("居住证到期网上能签注吗", "咨询居住证到期网上能否签注"),
        ("再次反映小区停水!!!", "小区停水"),
        ("请问种粮补贴什么时候发?", "咨询种粮补贴什么时候发"),
        ("咨询养老保险怎么补缴", "咨询养老保险怎么补缴"),
        ("建议增设路灯", "建议增设路灯"),
        ("", ""),
        ("!!!", "\uff01\uff01\uff01"),
    ],
)
def test_a_title_without_talk(said: str, cleaned: str) -> None:
    assert clean_title(said) == cleaned


def test_every_issue_has_a_title_of_its_own_orders(result: DetectionResult) -> None:
    titles = issue_titles(result)
    assert len(titles) == len(result.issues) and titles.str.len().gt(0).all()
    for issue, title in zip(result.issues["issue"], titles, strict=True):
        assert title in {clean_title(t) for t in result.orders_of(issue)["title"]}


def test_names_given_by_the_user_stay(result: DetectionResult) -> None:
    from dataclasses import replace

    named = replace(result, names={"H01": "我起的名字", "S0001": "事项的名字"})
    assert draft_focus(named, hotspots=1).items[0].title == "我起的名字"
    assert issue_titles(named).iloc[0] == "事项的名字"


def test_a_damaged_model_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from hotspot import _resources
    from hotspot.draft import standing as module
    from hotspot.errors import ModelError

    module._model.cache_clear()
    monkeypatch.setattr(_resources, "model_path", lambda _: tmp_path)
    with pytest.raises(ModelError, match="措辞模型"):
        standing(["小区停水"], "problem")
    (tmp_path / "weights.safetensors").write_bytes(b"x")
    (tmp_path / "manifest.json").write_text('{"sha256": "0"}', encoding="utf-8")
    with pytest.raises(ModelError, match="校验值"):
        standing(["小区停水"], "problem")
    module._model.cache_clear()


def test_the_place_that_most_orders_name_leads_the_title_and_an_office_does_not(month: pd.DataFrame) -> None:
    orders = month.head(10).assign(title="搅拌站噪音", text=["丽景新城旁边"] * 7 + ["家门口"] * 3, place="")
    assert led_by_place("工厂噪声问题", ["丽景新城", "北门"], orders) == "丽景新城工厂噪声问题"
    assert led_by_place("丽景新城搅拌站问题", ["丽景新城"], orders) == "丽景新城搅拌站问题"
    assert led_by_place("工厂噪声问题", ["丽景新城"], orders.assign(text="家门口")) == "工厂噪声问题"
    assert led_by_place("集贸市场方面摊位租金等问题", ["丽景新城"], orders) == "丽景新城摊位租金等问题"
    assert led_by_place("农业生产方面问题", ["丽景新城"], orders) == "丽景新城农业生产方面问题"
    offices = orders.assign(text="市政府、自来水公司不管")
    assert led_by_place("自来水供应问题", ["市政府", "自来水公司"], offices) == "自来水供应问题"


def test_an_aspect_is_named_for_its_own_words_only(month: pd.DataFrame, segmenter: Segmenter) -> None:
    known = SharedSubject(("商品房销售",), ("捂盘加价与无证销售",), 0.9)
    orders = month.head(8).assign(title="售楼处捆绑销售车位", text="商品房销售时强制买车位", place="")
    backdrop = Backdrop(pd.concat([month, orders]), hotspot.load_encoder())
    assert "捂盘" not in title_of(orders, None, [], backdrop, segmenter, known=known).text
    said = orders.assign(text="开发商捂盘加价，不卖给老百姓")
    assert "捂盘加价" in title_of(said, None, [], backdrop, segmenter, known=known).text


def test_what_one_order_says_is_no_title_for_all(month: pd.DataFrame, segmenter: Segmenter) -> None:
    said = [
        "业委会账目物业不给看",
        "电梯困人",
        "楼顶漏雨",
        "消防通道被占",
        "单元门坏了",
        "车位被锁",
        "树枝太长",
        "外墙掉砖",
    ]
    texts = [f"{one},找物业没用" for one in said]
    orders = month.head(8).assign(title=said, text=texts, order_id=[f"C{i}" for i in range(8)], place="", department="")
    backdrop = Backdrop(pd.concat([month, orders]), hotspot.load_encoder())
    field = SharedSubject(("电梯安全",), (), 0.2, "住宅小区", 0.9)
    for known in (field, SharedSubject(field="住宅小区", field_share=0.9)):
        title = title_of(orders, None, ["物业不给看"], backdrop, segmenter, known=known)
        assert title == Title("住宅小区方面问题", 0.9)
    assert title_of(orders, None, ["物业不给看"], backdrop, segmenter).text == ""


def test_a_subject_that_less_than_half_are_of_is_told_apart_by_key_words(
    month: pd.DataFrame, segmenter: Segmenter
) -> None:
    orders = month.head(8).assign(title="柑橘卖不出去", text="柑橘滞销，果农没有收入", place="", department="")
    orders = orders.assign(order_id=[f"O{i}" for i in range(8)])
    backdrop = Backdrop(pd.concat([month, orders]), hotspot.load_encoder())
    few = SharedSubject(("农产品滞销",), (), 0.4)
    assert title_of(orders, None, [], backdrop, segmenter, known=few, keys=["柑橘"]).text == "农产品滞销方面柑橘等问题"
    most = SharedSubject(("农产品滞销",), (), 0.8)
    assert title_of(orders, None, [], backdrop, segmenter, known=most, keys=["柑橘"]).text == "农产品滞销问题"


def test_key_words_stand_for_a_lone_subject_that_few_speak_of(month: pd.DataFrame, segmenter: Segmenter) -> None:
    said = ["育儿补贴审核慢", "育儿补贴提交不了", "补贴没到账", "补贴系统没开", "孩子补贴被驳回", "咨询育儿补贴"]
    orders = month.head(6).assign(title=said, text=said, order_id=[f"C{i}" for i in range(6)], place="", department="")
    backdrop = Backdrop(pd.concat([month, orders]), hotspot.load_encoder())
    known = SharedSubject(("户籍与居住证",), (), 0.31, "政务服务与司法", 0.6)
    title = title_of(orders, None, [], backdrop, segmenter, known=known, keys=["育儿补贴"])
    assert title == Title("政务服务与司法方面育儿补贴等问题", 0.6)
    assert title_of(orders, None, [], backdrop, segmenter, known=known).text == "政务服务与司法方面户籍与居住证等问题"


def test_two_key_words_that_most_speak_of_are_told_before_subjects_that_few_are_of(
    month: pd.DataFrame, segmenter: Segmenter
) -> None:
    said = ["教学点撤了", "教学点没老师", "撤点并校要住校", "村小合并后要住校", "撤校后孩子上学远", "学校并到镇上"]
    orders = month.head(6).assign(title=said, text=said, order_id=[f"S{i}" for i in range(6)], place="", department="")
    backdrop = Backdrop(pd.concat([month, orders]), hotspot.load_encoder())

    def title(keys: list[str]) -> str:
        known = SharedSubject(("教师师德师风", "校车与上下学接送"), (), 0.35, "教育", 0.9)
        return title_of(orders, None, [], backdrop, segmenter, known=known, keys=keys).text

    assert title(["教学点", "住校"]) == "教育方面教学点、住校等问题"
    assert title(["教学点"]) == title(["路灯", "教学点"]) == "教育方面教师师德师风、校车与上下学接送等问题"


def test_aspects_that_say_the_same_are_told_once(month: pd.DataFrame, segmenter: Segmenter) -> None:
    known = SharedSubject(("集贸市场",), ("摊位租金与管理", "摊位费与短斤少两"), 0.9)
    orders = month.head(8).assign(title="集贸市场摊位租金又涨", text="摊位费翻倍，短斤少两没人管", place="")
    backdrop = Backdrop(pd.concat([month, orders]), hotspot.load_encoder())
    assert "摊位费与" not in title_of(orders, None, [], backdrop, segmenter, known=known).text


def test_a_cause_leads_what_no_half_of_the_orders_tell(month: pd.DataFrame, segmenter: Segmenter) -> None:
    snow = [
        "路面结冰摔了一跤",
        "积雪没人铲",
        "下雪后班车停了",
        "车打不着火",
        "快递没人送",
        "菜价涨了",
        "老人出不了门",
        "娃咋上学",
    ]
    orders = month.head(8).assign(title=snow, text=snow, order_id=[f"S{i}" for i in range(8)], place="", department="")
    backdrop = Backdrop(pd.concat([month, orders]), hotspot.load_encoder())
    some = tuple(orders["order_id"].head(3))
    cause = Cause("降雪结冰", some, (), some)
    assert title_of(orders, cause, [], backdrop, segmenter).text == "降雪结冰等问题"
