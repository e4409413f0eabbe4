"""The command ``hotspot watch``: orders as they come."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ._console import Columns, Model, SettingsFile, column_pairs, errors_told, say
from ._typer_zh import ChineseTyper

if TYPE_CHECKING:
    from .watch import Alarm, Placement

app = ChineseTyper()
_RESULTS = {
    "assignments.csv": "逐件归属",
    "alerts.jsonl": "提醒及依据",
    "issues.csv": "现有事项",
    "rejected.csv": "不能用的行",
}


@app.command(help="盯住不断写入的工单：逐件归到事项，突增和险情马上提醒。按 Ctrl-C 停止，下次接着看。")
def watch(
    orders: Annotated[
        str, typer.Argument(metavar="工单文件", help="不断追加的 CSV（带表头）或 JSON 行文件；- 为标准输入。")
    ],
    *,
    out: Annotated[Path, typer.Option("--out", "-o", help="结果写到哪个文件夹；再次使用会接着上次。")] = Path("watch"),
    once: Annotated[bool, typer.Option("--once", help="读完现有的就停，并按整月的办法重新归并一次。")] = False,
    history: Annotated[str | None, typer.Option(help="以往的工单表，用来知道平时有多少。")] = None,
    registry: Annotated[str | None, typer.Option(help="话题登记册的文件夹。")] = None,
    settings: SettingsFile = None,
    column: Columns = None,
    encoding: Annotated[str | None, typer.Option(help="文件的编码，默认 UTF-8 或 GB18030。")] = None,
    model: Model = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="只显示提醒，不逐件显示。")] = False,
) -> None:
    """Follow orders as they come."""
    with errors_told():
        from .settings import load_settings
        from .watch.session import Inputs, Told, run_watch

        chosen = load_settings(settings)
        inputs = Inputs(orders, out, once, history, registry, column_pairs(column or []), encoding, model)
        counts = run_watch(inputs, chosen, Told(lambda p, alarms: _show(p, alarms, quiet), say))
        typer.echo(
            f"本次看了 {counts.orders} 件工单，提醒 {counts.alarms} 次，{counts.rejected} 行不能用。{_there(out)}"
        )


def _there(out: Path) -> str:
    """Say which results are there."""
    found = [f"{name} {what}" for name, what in _RESULTS.items() if (out / name).exists()]
    return f"结果在 {out}：{'、'.join(found)}。" if found else "还没有结果。"


def _show(placement: "Placement", alarms: "list[Alarm]", quiet: bool) -> None:
    if not quiet:
        where = f"{placement.issue} {placement.title}（{placement.likeness:.2f}）" if placement.issue else ""
        typer.echo(f"{placement.order_id}  {placement.decision}  {where}".rstrip())
    for alarm in alarms:
        typer.secho(f"【{alarm.kind}】{alarm.created} {alarm.text.partition('：')[2]}", fg="red", bold=True)
