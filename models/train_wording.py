"""Train models/wording: which clauses could stand in a report.

    python models/train_wording.py --data ../shared/data/petitions

Readers gave clauses a mark: 2 where a report could print it, 1 where it is understood but is talk, says one household's
detail or next to nothing, 0 where it is a fragment or no problem at all. `models/wording/marks.csv` has the marks and,
for the clauses themselves, the first 16 digits of the SHA-256 of kind and text: they come out of the petition messages,
which are not in the repository, and of the sentences of the known subjects.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import numpy as np
import pandas as pd
from safetensors.numpy import save
from scipy.stats import spearmanr
from sklearn.linear_model import Ridge
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import KFold

from hotspot._resources import data_text
from hotspot.draft.clauses import problem_statements, request_statements, sentences_of
from hotspot.draft.standing import KINDS, vectorizer
from hotspot.segment import Segmenter

FOLDER = Path(__file__).parent / "wording"
FILES = ("messages_2019.csv", "messages_with_replies.csv")
PENALTY = 30.0
FOREIGN = 0.03
"""Weight of clauses of the other kind, as ones of mark 0: no wish is a problem, and no problem a wish."""
PARTS = 5
VERSION = "2.0"


def key_of(kind: str, clause: str) -> str:
    """Return the name that a clause goes by in the marks."""
    return hashlib.sha256(f"{kind} {clause}".encode()).hexdigest()[:16]


def clauses_of(texts: list[str]) -> Iterator[tuple[str, str]]:
    """Yield kind and words of all that could be told of some texts."""
    segmenter = Segmenter()
    for text in texts:
        told = sentences_of(text)
        for loose in (False, True):
            yield from (("problem", clause) for clause in problem_statements(told, segmenter, loose=loose))
        yield from (("request", clause) for clause in request_statements(told))


def main() -> None:
    """Find the marked clauses, measure on parts held out, train on all, store."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    arguments = parser.parse_args()
    subjects = pd.read_csv(StringIO(data_text("subjects.tsv")), sep="\t", quoting=csv.QUOTE_NONE)
    sentences = [sentence for said in subjects["sentences"] for sentence in said.split(" | ")]
    messages = pd.concat([pd.read_csv(arguments.data / name, dtype=str) for name in FILES]).fillna("")
    texts = (messages["留言主题"] + "。" + messages["留言详情"]).tolist()
    found = {key_of(kind, clause): clause for kind, clause in clauses_of([*texts, *sentences])}
    marks = pd.read_csv(FOLDER / "marks.csv")
    known = marks[marks["key"].isin(found)]
    print(f"{len(known)} of {len(marks)} marked clauses found")
    arrays, manifest = {}, {"format": "hotspot-wording", "version": VERSION, "offset": {}, "scale": {}, "held_out": {}}
    rows = known.sort_values(["kind", "key"])
    features = vectorizer().transform([found[key] for key in rows["key"]])
    for kind in KINDS:
        own = rows["kind"].eq(kind).to_numpy()
        mark = np.where(own, rows["mark"], 0).astype(np.float64)
        weight = np.where(own, 1.0, FOREIGN)
        model = Ridge(alpha=PENALTY, solver="sparse_cg", tol=1e-8)
        guessed = np.zeros(len(rows))
        for taken, held in KFold(PARTS, shuffle=True, random_state=0).split(features):
            guessed[held] = model.fit(features[taken], mark[taken], weight[taken]).predict(features[held])
        manifest["held_out"][kind] = {
            "clauses": int(own.sum()),
            "auc_of_mark_2": round(float(roc_auc_score(mark[own] == 2, guessed[own])), 3),
            "auc_of_mark_1_or_2": round(float(roc_auc_score(mark[own] > 0, guessed[own])), 3),
            "rank_correlation": round(float(spearmanr(mark[own], guessed[own])[0]), 3),
        }
        model.fit(features, mark, weight)
        scale = float(np.abs(model.coef_).max()) / 127
        arrays[kind] = np.round(model.coef_ / scale).astype(np.int8)
        manifest["scale"][kind] = scale
        manifest["offset"][kind] = float(model.intercept_)
        print(kind, manifest["held_out"][kind])
    raw = save(arrays)
    manifest["sha256"] = hashlib.sha256(raw).hexdigest()
    (FOLDER / "weights.safetensors").write_bytes(raw)
    (FOLDER / "manifest.json").write_text(json.dumps(manifest, indent=1, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
