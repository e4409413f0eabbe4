"""The command ``hotspot explore``: a month as one web page to look around in."""

from pathlib import Path
from typing import Annotated

import typer

from ._console import (
    Columns,
    Encoding,
    GuidanceFile,
    Model,
    Month,
    Orders,
    RegistryFolder,
    SettingsFile,
    Sheet,
    column_pairs,
    errors_told,
    say,
)
from ._typer_zh import ChineseTyper
from .errors import OutputError

app = ChineseTyper()

_SUFFIXES = (".html", ".htm")


@app.command(help="把一个月的热点、地图、日期和工单做成一个网页，双击打开，不联网。")
def explore(
    orders: Orders,
    *,
    out: Annotated[Path, typer.Option("--out", "-o", help="网页写到哪个文件。")] = Path("热点浏览.html"),
    month: Month = None,
    settings: SettingsFile = None,
    column: Columns = None,
    encoding: Encoding = None,
    sheet: Sheet = None,
    model: Model = None,
    top: Annotated[int | None, typer.Option(min=1, help="页面上列几个热点，默认全部。")] = None,
    registry: RegistryFolder = None,
    guidance: GuidanceFile = None,
) -> None:
    """Find hotspots and make the page that shows them."""
    with errors_told():
        if out.suffix.lower() not in _SUFFIXES:
            raise OutputError(f"不会写“{out.name}”。网页文件应以 .html 结尾，如 -o 热点浏览.html。")
        from .explorer import explore as page_of
        from .guidance import load_guidance
        from .output import check_writable, write_atomically
        from .run import run_detection
        from .settings import load_settings

        check_writable(out)
        run = run_detection(
            orders, load_settings(settings), month=month, columns=column_pairs(column or []), encoding=encoding,
            sheet=sheet, model=model, registry=registry, guidance=load_guidance(guidance) if guidance else None,
            progress=say,
        )  # fmt: skip
        say("排布地图，写网页")
        page = page_of(run.result, run.focus, source=run.file.source, top=top)
        write_atomically(out, page)
    counts = run.record["counts"]
    typer.echo(f"共 {counts['orders']} 件工单、{counts['hotspots']} 个热点，页面 {len(page.encode()) / 1e6:.1f} MB。")
    if counts["rows_rejected"]:
        typer.secho(
            f"注意：有 {counts['rows_rejected']} 行不能用，未计入（hotspot detect 会列出是哪些行、为什么）。",
            fg="yellow",
            err=True,
        )
    typer.echo(f"请打开 {out}（双击即可，不联网；文字已遮盖号码和人名，仍请按工单保管）。")
