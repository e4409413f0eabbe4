"""Drafting: hotspots to sentences, each with the orders that it rests on."""

from .focus import Clause, Focus, FocusItem, draft_focus, title_hotspots
from .issue_titles import issue_titles
from .writer import Rewritten, rewrite_focus

__all__ = [
    "Clause",
    "Focus",
    "FocusItem",
    "Rewritten",
    "draft_focus",
    "issue_titles",
    "rewrite_focus",
    "title_hotspots",
]
