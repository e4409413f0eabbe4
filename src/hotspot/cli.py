"""The command ``hotspot``: a thin face on the library."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from . import __version__, cli_classify, cli_explore, cli_registry, cli_report, cli_watch
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
)
from ._typer_zh import ChineseTyper

if TYPE_CHECKING:
    from .run import Run

app = ChineseTyper(
    "12345 热线工单：发现热点，起草月报，建议性质与承办单位。全部在本机运行，不联网。", no_args_is_help=True
)
app.add_typer(cli_report.app)
app.add_typer(cli_explore.app)
app.add_typer(cli_registry.app)
app.add_typer(cli_classify.app)
app.add_typer(cli_watch.app)

_CSV_FILES = (
    "hotspots.csv 热点表、issues.csv 事项表、assignments.csv 逐件归属、focus.md 热点聚焦草稿、run.json 运行记录"
)


def _version(show: bool) -> None:
    if show:
        typer.echo(f"hotspot {__version__}")
        raise typer.Exit


@app.callback()
def main(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="显示版本。")] = False,
) -> None:
    """Run before every command."""


@app.command(help="找出一个月的热点和事项，起草“热点聚焦”。")
def detect(
    orders: Orders,
    *,
    month: Month = None,
    settings: SettingsFile = None,
    column: Columns = None,
    encoding: Encoding = None,
    sheet: Sheet = None,
    model: Model = None,
    top: Annotated[int | None, typer.Option(min=1, help="列出并起草几个热点；默认列 10 个，起草数见设置。")] = None,
    out: Annotated[Path, typer.Option("--out", "-o", help="结果写到哪个文件夹。")] = Path("hotspot-out"),
    registry: RegistryFolder = None,
    guidance: GuidanceFile = None,
    evidence: Annotated[bool, typer.Option("--evidence/--no-evidence", help="草稿是否注明依据的工单编号。")] = True,
    writer: Annotated[
        bool | None,
        typer.Option("--writer/--no-writer", help="是否请语言模型改写草稿（地址见设置的 [writer]）；默认按设置。"),
    ] = None,
) -> None:
    """Find hotspots and issues and draft the section on them."""
    with errors_told():
        from .guidance import load_guidance
        from .output import check_writable
        from .run import run_detection, write_run
        from .settings import load_settings

        check_writable(out / "run.json")
        chosen = load_settings(settings)
        if writer is not None:
            chosen = chosen.model_copy(update={"writer": chosen.writer.model_copy(update={"enabled": writer})})
        said = load_guidance(guidance) if guidance else None
        with _progress() as step:
            run = run_detection(
                orders, chosen, month=month, columns=column_pairs(column or []), encoding=encoding, sheet=sheet,
                model=model, registry=registry, guidance=said, progress=step,
            )  # fmt: skip
        written = write_run(run, out, evidence=evidence, hotspots=top)
        _show(run, top or 10)
        _tell(run, written, out)


class _progress:  # noqa: N801
    """A progress bar on standard error, on a terminal only: the steps of a run, by name."""

    _STEPS = 8

    def __enter__(self) -> "_progress":
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

        self._bar = Progress(
            TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(),
            console=Console(stderr=True), transient=True,
        )  # fmt: skip
        self._bar.start()
        self._task = self._bar.add_task("开始", total=self._STEPS)
        return self

    def __call__(self, name: str) -> None:
        self._bar.update(self._task, description=name, advance=1)

    def __exit__(self, *_: object) -> None:
        self._bar.stop()


def _show(run: "Run", most: int) -> None:
    """Print the ranked table."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    from .detection.heat import PART_NAMES

    table = Table(title=f"热点（{len(run.result.orders)} 件工单）", box=box.SIMPLE_HEAD, show_lines=True, expand=True)
    for heading, width in (
        ("名次", 4),
        ("标题", None),
        ("工单", 4),
        ("热度", 12),
        ("时间", 11),
        ("地点", None),
        ("诉求", None),
    ):
        ratio = None if width else 3 if heading == "诉求" else 2
        table.add_column(heading, width=width, ratio=ratio, overflow="fold")
    for row, item in zip(run.result.hotspots.head(most).to_dict("records"), run.focus.items, strict=False):
        parts = "\n".join(
            f"{name} {row[f'heat_{part}']:.2f}"
            for part, name in PART_NAMES.items()
            if row[f"heat_{part}"] == row[f"heat_{part}"]
        )
        when = f"{row['first']:%m-%d}至\n{row['last']:%m-%d}\n最多 {row['peak']:%m-%d}"
        demands = "\n".join(f"{i}、{clause.text}" for i, clause in enumerate(item.demands, 1))
        table.add_row(
            str(row["rank"]),
            row["title"] + _since(row),
            str(row["orders"]),
            f"{row['heat']}\n{parts}",
            when,
            row["places"],
            demands,
        )
    console = Console(width=None if Console().is_terminal else 160)
    if len(run.result.hotspots):
        console.print(table)
    else:
        console.print("没有够得上热点的问题：工单太少，或彼此都不相干。")


def _since(row: dict[Any, Any]) -> str:
    """Say what a hotspot is watched for, and what it is to the month before, where a registry knows."""
    watched = f"\n〔关注：{row['watched']}〕" if row.get("watched") else ""
    if not row.get("status"):
        return watched + (f"\n〔{row['topic']}〕" if row.get("topic") else "")
    before = f"，上次 {row['previous_orders']} 件" if row["previous_orders"] else ""
    return f"{watched}\n〔{row['topic']} {row['status']}{before}〕"


def _tell_guidance(run: "Run") -> None:
    """Say what became of each thing that the user said."""
    for outcome in run.result.guidance:
        note = f"{outcome.rule.id} {outcome.rule}：{outcome.note}"
        typer.secho(
            note if outcome.applied else f"{note}（这条本月没有用上）", fg=None if outcome.applied else "yellow"
        )


def _tell_topics(run: "Run") -> None:
    """Say which topics of the month before have faded, and what they are compared with."""
    about = run.record.get("registry")
    if about is None or run.topics is None:
        return
    if not about["compared_with"]:
        typer.echo(f"已登记 {about['month']} 的 {about['topics']} 个话题；登记册里没有更早的月份，下月起可以对照。")
        return
    faded = run.topics[run.topics["status"].eq("回落") & run.topics[about["month"]].eq(0)]
    named = [name or title for name, title in zip(faded["name"], faded["title"], strict=True)]
    counts = "、".join(f"{status} {count} 个" for status, count in about["statuses"].items())
    typer.echo(
        f"与 {about['compared_with']} 对照：{counts}。" + (f"不再是热点的：{'；'.join(named)}。" if named else "")
    )


def _tell(run: "Run", written: list[Path], out: Path) -> None:
    """Say what was set aside and which files to open."""
    counts = run.record["counts"]
    callers = f"来电人 {counts['callers']} 名" if counts["callers"] else "表中没有能区分来电人的号码"
    typer.echo(
        f"共 {counts['orders']} 件工单（不同内容 {counts['distinct_texts']} 条，{callers}）；"
        f"归并事项 {counts['issues']} 个、热点 {counts['hotspots']} 个，{counts['orders_in_hotspots']} 件在热点内。"
    )
    if counts["rows_repeated"]:
        typer.echo(f"平台重复导出的 {counts['rows_repeated']} 行只计一次。")
    if run.record.get("note"):
        typer.secho(f"注意：{run.record['note']}", fg="yellow", err=True)
    if run.record.get("writer", {}).get("note"):
        typer.secho(f"注意：{run.record['writer']['note']}", fg="yellow", err=True)
    if counts["rows_rejected"]:
        typer.secho(
            f"有 {counts['rows_rejected']} 行不能用，原因逐行写在 {out / 'rejected.csv'}。", fg="yellow", err=True
        )
    _tell_guidance(run)
    _tell_topics(run)
    typer.echo(f"结果在 {out}：{_CSV_FILES}。先看 {out / 'focus.md'} 和 {out / 'hotspots.csv'}。")


if __name__ == "__main__":
    app()
