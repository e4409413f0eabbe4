"""The report before it is a file: sections of sentences and tables whose every figure carries its own definition.

A `Figure` holds the text that is printed and the counts it stands for; `checks` counts these anew from the rows and
compares. The faces (docx, html, markdown) only lay the document out: they compute nothing.
"""

from dataclasses import dataclass, field
from typing import Literal

__all__ = [
    "Block",
    "Chart",
    "Closing",
    "Count",
    "Document",
    "Figure",
    "Heading",
    "Paragraph",
    "Problem",
    "Section",
    "Sentence",
    "Series",
    "Table",
    "Topic",
    "TopicOrder",
]

Query = tuple[tuple[str, str], ...]
"""Columns and the values they must have: all of them."""


@dataclass(frozen=True)
class Count:
    """A number of rows, or the sum of a column over them.

    Attributes
    ----------
    where : tuple of (column, value)
        Conditions that hold together.
    table : str
        ``orders`` (the month), ``knowledge``, or an earlier month such as ``2022-05``.
    total : str
        Column that is summed; empty: rows are counted.
    """

    where: Query = ()
    table: str = "orders"
    total: str = ""


Rule = Literal[
    "count",
    "share",
    "complement",
    "sum_share",
    "growth",
    "decline",
    "more",
    "fewer",
    "median_hours",
    "span_hours",
    "distinct",
]
"""How a figure follows from its counts a, b, c, d: a; a/b; (b-a)/b; (a+b)/(c-d); (a-b)/b; (b-a)/b; a-b; b-a;
median, span and number of different values of a column.

The rules growth and more need a > b, decline and fewer a < b: a sentence cannot say that what fell has risen."""


@dataclass(frozen=True)
class Figure:
    """A printed figure and what it stands for.

    Attributes
    ----------
    text : str
        As printed, without its unit of count.
    rule : str
        How it follows from `counts`.
    counts : tuple of Count
        What it is made of.
    meaning : str
        In Chinese, for the list of evidence.
    """

    text: str
    rule: Rule
    counts: tuple[Count, ...]
    meaning: str


Part = str | Figure


@dataclass(frozen=True)
class Sentence:
    """A sentence, in parts, with the orders it rests on.

    Attributes
    ----------
    parts : tuple of str or Figure
        Text and figures in turn.
    orders : tuple of str
        Ids of the orders behind it; a sentence of figures alone rests on their definitions.
    quoted : bool
        Whether its words come from the orders: then each number in it must occur in them.
    """

    parts: tuple[Part, ...]
    orders: tuple[str, ...] = ()
    quoted: bool = False

    @property
    def text(self) -> str:
        """The sentence as printed."""
        return "".join(p if isinstance(p, str) else p.text for p in self.parts)

    @property
    def figures(self) -> tuple[Figure, ...]:
        """Its figures."""
        return tuple(p for p in self.parts if isinstance(p, Figure))


@dataclass(frozen=True)
class Heading:
    """A heading inside a section ((一)…)."""

    text: str


@dataclass(frozen=True)
class Paragraph:
    """Sentences that stand together; `note` marks what the analyst should know and may strike."""

    sentences: tuple[Sentence, ...]
    note: bool = False

    @property
    def text(self) -> str:
        """The paragraph as printed."""
        return "".join(s.text for s in self.sentences)


@dataclass(frozen=True)
class TopicOrder:
    """An order as the HTML report shows it: masked."""

    order_id: str
    created: str
    unit: str
    title: str
    text: str


@dataclass(frozen=True)
class Topic:
    """A hotspot as told: its heading, its paragraph, and what lies behind each demand."""

    heading: str
    hotspot: str
    lead: Sentence
    demands: tuple[Sentence, ...]
    orders: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A table whose cells are text or figures.

    Attributes
    ----------
    name : str
        ``annex`` for the annexed table.
    groups : tuple of (str, int)
        First heading row: label and the columns it spans; a span of 1 with an empty group joins both heading rows.
    columns : tuple of str
        Second heading row.
    rows : tuple of tuple
        Body; the last row is the total where `has_total`.
    """

    name: str
    title: str
    groups: tuple[tuple[str, int], ...]
    columns: tuple[str, ...]
    rows: tuple[tuple[Part, ...], ...]
    has_total: bool = False


@dataclass(frozen=True)
class Series:
    """One line or one set of bars."""

    name: str
    values: tuple[int, ...]


@dataclass(frozen=True)
class Chart:
    """What a chart shows, for matplotlib and for the browser alike."""

    name: str
    title: str
    kind: Literal["bar", "stacked", "line"]
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    note: str = ""


Block = Heading | Paragraph | Topic | Table | Chart


@dataclass(frozen=True)
class Section:
    """One numbered section."""

    key: str
    heading: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Closing:
    """What stands under the text: signature, date, and the lines after the annex."""

    signature: str
    date: str
    annex: str
    lines: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Problem:
    """Something in the report that does not agree with something else.

    Attributes
    ----------
    section : str
        Heading of the section.
    excerpt : str
        The sentence or cell.
    message : str
        What does not agree, in Chinese.
    """

    section: str
    excerpt: str
    message: str

    def __str__(self) -> str:
        """Return one line for a list."""
        return f"{self.section}:{self.message}(“{self.excerpt}”)"


@dataclass(frozen=True)
class Document:
    """A whole report."""

    head: str
    red_head: bool
    title: tuple[str, ...]
    month: str
    sections: tuple[Section, ...]
    annex: Table | None
    closing: Closing
    orders: dict[str, TopicOrder] = field(repr=False)
    notes: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
