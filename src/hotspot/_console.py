"""What the commands share: errors in a line, and pairs given on the command line."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import typer

from .errors import HotspotError, SettingsError

__all__ = ["column_pairs", "errors_told", "fail"]


def fail(error: HotspotError) -> NoReturn:
    """Say an error in a line on standard error, and end with exit code 1."""
    typer.secho(f"错误：{error}", fg="red", err=True)
    raise typer.Exit(1) from None


@contextmanager
def errors_told() -> Iterator[None]:
    """Turn the library's errors into a line on standard error and exit code 1."""
    try:
        yield
    except HotspotError as error:
        fail(error)


def column_pairs(given: list[str]) -> dict[str, str]:
    """Read pairs such as ``内容=诉求详情``: standard column to heading."""
    columns = {}
    for pair in given:
        name, mark, heading = pair.partition("=")
        if not mark or not name.strip() or not heading.strip():
            raise SettingsError(f"--column {pair} 写法不对，应如 内容=诉求详情。")
        columns[name.strip()] = heading.strip()
    return columns
