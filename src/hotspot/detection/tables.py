"""Tables of what was found: a line an issue, a line a hotspot, in ranked order."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
import scipy.sparse as sp
from numpy.typing import NDArray

from ..segment import Segmenter
from ..settings import HeatWeights
from .aspects import BODY
from .bursts import burst_facts
from .crowds import find_crowds, rank_crowds
from .heat import PARTS, heat_of, heat_parts
from .known_subjects import KnownSubjects
from .places import places_of, rank_places

__all__ = ["Month", "hotspot_table", "issue_table", "keywords_of", "order_places"]

KEYWORDS = 8
LONGEST_TITLE = 40


@dataclass(frozen=True)
class Month:
    """The month as the tables see it: n orders, of which t say something different.

    Attributes
    ----------
    orders : pandas.DataFrame
        Orders table, n rows.
    text_number : ndarray of int64, shape (n,)
        Which text each order says.
    texts : pandas.DataFrame
        The first order of each text, t rows.
    places : list of list of str
        Places that each text names.
    titles : list of str
        The titles; of a text without one that tells anything, what it says.
    title_vectors : ndarray of float32, shape (t, d)
        Their centred vectors.
    segmenter : Segmenter
    """

    orders: pd.DataFrame
    text_number: NDArray[np.int64]
    texts: pd.DataFrame
    places: list[list[str]]
    titles: list[str]
    title_vectors: NDArray[np.float32]
    segmenter: Segmenter

    @cached_property
    def orders_of_text(self) -> list[NDArray[np.int64]]:
        """Rows of the orders that say each text."""
        order = np.argsort(self.text_number, kind="stable")
        return np.split(order, np.cumsum(np.bincount(self.text_number))[:-1])

    @cached_property
    def crowds(self) -> list[list[str]]:
        """People that each text speaks of."""
        return [find_crowds(said) for said in self.texts["title"] + "。" + self.texts["text"]]

    @cached_property
    def days(self) -> NDArray[np.datetime64]:
        """Day of each order's call."""
        return self.orders["created"].to_numpy(dtype="datetime64[D]")

    @cached_property
    def callers(self) -> NDArray[np.int64]:
        """Number of each order's caller; one whose caller is unknown is told from others by its text."""
        known = self.orders["caller"].ne("").to_numpy()
        codes = pd.factorize(self.orders["caller"])[0].astype(np.int64)
        return np.where(known, codes, -1 - self.text_number)

    @cached_property
    def words(self) -> tuple[sp.csr_matrix, NDArray[np.str_]]:
        """Which topic words each text holds, and the words."""
        from sklearn.feature_extraction.text import CountVectorizer

        vectorizer = CountVectorizer(
            analyzer=lambda text: sorted(set(self.segmenter.topic_words(text))), min_df=min(2, len(self.texts))
        )
        try:
            held = vectorizer.fit_transform(self.texts["title"] + "。" + self.texts["text"])
        except ValueError:  # no word stands in two texts
            return sp.csr_matrix((len(self.texts), 0)), np.empty(0, dtype=np.str_)
        return sp.csr_matrix(held), vectorizer.get_feature_names_out().astype(np.str_)


def order_places(texts: pd.DataFrame, segmenter: Segmenter) -> list[list[str]]:
    """Return the places that each order names: its place column first, then title and text."""
    whole = texts["place"] + "。" + texts["title"] + "。" + texts["text"].str[:BODY]
    return places_of(whole, segmenter)


def keywords_of(month: Month, groups: Sequence[NDArray[np.int64]]) -> list[list[str]]:
    """Return the words that set each group of texts apart from all others.

    A word's weight is the share of the group's texts that hold it times the logarithm of how rare it is overall, the
    idea of class-based TF-IDF (Grootendorst 2022, arXiv:2203.05794).
    """
    held, words = month.words
    if not len(words):
        return [[] for _ in groups]
    rarity = np.log(held.shape[0] / np.asarray(held.sum(axis=0)).ravel())
    result = []
    for rows in groups:
        weight = np.asarray(held[rows].mean(axis=0)).ravel() * rarity
        likely = (
            np.flatnonzero(weight >= np.partition(weight, -KEYWORDS)[-KEYWORDS])
            if len(words) > KEYWORDS
            else np.arange(len(words))
        )
        best = likely[np.lexsort((words[likely], -weight[likely]))][:KEYWORDS]
        result.append([str(words[i]) for i in best if weight[i] > 0])
    return result


def issue_table(month: Month, lowest: NDArray[np.int64]) -> tuple[pd.DataFrame, NDArray[np.int64]]:
    """Describe the issues: two orders or more, most callers first.

    Returns
    -------
    pandas.DataFrame
        issue, title, orders, texts, callers, first, last, peak, places, crowds, keywords.
    ndarray of int64, shape (texts,)
        Row of each text's issue, -1 for none.
    """
    order_counts = np.bincount(lowest[month.text_number], minlength=int(lowest.max()) + 1)
    members = [np.flatnonzero(lowest == node) for node in np.flatnonzero(order_counts >= 2)]
    facts = [_facts(month, rows) for rows in members]
    order = sorted(range(len(facts)), key=lambda i: (-facts[i]["callers"], -facts[i]["orders"], int(members[i][0])))
    words = keywords_of(month, members)
    of_text = np.full(len(month.texts), -1, dtype=np.int64)
    rows = []
    for number, i in enumerate(order):
        of_text[members[i]] = number
        rows.append({"issue": f"S{number + 1:04d}", **facts[i], "keywords": "、".join(words[i])})
    columns = ["issue", "title", "orders", "texts", "callers", "first", "last", "peak", "places", "crowds", "keywords"]
    return pd.DataFrame(rows, columns=columns), of_text


def hotspot_table(
    month: Month,
    hotspot: NDArray[np.int64],
    issue: NDArray[np.int64],
    weights: HeatWeights,
    cohesion: Callable[[NDArray[np.int64]], float],
    *,
    known: KnownSubjects,
) -> tuple[pd.DataFrame, NDArray[np.int64]]:
    """Describe the hotspots, hottest first.

    Returns
    -------
    pandas.DataFrame
        rank, hotspot, title, heat, one column for each part of heat (NaN where it can't be measured), orders, texts,
        callers, issues, first, last, peak, burst_first, burst_last, burst_expected, burst_p, places, crowds,
        keywords, subject, aspects, subject_share, field, field_share.
    ndarray of int64, shape (texts,)
        Row of each text's hotspot, -1 for none.
    """
    members = [np.flatnonzero(hotspot == number) for number in range(int(hotspot.max(initial=-1)) + 1)]
    month_callers = len(np.unique(month.callers))
    facts = []
    for rows in members:
        fact = _facts(month, rows)
        first_places = [month.places[row][0] if month.places[row] else "" for row in rows]
        parts = heat_parts(
            month.texts.iloc[rows],
            month.texts,
            first_places,
            cohesion=cohesion(rows),
            callers=fact["callers"],
            month_callers=month_callers,
        )
        fact["heat"] = heat_of(parts, weights)
        fact |= {f"heat_{name}": round(parts[name], 3) if name in parts else np.nan for name in PARTS}
        fact["issues"] = len(set(issue[rows].tolist()) - {-1})
        subject = known.shared_by(rows)
        fact |= {
            "subject": "、".join(subject.names),
            "aspects": "、".join(subject.aspects),
            "subject_share": round(subject.share, 3),
            "field": subject.field,
            "field_share": round(subject.field_share, 3),
        }
        fact |= burst_facts(month.days, month.callers, np.isin(month.text_number, rows))
        facts.append(fact)
    order = sorted(range(len(facts)), key=lambda i: (-facts[i]["heat"], -facts[i]["callers"], int(members[i][0])))
    words = keywords_of(month, members)
    of_text = np.full(len(month.texts), -1, dtype=np.int64)
    table = []
    for number, i in enumerate(order):
        of_text[members[i]] = number
        table.append({"rank": number + 1, "hotspot": f"H{number + 1:02d}", **facts[i], "keywords": "、".join(words[i])})
    columns = ["rank", "hotspot", "title", "heat", *(f"heat_{name}" for name in PARTS)]
    columns += ["orders", "texts", "callers", "issues", "first", "last", "peak"]
    columns += ["burst_first", "burst_last", "burst_expected", "burst_p", "places", "crowds", "keywords"]
    columns += ["subject", "aspects", "subject_share", "field", "field_share"]
    return pd.DataFrame(table, columns=columns), of_text


def _facts(month: Month, rows: NDArray[np.int64]) -> dict[str, Any]:
    held = np.concatenate([month.orders_of_text[row] for row in rows])
    days, counts = np.unique(month.days[held], return_counts=True)
    return {
        "title": _central_title(month, rows),
        "orders": len(held),
        "texts": len(rows),
        "callers": len(np.unique(month.callers[held])),
        "first": pd.Timestamp(days[0]),
        "last": pd.Timestamp(days[-1]),
        "peak": pd.Timestamp(days[counts.argmax()]),
        "places": "、".join(rank_places([month.places[row] for row in rows])),
        "crowds": "、".join(rank_crowds([month.crowds[row] for row in rows])),
    }


def _central_title(month: Month, rows: NDArray[np.int64]) -> str:
    """Return the title that is most like all the others; what an order says only where no title tells anything."""
    central = np.round(month.title_vectors[rows] @ month.title_vectors[rows].mean(axis=0), 6)
    titled = np.array([month.titles[row] == month.texts["title"].iloc[row] for row in rows])
    best = rows[int(np.argmax(np.where(titled, central, central - 2)))]  # no two likenesses differ by more than 2
    return str(month.titles[best])[:LONGEST_TITLE]
