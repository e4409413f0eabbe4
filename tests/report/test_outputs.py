"""The files: the same bytes for the same orders, the layout of an official document, what cannot be said is said."""

import io
import re
import zipfile
from pathlib import Path

import pandas as pd
import pytest

from hotspot.errors import OrdersError, OutputError, ReportError
from hotspot.orders import OrderFile
from hotspot.report import Report, build_report, read_knowledge, render, write_report
from hotspot.report.docx_table import column_widths
from hotspot.report.template import example_template, to_template
from hotspot.settings import Settings

from .conftest import ROOT, make_orders, marked

GOLDEN = Path(__file__).parent / "golden.md"


def document_xml(data: bytes) -> str:
    return zipfile.ZipFile(io.BytesIO(data)).read("word/document.xml").decode()


def test_golden_markdown(example: Report) -> None:
    assert render(example, ".md").decode() == GOLDEN.read_text(encoding="utf-8")


@pytest.mark.parametrize("suffix", [".docx", ".html", ".md"])
def test_same_bytes_whatever_the_row_order(
    example: Report, example_file: OrderFile, example_settings: Settings, suffix: str
) -> None:
    shuffled = example_file.orders.sample(frac=1, random_state=7)
    detected, focus = marked(example_file.orders)
    knowledge = read_knowledge(ROOT / "examples" / "wengyuan-2022-06" / "knowledge.csv", "2022-06")
    again = build_report(
        shuffled.sort_values(["created", "order_id"]), "2022-06", example_settings, detected=detected, focus=focus,
        columns=frozenset(example_file.columns), knowledge=knowledge.sample(frac=1, random_state=3),
    )  # fmt: skip
    assert render(again, suffix) == render(example, suffix)


def test_word_page_and_fonts(example: Report) -> None:
    import docx
    from docx.shared import Mm, Pt

    word = docx.Document(io.BytesIO(render(example, ".docx")))
    page = word.sections[0]
    sides = (page.top_margin, page.bottom_margin, page.left_margin, page.right_margin)
    assert [round(s.mm) for s in sides] == [37, 35, 28, 26]
    assert (round(page.page_width.mm), round(page.page_height.mm)) == (210, 297)
    normal = word.styles["Normal"]
    assert (normal.font.size, normal.paragraph_format.line_spacing) == (Pt(16), Pt(28))
    names = ("Normal", "Title", "Heading 1", "Heading 2")
    east = {s: word.styles[s].element.rPr.rFonts.get(docx.oxml.ns.qn("w:eastAsia")) for s in names}
    assert east == {"Normal": "仿宋", "Title": "方正小标宋简体", "Heading 1": "黑体", "Heading 2": "楷体"}
    assert [p.text for p in word.paragraphs if p.style.name == "Heading 1"] == [
        "一、承办工单基本情况", "二、热点聚焦", "三、应急处置情况", "四、红黄牌和满意率情况", "五、知识库上传情况",
    ]  # fmt: skip
    assert Mm(0) < page.footer_distance
    assert "PAGE" in page.footer._element.xml
    assert "PAGE" in page.even_page_footer._element.xml


def test_word_annex_repeats_its_headings(example: Report) -> None:
    xml = document_xml(render(example, ".docx"))
    assert xml.count("<w:tblHeader/>") == 2
    annex = example.document.annex
    assert annex is not None
    widths = column_widths(annex)
    assert round(sum(widths), 3) == 156
    assert min(widths) > 7


def test_word_file_embeds_no_font_and_names_no_machine(example: Report) -> None:
    archive = zipfile.ZipFile(io.BytesIO(render(example, ".docx")))
    names = archive.namelist()
    assert not [n for n in names if "fonts/" in n]
    assert b"/work" not in b"".join(archive.read(n) for n in names if n.endswith((".xml", ".rels")))


def test_html_loads_nothing(example: Report) -> None:
    page = render(example, ".html").decode()
    assert "default-src 'none'" in page
    assert not re.findall(r"""(?:src|href)=["'](?!#)""", page.split("<script")[0])
    assert page.count("<script") == 4
    assert 'lang="zh-CN"' in page


def test_html_escapes_what_orders_say() -> None:
    text = "老人被困</script><b>,请马上派船!"
    orders = make_orders([{"title": "<script>alert(1)</script>", "text": text, "department": "<i>局"}] * 3)
    orders["order_id"] = ["a", "b", "c"]
    page = render(build_report(orders, "2023-03"), ".html").decode()
    assert "<script>alert" not in page
    assert "<i>局" not in page
    assert "</script><b>" not in page


def test_template_is_filled(example: Report, tmp_path: Path) -> None:
    (tmp_path / "模板.docx").write_bytes(example_template())
    xml = document_xml(to_template(example.document, example.month, tmp_path / "模板.docx"))
    text = re.sub(r"<[^>]+>", "", xml)
    assert "{" not in text
    assert "承办工单基本情况" in text
    assert "86.89%" in text
    assert "统计局" in text


def test_template_faults_are_told(example: Report, tmp_path: Path) -> None:
    import docx

    word = docx.Document()
    word.add_paragraph("{{ 没有的字段 }}")
    word.save(str(tmp_path / "甲.docx"))
    with pytest.raises(ReportError, match=r"没有的字段.*可用字段.*工单总量"):
        to_template(example.document, example.month, tmp_path / "甲.docx")
    word = docx.Document()
    word.add_paragraph("{% for 行 in 附表 %}")
    word.save(str(tmp_path / "乙.docx"))
    with pytest.raises(ReportError, match="写法不对"):
        to_template(example.document, example.month, tmp_path / "乙.docx")
    (tmp_path / "丙.docx").write_text("不是文档")
    with pytest.raises(ReportError, match="打不开"):
        to_template(example.document, example.month, tmp_path / "丙.docx")
    with pytest.raises(ReportError, match="找不到模板"):
        to_template(example.document, example.month, tmp_path / "无.docx")


def test_all_files_or_none(example: Report, tmp_path: Path) -> None:
    written = write_report(example, [tmp_path / "a" / "报告.md", tmp_path / "报告.html"])
    assert [p.name for p in written] == ["报告.md", "报告.evidence.csv", "报告.run.json", "报告.html"]
    with pytest.raises(ReportError, match="不会写"):
        write_report(example, [tmp_path / "b.md", tmp_path / "b.pdf"])
    assert not (tmp_path / "b.md").exists()
    (tmp_path / "c.md").mkdir()
    with pytest.raises(OutputError):
        write_report(example, [tmp_path / "c.md"])


def test_every_figure_has_evidence(example: Report, tmp_path: Path) -> None:
    write_report(example, [tmp_path / "报告.md"])
    evidence = pd.read_csv(tmp_path / "报告.evidence.csv", dtype="str", keep_default_na=False)
    praise = evidence[(evidence["数字"] == "1") & evidence["依据"].str.contains("性质为表扬")]
    assert praise["工单编号"].tolist() == ["WY202206230010"] or praise["工单数"].tolist() == ["1"]
    assert (evidence["依据"] != "").all()
    assert evidence["章节"].nunique() == 6


def bare(**columns: object) -> pd.DataFrame:
    return make_orders([{**columns, "order_id": f"B{i}"} for i in range(3)])


@pytest.mark.parametrize(
    ("orders", "said", "unsaid"),
    [
        (bare(), ["没有性质一列", "没有承办单位一列", "没有满意度一列", "未提供知识库"], ["附件"]),
        (bare(department="城关镇"), ["各镇承办3件", "附件"], ["直单位承办"]),
        (bare(department="公安局", satisfaction="满意"), ["满意率为100%", "均不足10件"], ["镇承办"]),
        (
            make_orders([{"department": "公安局", "nature": "投诉", "satisfaction": "未评价"}]),
            ["全部为投诉类1件"],
            ["意见建议"],
        ),
        (bare(department="", nature="投诉"), ["没有承办单位一列"], ["附件"]),
    ],
)
@pytest.mark.parametrize("suffix", [".docx", ".html", ".md"])
def test_poor_months_say_what_they_can(orders: pd.DataFrame, said: list[str], unsaid: list[str], suffix: str) -> None:
    report = build_report(orders, "2023-03", columns=frozenset({"order_id"}), problem="工单太少。")
    assert render(report, suffix)
    text = render(report, ".md").decode()
    assert [s for s in said if s not in text] == []
    assert [s for s in unsaid if s in text] == []


def test_cards_by_unit() -> None:
    both = {"department": "乙局", "yellow_cards": 1, "red_cards": 1}
    orders = make_orders([{"department": "甲局", "yellow_cards": 2}, both])
    text = render(build_report(orders, "2023-03"), ".md").decode()
    assert "共发放黄牌3张\uff1a甲局\uff082张\uff09、乙局\uff081张\uff09\uff1b红牌1张\uff1a乙局\uff081张\uff09。" in text
    assert "乙局、甲局应对照被发牌的工单" in text


def test_towns_by_ending_unless_the_settings_say() -> None:
    orders = make_orders([{"department": d} for d in ("河西街道", "石阳镇", "城镇管理局", "经开区")])
    text = render(build_report(orders, "2023-03"), ".md").decode()
    assert "各镇、街道承办2件" in text
    chosen = Settings.from_dict({"region": {"towns": ["经开区"]}, "office": {"region": "云泽县"}})
    assert "县直单位承办3件" in render(build_report(orders, "2023-03", chosen), ".md").decode()


def test_title_setting() -> None:
    orders = make_orders([{}])
    title = "{region}热线\n{year}年{month}月情况"
    chosen = Settings.from_dict({"report": {"title": title}, "office": {"region": "云泽县"}})
    assert build_report(orders, "2023-03", chosen).document.title == ("云泽县热线", "2023年3月情况")
    with pytest.raises(ReportError, match=r"report\.title"):
        build_report(orders, "2023-03", Settings.from_dict({"report": {"title": "{place}"}}))
    with pytest.raises(ReportError, match="成文日期"):
        build_report(orders, "2023-03", Settings.from_dict({"report": {"date": "七月"}}))


def test_knowledge_faults(tmp_path: Path) -> None:
    (tmp_path / "k.csv").write_text("标题,处室\n甲,乙\n", encoding="utf-8")
    with pytest.raises(OrdersError, match="没有单位一列"):
        read_knowledge(tmp_path / "k.csv", "2022-06")
    (tmp_path / "k.csv").write_text("标题,承办单位,上传日期\n甲,乙局,不知\n", encoding="utf-8")
    with pytest.raises(OrdersError, match="日期认不出"):
        read_knowledge(tmp_path / "k.csv", "2022-06")
    (tmp_path / "k.csv").write_text("标题,承办单位,上传日期\n甲,乙局,2022-05-31\n丙,,2022-06-01\n", encoding="utf-8")
    assert read_knowledge(tmp_path / "k.csv", "2022-06")["unit"].tolist() == ["未注明"]
