"""The registry: the same topic under the same id, month after month."""

from .registry import Registry

__all__ = ["Registry"]
