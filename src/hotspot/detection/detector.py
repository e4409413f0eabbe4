"""The detector: a month of orders in, its issues and hotspots out."""

from collections.abc import Callable, Mapping
from typing import Any, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClusterMixin

from ..embed import Encoder, load_encoder
from ..errors import DetectionError
from ..guidance import Guidance
from ..orders import orders_from_frame
from ..segment import Segmenter
from ..settings import Settings
from .comparison import Comparison
from .guided import Guide, without_words
from .hotspots import find_hotspots, kernels_of
from .issues import find_issues, merge_repeats, numbered
from .membership import Membership
from .result import DetectionResult
from .tables import Month, hotspot_table, issue_table, order_places

__all__ = ["HotspotDetector", "detect"]

Progress = Callable[[str], None]
FEWEST = 2


class HotspotDetector(ClusterMixin, BaseEstimator):  # type: ignore[misc]
    """Finds the issues and hotspots of a month of orders.

    Parameters
    ----------
    settings : Settings, optional
        All settings; the defaults hold for any county.
    model : str or Encoder, optional
        Sentence model, before that of the settings: a folder, a name, or an encoder already loaded.
    progress : callable, optional
        Called with the Chinese name of each step as it begins.
    guidance : Guidance, optional
        What the user wants kept in mind.

    Attributes
    ----------
    result_ : DetectionResult
        Everything that was found.
    labels_ : ndarray of int64, shape (n,)
        Rank of each order's hotspot less one, -1 where it is in none; rows as in ``result_.orders``.
    issue_labels_ : ndarray of int64, shape (n,)
        The same for issues.
    """

    def __init__(
        self,
        settings: Settings | None = None,
        model: str | Encoder | None = None,
        progress: Progress | None = None,
        guidance: Guidance | None = None,
    ) -> None:
        self.settings = settings
        self.model = model
        self.progress = progress
        self.guidance = guidance

    def fit(self, X: pd.DataFrame, y: Any = None) -> Self:  # noqa: N803
        """Find issues and hotspots.

        Parameters
        ----------
        X : pandas.DataFrame
            Orders table, or any table with known headings.
        y : ignored

        Raises
        ------
        DetectionError
            Fewer than two orders.
        """
        settings = self.settings or Settings()
        step = self.progress or (lambda _: None)
        orders = orders_from_frame(X, columns=settings.columns).orders
        orders = orders.sort_values(["created", "order_id"], kind="stable").reset_index(drop=True)  # X may be a part
        if len(orders) < FEWEST:
            raise DetectionError(f"只有 {len(orders)} 件工单，找不出热点。至少要有 {FEWEST} 件，建议 30 件以上。")
        step("分词")
        guidance = self.guidance or Guidance()
        ignored = guidance.ignored_words
        segmenter = Segmenter((*settings.words.user_words, *ignored), (*settings.words.stop_words, *ignored))
        text_number = merge_repeats(orders)
        texts = orders[~pd.Series(text_number).duplicated()].reset_index(drop=True)
        said = without_words(texts, ignored)
        encoder = load_encoder(self.model or settings.model) if not isinstance(self.model, Encoder) else self.model
        comparison = Comparison(said, segmenter, encoder)
        step("计算语义")
        known = comparison.known
        step("归并事项")
        chosen = settings.detect
        likeness = comparison.likeness()
        lowest = numbered(find_issues(comparison, likeness, chosen), len(texts))
        step("归纳热点")
        membership = Membership.of(comparison, texts, segmenter)
        hotspots = find_hotspots(membership, kernels_of(likeness.told), lowest, chosen)
        guide = Guide(
            guidance, orders, text_number, texts,
            known=known, encoder=encoder, segmenter=segmenter, min_hotspot=chosen.min_hotspot,
        )  # fmt: skip
        guide.apply(lowest, hotspots)
        lowest, hotspot_of_text = guide.lowest, guide.hotspots
        step("统计热度")
        places = order_places(texts, segmenter)
        month = Month(orders, text_number, texts, places, comparison.titles, comparison.title_vectors, segmenter)
        issue_rows, issue_of_text = issue_table(month, lowest)
        hotspot_rows, rank_of_text = hotspot_table(
            month, hotspot_of_text, issue_of_text, settings.heat, membership.evidence.cohesion, known=known
        )
        self.issue_labels_ = issue_of_text[text_number]
        self.labels_ = rank_of_text[text_number]
        names = np.array([*hotspot_rows["hotspot"], ""], dtype=object)
        issue_rows["hotspot"] = _hotspot_of_issue(issue_of_text, rank_of_text, names, len(issue_rows))
        issue_names = np.array([*issue_rows["issue"], ""], dtype=object)
        assignments = pd.DataFrame(
            {"order_id": orders["order_id"], "issue": issue_names[self.issue_labels_], "hotspot": names[self.labels_]},
            dtype="str",
        )
        assignments["belonging"] = _belonging(membership, rank_of_text)[text_number]
        given = _name(hotspot_rows, "hotspot", names[rank_of_text], guide.names["hotspot"])
        given |= _name(issue_rows, "issue", issue_names[issue_of_text], guide.names["issue"])
        if guidance.of_kind("watch"):
            watched = {names[rank_of_text[text]]: phrase for text, phrase in guide.watched.items()}
            hotspot_rows["watched"] = [watched.get(name, "") for name in hotspot_rows["hotspot"]]
        self.result_ = DetectionResult(
            orders, hotspot_rows, issue_rows, assignments, settings, encoder, segmenter, len(texts),
            given, tuple(guide.outcomes),
        )  # fmt: skip
        return self


def _belonging(membership: Membership, hotspot: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return how likely each text belongs to the hotspot that it is in."""
    likely = np.full(len(hotspot), np.nan)
    for number in range(int(hotspot.max(initial=-1)) + 1):
        rows = np.flatnonzero(hotspot == number)
        likely[rows] = np.round(membership.probability(rows, rows), 2)
    return likely


def _name(
    table: pd.DataFrame, column: str, id_of_text: NDArray[np.object_], name_of_text: Mapping[int, str]
) -> dict[str, str]:
    """Put names that the user gave in the place of titles; returns them by the id of what they name."""
    given = {str(id_of_text[text]): name for text, name in name_of_text.items()}
    table["title"] = [given.get(name, title) for name, title in zip(table[column], table["title"], strict=True)]
    return given


def _hotspot_of_issue(
    issue: NDArray[np.int64], rank: NDArray[np.int64], names: NDArray[np.object_], count: int
) -> pd.Series:
    of_issue = np.full(count, -1, dtype=np.int64)
    of_issue[issue[issue >= 0]] = rank[issue >= 0]
    return pd.Series(names[of_issue], dtype="str")


def detect(
    orders: pd.DataFrame,
    settings: Settings | None = None,
    *,
    model: str | Encoder | None = None,
    progress: Progress | None = None,
    guidance: Guidance | None = None,
) -> DetectionResult:
    """Find the issues and hotspots of a month of orders.

    Parameters
    ----------
    orders : pandas.DataFrame
        Orders table (`read_orders`), or any table with known headings.
    settings : Settings, optional
        All settings.
    model : str or Encoder, optional
        Sentence model, before that of the settings.
    progress : callable, optional
        Called with the Chinese name of each step as it begins.
    guidance : Guidance, optional
        What the user wants kept in mind.

    Returns
    -------
    DetectionResult

    Raises
    ------
    OrdersError
        The table is no orders table.
    DetectionError
        There are too few orders.
    """
    return HotspotDetector(settings, model, progress, guidance).fit(orders).result_
