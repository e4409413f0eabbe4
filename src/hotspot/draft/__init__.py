"""Drafting: hotspots to sentences, each with the orders that it rests on."""

from .focus import Clause, Focus, FocusItem, draft_focus

__all__ = ["Clause", "Focus", "FocusItem", "draft_focus"]
