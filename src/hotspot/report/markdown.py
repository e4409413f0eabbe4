"""The report as Markdown: for reading, comparing and keeping under version control."""

from .layout import MARK, block_problems, numbered_blocks
from .model import Block, Chart, Document, Heading, Paragraph, Section, Sentence, Table, Topic

__all__ = ["to_markdown"]


def to_markdown(document: Document, *, evidence: bool = True) -> str:
    """Lay a report out as Markdown.

    Parameters
    ----------
    document : Document
        The report.
    evidence : bool
        Whether sentences that come from orders carry footnotes with the orders' ids.

    Returns
    -------
    str
        Ends with a newline.
    """
    notes: list[str] = []
    lines = [document.head, ""] if document.head else []
    lines += ["# " + "<br>".join(document.title), ""]
    for section in document.sections:
        lines += [f"## {section.heading}", ""]
        for block, number in numbered_blocks(section):
            lines += _block(document, section, block, number, notes if evidence else None)
    lines += _closing(document)
    if document.annex is not None:
        lines += [f"## 附件：{document.annex.title}".replace(":", "\uff1a"), "", *_table(document.annex), ""]
        found = [str(p) for p in document.problems if p.section == "附件"]
        lines += [line for p in found for line in (f"**{MARK.format(p)}**", "")]
    lines += [line for label, value in document.closing.lines for line in (f"{label}\uff1a{value}", "")]
    lines += [f"> {note}\n" for note in document.notes]
    lines += notes
    return "\n".join(lines).rstrip("\n") + "\n"


def _block(document: Document, section: Section, block: Block, number: str, notes: list[str] | None) -> list[str]:
    lines: list[str] = []
    if isinstance(block, Heading):
        lines = [f"### {number}{block.text}", ""]
    elif isinstance(block, Topic):
        lines = [f"### {number}{block.heading}", ""]
        lines += ["".join(_sentence(s, notes) for s in (block.lead, *block.demands)), ""]
    elif isinstance(block, Paragraph):
        text = "".join(_sentence(s, notes) for s in block.sentences)
        lines = [f"*{text}*" if block.note else text, ""]
    elif isinstance(block, Table):
        lines = [*_table(block), ""]
    elif isinstance(block, Chart):
        lines = []
    marks = [f"**{MARK.format(p.message)}**" for p in block_problems(document, section.heading, block)]
    return lines + [line for mark in marks for line in (mark, "")]


def _sentence(sentence: Sentence, notes: list[str] | None) -> str:
    if notes is None or not sentence.orders:
        return sentence.text
    number = len(notes) + 1
    notes.append(f"[^{number}]: {'、'.join(sentence.orders)}")
    return f"{sentence.text}[^{number}]"


def _table(table: Table) -> list[str]:
    lines = [
        "| " + " | ".join(table.columns) + " |",
        "|" + "|".join([" --- "] + [" ---: "] * (len(table.columns) - 1)) + "|",
    ]
    for row in table.rows:
        lines.append("| " + " | ".join(c if isinstance(c, str) else c.text for c in row) + " |")
    return lines


def _closing(document: Document) -> list[str]:
    closing = document.closing
    lines = [f"附件\uff1a{closing.annex}", ""] if document.annex is not None else []
    lines += [closing.signature, ""] if closing.signature else []
    return [*lines, closing.date.strip() and closing.date, ""]
