"""Page, fonts and spacing of an official document (GB/T 9704), as python-docx sets them."""

import io
import zipfile
from typing import Any
from xml.sax.saxutils import quoteattr

import docx
from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import nsmap, qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph
from docx.text.run import Run

__all__ = [
    "BODY_SIZE",
    "BODY_WIDTH_MM",
    "add_rule",
    "hint_chinese",
    "indent_chars",
    "page_number_footers",
    "set_font",
    "stable_zip",
    "styled_document",
]

BODY_WIDTH_MM = 156
TITLE_SIZE, BODY_SIZE, FOOT_SIZE = Pt(22), Pt(16), Pt(14)
LINE = Pt(28)
RED = RGBColor(0xC0, 0x00, 0x00)
_WESTERN = "Times New Roman"
_EPOCH = (1980, 1, 1, 0, 0, 0)
_OTHER_NAMES = {
    "方正小标宋简体": "方正小标宋_GBK,华文中宋,STZhongsong,宋体,SimSun",
    "仿宋": "仿宋_GB2312,FangSong,华文仿宋,STFangsong",
    "仿宋_GB2312": "仿宋,FangSong,华文仿宋,STFangsong",
    "楷体": "楷体_GB2312,KaiTi,华文楷体,STKaiti",
    "楷体_GB2312": "楷体,KaiTi,华文楷体,STKaiti",
    "黑体": "SimHei,华文黑体,STHeiti",
    "宋体": "SimSun,华文宋体,STSong",
}
"""What a font is called elsewhere, and what comes nearest to it where it is not installed."""


def styled_document(fonts: dict[str, str]) -> WordDocument:
    """Return an empty document with page and styles set.

    Parameters
    ----------
    fonts : dict
        Names of the fonts: title, heading, subheading, body, footer.
    """
    document = docx.Document()
    _in_chinese(document, fonts)
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.top_margin, page.bottom_margin, page.left_margin, page.right_margin = Mm(37), Mm(35), Mm(28), Mm(26)
    page.header_distance, page.footer_distance = Mm(15), Mm(28)
    normal = document.styles["Normal"]
    set_font(normal, fonts["body"], BODY_SIZE)
    _spacing(normal.paragraph_format)
    for name, font, size in (
        ("Title", fonts["title"], TITLE_SIZE),
        ("Heading 1", fonts["heading"], BODY_SIZE),
        ("Heading 2", fonts["subheading"], BODY_SIZE),
    ):
        style = document.styles[name]
        set_font(style, font, size)
        style.font.bold, style.font.italic = False, False
        style.font.color.rgb = RGBColor(0, 0, 0)
        _spacing(style.paragraph_format)
        for border in style.element.findall(".//" + qn("w:pBdr")):
            border.getparent().remove(border)
    title = document.styles["Title"].paragraph_format
    title.alignment, title.line_spacing = WD_ALIGN_PARAGRAPH.CENTER, Pt(36)
    document.styles["Normal"].paragraph_format.widow_control = True
    return document


def _in_chinese(document: WordDocument, fonts: dict[str, str]) -> None:
    """Set the language, the closing up of punctuation, and the fonts to take where one is not installed.

    Without the language, Word and LibreOffice may set a Japanese or Traditional Chinese font, its commas in mid-line.
    """
    language = document.styles.element.find(f"{qn('w:docDefaults')}//{qn('w:lang')}")
    language.set(qn("w:eastAsia"), "zh-CN")
    document.settings.element.find(qn("w:characterSpacingControl")).set(qn("w:val"), "compressPunctuation")
    table = next(r.target_part for r in document.part.rels.values() if r.reltype == RELATIONSHIP_TYPE.FONT_TABLE)
    table._blob = _font_table(list(dict.fromkeys(fonts.values())))


def _font_table(names: list[str]) -> bytes:
    fonts = "".join(
        f"<w:font w:name={quoteattr(name)}><w:altName w:val={quoteattr(_OTHER_NAMES.get(name, '宋体,SimSun'))}/>"
        '<w:charset w:val="86"/><w:family w:val="auto"/><w:pitch w:val="variable"/></w:font>'
        for name in names
    )
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    return f'{head}<w:fonts xmlns:w="{nsmap["w"]}">{fonts}</w:fonts>'.encode()


def set_font(target: Any, name: str, size: Any = None) -> None:
    """Name the font of a style or run, its East Asian one and the Western one for figures."""
    target.font.name = _WESTERN
    if size is not None:
        target.font.size = size
    fonts = target.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    fonts.set(qn("w:eastAsia"), name)
    fonts.set(qn("w:hAnsi"), _WESTERN)
    fonts.set(qn("w:hint"), "eastAsia")


def hint_chinese(run: Run) -> None:
    """Let quotation marks and dashes, which both scripts have, be set as Chinese ones."""
    run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:hint"), "eastAsia")


def _spacing(form: Any) -> None:
    form.space_before = form.space_after = Pt(0)
    form.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    form.line_spacing = LINE


def indent_chars(
    paragraph: Paragraph, *, first: int = 0, left: int = 0, right: int = 0, hanging: int = 0, size: Any = BODY_SIZE
) -> None:
    """Indent by whole characters of a size; `hanging` is how far the first line starts before the others."""
    element = paragraph._p.get_or_add_pPr().get_or_add_ind()
    for name, chars in (("firstLine", first), ("left", left), ("right", right), ("hanging", hanging)):
        if chars:
            element.set(qn(f"w:{name}Chars"), str(chars * 100))
            element.set(qn(f"w:{name}"), str(int(chars * size.pt * 20)))


def add_rule(paragraph: Paragraph, side: str, size: int = 8, colour: str = "000000") -> None:
    """Draw a line above or below a paragraph."""
    properties = paragraph._p.get_or_add_pPr()
    borders = properties.find(qn("w:pBdr"))
    if borders is None:
        borders = OxmlElement("w:pBdr")
        properties.insert_element_before(borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr")
    line = OxmlElement(f"w:{side}")
    for key, value in (("val", "single"), ("sz", str(size)), ("space", "6"), ("color", colour)):
        line.set(qn(f"w:{key}"), value)
    borders.append(line)


def page_number_footers(document: WordDocument, font: str) -> None:
    """Put page numbers — 1 — outside: odd pages right, even pages left."""
    document.settings.odd_and_even_pages_header_footer = True
    for section in document.sections:
        for footer, alignment in (
            (section.footer, WD_ALIGN_PARAGRAPH.RIGHT),
            (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT),
        ):
            paragraph = footer.paragraphs[0]
            paragraph.style = document.styles["Normal"]
            paragraph.alignment = alignment
            indent_chars(paragraph, left=1, right=1)
            for text in ("— ", None, " —"):
                run = paragraph.add_run(text or "")
                set_font(run, font, FOOT_SIZE)
                if text is None:
                    _field(run, "PAGE")


def _field(run: Run, code: str) -> None:
    for kind in ("begin", "separate", "end"):
        mark = OxmlElement("w:fldChar")
        mark.set(qn("w:fldCharType"), kind)
        if kind == "separate":
            instruction = OxmlElement("w:instrText")
            instruction.set(qn("xml:space"), "preserve")
            instruction.text = code
            run._r.append(instruction)
        run._r.append(mark)


def stable_zip(data: bytes) -> bytes:
    """Rewrite a zip file without times: the same content gives the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            info = zipfile.ZipInfo(name, _EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            target.writestr(info, source.read(name))
    return buffer.getvalue()
