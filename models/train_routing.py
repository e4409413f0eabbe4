"""Train the routing models that ship with the package: models/nature and models/department.

    python models/train_routing.py --data ../shared/data/petitions

Needs the petition messages (see the cards for what they are); they are not in the repository. The labels are, as
message ids: `models/department/labels.csv` (1,816 messages read with their replies, 4,123 read by title alone).
Rows of `routing_dev.csv` and near-duplicates of them take no part, so that they can measure the result.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from hotspot import __version__
from hotspot.classify.catalogue import general_catalogue
from hotspot.classify.evaluation import evaluate_router
from hotspot.classify.features import Features
from hotspot.classify.groups import near_duplicates
from hotspot.classify.router import Router
from hotspot.classify.storage import load_model, save_model
from hotspot.classify.training import TrainingSet, fit_model
from hotspot.embed import load_encoder
from hotspot.privacy import mask

HERE = Path(__file__).parent
MIN_TEXTS = 5
VERSION = "1.0"


def messages(data: Path) -> pd.DataFrame:
    """Return id, title and body of all messages."""
    names = {"留言编号": "id", "留言主题": "title", "留言详情": "text"}
    files = ("messages_with_replies.csv", "messages_2019.csv")
    table = pd.concat([pd.read_csv(data / f).rename(columns=names)[list(names.values())] for f in files])
    table = table.drop_duplicates("id").fillna("").astype({"title": "str", "text": "str"})
    table["full"] = [mask(f"{t.strip()}\n{b.strip()}") for t, b in zip(table["title"], table["text"], strict=True)]
    return table.reset_index(drop=True)


def main() -> None:
    """Train, store and measure both models."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    args = parser.parse_args()
    everything = messages(args.data)
    dev = pd.read_csv(args.data / "routing_dev.csv").merge(everything, on="id")
    labels = pd.read_csv(HERE / "department" / "labels.csv", keep_default_na=False)
    rows = labels.merge(everything, on="id")

    _, block = Features.fit([*dev["full"], *rows["full"]], min_texts=MIN_TEXTS, vectors=False)
    groups = near_duplicates(block)
    rows = rows[~np.isin(groups[len(dev) :], groups[: len(dev)])].reset_index(drop=True)
    features, block = Features.fit(rows["full"].tolist(), min_texts=MIN_TEXTS)
    groups = near_duplicates(block)
    print(f"{len(rows)} labelled messages, {len(features.columns)} features")

    data = TrainingSet(rows["full"].tolist(), rows["department"].tolist(), block, groups)
    by_reply = (rows["source"] == "reply").to_numpy()
    department = fit_model("department", features, data, catalogue=general_catalogue(), towns_from=by_reply)
    with_nature = np.flatnonzero((rows["nature"] != "").to_numpy())
    data = replace(data, labels=rows["nature"].tolist()).take(with_nature)
    nature = fit_model("nature", features, data)
    for model in (department, nature):
        meta = {**model.meta, "version": VERSION, "hotspot": __version__, "encoder": load_encoder().name}
        folder = save_model(replace(model, meta=meta), HERE / model.target)
        router = Router([load_model(folder)], prefer="duty")
        sure = dev[(dev["confidence"] >= 2) | (model.target == "nature")].drop(columns=["full", "confidence"])
        print(evaluate_router(router, sure, model.target, how="routing_dev.csv,未参加训练").to_text())


if __name__ == "__main__":
    main()
