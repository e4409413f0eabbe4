"""Commands of the monthly report: ``hotspot report`` and ``hotspot settings init``."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ._console import Columns, Encoding, Orders, SettingsFile, column_pairs, errors_told, say
from ._typer_zh import ChineseTyper
from .errors import SettingsError

if TYPE_CHECKING:
    from .report.model import Document
    from .settings import Settings

app = ChineseTyper()
settings_app = ChineseTyper("设置文件。", no_args_is_help=True)
app.add_typer(settings_app, name="settings")


@app.command(help="写出整份月度工作情况报告，写前自行核对。")
def report(
    orders: Orders,
    *,
    out: Annotated[
        list[Path] | None, typer.Option("--out", "-o", help="输出文件：.docx、.html 或 .md；可写多个。默认 报告.docx。")
    ] = None,
    month: Annotated[str, typer.Option("--month", "-m", help="月份，如 2022-06；表中只有一个月时可省。")] = "",
    settings: SettingsFile = None,
    template: Annotated[Path | None, typer.Option(help="本单位的 Word 模板（只用于 .docx）。")] = None,
    history: Annotated[
        list[Path] | None, typer.Option(help="往月工单表或往月报告的 .run.json，用于同比环比；可写多个。")
    ] = None,
    knowledge: Annotated[Path | None, typer.Option(help="知识库上传记录表。")] = None,
    column: Columns = None,
    encoding: Encoding = None,
    date: Annotated[str | None, typer.Option(help="成文日期，如 2022-07-29。")] = None,
    top: Annotated[int | None, typer.Option(min=1, help="热点聚焦写几个热点。")] = None,
    model: Annotated[str | None, typer.Option(help="语句模型的文件夹或名称。")] = None,
    charts: Annotated[bool, typer.Option("--charts/--no-charts", help="是否放图表。")] = True,
    force: Annotated[bool, typer.Option("--force", help="前后不一也写出，并在文中标明。")] = False,
) -> None:
    """Write the whole monthly report, checked."""
    from .report.outputs import write_report
    from .report.produce import Inputs, produce_report

    targets = out or [Path("报告.docx")]
    with errors_told():
        _check_targets(targets, template)
        chosen = _settings(settings, date=date, top=top, model=model, charts=charts)
        _check_inputs(chosen, [*(history or ()), *([knowledge] if knowledge else [])])
        inputs = Inputs(orders, month, history or (), knowledge, column_pairs(column or []), encoding, force)
        made = produce_report(inputs, chosen, say)
        written = write_report(made, targets, template)
    notes = (*made.document.notes, *_left_open(chosen, made.document))
    _tell(written, notes, [str(p) for p in made.document.problems])


def _left_open(settings: "Settings", document: "Document") -> list[str]:
    """Say what is to be filled in or struck before the report is sent."""
    from .report.model import Paragraph

    left = []
    if not settings.office.name:
        left.append("没有热线办全称，版头和落款空着（设置 office.name；hotspot settings init 可建设置文件）。")
    if not settings.report.date:
        left.append("成文日期留空待填（--date 或设置 report.date 可指定）。")
    blocks = [block for section in document.sections for block in section.blocks]
    remarks = sum(isinstance(block, Paragraph) and block.note for block in blocks)
    if remarks:
        left.append(f"文中有 {remarks} 处提示（Word 文件中为黄底方括号），报送前请补写或删去。")
    return left


def _tell(written: list[Path], notes: tuple[str, ...], problems: list[str]) -> None:
    for path in written:
        typer.echo(f"已写出 {path}")
    for text in notes:
        typer.secho(f"注意：{text}", fg="yellow", err=True)
    if problems:
        typer.secho(f"注意：有 {len(problems)} 处前后不一，已在文中标明：", fg="yellow", err=True)
        for text in problems:
            typer.echo(f"  {text}", err=True)
    typer.echo(f"请打开 {written[0]}。")


def _check_targets(out: list[Path], template: Path | None) -> None:
    """Refuse what cannot be written before the work starts, not after it."""
    from .errors import ReportError
    from .output import check_writable
    from .report.outputs import FORMATS

    for path in out:
        if path.suffix.lower() not in FORMATS:
            raise ReportError(f"不会写“{path.name}”。输出文件应以 {'、'.join(FORMATS)} 结尾。")
    if len(set(out)) < len(out):
        raise ReportError("--out 里有重复的文件。")
    if template is not None and not any(p.suffix.lower() == ".docx" for p in out):
        raise ReportError("--template 只用于 Word 文件：请让 --out 以 .docx 结尾。")
    if template is not None and not template.is_file():
        raise ReportError(f"找不到模板：{template}。可用 hotspot settings init --template 模板.docx 得到一份样例。")
    for path in out:
        check_writable(path)


def _check_inputs(chosen: "Settings", files: list[Path]) -> None:
    """Refuse before the work starts a date that cannot be written, and files that are not there."""
    from .orders.reading import check_there
    from .report.build import written_date

    written_date(chosen.report.date)
    for path in files:
        check_there(path)


def _settings(path: Path | None, *, date: str | None, top: int | None, model: str | None, charts: bool) -> "Settings":
    """Read the settings and put the command's own choices over them."""
    from .settings import load_settings

    chosen = load_settings(path)
    changes: dict[str, object] = {}
    if date is not None or not charts:
        over = ({"date": date} if date is not None else {}) | ({} if charts else {"charts": False})
        changes["report"] = chosen.report.model_copy(update=over)
    if top is not None:
        changes["draft"] = chosen.draft.model_copy(update={"hotspots": top})
    if model is not None:
        changes["model"] = model
    return chosen.model_copy(update=changes)


@settings_app.command("init", help="建一份设置文件：逐项提问，或写出带说明的样板。")
def init(
    path: Annotated[Path, typer.Argument(metavar="设置文件", help="写到哪里。")] = Path("settings.toml"),
    ask: Annotated[bool, typer.Option("--ask/--no-ask", help="逐项提问；--no-ask 直接写出带说明的样板。")] = True,
    template: Annotated[Path | None, typer.Option(help="同时写出一份 Word 模板样例。")] = None,
    force: Annotated[bool, typer.Option("--force", help="已有文件时覆盖。")] = False,
) -> None:
    """Write a settings file to start from."""
    from .output import write_atomically
    from .report.initial import QUESTIONS, settings_text

    with errors_told():
        for target in (path, template):
            if target is not None and target.exists() and not force:
                raise SettingsError(f"{target} 已经存在。换个名字，或加 --force 覆盖。")
        answers = {}
        if ask:
            typer.echo("逐项填写，直接回车则空着，以后可在文件里改。")
            for key, question, hint in QUESTIONS:
                label = f"{question}（{hint}）" if hint else question
                answers[key] = typer.prompt(label, default="", show_default=False)
        write_atomically(path, settings_text(answers))
        typer.echo(f"已写出 {path}")
        if template is not None:
            from .report.template import example_template

            write_atomically(template, example_template())
            typer.echo(f"已写出 {template}")
