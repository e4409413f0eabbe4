"""The report as a Word file."""

import io
from datetime import datetime
from typing import Any

import pandas as pd

from .._fonts import chinese_font
from ..settings import ReportSettings
from .charts import chart_png
from .layout import MARK, NOTE, block_problems, numbered_blocks
from .model import Chart, Document, Heading, Section, Sentence, Table, Topic
from .model import Paragraph as TextParagraph
from .numbers import text_width

__all__ = ["to_docx"]


def to_docx(document: Document, settings: ReportSettings | None = None) -> bytes:
    """Lay a report out as a Word file, by GB/T 9704.

    Parameters
    ----------
    document : Document
        The report.
    settings : ReportSettings, optional
        Its fonts.

    Returns
    -------
    bytes
        The file; the same report gives the same bytes.

    """
    writer = _Writer(document, settings or ReportSettings())
    return writer.write()


class _Writer:
    def __init__(self, document: Document, settings: ReportSettings) -> None:
        from .docx_styles import styled_document

        self.document = document
        self.fonts = settings.fonts
        self.word = styled_document(self.fonts)

    def write(self) -> bytes:
        from .docx_styles import page_number_footers, stable_zip

        self._head()
        for section in self.document.sections:
            self._section(section)
        self._signature()
        if self.document.annex is not None:
            self._annex(self.document.annex)
        self._colophon()
        page_number_footers(self.word, self.fonts["footer"])
        self._properties()
        buffer = io.BytesIO()
        self.word.save(buffer)
        return stable_zip(buffer.getvalue())

    def _properties(self) -> None:
        end = pd.Period(self.document.month, freq="M").end_time
        stamp = datetime(end.year, end.month, end.day)
        properties = self.word.core_properties
        properties.title, properties.author = "".join(self.document.title), self.document.head
        properties.created = properties.modified = stamp
        properties.last_modified_by, properties.comments, properties.language = "", "", "zh-CN"

    def _paragraph(self, text: str = "", style: str = "Normal", *, first: int = 0) -> Any:
        from .docx_styles import hint_chinese, indent_chars

        paragraph = self.word.add_paragraph(style=style)
        if text:
            hint_chinese(paragraph.add_run(text))
        if first:
            indent_chars(paragraph, first=first)
        return paragraph

    def _head(self) -> None:
        from docx.enum.text import WD_ALIGN_PARAGRAPH
        from docx.shared import Pt

        from .docx_styles import RED, add_rule, set_font

        head = self.document.head
        if head:
            paragraph = self._paragraph()
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            size = _fitting(head, 16, 36)
            paragraph.paragraph_format.line_spacing = Pt(size + 16)
            run = paragraph.add_run(head)
            set_font(run, self.fonts["title"], Pt(size))
            if self.document.red_head:
                run.font.color.rgb = RED
                add_rule(paragraph, "bottom", 18, "C00000")
            self._paragraph()
        for line in self.document.title:
            self._paragraph(line, "Title")
        self._paragraph()

    def _section(self, section: Section) -> None:
        self._paragraph(section.heading, "Heading 1", first=2)
        for block, number in numbered_blocks(section):
            if isinstance(block, Heading):
                self._paragraph(number + block.text, "Heading 2", first=2)
            elif isinstance(block, Topic):
                self._paragraph(number + block.heading, "Heading 2", first=2)
                self._sentences((block.lead, *block.demands))
            elif isinstance(block, TextParagraph) and block.note:
                self._mark(NOTE.format(block.text))
            elif isinstance(block, TextParagraph):
                self._sentences(block.sentences)
            elif isinstance(block, Table):
                self._table(block)
            else:
                self._chart(block)
            for problem in block_problems(self.document, section.heading, block):
                self._mark(MARK.format(problem.message))

    def _sentences(self, sentences: tuple[Sentence, ...]) -> None:
        from docx.enum.text import WD_ALIGN_PARAGRAPH

        paragraph = self._paragraph("".join(s.text for s in sentences), first=2)
        paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY

    def _mark(self, text: str) -> None:
        from docx.enum.text import WD_COLOR_INDEX

        run = self._paragraph(text, first=2).runs[0]
        run.font.highlight_color = WD_COLOR_INDEX.YELLOW

    def _chart(self, chart: Chart) -> None:
        from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
        from docx.shared import Mm, Pt

        from .docx_styles import BODY_WIDTH_MM

        if chinese_font() is None:
            return
        paragraph = self._paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        form = paragraph.paragraph_format
        form.line_spacing_rule, form.space_before, form.space_after = WD_LINE_SPACING.SINGLE, Pt(6), Pt(6)
        picture = paragraph.add_run().add_picture(io.BytesIO(chart_png(chart)), width=Mm(BODY_WIDTH_MM))
        picture._inline.docPr.set("descr", _described(chart))
        if chart.note:
            self._paragraph(chart.note, first=2)

    def _signature(self) -> None:
        from docx.enum.text import WD_ALIGN_PARAGRAPH

        from .docx_styles import indent_chars

        closing = self.document.closing
        together = [self.word.paragraphs[-1], self._paragraph()]  # no signature on a page without text
        if self.document.annex is not None:
            annex = self._paragraph(f"附件\uff1a{closing.annex}")
            indent_chars(annex, left=5, hanging=3)
            together += [annex, self._paragraph()]
        for text, right in ((closing.signature, 2), (closing.date, 4)):
            if text:
                paragraph = self._paragraph(text)
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
                indent_chars(paragraph, right=right)
                together.append(paragraph)
        for paragraph in together[:-1]:
            paragraph.paragraph_format.keep_with_next = True

    def _annex(self, annex: Table) -> None:
        from docx.enum.text import WD_ALIGN_PARAGRAPH
        from docx.shared import Pt

        from .docx_styles import set_font

        label = self._paragraph()
        label.paragraph_format.page_break_before = True
        set_font(label.add_run("附件"), self.fonts["heading"])
        title = self._paragraph()
        title.alignment = WD_ALIGN_PARAGRAPH.CENTER
        set_font(title.add_run(annex.title), self.fonts["title"], Pt(_fitting(annex.title, 12, 16)))
        title.paragraph_format.space_after = Pt(6)
        self._table(annex)
        for problem in self.document.problems:
            if problem.section == "附件":
                self._mark(MARK.format(problem))

    def _table(self, table: Table) -> None:
        from .docx_table import add_table

        add_table(self.word, table, self.fonts)

    def _colophon(self) -> None:
        from docx.shared import Pt

        from .docx_styles import FOOT_SIZE, add_rule, indent_chars

        lines = self.document.closing.lines
        if not lines:
            return
        self._paragraph()
        for i, (label, value) in enumerate(lines):
            paragraph = self._paragraph(f"{label}\uff1a{value}")
            paragraph.runs[0].font.size = FOOT_SIZE
            indent_chars(paragraph, left=len(label) + 2, right=1, hanging=len(label) + 1, size=FOOT_SIZE)
            paragraph.paragraph_format.line_spacing = Pt(24)
            paragraph.paragraph_format.keep_together = True
            paragraph.paragraph_format.keep_with_next = i < len(lines) - 1
            if i == 0:
                add_rule(paragraph, "top")
            if i == len(lines) - 1:
                add_rule(paragraph, "bottom")


def _fitting(text: str, least: int, most: int) -> int:
    """Return the size of type, in points, at which a text fits on one line."""
    return max(least, min(most, int(440 / text_width(text))))


def _described(chart: Chart) -> str:
    """Say in words what a chart shows, for those who do not see it."""
    first = chart.series[0]
    shown = "、".join(f"{label}{value}" for label, value in list(zip(chart.labels, first.values, strict=True))[:8])
    return f"{chart.title}\uff1a{first.name} {shown}"
