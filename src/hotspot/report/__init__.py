"""The monthly report: every section, figure and table from the orders, checked against them before it is written.

`build_report` makes and checks the document, `write_report` lays it out as Word, HTML or Markdown.
"""

from .build import Report, build_report
from .history import PastMonth, load_history
from .knowledge import read_knowledge
from .outputs import render, write_report

__all__ = ["PastMonth", "Report", "build_report", "load_history", "read_knowledge", "render", "write_report"]
