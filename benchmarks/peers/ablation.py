"""Ablation: this library with one part at a time taken away.

A part is taken away by setting a named constant or function of the library aside while it runs. A name that is no
longer there is an error that says so: an ablation that takes nothing away would pass for a part that adds nothing.
"""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from importlib import import_module
from typing import Any

import numpy as np
import pandas as pd
import scipy.sparse as sp
from numpy.typing import NDArray

import hotspot
from hotspot.detection.similarity import Lexicon
from hotspot.segment import Segmenter

from .datasets import Level
from .systems import Grouping, System, ours

__all__ = ["LatentSemantic", "ablations"]


class LatentSemantic:
    """TF-IDF and truncated SVD behind the encoder interface: meaning without a sentence model."""

    name = "lsa"
    dimension = 128

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Embed texts: fitted on these very texts."""
        from sklearn.decomposition import TruncatedSVD
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.preprocessing import normalize

        words = TfidfVectorizer(analyzer=Segmenter().topic_words, min_df=2, sublinear_tf=True).fit_transform(texts)
        size = min(self.dimension, min(words.shape) - 1)
        return normalize(TruncatedSVD(size, random_state=0).fit_transform(words)).astype(np.float32)


def ablations() -> list[System]:
    """Return this library with each part taken away in turn."""
    subjects, issues, comparison, matters, similarity, soundness = (
        f"hotspot.detection.{name}"
        for name in ("subjects", "issues", "comparison", "matters", "similarity", "soundness")
    )
    return [
        System("without sentence model (LSA for it)", ours(LatentSemantic()), own=True),
        _without("words in issues", {f"{similarity}.learn_lexicon": _only_characters}),
        _without("characters in issues", {f"{similarity}.learn_lexicon": _only_words}),
        _without("titles' meaning in issues", {f"{comparison}.TITLE_MEANING": 0.0}),
        _without("places in issues", {f"{comparison}.OTHER_PLACE": 1.0}),
        _without("balance of names and problem", {f"{comparison}.told_alike": _unbalanced}),
        _without("problem's meaning in issues", {f"{comparison}.OTHER_PROBLEM": 1.0}),
        _without("address, unit and caller in issues", {f"{matters}.features_of": _texts_alone}),
        _without("probability of one matter", {f"{matters}.same_matter": _as_worded}),
        _without("clusters that stand out", {f"{issues}.standing_out": _none}),
        _without("test of a description", {f"{soundness}._Tests.is_described": _always}),
        _without("test of one place", {f"{soundness}._Tests.is_at_one_place": _always}),
        _without("test of two things in common", {f"{soundness}._Tests.has_two_things": _always}),
        _without("meaning in hotspots", {f"{subjects}.SubjectEvidence._meaning": _no_meaning}),
        _without("known subjects", {f"{subjects}.KNOWN_WEIGHT": 0.0}),
        _without("words in hotspots", {f"{subjects}.WORDS_WEIGHT": 0.0}),
        _without("key strings in hotspots", {f"{subjects}.KEYS_WEIGHT": 0.0}),
        _without("unit", {f"{subjects}.UNIT_WEIGHT": 0.0}),
        _without("burst", {f"{subjects}.BURST_WEIGHT": 0.0}),
        _without("least scale of bursts", {f"{subjects}.LEAST_DEVIATION": 0.0}),
        _without("smoothing", {f"{subjects}.STEPS": 0}),
        _without("agreement of trees", {"hotspot.detection.hotspots.TREES": 1}),
        _without("settling", {"hotspot.detection.hotspots.settled": _as_they_are}),
        _without("joining", {"hotspot.detection.hotspots.joined": _as_they_are}),
    ]


def _without(part: str, stand_ins: dict[str, Any]) -> System:
    """Return this library with named things set aside."""

    def group(orders: pd.DataFrame, level: Level, seed: int, choice: Any) -> Grouping:
        with _set_aside(stand_ins):
            fitted = hotspot.HotspotDetector().fit(orders)
        ids = fitted.result_.assignments["order_id"].to_numpy()
        return {
            "hotspots": pd.Series(fitted.labels_, index=ids),
            "issues": pd.Series(fitted.issue_labels_, index=ids),
        }

    return System(f"without {part}", group, own=True, knobs=tuple(stand_ins))


@contextmanager
def _set_aside(stand_ins: dict[str, Any]) -> Iterator[None]:
    """Put stand-ins in place of named things, wherever the library has imported them; a function stands in for itself.

    A stand-in that is a function is called with the thing that it stands in for, and returns what to use instead.
    """
    changed: list[tuple[Any, str, Any]] = []
    try:
        for path, stand_in in stand_ins.items():
            home, name = _find(path)
            old = getattr(home, name)
            new = stand_in(old) if callable(stand_in) else stand_in
            for holder in [home, *_importers(name, old)]:
                changed.append((holder, name, old))
                setattr(holder, name, new)
        yield
    finally:
        for holder, name, old in reversed(changed):
            setattr(holder, name, old)


def _find(path: str) -> tuple[Any, str]:
    """Return the module or class that holds a name, and the name."""
    package, room, module, *within = path.split(".")
    home: Any = import_module(f"{package}.{room}.{module}")
    for name in within:
        if not hasattr(home, name):
            raise LookupError(f"{path} is no longer there: benchmarks/peers/ablation.py must follow the library")
        home = getattr(home, name) if name != within[-1] else home
    return home, within[-1]


def _importers(name: str, thing: Any) -> list[Any]:
    """Return the library's modules that hold a function under the same name."""
    if not callable(thing):
        return []
    modules = [module for key, module in sorted(sys.modules.items()) if key.startswith("hotspot.detection")]
    return [module for module in modules if getattr(module, name, None) is thing]


def _rescaled(lexicon: Lexicon) -> Lexicon:
    """Scale rows to unit length again: what is left must weigh as much as both did, or every threshold would change."""
    length = np.sqrt(np.asarray(lexicon.features.multiply(lexicon.features).sum(axis=1)).ravel())
    scaled = sp.csr_matrix(sp.diags(1 / np.where(length > 0, length, 1)) @ lexicon.features, dtype=np.float32)
    return replace(lexicon, features=scaled)


def _only_characters(learn_lexicon: Callable[..., Lexicon]) -> Callable[..., Lexicon]:
    return lambda documents, words: _rescaled(learn_lexicon(documents, lambda text: []))


def _only_words(learn_lexicon: Callable[..., Lexicon]) -> Callable[..., Lexicon]:
    def learn(documents: Sequence[str], words: Callable[[str], list[str]]) -> Lexicon:
        with _set_aside({"hotspot.detection.similarity.character_ngrams": lambda old: lambda text: []}):
            return _rescaled(learn_lexicon(documents, words))

    return learn


def _unbalanced(told_alike: Callable[..., NDArray[np.float64]]) -> Callable[..., NDArray[np.float64]]:
    """Take half of all that is shared for the problem: then the geometric mean is the mean."""
    return lambda shared, problem, *rest: told_alike(shared, shared / 2, *rest)


def _texts_alone(features_of: Callable[..., NDArray[np.float64]]) -> Callable[..., NDArray[np.float64]]:
    """Know nothing but the texts, as of a table that carries no more."""
    return lambda evidence, **_: features_of(evidence.of_texts_alone(), carries_more=False)


def _as_worded(same_matter: Callable[..., NDArray[np.float64]]) -> Callable[..., NDArray[np.float64]]:
    """Take the likeness of wording for the probability."""
    return lambda evidence, **_: evidence.told


def _none(choose: Callable[..., list[list[int]]]) -> Callable[..., list[list[int]]]:
    return lambda *_: []


def _always(test: Callable[..., bool]) -> Callable[..., bool]:
    return lambda self, shared: True


def _no_meaning(measure: Callable[..., NDArray[np.float64]]) -> Callable[..., NDArray[np.float64]]:
    return lambda self, pairs: np.zeros(len(pairs[0]))


def _as_they_are(change: Callable[..., NDArray[np.int64]]) -> Callable[..., NDArray[np.int64]]:
    return lambda hotspots, *_: hotspots
