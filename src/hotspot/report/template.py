"""An office's own Word template, filled through docxtpl. Its fields have Chinese names: ``templates/字段说明.md``."""

import io
import zipfile
from importlib.resources import files
from pathlib import Path
from typing import Any

from .._fonts import chinese_font
from ..errors import ReportError
from ..orders.columns import NATURES
from .charts import chart_png
from .layout import MARK, NOTE, block_problems, numbered_blocks
from .model import Chart, Document, Heading, Paragraph, Section, Table, Topic
from .month import Month

__all__ = ["example_template", "template_fields", "to_template"]

_SECTIONS = {
    "overview": "基本情况",
    "focus": "热点聚焦",
    "emergency": "应急处置",
    "satisfaction": "红黄牌和满意率",
    "knowledge": "知识库",
}


def example_template() -> bytes:
    """Return the template that ships with the package."""
    return (files("hotspot.report") / "templates" / "office.docx").read_bytes()


def to_template(document: Document, month: Month, template: str | Path) -> bytes:
    """Fill an office's template.

    Parameters
    ----------
    document : Document
        The report.
    month : Month
        The orders it was made from.
    template : path
        A ``.docx`` with fields.

    Returns
    -------
    bytes
        The Word file.

    Raises
    ------
    ReportError
        The template cannot be read, or names a field that there is not.
    """
    import jinja2
    from docxtpl import DocxTemplate

    from .docx_styles import stable_zip

    name = Path(template).name
    if not Path(template).is_file():
        raise ReportError(f"找不到模板：{template}。可用 hotspot settings init --template 模板.docx 得到一份样例。")
    if not zipfile.is_zipfile(template):
        raise ReportError(f"模板 {name} 打不开。应是 Word 的 .docx 文件（旧的 .doc 请先另存为 .docx）。")
    try:
        word = DocxTemplate(str(template))
        fields = template_fields(document, month, word)
        word.render(fields, jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined))
    except jinja2.UndefinedError as error:
        raise ReportError(f"模板 {name} 用了没有的字段（{error.message}）。可用字段：{'、'.join(fields)}。") from error
    except jinja2.TemplateError as error:
        raise ReportError(f"模板 {name} 的字段写法不对：{error}。每个 {{% … %}} 都要有对应的结束标记。") from error
    except (OSError, ValueError, KeyError) as error:
        raise ReportError(f"模板 {name} 打不开（{error}）。应是 Word 的 .docx 文件。") from error
    buffer = io.BytesIO()
    word.save(buffer)
    return stable_zip(buffer.getvalue())


def template_fields(document: Document, month: Month, word: Any = None) -> dict[str, Any]:
    """Return all fields that a template can name.

    Parameters
    ----------
    document, month : Document, Month
        The report.
    word : docxtpl.DocxTemplate, optional
        Where charts go; without it they are left out.
    """
    closing = document.closing
    year, number = document.month.split("-")
    rate = month.satisfaction("满意率") if "satisfaction" in month.knows else None
    sections = {s.key: [*_paragraphs(document, s, word)] for s in document.sections}
    return {
        "版头": document.head,
        "标题": "\n".join(document.title),
        "年": year,
        "月": str(int(number)),
        "工单总量": str(month.total),
        "满意率": rate.text if rate else "",
        "性质": [_nature(month, n) for n in NATURES],
        "各节": [{"标题": s.heading, "段落": sections[s.key]} for s in document.sections],
        **{name: sections[key] for key, name in _SECTIONS.items()},
        "附表标题": closing.annex if document.annex else "",
        "附表": _rows(document.annex),
        "落款": closing.signature,
        "日期": closing.date,
        "版记": [{"项": label, "内容": value} for label, value in closing.lines],
        "需核对": [str(p) for p in document.problems],
    }


def _nature(month: Month, name: str) -> dict[str, str]:
    share = month.share(name, (("nature", name),))
    return {"名称": name, "件数": str(month.number((("nature", name),))), "占比": share.text if share else ""}


def _paragraphs(document: Document, section: Section, word: Any) -> list[dict[str, Any]]:
    """Return a section's paragraphs: 类型 is 小标题, 正文 or 图."""
    found: list[dict[str, Any]] = []
    for block, number in numbered_blocks(section):
        marks = "".join(MARK.format(p.message) for p in block_problems(document, section.heading, block))
        if isinstance(block, Heading):
            found.append({"类型": "小标题", "文字": number + block.text})
        elif isinstance(block, Topic):
            found.append({"类型": "小标题", "文字": number + block.heading})
            text = "".join(s.text for s in (block.lead, *block.demands))
            found.append({"类型": "正文", "文字": text + marks})
        elif isinstance(block, Paragraph):
            text = NOTE.format(block.text) if block.note else block.text
            found.append({"类型": "正文", "文字": text + marks})
        elif isinstance(block, Chart) and word is not None and chinese_font() is not None:
            found.append({"类型": "图", "文字": block.title, "图": _picture(word, block)})
    return found


def _picture(word: Any, chart: Chart) -> Any:
    from docx.shared import Mm
    from docxtpl import InlineImage

    return InlineImage(word, io.BytesIO(chart_png(chart)), width=Mm(150))


def _rows(annex: Table | None) -> list[dict[str, str]]:
    if annex is None:
        return []
    names = ["单位", "总数", *annex.columns[2:]]
    return [
        {name: part if isinstance(part, str) else part.text for name, part in zip(names, row, strict=True)}
        for row in annex.rows
    ]
