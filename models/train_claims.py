"""Train data/draft_claims.json: whether orders bear a clause out.

    python models/train_claims.py --data FOLDER

Needs the petition messages; they are not in the repository, and the weights hold no word. The hand-written months
are trained on too, without the orders of ``benchmarks/claims.tsv``. True of a message are the title that its writer
put over it, and clauses of its body shortened or with a word put in other words; false are titles of messages like
it, its own title with a word or its ending out of another, agent and object changed, a negation more or less, the
contrary word, what is asked for told as done, 'all' put before it, and what the office answered.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

import hotspot
from hotspot.draft.claims import (
    FEATURES,
    WORD_FEATURES,
    Model,
    Said,
    claims_of,
    features,
    tellable_words,
    word_features,
)
from hotspot.draft.clauses import asking_parts
from hotspot.draft.issue_titles import clean_title
from hotspot.draft.polarity import opposites
from hotspot.embed import Encoder, embed
from hotspot.segment import Segmenter

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "src/hotspot/data/draft_claims.json"
LETTERS = ("messages_2019.csv", "messages_with_replies.csv")
MONTHS = ("examples/wengyuan-2022-06/orders.csv", "tests/data/yunze-2023-11.csv", "tests/data/chiliu-2024-05.csv")
MESSAGES, HELD_OUT = 1_000, 5
LONGEST_BODY = 500
SHORTEST, LONGEST = 6, 30
NEAR, NEAREST = 30, 0.7
"""Messages like one that lend it words; likeness above which one may tell the same."""
NEW = 0.6
"""Likeness to all words of a message below which a lent word is new to it."""
ALIKE = 0.55
"""Likeness above which one word puts another in other words."""
NEGATIONS = frozenset(["不", "没", "没有", "未", "无", "从未", "没人", "无人"])
SPARE = frozenset("dmqtru")
WEIGHTS = {"title": 6.0, "shortened": 0.5, "swapped": 0.5, "contrary": 2.0, "answered": 2.0}
"""What a case counts beside the others: titles are what a writer makes of a message, the rest is made of them."""


class Maker:
    """Makes true and false sentences about messages.

    Parameters
    ----------
    messages : pandas.DataFrame
        Titles, bodies and what the office answered.
    encoder : Encoder
        Sentence model.
    segmenter : Segmenter
        Word cutter.
    """

    def __init__(self, messages: pd.DataFrame, encoder: Encoder, segmenter: Segmenter) -> None:
        self.rng = np.random.default_rng(0)
        self.segmenter, self.encoder = segmenter, encoder
        self.titles = [clean_title(title).removeprefix("关于") for title in messages["title"]]
        self.bodies = [text[:LONGEST_BODY] for text in messages["text"]]
        self.answers = messages["reply"].tolist()
        self._vectors = embed(self.titles, encoder, centre=True)
        words = {(w, t[0]) for title in self.titles for w, t in segmenter.tag(title) if t[0] in "nvat" and len(w) > 1}
        self._words, self._kinds = map(np.array, zip(*sorted(words), strict=True))
        self._word_vectors = embed(self._words.tolist(), encoder)

    def said(self, row: int) -> Said:
        """Return what a message says in its body, and now and then what others like it say too."""
        others = self.like(row)[-int(self.rng.integers(1, 3)) :] if self.rng.random() < 0.4 else []
        return Said([self.bodies[i] for i in (row, *others)], self.encoder, self.segmenter)

    def like(self, row: int) -> list[int]:
        """Return messages of a like subject, not so like that they may tell the same."""
        near = self._vectors @ self._vectors[row]
        return [int(i) for i in np.argsort(-near)[1:NEAR] if near[i] < NEAREST]

    def cases(self, row: int, said: Said) -> Iterator[tuple[str, str, int]]:
        """Yield sentences about a message, each with its kind and 1 if it is borne out."""
        title, like = self.titles[row], self.like(row)
        if not like or len(title) < SHORTEST:
            return
        yield title, "title", 1
        for clause, asked in self._some(asking_parts(self.bodies[row]), 3):
            yield self._shortened(clause), "shortened", 1
            yield self._reworded(self._shortened(clause)), "reworded", 1
            yield self._contrary(clause), "contrary", 0
            yield (self._done(clause), "done", 0) if asked else (self._negated(clause), "negated", 0)
            yield self._swapped(clause), "swapped", 0
        other = self.titles[like[int(self.rng.integers(len(like)))]]
        yield other, "other", 0
        yield self._grafted(title, other), "grafted", 0
        yield self._lent(title, said), "lent", 0
        yield self._lent(title, said), "lent", 0
        yield self._negated(title), "negated", 0
        yield self._swapped(title), "swapped", 0
        yield self._contrary(title), "contrary", 0
        yield str(self.rng.choice(["所有", "全部", "全县"])) + title, "everywhere", 0
        for clause, _ in self._some(asking_parts(self.answers[row]), 3):
            yield clause, "answered", 0

    def _some(self, parts: list[tuple[str, bool]], most: int) -> list[tuple[str, bool]]:
        fitting = [(clause, asked) for clause, asked in parts if SHORTEST <= len(clause) <= LONGEST]
        return [fitting[i] for i in self.rng.permutation(len(fitting))[:most]]

    def _shortened(self, clause: str) -> str:
        tagged = self.segmenter.tag(clause)
        return "".join(w for w, t in tagged if t[0] not in SPARE or w in NEGATIONS or self.rng.random() > 0.6)

    def _reworded(self, clause: str) -> str:
        return self._replaced(clause, lambda near: near > ALIKE)

    def _lent(self, title: str, said: Said) -> str:
        new = (self._word_vectors @ said.word_vectors.T).max(axis=1) < NEW
        return self._replaced(title, lambda near: (near > 0.1) & (near < NEW) & new)

    def _replaced(self, clause: str, fits: object) -> str:
        """Put another word of the same kind in the place of one."""
        tagged = self.segmenter.tag(clause)
        words, tags = [word for word, _ in tagged], [tag for _, tag in tagged]
        places = [i for i, word in enumerate(words) if tags[i][0] in "nvat" and len(word) > 1]
        if not places:
            return ""
        place = int(self.rng.choice(places))
        near = self._word_vectors @ embed([words[place]], self.encoder)[0]
        chosen = np.flatnonzero((self._kinds == tags[place][0]) & (self._words != words[place]) & fits(near))
        if not len(chosen):
            return ""
        return "".join((*words[:place], str(self._words[self.rng.choice(chosen)]), *words[place + 1 :]))

    def _grafted(self, title: str, other: str) -> str:
        """Give a title the ending of another, from its first verb on."""
        mine, theirs = self.segmenter.tag(title), self.segmenter.tag(other)
        head = next((i for i, (_, t) in enumerate(mine) if i and t[0] == "v"), 0)
        tail = next((i for i, (_, t) in enumerate(theirs) if i and t[0] == "v"), 0)
        return "".join(w for w, _ in (*mine[:head], *theirs[tail:])) if head and tail else ""

    def _negated(self, clause: str) -> str:
        tagged = self.segmenter.tag(clause)
        there = [i for i, (word, _) in enumerate(tagged) if word in NEGATIONS]
        if there:
            return "".join(w for i, (w, _) in enumerate(tagged) if i != there[0])
        at = next((i for i, (_, t) in enumerate(tagged) if i and t in ("v", "a")), 0)
        put = str(self.rng.choice(["未", "没有", "不"]))
        return "".join((put if i == at else "") + w for i, (w, _) in enumerate(tagged)) if at else ""

    def _contrary(self, clause: str) -> str:
        for mine, theirs in (pair for one, other in opposites() for pair in ((one, other), (other, one))):
            for word in mine:
                if word in clause:
                    return clause.replace(word, str(self.rng.choice(theirs)))
        return ""

    def _done(self, clause: str) -> str:
        text = "".join(claim.text for claim in claims_of(clause)[:1])
        done = str(self.rng.choice(["已", "已经", "", "均已"]))
        return done + text + str(self.rng.choice(["", "", "完毕", "到位"])) if text else ""

    def _swapped(self, clause: str) -> str:
        words = [w for w, _ in self.segmenter.tag(clause)]
        kinds = [t[0] for _, t in self.segmenter.tag(clause)]
        verb = next((i for i, kind in enumerate(kinds) if i and kind == "v"), 0)
        before = [i for i in range(verb) if kinds[i] == "n"]
        after = [i for i in range(verb + 1, len(kinds)) if kinds[i] == "n"]
        if not before or not after:
            return ""
        words[before[-1]], words[after[0]] = words[after[0]], words[before[-1]]
        return "".join(words)


def read(folder: Path) -> pd.DataFrame:
    """Return the messages: the hand-written months less the orders that the check is measured on, and some letters."""
    claims = pd.read_csv(ROOT / "benchmarks/claims.tsv", sep="\t").query("part != 'hard'")  # written after training
    shown = {order for ids in claims["orders"] for order in ids.split("、")}
    months = pd.concat([hotspot.read_orders(ROOT / path) for path in MONTHS])
    letters = pd.concat([hotspot.read_orders(folder / name) for name in LETTERS]).drop_duplicates(["title", "text"])
    letters = letters.sample(MESSAGES, random_state=0).assign(reply="")  # the answers there repeat the letter
    return pd.concat([months[~months["order_id"].isin(shown)], letters]).fillna({"reply": ""}).sample(
        frac=1, random_state=0, ignore_index=True
    )  # fmt: skip


def fitted(
    found: np.ndarray, truth: np.ndarray, weight: np.ndarray, held: np.ndarray
) -> tuple[LogisticRegression, float]:
    """Return a model of all cases, and the area under the curve, on cases held out, of one of the others."""
    balance = weight * np.where(truth == 1, 1 / weight[truth == 1].sum(), 1 / weight[truth == 0].sum()) * len(truth) / 2
    model = LogisticRegression(max_iter=2000)
    model.fit(found[~held], truth[~held], sample_weight=balance[~held])
    auc = float(roc_auc_score(truth[held], model.decision_function(found[held])))
    return model.fit(found, truth, sample_weight=balance), auc


def train_words(maker: Maker) -> tuple[LogisticRegression, float]:
    """Train the model of words: those of a message's own title, and of others'."""
    cases, labels, held = [], [], []
    for row, title in enumerate(maker.titles):
        said, like = maker.said(row), maker.like(row)
        if not said.clauses or not like:
            continue
        far = int(maker.rng.integers(len(maker.titles)))
        for text, label in ((title, 1), (maker.titles[like[0]], 0), (maker.titles[far], 0)):
            words = [word for word, _ in tellable_words(text, maker.segmenter)]
            if words:
                cases.append(word_features(words, said))
                labels += [label] * len(words)
                held += [row % HELD_OUT == 0] * len(words)
    return fitted(np.vstack(cases), np.array(labels), np.ones(len(labels)), np.array(held))


def train_clauses(maker: Maker, words: Model) -> tuple[LogisticRegression, float]:
    """Train the model of clauses; of a sentence of several, the one least borne out stands for it."""
    cases, labels, weight, held = [], [], [], []
    for row in range(len(maker.titles)):
        said = maker.said(row)
        for sentence, kind, label in maker.cases(row, said) if said.clauses else ():
            found = [features(claim, said, words) for claim in claims_of(sentence)]
            if found:
                cases.append(min(found, key=lambda values: values[FEATURES.index("support")]))
                labels.append(label)
                weight.append(WEIGHTS.get(kind, 1.0))
                held.append(row % HELD_OUT == 0)
    return fitted(np.array(cases), np.array(labels), np.array(weight), np.array(held))


def stored(model: LogisticRegression, names: tuple[str, ...], auc: float) -> dict[str, object]:
    """Return a model as it is written down."""
    weights = {name: round(float(weight), 4) for name, weight in zip(names, model.coef_[0], strict=True)}
    return {"weights": weights, "offset": round(float(model.intercept_[0]), 4), "auc_held_out": round(auc, 3)}


def main() -> None:
    """Train, measure on messages held out, store."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    maker = Maker(read(parser.parse_args().data), hotspot.load_encoder(), Segmenter())
    words, words_auc = train_words(maker)
    clauses, clauses_auc = train_clauses(maker, (words.coef_[0], float(words.intercept_[0])))
    made = {"words": stored(words, WORD_FEATURES, words_auc), "clauses": stored(clauses, FEATURES, clauses_auc)}
    TARGET.write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")
    print(TARGET.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
