"""Pictures of what was found."""

from .positions import map_positions

__all__ = ["map_positions"]
