"""The example month against the figures that its office published."""

import pytest

from hotspot.report import Report
from hotspot.report.model import Paragraph

PUBLISHED = """\
公安局 124 咨询3 投诉109 举报4 建议8 | 12 87 13 12 | 89.52%
龙仙镇 97 投诉92 举报1 建议4 | 5 71 16 5 | 83.51%
住管局 68 咨询1 投诉64 建议3 | 3 52 9 4 | 86.76%
市场监管局 59 投诉57 建议2 | 3 47 5 4 | 91.53%
官渡镇 42 咨询1 投诉40 建议1 | 1 28 6 7 | 85.71%
江尾镇 39 咨询1 投诉38 | 0 21 11 7 | 71.79%
新江镇 23 投诉23 | 1 11 9 2 | 60.87%
卫生健康局 20 投诉19 建议1 | 1 9 3 7 | 85%
周陂镇 19 投诉17 建议1 表扬1 | 3 12 3 1 | 84.21%
公路事务中心 17 投诉17 | 2 13 2 0 | 88.24%
交通局 17 投诉16 建议1 | 0 13 3 1 | 82.35%
人社局 17 咨询1 投诉14 建议2 | 2 10 1 4 | 94.12%
人民医院 17 投诉16 建议1 | 1 9 0 7 | 100%
坝仔镇 15 投诉13 建议2 | 1 11 3 0 | 80%
教育局 15 投诉12 举报1 建议2 | 1 9 1 4 | 93.33%
翁城镇 14 投诉14 | 2 12 0 0 | 100%
税务局 8 投诉8 | 1 6 0 1 | 100%
农业农村局 8 投诉8 | 0 5 1 2 | 87.5%
自然资源局 8 咨询1 投诉5 建议2 | 0 5 2 1 | 75%
生态环境局翁源分局 6 投诉6 | 0 6 0 0 | 100%
经济开发区 6 投诉6 | 1 5 0 0 | 100%
医保局 6 咨询2 投诉2 建议2 | 0 3 0 3 | 100%
民政局 5 投诉3 建议2 | 0 5 0 0 | 100%
疫情指挥部 5 投诉3 建议2 | 2 2 0 1 | 100%
中医院 5 投诉5 | 0 4 1 0 | 80%
财政局 4 投诉3 建议1 | 1 3 0 0 | 100%
工信局 4 投诉4 | 3 1 0 0 | 100%
消防大队 4 投诉3 举报1 | 1 2 1 0 | 75%
社保局 3 咨询1 建议2 | 0 0 0 3 | 100%
林业局 3 投诉2 建议1 | 1 1 1 0 | 66.67%
政数局 3 咨询3 | 0 0 0 3 | 100%
铁龙镇 2 投诉2 | 0 2 0 0 | 100%
统战部 2 咨询2 | 0 2 0 0 | 100%
电信翁源分公司 2 投诉1 建议1 | 0 2 0 0 | 100%
供电局 1 投诉1 | 0 1 0 0 | 100%
广电网络 1 建议1 | 0 1 0 0 | 100%
统计局 1 咨询1 | 1 0 0 0 | 100%
机关事务局 1 投诉1 | 0 1 0 0 | 100%
水务局 1 投诉1 | 0 1 0 0 | 100%
人民法院 1 投诉1 | 0 1 0 0 | 100%
残联 1 建议1 | 0 1 0 0 | 100%
总计 694 咨询17 投诉626 举报7 建议43 表扬1 | 49 475 91 79 | 86.89%
"""


def published_rows() -> list[list[str]]:
    rows = []
    for line in PUBLISHED.splitlines():
        left, ratings, rate = line.split(" | ")
        name, total, *natures = left.split()
        by_nature = {n[:2]: n[2:] for n in natures}
        row = [name, total, "", "", *(by_nature.get(n, "") for n in ("咨询", "投诉", "举报", "建议", "求助", "表扬"))]
        rows.append([*row, *("" if r == "0" else r for r in ratings.split()), rate])
    return rows


def text_of(report: Report, key: str) -> str:
    section = next(s for s in report.document.sections if s.key == key)
    return "".join(b.text for b in section.blocks if isinstance(b, Paragraph))


def test_annex_is_the_published_table(example: Report) -> None:
    annex = example.document.annex
    assert annex is not None
    rows = [[c if isinstance(c, str) else c.text for c in row] for row in annex.rows]
    assert rows == published_rows()
    assert len(rows) == 42


@pytest.mark.parametrize(
    ("key", "phrase"),
    [
        ("overview", "工单694件(以办结时间为统计依据)"),
        ("overview", "省政务服务平台31件、中省网1件、市长信箱3件"),
        ("overview", "投诉类626件,占90.2%;建议类43件,占6.2%;咨询类17件,占2.45%;举报类7件,占1.01%;表扬类1件,占0.14%"),
        ("overview", "公安局(124件)、住管局(68件)、市场监管局(59件)"),
        ("overview", "龙仙镇(97件)、官渡镇(42件)、江尾镇(39件)"),
        ("satisfaction", "694件工单均未被发放黄牌、红牌"),
        ("satisfaction", "满意49件、基本满意475件、不满意91件、未评价79件,满意率为86.89%"),
        ("knowledge", "216条"),
        ("knowledge", "公安局(140条)、社保局(32条)、教育局(13条)"),
        ("emergency", "6月6日6时46分"),
        ("emergency", "S41省道"),
        ("emergency", "当日7时38分办结,距来电52分钟"),
    ],
)
def test_published_figures_are_said(example: Report, key: str, phrase: str) -> None:
    full_width = phrase.translate(str.maketrans(",;()", "\uff0c\uff1b\uff08\uff09"))
    assert full_width in text_of(example, key)


def test_the_published_emergency_comes_first(example: Report) -> None:
    section = next(s for s in example.document.sections if s.key == "emergency")
    first = [b for b in section.blocks if isinstance(b, Paragraph)][1]
    assert first.sentences[0].orders == ("WY202206060004",)
    assert "公路事务中心" in first.text
    assert "养护所" in first.text


def test_nothing_contradicts(example: Report) -> None:
    assert example.document.problems == ()


def test_suggestions_follow_from_the_month(example: Report) -> None:
    said = text_of(example, "satisfaction")
    assert "新江镇\uff0860.87%" in said
    assert "江尾镇\uff0871.79%" in said
    assert "强降雨引发水灾问题" in said
    assert said.count("不满意9件") == 1


def test_no_half_width_punctuation_in_the_text(example: Report) -> None:
    for section in example.document.sections:
        assert not set(text_of(example, section.key)) & set(",;!?()"), section.heading
