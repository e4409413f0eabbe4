"""Typer in Chinese: its help, and what it says of a command line that it cannot read.

Typer's own words pass through gettext in some versions and in some places only, so that no catalogue would reach them
all. They are put into Chinese where every version lets them be: by the formatter of help texts, which a context names,
and by the group that catches the mistakes.
"""

import re
import sys
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

__all__ = ["ChineseTyper", "say_in_red"]

_Context: type[Any] = TyperGroup.context_class  # Typer takes it from click, or brings it itself
_Formatter: type[Any] = _Context.formatter_class
_Mistake: type[Any] = typer.BadParameter.__mro__[2]  # ClickException

_HEADINGS = {"Options": "选项", "Arguments": "参数", "Commands": "命令"}
_TYPES = (
    (r"<(?:list\[)?str\]?>|\bTEXT\b", "<文字>"),
    (r"<(?:list\[)?(?:path|Path)\]?>|\bPATH\b", "<路径>"),
    (r"<int(?: range)?>|\bINTEGER(?: RANGE)?\b", "<整数>"),
)
_EXPLANATIONS = (
    (r"^Show this message and exit\.$", "显示这份说明。"),
    (r"\\\[", "["),  # as some versions write it for rich, which is not used
    (r"\[default: ", "[默认："),
    (r"(?<=[\[ ])(\S+)<=x<=(\S+)\]$", r"\1 至 \2]"),
    (r"(?<=[\[ ])x>=(\S+)\]$", r"至少 \1]"),
    (r"(?<=[\[ ])required\]$", "必填]"),
    (r"; (?=[^\[]*\]$)", "；"),
)
_MISTAKES = (
    (r"Missing argument '(.+)'\.?", r"缺少“\1”。"),
    (r"Missing option '(.+)'\.?", r"缺少选项 \1。"),
    (r"Missing command\.", "缺少命令。"),
    (r"No such command '(.+?)'\.", r"没有“\1”这个命令。"),
    (r"No such option: (\S+)", r"没有 \1 这个选项。"),
    (r"[.。]? ?\(?Did you mean (?:one of: )?(.+?)\?\)?", r"。是不是 \1？"),
    (r" ?\(?Possible options: (.+)\)", r"是不是 \1？"),
    (r"Option '(.+)' requires .*", r"选项 \1 后面缺少值。"),
    (r"Option '(.+)' does not take a value\.", r"选项 \1 后面不带值。"),
    (r"Got unexpected extra arguments?(?:\(s\))? \((.+)\)", r"多出了“\1”。一段文字里有空格时，请用引号括起来。"),
    (r"Invalid value for '(.+?)': (?:Value error, )?", r"\1 的值不能用："),
    (r"'(\S*)' is not one of (.+?)\.", r"“\1”不在 \2 之中。"),
    (r"(?<=[ ,])'(\w+)'", r"\1"),
    (r"(?<=\w), (?=[\w-])", "、"),
    (r"(?:Input should be a valid|'\S*' is not a valid) (?:int|float|number).*", "应是数字。"),
    (r"Input should be greater than or equal to (\S+)", r"不能小于 \1。"),
    (r"Input should be less than or equal to (\S+)", r"不能大于 \1。"),
    (r"(\S+) is not in the range (.+)\.", r"\1 不在 \2 的范围内。"),
)
"""What Typer says, by its versions, and what is said instead."""


def _in_chinese(said: str, table: Iterable[tuple[str, str]]) -> str:
    for english, chinese in table:
        said = re.sub(english, chinese, said)
    return said


class _ChineseFormatter(_Formatter):  # type: ignore[misc]
    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, re.sub("[{}]", "", args).replace("...", " …"), "用法：" if prefix is None else prefix)

    def write_heading(self, heading: str) -> None:
        self.write(f"{'':>{self.current_indent}}{_HEADINGS.get(heading, heading)}：\n")

    def write_dl(self, rows: Sequence[tuple[str, str]], *rest: Any, **extra: Any) -> None:
        told = [(_in_chinese(name, _TYPES), _in_chinese(what, _EXPLANATIONS)) for name, what in rows]
        super().write_dl(told, *rest, **extra)


class _ChineseContext(_Context):  # type: ignore[misc]
    formatter_class = _ChineseFormatter


class _ChineseCommand(TyperCommand):
    context_class = _ChineseContext


class _ChineseGroup(TyperGroup):
    context_class = _ChineseContext

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
            say_in_red("已中止。")
            sys.exit(1)


def _tell_mistake(mistake: Any) -> None:
    context = getattr(mistake, "ctx", None)
    said = mistake.format_message()
    if context is not None and said == context.get_help():
        typer.echo(said, err=True)
        return
    say_in_red(f"错误：{_in_chinese(said, _MISTAKES)}")
    if context is not None:
        typer.echo(context.get_usage(), err=True)
        typer.echo(f"各选项的说明：{context.command_path} --help", err=True)


def say_in_red(text: str) -> None:
    """Say something on standard error, in red."""
    typer.secho(text, fg="red", err=True)


class ChineseTyper(typer.Typer):
    """A Typer app, or a part of one, that speaks Chinese.

    Parameters
    ----------
    help : str, optional
        What the commands are for.
    no_args_is_help : bool
        Whether the name alone shows the help.
    """

    def __init__(self, help: str | None = None, *, no_args_is_help: bool = False) -> None:
        super().__init__(
            cls=_ChineseGroup, help=help, no_args_is_help=no_args_is_help, add_completion=False, rich_markup_mode=None,
            options_metavar="[选项]", subcommand_metavar="命令 …",
        )  # fmt: skip

    def command(self, name: str | None = None, **settings: Any) -> Callable[[Any], Any]:
        """Register a command, as Typer does."""
        return super().command(name, cls=_ChineseCommand, options_metavar="[选项]", **settings)
