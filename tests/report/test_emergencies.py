"""What is an emergency, what is not, and how it is told."""

import json
from pathlib import Path

import pandas as pd
import pytest

from hotspot import _resources
from hotspot._resources import model_path
from hotspot.errors import ModelError
from hotspot.orders import read_orders
from hotspot.report import emergency_model
from hotspot.report.emergencies import emergency_in, find_emergencies, score_text
from hotspot.report.focus import attach_hotspots
from hotspot.report.handling import attach_emergencies, emergency_section
from hotspot.report.model import Paragraph, Section
from hotspot.report.month import Month, prepare_month
from hotspot.report.telling import condense, condense_reply
from hotspot.settings import Settings

from .conftest import EXAMPLE, Detected, make_orders


@pytest.mark.parametrize(
    ("title", "text", "kind"),
    [
        ("被困电梯", "现在有两个老人被困在电梯里,请马上派人。", "人员被困"),
        ("孩子走失", "今天下午五点孩子走失,请求帮忙。", "走失与失联"),
        ("仓库着火", "东门仓库着火了,火还在烧,赶紧派车!", "火情"),
        ("挖断燃气管", "施工队刚刚把燃气管道挖断了,正在漏气,快来人。", "燃气泄漏与爆炸"),
        ("电线掉地上", "台风刮断的电线掉在地上,学生正在路过,马上处理!", "漏电与断线"),
        ("山体滑坡", "今早山体滑坡,泥土压住后墙,老人不敢进屋,求救援。", "塌方与垮塌"),
        ("大树倒了", "大树倒下横在路上,两头现在都堵着,请赶快清走。", "道路阻断"),
        ("车祸", "路口刚刚发生车祸,有人受伤,请求救援。", "危急伤病"),
        ("电梯里困着人", "八栋电梯停在半空,里面有两个小孩在哭,请马上派人来。", "人员被困"),
        ("大雪封路", "村里十几户昨晚叫大雪封住,吃的快没了,请派车送点。", "人员被困"),
        ("奶奶找不到了", "奶奶早上出去买菜到现在没回来,没带手机,家里人都在找。", "走失与失联"),
        ("邻居老人没动静", "对门独居大爷两天没出门,敲门没人应,请派人来看看。", "走失与失联"),
        ("掉河里了", "刚看到有个人从桥上掉到河里,水很急,快来人!", "溺水与落水"),
        ("楼道煤气味", "楼道里煤气味特别重,请马上派燃气公司来。", "燃气泄漏与爆炸"),
        ("路灯杆漏电", "下雨积水,路灯杆漏电,学生马上放学,快来人断电!", "漏电与断线"),
        ("老屋要塌", "后墙裂了大口子,往里歪,两个老人今晚不敢睡,请快派人来转移。", "塌方与垮塌"),
        ("孕妇要生了", "老婆羊水破了,路上堵得一动不动,请交警帮忙开道。", "危急伤病"),
        ("食堂吃坏了", "厂里今晚二十多个工人上吐下泻,都在医院输液,请来查。", "群体腹泻与中毒"),
        ("持刀", "楼下有个男的拿着菜刀追人,快来!", "打斗与伤人"),
        ("要跳楼", "有个人坐在六楼楼顶边上,说要跳楼,快来人劝!", "人员轻生"),
        ("招牌要掉", "楼顶招牌被风吹得摇摇欲坠,下面就是公交站,请马上来拆。", "设施坠落与坑井"),
        ("灯会太挤", "出口人挤人动不了,有小孩摔倒,再不管要踩踏了,快派人。", "人群拥挤"),
    ],
)
def test_emergencies(title: str, text: str, kind: str) -> None:
    score = emergency_in(title, text)
    assert score is not None
    assert score.kind == kind


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("楼道堆杂物", "楼道堆满杂物,万一着火怎么办,请清理。"),
        ("消防通道被占", "消防通道天天停满车,发生火灾不堪设想。"),
        ("电梯老坏", "电梯经常坏,去年还困过人,要求更换。"),
        ("摆摊堵路", "圩日摆摊把路堵死了,车过不去,请管一管。"),
        ("房屋保险", "去年房屋倒塌,保险公司一直不赔。"),
        ("咨询演练", "请问消防演练时间,是否模拟着火。"),
        ("路灯不亮", "路灯不亮,请修。"),
        ("宿舍没有后门", "三楼宿舍后门焊死了,着火跑都没处跑。"),
        ("老屋翻建", "老家土房快塌了,想原址翻建,要哪些手续。"),
        ("空房没人管", "隔壁老宅七八年没人住,屋顶塌了一角,草比人高。"),
        ("感谢民警", "父亲昨天走失,民警找了一夜送回家,特来感谢。"),
        ("险些出事", "昨晚有人困在礁石上,被渔民拉上来了,要求增设警示牌。"),
        ("楼道着过火", "电动车昨晚在楼道着火,邻居扑灭的,要求物业赔偿。"),
        ("金毛丢了", "家里的金毛昨天走丢了,请帮忙查监控。"),
        ("防溺水打卡", "学校要家长每天防溺水打卡,孩子溺水责任书也要签。"),
        ("饭店冒烟", "楼下烧烤店油烟天天往屋里灌,像着了火一样。"),
        ("", ""),
    ],
)
def test_not_emergencies(title: str, text: str) -> None:
    assert emergency_in(title, text) is None


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("女孩翻到栏杆外面", "江滨大桥中间,有个穿校服的女孩翻到栏杆外头坐着,一直哭,路过的人喊她不答应。"),
        ("外婆找不着了", "外婆脑子不清楚,下午跟去掰玉米,地头一转眼人没了,玉米比人高,天快黑了还没找到。"),
        ("路中间一个大洞", "菜市口柏油路刚才陷下去一个洞,能装下一辆三轮车,边上还在往下掉,车都绕着走。"),
        ("一家人叫不应", "隔壁一家三口屋里生着炭盆,门窗关死,怎么喊都不应声,窗户里看见人趴在桌上。"),
    ],
)
def test_emergencies_in_words_that_nobody_listed(title: str, text: str) -> None:
    assert emergency_in(title, text) is not None


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("半幅路堵了好几天", "村口塌下来的土占了半边路,已经五天,小车能过,请养护站有空拉走。"),
        ("后坡年年掉土", "屋后土坡年年下雨掉土,报了三年没列入治理,想问今年有没有项目。"),
        ("电梯困人打谁电话", "想问一下以后要是困在电梯里,应该打物业还是打消防,轿厢里没贴电话。"),
        ("燃气改造什么时候来", "听说老小区要换燃气管,怕旧管漏气,问一问轮到我们院是哪个月。"),
        ("资金被困取不出来", "钱被困在健身房的会员卡里取不出来,老板跑了,急死人了,请马上处理。"),
    ],
)
def test_what_is_long_standing_asked_about_or_a_figure_of_speech_is_none(title: str, text: str) -> None:
    assert emergency_in(title, text) is None


def test_in_a_month_is_found_what_is_found_in_single_orders() -> None:
    orders = make_orders(
        [{"title": "电梯困人", "text": "两个老人困在电梯里,请马上派人。"}, {"title": "问路灯", "text": "路灯几点开?"}]
    )
    found = find_emergencies(orders)
    assert [e.order_id for e in found] == ["T0000"]
    one = emergency_in(orders["title"].iloc[0], orders["text"].iloc[0])
    assert one is not None
    assert (found[0].kind, found[0].clause, found[0].urgency) == (one.kind, one.clause, pytest.approx(one.value))
    assert find_emergencies(orders.iloc[:0]) == ()


def test_a_damaged_model_is_said_to_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("manifest.json", "weights.safetensors"):
        (tmp_path / name).write_bytes((model_path("emergency") / name).read_bytes())
    with (tmp_path / "weights.safetensors").open("ab") as stream:
        stream.write(b"x")
    monkeypatch.setattr(_resources, "model_path", lambda _: tmp_path)
    with pytest.raises(ModelError, match="已损坏"):
        emergency_model.emergency_model.__wrapped__()


def test_what_is_said_around_tells_whether_it_happens_now() -> None:
    told = "孩子困在电梯里"
    now = emergency_in("", f"{told},请马上派人。")
    assert now is not None
    assert now.clause == told
    over = f"{told},是保安撬开门才出来的,请马上派人查维保。"
    assert emergency_in("", over) is None
    assert score_text("", over).clause == told


@pytest.mark.slow
def test_the_marked_months() -> None:
    """What was marked by hand is found, and little else, in the months that it was learned from."""
    folder = Path(__file__).parents[1] / "data"
    marks = pd.read_csv(folder / "emergencies.csv", dtype=str).set_index("order_id")["emergency"]
    months = json.loads((model_path("emergency") / "manifest.json").read_text(encoding="utf-8"))["months"]
    files = [file for file in (folder / f"{month}.csv" for month in months) if file.is_file()]
    orders = pd.concat([read_orders(file) for file in [*files, EXAMPLE / "orders.csv"]])
    found = pd.Series([bool(emergency_in(o.title, o.text)) for o in orders.itertuples()], index=orders["order_id"])
    mark = marks.reindex(found.index).fillna("否")
    right = int((found & (mark == "是")).sum())
    assert right >= 0.9 * (mark == "是").sum()
    assert right >= 0.9 * (found & (mark != "两可")).sum()


def test_full_width_punctuation_is_the_same() -> None:
    text = "大树倒下横在路上,两头现在都堵着,请赶快清走!"
    assert score_text("", text) == score_text("", text.replace(",", "\uff0c").replace("!", "\uff01"))


def rows() -> pd.DataFrame:
    text = "老人被困在二楼,水还在涨,请马上派船。"
    base = {"title": "老人被困", "text": text, "department": "应急局", "created": "2023-03-05 08:00"}
    return make_orders(
        [
            {**base, "closed": "2023-03-05 20:00", "reply": "已派船将老人转移。"},
            {**base, "closed": "2023-03-05 09:00", "reply": "已派船将老人转移到学校。"},
            {**base, "closed": "2023-03-05 08:30", "reply": "暂无法处理。"},
            {"closed": "2023-03-06 08:30"},
        ]
    )


def test_ranked_by_urgency_and_speed_unsettled_last() -> None:
    assert [e.order_id for e in find_emergencies(rows())] == ["T0001", "T0000", "T0002"]


def section_on_emergencies(month: Month, detected: Detected | None = None) -> Section:
    attach_hotspots(month, detected)
    return emergency_section(month, attach_emergencies(month))


def test_section_tells_when_what_who_and_how_it_ended() -> None:
    month = prepare_month(rows(), "2023-03", Settings())
    section = section_on_emergencies(month)
    texts = [b.text for b in section.blocks if isinstance(b, Paragraph)]
    assert texts[0].startswith("本月反映紧急险情的工单有3件")
    assert texts[1].startswith("3月5日8时\uff0c市民反映老人被困在二楼")
    assert "应急局承办后反馈\uff1a已派船将老人转移到学校。" in texts[1]
    assert texts[1].endswith("工单于当日9时办结\uff0c距来电1小时。")


def test_a_table_without_outcomes_is_said_to_be_once() -> None:
    orders = rows().assign(reply="", closed=pd.NaT)
    month = prepare_month(orders, "2023-03", Settings())
    told = "".join(getattr(b, "text", "") for b in section_on_emergencies(month).blocks)
    assert told.count("工单表没有办理结果") == 1
    assert "未载明" not in told


def test_more_than_are_told_is_said() -> None:
    settings = Settings.model_validate({"report": {"emergencies": 2}})
    month = prepare_month(rows(), "2023-03", settings)
    section = section_on_emergencies(month)
    texts = [b.text for b in section.blocks if isinstance(b, Paragraph)]
    assert texts[0].endswith("下面列出险情较重、处置较快的几件。")
    assert len(texts) == 3


def test_what_the_title_shows_is_told_from_the_text() -> None:
    long = "两村的山界历来分不清,以前各走各的。今年收成好,两边都设了卡,进去要交钱,不交就扣东西。"
    text = f"{long}今天下午两边几十个人推搡,有人回去拿刀,老人拦不住。请马上派人。"
    order = {"title": "两个村要打起来", "text": text, "created": "2023-03-05 08:00"}
    month = prepare_month(make_orders([order]), "2023-03", Settings())
    told = "".join(getattr(b, "text", "") for b in section_on_emergencies(month).blocks)
    assert "当天下午两边几十个人推搡\uff0c有人回去拿刀\uff0c老人拦不住\uff0c希望马上派人。" in told


def test_none_found_is_said() -> None:
    month = prepare_month(rows().tail(1), "2023-03", Settings())
    section = section_on_emergencies(month)
    assert next(b.text for b in section.blocks if isinstance(b, Paragraph)).startswith("本月工单中未发现")


@pytest.mark.parametrize(
    ("text", "facts", "request_"),
    [
        ("市民来电反映,村口塌方,车过不去,要求马上清理。", "村口塌方,车过不去", "要求马上清理"),
        ("来电人称父母被困老屋。请求派人去看看,把人接出来。", "父母被困老屋", "希望派人去看看,把人接出来"),
        ("来电人在外地,父母被困老屋。", "其在外地,父母被困老屋", ""),
        ("〔姓名〕说桥断了。我的车过不去,她请镇里来修,先立个牌。", "桥断了,其车过不去", "希望镇里来修,先立个牌"),
        ("石头吊在〔姓名〕家墙上。马上就放学了。能不能先派人看着。", "石头吊在其家墙上,马上就放学了", "希望先派人看着"),
        ("村口塌方。社区来拍过照,走了就没信了," + "车过不去," * 20, "村口塌方", ""),
        ("大树倒了,吓死人,拜托快点🙏,麻烦马上叫人来清走吧", "大树倒了", "希望马上叫人来清走"),
    ],
)
def test_condense(text: str, facts: str, request_: str) -> None:
    assert condense(text, "塌方") == (facts, request_)


def test_reply_speaks_of_the_unit() -> None:
    reply = "感谢您的来电。我中心立即派人赶赴现场,已清理完毕。来电人表示满意。"
    assert condense_reply(reply, "公路事务中心") == "该单位立即派人赶赴现场,已清理完毕。"
