"""Orders: a platform's export in, a checked and masked table out."""

from .table import (
    COLUMNS,
    OrderFile,
    OrderStream,
    load_orders,
    only_month,
    orders_from_frame,
    read_orders,
    select_month,
)

__all__ = [
    "COLUMNS", "OrderFile", "OrderStream", "load_orders", "only_month", "orders_from_frame", "read_orders",
    "select_month",
]  # fmt: skip
