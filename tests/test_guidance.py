"""What the user said: kept in a file, applied in this month and the next."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import hotspot
from hotspot import Guidance
from hotspot.detection.guided import Guide
from hotspot.detection.known_subjects import KnownSubjects
from hotspot.draft import focus
from hotspot.errors import SettingsError
from hotspot.guidance import Reference, load_guidance

ROOT = Path(__file__).parents[1]
ORDERS = ROOT / "tests" / "data" / "yunze-2023-11.csv"


def part(orders: pd.DataFrame, rows: np.ndarray) -> pd.DataFrame:
    """Return some of the orders as a table that is masked already."""
    chosen = orders[rows].reset_index(drop=True)
    chosen.attrs = orders.attrs
    return chosen


@pytest.fixture(scope="module")
def orders() -> pd.DataFrame:
    return hotspot.read_orders(ORDERS)


@pytest.fixture(scope="module")
def whole(orders: pd.DataFrame) -> hotspot.DetectionResult:
    return hotspot.detect(orders)


@pytest.fixture(scope="module")
def later(orders: pd.DataFrame) -> hotspot.DetectionResult:
    """Detect another month: six sevenths of what was said, under other ids."""
    kept = part(orders, np.random.default_rng(2).permutation(len(orders)) % 7 > 0)
    renamed = kept.assign(order_id="N" + kept["order_id"])
    renamed.attrs = orders.attrs
    return hotspot.detect(renamed)


def later_ids(ids: set[str]) -> set[str]:
    return {f"N{each}" for each in ids}


def members(result: hotspot.DetectionResult, name: str) -> set[str]:
    return set(result.orders_of(name)["order_id"])


def hotspots_of(result: hotspot.DetectionResult, ids: set[str]) -> set[str]:
    """Return the hotspots that some orders are in, an empty one for none."""
    assigned = result.assignments
    return set(assigned.loc[assigned["order_id"].isin(ids), "hotspot"])


def most_of(result: hotspot.DetectionResult, ids: set[str]) -> str:
    assigned = result.assignments
    inside = assigned.loc[assigned["order_id"].isin(ids) & assigned["hotspot"].ne(""), "hotspot"]
    return str(inside.value_counts().index[0])


def check(result: hotspot.DetectionResult) -> None:
    """Check that the tables agree with each other, whatever was done to the groups."""
    assigned = result.assignments
    counted = assigned["hotspot"].value_counts()
    assert {name: counted[name] for name in result.hotspots["hotspot"]} == dict(
        zip(result.hotspots["hotspot"], result.hotspots["orders"], strict=True)
    )
    in_issue = assigned[assigned["issue"].ne("")]
    assert in_issue.groupby("issue")["hotspot"].nunique().eq(1).all()
    assert in_issue["issue"].value_counts().min() >= 2
    assert (set(assigned["hotspot"]) - {""}) == set(result.hotspots["hotspot"])


def test_no_guidance_changes_nothing(orders: pd.DataFrame, whole: hotspot.DetectionResult) -> None:
    again = hotspot.detect(orders, guidance=Guidance())
    pd.testing.assert_frame_equal(again.hotspots, whole.hotspots)
    pd.testing.assert_frame_equal(again.assignments, whole.assignments)
    assert again.guidance == ()


def test_together(orders: pd.DataFrame, whole: hotspot.DetectionResult) -> None:
    said = Guidance().together(whole.reference("H02"), whole.reference("H05"))
    result = hotspot.detect(orders, guidance=said)
    assert len(hotspots_of(result, members(whole, "H02") | members(whole, "H05"))) == 1
    assert len(result.hotspots) == len(whole.hotspots) - 1
    assert [outcome.applied for outcome in result.guidance] == [True]
    check(result)


def test_apart(orders: pd.DataFrame, whole: hotspot.DetectionResult) -> None:
    """An issue that does not belong to its hotspot leaves it, and both stay whole."""
    inside = whole.issues.loc[whole.issues["hotspot"].ne("")]
    size = inside["hotspot"].map(whole.hotspots.set_index("hotspot")["orders"])
    issue = inside.loc[inside["orders"] < size].iloc[0]
    hot, inner = issue["hotspot"], members(whole, issue["issue"])
    said = Guidance().apart(whole.reference(hot), whole.reference(issue["issue"]))
    result = hotspot.detect(orders, guidance=said)
    rest = members(whole, hot) - inner
    assert not hotspots_of(result, inner) & hotspots_of(result, rest)
    assert len(hotspots_of(result, rest)) == 1
    assert result.guidance[0].applied
    check(result)


def test_two_issues_apart_may_share_a_hotspot(orders: pd.DataFrame, whole: hotspot.DetectionResult) -> None:
    first, second = whole.issues["issue"][:2]
    together = hotspot.detect(orders, guidance=Guidance().together(*map(whole.reference, (first, second))))
    both = members(whole, first) | members(whole, second)
    issues = set(together.assignments.loc[together.assignments["order_id"].isin(both), "issue"])
    assert len(issues) == 1
    check(together)
    said = Guidance().apart(*map(whole.reference, (first, second)))
    apart = hotspot.detect(orders, guidance=said)
    assert members(whole, first) == members(apart, first)
    assert apart.guidance[0].note == "本来就是分开的。"


def test_names_hold_after_drafting(orders: pd.DataFrame, whole: hotspot.DetectionResult) -> None:
    issue = whole.issues["issue"][0]
    said = Guidance().named(whole.reference("H01"), "早晚高峰坐不上车").named(whole.reference(issue), "一件事")
    result = hotspot.detect(orders, guidance=said)
    assert result.hotspots["title"][0] == "早晚高峰坐不上车"
    assert result.issues.loc[result.issues["issue"].eq(issue), "title"].item() == "一件事"
    assert hotspot.draft_focus(result).items[0].title == "早晚高峰坐不上车"


def test_watch_makes_a_hotspot_of_few_orders(orders: pd.DataFrame, whole: hotspot.DetectionResult) -> None:
    dogs = set(orders.loc[(orders["title"] + orders["text"]).str.contains("流浪狗"), "order_id"])
    result = hotspot.detect(orders, guidance=Guidance().watching("流浪狗"))
    row = result.hotspots[result.hotspots["watched"].eq("流浪狗")]
    assert len(row) == 1
    assert dogs <= members(result, row["hotspot"].item())
    assert len(members(result, row["hotspot"].item())) < whole.settings.detect.min_hotspot
    assert hotspot.draft_focus(result, hotspots=len(result.hotspots)).items
    check(result)


def test_watch_marks_what_is_a_hotspot_already() -> None:
    example = hotspot.read_orders(ROOT / "examples/wengyuan-2022-06/orders.csv")
    result = hotspot.detect(example, guidance=Guidance().watching("发热、发烧、高烧、退烧"))
    assert watched(result).str.contains("发热|发烧|高烧|退烧").mean() > 0.5
    assert "已是热点" in result.guidance[0].note


def test_watch_makes_a_hotspot_of_what_is_a_part_of_another(
    orders: pd.DataFrame, whole: hotspot.DetectionResult
) -> None:
    bikes = set(orders.loc[(orders["title"] + orders["text"]).str.contains("电动车"), "order_id"])
    assert max(len(bikes & members(whole, name)) for name in whole.hotspots["hotspot"]) > len(bikes) / 2
    result = hotspot.detect(orders, guidance=Guidance().watching("电动车"))
    assert watched(result).str.contains("电动车").mean() > 0.5
    assert "单列为热点" in result.guidance[0].note
    check(result)


def test_watch_knows_a_hotspot_of_which_the_words_are_only_in_a_part() -> None:
    """Of the school meals' orders a third speak of the canteen; the lifts are some of a mixed lot on estates."""
    month = hotspot.read_orders(ROOT / "tests/data/pingzhang-2024-03.csv")
    result = hotspot.detect(month, guidance=Guidance().watching("食堂、送餐").watching("电梯"))
    meals, lifts = result.guidance
    assert "已是热点" in meals.note and "单列为热点" in lifts.note
    row = result.hotspots[result.hotspots["watched"].eq("食堂、送餐")]
    said = result.orders_of(row["hotspot"].item())
    assert not (said["title"] + said["text"]).str.contains("食堂|送餐").all()
    titles = [item.title for item in hotspot.draft_focus(result, hotspots=len(result.hotspots)).items]
    assert len(set(titles)) == len(titles)


def test_a_watched_hotspot_is_titled_by_its_words_where_another_has_its_title(
    orders: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = hotspot.detect(orders, guidance=Guidance().watching("流浪狗"))
    monkeypatch.setattr(focus, "_title", lambda *_, **__: "城市管理问题")
    drafted = hotspot.draft_focus(result, hotspots=len(result.hotspots))
    titles = {item.hotspot: item.title for item in drafted.items}
    own = result.hotspots.loc[result.hotspots["watched"].ne(""), "hotspot"].item()
    assert titles.pop(own) == "流浪狗等问题"
    assert set(titles.values()) == {"城市管理问题"}


def watched(result: hotspot.DetectionResult) -> "pd.Series[str]":
    row = result.hotspots[result.hotspots["watched"].ne("")]
    texts = result.orders_of(row["hotspot"].item())
    return texts["title"] + texts["text"]


def test_what_does_not_occur_is_said(orders: pd.DataFrame, whole: hotspot.DetectionResult) -> None:
    gone = Reference(label="去年的事", orders=("X1", "X2"), examples=("火星基地漏气。宇航员反映氧气不足",))
    said = Guidance().watching("潜水艇").ignoring("潜水艇").named(gone, "名称").together(gone, whole.reference("H01"))
    result = hotspot.detect(orders, guidance=said)
    assert [outcome.applied for outcome in result.guidance] == [False] * 4
    assert all(outcome.note.startswith("本月没有") for outcome in result.guidance)
    pd.testing.assert_frame_equal(result.assignments, whole.assignments)


def test_ignored_words_leave_comparison_and_keywords(orders: pd.DataFrame) -> None:
    """A formula that a new clerk writes into half of the orders makes hotspots of its own, until it is ignored."""
    formula = "话务员甲班登记转办"
    half = np.arange(len(orders)) % 2 == 0
    marked = orders.assign(text=orders["text"].where(~half, orders["text"] + formula * 3))
    said = Guidance().ignoring(formula)
    plain, ignoring = hotspot.detect(marked), hotspot.detect(marked, guidance=said)
    assert ignoring.assignments.equals(hotspot.detect(orders, guidance=said).assignments)
    assert not plain.assignments.equals(ignoring.assignments)
    assert not ignoring.hotspots["keywords"].str.contains("话务员").any()
    assert ignoring.orders["text"].str.contains(formula).any()  # the orders themselves stay as they are


def test_rows_in_any_order(orders: pd.DataFrame, whole: hotspot.DetectionResult) -> None:
    said = (
        Guidance()
        .together(whole.reference("H02"), whole.reference("H05"))
        .watching("路灯")
        .apart(whole.reference("H01"), whole.reference("H03"))
    )
    shuffled = hotspot.detect(orders.sample(frac=1, random_state=5), guidance=said)
    pd.testing.assert_frame_equal(shuffled.hotspots, hotspot.detect(orders, guidance=said).hotspots)


def test_next_month_together_and_named(whole: hotspot.DetectionResult, later: hotspot.DetectionResult) -> None:
    """What was said of last month's hotspots is done to this month's, which share no order with them."""
    before = ("H01", "H02")
    said = Guidance().together(*map(whole.reference, before)).named(whole.reference("H01"), "出行和用水")
    now = hotspot.detect(later.orders, guidance=said)
    assert all(outcome.applied for outcome in now.guidance), now.guidance
    found = {most_of(now, later_ids(members(whole, name))) for name in before}
    assert len(found) == 1
    assert now.hotspots.set_index("hotspot").loc[found.pop(), "title"] == "出行和用水"
    assert len(now.hotspots) == len(later.hotspots) - 1
    check(now)


def test_next_month_apart(whole: hotspot.DetectionResult, later: hotspot.DetectionResult) -> None:
    """Two hotspots that are thrown together are told apart by what last month's orders say of each."""
    before = [later_ids(members(whole, name)) for name in ("H01", "H02")]
    thrown = np.full(len(later.orders), -1, dtype=np.int64)
    thrown[later.orders["order_id"].isin(before[0] | before[1])] = 0
    guide = Guide(
        Guidance().apart(*map(whole.reference, ("H01", "H02"))), later.orders, np.arange(len(thrown)), later.orders,
        known=KnownSubjects.of((later.orders["title"] + "。" + later.orders["text"]).tolist()),
        encoder=later.encoder, segmenter=later.segmenter, min_hotspot=8,
    )  # fmt: skip
    guide.apply(np.arange(len(thrown)), thrown)
    assert guide.outcomes[0].note.startswith("已分开")
    parts = [guide.hotspots[later.orders["order_id"].isin(ids)] for ids in before]
    first, second = (int(pd.Series(of).mode()[0]) for of in parts)
    assert first != second
    assert np.mean(parts[0] == first) > 0.7
    assert np.mean(parts[1] == second) > 0.7


def test_a_file_keeps_it(whole: hotspot.DetectionResult, tmp_path: Path) -> None:
    said = Guidance().named(whole.reference("H01"), "公交“乱象”\\n").apart(*map(whole.reference, ("H02", "H03")))
    said = said.watching("校园食堂、学生餐").ignoring("来电人")
    said.save(tmp_path / "a" / "guidance.toml")
    assert load_guidance(tmp_path / "a" / "guidance.toml") == said
    again = said.without("G1")
    assert [rule.id for rule in again.rules] == ["G2", "G3", "G4"]
    assert again.watching("路灯").rules[-1].id == "G5"


@given(st.text(max_size=30), st.text(max_size=30), st.lists(st.text(max_size=20), max_size=3))
def test_any_text_survives_the_file(label: str, name: str, examples: list[str]) -> None:
    import tempfile

    reference = Reference(label=label, examples=tuple(examples))
    try:
        said = Guidance().named(reference, name).watching(name)
    except SettingsError:
        return  # an empty name
    with tempfile.TemporaryDirectory() as folder:
        assert load_guidance(said.save(Path(folder) / "guidance.toml")) == said


@given(st.binary(max_size=120))
def test_any_bytes_are_told(data: bytes) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "guidance.toml"
        path.write_bytes(data)
        try:
            load_guidance(path)
        except SettingsError as error:
            assert "guidance.toml" in str(error)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("version = 2", "version"),
        ('[[rules]]\nid = "G1"\nkind = "merge"', "rules.0.kind"),
        ('[[rules]]\nid = "G1"\nkind = "name"\ntext = "名"', "应指明 1 个"),
        ('[[rules]]\nid = "G1"\nkind = "together"\nof = [{label = "甲"}]', "应指明 2 个"),
        ('[[rules]]\nid = "G1"\nkind = "watch"\ntext = " "', "缺少文字"),
        ('[[rules]]\nid = "G1"\nkind = "watch"\ntext = "路灯"\nmore = 1', "more"),
    ],
)
def test_bad_rules_are_told(text: str, says: str, tmp_path: Path) -> None:
    (tmp_path / "guidance.toml").write_text(text, "utf-8")
    with pytest.raises(SettingsError, match=says):
        load_guidance(tmp_path / "guidance.toml")


def test_what_contradicts_is_refused() -> None:
    first, second = (Reference(label=name, orders=(name,)) for name in "甲乙")
    said = Guidance().together(first, second)
    with pytest.raises(SettingsError, match="与 G1"):
        said.apart(second, first)
    with pytest.raises(SettingsError, match="同一个"):
        said.together(first, first.model_copy(update={"label": "又名"}))
    for once in (Guidance().together, Guidance().apart):
        with pytest.raises(SettingsError, match="请写明两个或更多的热点或事项"):
            once(first)
    assert said.without("G1").apart(second, first).rules[0].kind == "apart"
    with pytest.raises(SettingsError, match="没有 G7"):
        said.without("G7")
    with pytest.raises(SettingsError, match="太短"):
        said.ignoring("水")
    assert said.together(second, first) is said
    named = said.named(first, "一").named(first, "二")
    assert [rule.text for rule in named.of_kind("name")] == ["二"]


def test_topics_count_as_the_same_whatever_their_orders() -> None:
    january = Reference(label="供暖", topic="R0001", orders=("1",))
    assert january.same_as(Reference(label="暖气", topic="R0001", orders=("9",)))
    assert not january.same_as(Reference(label="供暖", topic="R0002", orders=("1",)))


def test_a_few_orders_that_come_again_are_not_the_whole(
    whole: hotspot.DetectionResult, later: hotspot.DetectionResult
) -> None:
    """An order that is exported in two months does not make another hotspot the one that was named."""
    reference = whole.reference("H01")
    other = later.hotspots["hotspot"].iloc[-1]
    stray = next(iter(members(later, other)))
    mixed = reference.model_copy(update={"orders": (*reference.orders, stray)})
    plain, with_stray = (
        hotspot.detect(later.orders, guidance=Guidance().named(each, "名称")) for each in (reference, mixed)
    )
    assert with_stray.names == plain.names != {}
    assert other not in with_stray.names


def test_one_order(orders: pd.DataFrame, whole: hotspot.DetectionResult) -> None:
    """Guidance on a month of next to nothing."""
    said = Guidance().together(whole.reference("H01"), whole.reference("H02")).watching("公交")
    said = said.apart(whole.reference("H03"), whole.reference("H04"))
    few = part(orders, np.arange(len(orders)) < 2)
    result = hotspot.detect(few, guidance=said)
    assert len(result.assignments) == 2
    assert len(result.guidance) == 3
    alike = pd.concat([few.head(1).assign(order_id=f"X{i}") for i in range(3)], ignore_index=True)
    check(replace(hotspot.detect(alike, guidance=Guidance().watching(few["title"][0][:2]))))
