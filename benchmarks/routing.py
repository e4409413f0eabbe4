"""Routing against its peers in one run, and what each part adds.

    python benchmarks/routing.py --data ../shared/data/petitions

Folds keep near-duplicates on one side; the shipped models have seen none of the 500 rows. Department is judged on rows
with confidence 2 and 3 that are no 乡镇街道, training uses all rows. SetFit needs a hub and is not run; a keyword table
(the catalogue's keywords alone, as responsibility matrices are used) stands for today's tools.
"""

from __future__ import annotations

import argparse
import platform
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from hotspot import __version__
from hotspot._resources import model_path
from hotspot.classify import Router, general_catalogue, train_router
from hotspot.classify.catalogue import TERRITORIAL
from hotspot.classify.evaluation import calibration_error
from hotspot.classify.features import Features, normalise, split_words
from hotspot.classify.groups import near_duplicates
from hotspot.classify.model import TargetModel
from hotspot.classify.storage import load_model
from hotspot.classify.training import TrainingSet, fit_model, untrained_model
from hotspot.embed import embed, load_encoder
from hotspot.privacy import mask

Array = NDArray[Any]
NATURES = ("咨询", "投诉", "举报", "建议", "求助")
NOTE = (
    "目录与附带模型的标签出自同一作者(语言模型),编写前读过训练用的留言和 500 件开发集的标题及其标签;"
    "附带模型没有用这 500 件训练。"
)
EXAMPLE = Path(__file__).parents[1] / "examples" / "wengyuan-2022-06" / "orders.csv"


@dataclass(frozen=True)
class Data:
    """The 500 rows."""

    texts: list[str]
    labels: Array
    groups: Array
    judged: Array


def folds(data: Data) -> list[tuple[Array, Array]]:
    """Split into five folds of near-duplicate groups."""
    from sklearn.model_selection import GroupKFold

    split = GroupKFold(5, shuffle=True, random_state=0).split(data.texts, groups=data.groups)
    return [(a, b) for a, b in split]


def ours(
    base: TargetModel | None, target: str, *, catalogue: bool = True, history: bool = True, vectors: bool = True
) -> Callable[[Data], tuple[list[str], Array]]:
    """Return a function that predicts every row by a model that has not seen it."""

    def run(data: Data) -> tuple[list[str], Array]:
        if not history:
            assert base is not None
            said = base.predict(data.texts)
            return list(said.labels), said.probabilities
        features, block = Features.fit(data.texts, vectors=vectors)
        everything = TrainingSet(data.texts, data.labels.tolist(), block, data.groups)
        labels = sorted({v for v in data.labels if v != TERRITORIAL})
        out = np.zeros((len(data.texts), len(labels)))
        for train, test in folds(data):
            model = fit_model(target, features, everything.take(train), base=base)
            if not catalogue and model.catalogue is not None:
                model = replace(
                    model, mixture=replace(model.mixture, weights=np.append(model.mixture.weights[:-1], 0.0))
                )
            said = model.predict([data.texts[i] for i in test], block.take(test))
            for at, label in enumerate(said.labels):
                out[test, labels.index(label)] = said.probabilities[:, at]
        return labels, out

    return run


def peer(
    make: Callable[[], Any], vectorise: Callable[[list[str], list[str]], tuple[Any, Any]]
) -> Callable[[Data], tuple[list[str], Array]]:
    """Return a function that cross-validates a scikit-learn classifier."""

    def run(data: Data) -> tuple[list[str], Array]:
        labels = sorted(set(data.labels))
        out = np.full((len(data.texts), len(labels)), -1e9)
        for train, test in folds(data):
            a, b = vectorise([data.texts[i] for i in train], [data.texts[i] for i in test])
            classifier = make().fit(a, data.labels[train])
            scores = (
                classifier.predict_proba(b) if hasattr(classifier, "predict_proba") else classifier.decision_function(b)
            )
            out[np.ix_(test, [labels.index(c) for c in classifier.classes_])] = scores
        keep = [i for i, v in enumerate(labels) if v != TERRITORIAL]
        return [labels[i] for i in keep], out[:, keep]

    return run


def tfidf(train: list[str], test: list[str]) -> tuple[Any, Any]:
    """Weigh characters 1-3 and words 1-2."""
    from scipy.sparse import hstack
    from sklearn.feature_extraction.text import TfidfVectorizer

    makers = (
        TfidfVectorizer(analyzer="char", ngram_range=(1, 3), sublinear_tf=True, min_df=2),
        TfidfVectorizer(
            tokenizer=split_words, token_pattern=None, ngram_range=(1, 2), sublinear_tf=True, lowercase=False
        ),
    )
    train, test = [normalise(t) for t in train], [normalise(t) for t in test]
    return hstack([m.fit_transform(train) for m in makers]).tocsr(), hstack([m.transform(test) for m in makers]).tocsr()


def vectors(train: list[str], test: list[str]) -> tuple[Any, Any]:
    """Embed with the packaged model."""
    return embed(train), embed(test)


def keyword_table(data: Data) -> tuple[list[str], Array]:
    """Count each unit's keywords, as a responsibility matrix would."""
    catalogue = general_catalogue()
    kinds = sorted({u.kind for u in catalogue.units if u.name != TERRITORIAL})
    out = np.zeros((len(data.texts), len(kinds)))
    for unit in catalogue.units:
        if unit.name != TERRITORIAL:
            counts = [sum(k.lower() in normalise(t) for k in unit.keywords) for t in data.texts]
            at = kinds.index(unit.kind)
            out[:, at] = np.maximum(out[:, at], counts)
    return kinds, out


def catalogue_alone(data: Data) -> tuple[list[str], Array]:
    """Score by the catalogue only: no labels at all."""
    model = untrained_model(None, general_catalogue())
    said = model.predict(data.texts)
    kinds = sorted({u.kind for u in general_catalogue().units if u.name != TERRITORIAL})
    out = np.zeros((len(data.texts), len(kinds)))
    for at, label in enumerate(said.labels):
        kind = general_catalogue().kind_of(label) or label
        out[:, kinds.index(kind)] += said.probabilities[:, at]
    return kinds, out


def department_row(
    name: str, data: Data, run: Callable[[Data], tuple[list[str], Array]], *, calibrated: bool = True
) -> str:
    """Run one method and lay out its figures."""
    start = time.perf_counter()
    labels, scores = run(data)
    seconds = time.perf_counter() - start
    names, order = np.asarray(labels, dtype=object), np.argsort(-scores, axis=1, kind="stable")
    first = names[order[:, 0]] == data.labels
    three = (names[order[:, :3]] == data.labels[:, None]).any(axis=1)
    top, j = scores.max(axis=1), data.judged
    sure = top[j] >= np.median(top[j])
    ece = f"{calibration_error(top[j], first[j]):.3f}" if calibrated else "–"
    figures = " | ".join(f"{v:.3f}" for v in (first[j].mean(), three[j].mean(), first[j][sure].mean()))
    return f"| {name} | {figures} | {ece} | {seconds:.0f} |"


def nature_row(name: str, data: Data, run: Callable[[Data], tuple[list[str], Array]]) -> str:
    """Run one method and lay out its figures."""
    from sklearn.metrics import f1_score

    labels, scores = run(data)
    said = np.asarray(labels, dtype=object)[scores.argmax(axis=1)]
    f1 = f1_score(data.labels, said, average="macro", labels=list(NATURES))
    ece = f"{calibration_error(scores.max(axis=1), said == data.labels):.3f}" if scores.min() >= 0 else "–"
    return f"| {name} | {(said == data.labels).mean():.3f} | {f1:.3f} | {ece} |"


def load(folder: Path) -> pd.DataFrame:
    """Read the 500 rows with their texts, masked."""
    names = {"留言编号": "id", "留言主题": "title", "留言详情": "text"}
    messages = pd.read_csv(folder / "messages_with_replies.csv").rename(columns=names).drop_duplicates("id")
    rows = pd.read_csv(folder / "routing_dev.csv").merge(messages, on="id").fillna("")
    rows["full"] = [mask(f"{t}\n{b}") for t, b in zip(rows["title"], rows["text"], strict=True)]
    return rows


def petitions(folder: Path) -> list[str]:
    """Measure department, nature and category."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.svm import LinearSVC

    rows = load(folder)
    texts = rows["full"].tolist()
    _, block = Features.fit(texts, vectors=False)
    labels = rows["department"].to_numpy(object)
    judged = ((rows["confidence"] >= 2) & (rows["department"] != TERRITORIAL)).to_numpy()
    data = Data(texts, labels, near_duplicates(block), judged)
    department, nature = (load_model(model_path(t)) for t in ("department", "nature"))

    def svm() -> Any:
        return LinearSVC(C=1.0)

    def logistic() -> Any:
        return LogisticRegression(C=20.0, max_iter=300)

    lines = [f"## 承办单位({judged.sum()} 件;500 件五折)", ""]
    lines += ["| 方法 | 首选 | 前三 | 最有把握的一半 | ECE | 秒 |", "|---|---|---|---|---|---|"]
    lines += [
        department_row("关键词表(责任清单,不用标签)", data, keyword_table, calibrated=False),
        department_row("TF-IDF 词+字 + LinearSVC", data, peer(svm, tfidf), calibrated=False),
        department_row("句向量 + 逻辑回归", data, peer(logistic, vectors)),
        department_row("**本软件:只用目录,不用标签**", data, catalogue_alone),
        department_row("**本软件:附带模型,不用本地标签**", data, ours(department, "department", history=False)),
        department_row("本软件:只用历史和目录,不用附带模型", data, ours(None, "department")),
        department_row("**本软件:历史 + 附带模型 + 目录**", data, ours(department, "department")),
        department_row("  同上,去掉目录", data, ours(department, "department", catalogue=False)),
        department_row("  同上,去掉历史的句向量", data, ours(department, "department", vectors=False)),
    ]
    data = replace(data, labels=rows["nature"].to_numpy(object))
    lines += ["", "## 性质(500 件五折;宏平均按五类)", "", "| 方法 | 正确率 | 宏平均F1 | ECE |", "|---|---|---|---|"]
    lines += [
        nature_row("TF-IDF 词+字 + LinearSVC", data, peer(svm, tfidf)),
        nature_row("句向量 + 逻辑回归", data, peer(logistic, vectors)),
        nature_row("本软件:附带模型,不用本地标签", data, ours(nature, "nature", history=False)),
        nature_row("本软件:只用历史", data, ours(None, "nature")),
        nature_row("**本软件:历史 + 附带模型**", data, ours(nature, "nature")),
    ]
    done = train_router(folder / "category_train.csv", "category").evaluation
    assert done is not None
    lines += [
        "",
        "## 类别(category_train.csv,2,533 件五折)",
        "",
        f"正确率 {done.accuracy:.3f},宏平均F1 {done.macro_f1:.3f},ECE {done.ece:.3f}。",
    ]
    return lines


def example_month() -> list[str]:
    """Measure on the example month, split by time."""
    if not EXAMPLE.is_file():
        return []
    lines = ["", "## 示例月(examples/wengyuan-2022-06,按时间前 75% 训练、后 25% 检验)", ""]
    lines += ["| 目标 | 件数 | 首选 | 前三 | 宏平均F1 | 最有把握的一半 | ECE |", "|---|---|---|---|---|---|---|"]
    for target, prefer in (("department", "auto"), ("nature", "auto")):
        found = train_router(EXAMPLE, target, prefer=prefer).evaluation  # type: ignore[arg-type]
        assert found is not None
        figures = (found.accuracy, found.top3, found.macro_f1, found.surest_half, found.ece)
        lines.append(f"| {target} | {found.n} | " + " | ".join(f"{v:.3f}" for v in figures) + " |")
    return lines


def speed(router: Router) -> list[str]:
    """Time single and batch suggestions."""
    text = "小区楼下烧烤店每晚营业到凌晨,油烟和噪音很大,多次反映没有解决。"
    router.suggest(text)
    times = []
    for _ in range(50):
        start = time.perf_counter()
        router.suggest(text)
        times.append(time.perf_counter() - start)
    start = time.perf_counter()
    router.suggest_texts([f"{text}{i}" for i in range(500)])
    rate = 500 / (time.perf_counter() - start)
    return ["", "## 速度", "", f"单件(性质和单位)中位 {np.median(times) * 1000:.1f} 毫秒;成批 {rate:.0f} 件/秒。"]


def main() -> None:
    """Run everything and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results" / "routing.md")
    args = parser.parse_args()
    machine = (
        f"{platform.machine()},Python {platform.python_version()},hotspot {__version__},句向量 {load_encoder().name}"
    )
    lines = ["# 派单基准", "", f"`python benchmarks/routing.py --data …/petitions`({machine})", "", NOTE, ""]
    if args.data and args.data.is_dir():
        lines += petitions(args.data)
    else:
        print("没有给出数据文件夹,只测示例月和速度。")
    lines += example_month() + speed(Router.load())
    args.out.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
