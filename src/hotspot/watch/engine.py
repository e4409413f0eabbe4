"""The watch itself: orders in one by one, where each belongs and what must be told at once out."""

from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass
from typing import Any, Self, cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..detection import DetectionResult, detect
from ..detection.issues import merge_repeats
from ..detection.subjects import KNOWN_WEIGHT, MEANING_WEIGHT, UNIT_WEIGHT, WORDS_WEIGHT
from ..embed import Encoder, load_encoder
from ..orders import orders_from_frame
from ..registry import Registry
from ..report.emergencies import emergency_in
from ..report.incidents import DAY, Call, is_again, spots_of
from ..segment import Segmenter
from ..settings import Settings
from .alarms import NEIGHBOURS, Alarm, Finding, Recent, find_burst_now, level_of
from .index import Query, Shared
from .joining import JoinRule, learn_rule
from .live import LiveIssues, Placement
from .telling import burst_line, emergency_line
from .view import View

__all__ = ["Watch", "WatchState"]

FEWEST_NEW = 50
"""New orders before which nothing is found anew."""
LAG = 0.5
"""What was found anew is taken over after this share of the orders that it waits for: the same for any machine."""
QUIET_DAYS = 14


@dataclass(frozen=True)
class WatchState:
    """What a watch must know to go on after a break, beside the orders in view: plain values that JSON can hold."""

    live: dict[str, Any]
    rule: dict[str, list[float]]
    since: int
    alarms: int
    told: dict[str, int]
    told_emergencies: dict[str, Any]


@dataclass(frozen=True)
class _Found:
    """What the background worker brings: the batch result, its topics, and the rule learned from it."""

    result: DetectionResult
    topics: dict[str, str]
    rule: JoinRule


class Watch:
    """Orders as they come: each is put to its issue, and what bursts or is urgent is told at once.

    Parameters
    ----------
    settings : Settings, optional
        All settings; `Settings.watch` says how much is kept in view and how many false alarms are borne.
    history : pandas.DataFrame, optional
        Earlier orders: what is usual is learned from them, and they are in view at the start; nothing is told of them.
    registry : str or Registry, optional
        Known topics (`hotspot.Registry`).
    model : str or Encoder, optional
        Sentence model, before that of the settings.

    Attributes
    ----------
    live : LiveIssues
        The issues as they are now.
    result : DetectionResult or None
        The batch result that was taken over last.

    Notes
    -----
    Nothing depends on the clock or on the speed of the machine: the same orders in the same sequence give the same
    placements and alarms. Memory grows with the orders in view only, of which the settings bound the number.

    Examples
    --------
    >>> watch = hotspot.Watch(history=last_month)  # doctest: +SKIP
    >>> for placement, alarms in watch.observe(new_orders):  # doctest: +SKIP
    ...     print(placement.order_id, placement.title, [alarm.text for alarm in alarms])
    """

    def __init__(
        self,
        settings: Settings | None = None,
        *,
        history: pd.DataFrame | None = None,
        registry: str | Registry | None = None,
        model: str | Encoder | None = None,
    ) -> None:
        self.settings = settings or Settings()
        self.live = LiveIssues()
        self.result: DetectionResult | None = None
        self._registry = Registry.existing(registry) if isinstance(registry, str) else registry
        chosen = model or self.settings.model
        self._encoder = chosen if isinstance(chosen, Encoder) else load_encoder(chosen)
        self._segmenter = Segmenter.from_settings(self.settings.words)
        self._rule = JoinRule.from_settings(self.settings.detect)
        self._view = View(self._encoder.dimension)
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="hotspot-watch")
        self._waiting: Future[_Found] | None = None
        self._since, self._alarms = 0, 0
        self._told: dict[str, int] = {}
        self._told_emergencies: dict[str, dict[str, Any]] = {}
        if history is not None and len(history):
            self._begin_with(orders_from_frame(history, columns=self.settings.columns).orders)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the background worker."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    # --- orders in ---------------------------------------------------------------------------------------------------

    def observe(self, orders: pd.DataFrame) -> Iterator[tuple[Placement, list[Alarm]]]:
        """Place orders as they come, and yield each with what it sets off.

        Parameters
        ----------
        orders : pandas.DataFrame
            Orders table in order of arrival (`orders.OrderStream`), or any table with known headings. An order whose id
            is in view already takes the place of the former one and yields nothing.

        Yields
        ------
        Placement, list of Alarm
        """
        if orders.empty:
            return
        checked = orders_from_frame(orders, columns=self.settings.columns).orders
        for order in _rows(checked):
            if str(order["order_id"]) in self._view.row_of:
                self._view.update(order)
                continue
            yield self._place(order)

    def _place(self, order: dict[str, Any]) -> tuple[Placement, list[Alarm]]:
        self._take_turn()
        view = self._view
        query = self._query(order)
        shared = view.index.shared(query)
        subject = view.index.subject(query)
        decided = self._decide(query, shared, subject, view.text_of(order))
        near = self._nearest(query, shared.words, subject, order)
        row = view.add(order, query)
        if decided.issue:
            for order_id in view.put(int(view.text[row]), decided.issue):
                self.live.of_order[order_id] = decided.issue
        self._since += 1
        hotspot = self.live.hotspot.get(decided.issue, "")
        placement = Placement(
            order_id=str(order["order_id"]),
            created=f"{order['created']:%Y-%m-%d %H:%M:%S}",
            issue=decided.issue,
            title=self.live.title.get(decided.issue, ""),
            hotspot=hotspot,
            topic=self.live.topic.get(hotspot, ""),
            likeness=round(decided.likeness, 4),
            decision=decided.decision,
            partners=decided.partners,
        )
        return placement, self._alarms_of(placement, order, row, near)

    def _query(self, order: Mapping[str, Any]) -> Query:
        return Query(order, self._segmenter, self._encoder)

    def _decide(self, query: Query, shared: Shared, subject: NDArray[np.float64], known: int | None) -> "_Decision":
        """Find the issue that a text belongs to, or the text in no issue that it makes one with."""
        view = self._view
        if known is not None:  # says the very same as one in view
            at = int(view.label[known])
            return _Decision(view.names[at], 1.0, "并入") if at >= 0 else self._make(known, 1.0)
        likeness = view.index.same_matter(query, shared, subject)
        best, mean = self._best_issue(likeness)
        single = np.where(view.label < 0, likeness, 0.0)
        alone = int(single.argmax()) if len(single) else -1
        if alone >= 0 and single[alone] > (mean if best >= 0 else 0) and self._rule.pairs(float(single[alone])):
            return self._make(alone, float(single[alone]))
        if best >= 0:
            return _Decision(view.names[best], mean, "并入")
        return _Decision("", float(likeness.max(initial=0.0)), "单独")

    def _make(self, text: int, likeness: float) -> "_Decision":
        """Make an issue of a text that is in none and the order that comes."""
        first = self._view.order(int(np.flatnonzero(self._view.text == text)[0]))
        issue = self.live.new("E", str(first["title"] or first["text"][:25]))
        partners = self._view.put(text, issue)
        self.live.of_order |= dict.fromkeys(partners, issue)
        return _Decision(issue, likeness, "新事项", tuple(partners))

    def _best_issue(self, likeness: NDArray[np.float64]) -> tuple[int, float]:
        """Return the issue that a text is likest to on average, -1 where it may not join, and how like it is."""
        labels = self._view.label
        near = np.flatnonzero((labels >= 0) & (likeness > 0))
        if not len(near):
            return -1, 0.0
        sizes = np.bincount(labels[labels >= 0])
        mean = np.bincount(labels[near], weights=likeness[near], minlength=len(sizes)) / np.maximum(sizes, 1)
        best = int(mean.argmax())
        highest = likeness[near[labels[near] == best]].max()
        joins = self._rule.joins(np.array([mean[best]]), np.array([highest]), np.array([float(sizes[best])]))
        return (best if joins[0] > 0 else -1), float(mean[best])

    def _nearest(
        self, query: Query, shared: NDArray[np.float64], subject: NDArray[np.float64], order: Mapping[str, Any]
    ) -> NDArray[np.int64]:
        """Return the orders nearest by what they are about, nearest first, with no look at the time."""
        text = self._view.text
        if len(text) < max(NEIGHBOURS):
            return np.empty(0, dtype=np.int64)
        index = self._view.index
        evidence = (
            MEANING_WEIGHT * _standard(index.meaning(query)[text])
            + KNOWN_WEIGHT * _standard(subject[text])
            + WORDS_WEIGHT * _standard(shared[text])
        )
        if order["department"]:
            same = self._view.same_unit(str(order["department"]))
            evidence += UNIT_WEIGHT * _standard(same.astype(np.float64))
        return np.argsort(-evidence, kind="stable")[: max(NEIGHBOURS)]

    # --- alarms ------------------------------------------------------------------------------------------------------

    def _alarms_of(
        self, placement: Placement, order: Mapping[str, Any], row: int, near: NDArray[np.int64]
    ) -> list[Alarm]:
        view = self._view
        alarms = [self._emergency(placement, order)]
        if abs(int(view.day[row]) - view.today()) <= 1:  # a late one tells nothing of today
            issue = view.label[view.text[row]]
            same = np.flatnonzero(view.label[view.text[:row]] == issue) if issue >= 0 else near[:0]
            alarms.append(self._burst(placement, row, [same, *(near[:k] for k in NEIGHBOURS)]))
        return [alarm for alarm in alarms if alarm is not None]

    def _burst(self, placement: Placement, row: int, groups: list[NDArray[np.int64]]) -> Alarm | None:
        view, chosen = self._view, self.settings.watch
        day, recent = int(view.day[row]), Recent(view.day[:row], view.caller[:row])
        level, least = level_of(chosen, row, view.span()), chosen.least_callers

        def find(groups: list[NDArray[np.int64]]) -> Finding | None:
            return find_burst_now(recent, groups, day, int(view.caller[row]), least_callers=least, level=level)

        found = find(groups)
        if found is None or self._is_told(found.rows, placement.order_id, day):
            return None
        news = [np.array([at for at in group if not self._was_told(int(at))], dtype=np.int64) for group in groups]
        if sum(map(len, news)) < sum(map(len, groups)):  # some were told: what is new must be a burst by itself
            found = find(news)
        if found is None:
            return None
        orders = [str(view.order(int(at))["order_id"]) for at in found.rows]
        self._told |= dict.fromkeys([*orders, placement.order_id], day)
        facts = {
            **_named(placement),
            "days": found.window,
            "orders": len(orders) + 1,
            "expected": round(found.expected, 2),
            "p": float(f"{min(found.p, 1.0):.2g}"),
        }
        facts["title"] = facts["title"] or str(view.order(row)["title"] or view.order(row)["text"][:25])
        kind = "同类突增" if found.group else "事项突增"
        return self._alarm(kind, placement.created, burst_line(kind, facts), (*orders, placement.order_id), facts)

    def _is_told(self, rows: NDArray[np.int64], order_id: str, day: int) -> bool:
        """Say whether half of these orders stood in an alarm lately; if so they all count as told from now on."""
        self._told = {order: when for order, when in self._told.items() if when > day - QUIET_DAYS}
        told = sum(self._was_told(int(row)) for row in rows) * 2 >= len(rows)
        if told:
            self._told |= {str(self._view.order(int(row))["order_id"]): day for row in rows} | {order_id: day}
        return told

    def _was_told(self, row: int) -> bool:
        return self._view.order(row)["order_id"] in self._told

    def _emergency(self, placement: Placement, order: Mapping[str, Any]) -> Alarm | None:
        score = emergency_in(str(order["title"]), str(order["text"]))
        if score is None:
            return None
        spots = spots_of(pd.DataFrame([order]), self._segmenter)[0]
        call = self._call(order, spots)
        told = {order_id: each for order_id, each in self._told_emergencies.items() if order_id in self._view.row_of}
        earlier = {
            order_id: self._call(self._view.order(self._view.row_of[order_id]), frozenset(each["spots"]))
            for order_id, each in told.items()
        }
        self._told_emergencies = {at: told[at] for at, before in earlier.items() if before.until >= call.created}
        # Another kind at the same spot may be worse than the first: it is told.
        if any(is_again(earlier[at], call) and each["kind"] == score.kind for at, each in told.items()):
            return None
        self._told_emergencies[placement.order_id] = {"kind": score.kind, "spots": sorted(spots)}
        facts = {**_named(placement), "emergency": score.kind, "clause": score.clause, "urgency": score.value}
        return self._alarm("险情", placement.created, emergency_line(facts, order), (placement.order_id,), facts)

    def _call(self, order: Mapping[str, Any], spots: frozenset[str]) -> Call:
        created, issue = order["created"], self.live.of_order.get(str(order["order_id"]), "")
        return Call(created, issue, str(order["caller"]), spots, created + DAY)

    def _alarm(self, kind: str, created: str, text: str, orders: tuple[str, ...], facts: dict[str, Any]) -> Alarm:
        self._alarms += 1
        return Alarm(f"A{self._alarms:04d}", kind, created, text, orders, facts)

    # --- finding anew ------------------------------------------------------------------------------------------------

    def settle(self) -> DetectionResult | None:
        """Find all issues anew now, with the batch code; None where there are too few orders.

        After it the live issues of the orders in view are those of `hotspot.detect`, under their own ids.
        """
        self._collect()
        if len(self._view) < 2:
            return None
        self._waiting = self._pool.submit(self._find_anew, self._view.table(), self._month())
        self._collect()
        self._since = 0
        return self.result

    def _take_turn(self) -> None:
        """Start finding anew, or take over what was found, when it is the turn of either."""
        every = max(FEWEST_NEW, int(self.settings.watch.recluster * len(self._view)))
        if self._waiting is not None and self._since >= int(LAG * every):
            self._collect()
        if self._waiting is None and self._since >= every:
            self._leave_out_old()
            self._since = 0
            self._waiting = self._pool.submit(self._find_anew, self._view.table(), self._month())

    def _collect(self) -> None:
        if self._waiting is None:
            return
        found = self._waiting.result()
        self._waiting = None
        self.result, self._rule = found.result, found.rule
        self.live.adopt(found.result, found.topics)
        self._view.put_all(self.live.of_order)
        self._view.index.refresh()

    def _find_anew(self, orders: pd.DataFrame, month: str) -> _Found:
        result = detect(orders, self.settings, model=self._encoder)
        once = ~pd.Series(merge_repeats(result.orders)).duplicated().to_numpy()
        rule = learn_rule(
            result.orders[once].reset_index(drop=True),
            result.assignments["issue"][once].tolist(),
            self._segmenter,
            self._encoder,
            self.settings.detect,
        )
        topics = self._registry.recognise(result, month) if self._registry is not None else {}
        return _Found(result, topics, rule)

    def _month(self) -> str:
        return str(np.datetime64(self._view.today(), "D").astype("datetime64[M]"))

    def _leave_out_old(self) -> None:
        gone = self._view.leave_out_old(self.settings.watch.window_days, self.settings.watch.most_orders)
        self.live.forget(gone)

    def _begin_with(self, orders: pd.DataFrame) -> None:
        self._fill(orders)
        self._leave_out_old()
        self.settle()

    def _fill(self, orders: pd.DataFrame) -> None:
        for order in _rows(orders):
            self._view.add(order, self._query(order))
        self._view.index.refresh()

    # --- state -------------------------------------------------------------------------------------------------------

    def orders(self) -> pd.DataFrame:
        """Return the orders in view, in order of arrival."""
        return self._view.table()

    def state(self) -> WatchState:
        """Return what is needed to go on later, beside `orders`."""
        return WatchState(
            asdict(self.live), self._rule.to_dict(), self._since, self._alarms, self._told, self._told_emergencies
        )

    def restore(self, orders: pd.DataFrame, state: WatchState) -> None:
        """Go on from a state: the orders in view then, in order of arrival, and what else was known."""
        self._view = View(self._encoder.dimension)
        self._fill(orders)
        self.live = LiveIssues(**state.live)
        self._view.put_all(self.live.of_order)
        self._rule = JoinRule.from_weights(state.rule["issue"], state.rule["pair"])
        self._since, self._alarms = state.since, state.alarms
        self._told = dict(state.told)
        # States of earlier versions name kinds and issues here, not orders: they silence nothing.
        self._told_emergencies = {at: each for at, each in state.told_emergencies.items() if isinstance(each, dict)}

    def number_alarms_after(self, last: int) -> None:
        """Give no number again that an alarm has already."""
        self._alarms = max(self._alarms, last)


@dataclass(frozen=True)
class _Decision:
    issue: str
    likeness: float
    decision: str
    partners: tuple[str, ...] = ()


def _rows(orders: pd.DataFrame) -> list[dict[str, Any]]:
    return cast("list[dict[str, Any]]", orders.to_dict("records"))


def _named(placement: Placement) -> dict[str, Any]:
    return {name: getattr(placement, name) for name in ("issue", "title", "hotspot", "topic")}


def _standard(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return values in standard deviations above their mean."""
    spread = float(values.std())
    return (values - values.mean()) / spread if spread > 0 else np.zeros(len(values))
