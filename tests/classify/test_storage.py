import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from hotspot.classify import Router
from hotspot.classify.storage import load_model, save_model
from hotspot.errors import ModelError, OutputError

TEXT = "楼下烧烤摊油烟扰民"


@pytest.fixture
def copy(trained: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(trained, tmp_path / "m"))


def test_a_stored_model_answers_as_before(trained: Path, tmp_path: Path) -> None:
    model = load_model(trained)
    again = load_model(save_model(model, tmp_path / "again"))
    one, other = Router([model]).suggest(TEXT).department, Router([again]).suggest(TEXT).department
    assert one.label == other.label
    assert np.isclose(one.probability, other.probability, atol=0.01)


def test_there_is_no_pickle(trained: Path) -> None:
    kinds = {f.suffix for f in trained.rglob("*") if f.is_file()}
    assert kinds <= {".json", ".safetensors", ".parquet", ".csv"}


@pytest.mark.parametrize("name", ["weights.safetensors", "orders.parquet", "memory.safetensors", "base/manifest.json"])
def test_a_damaged_file_is_told(copy: Path, name: str) -> None:
    data = bytearray((copy / name).read_bytes())
    data[len(data) // 2] ^= 0xFF
    (copy / name).write_bytes(bytes(data))
    with pytest.raises(ModelError, match="已损坏"):
        load_model(copy)


def test_a_missing_file_is_told(copy: Path) -> None:
    (copy / "weights.safetensors").unlink()
    with pytest.raises(ModelError, match="缺少文件"):
        load_model(copy)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"format": "other"}, "另一种模型"),
        ({"format_version": 99}, "更新版本"),
        ({"sha256": {"../x": ""}}, "不合法"),
        ({"sha256": 1}, "已损坏"),
    ],
)
def test_a_foreign_manifest_is_told(copy: Path, change: dict[str, object], message: str) -> None:
    manifest = json.loads((copy / "manifest.json").read_text(encoding="utf-8"))
    (copy / "manifest.json").write_text(json.dumps(manifest | change), encoding="utf-8")
    with pytest.raises(ModelError, match=message):
        load_model(copy)


def test_what_is_no_model_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="找不到模型文件夹"):
        load_model(tmp_path / "none")
    with pytest.raises(ModelError, match="不是分类模型文件夹"):
        load_model(tmp_path)


def test_a_folder_of_something_else_is_not_overwritten(trained: Path, tmp_path: Path) -> None:
    (tmp_path / "important.txt").write_text("x", encoding="utf-8")
    with pytest.raises(OutputError, match="没有写入"):
        save_model(load_model(trained), tmp_path)
    assert (tmp_path / "important.txt").read_text(encoding="utf-8") == "x"


def test_another_sentence_model_is_noticed(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hotspot.classify.storage._same_encoder", lambda stored: False)
    model = load_model(copy)
    assert "重新训练" in model.meta["note"]
    answer = Router([model]).suggest(TEXT).department
    assert answer.label == "城管局"
