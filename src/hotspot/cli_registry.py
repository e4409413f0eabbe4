"""Commands for what lasts: ``hotspot registry`` (topics month by month) and ``hotspot guide`` (the user's guidance)."""

from collections.abc import Callable
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ._console import errors_told
from ._typer_zh import ChineseTyper
from .errors import SettingsError

if TYPE_CHECKING:
    from .guidance import Guidance, Reference
    from .registry import Registry

__all__ = ["app"]

app = ChineseTyper()
registry_app = ChineseTyper("登记册：同一个热点，月月同一个编号。", no_args_is_help=True)
guide_app = ChineseTyper("告诉软件您的意见：起名、合并、分开、忽略词、关注；以后每月都照办。", no_args_is_help=True)
app.add_typer(registry_app, name="registry")
app.add_typer(guide_app, name="guide")

RegistryFolder = Annotated[Path, typer.Option("--registry", "-r", help="登记册文件夹。")]
DEFAULT_REGISTRY = Path("hotspot-registry")
RunFolder = Annotated[Path, typer.Option("--run", help="hotspot detect 的结果文件夹，H02、S0012 等编号由它来认。")]
DEFAULT_RUN = Path("hotspot-out")
Kept = Annotated[
    Path | None, typer.Option("--guidance", help="意见文件；默认 guidance.toml，有 --registry 时在登记册里。")
]
OfRegistry = Annotated[
    Path | None, typer.Option("--registry", "-r", help="登记册文件夹：意见存在其中，并可用 R0003 等编号。")
]
ITEMS = "H02（热点）、S0012（事项）或 R0003（登记册的话题）。"


@registry_app.command("list", help="列出全部话题和各月工单数。")
def list_topics(
    registry: RegistryFolder = DEFAULT_REGISTRY,
    month: Annotated[str | None, typer.Option("--month", "-m", help="状态按这个月说；默认最近一月。")] = None,
) -> None:
    """List the topics."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    with errors_told():
        known = _registry(registry)
        topics = known.topics(month)
    shown = known.months[-6:]
    table = Table(box=box.SIMPLE_HEAD)
    for heading in ("编号", "话题", "状态", *shown):
        table.add_column(heading, overflow="fold", justify="right" if heading in shown else "left")
    for row in topics.to_dict("records"):
        counts = [str(row[name]) if row[name] else "" for name in shown]
        table.add_row(row["topic"], row["name"] or row["title"], row["status"], *counts)
    console = Console(width=None if Console().is_terminal else 120)
    console.print(table)
    typer.echo(f"登记了 {len(known.months)} 个月、{len(topics)} 个话题。起名：hotspot registry name R0001 “名称”。")


@registry_app.command("name", help="给一个话题起名，以后各月都用；名称留空则取消。")
def name_topic(
    topic: Annotated[str, typer.Argument(metavar="话题", help="如 R0003。")],
    name: Annotated[str, typer.Argument(metavar="名称")],
    registry: RegistryFolder = DEFAULT_REGISTRY,
) -> None:
    """Name a topic."""
    with errors_told():
        known = _registry(registry)
        known.name(topic, name)
        typer.echo(f"{known.root(topic)} 现在叫“{known.label(topic)}”。")


@registry_app.command("merge", help="几个话题其实是一个：以后都用第一个编号。")
def merge_topics(
    topics: Annotated[list[str], typer.Argument(metavar="话题", help="如 R0003 R0007。")],
    registry: RegistryFolder = DEFAULT_REGISTRY,
) -> None:
    """Let topics be one."""
    with errors_told():
        if len(topics) < 2:
            raise SettingsError("请写明要合并的两个或几个话题，如 R0003 R0007。")
        known = _registry(registry)
        known.merge(*topics)
        typer.echo(f"{'、'.join(topics[1:])} 已并入 {known.root(topics[0])}（{known.label(topics[0])}）。")


@registry_app.command("export", help="把全部话题和各月工单数写成 CSV。")
def export(
    out: Annotated[Path, typer.Option("--out", "-o", help="写到哪里。")] = Path("topics.csv"),
    registry: RegistryFolder = DEFAULT_REGISTRY,
    month: Annotated[str | None, typer.Option("--month", "-m", help="状态按这个月说；默认最近一月。")] = None,
) -> None:
    """Write the topics as CSV."""
    from .output import csv_bytes, write_atomically

    with errors_told():
        write_atomically(out, csv_bytes(_registry(registry).topics(month)))
        typer.echo(f"已写出 {out}。")


def _registry(folder: Path) -> "Registry":
    from .registry import Registry

    return Registry.existing(folder)


@guide_app.command("name", help="给热点或事项起名，以后起草也用这个名称。")
def guide_name(
    item: Annotated[str, typer.Argument(metavar="编号", help=ITEMS)],
    name: Annotated[str, typer.Argument(metavar="名称")],
    run: RunFolder = DEFAULT_RUN,
    guidance: Kept = None,
    registry: OfRegistry = None,
) -> None:
    """Name a hotspot or an issue."""
    _change(guidance, registry, lambda said: said.named(_reference(item, run, registry), name))


@guide_app.command("merge", help="这几个其实是一个。")
def guide_merge(
    items: Annotated[list[str], typer.Argument(metavar="编号", help=ITEMS)],
    run: RunFolder = DEFAULT_RUN,
    guidance: Kept = None,
    registry: OfRegistry = None,
) -> None:
    """Let hotspots or issues be one."""
    _change(guidance, registry, lambda said: said.together(*(_reference(item, run, registry) for item in items)))


@guide_app.command("separate", help="这几个不是一回事，永远不要合并。")
def guide_separate(
    items: Annotated[list[str], typer.Argument(metavar="编号", help=ITEMS)],
    run: RunFolder = DEFAULT_RUN,
    guidance: Kept = None,
    registry: OfRegistry = None,
) -> None:
    """Never merge hotspots or issues."""
    _change(guidance, registry, lambda said: said.apart(*(_reference(item, run, registry) for item in items)))


@guide_app.command("ignore", help="比较工单时不看这些词。")
def guide_ignore(
    words: Annotated[list[str], typer.Argument(metavar="词")], guidance: Kept = None, registry: OfRegistry = None
) -> None:
    """Take no notice of words."""
    _change(guidance, registry, lambda said: reduce(lambda more, word: more.ignoring(word), words, said))


@guide_app.command("watch", help="关注一个话题：哪怕只有几件也单列为热点；几种说法用顿号隔开，如 校园食堂、学生餐。")
def guide_watch(
    topics: Annotated[list[str], typer.Argument(metavar="话题")], guidance: Kept = None, registry: OfRegistry = None
) -> None:
    """Watch for topics."""
    _change(guidance, registry, lambda said: reduce(lambda more, topic: more.watching(topic), topics, said))


@guide_app.command("list", help="列出已有的意见。")
def guide_list(guidance: Kept = None, registry: OfRegistry = None) -> None:
    """List what was said."""
    with errors_told():
        path, said = _open(guidance, registry)
    for rule in said.rules:
        typer.echo(f"{rule.id} {rule}")
    typer.echo(f"共 {len(said.rules)} 条（{path}）。去掉一条：hotspot guide remove 编号。")


@guide_app.command("remove", help="去掉一条意见。")
def guide_remove(
    rules: Annotated[list[str], typer.Argument(metavar="编号", help="如 G3，见 hotspot guide list。")],
    guidance: Kept = None,
    registry: OfRegistry = None,
) -> None:
    """Take rules away."""
    with errors_told():
        path, said = _open(guidance, registry)
        changed = reduce(lambda left, rule: left.without(rule), rules, said)
        changed.save(path)
        typer.echo(f"已去掉 {'、'.join(rules)}，还有 {len(changed.rules)} 条（{path}）。")


def _open(guidance: Path | None, registry: Path | None) -> tuple[Path, "Guidance"]:
    """Return where guidance is kept, and what was said so far."""
    from .guidance import FILE, Guidance, load_guidance

    path = guidance or (registry / FILE if registry else Path(FILE))
    return path, load_guidance(path) if path.exists() else Guidance()


def _reference(item: str, run: Path, registry: Path | None) -> "Reference":
    from .guidance import reference_of_run

    item = item.strip().upper()
    if item[:1] not in {"H", "S", "R"}:
        raise SettingsError(f"“{item}”不是编号。应是 {ITEMS}")
    if not item.startswith("R"):
        return reference_of_run(run, item)
    if registry is None:
        raise SettingsError(f"{item} 是登记册的话题编号，请用 --registry 指明登记册文件夹。")
    return _registry(registry).reference(item)


def _change(guidance: Path | None, registry: Path | None, change: Callable[["Guidance"], "Guidance"]) -> None:
    """Change what the user said, write it, and say what is new in it and how it is used."""
    with errors_told():
        path, before = _open(guidance, registry)
        after = change(before)
        after.save(path)
        new = [rule for rule in after.rules if rule not in before.rules]
        for rule in new:
            typer.echo(f"记下了 {rule.id}：{rule}。")
        if not new:
            typer.echo("这条意见先前已经记下。")
        option = f"--registry {registry}" if registry and path.parent == registry else f"--guidance {path}"
        typer.echo(f"存在 {path}。下次 hotspot detect 加上 {option} 就会照办。")
