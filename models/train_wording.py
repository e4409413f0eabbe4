"""Train models/wording: which clauses could stand in a report.

    python models/train_wording.py --data ../shared/data/petitions

Needs the petition messages; they are not in the repository, and the weights hold no word of an open class. Clauses of
titles, with and without the place that leads them, are told from clauses of bodies and from titles cut in two.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from pathlib import Path

import numpy as np
import pandas as pd
from safetensors.numpy import save
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

import hotspot
from hotspot.detection.places import find_places
from hotspot.draft.clauses import plain_clauses
from hotspot.draft.standing import KINDS, vectorizer
from hotspot.segment import Segmenter

FOLDER = Path(__file__).parent / "wording"
SHORTEST, LONGEST = 5, 30
CASES = 40_000
HELD_OUT = 5
FILES = ("messages_2019.csv", "messages_with_replies.csv")
VERSION = "1.0"

Case = tuple[str, int, int]
"""A clause, 1 if a title says it whole, and the number of its message."""


def fits(clause: str) -> bool:
    """Tell whether a clause has the length of a statement and no mask."""
    return SHORTEST <= len(clause) <= LONGEST and "〔" not in clause


def without_place(clause: str, segmenter: Segmenter) -> str:
    """Return a clause without the place that opens it."""
    for place in find_places(segmenter.tag(clause)):
        at = clause.find(place)
        if 0 <= at <= 4:
            return clause[at + len(place) :]
    return ""


def cases_of(messages: pd.DataFrame, segmenter: Segmenter) -> dict[str, list[Case]]:
    """Return the cases of each kind."""
    rng = np.random.default_rng(0)
    cases: dict[str, list[Case]] = {kind: [] for kind in KINDS}
    for number, (title, body) in enumerate(zip(messages["title"], messages["text"], strict=True)):
        for kind, clause in plain_clauses(title):
            for whole in {clause, without_place(clause, segmenter)}:
                if fits(whole):
                    cases[kind].append((whole, 1, number))
            words = segmenter.cut(clause)
            if fits(clause) and len(words) > 3:
                cut = int(rng.integers(1, len(words) - 1))
                part = "".join(words[:cut] if kind == "request" or rng.random() < 0.5 else words[cut:])
                cases[kind] += [(part, 0, number)] if fits(part) else []
        for kind, clause in plain_clauses(body):
            cases[kind] += [(clause, 0, number)] if fits(clause) else []
    return {kind: [*_whole(found), *_sample(_parts(found), rng)] for kind, found in cases.items()}


def _whole(cases: list[Case]) -> list[Case]:
    return sorted({case for case in cases if case[1]})


def _parts(cases: list[Case]) -> list[Case]:
    return sorted({case for case in cases if not case[1]})


def _sample(cases: list[Case], rng: np.random.Generator) -> list[Case]:
    return [cases[i] for i in rng.permutation(len(cases))[:CASES]]


def main() -> None:
    """Train, measure on messages held out, train on all, store."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    arguments = parser.parse_args()
    messages = pd.concat([hotspot.read_orders(arguments.data / name) for name in FILES])
    messages = messages.drop_duplicates(["title", "text"]).reset_index(drop=True)
    segmenter = Segmenter()
    arrays, manifest = {}, {"format": "hotspot-wording", "version": VERSION, "offset": {}, "scale": {}, "auc": {}}
    for kind, cases in cases_of(messages, segmenter).items():
        features = vectorizer(segmenter).transform([clause for clause, _, _ in cases])
        whole = np.array([label for _, label, _ in cases])
        held = np.array([number % HELD_OUT == 0 for _, _, number in cases])
        model = LogisticRegression(C=0.05, class_weight="balanced", max_iter=1000)
        model.fit(features[~held], whole[~held])
        manifest["auc"][kind] = round(float(roc_auc_score(whole[held], model.decision_function(features[held]))), 3)
        model.fit(features, whole)
        scale = float(np.abs(model.coef_).max()) / 127
        arrays[kind] = np.round(model.coef_[0] / scale).astype(np.int8)
        manifest["scale"][kind] = scale
        manifest["offset"][kind] = float(model.intercept_[0])
        print(kind, len(cases), f"{whole.mean():.2f} of titles, AUC held out {manifest['auc'][kind]}")
    FOLDER.mkdir(exist_ok=True)
    raw = save(arrays)
    manifest["sha256"] = hashlib.sha256(raw).hexdigest()
    (FOLDER / "weights.safetensors").write_bytes(raw)
    (FOLDER / "manifest.json").write_text(json.dumps(manifest, indent=1, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
