"""Titles of issues: of the titles that its orders carry, the one most like all others that could stand in a report."""

import re

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..detection.result import DetectionResult
from ..embed import Encoder, embed
from ..segment import Segmenter
from .clauses import cut_lead_in
from .standing import standing
from .wording import half_width, names_trouble

__all__ = ["clean_title", "issue_titles", "typical_title"]

LONGEST = 40
STANDING, SPEECH, TROUBLE = 0.1, -0.4, 0.1
"""Weights, beside a title's mean likeness to the others, of how well it stands alone, of its being talk or next to
nothing, and of its saying what is wrong."""
SHORTEST = 5
_SPEECH = re.compile(
    "[我咱俺你您〔〕!?“”]|[吗呢吧啊呀啦哦嘛咋啥]|[爸妈娃婆]|哪儿|怎么|谁|这|那|就|都|还|又|才|[^发起]了(?:$|[,，])|行不行|^求|算不算|不如"
)
_TAIL = re.compile("(?:[!?。~,、;:…\\s]|[吗呢吧啊呀啦哦嘛])+$")
_ASKED = re.compile("(?:吗|呢)?[?]+$|[吗呢]$|^请问")
_WHETHER = re.compile("(?<!不)能(?!不能|否)")
_WIDE = str.maketrans(",;:!?()", "\uff0c\uff1b\uff1a\uff01\uff1f\uff08\uff09")


def clean_title(title: str) -> str:
    """Return a title without who reports it, without exclamations; a question as what is asked about.

    Examples
    --------
    >>> clean_title("居住证到期网上能签注吗")
    '咨询居住证到期网上能否签注'
    """
    told = half_width(" ".join(title.split()))
    asked = _ASKED.search(told) is not None
    short = cut_lead_in(_TAIL.sub("", told).removeprefix("请问").lstrip(","))
    if asked and not short.startswith("咨询"):
        short = f"咨询{_WHETHER.sub('能否', short, count=1) if told.rstrip('?').endswith('吗') else short}"
    return (short or told)[:LONGEST].translate(_WIDE)


def issue_titles(result: DetectionResult) -> "pd.Series[str]":
    """Return a title for every issue of a result.

    Returns
    -------
    pandas.Series of str
        Rows as in ``result.issues``; a title that the user gave stays.
    """
    clean, vectors, worth = _candidates(result.orders, result.encoder, result.segmenter)
    rows_of = pd.Series(np.arange(len(clean))).groupby(result.assignments["issue"].to_numpy()).indices
    names = [result.names.get(issue) for issue in result.issues["issue"]]
    titles = [
        name or _most_typical([clean[row] for row in rows], vectors[rows], worth[rows])
        for name, rows in zip(names, (rows_of[issue] for issue in result.issues["issue"]), strict=True)
    ]
    return pd.Series(titles, index=result.issues.index, dtype="str")


def typical_title(orders: pd.DataFrame, encoder: Encoder, segmenter: Segmenter) -> str:
    """Return the cleaned title of some orders that is most like all others and could stand in a report."""
    return _most_typical(*_candidates(orders, encoder, segmenter))


def _candidates(
    orders: pd.DataFrame, encoder: Encoder, segmenter: Segmenter
) -> tuple[list[str], NDArray[np.float32], NDArray[np.float64]]:
    """Return the cleaned titles of orders, their vectors, and how fit each is to stand in a report."""
    said = orders["title"].where(orders["title"] != "", orders["text"].str[:LONGEST]).tolist()
    clean = [clean_title(title) for title in said]
    talk = [bool(_SPEECH.search(half_width(title))) or len(title) < SHORTEST for title in clean]
    worth = STANDING * standing(clean, "problem") + SPEECH * np.array(talk, dtype=float)
    worth = worth + TROUBLE * np.array([names_trouble(title) for title in clean], dtype=float)
    return clean, embed(said, encoder, centre=True), worth


def _most_typical(titles: list[str], vectors: NDArray[np.float32], worth: NDArray[np.float64]) -> str:
    central = vectors @ vectors.mean(axis=0) + worth
    return min(zip((-np.round(central, 5)).tolist(), titles, strict=True))[1]
