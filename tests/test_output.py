"""Files are whole or not there, and safe to open in Excel."""

import io
import os

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspot.errors import OutputError
from hotspot.output import check_writable, csv_bytes, write_atomically, write_files


def listed(folder) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()}


def test_files_are_written_into_a_new_folder(tmp_path) -> None:
    paths = write_files(tmp_path / "新" / "月", {"a.md": "甲", "b.csv": "乙".encode()})
    assert paths == [tmp_path / "新" / "月" / "a.md", tmp_path / "新" / "月" / "b.csv"]
    assert listed(tmp_path / "新" / "月") == {"a.md": "甲", "b.csv": "乙"}


def test_one_file(tmp_path) -> None:
    assert write_atomically(tmp_path / "a.md", "一").read_text(encoding="utf-8") == "一"
    write_atomically(tmp_path / "a.md", "二")
    assert listed(tmp_path) == {"a.md": "二"}


@pytest.mark.parametrize("fails_at", [0, 1, 2])
def test_failure_leaves_everything_as_it_was(tmp_path, monkeypatch, fails_at: int) -> None:
    write_files(tmp_path, {"a": "旧", "c": "旧"})
    replace, calls = os.replace, []

    def failing(source, target):
        calls.append(target)
        if len(calls) == fails_at + 1:
            raise PermissionError(13, "Permission denied", str(target))
        replace(source, target)

    monkeypatch.setattr(os, "replace", failing)
    with pytest.raises(OutputError, match=r"没有写入权限.*请先关闭"):
        write_files(tmp_path, {"a": "新", "b": "新", "c": "新"})
    assert listed(tmp_path) == {"a": "旧", "c": "旧"}


def test_full_disk_leaves_nothing_behind(tmp_path, monkeypatch) -> None:
    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputError, match="磁盘已满"):
        write_files(tmp_path, {"a": "新"})
    assert listed(tmp_path) == {}


def test_file_where_a_folder_should_be(tmp_path) -> None:
    (tmp_path / "out").write_text("", encoding="utf-8")
    with pytest.raises(OutputError, match="不是文件夹"):
        write_files(tmp_path / "out", {"a": ""})
    with pytest.raises(OutputError, match="不是文件夹"):
        write_files(tmp_path / "out" / "deeper", {"a": ""})


def test_folder_where_a_file_should_be(tmp_path) -> None:
    (tmp_path / "a").mkdir()
    with pytest.raises(OutputError, match="同名的文件夹已存在"):
        write_files(tmp_path, {"b": "", "a": ""})
    assert not (tmp_path / "b").exists()


def test_what_cannot_be_written_is_told_before_and_nothing_is_left(tmp_path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    (tmp_path / "folder").mkdir()
    for path, why in (
        ("file/a", "不是文件夹"),
        ("file/b/a", "不是文件夹"),
        ("folder", "同名的文件夹"),
        ("x" * 300, "太长"),
    ):
        with pytest.raises(OutputError, match=why):
            check_writable(tmp_path / path)
    check_writable(tmp_path / "new" / "deeper" / "a")
    check_writable(tmp_path / "file")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["file", "folder"]


def read_back(frame: pd.DataFrame) -> pd.DataFrame:
    return pd.read_csv(io.BytesIO(csv_bytes(frame)), dtype="str", keep_default_na=False, encoding="utf-8-sig")


@pytest.mark.parametrize("cell", ["=1+1", "@SUM(A1)", "+1+cmd|' /C calc'!A0", "-2+3", "\t=1", "\r=1", "\uff1d1+1"])
def test_cells_cannot_start_a_formula(cell: str) -> None:
    for column in (
        pd.Series([cell], dtype="str"),
        pd.Series([cell], dtype=object),
        pd.Series([cell], dtype="category"),
    ):
        assert read_back(pd.DataFrame({"text": column}))["text"][0].startswith("'")


@pytest.mark.parametrize(
    "order_id", ["000123", "-0012", "+86-1", "20220606123456789012", "WY-2022/06(1)", "1E5", "中-1"]
)
def test_order_ids_stay_exact(order_id: str) -> None:
    assert read_back(pd.DataFrame({"order_id": [order_id]}))["order_id"][0] == order_id


def test_numbers_and_times_stay(tmp_path) -> None:
    frame = pd.DataFrame({"n": [-1.5], "t": [pd.Timestamp("2022-06-06 06:46:12")], "e": [None]})
    assert read_back(frame).to_numpy().tolist() == [["-1.5", "2022-06-06 06:46:12", ""]]


def test_excel_is_told_the_encoding() -> None:
    assert csv_bytes(pd.DataFrame({"标题": ["路灯"]})) == b"\xef\xbb\xbf" + "标题\n路灯\n".encode()


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\0")), min_size=1))
def test_any_text_comes_back_but_for_the_apostrophe(cells: list[str]) -> None:
    frame = pd.DataFrame({"n": range(len(cells)), "text": cells})
    for before, after in zip(cells, read_back(frame)["text"], strict=True):
        assert after in (before, f"'{before}")
        assert not after.startswith(("=", "@"))
