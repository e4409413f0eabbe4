"""What the commands share: options, errors in a line, steps told, and pairs given on the command line."""

import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from typer.core import TyperGroup

from .errors import HotspotError, SettingsError

__all__ = [
    "ChineseGroup", "Columns", "Encoding", "GuidanceFile", "Model", "Month", "Orders", "RegistryFolder", "SettingsFile",
    "Sheet", "column_pairs", "errors_told", "fail", "say",
]  # fmt: skip

Orders = Annotated[str, typer.Argument(metavar="工单表", help="CSV、TSV、XLSX、XLS、Parquet；- 为标准输入。")]
Month = Annotated[str | None, typer.Option("--month", "-m", help="只看这个月，如 2022-06；默认整张表。")]
SettingsFile = Annotated[Path | None, typer.Option("--settings", "-s", help="设置文件（TOML）。")]
Columns = Annotated[list[str] | None, typer.Option("--column", help="指明表头，如 内容=诉求详情；可写多个。")]
Encoding = Annotated[str | None, typer.Option(help="文本文件的编码，默认 UTF-8 或 GB18030。")]
Sheet = Annotated[str | None, typer.Option(help="Excel 工作表名，默认自动找。")]
Model = Annotated[str | None, typer.Option(help="语句模型的文件夹或名称，默认用随附的。")]
RegistryFolder = Annotated[
    Path | None,
    typer.Option(help="登记册文件夹：认出往月的热点，记下本月的；没有就新建。", show_default=False),
]
GuidanceFile = Annotated[
    Path | None, typer.Option(help="意见文件（hotspot guide 写出）；默认用登记册里的。", show_default=False)
]


_CHINESE = (
    (r"Missing argument '(.+)'\.?", r"缺少“\1”。"),
    (r"Missing option '(.+)'\.?", r"缺少选项 \1。"),
    (r"Missing command\.", "缺少命令。"),
    (r"No such command '(.+?)'\.", r"没有“\1”这个命令。"),
    (r"No such option: (\S+)", r"没有 \1 这个选项。"),
    (r" ?\(?Did you mean (?:one of: )?(.+?)\?\)?", r"是不是 \1？"),
    (r" ?\(?Possible options: (.+)\)", r"是不是 \1？"),
    (r"Option '(.+)' requires .*", r"选项 \1 后面缺少值。"),
    (r"Got unexpected extra arguments?(?:\(s\))? \((.+)\)", r"多出了“\1”。一段文字里有空格时，请用引号括起来。"),
    (r"Invalid value for '(.+?)': (?:Value error, )?", r"\1 的值不能用："),
    (r"'(\S*)' is not one of (.+?)\.", r"“\1”不在 \2 之中。"),
    (r"(?:Input should be a valid|'\S*' is not a valid) (?:int|float|number).*", "应是数字。"),
    (r"Input should be greater than or equal to (\S+)", r"不能小于 \1。"),
    (r"Input should be less than or equal to (\S+)", r"不能大于 \1。"),
    (r"(\S+) is not in the range (.+)\.", r"\1 不在 \2 的范围内。"),
)
"""What Typer says of a command line that it cannot read, by its versions, and what is said instead."""
_Mistake: type[Any] = typer.BadParameter.__mro__[2]  # ClickException, which Typer takes from click or brings itself


class ChineseGroup(TyperGroup):
    """The commands; a mistake on the command line is told in Chinese."""

    def main(self, args: Sequence[str] | None = None, *rest: Any, standalone_mode: bool = True, **extra: Any) -> Any:
        """Run a command, and end the process as Typer does."""
        run = partial(super().main, args, *rest, **extra)
        if not standalone_mode:
            return run(standalone_mode=False)
        try:
            sys.exit(run(standalone_mode=False))
        except _Mistake as mistake:
            _tell_mistake(mistake)
            sys.exit(mistake.exit_code)
        except typer.Abort:
            _say_in_red("已中止。")
            sys.exit(1)


def _tell_mistake(mistake: Any) -> None:
    context = getattr(mistake, "ctx", None)
    said = mistake.format_message()
    if context is not None and said == context.get_help():
        typer.echo(said, err=True)
        return
    for english, chinese in _CHINESE:
        said = re.sub(english, chinese, said)
    _say_in_red(f"错误：{said}")
    if context is not None:
        usage = context.get_usage().replace("[OPTIONS]", "[选项]").replace("COMMAND [ARGS]...", "命令 …")
        typer.echo("用法：" + re.sub(r"^Usage: |[{}]", "", usage), err=True)
        typer.echo(f"各选项的说明：{context.command_path} --help", err=True)


def _say_in_red(text: str) -> None:
    typer.secho(text, fg="red", err=True)


def fail(error: HotspotError) -> NoReturn:
    """Say an error in a line on standard error, and end with exit code 1."""
    _say_in_red(f"错误：{error}")
    raise typer.Exit(1) from None


@contextmanager
def errors_told() -> Iterator[None]:
    """Turn the library's errors into a line on standard error and exit code 1."""
    try:
        yield
    except HotspotError as error:
        fail(error)


def say(step: str) -> None:
    """Tell a step on standard error."""
    typer.secho(f"· {step}", fg="bright_black", err=True)


def column_pairs(given: list[str]) -> dict[str, str]:
    """Read pairs such as ``内容=诉求详情``: standard column to heading."""
    columns = {}
    for pair in given:
        name, mark, heading = pair.partition("=")
        if not mark or not name.strip() or not heading.strip():
            raise SettingsError(f"--column {pair} 写法不对，应如 内容=诉求详情。")
        columns[name.strip()] = heading.strip()
    return columns
