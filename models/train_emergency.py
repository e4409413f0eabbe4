"""Train models/emergency: which orders tell of an emergency, and of which kind.

    python models/train_emergency.py

Learned from the orders of the hand-written months (marks in `tests/data/emergencies.csv`; orders that could be taken
either way teach nothing) and from sentences that three writers made up (`models/emergency/sentences.tsv`). The months
of `train_matters.CLEAN` take no part: what is learned is measured on them (`benchmarks/emergencies.py`).

The words of `emergency.toml` were written with the months in view, so on these they know more than they will of others.
Their weight and the threshold are therefore learned with a part of the patterns left out at random, as many as make
them find what they found in months that they had not seen.
"""

from __future__ import annotations

import copy
import csv
import hashlib
import json
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from safetensors.numpy import save
from scipy.sparse import csr_array, hstack
from sklearn.linear_model import LogisticRegression

from hotspot.report.emergency_model import FEATURES, character_features, meaning_features, raw_vectors
from hotspot.report.emergency_words import EmergencyWords, emergency_words, split_clauses, words_data
from train_matters import CLEAN, month_names, read_month

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "models" / "emergency"
MARKS = ROOT / "tests" / "data" / "emergencies.csv"
NO_PART = {"anxin-2025-10", "qingtang-2023-05", *CLEAN}
"""Months that nothing is learned from here: the emergencies of the first two are marked, and measured on."""
STRENGTH = 30.0
"""Inverse strength of the regularization."""
LEFT_OUT = {"kinds": 0.3, "damp": 0.9, "context": 0.9}
"""Shares left out: in months not seen the words found seven in ten, and of what they found half was none."""
DRAWS = 6
PRECISION = 0.75
"""From the threshold on, in months left out."""
VERSION = "1.0"
Floats = NDArray[np.float64]


def read_examples() -> pd.DataFrame:
    """Return all that is learned from: group (month or writer), written, emergency, kind, title, text."""
    names = [name for name in month_names() if name not in NO_PART]
    months = pd.concat([read_month(name).assign(group=name) for name in names]).drop_duplicates("order_id")
    marks = pd.read_csv(MARKS, dtype=str, keep_default_na=False)
    months = pd.DataFrame(months[["order_id", "title", "text", "group"]]).merge(marks, how="left", on="order_id")
    months = months.fillna({"emergency": "否", "kind": ""})
    written = pd.read_csv(
        FOLDER / "sentences.tsv", sep="\t", dtype=str, keep_default_na=False, quoting=csv.QUOTE_NONE
    ).rename(columns={"writer": "group"})
    sure = months[months["emergency"] != "两可"]
    return pd.concat([sure.assign(written=False), written.assign(written=True)], ignore_index=True)


def with_patterns_left_out(seed: int) -> EmergencyWords:
    """Return the words without a random part of the patterns."""
    random, data = np.random.default_rng(seed), copy.deepcopy(words_data())
    for part, share in LEFT_OUT.items():
        entries = chain.from_iterable(data[part].values()) if part == "kinds" else data[part].values()
        for entry in entries:
            entry["patterns"] = [p for p in entry["patterns"] if random.random() >= share]
    return EmergencyWords.of(data)


def named_in(examples: pd.DataFrame, words: EmergencyWords) -> tuple[Floats, NDArray[np.object_]]:
    """Return the evidence and the kind of the gravest words in each text."""
    pairs = zip(examples["title"], examples["text"], strict=True)
    found = [words.gravest([*split_clauses(title), *split_clauses(text)]) for title, text in pairs]
    return np.array([evidence for evidence, _ in found]), np.array([kind for _, kind in found], dtype=object)


def fit(features: Any, target: NDArray[Any]) -> LogisticRegression:
    """Fit whether: one row of weights."""
    model = LogisticRegression(C=STRENGTH, solver="liblinear", dual=True, tol=1e-2, max_iter=1000, random_state=0)
    return model.fit(features, target)


def fit_kinds(features: Any, kinds: NDArray[Any]) -> LogisticRegression:
    """Fit which kind: a row of weights for each."""
    return LogisticRegression(C=STRENGTH, max_iter=1000).fit(features, kinds)


def held_out(features: Any, target: NDArray[np.bool_], groups: NDArray[Any]) -> Floats:
    """Return the logit of each text by a model that has not seen its group."""
    logits = np.zeros(len(target))
    for group in np.unique(groups):
        own = groups == group
        logits[own] = fit(features[~own], target[~own]).decision_function(features[own])
    return logits


def held_out_kinds(features: Any, kinds: NDArray[Any], groups: NDArray[Any]) -> NDArray[Any]:
    """Return the kind of each emergency by a model that has not seen its group."""
    found = np.empty(len(kinds), dtype=object)
    for group in np.unique(groups):
        own = groups == group
        found[own] = fit_kinds(features[~own], kinds[~own]).predict(features[own])
    return found


def lowest_of(scores: Floats, target: NDArray[np.bool_], precision: float) -> float:
    """Return the lowest score from which on so many are right."""
    order = np.argsort(-scores, kind="stable")
    right = np.cumsum(target[order]) / np.arange(1, len(order) + 1)
    return float(scores[order][np.flatnonzero(right >= precision)[-1]])


def told(scores: Floats, target: NDArray[np.bool_], threshold: float) -> dict[str, float]:
    """Return precision and recall from a threshold on."""
    found = scores >= threshold
    right = (found & target).sum()
    return {"precision": round(float(right / found.sum()), 3), "recall": round(float(right / target.sum()), 3)}


def main() -> None:
    """Measure on groups held out, train on all, store."""
    examples = read_examples()
    titles, texts = examples["title"].tolist(), examples["text"].tolist()
    groups = examples["group"].to_numpy()
    target = examples["emergency"].eq("是").to_numpy()
    written = examples["written"].to_numpy()
    months = ~written
    centre = np.stack([v[months].mean(axis=0, dtype=np.float64) for v in raw_vectors(titles, texts)]).astype(np.float32)
    features = hstack(
        [character_features(titles, texts), csr_array(meaning_features(titles, texts, centre))], format="csr"
    )

    learned = held_out(features, target, groups)
    sifted = [named_in(examples, with_patterns_left_out(seed))[0] for seed in range(DRAWS)]
    both = np.concatenate([np.column_stack([learned, evidence])[months] for evidence in sifted])
    truth = np.tile(target[months], DRAWS)
    blend = LogisticRegression(C=100.0).fit(both, truth)
    slope, weight_of_words = map(float, blend.coef_[0])
    logits = blend.decision_function(both)
    threshold = lowest_of(logits, truth, PRECISION)
    words, word_kinds = named_in(examples, emergency_words())
    figures: dict[str, Any] = {"months": {}, "sentences": {}}
    figures["months"]["words"] = told(both[:, 1], truth, np.nextafter(0, 1))
    for name, scores in (("learned", both[:, 0]), ("both", logits)):
        figures["months"][name] = told(scores, truth, lowest_of(scores, truth, PRECISION))
    now = blend.decision_function(np.column_stack([learned, words]))
    for writer in np.unique(groups[written]):
        own = groups == writer
        figures["sentences"][writer] = {
            "recall": round(float((now >= threshold)[own & target].mean()), 3),
            "false": round(float((now >= threshold)[own & ~target].mean()), 3),
            "recall_of_words": round(float((words > 0)[own & target].mean()), 3),
            "false_of_words": round(float((words > 0)[own & ~target].mean()), 3),
        }
    kinds, marked = examples["kind"].to_numpy()[target], words[target] > 0
    guessed = held_out_kinds(features[target], kinds, groups[target])
    written = written[target]
    figures["kind_right"] = {
        "learned, months": round(float((guessed == kinds)[~written].mean()), 3),
        "learned, sentences": round(float((guessed == kinds)[written].mean()), 3),
        "learned, sentences with words": round(float((guessed == kinds)[written & marked].mean()), 3),
        "words, sentences with words": round(float((word_kinds[target] == kinds)[written & marked].mean()), 3),
    }
    print(json.dumps(figures, indent=1, ensure_ascii=False))

    whether, which = fit(features, target), fit_kinds(features[target], kinds)
    weights = np.ascontiguousarray(np.concatenate([slope * whether.coef_, which.coef_]))  # as safetensors stores it
    offsets = np.concatenate([slope * whether.intercept_ + blend.intercept_, which.intercept_])
    characters = weights[:, :FEATURES]
    scales = np.abs(characters).max(axis=1) / 127
    raw = save(
        {
            "characters": np.ascontiguousarray(np.round(characters / scales[:, None]), dtype=np.int8),
            "scales": scales.astype(np.float32),
            "vectors": np.ascontiguousarray(weights[:, FEATURES:], dtype=np.float32),
            "offsets": offsets.astype(np.float32),
            "centre": centre,
        }
    )
    manifest = {
        "format": "hotspot-emergency",
        "version": VERSION,
        "kinds": which.classes_.tolist(),
        "words": round(weight_of_words, 4),
        "threshold": round(float(1 / (1 + np.exp(-threshold))), 4),
        "months": sorted(set(groups[months])),
        "held_out": figures,
        "sha256": hashlib.sha256(raw).hexdigest(),
    }
    (FOLDER / "weights.safetensors").write_bytes(raw)
    text = json.dumps(manifest, indent=1, sort_keys=True, ensure_ascii=False)
    (FOLDER / "manifest.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
