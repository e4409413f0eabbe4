"""What the commands share: options, errors in a line, steps told, and pairs given on the command line."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from ._typer_zh import say_in_red
from .errors import HotspotError, SettingsError

__all__ = [
    "Columns", "Encoding", "GuidanceFile", "Model", "Month", "Orders", "RegistryFolder", "SettingsFile",
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


def fail(error: HotspotError) -> NoReturn:
    """Say an error in a line on standard error, and end with exit code 1."""
    say_in_red(f"错误：{error}")
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
