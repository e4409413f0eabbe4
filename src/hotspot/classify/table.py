"""Orders for training and routing: a text is all they need; id, time, place and label are used where they are there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from ..errors import OrdersError
from ..orders.columns import labels as column_labels
from ..orders.columns import match_columns, standard_value
from ..orders.dates import parse_times
from ..orders.reading import RawTable, frame_cells, parse, read_bytes
from ..privacy import full_name, mask

__all__ = ["read_frame", "read_table"]

_PAD = {"order_id": "message_id", "created": "datetime"}
"""Headings that stand in for columns a file may lack: the last ones of the alias lists, so the file's own go before."""
_MAX_TEXT = 20_000
MISSING_LABELS = frozenset({"", "nan", "none", "null", "-", "—", "/"})


def read_table(
    source: str | Path, target: str | None = None, *, columns: Mapping[str, str] | None = None
) -> pd.DataFrame:
    """Read a file of orders, masked, one row a record and in the file's order.

    Parameters
    ----------
    source : str or Path
        CSV, TSV, XLSX, XLS or Parquet.
    target : str, optional
        Label column: its heading in the file, or the English or Chinese name of a standard column (department,
        承办单位 …).
    columns : mapping of str to str, optional
        Standard column to the file's heading.

    Returns
    -------
    pandas.DataFrame
        order_id, text (title and content), place, created, and label where `target` is given.

    Raises
    ------
    OrdersError
        No text column, or no such label column.
    """
    name = Path(str(source)).name
    return _read(parse(read_bytes(source), name), name, target, columns)


def read_frame(
    frame: pd.DataFrame, target: str | None = None, *, columns: Mapping[str, str] | None = None
) -> pd.DataFrame:
    """Read a DataFrame as `read_table` reads a file."""
    return _read(frame_cells(frame), "DataFrame", target, columns)


def _read(raw: RawTable, name: str, target: str | None, columns: Mapping[str, str] | None) -> pd.DataFrame:
    cells = raw.cells.loc[:, ~raw.cells.columns.duplicated()]
    if cells.empty:
        raise OrdersError(f"{name} 只有表头，没有工单。现有表头：{'、'.join(c for c in cells.columns if c)}。")
    label = _label_heading(list(cells.columns), target) if target else None
    headings = [c for c in cells.columns if c != label]
    chosen = _match(headings, columns)
    used = {c: cells[h].fillna("").str.strip() for c, h in chosen.items() if h in cells.columns}
    blank = pd.Series("", index=cells.index, dtype="str")
    title, body = used.get("title", blank), used.get("text", blank)
    names = used.get("caller_name", blank)
    texts = [
        mask(_joined(t, b), full_name(n)) for t, b, n in zip(title.tolist(), body.tolist(), names.tolist(), strict=True)
    ]
    table = pd.DataFrame(
        {
            "order_id": used.get("order_id", pd.Series(range(1, len(cells) + 1), index=cells.index).astype("str")),
            "text": texts,
            "place": [mask(p) for p in used.get("place", blank).tolist()],
            "created": parse_times(used.get("created", blank)),
        }
    )
    if label is not None and target is not None:
        table["label"] = _clean_labels(cells[label], target)
    return table.reset_index(drop=True)


def _joined(title: str, body: str) -> str:
    title, body = title.strip(), body.strip()[:_MAX_TEXT]
    if not title or body.startswith(title):
        return body or title
    return f"{title}\n{body}" if body else title


def _clean_labels(values: pd.Series, target: str) -> pd.Series:
    clean = values.fillna("").str.strip()
    clean = clean.where(~clean.str.lower().isin(list(MISSING_LABELS)), "")
    if target in ("nature", "性质"):
        clean = clean.map(lambda v: standard_value("nature", v) if v else "")
    return clean


def _label_heading(headings: Sequence[str], target: str) -> str:
    """Find the label column: the heading itself, else the column that the alias table takes for the standard one."""
    if target in headings:
        return target
    by_label = {name: column for column, name in column_labels().items()}
    column = by_label.get(target, target)
    if column in column_labels():
        found = _match(headings, None, need_text=False).get(column)
        if found in headings:
            return str(found)
    shown = "、".join(h for h in headings if h)
    raise OrdersError(f"表中没有“{target}”这一列，不能用它作标签。现有表头：{shown}。")


def _match(headings: Sequence[str], given: Mapping[str, str] | None, *, need_text: bool = True) -> dict[str, str]:
    """Match columns as for a report, but need a text only."""
    pads = [pad for pad in _PAD.values() if pad not in headings]
    padded = [*headings, *pads]
    try:
        chosen = match_columns(padded, given)
    except OrdersError:
        if need_text:
            shown = "、".join(h for h in headings if h)
            raise OrdersError(
                f"找不到工单内容一列（诉求内容、留言详情、text 等）。现有表头：{shown}。"
                "可这样指明：--column 内容=你的表头"
            ) from None
        chosen = match_columns([*padded, "text"], given)
    return {c: h for c, h in chosen.items() if h not in pads}
