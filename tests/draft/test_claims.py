import json

import pytest

import hotspot
from hotspot._resources import data_text
from hotspot.draft.claims import FEATURES, WORD_FEATURES, Claim, Said, claims_of, features, score
from hotspot.draft.polarity import contraries, words_by_polarity
from hotspot.segment import Segmenter

ORDER = "小区电梯经常停运。市民反映小区电梯停运三天,物业没有派人维修,老人无法下楼。要求尽快维修电梯,公开维修费用。"


@pytest.fixture(scope="module")
def segmenter() -> Segmenter:
    return Segmenter()


@pytest.fixture(scope="module")
def said(segmenter: Segmenter) -> Said:
    return Said((ORDER,), hotspot.load_encoder(), segmenter)


def measured(text: str, said: Said) -> dict[str, float]:
    (claim,) = claims_of(text)
    return dict(zip(FEATURES, features(claim, said).tolist(), strict=True))


def test_cause_and_consequence_are_two_claims_and_a_wish_is_known() -> None:
    assert [claim.text for claim in claims_of("小区电梯停运导致老人无法下楼")] == ["小区电梯停运", "老人无法下楼"]
    told, asked = claims_of("小区电梯停运，希望物业维修电梯")
    assert told == Claim("小区电梯停运", False) and asked == Claim("物业维修电梯", True)


@pytest.mark.parametrize(
    ("true", "false"),
    [
        ("小区电梯停运", "学校食堂涨价"),
        ("物业没有派人维修", "物业派人维修"),
        ("希望公开维修费用", "维修费用已公开"),
        ("老人无法下楼", "老人能够下楼"),
    ],
)
def test_what_orders_say_scores_above_what_they_do_not(true: str, false: str, said: Said) -> None:
    right, wrong = (min(score(claim, said) for claim in claims_of(text)) for text in (true, false))
    assert right > wrong


def test_turns_of_sense_are_seen(said: Said) -> None:
    assert measured("物业派人维修", said)["negated"] == 1
    assert measured("维修费用已公开", said)["asked_done"] == 1
    assert measured("所有小区电梯停运", said)["everywhere"] == 1
    assert measured("小区电梯停运", said)["everywhere"] == 0


def test_negation_reaches_to_the_next_verb(segmenter: Segmenter) -> None:
    found = words_by_polarity("老人无法下楼，电梯停运", segmenter)
    assert found["下楼"] == {True} and found["停运"] == {False}
    assert contraries("道路恢复通行", "道路中断") == 1
    assert contraries("道路未恢复通行", "道路中断") == 0


def test_the_stored_weights_are_those_of_the_features() -> None:
    stored = json.loads(data_text("draft_claims.json"))
    assert set(stored["words"]["weights"]) == set(WORD_FEATURES)
    assert set(stored["clauses"]["weights"]) == set(FEATURES)
