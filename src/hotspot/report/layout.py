"""What all faces share: sub-headings numbered, problems looked up."""

from collections.abc import Iterator

from .model import Block, Document, Heading, Paragraph, Problem, Section, Topic
from .numbers import chinese_number

__all__ = ["MARK", "NOTE", "block_problems", "numbered_blocks", "problems_of"]

MARK = "【请核对：{}】".replace(":", "\uff1a")
NOTE = "【{}】"
"""How a remark for the analyst stands in a Word file: to be seen, and struck before the report is sent."""


def numbered_blocks(section: Section) -> Iterator[tuple[Block, str]]:
    """Yield a section's blocks, headings and topics with their number, such as (一); others with ''."""
    number = 0
    for block in section.blocks:
        if isinstance(block, (Heading, Topic)):
            number += 1
            yield block, f"\uff08{chinese_number(number)}\uff09"
        else:
            yield block, ""


def problems_of(document: Document, section: str, text: str) -> list[Problem]:
    """Return the problems found in a sentence or row of a section."""
    return [p for p in document.problems if p.section == section and p.excerpt == text]


def block_problems(document: Document, section: str, block: Block) -> list[Problem]:
    """Return the problems found anywhere in a block."""
    if isinstance(block, Paragraph):
        texts = [s.text for s in block.sentences]
    elif isinstance(block, Topic):
        texts = [block.lead.text, *(d.text for d in block.demands)]
    else:
        texts = [getattr(block, "title", "")]
    return [p for t in texts for p in problems_of(document, section, t)]
