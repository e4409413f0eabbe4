"""Suggestions for an order: nature, the unit by duty and the town by place, with reasons and an honest 'not sure'."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .._resources import model_path, word_list
from ..errors import ModelError, OrdersError
from ..privacy import mask
from .catalogue import TERRITORIAL, Catalogue, load_catalogue
from .features import SELF_LIKENESS, Block, tagged_words
from .model import Prediction, TargetModel
from .storage import load_model
from .training import untrained_model

__all__ = ["Choice", "Evidence", "Router", "Suggestion", "TargetSuggestion"]

Prefer = Literal["auto", "duty", "town"]
_SHIPPED = ("nature", "department")
_SHORTEST = 4
_CLOSE = 0.08
_SIMILAR = 3
_WORDS = 6
_CONTENT = tuple("nvajlisbz")
"""First letters of jieba's tags of content words: nouns, verbs, adjectives, idioms, places, kinds, states."""
_COUNTING = tuple("mqt")
"""Those of numerals, measure words and times."""


@dataclass(frozen=True)
class Choice:
    """One candidate.

    Attributes
    ----------
    label : str
    probability : float
    """

    label: str
    probability: float


@dataclass(frozen=True)
class Evidence:
    """What a suggestion rests on.

    Attributes
    ----------
    words : tuple of str
        Words of the text that speak most for the first candidate.
    duties : tuple of str
        Keywords of the duty catalogue that the text holds.
    orders : tuple of dict
        Similar orders of the training history: order_id, label, likeness, excerpt (masked).
    place : str
        Place that decides the town; empty where none is known.
    """

    words: tuple[str, ...] = ()
    duties: tuple[str, ...] = ()
    orders: tuple[dict[str, Any], ...] = ()
    place: str = ""


@dataclass(frozen=True)
class TargetSuggestion:
    """The answer for one target.

    Attributes
    ----------
    target : str
    choices : tuple of Choice
        Best first.
    abstain : bool
        The model does not know; `reason` says why, in Chinese. The choices are its best guesses all the same.
    reason : str
    town : str
        For 'department': the town whose place is named, or the generic 乡镇街道 where the model thinks of a town but no
        place is known; empty otherwise.
    town_probability : float
        How likely the town handles it because of the place.
    evidence : Evidence
    """

    target: str
    choices: tuple[Choice, ...]
    abstain: bool
    reason: str
    town: str = ""
    town_probability: float = 0.0
    evidence: Evidence = Evidence()

    @property
    def label(self) -> str:
        """The first candidate."""
        return self.choices[0].label

    @property
    def probability(self) -> float:
        """Probability of the first candidate."""
        return self.choices[0].probability


@dataclass(frozen=True)
class Suggestion:
    """All answers for one order.

    Attributes
    ----------
    targets : dict of str to TargetSuggestion
    """

    targets: dict[str, TargetSuggestion]

    @property
    def nature(self) -> TargetSuggestion:
        """Answer for the nature."""
        return self.targets["nature"]

    @property
    def department(self) -> TargetSuggestion:
        """Answer for the department."""
        return self.targets["department"]

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, as the service sends them."""
        return {name: asdict(answer) for name, answer in self.targets.items()}


class Router:
    """Suggests nature, department and whatever else a model was trained for.

    Parameters
    ----------
    models : sequence of TargetModel
        One a target; of two for one target the later counts.
    prefer : {'auto', 'duty', 'town'}
        Which of the two answers to 'who handles it' comes first: 'duty' lists units by duty; 'town' puts the town of
        a named place first; 'auto' ranks towns among the units where the history tells them apart by
        name, else as 'duty'.
    """

    def __init__(self, models: Sequence[TargetModel], *, prefer: Prefer = "auto") -> None:
        if not models:
            raise ModelError("没有给出任何模型。")
        chosen = {m.target: m for m in models}
        self.models = {t: chosen[t] for t in dict.fromkeys((*(s for s in _SHIPPED if s in chosen), *chosen))}
        self.prefer: Prefer = prefer

    @classmethod
    def load(cls, *paths: str | Path, shipped: bool = True, prefer: Prefer = "auto") -> Self:
        """Load model folders.

        Parameters
        ----------
        *paths : str or Path
            Folders written by `hotspot train`, one a target.
        shipped : bool, default True
            Add the models that ship with the package for nature and department where no folder is for them.

        Raises
        ------
        ModelError
            A folder is missing, damaged or foreign.
        """
        models = [load_model(p) for p in paths]
        if shipped:
            have = {m.target for m in models}
            models = [load_model(model_path(t)) for t in _SHIPPED if t not in have] + models
        return cls(models, prefer=prefer)

    @classmethod
    def from_catalogue(
        cls, catalogue: Catalogue | str | Path, *, shipped: bool = True, prefer: Prefer = "auto"
    ) -> Self:
        """Build the router of day one: a duty catalogue and no history.

        Parameters
        ----------
        catalogue : Catalogue or path
        shipped : bool, default True
            Use the shipped models too; False: the catalogue alone, department only.
        """
        duties = catalogue if isinstance(catalogue, Catalogue) else load_catalogue(catalogue)
        base = load_model(model_path("department")) if shipped else None
        models = [untrained_model(base, duties)]
        if shipped:
            models.insert(0, load_model(model_path("nature")))
        return cls(models, prefer=prefer)

    @property
    def targets(self) -> tuple[str, ...]:
        """Targets, in the order of the answers."""
        return tuple(self.models)

    def suggest(self, text: str, k: int = 3, *, place: str = "", evidence: bool = True) -> Suggestion:
        """Suggest for one order.

        Parameters
        ----------
        text : str
            Title and content.
        k : int, default 3
            How many candidates.
        place : str, optional
            Place of the event, where the platform keeps it apart.

        Raises
        ------
        OrdersError
            The text is no string.
        """
        if not isinstance(text, str):
            raise OrdersError(f"工单内容应是文字，现为 {type(text).__name__}。")
        return self.suggest_texts([text], k, places=[place], evidence=evidence)[0]

    def suggest_texts(
        self, texts: Sequence[str], k: int = 3, *, places: Sequence[str] | None = None, evidence: bool = True
    ) -> list[Suggestion]:
        """Suggest for many texts at once; see `suggest`."""
        masked = [mask(t) for t in texts]
        where = [mask(p) for p in places] if places is not None else [""] * len(texts)
        full = [f"{t}\n{p}" if p else t for t, p in zip(masked, where, strict=True)]
        answers: dict[str, list[TargetSuggestion]] = {}
        for target, model in self.models.items():
            block = model.features.transform(full)
            said = model.predict(full, block)
            answers[target] = [self._answer(model, full[i], said, i, block, k, evidence) for i in range(len(full))]
        return [Suggestion({t: answers[t][i] for t in self.models}) for i in range(len(full))]

    def suggest_many(self, frame: pd.DataFrame, k: int = 3) -> pd.DataFrame:
        """Suggest for a table of orders, under any known headings.

        Returns
        -------
        pandas.DataFrame
            One row an order, in the same order: order_id, then for each target its label, probability and the next
            candidates; town, town_p, evidence, abstain, reason.
        """
        from .table import read_frame

        orders = read_frame(frame)
        return suggestions_table(orders["order_id"].tolist(), self.suggest_orders(orders, k), self.targets)

    def suggest_orders(self, orders: pd.DataFrame, k: int = 3) -> list[Suggestion]:
        """Suggest for a table with the columns text and place (see `hotspot.classify.table`), in bounded memory."""
        found: list[Suggestion] = []
        for start in range(0, len(orders), 2000):
            part = orders.iloc[start : start + 2000]
            found += self.suggest_texts(part["text"].tolist(), k, places=part["place"].tolist())
        return found

    # --- one answer --------------------------------------------------------------------------------------------------

    def _answer(  # noqa: PLR0917 - one call
        self, model: TargetModel, text: str, said: Prediction, row: int, block: Block, k: int, evidence: bool
    ) -> TargetSuggestion:
        town, place = self._town(model, text, said, row)
        labels, chances = self._ranked(model, said, row, town)
        order = np.argsort(-chances, kind="stable")[: max(1, k)]
        choices = tuple(Choice(labels[i], round(float(chances[i]), 4)) for i in order)
        reason = _reason(text, choices, model)
        why = Evidence(place=place)
        if evidence:
            why = self._evidence(model, text, choices[0].label, row, block, place)
        return TargetSuggestion(model.target, choices, bool(reason), reason, town, round(float(said.town[row]), 4), why)

    def _town(self, model: TargetModel, text: str, said: Prediction, row: int) -> tuple[str, str]:
        """Return the town by place, and the place named."""
        if model.target != "department":
            return "", ""
        named = model.catalogue.town_of(text) if model.catalogue else None
        if named is not None:
            return named
        if said.towns and said.town[row] > 0.2:
            at = int(said.which_town[row].argmax())
            if said.which_town[row, at] >= 0.5:
                return said.towns[at], ""
        return (TERRITORIAL, "") if said.town[row] >= 0.5 else ("", "")

    def _ranked(
        self, model: TargetModel, said: Prediction, row: int, town: str
    ) -> tuple[tuple[str, ...], NDArray[np.float64]]:
        labels, chances = said.labels, said.probabilities[row]
        concrete = town not in ("", TERRITORIAL)
        if model.target != "department" or self.prefer == "duty" or not (concrete or said.towns):
            return labels, chances
        if self.prefer == "town" and concrete:
            return (town, *labels), np.concatenate([[1.0], chances])
        if not said.towns:
            return labels, chances
        towns = tuple(dict.fromkeys((*said.towns, *([town] if concrete else []))))
        which = np.asarray([said.which_town[row, said.towns.index(t)] if t in said.towns else 0.0 for t in towns])
        share = float(said.town[row])
        return (*labels, *towns), np.concatenate([chances * (1 - share), which * share])

    def _evidence(  # noqa: PLR0917 - one call
        self, model: TargetModel, text: str, label: str, row: int, block: Block, place: str
    ) -> Evidence:
        duties: tuple[str, ...] = ()
        if model.catalogue is not None:
            duties = tuple(model.catalogue.matched_keywords(text, label)[:_WORDS])
        return Evidence(_telling_words(model, text, label), duties, _similar(model, block, row), place)


def _reason(text: str, choices: tuple[Choice, ...], model: TargetModel) -> str:
    """Say why the model does not know; empty where it does."""
    letters = sum("\u4e00" <= c <= "\u9fff" or c.isalpha() for c in text)
    first = choices[0].probability
    if letters < _SHORTEST:
        return f"内容太短（只有 {letters} 个字），无从判断"
    if first < model.threshold:
        return f"把握不足：最可能的“{choices[0].label}”只有 {first:.0%}，低于 {model.threshold:.0%}"
    if len(choices) > 1 and first - choices[1].probability < _CLOSE:
        return f"两可：“{choices[0].label}”{first:.0%} 与“{choices[1].label}”{choices[1].probability:.0%} 相近"
    return ""


def _telling_words(model: TargetModel, text: str, label: str) -> tuple[str, ...]:
    """Return the words that speak most for a label, by the linear scores of the history, else of the base."""
    while model.history is None or label not in model.history.labels:
        if model.base is None:
            return ()
        kind = model.catalogue.kind_of(label) if model.catalogue else label
        model, label = model.base, kind or label
    can_tell = _words_that_can_tell(text, model.target)
    places = {w: at for w, at in model.features.word_columns(text).items() if w in can_tell}
    if not places:
        return ()
    at = list(places.values())
    weights = model.history.sparse[at]
    gain = (weights[:, model.history.labels.index(label)] - weights.mean(axis=1)) * model.features.rarity[at]
    ranked = sorted(zip(gain.tolist(), places, strict=True), key=lambda p: (-p[0], p[1]))
    return tuple(word for value, word in ranked[:_WORDS] if value > 0)


def _words_that_can_tell(text: str, target: str) -> set[str]:
    """Return the words of a text that can be a reason: of what it is about its content words, no stop words.

    The nature lies in the way of speaking: there the words of asking count, too, but no numbers and times.
    """
    words = {(word, tag) for word, tag in tagged_words(text) if len(word) > 1}
    if target == "nature":
        return {word for word, tag in words if not tag.startswith(_COUNTING)}
    return {word for word, tag in words if tag.startswith(_CONTENT)} - word_list("stopwords.txt")


def _similar(model: TargetModel, block: Block, row: int) -> tuple[dict[str, Any], ...]:
    """Return the most similar orders of the history, each text once."""
    memory = model.memory
    if memory is None or not len(memory.orders):
        return ()
    one = block.take(np.asarray([row]))
    likeness = one.kernel(memory.block)[0] / SELF_LIKENESS
    found = []
    for at in np.argsort(-likeness, kind="stable")[:_SIMILAR]:
        if likeness[at] < 0.12:
            break
        order = memory.orders.iloc[int(at)]
        found.append(
            {
                "order_id": str(order["order_id"]),
                "label": str(order["label"]),
                "likeness": round(float(likeness[at]), 3),
                "excerpt": str(order["excerpt"]),
            }
        )
    return tuple(found)


def suggestions_table(ids: Sequence[str], found: Sequence[Suggestion], targets: Sequence[str]) -> pd.DataFrame:
    """Lay suggestions out as the columns of `hotspot classify`."""
    columns: dict[str, list[Any]] = {"order_id": list(ids)}
    for target in targets:
        answers = [s.targets[target] for s in found]
        columns[target] = [a.label for a in answers]
        columns[f"{target}_p"] = [a.probability for a in answers]
        if target != "nature":
            for place in (2, 3):
                columns[f"{target}_{place}"] = [
                    a.choices[place - 1].label if len(a.choices) >= place else "" for a in answers
                ]
                columns[f"{target}_{place}_p"] = [
                    a.choices[place - 1].probability if len(a.choices) >= place else 0.0 for a in answers
                ]
        if target == "department":
            columns["town"] = [a.town for a in answers]
            columns["town_p"] = [a.town_probability for a in answers]
    columns["evidence"] = [_evidence_text(s) for s in found]
    columns["abstain"] = ["、".join(n for n, a in s.targets.items() if a.abstain) for s in found]
    columns["reason"] = [";".join(f"{n}:{a.reason}" for n, a in s.targets.items() if a.reason) for s in found]
    return pd.DataFrame(columns)


def _evidence_text(suggestion: Suggestion) -> str:
    answer = suggestion.targets.get("department") or next(iter(suggestion.targets.values()))
    why = answer.evidence
    parts = []
    if why.duties or why.words:
        parts.append("词：" + "、".join(dict.fromkeys((*why.duties[:4], *why.words[:4]))))
    if why.place:
        parts.append(f"地点：{why.place}→{answer.town}")
    if why.orders:
        parts.append("相似工单：" + "、".join(f"{o['order_id']}({o['label']})" for o in why.orders))
    return ";".join(parts)
