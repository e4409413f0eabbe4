"""The registry's folder: damaged, foreign, in use, or half of it lost."""

import json
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspot.errors import OutputError, RegistryError
from hotspot.registry import Registry
from hotspot.registry.storage import FILE, VECTORS, locked, read_book, write_book

from .conftest import Months


@pytest.fixture
def registry(months: Months, tmp_path: Path) -> Registry:
    registry = Registry(tmp_path / "登记册")
    registry.record(months.results["2024-01"], "2024-01")
    return registry


def test_no_registry_is_an_empty_one(tmp_path: Path) -> None:
    assert Registry(tmp_path / "none").months == []
    assert not (tmp_path / "none").exists()
    with pytest.raises(RegistryError, match="没有登记册"):
        Registry.existing(tmp_path / "none")


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (lambda text: text[: len(text) // 2], "已损坏"),
        (lambda _: "", "已损坏"),
        (lambda _: "[1, 2]", "已损坏"),
        (lambda _: '{"format": "hotspot-report", "version": 1, "book": {}, "sha256": ""}', "另一种文件"),
        (lambda text: text.replace('"version": 1', '"version": 99'), "更新版本"),
        (lambda text: text.replace('"next_number": ', '"next_number": 9'), "校验码"),
        (lambda text: "\udcff" + text, "已损坏"),
    ],
)
def test_damage_is_told_and_nothing_is_written(registry: Registry, months: Months, damage, says: str) -> None:
    path = registry.path / FILE
    path.write_bytes(damage(path.read_text("utf-8")).encode("utf-8", "surrogateescape"))
    before = path.read_bytes()
    with pytest.raises(RegistryError, match=says):
        Registry(registry.path)
    with pytest.raises(RegistryError, match=says):
        registry.record(months.results["2024-02"], "2024-02")
    assert path.read_bytes() == before


def rewritten(path: Path, change) -> None:
    """Change the book and make its checksum right again: as somebody's script might."""
    from hotspot.registry.storage import _digest

    values = json.loads(path.read_text("utf-8"))
    change(values["book"])
    values["sha256"] = _digest(values["book"])
    path.write_text(json.dumps(values, ensure_ascii=False), "utf-8")


@pytest.mark.parametrize(
    "change",
    [
        lambda book: book.pop("months"),
        lambda book: book.update(next_number=1),
        lambda book: book["topics"].update(X1={"name": "", "merged_into": ""}),
        lambda book: book["topics"]["R0001"].update(merged_into="R0099"),
        lambda book: book["topics"]["R0001"].update(merged_into="R0001"),
        lambda book: book["months"]["2024-01"]["hotspots"][0].update(topic="R0777"),
        lambda book: book["months"]["2024-01"].update(orders="许多"),
        lambda book: book.update(months=[]),
    ],
)
def test_contents_that_contradict_themselves(registry: Registry, change) -> None:
    rewritten(registry.path / FILE, change)
    with pytest.raises(RegistryError, match="内容不全"):
        Registry(registry.path)


@given(st.binary(max_size=200))
def test_any_bytes_are_told(data: bytes) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / FILE).write_bytes(data)
        with pytest.raises(RegistryError):
            read_book(Path(folder))


@pytest.mark.parametrize("content", [None, b"", b"not tensors", "stale"])
def test_vectors_that_are_lost_are_computed_again(registry: Registry, months: Months, tmp_path: Path, content) -> None:
    other = Registry(tmp_path / "other")
    other.record(months.results["2024-01"], "2024-01")
    path = registry.path / VECTORS
    if content is None:
        path.unlink()
    elif content == "stale":  # one bit of a vector
        data = bytearray(path.read_bytes())
        data[-1] ^= 1
        path.write_bytes(bytes(data))
    else:
        path.write_bytes(content)
    for each in (registry, other):
        each.record(months.results["2024-03"], "2024-03")
    for name in (FILE, VECTORS):
        assert (registry.path / name).read_bytes() == (other.path / name).read_bytes()


def test_another_run_is_waited_for(registry: Registry) -> None:
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with locked(registry.path):
            held.set()
            done.wait(5)

    other = threading.Thread(target=hold)
    other.start()
    held.wait(5)
    with pytest.raises(RegistryError, match="另一个程序正在写"), locked(registry.path, wait=0.1):
        pass
    done.set()
    other.join()
    with locked(registry.path, wait=5):
        pass


def test_two_that_write_lose_nothing(registry: Registry) -> None:
    topics = registry.topic_ids[:6]
    each = [threading.Thread(target=Registry(registry.path).name, args=(t, f"名称{t}")) for t in topics]
    for thread in each:
        thread.start()
    for thread in each:
        thread.join()
    known = Registry(registry.path)
    assert [known.name_of(topic) for topic in topics] == [f"名称{topic}" for topic in topics]


def test_a_file_in_the_way(months: Months, tmp_path: Path) -> None:
    (tmp_path / "册").write_text("")
    with pytest.raises(RegistryError, match="应是文件夹"):
        Registry(tmp_path / "册")
    with pytest.raises((RegistryError, OutputError)):
        Registry(tmp_path / "册" / "子").record(months.results["2024-01"], "2024-01")


def test_read_what_was_written(registry: Registry, tmp_path: Path) -> None:
    book = read_book(registry.path)
    assert book is not None
    write_book(tmp_path / "copy", book)
    assert read_book(tmp_path / "copy") == book
    assert (tmp_path / "copy" / FILE).read_bytes() == (registry.path / FILE).read_bytes()
