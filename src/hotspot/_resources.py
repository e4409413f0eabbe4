"""Where the package's own data files and models are."""

import hashlib
import json
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeVar

from .errors import ModelError

Model = TypeVar("Model")


def data_text(name: str) -> str:
    """Return the text of one of the package's data files."""
    return (files("hotspot") / "data" / name).read_text(encoding="utf-8")


def data_lines(name: str) -> list[str]:
    """Return the lines of one of the package's data files that say something: ``#`` starts a comment."""
    lines = (line.split("#", 1)[0].strip() for line in data_text(name).splitlines())
    return [line for line in lines if line]


@cache
def word_list(name: str) -> frozenset[str]:
    """Return the entries of a word-list file: one a line, ``#`` starts a comment."""
    return frozenset(data_lines(name))


def model_path(name: str) -> Path:
    """Return the folder of a packaged model: inside the wheel, or beside ``src`` in an editable install."""
    here = Path(__file__).resolve().parent
    for folder in (here / "models" / name, here.parents[1] / "models" / name):
        if folder.is_dir():
            return folder
    raise ModelError(f"没有找到随软件附带的模型“{name}”。应在 {here / 'models'} 下；请重新安装 hotspot-12345。")


def read_weights(name: str, called: str, make: Callable[[dict[str, Any], dict[str, Any]], Model]) -> Model:
    """Read a packaged model of ``weights.safetensors`` and a ``manifest.json`` that carries their sha256.

    Parameters
    ----------
    name : str
        Its folder's.
    called : str
        What an error calls it, in Chinese.
    make : callable
        Makes the model of the manifest and the arrays.

    Raises
    ------
    ModelError
        It is missing or damaged.
    """
    from safetensors.numpy import load

    folder = model_path(name)
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        raw = (folder / "weights.safetensors").read_bytes()
        if hashlib.sha256(raw).hexdigest() != manifest["sha256"]:
            raise ModelError(f"随附的{called} {folder} 已损坏（校验值不符）。请重新安装 hotspot-12345。")
        return make(manifest, load(raw))
    except (OSError, KeyError, ValueError) as error:
        raise ModelError(f"随附的{called} {folder} 读不出来（{error}）。请重新安装 hotspot-12345。") from error
