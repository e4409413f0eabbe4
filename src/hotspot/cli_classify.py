"""Commands of the routing part: train, evaluate, classify, suggest, learn, serve, catalogue init."""
# ruff: noqa: D400, PLR0917 - a command's docstring is its Chinese help, its parameters are options

from __future__ import annotations

import io
import re
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any

import typer

from ._console import column_pairs, fail
from ._typer_zh import ChineseTyper
from .errors import HotspotError, MissingExtraError, OutputError

__all__ = ["app", "catalogue_app"]

app = ChineseTyper()
catalogue_app = ChineseTyper("派单目录。", no_args_is_help=True)
app.add_typer(catalogue_app, name="catalogue")


_NAMES = {"nature": "性质", "department": "承办单位"}
_SUGGESTED = Path("派单建议.csv")
_KINDS = (".csv", ".xlsx", ".parquet")
_LAST_COLUMNS = "evidence,abstain,reason"


class Prefer(StrEnum):
    """Which answer comes first."""

    AUTO = "auto"
    DUTY = "duty"
    TOWN = "town"


ModelOption = Annotated[
    list[Path] | None,
    typer.Option("--model", help="模型文件夹，可重复写，每个目标一个；不写用随软件附带的。", show_default=False),
]
CatalogueOption = Annotated[
    Path | None, typer.Option("--catalogue", help="本单位的派单目录（csv）；不写用通用目录。", show_default=False)
]
PreferOption = Annotated[
    Prefer, typer.Option("--prefer", help="先列哪个：duty 按职责，town 按属地，auto 由历史工单决定。")
]
ColumnOption = Annotated[
    list[str] | None, typer.Option("--column", help="指明表头，如 --column 内容=诉求详情，可重复。", show_default=False)
]


def _router(models: list[Path] | None, catalogue: Path | None, prefer: Prefer) -> Any:
    from .classify import Router

    if catalogue is not None and not models:
        return Router.from_catalogue(catalogue, prefer=prefer.value)
    return Router.load(*(models or []), prefer=prefer.value)


@app.command()
def train(
    history: Annotated[Path, typer.Argument(metavar="历史工单", help="有标签的历史工单（csv、xlsx 等）。")],
    target: Annotated[
        str, typer.Option("--target", help="学哪一列：department、nature，或任何一列的表头。")
    ] = "department",
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", help="模型存到哪个文件夹；默认如 承办单位模型。", show_default=False),
    ] = None,
    catalogue: CatalogueOption = None,
    prefer: PreferOption = Prefer.AUTO,
    column: ColumnOption = None,
    shipped: Annotated[bool, typer.Option("--shipped/--no-shipped", help="是否以随软件附带的模型为底。")] = True,
    validate: Annotated[bool, typer.Option("--validate/--no-validate", help="是否先检验。")] = True,
    picture: Annotated[Path | None, typer.Option("--picture", help="把可靠性图存为 svg。", show_default=False)] = None,
) -> None:
    """用本单位的历史工单训练，并如实检验。"""
    from .classify import train_router

    try:
        done = train_router(
            history,
            target,
            out=out or _model_folder(target),
            catalogue=catalogue,
            shipped=shipped,
            validate=validate,
            columns=column_pairs(column or []),
            prefer=prefer.value,
        )
    except HotspotError as error:
        fail(error)
    for reason, n in done.left_out.items():
        typer.echo(f"未用 {n} 行：{reason}")
    if done.evaluation is not None:
        typer.echo(done.evaluation.to_text())
        if picture is not None:
            picture.write_text(done.evaluation.to_svg(), encoding="utf-8")
    typer.echo(
        f"模型已存到 {done.path}（用了 {done.model.meta['rows']} 件，{len(done.model.meta['labels'])} 种标签）。"
        f"要用它，请在 suggest、classify、serve 后面加上 --model {done.path}。"
    )


def _model_folder(target: str) -> Path:
    """Name the folder of a model by what it learns, so that one does not take another's place."""
    return Path(re.sub(r"[^\w-]+", "_", _NAMES.get(target, target)) + "模型")


@app.command()
def evaluate(
    orders: Annotated[Path, typer.Argument(metavar="工单表", help="有标签的工单，模型没学过的。")],
    target: Annotated[str, typer.Option("--target", help="检验哪一列。")] = "department",
    model: ModelOption = None,
    catalogue: CatalogueOption = None,
    prefer: PreferOption = Prefer.AUTO,
    picture: Annotated[Path | None, typer.Option("--picture", help="把可靠性图存为 svg。", show_default=False)] = None,
) -> None:
    """在有标签的工单上检验模型。"""
    from .classify import evaluate_router

    try:
        found = evaluate_router(_router(model, catalogue, prefer), orders, target, how=orders.name)
    except HotspotError as error:
        fail(error)
    typer.echo(found.to_text())
    if picture is not None:
        picture.write_text(found.to_svg(), encoding="utf-8")


@app.command()
def classify(
    orders: Annotated[Path, typer.Argument(metavar="工单表", help="CSV、TSV、XLSX、XLS、Parquet。")],
    out: Annotated[Path, typer.Option("--out", "-o", help="结果写到（csv、xlsx 或 parquet）。")] = _SUGGESTED,
    model: ModelOption = None,
    catalogue: CatalogueOption = None,
    prefer: PreferOption = Prefer.AUTO,
    column: ColumnOption = None,
) -> None:
    """给每件工单建议性质、承办单位和属地。"""
    from .classify.router import suggestions_table
    from .classify.table import read_table

    try:
        _check_target(out)
        table = read_table(orders, columns=column_pairs(column or []))
        router = _router(model, catalogue, prefer)
        found = router.suggest_orders(table)
        result = suggestions_table(table["order_id"].tolist(), found, router.targets)
        _write(result, out)
    except HotspotError as error:
        fail(error)
    unsure = int((result["abstain"] != "").sum())
    typer.echo(f"{len(result)} 件已写到 {out}；其中 {unsure} 件有拿不准的（见 abstain、reason 两列）。")


def _write(table: Any, out: Path) -> None:
    """Write a table whole or not at all."""
    from .output import csv_bytes, without_formulas, write_atomically

    content = io.BytesIO()
    if out.suffix.lower() == ".xlsx":
        without_formulas(table).to_excel(content, index=False, engine="openpyxl")
    elif out.suffix.lower() == ".parquet":
        table.to_parquet(content, index=False)
    else:
        content.write(csv_bytes(table))
    write_atomically(out, content.getvalue())


def _check_target(out: Path) -> None:
    """Refuse before the work starts what cannot be written after it, or would take the place of something else."""
    from .output import check_writable

    if out.suffix.lower() not in _KINDS:
        raise OutputError(f"不能写成“{out.suffix or '无后缀'}”，可用 {'、'.join(_KINDS)}。")
    if out.suffix.lower() == ".xlsx" and find_spec("openpyxl") is None:
        raise MissingExtraError("openpyxl", "xlsx")
    check_writable(out)
    if out == _SUGGESTED and out.exists():
        with out.open(encoding="utf-8-sig", errors="replace") as file:
            if not file.readline().rstrip().endswith(_LAST_COLUMNS):
                raise OutputError(f"这里已有一个 {out}，不是 hotspot classify 写的，没有覆盖。请用 --out 写到别处。")


@app.command()
def suggest(
    text: Annotated[str, typer.Argument(metavar="文本", help="工单内容。")],
    k: Annotated[int, typer.Option("-k", min=1, max=10, help="列几个。")] = 3,
    place: Annotated[str, typer.Option("--place", help="事发地点。")] = "",
    model: ModelOption = None,
    catalogue: CatalogueOption = None,
    prefer: PreferOption = Prefer.AUTO,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON。")] = False,
) -> None:
    """给一件工单建议。"""
    import json

    try:
        found = _router(model, catalogue, prefer).suggest(text, k, place=place)
    except HotspotError as error:
        fail(error)
    if as_json:
        typer.echo(json.dumps(found.to_dict(), ensure_ascii=False, indent=1))
        return
    for target, answer in found.targets.items():
        choices = "  ".join(f"{c.label} {c.probability:.0%}" for c in answer.choices)
        typer.echo(f"{_NAMES.get(target, target)}：{choices}")
        if target == "department" and answer.town:
            typer.echo(f"  属地：{answer.town}（由属地办理的可能 {answer.town_probability:.0%}）")
        why = answer.evidence
        words = "、".join(dict.fromkeys((*why.duties, *why.words)))
        if words:
            typer.echo(f"  依据：{words}")
        for order in why.orders:
            like = f"（{order['label']}，{order['likeness']:.2f}）"
            typer.echo(f"  相似工单 {order['order_id']}{like}：{order['excerpt']}")
        if answer.abstain:
            typer.secho(f"  拿不准：{answer.reason}", fg="yellow")


@app.command()
def learn(
    feedback: Annotated[Path, typer.Option("--feedback", help="修正表：工单编号、正确单位、谁、何时（csv 等）。")],
    model: Annotated[Path, typer.Option("--model", help="要修正的模型文件夹。")],
    orders: Annotated[
        Path | None, typer.Option("--orders", help="模型没学过的工单从这个文件取内容。", show_default=False)
    ] = None,
) -> None:
    """把派单异议的结果教给模型。"""
    from .classify import learn as teach

    try:
        done = teach(model, feedback, orders=orders)
    except HotspotError as error:
        fail(error)
    typer.echo(f"改动 {len(done.changed)} 件：")
    for row in done.changed.to_dict("records"):
        by = f"（{row['who']} {row['when']}）" if row["who"] else ""
        typer.echo(f"  {row['order_id']}：{row['before'] or '（新工单）'} → {row['after']}{by}")
    for row in done.contradictions.to_dict("records"):
        typer.secho(f"  前后矛盾 {row['order_id']}：{row['labels']}；采用 {row['kept']}", fg="yellow")
    for row in done.unusable.to_dict("records"):
        typer.secho(f"  第 {row['row']} 行没有用：{row['reason']}", fg="yellow")
    moved = done.answers[done.answers["before"] != done.answers["after"]]
    typer.echo(f"这些工单中，模型的首选有 {len(moved)} 件变了。记录已追加到 {model / 'feedback.jsonl'}。")


@app.command()
def serve(
    model: ModelOption = None,
    catalogue: CatalogueOption = None,
    prefer: PreferOption = Prefer.AUTO,
    host: Annotated[str, typer.Option("--host", help="监听地址。")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="端口。")] = 8000,
) -> None:
    """启动派单建议服务（需要 pip install "hotspot-12345[serve]"）。"""
    try:
        from .service import run

        run(_router(model, catalogue, prefer), host=host, port=port)
    except HotspotError as error:
        fail(error)


@catalogue_app.command("init")
def catalogue_init(
    out: Annotated[Path, typer.Argument(metavar="派单目录", help="写到哪里。")] = Path("派单目录.csv"),
    force: Annotated[bool, typer.Option("--force", help="已有同名文件时覆盖。")] = False,
) -> None:
    """生成一份通用的县级派单目录，供修改。"""
    from ._resources import data_text
    from .output import write_atomically

    try:
        if out.exists() and not force:
            raise OutputError(f"{out} 已存在；要覆盖请加 --force。")
        write_atomically(out, data_text("catalogue.csv").encode("utf-8-sig"))
    except HotspotError as error:
        fail(error)
    typer.echo(f"已生成 {out}。请删去本地没有的单位，补上各镇及“所辖地点”（用 、 分隔），")
    typer.echo("再用 hotspot catalogue check 核对。")


@catalogue_app.command("check")
def catalogue_check(path: Annotated[Path, typer.Argument(metavar="派单目录", help="要核对的文件。")]) -> None:
    """核对派单目录，列出每一处问题。"""
    from .classify import load_catalogue

    try:
        found = load_catalogue(path)
    except HotspotError as error:
        fail(error)
    typer.echo(f"没有问题：{len(found.names)} 个按职责办理的单位，{len(found.towns)} 个镇街。")
