"""From a file of labelled orders to a validated, stored model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .. import __version__
from .._resources import model_path
from ..errors import ModelError, OrdersError
from ..output import check_writable
from .catalogue import TERRITORIAL, Catalogue, general_catalogue, load_catalogue
from .evaluation import Evaluation, measure, town_figures
from .features import Features
from .model import TargetModel
from .router import Prefer, Router
from .storage import check_folder, load_model, save_model
from .table import read_frame, read_table
from .training import TrainingSet, choose_rows, fit_model, prepare

__all__ = ["Trained", "canonical_target", "train_router"]

_FOLDS = 5
_TEST_SHARE = 0.25
_EXCERPT = 30
_STANDARD = {
    "承办单位": "department",
    "部门": "department",
    "单位": "department",
    "性质": "nature",
    "工单性质": "nature",
}
_FEWEST = 2


@dataclass(frozen=True)
class Trained:
    """Result of a training run.

    Attributes
    ----------
    model : TargetModel
    evaluation : Evaluation or None
        On orders that the validated fit had not seen; the model itself is fitted on all.
    path : Path or None
        Where it was stored.
    left_out : dict of str to int
        Rows that could not be used, by reason (Chinese).
    """

    model: TargetModel
    evaluation: Evaluation | None
    path: Path | None
    left_out: dict[str, int]


def canonical_target(target: str) -> str:
    """Return 'department' or 'nature' for the headings that mean them, else the heading itself."""
    from ..orders.columns import match_columns

    if target in ("department", "nature"):
        return target
    if target in _STANDARD:
        return _STANDARD[target]
    try:
        found = match_columns(["message_id", "datetime", "text", target])
    except OrdersError:
        return target
    return next((c for c in ("department", "nature") if found.get(c) == target), target)


def train_router(
    history: pd.DataFrame | str | Path,
    target: str = "department",
    *,
    out: str | Path | None = None,
    catalogue: Catalogue | str | Path | None = None,
    shipped: bool = True,
    validate: bool = True,
    columns: Mapping[str, str] | None = None,
    prefer: Prefer = "auto",
) -> Trained:
    """Train a model of one label column on an office's own orders.

    Parameters
    ----------
    history : DataFrame or path
        Labelled orders; a text and the label are needed, id, time and place are used where they are there.
    target : str, default 'department'
        Label column: its heading, or the name of a standard column.
    out : str or Path, optional
        Folder to store the model in.
    catalogue : Catalogue or path, optional
        The office's duty catalogue; by default the general one.
    shipped : bool, default True
        Build on the models that ship with the package (department and nature).
    validate : bool, default True
        Measure on unseen orders first: the newest quarter where times are known, else five folds; near-duplicates on
        one side.
    columns : mapping of str to str, optional
        Standard column to the file's heading.
    prefer : {'auto', 'duty', 'town'}
        How the validation ranks towns among units.

    Raises
    ------
    OrdersError
        No text or label column, or too few labelled orders.
    """
    if out is not None:
        check_folder(out)
        check_writable(Path(out) / "manifest.json")
    table = (
        read_frame(history, target, columns=columns)
        if isinstance(history, pd.DataFrame)
        else read_table(history, target, columns=columns)
    )
    usable = table[(table["label"] != "") & (table["text"] != "")].reset_index(drop=True)
    left_out = {
        "没有标签": int((table["label"] == "").sum()),
        "没有内容": int(((table["text"] == "") & (table["label"] != "")).sum()),
    }
    if len(usable) < _FEWEST:
        raise OrdersError(f"能用于训练的只有 {len(usable)} 行（“{target}”有标签且有内容的）。至少要 {_FEWEST} 行。")
    rows = choose_rows(usable["label"], usable["created"])
    left_out["较早的（只用最近的）"] = len(usable) - len(rows)
    usable = usable.iloc[rows].reset_index(drop=True)
    name = canonical_target(target)
    duties = _catalogue(catalogue) if name == "department" else None
    base = _shipped_base(name) if shipped else None
    features, data = prepare(_texts(usable), usable["label"].tolist())
    judged = _validate(name, features, data, usable["created"], base, duties, prefer) if validate else None
    orders = pd.DataFrame(
        {
            "order_id": usable["order_id"],
            "label": usable["label"],
            "excerpt": usable["text"].str.replace(r"\s+", " ", regex=True).str[:_EXCERPT],
            "created": usable["created"],
            "source": "history",
        }
    )
    model = fit_model(name, features, data, base=base, catalogue=duties, orders=orders)
    meta = {**model.meta, "hotspot": __version__, "trained": datetime.now(UTC).strftime("%Y-%m-%d"), "column": target}
    if judged is not None:
        meta["validation"] = judged.figures()
    model = replace(model, meta=meta)
    path = save_model(model, out) if out is not None else None
    return Trained(model, judged, path, {k: v for k, v in left_out.items() if v})


def _texts(table: pd.DataFrame) -> list[str]:
    return [f"{t}\n{p}" if p else t for t, p in zip(table["text"], table["place"], strict=True)]


def _catalogue(given: Catalogue | str | Path | None) -> Catalogue:
    if given is None:
        return general_catalogue()
    return given if isinstance(given, Catalogue) else load_catalogue(given)


def _shipped_base(name: str) -> TargetModel | None:
    if name not in ("department", "nature"):
        return None
    try:
        return load_model(model_path(name))
    except ModelError:
        if not (Path(__file__).parents[3] / "models" / name).is_dir():
            return None
        raise


def _validate(  # noqa: PLR0917 - one call
    name: str,
    features: Features,
    data: TrainingSet,
    created: pd.Series,
    base: TargetModel | None,
    catalogue: Catalogue | None,
    prefer: Prefer,
) -> Evaluation | None:
    """Judge the method on unseen orders."""
    how, splits = _splits(data, created)
    truth: list[str] = []
    ranked: list[list[str]] = []
    said: list[float] = []
    town: list[float] = []
    known: set[str] = set()
    for train, test in splits:
        part = data.take(train)
        if len(set(part.labels)) < 2 or not len(test):
            continue
        try:
            model = fit_model(name, features, part, base=base, catalogue=catalogue)
        except OrdersError:
            continue
        answers = [
            s.targets[name]
            for s in Router([model], prefer=prefer).suggest_texts([data.texts[i] for i in test], 3, evidence=False)
        ]
        known |= set(model.labels) | set(model.which_head.labels if model.which_head else ())
        truth += [data.labels[i] for i in test]
        ranked += [[c.label for c in a.choices] for a in answers]
        said += [a.probability for a in answers]
        town += [a.town_probability for a in answers]
    judged = [i for i, t in enumerate(truth) if not (name == "department" and t == TERRITORIAL)]
    if not judged:
        return None
    return measure(
        name,
        how,
        [truth[i] for i in judged],
        [ranked[i] for i in judged],
        [said[i] for i in judged],
        town=town_figures(truth, town) if name == "department" else {},
        unseen=sorted({truth[i] for i in judged} - known),
    )


def _splits(data: TrainingSet, created: pd.Series) -> tuple[str, list[tuple[NDArray[np.intp], NDArray[np.intp]]]]:
    """Return train and test rows: by time where times are known, else by folds of near-duplicate groups."""
    n = len(data.texts)
    known = created.notna()
    if known.mean() > 0.9 and created[known].nunique() > max(20, n // 20) and n >= 100:
        order = created.reset_index(drop=True).sort_values(na_position="first", kind="stable").index.to_numpy()
        cut = int(n * (1 - _TEST_SHARE))
        train, test = np.sort(order[:cut]), np.sort(order[cut:])
        test = test[~np.isin(data.groups[test], data.groups[train])]
        return f"按时间：前 {1 - _TEST_SHARE:.0%} 训练，后 {_TEST_SHARE:.0%} 检验，近似重复的不算", [(train, test)]
    from sklearn.model_selection import GroupKFold

    groups = len(set(data.groups.tolist()))
    folds = min(_FOLDS, groups)
    if folds < 2:
        return "全部是同一内容，无法检验", []
    split = GroupKFold(folds, shuffle=True, random_state=0).split(np.zeros(n), groups=data.groups)
    return f"{folds} 折交叉检验，近似重复的在同一边", [(a.astype(np.intp), b.astype(np.intp)) for a, b in split]
