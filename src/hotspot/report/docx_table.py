"""Tables in Word: two heading rows that repeat on each page, columns wide enough to read."""

from typing import Any

from docx.document import Document as WordDocument
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_ROW_HEIGHT_RULE, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.table import _Cell, _Row

from .docx_styles import BODY_WIDTH_MM, set_font
from .model import Part, Table
from .numbers import text_width

__all__ = ["add_table", "column_widths"]

_SIZE = Pt(9)
_ROW_HEIGHT = Mm(5.6)
_NAME_MM, _RATE_MM, _WIDE_MM, _NARROW_MM, _MARGIN_MM = 30.5, 13.0, 10.4, 7.6, 0.3
_NAME_INDENT = Mm(1)
_LINE = Pt(11.5)


def column_widths(table: Table) -> list[float]:
    """Share the page's width: each column fits its heading in one or two lines, names one line if they can.

    Returns
    -------
    list of float
        Millimetres; they add up to the width of the text.
    """
    widths = [_RATE_MM if c == "满意率" else _WIDE_MM if len(c) > 2 else _NARROW_MM for c in table.columns[1:]]
    longest = max((text_width(_text(row[0])) for row in table.rows), default=0)
    wanted = longest * _SIZE.mm + 2 * _MARGIN_MM + _NAME_INDENT.mm + 1
    name = max(_NAME_MM, min(wanted, BODY_WIDTH_MM - sum(widths)))
    stretch = min(1.8, (BODY_WIDTH_MM - name) / sum(widths)) if widths else 1.0
    widths = [w * stretch for w in widths]
    return [BODY_WIDTH_MM - sum(widths), *widths]


def add_table(word: WordDocument, table: Table, fonts: dict[str, str]) -> None:
    """Append a table to a document."""
    has_groups = any(span > 1 for _, span in table.groups)
    heads = 2 if has_groups else 1
    grid = word.add_table(rows=heads + len(table.rows), cols=len(table.columns), style="Table Grid")
    grid.alignment, grid.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    _fixed(grid)
    widths = [Mm(w) for w in column_widths(table)]
    for column, width in zip(grid.columns, widths, strict=True):
        column.width = width
    rows = list(grid.rows)
    for row in rows:
        row.height, row.height_rule = _ROW_HEIGHT, WD_ROW_HEIGHT_RULE.AT_LEAST
        _flag(row, "cantSplit")
    cells = [list(row.cells) for row in rows]
    for row in rows[:heads]:
        _flag(row, "tblHeader")
    _headings(table, cells, has_groups, fonts["heading"])
    for at, values in enumerate(table.rows, heads):
        bold = table.has_total and at == len(rows) - 1
        for i, value in enumerate(values):
            _write(cells[at][i], _text(value), fonts["heading"] if bold else fonts["body"], name=i == 0 and not bold)
    for row in cells:
        for cell, width in zip(row, widths, strict=True):
            cell.width = width


def _headings(table: Table, cells: list[list[_Cell]], has_groups: bool, font: str) -> None:
    at = 0
    for label, span in table.groups if has_groups else ():
        joins_rows = span == 1 and label == table.columns[at]
        if joins_rows:
            cell = cells[0][at].merge(cells[1][at])
        else:
            cell = cells[0][at].merge(cells[0][at + span - 1])
            for i in range(at, at + span):
                _write(cells[1][i], table.columns[i], font, heading=True)
        _write(cell, label, font, heading=joins_rows)
        at += span
    if not has_groups:
        for i, label in enumerate(table.columns):
            _write(cells[0][i], label, font, heading=True)


def _text(part: Part) -> str:
    return part if isinstance(part, str) else part.text


def _write(cell: _Cell, text: str, font: str, *, name: bool = False, heading: bool = False) -> None:
    for extra in cell.paragraphs[1:]:
        extra._p.getparent().remove(extra._p)
    paragraph = cell.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.LEFT if name else WD_ALIGN_PARAGRAPH.CENTER
    form = paragraph.paragraph_format
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, _LINE
    form.left_indent = _NAME_INDENT if name else None
    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    if len(text) == 4 and heading:  # 基本满意 breaks in the middle, not before its last character
        text = f"{text[:2]}\n{text[2:]}"
    set_font(paragraph.add_run(text), font, _SIZE)


def _flag(row: _Row, name: str) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement(f"w:{name}"))


def _fixed(grid: Any) -> None:
    """Fix the layout and narrow the cells' inner margins, so that '100%' fits its column."""
    properties = grid._tbl.tblPr
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), str(int(_MARGIN_MM * 56.7)))
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    properties.append(margins)
