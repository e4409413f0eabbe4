"""A report that was tampered with is caught, wherever the hand slipped."""

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace

import pytest

from hotspot.errors import ReportError
from hotspot.orders import OrderFile
from hotspot.report import Report, build_report, read_knowledge, render
from hotspot.report.checks import check_document
from hotspot.report.model import Document, Figure, Paragraph, Section, Sentence, Topic
from hotspot.settings import Settings

from .conftest import EXAMPLE, Clause, Focus, Item, marked

Change = Callable[[Sentence], Sentence]


def altered(document: Document, key: str, change: Change) -> Document:
    """Change the first sentence of a section for which `change` gives another."""
    done = False

    def once(sentence: Sentence) -> Sentence:
        nonlocal done
        new = sentence if done else change(sentence)
        done = done or new != sentence
        return new

    def block(old: object) -> object:
        if isinstance(old, Paragraph):
            return replace(old, sentences=tuple(once(s) for s in old.sentences))
        return replace(old, demands=tuple(once(s) for s in old.demands)) if isinstance(old, Topic) else old

    def section(old: Section) -> Section:
        return replace(old, blocks=tuple(block(b) for b in old.blocks)) if old.key == key else old  # type: ignore[arg-type]

    changed = replace(document, sections=tuple(map(section, document.sections)))
    assert done
    return changed


def figure_text(old: str, new: str) -> Change:
    def change(sentence: Sentence) -> Sentence:
        parts = tuple(replace(p, text=new) if isinstance(p, Figure) and p.text == old else p for p in sentence.parts)
        return replace(sentence, parts=parts)

    return change


def check(document: Document, example: Report) -> list[str]:
    knowledge = read_knowledge(EXAMPLE / "knowledge.csv", "2022-06")
    return [p.message for p in check_document(document, example.month, knowledge)]


@pytest.mark.parametrize(
    ("key", "old", "new", "expected"),
    [
        ("overview", "626", "627", "性质为投诉写的是627，重新统计是626"),
        ("overview", "90.2%", "90.3%", "重新统计是90.2%"),
        ("satisfaction", "86.89%", "85.2%", "满意率写的是85.2%"),
        ("knowledge", "140", "141", "重新统计是140"),
        ("emergency", "52分钟", "5分钟", "重新统计是52分钟"),
    ],
)
def test_a_wrong_figure_is_found(example: Report, key: str, old: str, new: str, expected: str) -> None:
    found = check(altered(example.document, key, figure_text(old, new)), example)
    assert len(found) == 1
    assert expected in found[0]


def test_a_bare_number_in_a_sentence_is_found(example: Report) -> None:
    added = altered(example.document, "overview", lambda s: replace(s, parts=(*s.parts, "另有58件。")))
    assert check(added, example) == ["数字58在统计中找不到"]


def test_a_number_that_no_order_tells_is_found(example: Report) -> None:
    added = altered(example.document, "focus", lambda s: replace(s, parts=("损失98765元",)) if s.quoted else s)
    assert check(added, example) == ["数字98765在其工单中找不到"]


def test_a_foreign_order_is_found(example: Report) -> None:
    foreign = "WY209901010001"
    added = altered(example.document, "focus", lambda s: replace(s, orders=(*s.orders, foreign)) if s.quoted else s)
    assert check(added, example) == ["引用的工单不在本月：WY209901010001"]


def test_a_drafted_sentence_without_orders_is_found(example: Report) -> None:
    bare = altered(example.document, "focus", lambda s: replace(s, orders=(), parts=("希望补助",)) if s.quoted else s)
    assert check(bare, example) == ["没有依据的工单"]


def test_a_wrong_cell_is_found_in_its_row_its_column_and_its_count(example: Report) -> None:
    annex = example.document.annex
    assert annex is not None
    cell = annex.rows[0][5]
    assert isinstance(cell, Figure)
    row = (*annex.rows[0][:5], replace(cell, text="110"), *annex.rows[0][6:])
    document = replace(example.document, annex=replace(annex, rows=(row, *annex.rows[1:])))
    found = check(document, example)
    assert any("重新统计是109" in m for m in found)
    assert any("工单分类各列之和" in m for m in found)
    assert any("各行之和627不等于总计626" in m for m in found)


def bad_focus() -> Focus:
    ids = ("WY202206060004",)
    return Focus((Item("H1", "水灾", Clause("市民反映:", ids), (Clause("损失98765元", ids),)),))


def test_a_contradiction_stops_the_report(example_file: OrderFile, example_settings: Settings) -> None:
    detected, _ = marked(example_file.orders)
    with pytest.raises(ReportError, match=r"(?s)有 1 处前后不一.*98765"):
        build_report(example_file.orders, "2022-06", example_settings, detected=detected, focus=bad_focus())


@pytest.mark.parametrize("suffix", [".md", ".html"])
def test_force_marks_the_place(example_file: OrderFile, example_settings: Settings, suffix: str) -> None:
    detected, _ = marked(example_file.orders)
    report = build_report(
        example_file.orders, "2022-06", example_settings, detected=detected, focus=bad_focus(), force=True
    )
    assert len(report.document.problems) == 1
    assert "请核对\uff1a数字98765在其工单中找不到" in render(report, suffix).decode().replace("&#xff1a;", "\uff1a")
    xml = zipfile.ZipFile(io.BytesIO(render(report, ".docx"))).read("word/document.xml").decode()
    assert 'w:highlight w:val="yellow"' in xml
    assert "请核对\uff1a数字98765在其工单中找不到" in xml
