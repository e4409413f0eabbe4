"""The list of evidence: each figure with its definition, each sentence with its orders."""

from collections.abc import Iterator

import pandas as pd

from .html import meaning
from .layout import numbered_blocks
from .model import Count, Document, Figure, Paragraph, Sentence, Topic
from .month import Month

__all__ = ["evidence_table"]

_MOST_IDS = 200


def evidence_table(document: Document, month: Month) -> pd.DataFrame:
    """List what each sentence, figure and cell of a report rests on.

    Parameters
    ----------
    document : Document
        The report.
    month : Month
        The orders it was made from.

    Returns
    -------
    pandas.DataFrame
        Columns 章节, 文字, 数字, 依据, 工单数, 工单编号. Ids are left out where there are more than 200: the definition
        says which they are.
    """
    rows = [row for section, sentence in _sentences(document) for row in _of_sentence(section, sentence, month)]
    if document.annex is not None:
        for cells in document.annex.rows:
            rows += [_of_figure("附件", str(cells[0]), c, month) for c in cells[1:] if isinstance(c, Figure) and c.text]
    return pd.DataFrame(rows, columns=["章节", "文字", "数字", "依据", "工单数", "工单编号"])


def _sentences(document: Document) -> Iterator[tuple[str, Sentence]]:
    for section in document.sections:
        for block, _ in numbered_blocks(section):
            if isinstance(block, Paragraph):
                yield from ((section.heading, s) for s in block.sentences)
            elif isinstance(block, Topic):
                yield from ((section.heading, s) for s in (block.lead, *block.demands))


def _of_sentence(section: str, sentence: Sentence, month: Month) -> Iterator[tuple[str, ...]]:
    for figure in sentence.figures:
        yield _of_figure(section, sentence.text, figure, month)
    if sentence.orders:
        ids = sentence.orders
        yield (
            section,
            sentence.text,
            "",
            "文字取自所列工单" if sentence.quoted else "所列工单",
            str(len(ids)),
            "、".join(ids),
        )


def _of_figure(section: str, text: str, figure: Figure, month: Month) -> tuple[str, ...]:
    ids = _ids(figure.counts[0], month)
    shown = "、".join(ids) if 0 < len(ids) <= _MOST_IDS else ""
    return section, text, figure.text, meaning(figure), str(len(ids)) if ids else "", shown


def _ids(count: Count, month: Month) -> list[str]:
    """Return the month's orders that a count is made of; none where it is of another table."""
    if count.table != "orders":
        return []
    rows = month.cases
    for column, value in count.where:
        rows = rows[rows[column] == value]
    if count.total in ("yellow_cards", "red_cards"):
        rows = rows[rows[count.total] > 0]
    return sorted(rows["order_id"])
