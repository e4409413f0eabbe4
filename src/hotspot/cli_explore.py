"""The command ``hotspot explore``: a month as one web page to look around in."""

from pathlib import Path
from typing import Annotated

import typer

from ._console import column_pairs, errors_told
from .errors import OutputError

app = typer.Typer(add_completion=False)

_SUFFIXES = (".html", ".htm")


@app.command(help="把一个月的热点、地图、日期和工单做成一个网页，双击打开，不联网。")
def explore(
    orders: Annotated[str, typer.Argument(metavar="工单表", help="CSV、TSV、XLSX、XLS、Parquet;- 为标准输入。")],
    *,
    out: Annotated[Path, typer.Option("--out", "-o", help="网页写到哪个文件。")] = Path("热点浏览.html"),
    month: Annotated[str | None, typer.Option("--month", "-m", help="只看这个月，如 2022-06；默认整张表。")] = None,
    settings: Annotated[Path | None, typer.Option("--settings", "-s", help="设置文件（TOML）。")] = None,
    column: Annotated[list[str] | None, typer.Option(help="指明表头，如 内容=诉求详情；可写多个。")] = None,
    encoding: Annotated[str | None, typer.Option(help="文本文件的编码，默认 UTF-8 或 GB18030。")] = None,
    sheet: Annotated[str | None, typer.Option(help="Excel 工作表名，默认自动找。")] = None,
    model: Annotated[str | None, typer.Option(help="语句模型的文件夹或名称，默认用随附的。")] = None,
    top: Annotated[int | None, typer.Option(min=1, help="页面上列几个热点，默认全部。")] = None,
    registry: Annotated[
        Path | None, typer.Option(help="登记册文件夹：认出往月的热点，记下本月的；没有就新建。", show_default=False)
    ] = None,
    guidance: Annotated[
        Path | None,
        typer.Option(help="意见文件（hotspot guide 写出）；默认用登记册里的。", show_default=False),
    ] = None,
) -> None:
    """Find hotspots and make the page that shows them."""
    with errors_told():
        if out.suffix.lower() not in _SUFFIXES:
            raise OutputError(f"不会写“{out.name}”。网页文件应以 .html 结尾，如 -o 热点浏览.html。")
        from .explorer import explore as page_of
        from .guidance import load_guidance
        from .output import write_atomically
        from .run import run_detection
        from .settings import load_settings

        def say(step: str) -> None:
            typer.secho(f"· {step}", fg="bright_black", err=True)

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
