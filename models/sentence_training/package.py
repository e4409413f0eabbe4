"""Write the model folder: the files that sentence-transformers and model2vec read, and a manifest with their hashes."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np

from .table import Floats, Tokens

FILES = ("config.json", "model.safetensors", "modules.json", "tokenizer.json")
MODULES = [
    {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.StaticEmbedding"},
    {"idx": 1, "name": "1", "path": "1_Normalize", "type": "sentence_transformers.models.Normalize"},
]


def write_model(folder: Path, tokenizer: str, rows: Floats, tokens: Tokens, version: str) -> None:
    """Write a static model: float16 rows, and a row and a factor for each token.

    Parameters
    ----------
    folder : Path
        Made when missing.
    tokenizer : str
        ``tokenizer.json``.
    rows : ndarray of float32, shape (r, d)
    tokens : Tokens
    version : str
        Of the model.
    """
    from safetensors.numpy import save_file

    folder.mkdir(parents=True, exist_ok=True)
    (folder / "tokenizer.json").write_text(tokenizer, encoding="utf-8")
    tensors = {
        "embeddings": np.ascontiguousarray(rows.astype(np.float16)),
        "mapping": tokens.mapping.astype(np.int32),
        "weights": tokens.weights.astype(np.float32),
    }
    save_file(tensors, folder / "model.safetensors")
    (folder / "model.safetensors").chmod(0o644)
    config = {
        "model_type": "model2vec",
        "normalize": True,
        "max_length": None,
        "embedding_dtype": "float16",
        "vocabulary_quantization": len(rows),
        "language": ["zh"],
    }
    _write_json(folder / "config.json", config)
    _write_json(folder / "modules.json", MODULES)
    manifest = {
        "name": "sentence-zh",
        "version": version,
        "dimension": int(rows.shape[1]),
        "tokens": len(tokens.mapping),
        "rows": len(rows),
        "sha256": {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in FILES},
    }
    _write_json(folder / "manifest.json", manifest)


def _write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
