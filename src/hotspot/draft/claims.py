"""Claims: how far a clause is borne out by what orders say, by features of their alignment and a learned model.

Each word of a clause is aligned with the orders (as it stands, or with the likest words of theirs), and the clause as a
whole with theirs; beside that stands what turns a sense: a negation more or less, the contrary word, a request told as
done, agent and object changed. Two small logistic regressions, one over words and one over clauses, tell how likely
orders say so much. They hold no word: ``data/draft_claims.json``, made by ``models/train_claims.py``.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
from numpy.typing import NDArray

from .._resources import data_text, word_list
from ..embed import Encoder, embed
from ..segment import Segmenter
from .clauses import asking_parts
from .polarity import contraries, negated_words, words_by_polarity

__all__ = [
    "FEATURES",
    "WORD_FEATURES",
    "Claim",
    "Said",
    "claims_of",
    "features",
    "negates",
    "score",
    "tellable_words",
    "unheard",
    "word_features",
]

WORD_FEATURES = ("verbatim", "likest_word", "next_words", "characters", "spread")
"""What is measured of a word."""
FEATURES = (
    "support",
    "worst",
    "worst_verb",
    "doubt",
    "whole",
    "negated",
    "negated_alike",
    "contrary",
    "done",
    "only_asked",
    "asked_done",
    "everywhere",
    "swapped",
    "time",
)
"""What is measured of a clause."""
ALIKE = 0.5
"""Likeness from which on a word that the orders lack is held against the likest of theirs."""
UNHEARD = 0.28
"""Likeness to all words of the orders below which a word is unlike any of theirs."""
DOUBT = 4.0
"""The most that one word adds to the doubt about its clause."""
_CUT = re.compile(
    "(?<=.{4})(?:从而)?(?:导致|致使|造成|引发|引起)|^(?:因|由于)(?=.{4})|(?<=.{4})(?:而|并|且|但)(?=.{4})"
)
_ASKS = re.compile("^(?:希望|要求|请求|建议|恳请|盼|咨询|反映|投诉)")
_DONE = re.compile("(?:已经?|均已|全部|得到|完成)+([\u4e00-\u9fff]{2})|([\u4e00-\u9fff]{2})(?:完毕|到位|完成|了)")
_EVERY = re.compile("所有|全部|一律|普遍|均|都|全[县市省镇村区]|每[个户家名天]|任何|整个")
_TURNING = re.compile("[被把遭由受将]")
_LEFT_OUT = frozenset("upcyrwxqme")
_DOING = ("v", "vn", "ad", "vd")

Model = tuple[NDArray[np.float64], float]


@dataclass(frozen=True)
class Claim:
    """A clause to be borne out.

    Attributes
    ----------
    text : str
        Without the word that asks.
    asks : bool
        It asks for what it says.
    """

    text: str
    asks: bool


def claims_of(sentence: str) -> list[Claim]:
    """Return the clauses of a sentence, cause and consequence apart."""
    found = []
    for part, asked in asking_parts(sentence):
        bare = _ASKS.sub("", part) or part
        found += [Claim(piece, asked) for piece in _CUT.split(bare) if len(piece) > 1]
    return found


class Said:
    """What orders say, cut up to be aligned with.

    Parameters
    ----------
    texts : sequence of str
        Title and body of each order.
    encoder : Encoder
        Sentence model.
    segmenter : Segmenter
        Word cutter.
    """

    def __init__(self, texts: Sequence[str], encoder: Encoder, segmenter: Segmenter) -> None:
        self.encoder, self.segmenter = encoder, segmenter
        self.texts, self.whole = texts, "。".join(texts)
        parts = [part for text in texts for part in asking_parts(text)]
        self.clauses = [clause for clause, _ in parts]
        words = [(segmenter.words(clause), asked) for clause, asked in parts]
        self.vocabulary = sorted({word for ws, _ in words for word in ws})
        stated = {word for ws, asked in words if not asked for word in ws}
        self.only_asked = np.array([word not in stated for word in self.vocabulary], dtype=bool)
        """Which words the orders only ask with."""

    @cached_property
    def word_vectors(self) -> NDArray[np.float32]:
        """Vectors of the vocabulary."""
        return embed(self.vocabulary, self.encoder)

    @cached_property
    def text_vectors(self) -> NDArray[np.float32]:
        """Vectors of the orders."""
        return embed(self.texts, self.encoder)

    @cached_property
    def polarity(self) -> dict[str, set[bool]]:
        """Whether the orders negate their words."""
        return words_by_polarity(self.whole, self.segmenter)

    def near(self, words: Sequence[str]) -> NDArray[np.float32]:
        """Return the likeness, 0 to 1, of words to those of the orders, shape (words, vocabulary)."""
        return np.asarray(np.clip(embed(words, self.encoder) @ self.word_vectors.T, 0, 1), dtype=np.float32)


def tellable_words(text: str, segmenter: Segmenter) -> list[tuple[str, str]]:
    """Return the words of a clause that orders must bear out, with their tags."""
    return [
        (word, tag)
        for word, tag in segmenter.tag(text)
        if tag[0] not in _LEFT_OUT and len(word) > 1 and word not in _may_add() and word not in segmenter.stop_words
    ]


@cache
def _may_add() -> frozenset[str]:
    return word_list("draft_may_add.txt")


def word_features(words: Sequence[str], said: Said) -> NDArray[np.float64]:
    """Return what is measured of each word, in the order of `WORD_FEATURES`."""
    near = -np.sort(-said.near(words), axis=1)
    verbatim = np.array([word in said.whole for word in words])
    shared = np.array([max(sum(c in clause for c in word) / len(word) for clause in said.clauses) for word in words])
    spread = np.full(len(words), np.log1p(len(said.vocabulary)))
    return np.column_stack(
        [verbatim, np.where(verbatim, 1.0, near[:, 0]), near[:, 1:3].sum(axis=1) / 2, shared, spread]
    ).astype(np.float64)


def features(claim: Claim, said: Said, word_model: Model | None = None) -> NDArray[np.float64]:
    """Return what is measured of a claim, in the order of `FEATURES`.

    Parameters
    ----------
    claim : Claim
    said : Said
        What at least one order says, one clause or more.
    word_model : tuple of ndarray and float, optional
        Weights and offset for words; those of the package unless given.
    """
    tagged = tellable_words(claim.text, said.segmenter) or [(claim.text, "x")]
    weights, offset = word_model or _stored("words")
    found = word_features([word for word, _ in tagged], said)
    odds = found @ weights + offset
    borne = 1 / (1 + np.exp(-odds))
    verbs = np.array([tag[0] == "v" for _, tag in tagged])
    times = np.array([tag == "t" for _, tag in tagged])
    values = {
        "support": float(borne.mean()),
        "worst": float(borne.min()),
        "worst_verb": float(borne[verbs].min() if verbs.any() else borne.mean()),
        "doubt": float(np.clip(-odds, 0, DOUBT).sum()),
        "whole": float((said.text_vectors @ embed([claim.text], said.encoder)[0]).max()),
        "time": float((found[times, 0] < 1).any()) if times.any() else 0.0,
        **_turns(claim, [word for word, _ in tagged], said),
    }
    return np.array([values[name] for name in FEATURES])


def _turns(claim: Claim, words: Sequence[str], said: Said) -> dict[str, float]:
    """Return what often turns the sense of a claim against the orders."""
    text = claim.text
    negated, alike = _negated(text, said)
    only_asked = 0.0 if claim.asks else _only_asked(text, said)
    done = not claim.asks and any(_not_done(a or b, said.whole) for a, b in _DONE.findall(text))
    return {
        "negated": min(negated, 2),
        "negated_alike": min(alike, 2),
        "contrary": min(contraries(text, said.whole), 2),
        "done": float(done),
        "only_asked": only_asked,
        "asked_done": float(done and only_asked > 0),
        "everywhere": float(bool(_EVERY.search(text)) and not _EVERY.search(said.whole)),
        "swapped": 0.0 if _TURNING.search(text) else _swapped(words, said),
    }


def _not_done(verb: str, whole: str) -> bool:
    return not re.search(f"(?:已经?|全部).{{0,2}}{re.escape(verb)}|{re.escape(verb)}.{{0,3}}(?:了|完)", whole)


def _negated(text: str, said: Said) -> tuple[int, int]:
    """Return how many words of a text are negated where the orders never negate them, or the other way round.

    The second number is of words that the orders do not have, by the likest of theirs.
    """
    mine, theirs = words_by_polarity(text, said.segmenter), said.polarity
    new = [word for word in mine if word not in said.whole]
    listed = list(theirs)
    if not new or not listed:
        return negated_words(mine, theirs), 0
    near = embed(new, said.encoder) @ embed(listed, said.encoder).T
    likest = {word: theirs[listed[int(row.argmax())]] for word, row in zip(new, near, strict=True) if row.max() > ALIKE}
    return negated_words(mine, theirs), negated_words(mine, likest)


def _only_asked(text: str, said: Said) -> float:
    """Return the share of a text's verbs that, as they stand or as the likest word, the orders only ask with."""
    verbs = [word for word, tag in said.segmenter.tag(text) if tag in _DOING]
    if not verbs:
        return 0.0
    return float(np.mean(said.only_asked[said.near(verbs).argmax(axis=1)]))


def _swapped(words: Sequence[str], said: Said) -> float:
    """Return the share of the pairs of a claim's words that stand the other way round wherever a clause has both."""
    total = turned = 0
    for i, one in enumerate(words):
        for other in words[i + 1 :]:
            ways = {c.find(one) < c.find(other) for c in said.clauses if one in c and other in c}
            total += bool(ways)
            turned += ways == {False}
    return turned / total if total else 0.0


def unheard(claim: Claim, said: Said) -> bool:
    """Tell whether a claim has a word unlike any of the orders': in a short clause one such word is all that is new."""
    words = [word for word, _ in tellable_words(claim.text, said.segmenter) if word not in said.whole]
    return bool(words) and float(said.near(words).max(axis=1).min()) < UNHEARD


def negates(claim: Claim, said: Said) -> bool:
    """Tell whether a claim says the contrary of what orders say, rather than something else."""
    turns = _turns(claim, [word for word, _ in tellable_words(claim.text, said.segmenter)], said)
    return any(turns[name] > 0 for name in ("negated", "contrary", "asked_done", "done"))


@cache
def _stored(part: str) -> Model:
    stored = json.loads(data_text("draft_claims.json"))[part]
    names = {"words": WORD_FEATURES, "clauses": FEATURES}[part]
    return np.array([float(stored["weights"][name]) for name in names]), float(stored["offset"])


def score(claim: Claim, said: Said) -> float:
    """Return the log-odds that orders say what a claim says."""
    weights, offset = _stored("clauses")
    return float(features(claim, said) @ weights + offset)
