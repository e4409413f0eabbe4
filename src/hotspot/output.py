"""Write results whole or not at all."""

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from .errors import OutputError

__all__ = ["csv_bytes", "write_atomically", "write_files"]


def write_atomically(path: str | Path, content: bytes | str) -> Path:
    """Write one file; a reader sees the old content or the new, never a part.

    Parameters
    ----------
    path : str or pathlib.Path
        Where to; its folder is made if need be.
    content : bytes or str
        Text is written as UTF-8.

    Raises
    ------
    OutputError
        The file cannot be written; what was there before is untouched.
    """
    path = Path(path)
    write_files(path.parent, {path.name: content})
    return path


def write_files(folder: str | Path, contents: Mapping[str, bytes | str]) -> list[Path]:
    """Write several files into a folder: all are complete on disk before the first is put in place.

    Returns
    -------
    list of pathlib.Path
        The files, in the order given.
    """
    folder = Path(folder)
    staged: list[tuple[str, Path]] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in contents.items():
            target = folder / name
            if target.is_dir():
                raise IsADirectoryError(21, "同名的文件夹已存在", str(target))
            staged.append((_stage(folder, content), target))
        for temporary, target in staged:
            os.replace(temporary, target)  # noqa: PTH105
    except OSError as error:
        where = error.filename or folder
        raise OutputError(f"写不进 {where}({error.strerror})。如果文件正在 Excel 或 Word 中打开,请先关闭;也请检查权限和磁盘空间。") from error
    finally:
        for temporary, _ in staged:
            Path(temporary).unlink(missing_ok=True)
    return [target for _, target in staged]


def _stage(folder: Path, content: bytes | str) -> str:
    handle, temporary = tempfile.mkstemp(dir=folder, prefix=".hotspot-", suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content.encode("utf-8") if isinstance(content, str) else content)
            stream.flush()
            os.fsync(stream.fileno())
        Path(temporary).chmod(0o666 & ~_umask())
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    return temporary


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current


def csv_bytes(frame: pd.DataFrame) -> bytes:
    """Return a table as CSV that Excel reads: UTF-8 with a byte-order mark; cells cannot start a formula."""
    text = frame.select_dtypes(include=["object", "string"]).columns
    safe = frame.copy()
    for column in text:
        risky = safe[column].astype("str").str.match(r"^[=+\-@\t\r]")
        safe[column] = safe[column].where(~risky, "'" + safe[column].astype("str"))
    return safe.to_csv(index=False, date_format="%Y-%m-%d %H:%M:%S", lineterminator="\n").encode("utf-8-sig")
