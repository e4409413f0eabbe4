"""The Word file on paper: Chinese type wherever it is opened, nothing torn apart, remarks that are not overlooked."""

import io
import zipfile
from typing import Any

import docx
from docx.oxml.ns import qn

from hotspot.report import Report, build_report, render
from hotspot.report.docx_table import column_widths
from hotspot.report.template import example_template, to_template

from .conftest import make_orders


def word_of(report: Report) -> Any:
    return docx.Document(io.BytesIO(render(report, ".docx")))


def part(data: bytes, name: str) -> str:
    return zipfile.ZipFile(io.BytesIO(data)).read(f"word/{name}.xml").decode()


def small(**columns: object) -> Report:
    return build_report(make_orders([columns] * 3), "2023-03", columns=frozenset({"order_id", *columns}))


def test_in_chinese_with_fonts_to_fall_back_on(example: Report) -> None:
    """Without the language, commas stand in mid-line where the machine has fonts of several languages."""
    for data in (render(example, ".docx"), example_template()):
        assert 'w:eastAsia="zh-CN"' in part(data, "styles")
        assert 'w:val="compressPunctuation"' in part(data, "settings")
        fonts = part(data, "fontTable")
        assert [
            f for f in ("方正小标宋简体", "黑体", "楷体", "仿宋", "宋体") if f'w:name="{f}"><w:altName' not in fonts
        ] == []


def test_quotation_marks_are_chinese(example: Report) -> None:
    quoting = [p for p in word_of(example).paragraphs if "“" in p.text]
    assert quoting
    hints = {r._r.find(f"{qn('w:rPr')}/{qn('w:rFonts')}").get(qn("w:hint")) for p in quoting for r in p.runs}
    assert hints == {"eastAsia"}


def test_no_signature_on_a_page_without_text(example: Report) -> None:
    for report in (example, small(department="甲局")):
        paragraphs = word_of(report).paragraphs
        date = next(
            i for i, p in enumerate(paragraphs) if p.text.endswith("日") and p.text == report.document.closing.date
        )
        back = date - 1
        while paragraphs[back].paragraph_format.keep_with_next:
            back -= 1
        kept = "".join(p.text for p in paragraphs[back + 1 : date])
        assert "知识库" in kept
        assert "附件" in kept


def test_room_for_the_date_does_not_shrink() -> None:
    """Half-width spaces are narrow in Word and none in a browser."""
    date = small().document.closing.date
    assert date.strip() == "年\u3000月\u3000日"
    assert " " not in date


def test_the_annex_s_name_goes_on_under_itself(example: Report) -> None:
    annex = next(p for p in word_of(example).paragraphs if p.text.startswith("附件\uff1a"))
    indent = annex._p.pPr.ind
    assert (indent.get(qn("w:leftChars")), indent.get(qn("w:hangingChars"))) == ("500", "300")


def test_long_names_fit_one_line() -> None:
    columns: dict[str, object] = {"department": "人力资源和社会保障局", "nature": "投诉", "satisfaction": "满意"}
    annex = small(**columns).document.annex
    assert annex is not None
    widths = column_widths(annex)
    assert round(sum(widths), 3) == 156
    assert widths[0] > 10 * 9 * 25.4 / 72 + 1


def test_remarks_for_the_analyst_are_marked() -> None:
    runs = {p.text: p.runs[0] for p in word_of(small(nature="投诉")).paragraphs if "本节从略" in p.text}
    ((text, run),) = runs.items()
    assert text == "【未提供知识库上传记录，本节从略。】"
    assert run.font.highlight_color is not None


def test_the_template_s_title_keeps_its_lines_and_no_head_leaves_no_rule(example: Report, tmp_path: Any) -> None:
    (tmp_path / "模板.docx").write_bytes(example_template())
    xml = part(to_template(example.document, example.month, tmp_path / "模板.docx"), "document")
    assert "韶关市12345政务服务便民热线</w:t><w:br/><w:t" in xml
    assert "C00000" in xml
    bare = small()
    assert "C00000" not in part(to_template(bare.document, bare.month, tmp_path / "模板.docx"), "document")
