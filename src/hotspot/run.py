"""One run of the main job: an orders file in, hotspots, the drafted section and the audit trail out."""

import json
import platform
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pandas as pd

from . import __version__
from .detection import DetectionResult, Outcome, detect
from .draft import Focus, draft_focus, issue_titles, rewrite_focus, title_hotspots
from .guidance import FILE as GUIDANCE_FILE
from .guidance import Guidance, load_guidance
from .orders import OrderFile, load_orders, only_month, select_month
from .orders.table import counting_column, months_note
from .output import csv_bytes, write_files
from .registry import Registry
from .settings import Settings
from .signatures import example_texts

__all__ = ["Run", "run_detection", "write_run"]

_DEPENDENCIES = ("numpy", "pandas", "scikit-learn", "scipy", "rjieba", "sparse-dot-topn", "model2vec")
DRAFTED = 30
"""Hotspots that are drafted at the least; those below keep the title of their most central order."""
_TIMES = ("first", "last", "peak", "burst_first", "burst_last")


@dataclass(frozen=True)
class Run:
    """A run of detection on a file.

    Attributes
    ----------
    file : OrderFile
        What was read, and what was set aside.
    result : DetectionResult
        What was found; its hotspots carry the drafted titles.
    focus : Focus
        The hottest, drafted.
    record : dict
        The audit trail: input and its checksum, versions, settings, counts. The same input gives the same record.
    topics : pandas.DataFrame or None
        With a registry: a line for every known topic (`Registry.topics`).
    """

    file: OrderFile
    result: DetectionResult
    focus: Focus
    record: dict[str, Any]
    topics: pd.DataFrame | None = None


def run_detection(
    source: str | Path,
    settings: Settings,
    *,
    month: str | None = None,
    columns: Mapping[str, str] | None = None,
    encoding: str | None = None,
    sheet: str | None = None,
    model: str | None = None,
    registry: str | Path | None = None,
    guidance: Guidance | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> Run:
    """Read an orders file, find its hotspots and draft them.

    Parameters
    ----------
    source : str or pathlib.Path
        Orders file; ``-`` for standard input.
    settings : Settings
        All settings.
    month : str, optional
        Such as ``2022-06``; by default all orders of the file.
    columns : mapping of str to str, optional
        Standard column to the file's heading, before those of the settings.
    encoding, sheet : str, optional
        As in `load_orders`.
    model : str, optional
        Sentence model, before that of the settings.
    registry : str or pathlib.Path, optional
        Folder of the registry in which the month is recorded; the hotspots are told with their topics.
    guidance : Guidance, optional
        What the user wants kept in mind; by default, with a registry, what is in its ``guidance.toml``.
    progress : callable, optional
        Called with the Chinese name of each step as it begins.

    Raises
    ------
    HotspotError
        As the steps raise it.
    """
    book = Registry(registry) if registry is not None else None
    guidance = _guidance(guidance, book)
    progress("读取工单")
    file = load_orders(source, columns={**settings.columns, **(columns or {})}, encoding=encoding, sheet=sheet)
    orders = select_month(file.orders, month) if month else file.orders
    known_month = ""
    if book:
        known_month = _registry_month(orders, month)
        guidance = book.informed(guidance, known_month)
    result = detect(orders, settings, model=model, progress=progress, guidance=guidance)
    if book and book.has_names:  # else there is nothing to be recognised for before the month is recorded
        result = _with_known_names(result, book, known_month)
    progress("起草热点聚焦")
    focus = draft_focus(result, hotspots=max(DRAFTED, settings.draft.hotspots))
    written = None
    if settings.writer.enabled:
        progress("语言模型改写")
        written = rewrite_focus(focus, result, settings.writer, settings.draft.hotspots)
        focus = written.focus
    title_hotspots(result, focus)
    result.issues["title"] = issue_titles(result)
    record = _record(file, month, result)
    if note := months_note(orders):
        record["note"] = note
    if written is not None:
        record["writer"] = {**written.record, "note": written.note}
    if guidance.rules:
        record["guidance"] = [_outcome(each) for each in result.guidance]
    if book is None:
        return Run(file, result, focus, record)
    progress("登记热点")
    known = book.record(result, known_month)
    result = replace(result, hotspots=result.hotspots.merge(known, on="hotspot", validate="one_to_one"))
    record["registry"] = _registry_record(book, known_month, known)
    return Run(file, result, focus, record, book.topics(known_month))


def _guidance(given: Guidance | None, book: Registry | None) -> Guidance:
    """Return what the user said: what is given, or else what lies in the registry's folder."""
    kept = book.path / GUIDANCE_FILE if book else None
    if given is None and kept and kept.is_file():
        return load_guidance(kept)
    return given or Guidance()


def _outcome(outcome: Outcome) -> dict[str, Any]:
    rule = outcome.rule
    return {"id": rule.id, "kind": rule.kind, "said": str(rule), "applied": outcome.applied, "note": outcome.note}


def _registry_month(orders: pd.DataFrame, month: str | None) -> str:
    """Return the month that orders are registered under: the one asked for, or the only one that they are of."""
    if month is None:
        return only_month(orders)
    return str(orders[counting_column(orders)].dropna().dt.to_period("M").iloc[0])


def _with_known_names(result: DetectionResult, book: Registry, month: str) -> DetectionResult:
    """Give hotspots that are known topics the names that the user gave these, unless he named the hotspot itself."""
    names = {hotspot: book.name_of(topic) for hotspot, topic in book.recognise(result, month).items()}
    return replace(result, names={hotspot: name for hotspot, name in names.items() if name} | dict(result.names))


def _registry_record(book: Registry, month: str, known: pd.DataFrame) -> dict[str, Any]:
    statuses = known["status"][known["status"].ne("")].value_counts().sort_index()
    return {
        "month": month,
        "compared_with": book.month_before(month),
        "months": book.months,
        "topics": len(book.topic_ids),
        "statuses": {str(status): int(count) for status, count in statuses.items()},
    }


def _record(file: OrderFile, month: str | None, result: DetectionResult) -> dict[str, Any]:
    placed = result.assignments
    return {
        "hotspot": __version__,
        "python": platform.python_version(),
        "packages": {name: version(name) for name in _DEPENDENCIES},
        "model": result.encoder.name,
        "input": {
            "file": file.source,
            "sha256": file.sha256,
            "encoding": file.encoding,
            "columns": file.columns,
        },
        "month": month or "",
        "counts": {
            "orders_read": len(file.orders),
            "rows_rejected": len(file.rejected),
            "rows_repeated": file.repeated,
            "orders": len(result.orders),
            "distinct_texts": result.distinct_texts,
            "callers": int(result.orders["caller"].replace("", pd.NA).nunique()),
            "issues": len(result.issues),
            "hotspots": len(result.hotspots),
            "orders_in_issues": int(placed["issue"].ne("").sum()),
            "orders_in_hotspots": int(placed["hotspot"].ne("").sum()),
        },
        "settings": result.settings.model_dump(mode="json"),
    }


def write_run(run: Run, folder: str | Path, *, evidence: bool = True, hotspots: int | None = None) -> list[Path]:
    """Write the results of a run into a folder: all files or none.

    Parameters
    ----------
    run : Run
    folder : str or pathlib.Path
        Where to.
    evidence : bool, default True
        Whether ``focus.md`` carries the order ids behind each clause.
    hotspots : int, optional
        How many hotspots ``focus.md`` tells of; by default as the settings say.

    Returns
    -------
    list of pathlib.Path
        hotspots.csv, issues.csv, assignments.csv, focus.md, run.json, rejected.csv where rows were set aside,
        and topics.csv with a registry.

    Raises
    ------
    OutputError
        A file cannot be written; what was there before is untouched.
    """
    told = hotspots or run.result.settings.draft.hotspots
    contents: dict[str, bytes | str] = {
        "hotspots.csv": csv_bytes(_dated(run.result.hotspots)),
        "issues.csv": csv_bytes(_dated(run.result.issues)),
        "assignments.csv": csv_bytes(_told(run.result)),
        "focus.md": Focus(run.focus.items[:told]).to_markdown(evidence),
        "run.json": json.dumps(run.record, ensure_ascii=False, indent=2, sort_keys=True) + "\n",
    }
    if len(run.file.rejected):
        contents["rejected.csv"] = csv_bytes(run.file.rejected)
    if run.topics is not None:
        contents["topics.csv"] = csv_bytes(run.topics)
    written = write_files(folder, contents)
    for name in {"rejected.csv", "topics.csv"} - contents.keys():
        (Path(folder) / name).unlink(missing_ok=True)  # of an earlier run into the same folder
    return written


def _dated(table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(
        **{name: table[name].dt.strftime("%Y-%m-%d") for name in _TIMES if name in table and len(table)}
    )


def _told(result: DetectionResult) -> pd.DataFrame:
    """Return the assignments with each order's unit and what it says in short, so that they can be read by themselves.

    It is also all that ``hotspot guide`` needs to know a hotspot again.
    """
    return result.assignments.assign(
        department=result.orders["department"].to_numpy(), text=example_texts(result.orders)
    )
