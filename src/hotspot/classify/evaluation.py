"""An honest evaluation: figures on orders that the model has not seen, their uncertainty, and a reliability picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .catalogue import TERRITORIAL
from .router import Router

__all__ = ["Evaluation", "calibration_error", "evaluate_router", "measure"]

_BINS = 10
_THRESHOLDS = (0.0, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)


@dataclass(frozen=True)
class Evaluation:
    """Figures of one target.

    Attributes
    ----------
    target : str
    how : str
        How the unseen orders were set apart, in Chinese.
    n : int
        Orders judged.
    accuracy, macro_f1, top3, ece, surest_half : float
        Share of right first answers; mean F1 of the labels that occur; share with the right one among three; expected
        calibration error in ten bins; accuracy on the half with the highest probabilities.
    per_class : pandas.DataFrame
        label, orders, precision, recall, f1.
    coverage : pandas.DataFrame
        threshold, coverage, accuracy: what is left and how right it is if the model abstains below the threshold.
    reliability : pandas.DataFrame
        low, high, orders, said, right: mean probability and share of right answers in each bin.
    town : dict
        Figures of 'a town handles it because of the place' for generic labels; empty where there are none.
    unseen : tuple of str
        Labels of the judged orders that the model does not know.
    """

    target: str
    how: str
    n: int
    accuracy: float
    macro_f1: float
    top3: float
    ece: float
    surest_half: float
    per_class: pd.DataFrame
    coverage: pd.DataFrame
    reliability: pd.DataFrame
    town: dict[str, float]
    unseen: tuple[str, ...] = ()

    def figures(self) -> dict[str, Any]:
        """Return the main figures, rounded."""
        return {
            "how": self.how, "n": self.n, "accuracy": round(self.accuracy, 4), "macro_f1": round(self.macro_f1, 4),
            "top3": round(self.top3, 4), "ece": round(self.ece, 4), "surest_half": round(self.surest_half, 4),
        }  # fmt: skip

    def to_text(self) -> str:
        """Return the evaluation as Chinese text for a terminal."""
        lines = [
            f"评估（目标：{self.target}；{self.how}；{self.n} 件）",
            f"  首选正确率 {self.accuracy:.1%}   前三含正确 {self.top3:.1%}   宏平均F1 {self.macro_f1:.3f}",
            f"  把握最大的一半正确率 {self.surest_half:.1%}   校准误差ECE {self.ece:.3f}",
        ]
        if self.n < 200:
            lines.append(f"  （只有 {self.n} 件，正确率的误差约 ±{1.96 * np.sqrt(0.25 / max(self.n, 1)):.0%}）")
        if self.town:
            lines.append(
                f"  属地判断（{TERRITORIAL}）：{self.town['orders']:.0f} 件属地工单，认出 {self.town['recall']:.0%}；"
                f"判为属地的有 {self.town['precision']:.0%} 确是属地"
            )
        if self.unseen:
            lines.append(f"  模型没见过的标签（一律算错）：{'、'.join(self.unseen)}")
        lines += ["", "  各类：  件数  准确率  召回率    F1"]
        lines += [
            f"    {r['label']}  {r['orders']}  {r['precision']:.0%}  {r['recall']:.0%}  {r['f1']:.2f}"
            for r in _rows(self.per_class)
        ]
        lines += ["", "  低于门槛就不作判断时：  门槛  能判断的  其中正确"]
        lines += [f"    {r['threshold']:.0%}  {r['coverage']:.0%}  {r['accuracy']:.0%}" for r in _rows(self.coverage)]
        lines += ["", "  说的把握与实际（■ 实际正确率，│ 所说的把握）："]
        lines += [_bar(r) for r in _rows(self.reliability) if r["orders"]]
        return "\n".join(lines)

    def to_svg(self) -> str:
        """Return the reliability picture as SVG."""
        bars, size = [], 300
        for r in _rows(self.reliability):
            if not r["orders"]:
                continue
            x, width, height = 40 + r["low"] * size, (r["high"] - r["low"]) * size - 2, r["right"] * size
            top = 20 + size - height
            bars.append(
                f'<rect x="{x:.1f}" y="{top:.1f}" width="{width:.1f}" height="{height:.1f}" fill="#4a78b5"/>'
                f'<text x="{x + width / 2:.1f}" y="{top - 5:.1f}" font-size="9" text-anchor="middle">'
                f"{r['orders']}</text>"
            )
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{size + 60}" height="{size + 60}">'
            f'<rect x="40" y="20" width="{size}" height="{size}" fill="none" stroke="#999"/>{"".join(bars)}'
            f'<line x1="40" y1="{20 + size}" x2="{40 + size}" y2="20" stroke="#c33" stroke-dasharray="4"/>'
            f'<text x="{40 + size / 2}" y="{size + 50}" font-size="12" text-anchor="middle">'
            f"所说的把握（ECE {self.ece:.3f}）</text>"
            f'<text x="14" y="{20 + size / 2}" font-size="12" text-anchor="middle" '
            f'transform="rotate(-90 14 {20 + size / 2})">实际正确率</text></svg>'
        )


def _bar(row: dict[str, Any]) -> str:
    width, said, right = 30, row["said"], row["right"]
    bar = list("■" * round(right * width) + " " * (width - round(right * width)))
    bar[min(width - 1, round(said * width))] = "│"
    told = f"{row['orders']} 件  说 {said:.0%} 实 {right:.0%}"
    return f"    {row['low']:.0%}–{row['high']:.0%}  {''.join(bar)}  {told}"


def _rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(k): v for k, v in row.items()} for row in frame.to_dict("records")]


def calibration_error(said: NDArray[np.float64], right: NDArray[np.bool_]) -> float:
    """Return the expected calibration error in ten bins of equal width."""
    gaps = (abs(r["said"] - r["right"]) * r["orders"] for r in _rows(_reliability(said, right)))
    return float(sum(gaps) / max(len(said), 1))


def _reliability(said: NDArray[np.float64], right: NDArray[np.bool_]) -> pd.DataFrame:
    at = np.minimum((said * _BINS).astype(int), _BINS - 1)
    rows = []
    for i in range(_BINS):
        inside = at == i
        n = int(inside.sum())
        means = (float(said[inside].mean()), float(right[inside].mean())) if n else (0.0, 0.0)
        rows.append((i / _BINS, (i + 1) / _BINS, n, *means))
    return pd.DataFrame(rows, columns=["low", "high", "orders", "said", "right"])


def measure(
    target: str,
    how: str,
    truth: Sequence[str],
    ranked: Sequence[Sequence[str]],
    said: Sequence[float],
    *,
    town: dict[str, float] | None = None,
    unseen: Sequence[str] = (),
) -> Evaluation:
    """Compute all figures.

    Parameters
    ----------
    truth : sequence of str
        Right label of each of n orders.
    ranked : sequence of sequences of str
        Candidates of each, best first.
    said : sequence of float
        Probability of the first.
    """
    wanted = np.asarray(truth, dtype=object)
    first = np.asarray([r[0] for r in ranked], dtype=object)
    right = (wanted == first).astype(bool)
    probability = np.asarray(said, dtype=np.float64)
    in_three = [t in r[:3] for t, r in zip(truth, ranked, strict=True)]
    per_class = _per_class(wanted, first)
    half = probability >= np.median(probability) if len(probability) else right
    rows = []
    for threshold in _THRESHOLDS:
        kept = probability >= threshold
        rows.append((threshold, float(kept.mean()), float(right[kept].mean()) if kept.any() else float("nan")))
    return Evaluation(
        target=target,
        how=how,
        n=len(wanted),
        accuracy=float(right.mean()),
        macro_f1=float(per_class["f1"].mean()),
        top3=float(np.mean(in_three)),
        ece=calibration_error(probability, right),
        surest_half=float(right[half].mean()),
        per_class=per_class,
        coverage=pd.DataFrame(rows, columns=["threshold", "coverage", "accuracy"]),
        reliability=_reliability(probability, right),
        town=town or {},
        unseen=tuple(unseen),
    )


def _per_class(wanted: NDArray[Any], first: NDArray[Any]) -> pd.DataFrame:
    rows = []
    for label, n in pd.Series(wanted, dtype=object).value_counts().items():
        hit = int(((wanted == label) & (first == label)).sum())
        said = int((first == label).sum())
        precision, recall = hit / said if said else 0.0, hit / int(n)
        f1 = 2 * precision * recall / (precision + recall) if hit else 0.0
        rows.append((label, int(n), precision, recall, f1))
    return pd.DataFrame(rows, columns=["label", "orders", "precision", "recall", "f1"])


def town_figures(truth: Sequence[str], chance: Sequence[float]) -> dict[str, float]:
    """Return how well generic town labels are told from the others."""
    wanted = np.asarray([t == TERRITORIAL for t in truth])
    said = np.asarray(chance) >= 0.5
    if not wanted.any():
        return {}
    hit = float((wanted & said).sum())
    return {
        "orders": float(wanted.sum()),
        "recall": hit / float(wanted.sum()),
        "precision": hit / float(said.sum()) if said.any() else 0.0,
    }


def evaluate_router(
    router: Router, orders: pd.DataFrame | str | Path, target: str = "department", *, how: str = "给定的文件"
) -> Evaluation:
    """Evaluate a router on labelled orders.

    Parameters
    ----------
    router : Router
    orders : DataFrame or path
        With a text column and the label column `target`.
    target : str
        Label column; the router must have a model for it.
    how : str
        What to say of the orders.

    Raises
    ------
    OrdersError
        No such column, or the router has no model for it.
    """
    from ..errors import OrdersError
    from .table import read_frame, read_table
    from .workflow import canonical_target

    name = canonical_target(target)
    if name not in router.models:
        raise OrdersError(f"没有目标为“{target}”的模型；现有：{'、'.join(router.models)}。")
    table = read_frame(orders, target) if isinstance(orders, pd.DataFrame) else read_table(orders, target)
    table = table[(table["label"] != "") & (table["text"] != "")].reset_index(drop=True)
    if table.empty:
        raise OrdersError(f"“{target}”一列没有可用的标签。")
    found = Router([router.models[name]], prefer=router.prefer).suggest_texts(
        table["text"].tolist(), 3, places=table["place"].tolist(), evidence=False
    )
    answers = [s.targets[name] for s in found]
    truth = table["label"].tolist()
    town = town_figures(truth, [a.town_probability for a in answers]) if name == "department" else {}
    generic = name == "department"
    judged = [i for i, t in enumerate(truth) if not (generic and t == TERRITORIAL)] or list(range(len(truth)))
    model = router.models[name]
    known = set(model.labels) | set(model.which_head.labels if model.which_head else ())
    return measure(
        name,
        how,
        [truth[i] for i in judged],
        [[c.label for c in answers[i].choices] for i in judged],
        [answers[i].probability for i in judged],
        town=town,
        unseen=sorted({truth[i] for i in judged} - known),
    )
