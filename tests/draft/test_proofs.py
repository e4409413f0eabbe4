import json
from collections.abc import Mapping
from typing import Any

import pytest

from hotspot.draft.language_model import LanguageModel, UnusableError
from hotspot.draft.proofs import Assertion, clauses_of, unproven
from hotspot.settings import WriterSettings

from .language_model import serving

pytest.importorskip("openai")

TEXTS = ("电梯又停了。物业三天没派人来修，老人下不了楼。", "要求公开维修费用。")
SAID = "电梯停运三天，老人无法下楼"
LIE = Assertion("路灯不亮", (0, 1))
NONE = {"结论": "无", "引文": []}


def proof(*quoted: str, verdict: str = "有") -> dict[str, Any]:
    return {"结论": verdict, "引文": list(quoted)}


def asked(verdicts: Mapping[str, Any], said: str = SAID, rests_on: tuple[int, ...] = (0,)) -> list[str]:
    """Return what these verdicts on its clauses do not prove of a sentence; the lie is denied unless they say so."""

    def answer(messages: list[dict[str, str]]) -> str:
        question = json.loads(messages[1]["content"])
        numbers = {sentence["句子"]: list(sentence["分句"]) for sentence in question["句子"]}
        given = dict(zip(numbers[said], verdicts.values(), strict=False))
        given |= {numbers[LIE.text][0]: verdicts.get("lie", NONE)}
        return json.dumps({"核对": given}, ensure_ascii=False)

    with serving(answer) as server:
        model = LanguageModel(WriterSettings(enabled=True, address=server.address, model="test", timeout=5, retries=0))
        return unproven({"诉求1": Assertion(said, rests_on)}, [LIE], TEXTS, model)["诉求1"]


GOOD = (proof("物业三天没派人来修"), proof("老人下不了楼"))


def test_clauses_leave_nothing_out() -> None:
    assert clauses_of("电梯停运，老人无法下楼；已修。希望公开费用") == [
        "电梯停运",
        "老人无法下楼",
        "已修",
        "希望公开费用",
    ]
    assert clauses_of("，。") == []


def test_what_is_quoted_word_for_word_is_proven() -> None:
    assert asked({"a": GOOD[0], "b": GOOD[1]}) == []


def test_signs_and_spaces_of_a_quotation_do_not_matter() -> None:
    assert asked({"a": proof("电梯又停了,物业三天 没派人来修"), "b": GOOD[1]}) == []


@pytest.mark.parametrize(
    ("verdict", "why"),
    [
        (proof("物业三天没有派人来修"), "原话"),
        (proof("三天"), "原话"),
        (proof("要求公开维修费用"), "原话"),
        (proof("物业三天没派人来修", "电梯坠落"), "原话"),
        (proof("物业三天没派人来修", verdict="无"), "找不到"),
        (proof("物业三天没派人来修", verdict="反"), "相反"),
        (proof("物业三天没派人来修", verdict="对"), "找不到"),
        (proof(), "找不到"),
        ({"结论": "有"}, "找不到"),
        ({"结论": "有", "引文": "物业三天没派人来修"}, "找不到"),
        ({"结论": "有", "引文": [None, 3]}, "找不到"),
        ("有", "找不到"),
        (None, "找不到"),
    ],
)
def test_a_clause_without_proof_is_told(verdict: Any, why: str) -> None:
    (fault,) = asked({"a": verdict, "b": GOOD[1]})
    assert "电梯停运三天" in fault and why in fault


def test_a_clause_that_is_passed_over_is_not_proven() -> None:
    (fault,) = asked({"a": GOOD[0]})
    assert "老人无法下楼" in fault


def test_who_finds_proof_for_a_lie_is_not_believed() -> None:
    with pytest.raises(UnusableError, match="不可信"):
        asked({"a": GOOD[0], "b": GOOD[1], "lie": proof("电梯又停了")})


@pytest.mark.parametrize("content", ['{"核对": "都有"}', '{"标题": "电梯问题"}', "都有依据"])
def test_another_answer_proves_nothing(content: str) -> None:
    with serving(lambda _: content) as server:
        model = LanguageModel(WriterSettings(enabled=True, address=server.address, model="test", timeout=5, retries=0))
        with pytest.raises(UnusableError):
            unproven({"诉求1": Assertion(SAID, (0,))}, [LIE], TEXTS, model)
