"""What is an emergency, what is not, and how it is told."""

import pandas as pd
import pytest

from hotspot.report.emergencies import find_emergencies, score_text
from hotspot.report.handling import attach_emergencies, emergency_section
from hotspot.report.model import Paragraph
from hotspot.report.month import prepare_month
from hotspot.report.telling import condense, condense_reply
from hotspot.settings import Settings

from .conftest import make_orders

THRESHOLD = 0.58


@pytest.mark.parametrize(
    ("title", "text", "kind"),
    [
        ("被困电梯", "现在有两个老人被困在电梯里,请马上派人。", "人员被困"),
        ("孩子走失", "今天下午五点孩子走失,请求帮忙。", "人员被困"),
        ("仓库着火", "东门仓库着火了,火还在烧,赶紧派车!", "火情"),
        ("挖断燃气管", "施工队刚刚把燃气管道挖断了,正在漏气,快来人。", "燃气泄漏与爆炸"),
        ("电线掉地上", "台风刮断的电线掉在地上,学生正在路过,马上处理!", "漏电与断线"),
        ("山体滑坡", "今早山体滑坡,泥土压住后墙,老人不敢进屋,求救援。", "塌方与垮塌"),
        ("大树倒了", "大树倒下横在路上,两头现在都堵着,请赶快清走。", "道路阻断"),
        ("车祸", "路口刚刚发生车祸,有人受伤,请求救援。", "危急伤病"),
    ],
)
def test_emergencies(title: str, text: str, kind: str) -> None:
    score = score_text(title, text)
    assert score.value >= THRESHOLD
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
        ("", ""),
    ],
)
def test_not_emergencies(title: str, text: str) -> None:
    assert score_text(title, text).value < THRESHOLD


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


def test_section_tells_when_what_who_and_how_it_ended() -> None:
    month = prepare_month(rows(), "2023-03", Settings())
    section = emergency_section(month, attach_emergencies(month))
    texts = [b.text for b in section.blocks if isinstance(b, Paragraph)]
    assert texts[0].startswith("本月反映紧急险情的工单有3件")
    assert texts[1].startswith("3月5日8时\uff0c市民反映老人被困在二楼")
    assert "应急局承办后反馈\uff1a已派船将老人转移到学校。" in texts[1]
    assert texts[1].endswith("工单于当日9时办结\uff0c距来电1小时。")


def test_none_found_is_said() -> None:
    month = prepare_month(rows().tail(1), "2023-03", Settings())
    section = emergency_section(month, attach_emergencies(month))
    assert next(b.text for b in section.blocks if isinstance(b, Paragraph)).startswith("本月工单中未发现")


@pytest.mark.parametrize(
    ("text", "facts", "request_"),
    [
        ("市民来电反映,村口塌方,车过不去,要求马上清理。", "村口塌方,车过不去", "要求马上清理"),
        ("来电人称父母被困老屋。请求派人去看看,把人接出来。", "父母被困老屋", "希望派人去看看,把人接出来"),
        ("来电人在外地,父母被困老屋。", "其在外地,父母被困老屋", ""),
        ("大树倒了,吓死人,拜托快点🙏,麻烦马上叫人来清走吧", "大树倒了", "希望马上叫人来清走"),
    ],
)
def test_condense(text: str, facts: str, request_: str) -> None:
    assert condense(text, "塌方") == (facts, request_)


def test_reply_speaks_of_the_unit() -> None:
    reply = "感谢您的来电。我中心立即派人赶赴现场,已清理完毕。来电人表示满意。"
    assert condense_reply(reply, "公路事务中心") == "该单位立即派人赶赴现场,已清理完毕。"
