"""The parts of the watch: the index measures as the batch does, records come whole, alarms keep their level."""

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspot.detection.comparison import Comparison
from hotspot.detection.known_subjects import KnownSubjects
from hotspot.embed import embed, load_encoder
from hotspot.segment import Segmenter
from hotspot.settings import DetectSettings, WatchSettings
from hotspot.watch.alarms import NEIGHBOURS, WINDOWS, Recent, _any_tail, _tail, find_burst_now, level_of
from hotspot.watch.follow import FileTail, Records
from hotspot.watch.index import LiveIndex, Query
from hotspot.watch.joining import JoinRule, learn_rule
from hotspot.watch.live import same_groups


@pytest.fixture(scope="module")
def parts():
    return Segmenter(), load_encoder()


def queries_of(orders, segmenter, encoder):
    return [Query(order, segmenter, encoder) for order in orders.to_dict("records")]


def test_a_new_text_is_compared_as_the_batch_compares_it(month, parts):
    segmenter, encoder = parts
    orders = month.drop_duplicates(["title", "text"]).head(120).reset_index(drop=True)
    queries = queries_of(orders, segmenter, encoder)
    index = LiveIndex(encoder.dimension)
    for query in queries[:-1]:
        index.add(query)
    index.refresh()
    assert orders["place"].iloc[-1]
    assert orders["department"].iloc[-1]
    comparison = Comparison(orders, segmenter, encoder)
    features = comparison.lexicon.features
    batch = (features @ features[-1].T).toarray().ravel()[:-1]
    live = index.shared(queries[-1])
    assert live.words == pytest.approx(batch, abs=0.01)
    comparison.shared_words = sp.csr_matrix(features @ features.T, dtype=np.float64)
    graph = comparison.likeness().matter.toarray()[-1, :-1]
    near = index.same_matter(queries[-1], live, index.subject(queries[-1])) > 0
    assert near.any()
    assert index.same_matter(queries[-1], live, index.subject(queries[-1]))[near] == pytest.approx(
        graph[near], abs=0.01
    )
    whole = embed((orders["title"] + "。" + orders["text"]).tolist(), encoder, centre=True)
    assert index.meaning(queries[-1]) == pytest.approx(whole[:-1] @ whole[-1], abs=1e-4)
    roots = np.sqrt(KnownSubjects.of((), whole).likely)
    assert index.subject(queries[-1]) == pytest.approx(roots[:-1] @ roots[-1], abs=0.02)


def test_an_index_that_lets_texts_go_is_one_that_never_had_them(month, parts):
    segmenter, encoder = parts
    queries = queries_of(month.head(60), segmenter, encoder)
    kept = np.arange(10, 59, 2)
    whole, part = LiveIndex(encoder.dimension), LiveIndex(encoder.dimension)
    for query in queries[:-1]:
        whole.add(query)
    whole.keep(kept)
    for row in kept:
        part.add(queries[row])
    part.refresh()
    shared = whole.shared(queries[-1])
    for ours, theirs in zip(shared, part.shared(queries[-1]), strict=True):
        assert ours == pytest.approx(theirs)
    whole.refresh()
    assert whole.subject(queries[-1]) == pytest.approx(part.subject(queries[-1]), abs=1e-5)
    assert whole.same_matter(queries[-1], shared, whole.subject(queries[-1])) == pytest.approx(
        part.same_matter(queries[-1], shared, part.subject(queries[-1])), abs=1e-6
    )


def test_joining_is_learned_from_the_batch(month, parts):
    from hotspot import detect

    result = detect(month)
    texts = result.orders.drop_duplicates(["title", "text"])
    issue = result.assignments["issue"].to_numpy()[texts.index]
    given_rule = JoinRule.from_settings(DetectSettings())
    learned = learn_rule(texts.reset_index(drop=True), issue.tolist(), *parts, DetectSettings())
    assert learned != given_rule
    assert not learned.pairs(0.05)
    assert learned.pairs(0.6)
    assert learn_rule(texts.head(5), [""] * 5, *parts, DetectSettings()) == given_rule


@given(
    st.dictionaries(st.text("abcdef", min_size=1, max_size=2), st.tuples(*[st.sampled_from(["", "x", "y", "z"])] * 2))
)
def test_ids_are_handed_on_to_one_group_each(groups):
    before = {order: old for order, (old, _) in groups.items()}
    now = {order: new for order, (_, new) in groups.items()}
    found = same_groups(before, now)
    assert len(set(found.values())) == len(found)
    assert same_groups(now, now) == {name: name for name in set(now.values()) - {""}}


@given(st.lists(st.text('停水,"\n ab', max_size=6), min_size=1, max_size=8), st.lists(st.integers(1, 40), max_size=6))
@settings(max_examples=60)
def test_however_the_bytes_come_the_records_are_the_same(texts, cuts):
    frame = pd.DataFrame({"工单编号": [f"A{i}" for i in range(len(texts))], "来电时间": "2023-11-01", "内容": texts})
    data = frame.to_csv(index=False, lineterminator="\n").encode()

    def read(pieces):
        records = Records("来件")
        rows = [batch.rows for piece in pieces for batch in records.feed(piece)]
        rows += [batch.rows for batch in records.feed(b"", last=True)]
        assert records.offset == len(data)
        return pd.concat(rows, ignore_index=True)

    ends = sorted({min(cut, len(data)) for cut in np.cumsum(cuts)} | {0, len(data)})
    pieces = [data[a:b] for a, b in pairwise(ends)]
    pd.testing.assert_frame_equal(read(pieces), read([data]))
    assert read(pieces)["内容"].tolist() == [text.replace("\r", "\n") for text in texts]


def test_half_a_line_is_waited_for():
    records = Records("来件")
    assert list(records.feed("工单编号,来电时间,内容\nA1,2023-11-01,停".encode())) == []
    assert [b.rows["内容"].tolist() for b in records.feed("水\n".encode())] == [["停水"]]


def test_a_file_is_known_again_by_what_it_holds(tmp_path):
    file = tmp_path / "in.csv"
    file.write_bytes(b"abcdef\nghi\n")
    tail = FileTail(file)
    assert tail.read() == (b"abcdef\nghi\n", False)
    mark = tail.mark(7)
    assert FileTail(file).seek(7, mark)
    file.write_bytes(b"abcdeX\nghi\nmore\n")
    assert not FileTail(file).seek(7, mark)
    assert tail.read() == (b"abcdeX\nghi\nmore\n", True)
    tail.close()


def test_alarms_keep_their_level_where_there_is_only_chance():
    random = np.random.default_rng(0)
    chosen = WatchSettings(false_alarms=10)
    alarms = tests = 0
    for _ in range(40):
        days = np.sort(random.integers(0, 30, 300))
        recent = Recent(days, np.arange(300))
        level = level_of(chosen, 300, 30)
        for _ in range(30):
            near = random.permutation(299)[: max(NEIGHBOURS)]
            groups = [near[:k] for k in NEIGHBOURS]
            found = find_burst_now(recent, groups, int(days[-1]), 999, least_callers=2, level=level)
            alarms += found is not None
            tests += 1
    assert level_of(chosen, 300, 30) == pytest.approx(10 / 300)
    assert 3 / 300 < alarms / tests <= 10 / 300  # and it is not kept by saying nothing


def test_a_probability_is_that_of_all_windows_together():
    random = np.random.default_rng(1)
    days = np.sort(random.integers(0, 40, 400))
    marked = (days[:, None] > 39 - WINDOWS).sum(axis=0)
    draws = np.array([(days[random.permutation(400)[:15]][:, None] > 39 - WINDOWS).sum(axis=0) for _ in range(4000)])
    tails = _tail(draws, 400, marked[None, :], 15).min(axis=1)
    for least in (0.003, 0.02, 0.1):
        assert _any_tail(least, 400, marked, 15) == pytest.approx((tails <= least).mean(), abs=0.012)
        assert _any_tail(least, 400, marked, 15) <= least * len(WINDOWS)


def test_one_who_calls_every_day_is_no_burst():
    days = np.concatenate([np.arange(100) % 30, [27, 28, 29]])
    recent = Recent(days, np.concatenate([np.arange(100), [500, 500, 500]]))
    asked = {"least_callers": 3, "level": 0.05}
    assert find_burst_now(recent, [np.array([100, 101, 102])], 29, 500, **asked) is None
    others = Recent(days, np.concatenate([np.arange(100), [500, 501, 502]]))
    found = find_burst_now(others, [np.array([100, 101, 102])], 29, 503, **asked)
    assert found is not None
    assert found.rows.tolist() == [100, 101, 102]
    assert found.p < 0.05
