"""Write a report's files: the report itself in each form asked for, its evidence, its record. All or none."""

import json
from collections.abc import Sequence
from pathlib import Path

from ..errors import ReportError
from ..output import csv_bytes, write_files
from .build import Report
from .evidence import evidence_table

__all__ = ["FORMATS", "render", "write_report"]

FORMATS = (".docx", ".html", ".md")


def render(report: Report, suffix: str, template: str | Path | None = None) -> bytes:
    """Lay a report out in one form.

    Parameters
    ----------
    report : Report
        As `build_report` gives it.
    suffix : str
        ``.docx``, ``.html`` or ``.md``.
    template : path, optional
        An office's own template, for ``.docx``.

    Raises
    ------
    ReportError
        The form is not known.
    """
    if suffix == ".docx" and template is not None:
        from .template import to_template

        return to_template(report.document, report.month, template)
    if suffix == ".docx":
        from .docx import to_docx

        return to_docx(report.document, report.month.settings.report)
    if suffix == ".html":
        from .html import to_html

        return to_html(report.document).encode()
    if suffix == ".md":
        from .markdown import to_markdown

        return to_markdown(report.document).encode()
    raise ReportError(f"不会写“{suffix or '没有后缀的文件'}”。输出文件应以 {'、'.join(FORMATS)} 结尾。")


def write_report(report: Report, paths: Sequence[str | Path], template: str | Path | None = None) -> list[Path]:
    """Write a report, and beside the first file its evidence (CSV) and its record (JSON, for later months).

    Parameters
    ----------
    report : Report
        As `build_report` gives it.
    paths : sequence of path
        One or several of ``.docx``, ``.html``, ``.md``.
    template : path, optional
        An office's own template, for ``.docx``.

    Returns
    -------
    list of pathlib.Path
        All files written.

    Raises
    ------
    ReportError, OutputError
        Nothing is written then.
    """
    targets = [Path(p) for p in paths]
    contents = {target: render(report, target.suffix.lower(), template) for target in targets}
    first = targets[0]
    contents[first.with_suffix(".evidence.csv")] = csv_bytes(evidence_table(report.document, report.month))
    record = json.dumps(report.record, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
    contents[first.with_suffix(".run.json")] = record.encode()
    folders: dict[Path, dict[str, bytes | str]] = {}
    for path, content in contents.items():
        folders.setdefault(path.parent, {})[path.name] = content
    return [path for folder, files in folders.items() for path in write_files(folder, files)]
