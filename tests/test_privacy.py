"""What is masked, and what must stay."""

import re

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspot.privacy import MASKS, full_name, mask, mask_series

COLON, COMMA, OPEN, CLOSE = "\uff1a", "\uff0c", "\uff08", "\uff09"  # escapes: full and half width look alike

MASKED = {
    "电话13800138000": "电话〔手机〕",
    "138 0013 8000": "〔手机〕",
    "138-001-38000": "〔手机〕",
    "+86 13800138000": "〔手机〕",
    "\uff11\uff13\uff18\uff10\uff10\uff11\uff13\uff18\uff10\uff10\uff10": "〔手机〕",
    "座机0751-2823686转803": "座机〔电话〕转803",
    f"{OPEN}0751{CLOSE}2823686": "〔电话〕",
    f"电话{COLON}2823686": "电话:〔电话〕".replace(":", COLON),
    "他11010519491231002X的": "他〔身份证〕的",
    f"身份证号码{COLON}440281199001011234": f"身份证号码{COLON}〔身份证〕",
    "身份证号440281********1234": "身份证号〔身份证〕",
    "护照E12345678": "护照〔身份证〕",
    "卡6222021234567890128": "卡〔银行卡〕",
    "卡号6222 0212 3456 7890": "卡号〔银行卡〕",
    "粤F12345": "〔车牌〕",
    "粤F·D1234学": "〔车牌〕",
    "粤FD12345新能源": "〔车牌〕新能源",
    "鄂a600hv6": "〔车牌〕",
    "li.ming@163.com": "〔邮箱〕",
    f"微信号{COLON}abc12345": f"微信号{COLON}〔账号〕",
    "vx:abc12345,QQ12345678": "vx:〔账号〕,QQ〔账号〕",
    "wxid_abc123": "〔账号〕",
    "高先生称": "〔姓名〕称",
    "欧阳女士来电": "〔姓名〕来电",
    "欧阳建国先生和王小方女士": "〔姓名〕和〔姓名〕",
    "又向黄女士反映": "又向〔姓名〕反映",
    "司机赵师傅和陈书记": "司机〔姓名〕和〔姓名〕",
    "王某某反映": "〔姓名〕反映",
    "来电人陈某反映": "来电人〔姓名〕反映",
    "我叫曹正科,": "我叫〔姓名〕,",
    f"我叫曹正科{COMMA}": f"我叫〔姓名〕{COMMA}",
    f"本人李建国{COMMA}家住": f"本人〔姓名〕{COMMA}家住",
    f"罗建才{OPEN}电话13800138000{CLOSE}来电": f"〔姓名〕{OPEN}电话〔手机〕{CLOSE}来电",
    "村民黄大明家": "村民〔姓名〕家",
    "房东张伟": "房东〔姓名〕",
    f"法人代表为潘明新{COMMA}": f"法人代表为〔姓名〕{COMMA}",
    f"联系人{COLON}李四": f"联系人{COLON}〔姓名〕",
    "李明同学": "〔姓名〕",
    "萧女士说": "〔姓名〕说",
    "易主任和方女士": "〔姓名〕和〔姓名〕",
    "汤某某反映": "〔姓名〕反映",
    "来电人萧建国反映": "来电人〔姓名〕反映",
    "王副主任": "〔姓名〕",
    "李总经理说": "〔姓名〕说",
    "刘老太": "〔姓名〕",
    "小王说": "〔姓名〕说",
    "物业小高称": "物业〔姓名〕称",
    "开发商王总答应": "开发商〔姓名〕答应",
    "班主任王丽": "班主任〔姓名〕",
    "村支书李大山家": "村支书〔姓名〕家",
    "城管队员张强态度恶劣": "城管队员〔姓名〕态度恶劣",
}

STAYS = [
    "拨打12345、110和12315", "400-820-8820", "工单WY202205260001", "订单号20220606123456789012",
    "G106国道和S41省道", "110105194912310021是编号", "6222021234567890123", "2022-06-06 06:46", "50000元",
    "粤A8区管理局", "微信公众号abcdef", "微信支付", "http://12345.sg.gov.cn/",
    "一位业主反映楼道漏水", "一位高龄阿姨", "张女士们", "一个女士有个先生", "老先生", "我方先生", "黄小姐姐",
    "龙仙镇老李饭店", "李医生诊所",
    "金先生公馆", "王家村李屋小区", "万达广场万科公司", "翁源县龙仙中学", "江尾镇",
    "居民江尾镇",
    "业主金鼎国际花园", "位于女士洗手间", "车主任意停放", "连书记都不管", "现任局长", "班主任", "江尾镇长",
    "业主高度重视", "业主成立业委会", "业主何时能",
    "离职时老板说", "原主任说", "一位老太", "老赖说", "小米称", "单元某户", "公司某领导", "班主任方面", "局长严格要求",
    "城管强拆", "保安任由", "主任安排", "区长江路", "市民文明出行", "居民幸福感", "业主安静", "老时间", "平台经理",
    "业主陈述", "业主张贴公告", "我是李子园小区业主", "向市长信箱", "某小区",
]  # fmt: skip


@pytest.mark.parametrize(("text", "masked"), MASKED.items())
def test_masked(text: str, masked: str) -> None:
    assert mask(text) == masked


@pytest.mark.parametrize("text", STAYS)
def test_stays(text: str) -> None:
    assert mask(text) == text


def test_every_known_name_is_masked_wherever_it_stands() -> None:
    assert mask("罗建才说,罗建才家", ("罗建才",)) == "〔姓名〕说,〔姓名〕家"


def test_the_commonest_surnames_are_known() -> None:
    for surname in "汤易萧乔文安颜尤毕靳席卫薄司柏强华房吉瞿戚滕晋苑苟廉娄符木穆党燕冀姬郜计窦冷花仇乐虞佟匡宗鞠荆习沙":
        assert mask(f"{surname}先生来电") == "〔姓名〕来电"


@pytest.mark.parametrize(
    "name", ["罗建才", "欧阳建国", "王芳", "阿卜杜拉·买买提", "汤建国", "亓丽", "次仁卓玛", "逯一"]
)
def test_full_names(name: str) -> None:
    assert full_name(f" {name} ") == (name,)


@pytest.mark.parametrize(
    "name",
    [
        *(
            "",
            "王先生",
            "匿名",
            "A000102948",
            "张某",
            "万科物业",
            "方便",
            "热心市民",
            "X",
            "未留",
            "不愿透露",
            "某公司",
        ),
        *("网民", "保密", "老李", "陈总", "张老师", "车管所", "安保部", "农民工", "江尾镇", "新城花园", "来电人000001"),
    ],
)
def test_no_full_names(name: str) -> None:
    assert full_name(name) == ()


def test_names_among_other_things_in_their_column() -> None:
    assert full_name("汤建国（业主）") == ("汤建国",)
    assert full_name("张三、李小四 13800138000") == ("李小四", "张三")
    assert full_name("王　丽") == ("王丽",)


def test_series_masks_each_row_by_its_own_name() -> None:
    texts = pd.Series(["罗建才家", "罗建才家", "王女士"], index=[5, 6, 7], dtype="str")
    masked = mask_series(texts, pd.Series(["罗建才", "李四", ""]))
    assert masked.to_dict() == {5: "〔姓名〕家", 6: "罗建才家", 7: "〔姓名〕"}
    assert masked.dtype == texts.dtype


PIECES = st.sampled_from(
    [
        *MASKED,
        *STAYS,
        *MASKS.values(),
        "先生",
        "女士",
        "王",
        "某",
        "业主",
        "我叫",
        "电话",
        "138",
        "0013",
        "8000",
        "粤F",
        "@",
        " ",
    ]
)


@given(st.lists(PIECES, max_size=8).map("".join))
def test_masking_twice_changes_nothing_more(text: str) -> None:
    assert mask(mask(text)) == mask(text)


@given(st.text(alphabet="王李张欧阳先生女士某我叫业主家电话138 -()@a.粤F1〔〕", max_size=60))
def test_any_text_is_masked_once_for_all(text: str) -> None:
    assert mask(mask(text)) == mask(text)


@given(st.from_regex(r"1[3-9]\d{9}", fullmatch=True), st.text(alphabet="路灯坏了,。 请回电", max_size=8))
def test_no_mobile_number_gets_through(number: str, around: str) -> None:
    assert not re.search(r"\d", mask(f"{around}{number}{around}"))


@pytest.mark.parametrize(
    "piece", ["王", "1 ", "a", "a.", "王某", "我叫", "业主张", "先生", "(", "1-", "粤A", "村民黄大明家", "86 "]
)
def test_long_texts_keep_their_other_words(piece: str) -> None:
    text = piece * (20_000 // len(piece)) + "路灯坏了"
    assert mask(text).endswith("路灯坏了")


def test_example_names_no_one(example_month) -> None:
    texts = " ".join(example_month.orders[["title", "text", "reply"]].agg(" ".join))
    assert not re.search(r"1[3-9]\d{9}|\d{17}[\dX]", texts)
    assert not re.findall("[王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高](?:先生|女士)", texts)
