"""A registry on disk: one JSON file that is the truth, and a file of vectors that is computed from it.

``registry.json`` holds the book with a version and a checksum and is replaced whole; ``vectors.safetensors`` holds the
mean vectors of each month's examples and may be lost, stale or of another sentence model: it is then computed anew.
"""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..embed import Encoder
from ..errors import RegistryError
from ..output import write_files
from .book import Book, MonthRecord

__all__ = ["FILE", "locked", "month_vectors", "read_book", "write_book"]

FORMAT, VERSION = "hotspot-registry", 1
FILE, VECTORS, LOCK = "registry.json", "vectors.safetensors", ".registry.lock"
WAIT = 60.0
"""Seconds that a run waits for another one that is writing."""
Vectors = dict[str, NDArray[np.float32]]


@contextmanager
def locked(folder: Path, wait: float = WAIT) -> Iterator[None]:
    """Keep other runs from writing in the meantime.

    Raises
    ------
    RegistryError
        Another run held it all the time, or the folder cannot be written.
    """
    from filelock import FileLock, Timeout

    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / LOCK, timeout=wait)
        lock.acquire()
    except Timeout:
        raise RegistryError(f"另一个程序正在写登记册 {folder}，等了 {wait:.0f} 秒仍未结束。请稍后再试。") from None
    except OSError as error:
        raise RegistryError(
            f"写不进登记册 {folder}（{error.strerror or error}）。请检查路径和权限，或换一个文件夹。"
        ) from error
    try:
        yield
    finally:
        lock.release()


def read_book(folder: Path) -> Book | None:
    """Read a registry; None where there is none yet.

    Raises
    ------
    RegistryError
        What is there is damaged, foreign or of a newer version.
    """
    path = folder / FILE
    if folder.is_file():
        raise RegistryError(f"{folder} 是一个文件，登记册应是文件夹。请换一个路径。")
    if not path.exists():
        return None
    try:
        values = json.loads(path.read_bytes().decode("utf-8"))
        kind, version, body, sha256 = values["format"], int(values["version"]), values["book"], values["sha256"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise RegistryError(f"{path} 已损坏，或不是登记册（{type(error).__name__}）。{_REMEDY}") from error
    if kind != FORMAT:
        raise RegistryError(f"{path} 是另一种文件（“{kind}”），应为“{FORMAT}”。请换一个文件夹。")
    if version > VERSION:
        raise RegistryError(f"{path} 由更新版本的软件写成（格式 {version}，本软件认得到 {VERSION}）。请升级本软件。")
    found = _digest(body)
    if found != sha256:
        raise RegistryError(f"{path} 已损坏：校验码应为 {str(sha256)[:12]}…，实际为 {found[:12]}…。{_REMEDY}")
    try:
        return Book.from_json(body)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise RegistryError(f"{path} 内容不全（{error}）。{_REMEDY}") from error


_REMEDY = "请用备份的登记册，或换一个新文件夹，用各月的工单表逐月重新登记。"


def write_book(folder: Path, book: Book, vectors: Vectors | None = None, model: str = "") -> None:
    """Write a registry: both files or neither, each whole."""
    body = book.to_json()
    record = {"format": FORMAT, "version": VERSION, "sha256": _digest(body), "book": body}
    contents: dict[str, bytes | str] = {}
    if vectors is not None:
        contents[VECTORS] = _packed(book, vectors, model)
    contents[FILE] = json.dumps(record, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    write_files(folder, contents)


def month_vectors(folder: Path, book: Book, encoder: Encoder) -> Vectors:
    """Return the mean vectors of each month's examples, those of all its orders first, then its hotspots'.

    Stored ones are used where they were made by the same model from the same examples; others are computed.

    Returns
    -------
    dict of str to ndarray of float32, each of shape (1 + hotspots, d)
    """
    stored = _stored(folder, encoder.name)
    result = {}
    for name, month in book.months.items():
        key = _examples_digest(month)
        result[name] = stored[key] if key in stored else mean_vectors(month, encoder)
    return result


def mean_vectors(month: MonthRecord, encoder: Encoder) -> NDArray[np.float32]:
    """Embed a month's examples: the mean of all, then that of each hotspot."""
    groups = [month.examples, *(record.examples for record in month.hotspots)]
    vectors = encoder.encode([text for group in groups for text in group]).astype(np.float64)
    ends = np.cumsum([len(group) for group in groups])
    means = [part.mean(axis=0) if len(part) else np.zeros(encoder.dimension) for part in np.split(vectors, ends[:-1])]
    return np.stack(means).astype(np.float32)


def _packed(book: Book, vectors: Vectors, model: str) -> bytes:
    from safetensors.numpy import save

    tensors = {_examples_digest(book.months[name]): np.ascontiguousarray(table) for name, table in vectors.items()}
    sums = {key: hashlib.sha256(table.tobytes()).hexdigest() for key, table in tensors.items()}
    about = json.dumps({"model": model, "sha256": sums}, sort_keys=True)  # one key: a header of several is not ordered
    return bytes(save(tensors, metadata={"about": about}))


def _stored(folder: Path, model: str) -> Vectors:
    """Return the stored tables by the digest of their examples; none if anything about them is not as it should be."""
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(folder / VECTORS, "numpy") as file:
            about = json.loads((file.metadata() or {})["about"])
            if about["model"] != model:
                return {}
            tables = {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118 - no mapping
        return {k: t for k, t in tables.items() if hashlib.sha256(t.tobytes()).hexdigest() == about["sha256"].get(k)}
    except (OSError, ValueError, KeyError, TypeError, SafetensorError):
        return {}


def _examples_digest(month: MonthRecord) -> str:
    return _digest([month.examples, [record.examples for record in month.hotspots]])


def _digest(values: Any) -> str:
    text = json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
