"""Detection as a whole, on hand-written months."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.metrics import adjusted_rand_score

import hotspot
from hotspot.detection.hotspots import MAY_BELONG
from hotspot.errors import DetectionError

ROOT = Path(__file__).parents[2]
DATA = ROOT / "tests" / "data"
EXAMPLE = ROOT / "examples" / "wengyuan-2022-06"
MONTHS = {
    "wengyuan": (EXAMPLE / "orders.csv", DATA / "wengyuan-2022-06-gold.csv"),
    "yunze": (DATA / "yunze-2023-11.csv", DATA / "yunze-2023-11-gold.csv"),
    "wuling": (DATA / "wuling-2024-09.csv", DATA / "wuling-2024-09-gold.csv"),
}


@pytest.fixture(scope="module")
def found() -> dict[str, hotspot.DetectionResult]:
    return {name: hotspot.detect(hotspot.read_orders(orders)) for name, (orders, _) in MONTHS.items()}


def best_match(result: hotspot.DetectionResult, members: set[str]) -> tuple[float, int]:
    """Return the F1 of the hotspot that fits a planted one best, and its rank."""
    scores = []
    for rank, name in zip(result.hotspots["rank"], result.hotspots["hotspot"], strict=True):
        ids = set(result.orders_of(name)["order_id"])
        scores.append((2 * len(ids & members) / (len(ids) + len(members)), rank))
    return max(scores)


def planted(name: str) -> dict[str, set[str]]:
    gold = pd.read_csv(MONTHS[name][1])
    return {hotspot_name: set(rows["order_id"]) for hotspot_name, rows in gold.groupby("hotspot")}


def test_what_strayed_in_is_less_firmly_in(found: dict[str, hotspot.DetectionResult]) -> None:
    """Of the orders of the flood's hotspot, those that were not planted are the looser ones."""
    result, gold = found["wengyuan"], planted("wengyuan")
    orders = result.orders_of("H01")
    strayed = ~orders["order_id"].isin(gold["水灾"])
    belonging = result.assignments.loc[orders.index, "belonging"]
    assert belonging[strayed].mean() < belonging[~strayed].mean()
    firm = result.firmly_in("H01", 0.7)
    assert 0 < len(firm) < len(orders)
    assert firm["order_id"].isin(gold["水灾"]).mean() > (~strayed).mean()


def test_example_ranks_the_flood_first_and_finds_the_fever_clinics(found: dict[str, hotspot.DetectionResult]) -> None:
    gold = planted("wengyuan")
    flood, flood_rank = best_match(found["wengyuan"], gold["水灾"])
    fever, fever_rank = best_match(found["wengyuan"], gold["发热门诊"])
    assert flood_rank == 1
    assert fever_rank <= 3
    assert flood >= 0.65
    assert fever >= 0.75


def test_another_county_with_other_themes(found: dict[str, hotspot.DetectionResult]) -> None:
    matches = [best_match(found["yunze"], members) for members in planted("yunze").values()]
    assert np.mean([f1 for f1, _ in matches]) >= 0.6
    assert sum(rank <= 7 for _, rank in matches) >= 4


def test_a_county_whose_citizens_call_things_by_their_names(found: dict[str, hotspot.DetectionResult]) -> None:
    matches = [best_match(found["wuling"], members) for members in planted("wuling").values()]
    assert np.mean([f1 for f1, _ in matches]) >= 0.8
    assert all(f1 >= 0.7 and rank <= 7 for f1, rank in matches)


def test_background_is_not_forced_into_hotspots(found: dict[str, hotspot.DetectionResult]) -> None:
    for result in found.values():
        assert result.assignments["hotspot"].eq("").mean() > 0.2


def test_tables_agree_with_each_other(found: dict[str, hotspot.DetectionResult]) -> None:
    for result in found.values():
        counted = result.assignments["hotspot"].value_counts()
        for name, orders, callers in result.hotspots[["hotspot", "orders", "callers"]].itertuples(index=False):
            assert counted[name] == orders >= callers
        assert result.hotspots["heat"].is_monotonic_decreasing
        parts = result.hotspots.filter(like="heat_")
        assert ((parts >= 0) & (parts <= 1) | parts.isna()).all().all()
        firm = result.assignments["belonging"]
        assert (firm.isna() == result.assignments["hotspot"].eq("")).all()
        assert firm.dropna().between(0, 1).all()
        assert (firm.groupby(result.assignments["hotspot"]).mean().drop("") > MAY_BELONG).all()
        by_issue = result.assignments[result.assignments["issue"].ne("")].groupby("issue")["hotspot"].nunique()
        assert by_issue.eq(1).all()  # an issue lies in one hotspot or in none
        assert result.assignments["issue"].value_counts().drop("", errors="ignore").min() >= 2


def test_row_order_changes_nothing(found: dict[str, hotspot.DetectionResult]) -> None:
    orders = pd.read_csv(MONTHS["yunze"][0], dtype=str)
    shuffled = hotspot.detect(orders.sample(frac=1, random_state=7))
    pd.testing.assert_frame_equal(shuffled.hotspots, found["yunze"].hotspots)
    pd.testing.assert_frame_equal(shuffled.assignments, found["yunze"].assignments)


def test_a_row_repeated_by_the_platform_changes_no_rank(found: dict[str, hotspot.DetectionResult]) -> None:
    orders = pd.read_csv(MONTHS["yunze"][0], dtype=str)
    again = hotspot.detect(pd.concat([orders, orders.head(50)]))
    pd.testing.assert_frame_equal(again.hotspots, found["yunze"].hotspots)


def test_most_of_it_survives_the_loss_of_a_twentieth(found: dict[str, hotspot.DetectionResult]) -> None:
    kept: dict[str, list[float]] = {"issue": [], "hotspot": []}
    for name, seed in (("yunze", 1), ("yunze", 2), ("wuling", 1), ("wuling", 2)):
        whole = found[name]
        fewer = hotspot.detect(whole.orders.sample(frac=0.95, random_state=seed).reset_index(drop=True))
        both = whole.assignments.merge(fewer.assignments, on="order_id")
        for level, scores in kept.items():
            before, after = (
                both[column].where(both[column].ne(""), both["order_id"]) for column in (f"{level}_x", f"{level}_y")
            )
            scores.append(adjusted_rand_score(before, after))
    assert np.mean(kept["issue"]) >= 0.9
    assert np.mean(kept["hotspot"]) >= 0.8


@pytest.mark.parametrize("count", [2, 3, 30])
def test_few_orders(count: int) -> None:
    result = hotspot.detect(hotspot.read_orders(MONTHS["yunze"][0]).head(count))
    assert len(result.assignments) == count
    assert isinstance(hotspot.draft_focus(result).to_markdown(), str)


def test_one_order_is_too_few() -> None:
    with pytest.raises(DetectionError, match="只有 1 件"):
        hotspot.detect(hotspot.read_orders(MONTHS["yunze"][0]).head(1))


def test_orders_all_alike_are_one_issue() -> None:
    orders = hotspot.read_orders(MONTHS["yunze"][0]).head(1)
    alike = pd.concat([orders.assign(order_id=f"X{i}", caller=f"c{i}") for i in range(20)], ignore_index=True)
    result = hotspot.detect(alike)
    assert result.distinct_texts == 1
    assert result.issues["orders"].tolist() == [20]


def test_estimator_conventions(found: dict[str, hotspot.DetectionResult]) -> None:
    detector = clone(hotspot.HotspotDetector(settings=hotspot.Settings()))
    labels = detector.fit_predict(found["yunze"].orders)
    assert set(detector.get_params()) == {"settings", "model", "progress", "guidance"}
    assert labels.shape == detector.issue_labels_.shape == (len(found["yunze"].orders),)
    assert (labels == -1).sum() == found["yunze"].assignments["hotspot"].eq("").sum()


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # bertopic's own dependencies warn on import
def test_topic_model_is_a_fitted_bertopic(found: dict[str, hotspot.DetectionResult]) -> None:
    result = found["yunze"]
    model = result.topic_model
    info = model.get_topic_info()
    assert type(model).__name__ == "BERTopic"
    assert len(info[info["Topic"] >= 0]) == len(result.hotspots)
    words = [word for topic in info["Topic"] for word, _ in model.get_topic(topic)]
    assert words
    assert all(word.strip() and len(word) > 1 for word in words)
    assert model.visualize_barchart().data


def test_some_of_a_tables_rows_in_any_order() -> None:
    orders = hotspot.read_orders(MONTHS["yunze"][0])
    later = orders[orders["created"] >= "2023-11-15"]
    shuffled = hotspot.detect(later.sample(frac=1, random_state=3))
    pd.testing.assert_frame_equal(shuffled.hotspots, hotspot.detect(later.reset_index(drop=True)).hotspots)
