"""How likely each known subject is for a text."""

import csv
from io import StringIO

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspot._resources import data_text
from hotspot.detection.known_subjects import NO_SUBJECT, KnownSubjects, SharedSubject

SAID = {
    "小区水龙头拧开一滴水都没有，打自来水公司电话也没人接": "自来水供应",
    "孩子发烧，夜里只有一个大夫，走廊里坐满了输液的人": "急诊急救与发热门诊",
    "包工头跑了，我们十几个工友三个月没拿到钱": "拖欠工资",
    "等了四十分钟一辆车都没来，站牌上写着十分钟一班": "公交运营",
    "楼下大妈每晚放音响跳到十点，孩子没法写作业": "社会生活噪声",
}


def test_every_aspect_has_words_and_sentences_and_is_told_once() -> None:
    rows = list(csv.DictReader(StringIO(data_text("subjects.tsv")), delimiter="\t", quoting=csv.QUOTE_NONE))
    assert all(len(row["words"].split()) >= 5 and row["sentences"].count(" | ") >= 1 for row in rows)
    named = [(row["subject"], row["aspect"]) for row in rows]
    assert len(named) == len(set(named))


def test_every_subject_is_of_one_field() -> None:
    lines = [line for line in data_text("subject_fields.txt").splitlines() if not line.startswith("#")]
    named = [subject for line in lines for subject in line.partition("：")[2].split()]
    assert sorted(named) == sorted(KnownSubjects.of([]).names)


def test_sentences_in_words_of_their_own_are_of_their_subject() -> None:
    known = KnownSubjects.of(list(SAID))
    for row, subject in zip(known.likely, SAID.values(), strict=True):
        first = [known.names[i] for i in np.argsort(-row)[:3]]
        assert subject in first, first


def test_a_group_is_of_the_subject_that_its_texts_share() -> None:
    buses = ["等了四十分钟一辆车都没来", "末班车八点就没了", "司机到站不停直接开走", "老人卡刷不了要投币"]
    known = KnownSubjects.of([*buses, *SAID])
    subject = known.shared_by(np.arange(len(buses)))
    assert subject.names[0] == "公交运营" and subject.field == "公共交通"
    assert subject.share >= 0.5 and subject.field_share >= 0.5
    assert len(subject.aspects) <= 2


def test_a_group_in_which_nothing_is_known_has_no_subject() -> None:
    assert KnownSubjects.of(["", "？！", "……", *SAID]).shared_by(np.arange(3)) == NO_SUBJECT


def test_a_text_in_which_nothing_is_known_has_no_subject() -> None:
    known = KnownSubjects.of(["停水三天了", "", "？！", "路灯不亮"])
    assert known.likely.sum(axis=1) == pytest.approx([1, 0, 0, 1], abs=1e-4)
    assert KnownSubjects.of([]).likely.shape == (0, len(known.names))


@settings(max_examples=25, deadline=None)
@given(st.lists(st.text(max_size=30), max_size=8))
def test_likelihoods_add_up_to_one_or_none(texts: list[str]) -> None:
    known = KnownSubjects.of(texts)
    assert known.likely.shape == (len(texts), len(known.names))
    total = known.likely.sum(axis=1)
    assert (np.isclose(total, 1, atol=1e-4) | (total == 0)).all()


def test_a_subject_that_leads_by_far_is_told_alone_and_others_with_their_like() -> None:
    known = KnownSubjects.of(["占位"])
    names = known.names
    bus, coach, traffic = (names.index(name) for name in ("公交运营", "道路客运", "交通拥堵"))

    def shared(*counts: tuple[int, int]) -> SharedSubject:
        likely = np.zeros((sum(count for _, count in counts), len(names)), dtype=np.float32)
        rows = np.repeat([column for column, _ in counts], [count for _, count in counts])
        likely[np.arange(len(rows)), rows] = 1
        return KnownSubjects(np.zeros((len(rows), known.vectors.shape[1]), dtype=np.float32), likely).shared_by(
            np.arange(len(rows))
        )

    assert shared((bus, 8), (coach, 2)).names == ("公交运营",)
    both = shared((bus, 3), (coach, 3), (traffic, 4))
    assert both.field == "公共交通" and set(both.names) == {"公交运营", "道路客运"}
