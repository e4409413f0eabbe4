"""``hotspot settings init``: a settings file to start from, with a remark on every line."""

import json
from collections.abc import Mapping

__all__ = ["QUESTIONS", "settings_text"]

QUESTIONS: tuple[tuple[str, str, str], ...] = (
    ("region", "县（市、区）全称", "例如 翁源县"),
    ("name", "热线办全称", "例如 某县12345政务服务便民热线管理办公室"),
    ("hotline", "承办哪条热线的工单（上级热线名称；本级自办热线可不填）", "例如 某市12345政务服务便民热线"),
    ("towns", "各镇（街道）名称，用顿号隔开（不填则按“镇、乡、街道”结尾识别）", "例如 城关镇、河西街道"),
    ("phone", "联系电话", ""),
)
"""Key, question and hint, in the order asked."""

_TEXT = """\
# hotspot 设置文件（UTF-8）。井号后是说明；不需要的行可以删去，删去的按默认值。

[office]
name = {name}  # 热线办全称，用作版头和落款
region = {region}  # 县（市、区）全称
region_word = ""  # 文中自称，如 我县；空着则按全称的末字
hotline = {hotline}  # 上级热线名称；本级自办热线空着

[office.contacts]  # 版记里的联系方式，按此顺序
"电话" = {phone}
# "邮箱" = ""
# "网站" = ""

[region]
towns = {towns}  # 各镇（街道）；空着则把名称以 镇、乡、街道 结尾的单位当作镇

[columns]  # 工单表的表头认不出时在此指明
# "内容" = "诉求详情"

[words]
user_words = []  # 分词时不可拆开的本地词
stop_words = []  # 本地没有意义的词

[draft]
hotspots = 5  # 热点聚焦写几个热点
demands = 7  # 每个热点最多写几条诉求

[report]
date = ""  # 成文日期，如 2022-07-29；空着则留待手填
seal = "代章"  # 落款后的括注
copy_to = []  # 抄送
send_to = []  # 发
editor = ""  # 编辑单位；空着用热线办全称
red_head = true  # 版头是否套红
top_units = 3  # 承办量排名写前几位
decimals = 2  # 百分比保留几位小数
rounding = "half_up"  # half_up 四舍五入，half_even 四舍六入五成双，down 舍去
strip_zeros = true  # 去掉小数末尾的零：90.20% 写作 90.2%
satisfaction_formula = "not_dissatisfied"  # （调查-不满意）÷调查；写 rated 则为 （满意+基本满意）÷（调查-未评价）
satisfaction_threshold = 0.8  # 低于此数的单位点名
threshold_orders = 10  # 调查件数少于此数的单位不点名
special_channels = []  # 要单列的渠道，按此顺序；空着则单列电话、微信、网站等以外的渠道
unit_order = []  # 附表中件数相同的单位按此顺序
emergencies = 3  # 应急处置写几件
slow_hours = 24  # 险情超过几小时办结算慢
small_base = 30  # 同比环比的基数少于此数时注明
charts = true  # 是否放图表

# [report.fonts]  # 换用本单位的字体
# title = "方正小标宋简体"
# body = "仿宋_GB2312"
"""


def settings_text(answers: Mapping[str, str]) -> str:
    """Return a settings file with a remark on every line.

    Parameters
    ----------
    answers : mapping of str to str
        By the keys of `QUESTIONS`; those left out stay empty.
    """
    quoted = {key: _quote(answers.get(key, "").strip()) for key, _, _ in QUESTIONS if key != "towns"}
    towns = [t for t in answers.get("towns", "").replace("\uff0c", "、").replace(",", "、").split("、") if t.strip()]
    quoted["towns"] = "[" + ", ".join(_quote(t.strip()) for t in towns) + "]"
    text = _TEXT
    for key, value in quoted.items():
        text = text.replace("{" + key + "}", value)
    return text


def _quote(text: str) -> str:
    """Write a TOML string; JSON's escapes are TOML's."""
    return json.dumps(text, ensure_ascii=False)
