"""Corrections from the desk (派单异议) become part of the model; every one of them is kept in an append-only log."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd

from ..errors import ModelError, OrdersError
from ..orders.dates import parse_times
from ..orders.reading import parse, read_bytes
from ..privacy import mask
from .features import Block
from .groups import near_duplicates
from .model import Memory, TargetModel
from .storage import load_model, save_model
from .table import read_table
from .training import Said, TrainingSet, ask, fit_model

__all__ = ["LOG", "Learnt", "learn"]

LOG = "feedback.jsonl"
_EXCERPT = 30
_RIGHT = ("right", "right_department", "label", "正确单位", "应派单位", "正确", "改派单位", "department", "承办单位")
_HEADINGS: Mapping[str, tuple[str, ...]] = {
    "order_id": ("order_id", "工单编号", "编号", "工单号", "id"),
    "label": (*_RIGHT, "nature", "性质"),
    "who": ("who", "操作人", "修改人", "提出单位", "人员"),
    "when": ("when", "时间", "修改时间", "日期"),
    "text": ("text", "内容", "诉求内容"),
}


@dataclass(frozen=True)
class Learnt:
    """What a round of feedback did.

    Attributes
    ----------
    changed : pandas.DataFrame
        order_id, before, after, who, when, kind ('改标签' or '新工单').
    contradictions : pandas.DataFrame
        order_id and the labels it was given: the latest by time counts; without times the last row.
    unusable : pandas.DataFrame
        row, order_id, reason.
    answers : pandas.DataFrame
        order_id, before, after: the model's first answer for the corrected orders, before and after.
    """

    changed: pd.DataFrame
    contradictions: pd.DataFrame
    unusable: pd.DataFrame
    answers: pd.DataFrame


def learn(folder: str | Path, feedback: str | Path | pd.DataFrame, *, orders: str | Path | None = None) -> Learnt:
    """Correct a trained model.

    Parameters
    ----------
    folder : str or Path
        Model folder written by `train_router`.
    feedback : path or DataFrame
        order_id and the right label; who and when where known; text for orders that the model does not know.
    orders : path, optional
        File with the texts of orders that the model was not trained on.

    Raises
    ------
    ModelError
        The model holds no training orders (a shipped one): train on the office's own orders first.
    OrdersError
        No row of the feedback can be used.
    """
    folder = Path(folder)
    model = load_model(folder)
    if model.memory is None:
        raise ModelError(
            f"{folder} 是随软件附带的模型，不含本单位的工单，不能直接修正。请先用 hotspot train 训练本单位的模型。"
        )
    rows = _read_feedback(feedback)
    known = {str(i): at for at, i in enumerate(model.memory.orders["order_id"])}
    texts = _texts(rows, orders)
    rows, unusable = _usable(rows, known, texts)
    if rows.empty:
        reasons = "、".join(sorted(set(unusable["reason"])))
        raise OrdersError(f"反馈里没有一行能用：{reasons or '文件是空的'}。")
    final, contradictions = _settle(rows)
    before_answers = _answers(model, final, known, texts)
    memory, changed = _apply(model, final, known, texts)
    fresh = _refit(model, memory)
    save_model(fresh, folder)
    _log(folder, rows, changed)
    after = {str(i): at for at, i in enumerate(memory.orders["order_id"])}
    after_answers = _answers(fresh, final, after, texts)
    answers = pd.DataFrame({"order_id": final["order_id"], "before": before_answers, "after": after_answers})
    return Learnt(changed, contradictions, unusable, answers)


def _read_feedback(source: str | Path | pd.DataFrame) -> pd.DataFrame:
    if isinstance(source, pd.DataFrame):
        cells, name = source.astype("str"), "DataFrame"
    else:
        name = Path(source).name
        cells = parse(read_bytes(source), name).cells
    found = {c: next((h for h in names if h in cells.columns), None) for c, names in _HEADINGS.items()}
    missing = [c for c in ("order_id", "label") if found[c] is None]
    if missing:
        wanted = "、".join({"order_id": "order_id（工单编号）", "label": "right（正确单位）"}[c] for c in missing)
        raise OrdersError(f"反馈文件 {name} 缺少：{wanted}。现有表头：{'、'.join(map(str, cells.columns))}。")
    table = pd.DataFrame(
        {c: (cells[h].fillna("").str.strip() if h is not None else "") for c, h in found.items()}, index=cells.index
    )
    table["row"] = table.index
    return table.reset_index(drop=True)


def _texts(rows: pd.DataFrame, orders: str | Path | None) -> dict[str, str]:
    texts = {r["order_id"]: mask(r["text"]) for r in rows.to_dict("records") if r["text"]}
    if orders is not None:
        table = read_table(orders)
        joined = [f"{t}\n{p}" if p else t for t, p in zip(table["text"], table["place"], strict=True)]
        texts |= dict(zip(table["order_id"], joined, strict=True))
    return texts


def _usable(
    rows: pd.DataFrame, known: Mapping[str, int], texts: Mapping[str, str]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    reasons = []
    for row in rows.to_dict("records"):
        reason = ""
        if not row["order_id"]:
            reason = "没有工单编号"
        elif not row["label"]:
            reason = "没有写正确的单位"
        elif row["order_id"] not in known and not texts.get(row["order_id"]):
            reason = "模型里没有这件工单，也没有给出它的内容（可用 --orders 指明工单文件）"
        reasons.append(reason)
    at = pd.Series(reasons, index=rows.index, dtype="str")
    bad = rows.loc[at != "", ["row", "order_id"]].assign(reason=at[at != ""])
    return rows[at == ""].reset_index(drop=True), bad.reset_index(drop=True)


def _settle(rows: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Keep one correction an order: the latest; tell of those that contradict each other."""
    timed = rows.assign(at=parse_times(rows["when"]))
    ordered = timed.sort_values(["at", "row"], na_position="first", kind="stable")
    final = ordered.groupby("order_id", sort=True).tail(1).sort_values("order_id").reset_index(drop=True)
    labels = rows.groupby("order_id")["label"].agg(lambda s: "、".join(dict.fromkeys(s)))
    torn = labels[labels.str.contains("、")]
    kept = final.set_index("order_id")["label"]
    contradictions = pd.DataFrame(
        {"order_id": torn.index, "labels": torn.to_numpy(), "kept": [kept[i] for i in torn.index]}
    )
    return final, contradictions


def _apply(
    model: TargetModel, final: pd.DataFrame, known: Mapping[str, int], texts: Mapping[str, str]
) -> tuple[Memory, pd.DataFrame]:
    from scipy.sparse import vstack

    assert model.memory is not None
    orders, block = model.memory.orders.copy(), model.memory.block
    labels = [str(v) for v in orders["label"]]
    changes: list[tuple[str, str, str, str, str, str]] = []
    new = [r for r in final.to_dict("records") if r["order_id"] not in known]
    for row in final.to_dict("records"):
        at = known.get(row["order_id"])
        if at is None:
            changes.append((row["order_id"], "", row["label"], row["who"], row["when"], "新工单"))
        elif labels[at] != row["label"]:
            changes.append((row["order_id"], labels[at], row["label"], row["who"], row["when"], "改标签"))
            orders.loc[at, ["label", "source"]] = [row["label"], "feedback"]
    outside, base_town = model.memory.outside, model.memory.base_town
    if new:
        said = ask(model, [texts[r["order_id"]] for r in new])
        outside = np.concatenate([outside, said.outside], axis=1)
        base_town = np.concatenate([base_town, said.base_town])
        fresh = model.features.transform([texts[r["order_id"]] for r in new])
        dense = (
            fresh.dense if block.dense.shape[1] == fresh.dense.shape[1] else np.zeros((len(new), block.dense.shape[1]))
        )
        block = Block(vstack([block.sparse, fresh.sparse]).tocsr(), np.vstack([block.dense, dense]).astype(np.float32))
        added = pd.DataFrame(
            {
                "order_id": [r["order_id"] for r in new],
                "label": [r["label"] for r in new],
                "excerpt": [" ".join(texts[r["order_id"]].split())[:_EXCERPT] for r in new],
                "created": parse_times(pd.Series([r["when"] for r in new], dtype="str")),
                "source": "feedback",
            }
        )
        orders = pd.concat([orders, added.astype(orders.dtypes.to_dict())], ignore_index=True)
    columns = ["order_id", "before", "after", "who", "when", "kind"]
    return Memory(block, orders, outside, base_town), pd.DataFrame(changes, columns=columns)


def _refit(model: TargetModel, memory: Memory) -> TargetModel:
    """Fit anew on the corrected orders; what base and catalogue said of them is kept in the memory."""
    labels = memory.orders["label"].tolist()
    data = TrainingSet(memory.orders["excerpt"].tolist(), labels, memory.block, near_duplicates(memory.block))
    fitted = fit_model(
        model.target,
        model.features,
        data,
        base=model.base,
        catalogue=model.catalogue,
        orders=memory.orders,
        said=Said(model.labels, memory.outside, memory.base_town),
    )
    meta = {**model.meta, **fitted.meta, "corrected": datetime.now(UTC).strftime("%Y-%m-%d")}
    return replace(fitted, meta=meta)


def _answers(model: TargetModel, final: pd.DataFrame, known: Mapping[str, int], texts: Mapping[str, str]) -> list[str]:
    from .router import Router

    assert model.memory is not None
    excerpts = model.memory.orders["excerpt"]
    shown = [texts.get(i) or (excerpts.iloc[known[i]] if i in known else "") for i in final["order_id"]]
    found = Router([model]).suggest_texts(shown, 1, evidence=False)
    return [s.targets[model.target].label for s in found]


def _log(folder: Path, rows: pd.DataFrame, changed: pd.DataFrame) -> None:
    """Append every usable correction, whether it changed something or not."""
    before = dict(zip(changed["order_id"], changed["before"], strict=True))
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    with (folder / LOG).open("a", encoding="utf-8") as log:
        for row in rows.to_dict("records"):
            entry = {"order_id": row["order_id"], "before": before.get(row["order_id"], ""), "right": row["label"]}
            entry |= {"who": mask(row["who"]), "when": row["when"], "learnt": now}
            log.write(json.dumps(entry, ensure_ascii=False) + "\n")
