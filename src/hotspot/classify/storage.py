"""Models on disk: JSON, safetensors and Parquet with checksums; never pickle."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..errors import ModelError, OutputError
from .catalogue import general_catalogue, parse_catalogue
from .features import HEAD_CHARACTERS, Block, Features
from .linear import Mixture
from .model import Head, Memory, TargetModel

__all__ = ["check_folder", "load_model", "read_manifest", "save_model"]

FORMAT = "hotspot-classifier"
FORMAT_VERSION = 1
MANIFEST, WEIGHTS, MEMORY, ORDERS, CATALOGUE, BASE = (
    "manifest.json", "weights.safetensors", "memory.safetensors", "orders.parquet", "catalogue.csv", "base"
)  # fmt: skip
_COMPANIONS = ("README.md", "labels.csv", "feedback.jsonl")
"""Files that may lie beside a model and stay when it is written anew."""
_HEADS = ("history", "town_head", "which_head")
_PROBES = ("小区停水三天没人管", "咨询养老保险怎么补缴", "路边占道经营影响通行", "老师违规补课收费")
_SAME_ENCODER = 0.98


def save_model(model: TargetModel, folder: str | Path) -> Path:
    """Write a model; the folder is complete or, where writing failed, as it was before.

    Raises
    ------
    OutputError
        The folder cannot be written, or holds something that is no such model.
    """
    folder = Path(folder)
    check_folder(folder)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".hotspot-") as temporary:
            fresh = Path(temporary) / "model"
            _write(model, fresh)
            _carry_over(folder, fresh)
            old = Path(temporary) / "old"
            if folder.exists():
                folder.replace(old)
            fresh.replace(folder)
    except OSError as error:
        raise OutputError(f"模型没有写成：{folder}({error.strerror})。") from error
    return folder


def check_folder(folder: str | Path) -> None:
    """Refuse a folder that holds something other than a model.

    Raises
    ------
    OutputError
    """
    folder = Path(folder)
    strangers = {f.name for f in folder.iterdir()} - set(_COMPANIONS) if folder.is_dir() else set()
    if (strangers and not (folder / MANIFEST).is_file()) or folder.is_file():
        raise OutputError(f"{folder} 已存在且不是模型文件夹，为免覆盖，没有写入。请换一个路径。")


def _carry_over(folder: Path, fresh: Path) -> None:
    """Keep what is not part of the model: its card, the feedback log."""
    for name in _COMPANIONS:
        if (folder / name).is_file():
            shutil.copy2(folder / name, fresh / name)


def _write(model: TargetModel, folder: Path) -> None:
    from safetensors.numpy import save_file

    folder.mkdir(parents=True)
    arrays: dict[str, NDArray[Any]] = dict(model.features.to_arrays())
    arrays["rarity"] = arrays["rarity"].astype(np.float16)
    arrays["columns"] = arrays["columns"].astype(np.int32)
    arrays |= {"mixture_weights": model.mixture.weights, "mixture_offsets": model.mixture.offsets, "prior": model.prior}
    arrays["probes"] = _probe_vectors()
    for name in _HEADS:
        head: Head | None = getattr(model, name)
        if head is not None:
            arrays |= _packed(f"{name}.sparse", head.sparse)
            arrays[f"{name}.dense"] = head.dense.astype(np.float16)
    save_file({k: np.ascontiguousarray(v) for k, v in arrays.items()}, str(folder / WEIGHTS))
    files = [WEIGHTS]
    if model.memory is not None:
        save_file(_memory_arrays(model.memory), str(folder / MEMORY))
        model.memory.orders.to_parquet(folder / ORDERS, index=False)
        files += [MEMORY, ORDERS]
    if model.catalogue is not None and not model.catalogue.general:
        (folder / CATALOGUE).write_text(model.catalogue.to_csv(), encoding="utf-8")
        files.append(CATALOGUE)
    if model.base is not None:
        _write(model.base.without_memory(), folder / BASE)
        files.append(f"{BASE}/{MANIFEST}")
    manifest = {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "version": model.meta.get("version", "1"),
        "target": model.target,
        "labels": list(model.labels),
        "heads": {n: list(getattr(model, n).labels) for n in _HEADS if getattr(model, n) is not None},
        "town_fit": list(model.town_fit),
        "which_slope": model.which_slope,
        "threshold": model.threshold,
        "general_catalogue": bool(model.catalogue and model.catalogue.general),
        "meta": model.meta,
        "sha256": {name: _sha256(folder / name) for name in files},
    }
    for file in folder.glob("*.safetensors"):
        file.chmod(0o644)
    (folder / MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True), encoding="utf-8")


def _packed(name: str, weights: NDArray[np.float32]) -> dict[str, NDArray[Any]]:
    """Store weights in eight bits, each class with its own scale."""
    scale = np.maximum(np.abs(weights).max(axis=0, initial=0), 1e-12) / 127
    return {name: np.round(weights / scale).astype(np.int8), f"{name}.scale": scale.astype(np.float32)}


def _unpacked(arrays: dict[str, NDArray[Any]], name: str) -> NDArray[np.float32]:
    return np.asarray(arrays[name].astype(np.float32) * arrays[f"{name}.scale"], dtype=np.float32)


def _memory_arrays(memory: Memory) -> dict[str, NDArray[Any]]:
    sparse = memory.block.sparse.tocsr()
    return {
        "data": sparse.data.astype(np.float16),
        "indices": sparse.indices.astype(np.int32),
        "indptr": sparse.indptr.astype(np.int64),
        "dense": memory.block.dense.astype(np.float16),
        "outside": memory.outside.astype(np.float32),
        "base_town": memory.base_town.astype(np.float32),
    }


def read_manifest(folder: str | Path) -> dict[str, Any]:
    """Read and check a model folder's manifest and the checksums of its files.

    Raises
    ------
    ModelError
        The folder is missing, foreign, damaged or of a newer version.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise ModelError(f"找不到模型文件夹：{folder}。可用 hotspot train 训练，或不写 --model 用随软件附带的模型。")
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        kind, version, sums = manifest["format"], int(manifest["format_version"]), dict(manifest["sha256"])
    except FileNotFoundError as error:
        raise ModelError(f"{folder} 里没有 {MANIFEST}，不是分类模型文件夹。") from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(
            f"{folder / MANIFEST} 已损坏或不是本软件的模型（{type(error).__name__}）。请重新训练或重新复制。"
        ) from error
    if kind != FORMAT:
        raise ModelError(f"{folder} 是另一种模型（“{kind}”），应为“{FORMAT}”。")
    if version > FORMAT_VERSION:
        raise ModelError(
            f"{folder} 由更新版本的软件保存（格式 {version}，本软件认得到 {FORMAT_VERSION}）。请升级本软件。"
        )
    for name, expected in sums.items():
        file = (folder / name).resolve()
        if folder.resolve() not in file.parents:
            raise ModelError(f"{folder / MANIFEST} 中的文件名“{name}”不合法。")
        if not file.is_file():
            raise ModelError(f"模型缺少文件：{folder / name}。请重新训练或重新复制。")
        found = _sha256(file)
        if found != expected:
            raise ModelError(f"模型文件已损坏：{folder / name}（校验码应为 {expected[:12]}…，实际为 {found[:12]}…）。")
    return manifest


def load_model(folder: str | Path) -> TargetModel:
    """Load a model after checking it.

    Where the sentence model is another than the one it was trained with, its part in the scores is left out and
    ``meta['note']`` says so.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    folder = Path(folder)
    manifest = read_manifest(folder)
    try:
        arrays = load_file(str(folder / WEIGHTS))
        arrays["rarity"] = arrays["rarity"].astype(np.float32)
        arrays["columns"] = arrays["columns"].astype(np.int64)
        meta = dict(manifest["meta"])
        same = _same_encoder(arrays["probes"])
        if not same:
            arrays["centre"] = np.zeros(0, dtype=np.float32)
            meta["note"] = "句向量模型与训练时不同，本模型只用了词和字的特征；建议重新训练。"
        features = Features.from_arrays(arrays)
        heads = {n: _load_head(arrays, n, labels, same=same) for n, labels in manifest["heads"].items()}
        catalogue = general_catalogue() if manifest["general_catalogue"] else None
        if CATALOGUE in manifest["sha256"]:
            text = (folder / CATALOGUE).read_text(encoding="utf-8")
            catalogue = parse_catalogue(text, CATALOGUE)
        return TargetModel(
            target=manifest["target"],
            labels=tuple(manifest["labels"]),
            features=features,
            history=heads.get("history"),
            mixture=Mixture(arrays["mixture_weights"], arrays["mixture_offsets"]),
            base=load_model(folder / BASE) if f"{BASE}/{MANIFEST}" in manifest["sha256"] else None,
            catalogue=catalogue,
            town_head=heads.get("town_head"),
            town_fit=(manifest["town_fit"][0], manifest["town_fit"][1]),
            which_head=heads.get("which_head"),
            which_slope=manifest["which_slope"],
            threshold=manifest["threshold"],
            prior=arrays["prior"],
            memory=_load_memory(folder, features, same=same) if MEMORY in manifest["sha256"] else None,
            meta=meta,
        )
    except (KeyError, ValueError, TypeError, OSError, IndexError, SafetensorError) as error:
        raise ModelError(f"{folder} 的内容不完整（{type(error).__name__}: {error}）。请重新训练或重新复制。") from error


def _load_head(arrays: dict[str, NDArray[Any]], name: str, labels: list[str], *, same: bool) -> Head:
    dense = arrays[f"{name}.dense"].astype(np.float32) if same else np.zeros((0, len(labels)), dtype=np.float32)
    return Head(tuple(labels), _unpacked(arrays, f"{name}.sparse"), dense)


def _load_memory(folder: Path, features: Features, *, same: bool) -> Memory:
    from safetensors.numpy import load_file
    from scipy.sparse import csr_array

    arrays = load_file(str(folder / MEMORY))
    orders = pd.read_parquet(folder / ORDERS)
    shape = (len(orders), len(features.columns))
    sparse = csr_array((arrays["data"].astype(np.float32), arrays["indices"], arrays["indptr"]), shape=shape)
    dense = arrays["dense"].astype(np.float32) if same else np.zeros((len(orders), 0), dtype=np.float32)
    return Memory(
        Block(sparse, dense), orders, arrays["outside"].astype(np.float64), arrays["base_town"].astype(np.float64)
    )


def _probe_vectors() -> NDArray[np.float32]:
    from ..embed import embed

    return embed([p[:HEAD_CHARACTERS] for p in _PROBES])


def _same_encoder(stored: NDArray[np.float32]) -> bool:
    now = _probe_vectors()
    return stored.shape == now.shape and bool((stored * now).sum(axis=1).min() > _SAME_ENCODER)


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
